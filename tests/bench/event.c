/* event.c - the latency of a link's change: event raw|ours LINK COUNT.
 *
 * A second thread sets LINK up and down, COUNT times. The main thread waits for each
 * change, either on its own netlink socket (raw: the lower bound) or in a callback of the
 * library (ours), and writes a line with the nanoseconds from just before the change to
 * its arrival.
 */
#include "bench.h"
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netsession.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *link_name;
static int count;
static sem_t seen;      /* posted when the main thread has seen the change */
static int64_t changed; /* when the link was changed */
static int64_t *taken;  /* the latencies */
static int taken_count;

static void record(void)
{
    taken[taken_count++] = bench_now() - changed;
    sem_post(&seen);
}

static void *toggle(void *unused)
{
    struct ifreq request = {0};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    strncpy(request.ifr_name, link_name, IFNAMSIZ - 1);
    ioctl(fd, SIOCGIFFLAGS, &request);
    for (int i = 0; i < count; i++) {
        poll(NULL, 0, 2); /* all threads go to sleep */
        request.ifr_flags ^= IFF_UP;
        changed = bench_now();
        ioctl(fd, SIOCSIFFLAGS, &request);
        sem_wait(&seen);
    }
    close(fd);
    return unused;
}

/* Whether a link with these flags is up and can carry traffic. */
static int carries(unsigned flags)
{
    return (flags & (IFF_UP | IFF_RUNNING)) == (IFF_UP | IFF_RUNNING);
}

/* Reads link messages until one has a new state. */
static void wait_raw(int fd, int index, unsigned *flags)
{
    char buffer[32768];
    for (;;) {
        int n = (int)recv(fd, buffer, sizeof buffer, 0);
        for (struct nlmsghdr *h = (void *)buffer; NLMSG_OK(h, (unsigned)n); h = NLMSG_NEXT(h, n)) {
            struct ifinfomsg *info = NLMSG_DATA(h);
            if (h->nlmsg_type != RTM_NEWLINK || info->ifi_index != index)
                continue;
            if (carries(info->ifi_flags) == carries(*flags))
                continue;
            *flags = info->ifi_flags;
            return;
        }
    }
}

static void listen_raw(pthread_t *thread)
{
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
    struct ifreq request = {0};
    int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    strncpy(request.ifr_name, link_name, IFNAMSIZ - 1);
    ioctl(fd, SIOCGIFFLAGS, &request);
    unsigned flags = (unsigned short)request.ifr_flags;
    bind(fd, (struct sockaddr *)&address, sizeof address);
    pthread_create(thread, NULL, toggle, NULL);
    while (taken_count < count) {
        wait_raw(fd, (int)if_nametoindex(link_name), &flags);
        record();
    }
}

static char identifier[64]; /* of the link's configuration */
static int known_state;

static void on_changed(netsession_manager *manager, netsession_configuration *config, void *data)
{
    (void)manager, (void)data;
    int state = netsession_configuration_state(config);
    if (strcmp(netsession_configuration_identifier(config), identifier) != 0)
        return;
    if ((state == NETSESSION_CONFIGURATION_STATE_ACTIVE) == known_state)
        return;
    known_state = !known_state;
    if (taken_count < count)
        record();
}

static void listen_ours(pthread_t *thread)
{
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks, .configuration_changed = on_changed};
    netsession_manager *manager;
    if (netsession_manager_new(NULL, &manager, NULL, 0) < 0)
        exit(1);
    known_state = 1;
    snprintf(identifier, sizeof identifier, "link:%s", link_name);
    netsession_manager_set_callbacks(manager, &callbacks);
    struct pollfd poller = {.fd = netsession_manager_fd(manager), .events = POLLIN};
    pthread_create(thread, NULL, toggle, NULL);
    while (taken_count < count) {
        poll(&poller, 1, -1);
        netsession_manager_dispatch(manager);
    }
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    pthread_t thread;
    link_name = argv[2];
    count = atoi(argv[3]);
    taken = calloc((size_t)count, sizeof *taken);
    sem_init(&seen, 0, 0);
    if (strcmp(argv[1], "raw") == 0)
        listen_raw(&thread);
    else
        listen_ours(&thread);
    pthread_join(thread, NULL);
    for (int i = 0; i < count; i++)
        printf("%lld\n", (long long)taken[i]);
    return 0;
}
