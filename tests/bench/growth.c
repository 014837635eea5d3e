/* growth.c - the cost of sessions: growth ROW LINK OTHER N.
 *
 *     sessions    N sessions are on LINK: the time to the callback of the last session
 *     bystanders  N sessions are on OTHER, which does not change: the time to the callback
 *                 of LINK's configuration
 *
 * A second thread sets LINK up and down. Writes a line for each change, with the
 * nanoseconds from just before the change to the callback.
 */
#include "bench.h"
#include <net/if.h>
#include <netsession.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHANGES = 30 };

static const char *link_name;
static sem_t seen;
static int64_t changed, taken[CHANGES];
static int taken_count, wanted, callbacks_run;

static void record(void)
{
    if (++callbacks_run < wanted || taken_count == CHANGES)
        return;
    callbacks_run = 0;
    taken[taken_count++] = bench_now() - changed;
    sem_post(&seen);
}

static void on_state(netsession *session, int state, void *data)
{
    (void)session, (void)state, (void)data;
    record();
}

static void on_changed(netsession_manager *manager, netsession_configuration *config, void *data)
{
    (void)manager, (void)data;
    if (strcmp(netsession_configuration_name(config), link_name) == 0)
        record();
}

static void *toggle(void *unused)
{
    struct ifreq request = {0};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    strncpy(request.ifr_name, link_name, IFNAMSIZ - 1);
    ioctl(fd, SIOCGIFFLAGS, &request);
    for (int i = 0; i < CHANGES; i++) {
        poll(NULL, 0, 5);
        request.ifr_flags ^= IFF_UP;
        changed = bench_now();
        ioctl(fd, SIOCSIFFLAGS, &request);
        sem_wait(&seen);
    }
    close(fd);
    return unused;
}

static void make_sessions(netsession_manager *manager, const char *on, int count, int listening)
{
    const netsession_callbacks callbacks = {.struct_size = sizeof callbacks, .state_changed = on_state};
    char identifier[64];
    netsession_configuration *config;
    netsession *session;
    snprintf(identifier, sizeof identifier, "link:%s", on);
    netsession_manager_configuration_from_identifier(manager, identifier, &config);
    for (int i = 0; i < count; i++) {
        if (netsession_new(manager, config, &session) < 0)
            exit(1);
        if (listening)
            netsession_set_callbacks(session, &callbacks);
    }
    netsession_configuration_free(config);
}

int main(int argc, char **argv)
{
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks, .configuration_changed = on_changed};
    netsession_manager *manager;
    pthread_t thread;
    if (argc < 5 || netsession_manager_new(NULL, &manager, NULL, 0) < 0)
        return 2;
    const int listening = strcmp(argv[1], "sessions") == 0, count = atoi(argv[4]);
    link_name = argv[2];
    wanted = listening ? count : 1;
    sem_init(&seen, 0, 0);
    make_sessions(manager, listening ? argv[2] : argv[3], count, listening);
    if (!listening)
        netsession_manager_set_callbacks(manager, &callbacks);
    struct pollfd poller = {.fd = netsession_manager_fd(manager), .events = POLLIN};
    pthread_create(&thread, NULL, toggle, NULL);
    while (taken_count < CHANGES) {
        poll(&poller, 1, -1);
        netsession_manager_dispatch(manager);
    }
    pthread_join(thread, NULL);
    for (int i = 0; i < CHANGES; i++)
        printf("%lld\n", (long long)taken[i]);
    return 0;
}
