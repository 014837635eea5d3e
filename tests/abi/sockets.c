/* sockets.c - binding sockets to a session's link: sockets that cannot be bound remain
 * unchanged. The network is scripted, but its link lo is real. Tests with two real links
 * are in tests/lab/rtnetlink/sockets.c.
 */
#include "play.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static const char scene[] =
    "access-point link:lo state=active address=127.0.0.1/8 index=1\n"
    "access-point link:other state=active address=192.0.2.1/24 index=1\n"
    "access-point link:played state=active address=192.0.2.1/24 index=2147483647\n"
    "access-point link:down index=1\n"
    "on refresh\n    set link:lo state=discovered\n";

static netsession_manager *manager;
static netsession *session;

static void begin(const char *identifier)
{
    manager = play(scene);
    netsession_manager_set_callbacks(manager, &play_manager_callbacks);
    session = play_session(manager, identifier, NULL);
}

static void end(void)
{
    CHECK_INT(netsession_free(session), 0);
    CHECK_INT(netsession_manager_free(manager), 0);
}

static int make(int family, int type)
{
    int fd = socket(family, type | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    return fd;
}

/* The name of the link that a socket is bound to, or "". */
static const char *bound(int fd)
{
    static char name[IFNAMSIZ];
    socklen_t size = sizeof name;
    name[0] = 0;
    CHECK_INT(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &size), 0);
    return name;
}

/* Checks that binding fails and leaves the socket unbound, then closes it. */
static void refused(int fd, int expected)
{
    CHECK_INT(netsession_bind_socket(session, fd), expected);
    CHECK_STR(bound(fd), "");
    close(fd);
}

static void every_kind_of_ip_socket(void)
{
    begin("link:lo");
    const int families[] = {AF_INET, AF_INET6}, types[] = {SOCK_STREAM, SOCK_DGRAM};
    for (int i = 0; i < 4; i++) {
        int fd = make(families[i / 2], types[i % 2]);
        CHECK_INT(netsession_bind_socket(session, fd), 0);
        CHECK_STR(bound(fd), "lo");
        CHECK_INT(netsession_bind_socket(session, fd), 0); /* the socket is bound already */
        CHECK_STR(bound(fd), "lo");
        close(fd);
    }
    end();
}

static void a_session_that_is_open_too(void)
{
    begin("link:lo");
    CHECK_INT(netsession_open(session), 0);
    CHECK_INT(netsession_wait_for_opened(session, PLAY_TIMEOUT), 1);
    int fd = make(AF_INET, SOCK_DGRAM);
    CHECK_INT(netsession_bind_socket(session, fd), 0);
    close(fd);
    end();
}

static void no_descriptor(void)
{
    begin("link:lo");
    int fd = make(AF_INET, SOCK_DGRAM);
    close(fd);
    CHECK_INT(netsession_bind_socket(session, fd), -EBADFD);
    CHECK_INT(netsession_bind_socket(session, -1), -EBADFD);
    CHECK_INT(netsession_bind_socket(session, -2147483647 - 1), -EBADFD);
    CHECK_INT(netsession_bind_socket(session, 2147483647), -EBADFD);
    end();
}

static void no_socket(void)
{
    begin("link:lo");
    int ends[2], file = open("/dev/null", O_RDWR | O_CLOEXEC);
    CHECK_INT(pipe(ends), 0);
    CHECK_INT(netsession_bind_socket(session, file), -ENOTSOCK);
    CHECK_INT(netsession_bind_socket(session, ends[0]), -ENOTSOCK);
    CHECK_INT(netsession_bind_socket(session, netsession_manager_fd(manager)), -ENOTSOCK);
    close(file);
    close(ends[0]);
    close(ends[1]);
    end();
}

static void no_ip_socket(void)
{
    begin("link:lo");
    refused(make(AF_UNIX, SOCK_STREAM), -EAFNOSUPPORT);
    refused(make(AF_NETLINK, SOCK_RAW), -EAFNOSUPPORT);
    end();
}

static void no_link_in_use(void)
{
    const char *const sessions[] = {"link:down", "link:nowhere", ""};
    for (int i = 0; i < 3; i++) {
        begin(sessions[i]);
        refused(make(AF_INET, SOCK_STREAM), -ENOTCONN);
        end();
    }
    begin("link:lo");
    CHECK(play_step(manager)); /* lo goes down */
    refused(make(AF_INET, SOCK_STREAM), -ENOTCONN);
    end();
}

/* The descriptor is checked first, because the caller can correct it. */
static void no_socket_and_no_link(void)
{
    begin("link:down");
    CHECK_INT(netsession_bind_socket(session, -1), -EBADFD);
    CHECK_INT(netsession_bind_socket(session, netsession_manager_fd(manager)), -ENOTSOCK);
    end();
}

static void link_was_removed(void)
{
    begin("link:played");
    refused(make(AF_INET, SOCK_STREAM), -ENODEV);
    refused(make(AF_INET6, SOCK_DGRAM), -ENODEV);
    end();
    begin("link:other"); /* another link has its index now */
    refused(make(AF_INET, SOCK_DGRAM), -ENODEV);
    end();
}

static void bound_elsewhere(void)
{
    begin("link:lo");
    int fd = make(AF_INET, SOCK_DGRAM);
    CHECK_INT(netsession_bind_socket(session, fd), 0);
    netsession *other = play_session(manager, "link:played", NULL);
    CHECK_INT(netsession_bind_socket(other, fd), -EBUSY);
    CHECK_STR(bound(fd), "lo");
    close(fd);
    netsession_free(other);
    end();
}

static void connected(void)
{
    begin("link:lo");
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof to;
    int udp = make(AF_INET, SOCK_DGRAM), server = make(AF_INET, SOCK_STREAM), tcp = make(AF_INET, SOCK_STREAM);
    CHECK_INT(connect(udp, (struct sockaddr *)&to, size), 0);
    refused(udp, -EISCONN);
    to.sin_port = 0;
    CHECK_INT(bind(server, (struct sockaddr *)&to, size), 0);
    CHECK_INT(listen(server, 1), 0);
    getsockname(server, (struct sockaddr *)&to, &size);
    CHECK_INT(connect(tcp, (struct sockaddr *)&to, size), 0);
    refused(tcp, -EISCONN);
    CHECK_INT(netsession_bind_socket(session, server), 0); /* a listening socket is not connected */
    close(server);
    end();
}

/* From now on, setting one option of sockets fails on this thread. */
static void break_option(unsigned option, unsigned error)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setsockopt, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, option, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    CHECK_INT(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

/* A kernel before 5.7 requires CAP_NET_RAW. */
static void *bind_without_permission(void *fd)
{
    break_option(SO_BINDTOIFINDEX, EPERM);
    CHECK_INT(netsession_bind_socket(session, *(int *)fd), -EPERM);
    return NULL;
}

/* A kernel before 5.1 accepts only the link's name. */
static void *bind_by_name(void *fd)
{
    break_option(SO_BINDTOIFINDEX, ENOPROTOOPT);
    CHECK_INT(netsession_bind_socket(session, *(int *)fd), 0);
    CHECK_INT(netsession_bind_socket(session, *(int *)fd), 0);
    return NULL;
}

static void an_older_kernel(void)
{
    pthread_t thread;
    begin("link:lo");
    int fd = make(AF_INET, SOCK_DGRAM);
    pthread_create(&thread, NULL, bind_by_name, &fd);
    pthread_join(thread, NULL);
    CHECK_STR(bound(fd), "lo");
    close(fd);
    end();
}

static void the_kernel_refuses(void)
{
    pthread_t thread;
    begin("link:lo");
    int fd = make(AF_INET, SOCK_DGRAM);
    pthread_create(&thread, NULL, bind_without_permission, &fd);
    pthread_join(thread, NULL);
    CHECK_STR(bound(fd), "");
    CHECK_INT(netsession_bind_socket(session, fd), 0); /* this thread has permission */
    close(fd);
    end();
}

static void no_routing_capability_with_script_backend(void)
{
    begin("link:lo");
    CHECK_INT(netsession_manager_capabilities(manager) & NETSESSION_CAPABILITY_DIRECT_CONNECTION_ROUTING, 0);
    end();
}

static void *capabilities_without_permission(void *m)
{
    break_option(SO_BINDTOIFINDEX, EPERM);
    CHECK_INT(netsession_manager_capabilities(m) & NETSESSION_CAPABILITY_DIRECT_CONNECTION_ROUTING, 0);
    return NULL;
}

static void routing_capability_needs_kernel_permission(void)
{
    const netsession_options options = {.struct_size = sizeof options, .backend = "rtnetlink"};
    netsession_manager *m;
    pthread_t thread;
    CHECK_INT(netsession_manager_new(&options, &m, NULL, 0), 0);
    CHECK(netsession_manager_capabilities(m) & NETSESSION_CAPABILITY_DIRECT_CONNECTION_ROUTING);
    pthread_create(&thread, NULL, capabilities_without_permission, m);
    pthread_join(thread, NULL);
    CHECK(netsession_manager_capabilities(m) & NETSESSION_CAPABILITY_DIRECT_CONNECTION_ROUTING);
    netsession_manager_free(m);
}

int main(void)
{
    RUN(every_kind_of_ip_socket);
    RUN(a_session_that_is_open_too);
    RUN(no_descriptor);
    RUN(no_socket);
    RUN(no_ip_socket);
    RUN(no_link_in_use);
    RUN(no_socket_and_no_link);
    RUN(link_was_removed);
    RUN(bound_elsewhere);
    RUN(connected);
    RUN(the_kernel_refuses);
    RUN(an_older_kernel);
    RUN(no_routing_capability_with_script_backend);
    RUN(routing_capability_needs_kernel_permission);
    return check_result();
}
