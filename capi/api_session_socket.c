/* api_session_socket.c - binding a host's sockets to the link of a session. */
#include "api_session_socket.h"
#include "rt_signals.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "_cgo_export.h"
#include "api_session.h"
#include "rt_fork.h"

/* The kernel's name and index of a link. */
struct link {
    char name[IFNAMSIZ];
    int index;
};

/* Whether a descriptor is a socket that IP packets leave by. */
static int check_socket(int fd)
{
    int family;
    socklen_t size = sizeof family;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size) < 0)
        return errno == EBADF ? -EBADFD : -errno; /* the bad descriptor is not a handle */
    return family == AF_INET || family == AF_INET6 ? 0 : -EAFNOSUPPORT;
}

/* The link that a session uses. */
static int find_link(netsession *handle, struct link *link)
{
    NS_PIN(session, session, handle);
    if (!session)
        return -EBADF;
    link->index = NS_GO(ns_go_session_link(session->key, link->name, sizeof link->name));
    return link->index > 0 ? 0 : -ENOTCONN;
}

/* 1 if the socket is bound to the link already, 0 if to none. Kernels before
 * 5.1 know only the name, and fail if the link does not exist any more. */
static int is_bound(int fd, const struct link *link)
{
    char name[IFNAMSIZ] = "";
    socklen_t size = sizeof name;
    if (getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &size) < 0)
        return errno == ENODEV ? -EBUSY : -errno;
    if (!*name)
        return 0;
    return strcmp(name, link->name) == 0 ? 1 : -EBUSY;
}

/* Whether a connection exists or is under way, whose local address is chosen. */
static int is_connected(int fd)
{
    struct sockaddr_storage peer;
    struct tcp_info tcp;
    socklen_t size = sizeof peer;
    if (getpeername(fd, (struct sockaddr *)&peer, &size) == 0)
        return 1;
    size = sizeof tcp;
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &tcp, &size) == 0 &&
           tcp.tcpi_state != TCP_CLOSE && tcp.tcpi_state != TCP_LISTEN;
}

/* Whether the link exists in the socket's own network namespace. */
static int check_link(int fd, const struct link *link)
{
    struct ifreq found = {.ifr_ifindex = link->index};
    if (ioctl(fd, SIOCGIFNAME, &found) < 0)
        return -errno;
    return strncmp(found.ifr_name, link->name, IFNAMSIZ) == 0 ? 0 : -ENODEV;
}

/* By the index, which no other link takes over, if the kernel supports it (5.1). */
static int bind_to(int fd, const struct link *link)
{
    if (setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &link->index, sizeof link->index) == 0)
        return 0;
    if (errno != ENOPROTOOPT)
        return -errno;
    if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, link->name, (socklen_t)strlen(link->name)) < 0)
        return -errno;
    return 0;
}

static int bind_socket(int fd, const struct link *link)
{
    int err = is_bound(fd, link);
    if (err != 0)
        return err > 0 ? 0 : err;
    if (is_connected(fd))
        return -EISCONN;
    err = check_link(fd, link);
    return err < 0 ? err : bind_to(fd, link);
}

int netsession_bind_socket(netsession *session, int fd)
{
    struct link link;
    int no_link, err;
    NS_GUARD(-ECHILD);
    no_link = find_link(session, &link);
    if (no_link == -EBADF)
        return -EBADF;
    err = check_socket(fd);
    if (err == 0)
        err = no_link;
    return err < 0 ? err : bind_socket(fd, &link);
}

int ns_can_bind_sockets(void)
{
    const struct link loopback = {.name = "lo", .index = 1};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int can;
    if (fd < 0)
        return 0;
    can = bind_to(fd, &loopback) == 0;
    close(fd);
    return can;
}
