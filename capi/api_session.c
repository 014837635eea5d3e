/* api_session.c - making and freeing sessions, and their calls. */
#include "api_session.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "_cgo_export.h"
#include "api_configuration.h"
#include "api_manager.h"
#include "api_struct.h"
#include "handle_string.h"
#include "rt_fork.h"
#include "rt_signals.h"

static void destroy(struct ns_slot *slot)
{
    struct ns_session *session = (void *)slot;
    if (session->key)
        NS_GO(ns_go_unref(session->key));
    ns_config_ref_release(session->ref);
    if (session->queue != session->first_queue)
        ns_queue_unref(session->queue);
    ns_queue_unref(session->first_queue);
}

uint64_t ns_session_words[NS_SESSIONS];
union ns_session_view ns_session_views[NS_SESSIONS];

const netsession_view ns_no_session = {
    .state = NETSESSION_STATE_INVALID,
    .error = NETSESSION_ERROR_INVALID_CONFIGURATION,
};

struct ns_table ns_sessions = {
    .kind = NS_SESSION,
    .size = sizeof(struct ns_session),
    .capacity = NS_SESSIONS,
    .words = ns_session_words,
    .destroy = destroy,
    .lock = PTHREAD_MUTEX_INITIALIZER,
};

/* No other thread is left, so that nothing is locked. */
void ns_session_views_reset(void)
{
    for (uint32_t i = 0; i < ns_sessions.unused; i++)
        ns_session_views[i].view = ns_no_session;
}

int64_t ns_monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void ns_session_engine_release(struct ns_session *session)
{
    const int previous = ns_set_in_go(1);
    ns_unpin(&ns_sessions, session);
    ns_set_in_go(previous);
}

/* Initialises a reserved slot. Consumes the reference. */
static void init(struct ns_session *session, struct ns_queue *queue, struct ns_config_ref *ref)
{
    ns_queue_ref(queue);
    session->queue = session->first_queue = queue;
    session->ref = ref;
    session->view = &ns_session_views[session->slot.index];
    session->key = NULL;
    session->interest = 0;
    memset(&session->callbacks, 0, sizeof session->callbacks);
    __atomic_store_n(&session->active_since, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&session->link, 0, __ATOMIC_RELAXED);
}

/* The engine publishes to the slot before its handle is returned to the host,
 * so that the slot is made live first. One pin is the engine's. */
static int create(struct ns_manager *manager, struct ns_config_ref *ref, netsession **out)
{
    struct ns_session *session;
    struct ns_config_ref *own;
    netsession *handle;
    void *slot, *key = NULL;
    int err = ns_reserve(&ns_sessions, &slot, 1);
    if (err < 0)
        return err;
    session = slot;
    own = ref->key && ref->wakeup != manager->queue->wakeup
              ? NS_GO(ns_go_manager_resolve(manager->key, ref->key))
              : NULL;
    if (!own) {
        ns_config_ref_acquire(ref);
        own = ref;
    }
    init(session, manager->queue, own);
    handle = ns_publish(&ns_sessions, session, 1, 0);
    err = NS_GO(ns_go_session_new(manager->key, own->key, session,
                                  (uint32_t)(ns_word(&session->slot) >> NS_WORD_GENERATION), &key));
    if (err < 0) {
        ns_unpin(&ns_sessions, ns_invalidate(&ns_sessions, handle));
        ns_session_engine_release(session);
        return err;
    }
    __atomic_store_n(&session->key, key, __ATOMIC_RELEASE);
    *out = handle;
    return 0;
}

int netsession_new(netsession_manager *manager_handle, netsession_configuration *configuration,
                   netsession **session)
{
    int err = -EBADF;
    if (session)
        *session = NULL;
    NS_GUARD(-ECHILD);
    if (!session)
        return -EINVAL;
    NS_PIN(manager, manager, manager_handle);
    NS_PIN(config, config, configuration);
    if (manager && config)
        err = NS_GO(create(manager, config->ref, session));
    return err;
}

struct ns_session *ns_session_pin(netsession *handle)
{
    struct ns_session *session = ns_pin(&ns_sessions, handle);
    if (session && !__atomic_load_n(&session->key, __ATOMIC_ACQUIRE)) {
        ns_unpin(&ns_sessions, session);
        return NULL;
    }
    return session;
}

void ns_session_unpin(struct ns_session *session)
{
    ns_unpin(&ns_sessions, session);
}

static void free_and_unpin(struct ns_session *session)
{
    NS_GO(ns_go_session_free(session->key));
    ns_session_unpin(session);
}

int netsession_free(netsession *handle)
{
    static const netsession_callbacks none;
    struct ns_session *session;
    NS_GUARD(-ECHILD);
    session = ns_session_pin(handle); /* a handle that the host has not got yet has no key */
    if (!session)
        return -EBADF;
    ns_session_unpin(session);
    session = ns_invalidate(&ns_sessions, handle);
    if (!session)
        return -EBADF;
    ns_queue_set_session_callbacks(session, &none);
    NS_GO(free_and_unpin(session));
    return 0;
}

int netsession_set_callbacks(netsession *handle, const netsession_callbacks *callbacks)
{
    netsession_callbacks c;
    int err;
    NS_GUARD(-ECHILD);
    NS_PIN(session, session, handle);
    if (!session)
        return -EBADF;
    err = ns_copy_struct(&c, sizeof c, callbacks, offsetof(netsession_callbacks, opened));
    if (err == 0) {
        ns_queue_set_session_callbacks(session, &c);
        NS_GO(ns_go_session_set_asks(session->key, c.preferred_configuration_changed != NULL));
    }
    return err;
}

int netsession_get_configuration(netsession *handle, netsession_configuration **configuration)
{
    if (configuration)
        *configuration = NULL;
    NS_GUARD(-ECHILD);
    if (!configuration)
        return -EINVAL;
    NS_PIN(session, session, handle);
    if (!session)
        return -EBADF;
    ns_config_ref_acquire(session->ref);
    return ns_config_new(session->ref, configuration);
}

static int call_go(netsession *handle, enum ns_call call)
{
    NS_PIN(session, session, handle);
    if (!session)
        return -EBADF;
    return NS_GO(ns_go_session_call(session->key, call));
}

int netsession_open(netsession *session)
{
    NS_GUARD(-ECHILD);
    return call_go(session, NS_CALL_OPEN);
}

int netsession_close(netsession *session)
{
    NS_GUARD(-ECHILD);
    return call_go(session, NS_CALL_CLOSE);
}

int netsession_stop(netsession *session)
{
    NS_GUARD(-ECHILD);
    return call_go(session, NS_CALL_STOP);
}

int netsession_migrate(netsession *session)
{
    NS_GUARD(-ECHILD);
    return call_go(session, NS_CALL_MIGRATE);
}

int netsession_ignore(netsession *session)
{
    NS_GUARD(-ECHILD);
    return call_go(session, NS_CALL_IGNORE);
}

int netsession_accept(netsession *session)
{
    NS_GUARD(-ECHILD);
    return call_go(session, NS_CALL_ACCEPT);
}

int netsession_reject(netsession *session)
{
    NS_GUARD(-ECHILD);
    return call_go(session, NS_CALL_REJECT);
}

void ns_waiter_complete(struct ns_waiter *waiter, int opened)
{
    waiter->opened = opened;
    sem_post(&waiter->completed);
}

/* Waits here rather than in Go, so that the host's signals are handled meanwhile. */
static int wait_for_opened(void *key, int msecs)
{
    struct ns_waiter waiter;
    int opened, cancel;
    sem_init(&waiter.completed, 0, 0);
    opened = NS_GO(ns_go_session_wait(key, msecs, &waiter));
    if (opened == -EAGAIN) {
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel); /* the waiter is on this stack */
        while (sem_wait(&waiter.completed) < 0 && errno == EINTR)
            ;
        pthread_setcancelstate(cancel, NULL);
        opened = waiter.opened;
    }
    sem_destroy(&waiter.completed);
    return opened;
}

int netsession_wait_for_opened(netsession *handle, int msecs)
{
    NS_GUARD(-ECHILD);
    NS_PIN(session, session, handle);
    if (!session)
        return -EBADF;
    return wait_for_opened(session->key, msecs);
}

int netsession_is_opening(netsession *handle)
{
    NS_GUARD(-ECHILD);
    NS_PIN(session, session, handle);
    if (!session)
        return -EBADF;
    return NS_GO(ns_go_session_opening(session->key));
}
