/* ours.c - one figure of libnetsession per run: ours ROW [N]. Prints a number.
 *
 *     state        ns from a call of netsession_state to the use of its result
 *     state-throughput  ns per call where calls may overlap
 *     is-online    ns from a call of netsession_manager_is_online to the use of
 *                  its result
 *     list         ns to list all configurations and free the list
 *     session-new  ns to make and free a session
 *     manager-new  ns to make and free a manager beside another one
 *     many         ns from a change of the default configuration to the callback of the
 *                  last of N sessions on it; a script makes the change
 *     start        ns from no manager to a list of at least N configurations
 *     idle         wake-ups in N seconds with an open session
 *     memory       kB resident with a manager and an open session
 *
 * Beside NetworkManager, with profiles whose names begin with PROFILES:
 *
 *     start-nm     ns from no manager to a list with N profiles
 *     bytes        ns to read the bytes received, without a cache
 *     open         ns from the call to the event, for the first profile
 */
#include "bench.h"
#include <netsession.h>
#include <poll.h>
#include <stdlib.h>

static netsession_manager *make_manager(void)
{
    netsession_manager *manager;
    char why[256];
    if (netsession_manager_new(NULL, &manager, why, sizeof why) < 0) {
        fprintf(stderr, "ours: %s\n", why);
        exit(1);
    }
    return manager;
}

static netsession *session_on(netsession_manager *manager, netsession_configuration *config)
{
    netsession *session;
    if (netsession_new(manager, config, &session) < 0)
        exit(1);
    return session;
}

static netsession *make_session(netsession_manager *manager)
{
    netsession_configuration *config;
    netsession_manager_default_configuration(manager, &config);
    netsession *session = session_on(manager, config);
    netsession_configuration_free(config);
    return session;
}

static int list(netsession_manager *manager)
{
    netsession_configuration_list *all;
    int n = netsession_manager_configurations(manager, 0, &all);
    netsession_configuration_list_free(all);
    return n;
}

/* Each call depends on the result of the call before, as in code that uses the result. */
static double bench_state(void)
{
    enum { COUNT = 20000000 };
    uintptr_t session = (uintptr_t)make_session(make_manager());
    const int state = netsession_state((netsession *)session);
    int64_t begin = bench_now();
    for (int i = 0; i < COUNT; i++)
        session += (uintptr_t)(netsession_state((netsession *)session) ^ state);
    return (double)(bench_now() - begin) / COUNT;
}

static double bench_state_throughput(void)
{
    enum { COUNT = 20000000 };
    netsession *session = make_session(make_manager());
    long sum = 0;
    int64_t begin = bench_now();
    for (int i = 0; i < COUNT; i++)
        sum += netsession_state(session);
    double each = (double)(bench_now() - begin) / COUNT;
    return sum < 0 ? -1 : each;
}

static double bench_is_online(void)
{
    enum { COUNT = 2000000 };
    uintptr_t manager = (uintptr_t)make_manager();
    const int online = netsession_manager_is_online((netsession_manager *)manager);
    int64_t begin = bench_now();
    for (int i = 0; i < COUNT; i++)
        manager += (uintptr_t)(netsession_manager_is_online((netsession_manager *)manager) ^ online);
    return (double)(bench_now() - begin) / COUNT;
}

static double bench_list(void)
{
    enum { COUNT = 300 };
    netsession_manager *manager = make_manager();
    list(manager);
    int64_t begin = bench_now();
    for (int i = 0; i < COUNT; i++)
        list(manager);
    return (double)(bench_now() - begin) / COUNT;
}

static double bench_session_new(void)
{
    enum { COUNT = 20000 };
    netsession_manager *manager = make_manager();
    netsession_configuration *config;
    netsession_manager_default_configuration(manager, &config);
    int64_t begin = bench_now();
    for (int i = 0; i < COUNT; i++) {
        netsession *session;
        if (netsession_new(manager, config, &session) < 0)
            exit(1);
        netsession_free(session);
    }
    return (double)(bench_now() - begin) / COUNT;
}

static double bench_manager_new(void)
{
    enum { COUNT = 5000 };
    make_manager();
    int64_t begin = bench_now();
    for (int i = 0; i < COUNT; i++)
        netsession_manager_free(make_manager());
    return (double)(bench_now() - begin) / COUNT;
}

static double bench_start(int n)
{
    int64_t begin = bench_now();
    netsession_manager *manager = make_manager();
    while (list(manager) < n)
        poll(NULL, 0, 1);
    return (double)(bench_now() - begin);
}

static void on_state_changed(netsession *session, int state, void *count)
{
    (void)session;
    (void)state;
    ++*(int *)count;
}

static int by_value(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double bench_many(int n)
{
    enum { COUNT = 21 };
    int callbacks_run;
    const netsession_callbacks callbacks = {.struct_size = sizeof callbacks, .user_data = &callbacks_run, .state_changed = on_state_changed};
    netsession_manager *manager = make_manager();
    struct pollfd poller = {.fd = netsession_manager_fd(manager), .events = POLLIN};
    int64_t times[COUNT];
    for (int i = 0; i < n; i++)
        netsession_set_callbacks(make_session(manager), &callbacks);
    for (int i = 0; i < COUNT; i++) {
        callbacks_run = 0;
        int64_t begin = bench_now();
        netsession_manager_update_configurations(manager);
        while (callbacks_run < n && poll(&poller, 1, 10000) > 0)
            netsession_manager_dispatch(manager);
        times[i] = bench_now() - begin;
    }
    qsort(times, COUNT, sizeof times[0], by_value);
    return (double)times[COUNT / 2];
}

static netsession *open_session(void)
{
    netsession *session = make_session(make_manager());
    netsession_open(session);
    if (netsession_wait_for_opened(session, 10000) != 1)
        exit(1);
    return session;
}

static double bench_idle(int seconds)
{
    open_session();
    poll(NULL, 0, 5000); /* until the new network and the program are idle */
    long before = bench_wakeups();
    poll(NULL, 0, seconds * 1000);
    return (double)(bench_wakeups() - before - 1); /* without this poll */
}

static double bench_memory(void)
{
    open_session();
    poll(NULL, 0, 200);
    return (double)bench_status("/proc/self/status", "VmRSS:");
}

static int is_profile(netsession_configuration *config)
{
    return strncmp(netsession_configuration_name(config), PROFILES, strlen(PROFILES)) == 0;
}

static int count_profiles(netsession_manager *manager)
{
    netsession_configuration_list *all;
    int found = 0, n = netsession_manager_configurations(manager, 0, &all);
    for (int i = 0; i < n; i++)
        found += is_profile(netsession_configuration_list_at(all, i));
    netsession_configuration_list_free(all);
    return found;
}

static double bench_start_nm(int n)
{
    int64_t begin = bench_now();
    netsession_manager *manager = make_manager();
    while (count_profiles(manager) < n)
        poll(NULL, 0, 1);
    return (double)(bench_now() - begin);
}

/* Makes a session on the first profile in a state. */
static netsession *session_on_profile(netsession_manager *manager, unsigned state)
{
    netsession_configuration_list *all;
    netsession *session = NULL;
    int n = netsession_manager_configurations(manager, state, &all);
    for (int i = 0; i < n && !session; i++)
        if (is_profile(netsession_configuration_list_at(all, i)))
            session = session_on(manager, netsession_configuration_list_at(all, i));
    netsession_configuration_list_free(all);
    return session;
}

static double bench_bytes(void)
{
    enum { COUNT = 50000 };
    netsession *session = session_on_profile(make_manager(), NETSESSION_CONFIGURATION_STATE_ACTIVE);
    if (netsession_state(session) != NETSESSION_STATE_CONNECTED)
        exit(1);
    int64_t begin = bench_now();
    for (int i = 0; i < COUNT; i++)
        netsession_bytes_received(session);
    return (double)(bench_now() - begin) / COUNT;
}

static void on_opened(netsession *session, void *when)
{
    (void)session;
    *(int64_t *)when = bench_now();
}

/* Freeing the session, and then the manager, takes the profile down again. */
static double bench_open(void)
{
    int64_t begin, end = 0;
    const netsession_callbacks callbacks = {.struct_size = sizeof callbacks, .user_data = &end, .opened = on_opened};
    netsession_manager *manager = make_manager();
    netsession *session = session_on_profile(manager, NETSESSION_CONFIGURATION_STATE_DISCOVERED);
    netsession_set_callbacks(session, &callbacks);
    struct pollfd poller = {.fd = netsession_manager_fd(manager), .events = POLLIN};
    begin = bench_now();
    netsession_open(session);
    while (end == 0 && poll(&poller, 1, 10000) > 0)
        netsession_manager_dispatch(manager);
    if (end == 0)
        exit(1);
    netsession_free(session);
    netsession_manager_free(manager);
    return (double)(end - begin);
}

int main(int argc, char **argv)
{
    const char *row = argc > 1 ? argv[1] : "";
    int n = argc > 2 ? atoi(argv[2]) : 0;
    double figure;
    if (strcmp(row, "state") == 0)
        figure = bench_state();
    else if (strcmp(row, "state-throughput") == 0)
        figure = bench_state_throughput();
    else if (strcmp(row, "is-online") == 0)
        figure = bench_is_online();
    else if (strcmp(row, "list") == 0)
        figure = bench_list();
    else if (strcmp(row, "session-new") == 0)
        figure = bench_session_new();
    else if (strcmp(row, "manager-new") == 0)
        figure = bench_manager_new();
    else if (strcmp(row, "many") == 0)
        figure = bench_many(n);
    else if (strcmp(row, "start") == 0)
        figure = bench_start(n);
    else if (strcmp(row, "idle") == 0)
        figure = bench_idle(n);
    else if (strcmp(row, "memory") == 0)
        figure = bench_memory();
    else if (strcmp(row, "start-nm") == 0)
        figure = bench_start_nm(n);
    else if (strcmp(row, "bytes") == 0)
        figure = bench_bytes();
    else if (strcmp(row, "open") == 0)
        figure = bench_open();
    else
        return 2;
    printf("%.2f\n", figure);
    return 0;
}
