/* flood.c - links that change faster than a process can read the events:
 * flood raw|ours LINKS CHANGES.
 *
 * A child process sets the links flood0, flood1, ... up and down in turn, CHANGES times in
 * total, then only the link "marker" until it is killed. The parent counts the kernel's
 * messages (raw: the lower bound), or records the state of each link that the library
 * reports (ours), until it has seen the marker; ours fails unless every link's last state
 * is correct. Writes the parent's CPU time in ns and the maximal growth of its memory in
 * kB.
 */
#include "bench.h"
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netsession.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 10000, BUFFER = 4 << 20, TIMEOUT = 30 /* s */ };

static int links, changes;
static int control; /* a socket for ioctl */
static int reported[MOST]; /* the configuration's state, 0: no event yet */
static int marker_seen;
static int *done; /* shared: the child has made all changes */

static short flags_of(const char *name)
{
    struct ifreq request = {0};
    snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
    if (ioctl(control, SIOCGIFFLAGS, &request) < 0)
        exit(1);
    return request.ifr_flags;
}

static void toggle(const char *name)
{
    struct ifreq request = {0};
    snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
    request.ifr_flags = (short)(flags_of(name) ^ IFF_UP);
    ioctl(control, SIOCSIFFLAGS, &request);
}

static const char *name_of(int i)
{
    static char name[IFNAMSIZ];
    snprintf(name, sizeof name, "flood%d", i);
    return name;
}

/* Starts the child, which waits for a byte on the pipe begin. */
static pid_t churn(int *begin)
{
    char byte;
    int ends[2];
    pid_t child;
    if (pipe(ends) < 0 || (child = fork()) < 0)
        exit(1);
    *begin = ends[1];
    if (child > 0)
        return child;
    close(ends[1]);
    if (read(ends[0], &byte, 1) != 1)
        _exit(0);
    for (int i = 0; i < changes; i++)
        toggle(name_of(i % links));
    __atomic_store_n(done, 1, __ATOMIC_RELEASE);
    for (;;) {
        toggle("marker");
        poll(NULL, 0, 50);
    }
}

static int64_t cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * INT64_C(1000000000) +
           (u.ru_utime.tv_usec + u.ru_stime.tv_usec) * INT64_C(1000);
}

/* The kernel may report the marker before, when its carrier changes. */
static void see_marker(void)
{
    marker_seen |= __atomic_load_n(done, __ATOMIC_ACQUIRE);
}

static void listen_raw(void)
{
    static char buffer[65536];
    const int size = BUFFER, marker = (int)if_nametoindex("marker");
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
    long count = 0;
    int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    bind(fd, (struct sockaddr *)&address, sizeof address);
    while (!marker_seen) {
        int n = (int)recv(fd, buffer, sizeof buffer, 0);
        for (struct nlmsghdr *h = (void *)buffer; n > 0 && NLMSG_OK(h, (unsigned)n); h = NLMSG_NEXT(h, n)) {
            count++;
            if (((struct ifinfomsg *)NLMSG_DATA(h))->ifi_index == marker)
                see_marker();
        }
    }
}

static void on_changed(netsession_manager *manager, netsession_configuration *config, void *data)
{
    const char *id = netsession_configuration_identifier(config);
    char more; /* excludes the other ends, link:flood0.peer, ... */
    int i;
    (void)manager, (void)data;
    if (sscanf(id, "link:flood%d%c", &i, &more) == 1)
        reported[i] = netsession_configuration_state(config);
    else if (strcmp(id, "link:marker") == 0)
        see_marker();
}

/* Whether the reported state of a link is correct: the links have an address and carrier. */
static int is_correct(int i)
{
    const int up = flags_of(name_of(i)) & IFF_UP;
    return reported[i] == (up ? NETSESSION_CONFIGURATION_STATE_ACTIVE : NETSESSION_CONFIGURATION_STATE_DISCOVERED);
}

static int count_wrong(void)
{
    int wrong = 0;
    for (int i = 0; i < links; i++)
        wrong += !is_correct(i);
    return wrong;
}

static void dispatch(netsession_manager *manager)
{
    struct pollfd poller = {.fd = netsession_manager_fd(manager), .events = POLLIN};
    if (poll(&poller, 1, 1000) > 0)
        netsession_manager_dispatch(manager);
}

/* Records the library's initial states of the links. */
static void begin_with(netsession_manager *manager)
{
    netsession_configuration_list *all;
    const int n = netsession_manager_configurations(manager, 0, &all);
    for (int i = 0; i < n; i++)
        on_changed(manager, netsession_configuration_list_at(all, i), NULL);
    netsession_configuration_list_free(all);
}

/* Dispatches until all events have been delivered. Returns the number of links with a
 * wrong reported state. */
static int follow(netsession_manager *manager)
{
    int wrong = links;
    while (!marker_seen)
        dispatch(manager);
    const int64_t end = bench_now() + TIMEOUT * INT64_C(1000000000);
    while ((wrong = count_wrong()) > 0 && bench_now() < end)
        dispatch(manager);
    return wrong;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    int begin, wrong = 0, ours = strcmp(argv[1], "ours") == 0;
    netsession_manager *manager = NULL;
    links = atoi(argv[2]);
    changes = atoi(argv[3]);
    control = socket(AF_INET, SOCK_DGRAM, 0);
    done = mmap(NULL, sizeof *done, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (done == MAP_FAILED)
        return 1;
    const pid_t child = churn(&begin);
    if (ours) {
        const netsession_manager_callbacks callbacks = {
            .struct_size = sizeof callbacks, .configuration_changed = on_changed};
        if (netsession_manager_new(NULL, &manager, NULL, 0) < 0)
            return 1;
        netsession_manager_set_callbacks(manager, &callbacks);
        begin_with(manager);
    }
    const int64_t before = cpu();
    const long memory = bench_status("/proc/self/status", "VmRSS:");
    if (write(begin, "", 1) != 1)
        return 1;
    if (ours)
        wrong = follow(manager);
    else
        listen_raw();
    printf("%lld\n%ld\n", (long long)(cpu() - before), bench_status("/proc/self/status", "VmHWM:") - memory);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    if (wrong)
        fprintf(stderr, "flood: %d links have a wrong reported state\n", wrong);
    return wrong != 0;
}
