/* router.h - routers at the other ends of cables, and connections to them, for tests.
 * The router of the cable NAME is the network namespace router-NAME, where the end of
 * the cable is NAME.peer. All routers have the same addresses. The test itself answers
 * for a router, on sockets in its namespace.
 */
#ifndef ROUTER_H
#define ROUTER_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* for setns: include this header first */
#endif
#include "lab.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROUTER_IPV4 "192.0.2.1"
#define ROUTER_IPV6 "2001:db8::1"
enum { ROUTER_PORT = 7 };

/* A connected pair of sockets, of a stream or of datagrams. */
typedef struct {
    int local, remote;
} router_connection;

static inline void router_add(const char *cable)
{
    lab_run("echo 2 >/proc/sys/net/ipv4/conf/all/rp_filter && " /* answers may arrive on any link */
            "ip netns add router-%s && ip link add %s type veth peer name %s.peer netns router-%s && "
            "ip -n router-%s address add " ROUTER_IPV4 "/24 dev %s.peer && "
            "ip -n router-%s address add " ROUTER_IPV6 "/64 dev %s.peer nodad && "
            "ip -n router-%s link set %s.peer up",
            cable, cable, cable, cable, cable, cable, cable, cable, cable, cable);
}

/* Sets the machine's end of a cable up and adds its addresses. */
static inline void router_set_addresses(const char *cable, const char *ipv4, const char *ipv6)
{
    lab_run("ip link set %s up && ip address add %s/24 dev %s && ip address add %s/64 dev %s nodad",
            cable, ipv4, cable, ipv6, cable);
}

/* Adds a default route over a cable. */
static inline void router_set_default(const char *cable, int metric)
{
    lab_run("ip route replace default via " ROUTER_IPV4 " dev %s metric %d", cable, metric);
}

/* Unplug and plug in the cable. */
static inline void router_unplug(const char *cable)
{
    lab_run("ip -n router-%s link set %s.peer down", cable, cable);
}

static inline void router_plug(const char *cable)
{
    lab_run("ip -n router-%s link set %s.peer up", cable, cable);
}

/* Removes the cable and its router, and waits for the event. */
static inline void router_remove(const char *cable)
{
    char line[64];
    lab_run("ip link delete %s && ip netns delete router-%s", cable, cable);
    snprintf(line, sizeof line, "removed link:%s", cable);
    CHECK(lab_await(line));
}

/* Moves the calling thread to the network namespace of a cable's router, or to that of
 * the descriptor back where cable is NULL. Returns a descriptor of the former one. */
static inline int router_enter(const char *cable, int back)
{
    char path[64];
    int former = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), target = back;
    if (cable) {
        snprintf(path, sizeof path, "/run/netns/router-%s", cable);
        target = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (former < 0 || target < 0 || setns(target, CLONE_NEWNET) < 0) {
        printf("# cannot enter the network of %s: %s\n", cable ? cable : "the test", strerror(errno));
        exit(1);
    }
    close(target);
    return former;
}

/* A socket in the namespace of a cable's router. */
static inline int router_socket(const char *cable, int family, int type)
{
    int back = router_enter(cable, -1);
    int fd = socket(family, type | SOCK_CLOEXEC, 0);
    close(router_enter(NULL, back));
    return fd;
}

/* The router's address of a family. */
static inline socklen_t router_sockaddr(int family, struct sockaddr_storage *name)
{
    struct sockaddr_in *v4 = (void *)name;
    struct sockaddr_in6 *v6 = (void *)name;
    memset(name, 0, sizeof *name);
    name->ss_family = (sa_family_t)family;
    if (family == AF_INET) {
        v4->sin_port = htons(ROUTER_PORT);
        inet_pton(family, ROUTER_IPV4, &v4->sin_addr);
        return sizeof *v4;
    }
    v6->sin6_port = htons(ROUTER_PORT);
    inet_pton(family, ROUTER_IPV6, &v6->sin6_addr);
    return sizeof *v6;
}

/* A socket of a cable's router that is bound to its address. */
static inline int router_listen(const char *cable, int family, int type)
{
    struct sockaddr_storage name;
    socklen_t size = router_sockaddr(family, &name);
    int fd = router_socket(cable, family, type), yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    CHECK_INT(bind(fd, (struct sockaddr *)&name, size), 0);
    if (type == SOCK_STREAM)
        CHECK_INT(listen(fd, 4), 0);
    return fd;
}

/* Waits until a socket is readable. */
static inline int router_ready(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, LAB_TIMEOUT) == 1 && p.revents & POLLIN;
}

/* Connects a socket to the router's address. Returns 0 if the router of this cable gets
 * the connection, else -1. */
static inline int router_connect(int fd, const char *cable, router_connection *connection)
{
    struct sockaddr_storage name;
    socklen_t size = sizeof name;
    int family, type;
    getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &(socklen_t){sizeof family});
    getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &(socklen_t){sizeof type});
    int server = router_listen(cable, family, type);
    connection->local = connection->remote = -1;
    if (connect(fd, (struct sockaddr *)&name, router_sockaddr(family, &name)) == 0 &&
        (type == SOCK_STREAM || send(fd, "?", 1, 0) == 1) && router_ready(server)) {
        connection->local = fd;
        connection->remote = type == SOCK_STREAM ? accept(server, NULL, NULL) : server;
    }
    if (connection->remote == server) {
        char question;
        recvfrom(server, &question, 1, 0, (struct sockaddr *)&name, &size);
        CHECK_INT(connect(server, (struct sockaddr *)&name, size), 0);
    } else {
        close(server);
    }
    return connection->remote < 0 ? -1 : 0;
}

/* Whether each end of a connection receives what the other end sends. */
static inline int router_transfers(const router_connection *connection)
{
    const int ends[] = {connection->local, connection->remote, connection->local};
    for (int i = 0; i < 2; i++) {
        char text[8] = "";
        if (send(ends[i], "hello", 5, MSG_NOSIGNAL) != 5 || !router_ready(ends[i + 1]) ||
            recv(ends[i + 1], text, sizeof text, 0) != 5 || strcmp(text, "hello") != 0)
            return 0;
    }
    return 1;
}

static inline void router_close(const router_connection *connection)
{
    close(connection->local);
    close(connection->remote);
}

#endif
