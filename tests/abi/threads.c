/* threads.c - several threads, the library's own dispatch thread, and waiting. */
#include "play.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>

static const char up[] = "access-point eth0 bearer=ethernet state=active address=192.0.2.1/24\n";
static const char held[] = "access-point eth0 bearer=ethernet\nstart eth0 hangs\n"
                           "on refresh\n    start eth0 succeeds\n";

static int entries_of(const char *folder)
{
    DIR *d = opendir(folder);
    int n = 0;
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

/* Waits until a number that another thread sets is at least least. */
static int reaches(const int *number, int least)
{
    for (long end = play_now() + PLAY_TIMEOUT; play_now() < end; poll(NULL, 0, 1))
        if (__atomic_load_n(number, __ATOMIC_SEQ_CST) >= least)
            return 1;
    return 0;
}

struct host {
    const char *script;
    pthread_t thread;
    int opened, closed;
    int wrong_thread;
};

static void on_opened(netsession *s, void *data)
{
    struct host *host = data;
    host->opened++;
    host->wrong_thread += !pthread_equal(host->thread, pthread_self());
    netsession_close(s);
}

static void on_closed(netsession *s, void *data)
{
    struct host *host = data;
    host->closed++;
    host->wrong_thread += !pthread_equal(host->thread, pthread_self());
    netsession_open(s);
}

static void *run_host(void *data)
{
    struct host *host = data;
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .user_data = host,
        .opened = on_opened,
        .closed = on_closed,
    };
    const netsession_options options = {
        .struct_size = sizeof options,
        .backend = "script",
        .script = host->script,
    };
    netsession_manager *m;
    netsession *s;
    host->thread = pthread_self();
    CHECK_INT(netsession_manager_new(&options, &m, NULL, 0), 0);
    s = play_session(m, "eth0", &callbacks);
    netsession_open(s);
    while (host->closed < 500 && play_dispatch(m, play_now() + PLAY_TIMEOUT))
        ;
    netsession_free(s);
    netsession_manager_free(m);
    return NULL;
}

static void a_manager_in_each_of_two_threads(void)
{
    const char *path = play_file(up);
    struct host hosts[2] = {{.script = path}, {.script = path}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, run_host, &hosts[i]);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(hosts[i].closed, 500);
        CHECK_INT(hosts[i].wrong_thread, 0);
    }
}

static int in_callback, let_go;

static void stay(netsession_manager *m, void *data)
{
    (void)m, (void)data;
    __atomic_store_n(&in_callback, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&let_go, __ATOMIC_SEQ_CST))
        poll(NULL, 0, 1);
}

static void *dispatch(void *m)
{
    play_dispatch(m, play_now() + PLAY_TIMEOUT);
    return NULL;
}

static void one_thread_dispatches(void)
{
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .update_completed = stay,
    };
    netsession_manager *m = play(up);
    pthread_t thread;
    in_callback = let_go = 0;
    netsession_manager_set_callbacks(m, &callbacks);
    netsession_manager_update_configurations(m);
    pthread_create(&thread, NULL, dispatch, m);
    CHECK(reaches(&in_callback, 1));
    CHECK_INT(netsession_manager_dispatch(m), -EBUSY);
    __atomic_store_n(&let_go, 1, __ATOMIC_SEQ_CST);
    pthread_join(thread, NULL);
    CHECK_INT(netsession_manager_dispatch(m), 0);
    netsession_manager_free(m);
}

static int updates;
static pthread_t updated_on;

static void on_updated(netsession_manager *m, void *data)
{
    (void)m, (void)data;
    updated_on = pthread_self();
    __atomic_add_fetch(&updates, 1, __ATOMIC_SEQ_CST);
}

static netsession_manager *manager_with(void (*updated)(netsession_manager *, void *))
{
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .update_completed = updated,
    };
    static const char *path;
    netsession_manager *m;
    if (!path)
        path = play_file(up);
    m = play_from_file(path);
    netsession_manager_set_callbacks(m, &callbacks);
    updates = 0;
    return m;
}

static void dispatch_thread(void)
{
    netsession_manager *m = manager_with(on_updated);
    CHECK_INT(netsession_manager_stop_thread(m), -ESRCH);
    for (int i = 0; i < 20; i++) {
        CHECK_INT(netsession_manager_start_thread(m), 0);
        CHECK_INT(netsession_manager_start_thread(m), -EALREADY);
        netsession_manager_update_configurations(m);
        CHECK(reaches(&updates, i + 1));
        CHECK(!pthread_equal(updated_on, pthread_self()));
        CHECK_INT(netsession_manager_stop_thread(m), 0);
        CHECK_INT(netsession_manager_stop_thread(m), -ESRCH);
    }
    netsession_manager_free(m);
}

static void on_updated_stop(netsession_manager *m, void *data)
{
    (void)data;
    CHECK_INT(netsession_manager_stop_thread(m), 0);
    CHECK_INT(netsession_manager_stop_thread(m), -ESRCH);
    CHECK_INT(netsession_manager_start_thread(m), 0);
    __atomic_add_fetch(&updates, 1, __ATOMIC_SEQ_CST);
}

/* The thread ends after the callback; the next one takes over. */
static void dispatch_thread_stops_itself(void)
{
    netsession_manager *m = manager_with(on_updated_stop);
    CHECK_INT(netsession_manager_start_thread(m), 0);
    for (int i = 0; i < 50; i++) {
        netsession_manager_update_configurations(m);
        CHECK(reaches(&updates, i + 1));
    }
    CHECK_INT(netsession_manager_stop_thread(m), 0);
    netsession_manager_free(m);
}

static void on_updated_free(netsession_manager *m, void *data)
{
    (void)data;
    CHECK_INT(netsession_manager_free(m), 0);
    __atomic_add_fetch(&updates, 1, __ATOMIC_SEQ_CST);
}

static void manager_frees_itself_on_its_thread(void)
{
    const int threads = entries_of("/proc/self/task");
    for (int i = 0; i < 50; i++) {
        netsession_manager *m = manager_with(on_updated_free);
        CHECK_INT(netsession_manager_start_thread(m), 0);
        netsession_manager_update_configurations(m);
        CHECK(reaches(&updates, 1));
    }
    for (int i = 0; i < 5000 && entries_of("/proc/self/task") > threads + 8; i++)
        poll(NULL, 0, 1);
    CHECK(entries_of("/proc/self/task") <= threads + 8);
}

static void freed_with_its_thread(void)
{
    for (int i = 0; i < 100; i++) {
        netsession_manager *m = manager_with(on_updated);
        CHECK_INT(netsession_manager_start_thread(m), 0);
        netsession_manager_update_configurations(m);
        CHECK_INT(netsession_manager_free(m), 0);
        CHECK_INT(netsession_manager_stop_thread(m), -EBADF);
    }
}

/* The host dispatches although it has started the dispatch thread. */
static void both_dispatch(void)
{
    netsession_manager *m = manager_with(on_updated);
    CHECK_INT(netsession_manager_start_thread(m), 0);
    for (int i = 0; i < 500; i++) {
        netsession_manager_update_configurations(m);
        netsession_manager_dispatch(m);
    }
    CHECK(reaches(&updates, 500));
    netsession_manager_free(m);
}

static void thousands_of_temporaries(void)
{
    const char *path = play_file(up);
    netsession_manager *m = play_from_file(path);
    const int threads = entries_of("/proc/self/task"), fds = entries_of("/proc/self/fd");
    for (int i = 0; i < 5000; i++) {
        netsession_manager *temporary = play_from_file(path);
        CHECK_INT(netsession_manager_is_online(temporary), 0);
        CHECK_INT(netsession_manager_free(temporary), 0);
    }
    CHECK(entries_of("/proc/self/task") <= threads + 4); /* the Go runtime may start threads of its own */
    CHECK_INT(entries_of("/proc/self/fd"), fds);
    netsession_manager_free(m);
}

static void waiting_for_nothing(void)
{
    const int times[] = {-1, INT_MIN, INT_MAX, 1, 0}; /* the last timeouts are too short for the close */
    netsession_manager *m = play(up);
    netsession *s = play_session(m, "eth0", NULL);
    for (int i = 0; i < 5; i++)
        CHECK_INT(netsession_wait_for_opened(s, times[i]), 0);
    netsession_open(s);
    for (int i = 0; i < 5; i++)
        CHECK_INT(netsession_wait_for_opened(s, times[i]), 1);
    netsession_close(s);
    for (int i = 0; i < 5; i++)
        CHECK_INT(netsession_wait_for_opened(s, times[i]), 0);
    netsession_free(s);
    netsession_manager_free(m);
}

static void waiting_times_out(void)
{
    netsession_manager *m = play(held);
    netsession *s = play_session(m, "eth0", NULL);
    long before = play_now();
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, 0), 0);
    CHECK_INT(netsession_wait_for_opened(s, 30), 0);
    CHECK(play_now() - before >= 30);
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTING);
    netsession_free(s);
    netsession_manager_free(m);
}

struct waiter {
    netsession *session;
    int msecs, result;
    int started, ended;
};

static void *wait_for_it(void *data)
{
    struct waiter *w = data;
    __atomic_store_n(&w->started, 1, __ATOMIC_SEQ_CST);
    w->result = netsession_wait_for_opened(w->session, w->msecs);
    __atomic_store_n(&w->ended, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static void waiting_without_timeout(void)
{
    const int times[] = {INT_MAX, -1, INT_MIN};
    for (int i = 0; i < 3; i++) {
        netsession_manager *m = play(held);
        struct waiter w = {.session = play_session(m, "eth0", NULL), .msecs = times[i]};
        pthread_t thread;
        netsession_open(w.session);
        pthread_create(&thread, NULL, wait_for_it, &w);
        CHECK(reaches(&w.started, 1));
        poll(NULL, 0, 10);
        CHECK_INT(__atomic_load_n(&w.ended, __ATOMIC_SEQ_CST), 0);
        netsession_manager_update_configurations(m);
        CHECK(reaches(&w.ended, 1));
        CHECK_INT(w.result, 1);
        pthread_join(thread, NULL);
        netsession_free(w.session);
        netsession_manager_free(m);
    }
}

static void freed_while_another_thread_waits(void)
{
    netsession_manager *m = play(held);
    struct waiter w = {.session = play_session(m, "eth0", NULL), .msecs = -1};
    pthread_t thread;
    netsession_open(w.session);
    pthread_create(&thread, NULL, wait_for_it, &w);
    CHECK(reaches(&w.started, 1));
    poll(NULL, 0, 10);
    CHECK_INT(netsession_free(w.session), 0);
    CHECK(reaches(&w.ended, 1));
    CHECK(w.result == 0 || w.result == -EBADF);
    pthread_join(thread, NULL);
    netsession_manager_free(m);
}

int main(void)
{
    RUN(a_manager_in_each_of_two_threads);
    RUN(one_thread_dispatches);
    RUN(dispatch_thread);
    RUN(dispatch_thread_stops_itself);
    RUN(manager_frees_itself_on_its_thread);
    RUN(freed_with_its_thread);
    RUN(both_dispatch);
    RUN(thousands_of_temporaries);
    RUN(waiting_for_nothing);
    RUN(waiting_times_out);
    RUN(waiting_without_timeout);
    RUN(freed_while_another_thread_waits);
    return check_result();
}
