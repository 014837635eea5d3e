/* free_in_callbacks.c - objects that are freed while their callbacks run or are pending. */
#include "play.h"
#include <errno.h>
#include <pthread.h>

static const char up[] = "access-point eth0 bearer=ethernet state=active address=192.0.2.1/24\n";
static const char down[] = "access-point eth0 bearer=ethernet address=192.0.2.1/24\n";
static const char refused[] = "access-point eth0 bearer=ethernet\nstart eth0 fails aborted \"No.\"\n";

static netsession_manager *manager;
static netsession *session;
static int calls;

static void free_session(void)
{
    calls++;
    CHECK_INT(netsession_free(session), 0);
    CHECK_INT(netsession_state(session), -EBADF);
    CHECK_INT(netsession_free(session), -EBADF);
}

static void in_opened(netsession *s, void *data)
{
    CHECK(s == session && data == &calls);
    free_session();
}

static void in_closed(netsession *s, void *data)
{
    CHECK(s == session && data == &calls);
    free_session();
}

static void in_state(netsession *s, int state, void *data)
{
    CHECK(s == session && data == &calls && state == NETSESSION_STATE_CONNECTING);
    free_session();
}

static void in_error(netsession *s, int error, const char *text, void *data)
{
    CHECK(s == session && data == &calls && error == NETSESSION_ERROR_SESSION_ABORTED);
    free_session();
    CHECK(strstr(text, "No.") != NULL); /* still valid during the callback */
}

/* Opens a session whose callback frees it; closes the session if it opens. */
static void free_in(const char *script, netsession_callbacks callbacks)
{
    manager = play(script);
    netsession_manager_set_callbacks(manager, &play_manager_callbacks);
    callbacks.struct_size = sizeof callbacks;
    callbacks.user_data = &calls;
    session = play_session(manager, "eth0", &callbacks);
    calls = 0;
    netsession_open(session);
    netsession_wait_for_opened(session, PLAY_TIMEOUT);
    netsession_close(session);
    CHECK(play_step(manager));
    CHECK_INT(calls, 1);
    CHECK_INT(netsession_manager_free(manager), 0);
}

static void session_in_its_own_callbacks(void)
{
    free_in(up, (netsession_callbacks){.opened = in_opened});
    free_in(up, (netsession_callbacks){.closed = in_closed});
    free_in(down, (netsession_callbacks){.state_changed = in_state});
    free_in(refused, (netsession_callbacks){.error = in_error});
}

static void free_manager(netsession_manager *m, void *data)
{
    (void)data;
    calls++;
    CHECK_INT(netsession_manager_free(m), 0);
    CHECK_INT(netsession_manager_fd(m), -EBADF);
    CHECK_INT(netsession_manager_dispatch(m), -EBADF);
}

static void manager_in_its_own_callback(void)
{
    netsession_manager *helper;
    netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .update_completed = free_manager,
    };
    manager = play(up);
    helper = play_from_file(play_files[play_file_count - 1]);
    netsession_manager_set_callbacks(helper, &play_manager_callbacks);
    netsession_manager_set_callbacks(manager, &callbacks);
    for (int i = 0; i < 3; i++)
        netsession_manager_update_configurations(manager);
    CHECK(play_step(helper)); /* now the three events are pending */
    calls = 0;
    CHECK_INT(netsession_manager_dispatch(manager), 1);
    CHECK_INT(calls, 1);
    netsession_manager_free(helper);
}

static void free_the_manager(netsession *s, void *data)
{
    (void)data;
    free_manager(manager, NULL);
    CHECK_INT(netsession_is_open(s), 1);
}

static void manager_in_a_callback_of_its_session(void)
{
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .opened = free_the_manager,
    };
    manager = play(up);
    session = play_session(manager, "eth0", &callbacks);
    netsession_open(session);
    calls = 0;
    while (calls == 0 && play_dispatch(manager, play_now() + PLAY_TIMEOUT))
        ;
    CHECK_INT(calls, 1);
    CHECK_INT(netsession_manager_free(manager), -EBADF);
    CHECK_INT(netsession_close(session), 0);
    CHECK_INT(netsession_free(session), 0);
}

static void free_the_session(netsession_manager *m, void *data)
{
    (void)m, (void)data;
    free_session();
}

/* The session's event is pending after the manager's event that frees the session. */
static void session_in_a_callback_of_its_manager(void)
{
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .update_completed = free_the_session,
    };
    struct pollfd fd = {.events = POLLIN};
    manager = play(up);
    netsession_manager_set_callbacks(manager, &callbacks);
    session = play_session(manager, "eth0", &play_callbacks);
    netsession_manager_update_configurations(manager);
    fd.fd = netsession_manager_fd(manager);
    CHECK_INT(poll(&fd, 1, PLAY_TIMEOUT), 1);
    netsession_open(session);
    CHECK_INT(netsession_wait_for_opened(session, PLAY_TIMEOUT), 1);
    calls = 0;
    play_clear();
    CHECK_INT(netsession_manager_dispatch(manager), 1);
    CHECK_INT(calls, 1);
    CHECK_STR(play_events(), "");
    netsession_manager_free(manager);
}

static void free_both(netsession *s, void *data)
{
    (void)s, (void)data;
    free_session();
    free_manager(manager, NULL);
}

static void both_in_one_callback(void)
{
    const netsession_callbacks callbacks = {.struct_size = sizeof callbacks, .opened = free_both};
    manager = play(up);
    session = play_session(manager, "eth0", &callbacks);
    netsession_open(session);
    calls = 0;
    while (calls == 0 && play_dispatch(manager, play_now() + PLAY_TIMEOUT))
        ;
    CHECK_INT(calls, 2);
}

static void take_callbacks_away(netsession *s, void *data)
{
    (void)data;
    calls++;
    CHECK_INT(netsession_set_callbacks(s, NULL), 0);
}

static void callbacks_in_a_callback(void)
{
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .opened = take_callbacks_away,
        .closed = take_callbacks_away,
    };
    manager = play(up);
    netsession_manager_set_callbacks(manager, &play_manager_callbacks);
    session = play_session(manager, "eth0", &callbacks);
    calls = 0;
    netsession_open(session);
    netsession_close(session);
    CHECK(play_step(manager));
    CHECK_INT(calls, 1);
    netsession_free(session);
    netsession_manager_free(manager);
}

/* A callback that blocks until it is released. */
static int in_callback, let_go, freed;

static void stay(void)
{
    __atomic_store_n(&in_callback, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&let_go, __ATOMIC_SEQ_CST))
        poll(NULL, 0, 1);
    /* The thread that frees the object must still be waiting. */
    for (int i = 0; i < 20; i++) {
        CHECK_INT(__atomic_load_n(&freed, __ATOMIC_SEQ_CST), 0);
        poll(NULL, 0, 1);
    }
    __atomic_store_n(&in_callback, 0, __ATOMIC_SEQ_CST);
}

static void stay_in_opened(netsession *s, void *data)
{
    (void)s, (void)data;
    stay();
}

static void stay_in_updated(netsession_manager *m, void *data)
{
    (void)m, (void)data;
    stay();
}

static void *dispatch_once(void *m)
{
    while (!__atomic_load_n(&in_callback, __ATOMIC_SEQ_CST) && play_dispatch(m, play_now() + PLAY_TIMEOUT))
        if (__atomic_load_n(&let_go, __ATOMIC_SEQ_CST))
            break;
    return NULL;
}

static void *release_later(void *data)
{
    poll(NULL, 0, 20);
    __atomic_store_n(&let_go, 1, __ATOMIC_SEQ_CST);
    return data;
}

/* Makes a call that must wait for the callback, which runs on another thread. */
static void waits_for_callback(int (*call)(void))
{
    pthread_t dispatcher, timer;
    in_callback = let_go = freed = 0;
    pthread_create(&dispatcher, NULL, dispatch_once, manager);
    while (!__atomic_load_n(&in_callback, __ATOMIC_SEQ_CST))
        poll(NULL, 0, 1);
    pthread_create(&timer, NULL, release_later, NULL);
    CHECK_INT(call(), 0);
    __atomic_store_n(&freed, 1, __ATOMIC_SEQ_CST);
    CHECK_INT(in_callback, 0);
    pthread_join(timer, NULL);
    pthread_join(dispatcher, NULL);
}

static int call_free_session(void)
{
    return netsession_free(session);
}

static int call_free_manager(void)
{
    return netsession_manager_free(manager);
}

static int call_set_session_callbacks(void)
{
    return netsession_set_callbacks(session, &play_callbacks);
}

static int call_set_manager_callbacks(void)
{
    return netsession_manager_set_callbacks(manager, NULL);
}

static void open_and_stay(void)
{
    const netsession_callbacks callbacks = {.struct_size = sizeof callbacks, .opened = stay_in_opened};
    manager = play(up);
    session = play_session(manager, "eth0", &callbacks);
    netsession_open(session);
}

static void update_and_stay(void)
{
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .update_completed = stay_in_updated,
    };
    manager = play(up);
    netsession_manager_set_callbacks(manager, &callbacks);
    netsession_manager_update_configurations(manager);
}

static void from_another_thread(void)
{
    open_and_stay();
    waits_for_callback(call_free_session);
    netsession_manager_free(manager);

    open_and_stay();
    waits_for_callback(call_set_session_callbacks);
    netsession_free(session);
    netsession_manager_free(manager);

    open_and_stay();
    waits_for_callback(call_free_manager);
    netsession_free(session);

    update_and_stay();
    waits_for_callback(call_free_manager);

    update_and_stay();
    waits_for_callback(call_set_manager_callbacks);
    netsession_manager_free(manager);
}

static int stop;

static void count(netsession *s, int state, void *alive)
{
    (void)s, (void)state;
    CHECK_INT(__atomic_load_n((int *)alive, __ATOMIC_SEQ_CST), 1);
}

/* No callback of a session runs after it was freed, for any timing. */
static void *make_and_free(void *m)
{
    for (int i = 0; i < 2000; i++) {
        int alive = 1;
        const netsession_callbacks callbacks = {
            .struct_size = sizeof callbacks,
            .user_data = &alive,
            .state_changed = count,
        };
        netsession *s = play_session(m, "eth0", &callbacks);
        netsession_open(s);
        if (i % 3 == 0)
            netsession_wait_for_opened(s, PLAY_TIMEOUT);
        CHECK_INT(netsession_free(s), 0);
        __atomic_store_n(&alive, 0, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

static void *dispatch_on(void *m)
{
    while (!__atomic_load_n(&stop, __ATOMIC_SEQ_CST))
        if (netsession_manager_dispatch(m) <= 0)
            poll(NULL, 0, 1);
    return NULL;
}

static void freed_while_events_arrive(void)
{
    enum { MAKERS = 3 };
    pthread_t dispatcher, makers[MAKERS];
    manager = play(down);
    stop = 0;
    pthread_create(&dispatcher, NULL, dispatch_on, manager);
    for (int i = 0; i < MAKERS; i++)
        pthread_create(&makers[i], NULL, make_and_free, manager);
    for (int i = 0; i < MAKERS; i++)
        pthread_join(makers[i], NULL);
    __atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
    pthread_join(dispatcher, NULL);
    netsession_manager_free(manager);
}

static netsession_configuration *shared;

static void *use_shared(void *data)
{
    while (!__atomic_load_n(&stop, __ATOMIC_SEQ_CST)) {
        netsession_configuration *c = __atomic_load_n(&shared, __ATOMIC_SEQ_CST), *copy;
        int state = netsession_configuration_state(c);
        CHECK(state == NETSESSION_CONFIGURATION_STATE_DISCOVERED || state == -EBADF);
        netsession_configuration_name(c);
        if (netsession_configuration_copy(c, &copy) == 0) {
            CHECK_STR(netsession_configuration_identifier(copy), "eth0");
            CHECK_INT(netsession_configuration_free(copy), 0);
        }
    }
    return data;
}

/* A handle that another thread frees becomes invalid; no other error occurs. */
static void handles_in_use(void)
{
    enum { USERS = 2 };
    pthread_t users[USERS];
    manager = play(down);
    stop = 0;
    netsession_manager_configuration_from_identifier(manager, "eth0", &shared);
    for (int i = 0; i < USERS; i++)
        pthread_create(&users[i], NULL, use_shared, NULL);
    for (int i = 0; i < 20000; i++) {
        netsession_configuration *next, *old = shared;
        netsession_manager_configuration_from_identifier(manager, "eth0", &next);
        __atomic_store_n(&shared, next, __ATOMIC_SEQ_CST);
        CHECK_INT(netsession_configuration_free(old), 0);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
    for (int i = 0; i < USERS; i++)
        pthread_join(users[i], NULL);
    netsession_configuration_free(shared);
    netsession_manager_free(manager);
}

int main(void)
{
    RUN(session_in_its_own_callbacks);
    RUN(manager_in_its_own_callback);
    RUN(manager_in_a_callback_of_its_session);
    RUN(session_in_a_callback_of_its_manager);
    RUN(both_in_one_callback);
    RUN(callbacks_in_a_callback);
    RUN(from_another_thread);
    RUN(freed_while_events_arrive);
    RUN(handles_in_use);
    return check_result();
}
