/* router.h - routers at the other ends of cables, and connections to them, for
 * tests. The router of a cable NAME is a network of its own, router-NAME, in
 * which the cable's end is called NAME.peer; each has the same addresses. What
 * a router serves is served by the test itself, on sockets of that network.
 */
#ifndef ROUTER_H
#define ROUTER_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* for setns: this header comes first */
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

/* A connection, or a pair of sockets that talk without one. */
typedef struct {
    int here, there;
} router_wire;

static inline void router_begin(const char *cable)
{
    lab_run("echo 2 >/proc/sys/net/ipv4/conf/all/rp_filter && " /* answers may come by any link */
            "ip netns add router-%s && ip link add %s type veth peer name %s.peer netns router-%s && "
            "ip -n router-%s address add " ROUTER_IPV4 "/24 dev %s.peer && "
            "ip -n router-%s address add " ROUTER_IPV6 "/64 dev %s.peer nodad && "
            "ip -n router-%s link set %s.peer up",
            cable, cable, cable, cable, cable, cable, cable, cable, cable, cable);
}

/* Gives the machine's end of a cable its addresses, and takes it up. */
static inline void router_address(const char *cable, const char *ipv4, const char *ipv6)
{
    lab_run("ip link set %s up && ip address add %s/24 dev %s && ip address add %s/64 dev %s nodad",
            cable, ipv4, cable, ipv6, cable);
}

/* Sends everything by a cable, unless another one has a lower metric. */
static inline void router_default(const char *cable, int metric)
{
    lab_run("ip route replace default via " ROUTER_IPV4 " dev %s metric %d", cable, metric);
}

/* Pulls the cable out, and plugs it in again. */
static inline void router_unplug(const char *cable)
{
    lab_run("ip -n router-%s link set %s.peer down", cable, cable);
}

static inline void router_plug(const char *cable)
{
    lab_run("ip -n router-%s link set %s.peer up", cable, cable);
}

/* Takes cable and router away, and waits until everybody knows. */
static inline void router_end(const char *cable)
{
    char line[64];
    lab_run("ip link delete %s && ip netns delete router-%s", cable, cable);
    snprintf(line, sizeof line, "removed link:%s", cable);
    CHECK(lab_await(line));
}

/* Enters the network of a cable's router, or that of a descriptor; returns the
 * one that was left. Only the calling thread moves. */
static inline int router_enter(const char *cable, int back)
{
    char path[64];
    int here = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), there = back;
    if (cable) {
        snprintf(path, sizeof path, "/run/netns/router-%s", cable);
        there = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (here < 0 || there < 0 || setns(there, CLONE_NEWNET) < 0) {
        printf("# cannot enter the network of %s: %s\n", cable ? cable : "the test", strerror(errno));
        exit(1);
    }
    close(there);
    return here;
}

/* A socket in the network of a cable's router. */
static inline int router_socket(const char *cable, int family, int type)
{
    int back = router_enter(cable, -1);
    int fd = socket(family, type | SOCK_CLOEXEC, 0);
    close(router_enter(NULL, back));
    return fd;
}

/* The router's address in a family. */
static inline socklen_t router_name(int family, struct sockaddr_storage *name)
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

/* A socket of a cable's router that serves its address. */
static inline int router_serve(const char *cable, int family, int type)
{
    struct sockaddr_storage name;
    socklen_t size = router_name(family, &name);
    int fd = router_socket(cable, family, type), yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    CHECK_INT(bind(fd, (struct sockaddr *)&name, size), 0);
    if (type == SOCK_STREAM)
        CHECK_INT(listen(fd, 4), 0);
    return fd;
}

/* Waits for something to read. */
static inline int router_ready(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, LAB_WAIT) == 1 && p.revents & POLLIN;
}

/* Connects a socket to the router's address, which the router of a cable must
 * see: 0, or -1 where it does not. */
static inline int router_connect(int fd, const char *cable, router_wire *wire)
{
    struct sockaddr_storage name;
    socklen_t size = sizeof name;
    int family, type;
    getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &(socklen_t){sizeof family});
    getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &(socklen_t){sizeof type});
    int server = router_serve(cable, family, type);
    wire->here = wire->there = -1;
    if (connect(fd, (struct sockaddr *)&name, router_name(family, &name)) == 0 &&
        (type == SOCK_STREAM || send(fd, "?", 1, 0) == 1) && router_ready(server)) {
        wire->here = fd;
        wire->there = type == SOCK_STREAM ? accept(server, NULL, NULL) : server;
    }
    if (wire->there == server) {
        char question;
        recvfrom(server, &question, 1, 0, (struct sockaddr *)&name, &size);
        CHECK_INT(connect(server, (struct sockaddr *)&name, size), 0);
    } else {
        close(server);
    }
    return wire->there < 0 ? -1 : 0;
}

/* Whether what is written at either end of a wire comes out at the other. */
static inline int router_talks(const router_wire *wire)
{
    const int ends[] = {wire->here, wire->there, wire->here};
    for (int i = 0; i < 2; i++) {
        char text[8] = "";
        if (send(ends[i], "hello", 5, MSG_NOSIGNAL) != 5 || !router_ready(ends[i + 1]) ||
            recv(ends[i + 1], text, sizeof text, 0) != 5 || strcmp(text, "hello") != 0)
            return 0;
    }
    return 1;
}

static inline void router_hang_up(const router_wire *wire)
{
    close(wire->here);
    close(wire->there);
}

#endif
