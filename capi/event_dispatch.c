/* event_dispatch.c - from the queue to the callbacks: no lock is held while a callback
 * runs, and a call that removes a callback waits until it has returned.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "api_session.h"
#include "event_callbacks.h"
#include "event_queue.h"

/* All functions except the public ones are called with the queue's lock held. */

static struct ns_event *pop(struct ns_queue *q)
{
    struct ns_event *event = q->first;
    q->first = event->next;
    event->next = NULL;
    if (event->kind == NS_EVENT_CHANGED)
        ns_queue_unmark_changed(q, event->ref);
    return event;
}

/* Makes the descriptor unreadable if no event waits. */
static void clear_fd(struct ns_queue *q)
{
    uint64_t token;
    if (q->first || !q->signalled || q->closed)
        return;
    q->signalled = 0;
    while (read(q->fd, &token, sizeof token) < 0 && errno == EINTR)
        ;
}

static void push_frame(struct ns_queue *q, struct ns_frame *frame, const void *target)
{
    frame->outer = q->frame;
    frame->target = target;
    frame->serial = ++q->last_frame;
    q->frame = frame;
}

static void enter_callback(struct ns_queue *q, struct ns_frame *frame, const void *target)
{
    push_frame(q, frame, target);
    pthread_mutex_unlock(&q->lock);
}

static void leave_callback(struct ns_queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->frame = q->frame->outer;
    pthread_cond_broadcast(&q->frame_left);
}

static void deliver_to_manager(struct ns_queue *q, struct ns_event *event)
{
    const netsession_manager_callbacks callbacks = q->callbacks;
    struct ns_frame frame;
    enter_callback(q, &frame, q);
    ns_event_call_manager(event, &callbacks, q->manager);
    ns_events_free(event);
    leave_callback(q);
}

static void deliver_to_session(struct ns_queue *q, struct ns_event *event, uint64_t word)
{
    struct ns_session *session = event->session;
    const netsession_callbacks callbacks = session->callbacks;
    struct ns_frame frame;
    enter_callback(q, &frame, session);
    ns_event_call_session(event, &callbacks, ns_handle(&ns_sessions, &session->slot, word));
    ns_events_free(event);
    leave_callback(q);
}

/* The choose callback belongs to the manager and to the session: removing the
 * callbacks of either waits for it. */
static void deliver_choose(struct ns_queue *q, struct ns_event *event, uint64_t word)
{
    struct ns_session *session = event->session;
    const netsession_manager_callbacks callbacks = q->callbacks;
    struct ns_frame outer, inner;
    push_frame(q, &outer, q);
    enter_callback(q, &inner, session);
    ns_event_call_choose(event, &callbacks, q->manager,
                         ns_handle(&ns_sessions, &session->slot, word));
    ns_events_free(event);
    leave_callback(q);
    q->frame = outer.outer;
}

/* Drops an event whose session was freed. */
static void discard(struct ns_queue *q, struct ns_event *event)
{
    pthread_mutex_unlock(&q->lock);
    ns_events_free(event);
    pthread_mutex_lock(&q->lock);
}

/* Returns how many events were delivered. */
static int deliver(struct ns_queue *q, struct ns_event *event)
{
    uint64_t word;
    if (!event->session) {
        deliver_to_manager(q, event);
        return 1;
    }
    word = ns_word(&event->session->slot);
    if ((uint32_t)(word >> NS_WORD_GENERATION) != event->generation) {
        discard(q, event);
        return 0;
    }
    if (event->kind == NS_EVENT_CHOOSE)
        deliver_choose(q, event, word);
    else
        deliver_to_session(q, event, word);
    return 1;
}

static int dispatch(struct ns_queue *q)
{
    const uint64_t last = q->last_number;
    int delivered = 0;
    q->thread = pthread_self();
    q->depth++;
    while (!q->closed && q->first && q->first->number <= last)
        delivered += deliver(q, pop(q));
    q->depth--;
    clear_fd(q);
    return delivered;
}

int ns_queue_dispatch(struct ns_queue *q)
{
    int result;
    pthread_mutex_lock(&q->lock);
    if (q->depth > 0 && !pthread_equal(q->thread, pthread_self()))
        result = -EBUSY;
    else
        result = dispatch(q);
    pthread_mutex_unlock(&q->lock);
    return result;
}

/* Whether another thread is in a callback of the target that began no later
 * than that number; a NULL target means any. */
static int runs_on_other_thread(const struct ns_queue *q, const void *target, uint64_t serial)
{
    const struct ns_frame *frame;
    if (q->depth == 0 || pthread_equal(q->thread, pthread_self()))
        return 0;
    for (frame = q->frame; frame; frame = frame->outer)
        if (frame->serial <= serial && (!target || frame->target == target))
            return 1;
    return 0;
}

static void wait_for_callbacks(struct ns_queue *q, const void *target)
{
    const uint64_t serial = q->last_frame;
    while (runs_on_other_thread(q, target, serial))
        pthread_cond_wait(&q->frame_left, &q->lock);
}

void ns_queue_close(struct ns_queue *q)
{
    struct ns_event *waiting;
    pthread_mutex_lock(&q->lock);
    waiting = q->first;
    q->first = NULL;
    q->closed = 1;
    __atomic_store_n(&q->interest, 0, __ATOMIC_RELAXED);
    wait_for_callbacks(q, NULL);
    close(q->fd);
    q->fd = -1;
    pthread_mutex_unlock(&q->lock);
    ns_events_cancel_choose(waiting);
    ns_events_free(waiting);
}

/* Removes the waiting requests to choose from the queue. */
static struct ns_event *take_choose_events(struct ns_queue *q)
{
    struct ns_event **place = &q->first, *event, *last = NULL, *requests = NULL;
    while ((event = *place)) {
        if (event->kind != NS_EVENT_CHOOSE) {
            last = event;
            place = &event->next;
            continue;
        }
        *place = event->next;
        event->next = requests;
        requests = event;
    }
    q->last = last;
    return requests;
}

void ns_queue_set_callbacks(struct ns_queue *q, const netsession_manager_callbacks *callbacks)
{
    struct ns_event *requests = NULL;
    pthread_mutex_lock(&q->lock);
    q->callbacks = *callbacks;
    q->registered = 1;
    if (!q->closed) {
        __atomic_store_n(&q->interest, ns_manager_interest(callbacks), __ATOMIC_RELAXED);
        if (callbacks->log)
            ns_queue_flush_early_log(q);
    }
    if (!callbacks->choose)
        requests = take_choose_events(q);
    wait_for_callbacks(q, q);
    pthread_mutex_unlock(&q->lock);
    ns_events_cancel_choose(requests);
    ns_events_free(requests);
}

void ns_queue_set_session_callbacks(struct ns_session *session,
                                    const netsession_callbacks *callbacks)
{
    struct ns_queue *q = ns_session_lock_queue(session);
    session->callbacks = *callbacks;
    __atomic_store_n(&session->interest, ns_session_interest(callbacks), __ATOMIC_RELAXED);
    wait_for_callbacks(q, session);
    ns_session_unlock_queue(q);
}

void ns_queue_wait_for_callbacks(struct ns_queue *q, const struct ns_session *session)
{
    wait_for_callbacks(q, session);
}

int ns_queue_runs_on_other_thread(const struct ns_queue *q, const struct ns_session *session)
{
    return runs_on_other_thread(q, session, q->last_frame);
}

void ns_queue_move_events(struct ns_queue *from, struct ns_queue *to,
                          const struct ns_session *session)
{
    struct ns_event **link = &from->first, *event, *last = NULL;
    while ((event = *link)) {
        if (event->session == session) {
            *link = event->next;
            event->next = NULL;
            ns_queue_append(to, event);
        } else {
            last = event;
            link = &event->next;
        }
    }
    from->last = last;
    clear_fd(from);
}
