/* signal_storm.c - signal handlers of a host that does not consider Go. They are installed
 * after the library was loaded, without SA_ONSTACK or with it but without an alternate
 * stack, run a thousand times a second and use much stack, while the host makes calls
 * and gets callbacks. Another thread sets its user id, for which libc signals all threads.
 *
 * The variable STORM of the environment sets the duration in seconds, 2 by default.
 */
#define _GNU_SOURCE
#include "play.h"
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>

enum { THREADS = 2, DEPTH = 256 * 1024 /* bytes */ };

static const int numbers[THREADS] = {SIGUSR1, SIGUSR2};

static const char script[] =
    "access-point eth0 bearer=ethernet state=active address=192.0.2.1/24 default-route=yes metric=1\n"
    "access-point wlan0 bearer=wlan state=active address=192.0.2.2/24 metered=yes\n"
    "repeat 1000000 times\n"
    "    on refresh\n        set eth0 state=defined\n        access-point usb0 bearer=ethernet\n"
    "    on refresh\n        set usb0 name=\"new\"\n        remove usb0\n        set eth0 state=active\n"
    "end\n";

static int handled, over;

/* Overwrites as much of the stack as a handler may use. */
__attribute__((noinline)) static void dive(void)
{
    volatile char water[DEPTH];
    for (size_t i = 0; i < sizeof water; i += 64)
        water[i] = (char)0xAA;
}

static void handle(int number)
{
    const int before = errno;
    (void)number;
    dive();
    __atomic_add_fetch(&handled, 1, __ATOMIC_RELAXED);
    errno = before;
}

/* Sends this thread a signal a thousand times a second. */
static timer_t begin_alarms(int number)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = number};
    const struct itimerspec often = {{0, 1000000}, {0, 1000000}};
    timer_t timer;
    event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
    CHECK_INT(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    timer_settime(timer, 0, &often, NULL);
    return timer;
}

static void on_changed(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, ++*(long *)data;
    netsession_configuration_name(c);
}

static void on_updated(netsession_manager *m, void *data)
{
    (void)m, ++*(long *)data;
}

static void on_state(netsession *s, int state, void *data)
{
    (void)state, ++*(long *)data;
    netsession_interface(s);
}

/* Makes calls of each kind that enters Go. */
static void call(netsession_manager *m, const netsession_callbacks *callbacks)
{
    netsession_configuration_list *list;
    netsession *s = play_session(m, "netsession:internet", callbacks);
    netsession_open(s);
    netsession_wait_for_opened(s, PLAY_TIMEOUT);
    netsession_manager_update_configurations(m);
    CHECK(netsession_manager_configurations(m, 0, &list) >= 3);
    netsession_configuration_list_free(list);
    netsession_manager_dispatch(m);
    netsession_set_property(s, "key", "value");
    CHECK_STR(netsession_property(s, "key"), "value");
    netsession_bytes_received(s);
    netsession_is_opening(s);
    netsession_close(s);
    netsession_manager_dispatch(m);
    netsession_free(s);
}

static const char *path;

static void *run(void *number)
{
    long events = 0;
    const netsession_manager_callbacks listeners = {
        .struct_size = sizeof listeners, .user_data = &events, .configuration_added = on_changed,
        .configuration_changed = on_changed, .configuration_removed = on_changed, .update_completed = on_updated,
    };
    const netsession_callbacks callbacks = {.struct_size = sizeof callbacks, .user_data = &events, .state_changed = on_state};
    timer_t timer = begin_alarms(*(const int *)number);
    long calls = 0;
    while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) {
        const netsession_options options = {.struct_size = sizeof options, .backend = "script", .script = path};
        netsession_manager *m;
        CHECK_INT(netsession_manager_new(&options, &m, NULL, 0), 0);
        netsession_manager_set_callbacks(m, &listeners);
        for (int i = 0; i < 100; i++, calls++)
            call(m, &callbacks);
        netsession_manager_free(m);
    }
    timer_delete(timer);
    CHECK(events > calls);
    return NULL;
}

static void thousand_signals_a_second(void)
{
    const char *wanted = getenv("STORM");
    const int seconds = wanted ? atoi(wanted) : 2;
    const struct sigaction plain = {.sa_handler = handle, .sa_flags = SA_RESTART};
    const struct sigaction stacked = {.sa_handler = handle, .sa_flags = SA_RESTART | SA_ONSTACK};
    pthread_t threads[THREADS];
    path = play_file(script);
    netsession_manager_free(play_from_file(path)); /* starts the library before the handlers are installed */
    sigaction(numbers[0], &plain, NULL);
    sigaction(numbers[1], &stacked, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, run, (void *)&numbers[i]);
    for (long end = play_now() + seconds * 1000; play_now() < end; poll(NULL, 0, 1))
        CHECK_INT(setresgid((gid_t)-1, (gid_t)-1, (gid_t)-1), 0);
    __atomic_store_n(&over, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    printf("# %d signals handled in %d s\n", handled, seconds);
    CHECK(handled > seconds * 10);
}

int main(void)
{
    RUN(thousand_signals_a_second);
    return check_result();
}
