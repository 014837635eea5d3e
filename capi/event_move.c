/* event_move.c - sessions that change managers, and managers that are copied.
 *
 * A session's queue may be replaced at any time: use ns_session_lock_queue to lock it.
 * The session keeps its first queue until it is freed, so that the queue of a session
 * that never moved is found without a lock.
 */
#include <errno.h>

#include "_cgo_export.h"
#include "api_manager.h"
#include "api_session.h"
#include "event_callbacks.h"
#include "event_queue.h"
#include "rt_fork.h"
#include "rt_signals.h"

/* Held while a session's queue is replaced, and while a queue that is not the
 * session's first one is looked up. It is taken before a queue's lock, never after. */
static pthread_mutex_t move_lock = PTHREAD_MUTEX_INITIALIZER;

/* The session's queue, with a reference for the caller. */
static struct ns_queue *acquire_queue(struct ns_session *session)
{
    struct ns_queue *queue = __atomic_load_n(&session->queue, __ATOMIC_ACQUIRE);
    if (queue == session->first_queue) {
        ns_queue_ref(queue);
        return queue;
    }
    pthread_mutex_lock(&move_lock);
    queue = session->queue;
    ns_queue_ref(queue);
    pthread_mutex_unlock(&move_lock);
    return queue;
}

struct ns_queue *ns_session_lock_queue(struct ns_session *session)
{
    for (;;) {
        struct ns_queue *queue = acquire_queue(session);
        pthread_mutex_lock(&queue->lock);
        if (queue == __atomic_load_n(&session->queue, __ATOMIC_ACQUIRE))
            return queue;
        ns_session_unlock_queue(queue);
    }
}

void ns_session_unlock_queue(struct ns_queue *queue)
{
    pthread_mutex_unlock(&queue->lock);
    ns_queue_unref(queue);
}

/* Called with the locks of both queues held, and move_lock. */
static void replace(struct ns_session *session, struct ns_queue *from, struct ns_queue *to)
{
    ns_queue_move_events(from, to, session);
    if (to != session->first_queue)
        ns_queue_ref(to);
    __atomic_store_n(&session->queue, to, __ATOMIC_RELEASE);
}

/* Returns -EAGAIN if a callback of the session was running on another thread, after
 * it has returned. */
static int move(struct ns_session *session, struct ns_queue *to)
{
    struct ns_queue *from = ns_session_lock_queue(session);
    int err = from == to ? 0 : -EAGAIN;
    ns_queue_wait_for_callbacks(from, session);
    ns_session_unlock_queue(from);
    if (err == 0)
        return 0;
    pthread_mutex_lock(&move_lock);
    from = session->queue;
    pthread_mutex_lock(&from->lock);
    if (from != to && !ns_queue_runs_on_other_thread(from, session)) {
        pthread_mutex_lock(&to->lock);
        err = to->closed ? -EBADF : 0;
        if (err == 0)
            replace(session, from, to);
        pthread_mutex_unlock(&to->lock);
    }
    pthread_mutex_unlock(&from->lock);
    pthread_mutex_unlock(&move_lock);
    if (err == 0 && from != session->first_queue)
        ns_queue_unref(from); /* the session's own reference */
    return err;
}

int netsession_set_manager(netsession *handle, netsession_manager *manager_handle)
{
    int err = -EBADF;
    NS_GUARD(-ECHILD);
    NS_PIN(manager, manager, manager_handle);
    NS_PIN(session, session, handle);
    if (manager && session) {
        err = NS_GO(ns_go_session_shares_engine(session->key, manager->key)) ? -EAGAIN : -EINVAL;
        while (err == -EAGAIN)
            err = move(session, manager->queue);
    }
    return err;
}
