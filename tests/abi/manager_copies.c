/* manager_copies.c - sessions that change managers, and managers that are copied. */
#include "play.h"
#include <errno.h>
#include <pthread.h>

static int is_readable(netsession_manager *m)
{
    struct pollfd fd = {.fd = netsession_manager_fd(m), .events = POLLIN};
    return poll(&fd, 1, 0);
}

/* A copy of a manager, without callbacks: it dispatches events of sessions only. */
static netsession_manager *copy_of(netsession_manager *m)
{
    netsession_manager *copy;
    CHECK_INT(netsession_manager_copy(m, &copy), 0);
    return copy;
}

static void pending_events_move_with_session(void)
{
    netsession_manager *first = play("access-point wlan0 bearer=wlan address=192.0.2.1/24\n");
    netsession_manager *second = copy_of(first);
    netsession *s = play_session(first, "wlan0", &play_callbacks);
    netsession *other = play_session(first, "wlan0", &play_callbacks);
    play_clear();
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 1);
    CHECK_INT(netsession_set_manager(s, second), 0);
    CHECK_INT(netsession_set_manager(s, second), 0);
    netsession_manager_dispatch(first);
    CHECK_STR(play_events(), "Connected"); /* the other session's event */
    play_clear();
    CHECK(play_await(second, "Connected"));
    CHECK_STR(play_events(), "Connecting, opened, Connected");
    CHECK_INT(is_readable(second), 0);
    play_clear();
    netsession_free(other);
    netsession_close(s);
    CHECK(play_await(second, "Disconnected"));
    CHECK_STR(play_events(), "closed, Closing, Disconnected");
    CHECK_INT(is_readable(first), 0);
    netsession_free(s);
    netsession_manager_free(first);
    netsession_manager_free(second);
}

static void session_survives_its_first_manager(void)
{
    netsession_manager *first = play("access-point wlan0 bearer=wlan address=192.0.2.1/24\n");
    netsession_manager *second = copy_of(first), *gone = copy_of(first);
    netsession *s = play_session(first, "wlan0", &play_callbacks);
    netsession_manager_free(gone);
    CHECK_INT(netsession_set_manager(s, gone), -EBADF);
    CHECK_INT(netsession_set_manager(s, second), 0);
    netsession_manager_free(first);
    play_clear();
    netsession_open(s);
    CHECK(play_await(second, "Connected"));
    CHECK_STR(play_events(), "Connecting, opened, Connected");
    netsession_free(s);
    netsession_manager_free(second);
}

static void options_must_be_equal(void)
{
    netsession_manager *m = play("access-point wlan0 bearer=wlan\n");
    netsession_manager *foreign = play("access-point wlan0 bearer=wlan\n");
    netsession *s = play_session(m, "wlan0", &play_callbacks);
    CHECK_INT(netsession_set_manager(s, foreign), -EINVAL);
    CHECK_INT(netsession_manager_copy(m, NULL), -EINVAL);
    netsession_free(s);
    netsession_manager_free(m);
    netsession_manager_free(foreign);
}

static void pending_changes_reach_the_copy(void)
{
    netsession_manager *m = play("access-point eth0 bearer=ethernet\n"
                                 "on refresh\n    access-point eth1 bearer=ethernet state=active default-route=yes\n"
                                 "on refresh\n    remove eth1\n");
    netsession_manager *watch = copy_of(m), *copy;
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    netsession_manager_set_callbacks(watch, &play_manager_callbacks);
    netsession_manager_update_configurations(watch);
    CHECK(play_await(watch, "updated"));
    netsession_manager_update_configurations(m);
    CHECK(play_await(watch, "offline"));
    CHECK_INT(netsession_manager_copy(m, &copy), 0);
    netsession_manager_set_callbacks(copy, &play_manager_callbacks);
    play_clear();
    CHECK(play_await(copy, "offline"));
    CHECK_STR(play_events(), "added eth1, changed netsession:internet, online, "
                           "removed eth1, offline");
    CHECK_INT(is_readable(copy), 0);
    play_clear();
    CHECK(play_await(m, "updated"));
    CHECK(strstr(play_events(), "added eth1, ") != NULL);
    netsession_manager_free(m);
    netsession_manager_free(watch);
    netsession_manager_free(copy);
}

/* A thread that dispatches the manager that it is given. */
struct host {
    netsession_manager *manager;
    pthread_t thread;
    int stop;
};

static void *run_host(void *data)
{
    struct host *host = data;
    while (!__atomic_load_n(&host->stop, __ATOMIC_SEQ_CST)) {
        struct pollfd fd = {.fd = netsession_manager_fd(host->manager), .events = POLLIN};
        if (poll(&fd, 1, 5) > 0)
            netsession_manager_dispatch(host->manager);
    }
    return NULL;
}

static int opened, closed;

static void on_opened(netsession *s, void *data)
{
    (void)data;
    __atomic_add_fetch(&opened, 1, __ATOMIC_SEQ_CST);
    netsession_close(s);
}

static void on_closed(netsession *s, void *data)
{
    (void)data;
    __atomic_add_fetch(&closed, 1, __ATOMIC_SEQ_CST);
    netsession_open(s);
}

/* Each event causes the next, so a lost event stops the sequence. */
static void moved_between_busy_threads(void)
{
    enum { ROUNDS = 3000 };
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks, .opened = on_opened, .closed = on_closed};
    netsession_manager *home = play("access-point eth0 bearer=ethernet state=active address=192.0.2.1/24\n");
    netsession *s = play_session(home, "eth0", &callbacks);
    struct host hosts[2] = {{.manager = copy_of(home)}, {.manager = copy_of(home)}};
    opened = closed = 0;
    for (int i = 0; i < 2; i++)
        CHECK_INT(pthread_create(&hosts[i].thread, NULL, run_host, &hosts[i]), 0);
    netsession_open(s);
    for (long i = 0, end = play_now() + PLAY_TIMEOUT; __atomic_load_n(&closed, __ATOMIC_SEQ_CST) < ROUNDS; i++) {
        CHECK_INT(netsession_set_manager(s, hosts[i % 2].manager), 0);
        if (!CHECK(play_now() < end))
            break;
        if (i % 16 == 0)
            poll(NULL, 0, 1);
    }
    CHECK_INT(netsession_free(s), 0);
    for (int i = 0; i < 2; i++) {
        __atomic_store_n(&hosts[i].stop, 1, __ATOMIC_SEQ_CST);
        pthread_join(hosts[i].thread, NULL);
        netsession_manager_free(hosts[i].manager);
    }
    netsession_manager_free(home);
}

int main(void)
{
    RUN(pending_events_move_with_session);
    RUN(session_survives_its_first_manager);
    RUN(options_must_be_equal);
    RUN(pending_changes_reach_the_copy);
    RUN(moved_between_busy_threads);
    return check_result();
}
