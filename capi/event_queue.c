/* event_queue.c - the waiting events of one manager; event_dispatch.c delivers them. */
#include "event_queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "api_session.h"
#include "event_callbacks.h"
#include "event_coalesce.h"

/* Adaptive: the lock is held for so short a time that a waiter should spin. */
static void init_lock(pthread_mutex_t *lock)
{
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ADAPTIVE_NP);
    pthread_mutex_init(lock, &kind);
    pthread_mutexattr_destroy(&kind);
}

int ns_queue_new(struct ns_queue **queue)
{
    struct ns_queue *q = calloc(1, sizeof *q);
    if (!q)
        return -ENOMEM;
    q->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (q->fd < 0) {
        free(q);
        return -errno;
    }
    q->refs = 1;
    q->interest = 1u << NS_EVENT_LOG;
    init_lock(&q->lock);
    pthread_cond_init(&q->frame_left, NULL);
    *queue = q;
    return 0;
}

void ns_queue_ref(struct ns_queue *q)
{
    __atomic_add_fetch(&q->refs, 1, __ATOMIC_RELAXED);
}

void ns_queue_unref(struct ns_queue *q)
{
    if (__atomic_sub_fetch(&q->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    if (q->fd >= 0)
        close(q->fd);
    ns_events_free(q->first);
    ns_events_free(q->early_log);
    free(q->changed);
    pthread_cond_destroy(&q->frame_left);
    pthread_mutex_destroy(&q->lock);
    free(q);
}

/* Called with the lock held, as ns_queue_append and the functions up to ns_queue_accepts are. */
static void signal_fd(struct ns_queue *q)
{
    const uint64_t one = 1;
    if (q->signalled)
        return;
    q->signalled = 1;
    while (write(q->fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static void link_event(struct ns_queue *q, struct ns_event *event)
{
    event->number = ++q->last_number;
    if (q->first) {
        q->last->next = event;
    } else {
        q->first = event;
        q->appended = q->coalesce_at = 0;
    }
    q->last = event;
    q->appended++;
}

/* For events from the engine's loop, which signals all queues at once. */
static void append_deferred(struct ns_queue *q, struct ns_event *event)
{
    link_event(q, event);
    if (q->signalled || q->wakeup_pending)
        return;
    ns_queue_ref(q);
    q->wakeup_pending = 1;
    q->next = q->wakeup->pending;
    q->wakeup->pending = q;
}

void ns_queue_append(struct ns_queue *q, struct ns_event *event)
{
    link_event(q, event);
    signal_fd(q);
}

void ns_wakeup_signal(struct ns_wakeup *wakeup)
{
    while (wakeup->pending) {
        struct ns_queue *q = wakeup->pending;
        wakeup->pending = q->next;
        pthread_mutex_lock(&q->lock);
        q->wakeup_pending = 0;
        if (q->first && !q->closed)
            signal_fd(q);
        pthread_mutex_unlock(&q->lock);
        ns_queue_unref(q);
    }
}

/* Records that a change of the configuration waits; returns 0 if one waited already. */
static int mark_changed(struct ns_queue *q, const struct ns_config_ref *ref)
{
    const size_t cell = ref->index / 64;
    const uint64_t bit = (uint64_t)1 << ref->index % 64;
    if (cell >= q->changed_size) {
        uint64_t *grown = realloc(q->changed, (cell + 1) * 2 * sizeof *grown);
        if (!grown)
            return 1;
        memset(grown + q->changed_size, 0, ((cell + 1) * 2 - q->changed_size) * sizeof *grown);
        q->changed = grown;
        q->changed_size = (cell + 1) * 2;
    }
    if (q->changed[cell] & bit)
        return 0;
    q->changed[cell] |= bit;
    return 1;
}

void ns_queue_unmark_changed(struct ns_queue *q, const struct ns_config_ref *ref)
{
    if (ref->index / 64 < q->changed_size)
        q->changed[ref->index / 64] &= ~((uint64_t)1 << ref->index % 64);
}

int ns_queue_accepts(const struct ns_queue *q, int kind)
{
    return !q->closed && (q->interest >> kind & 1);
}

void ns_queue_post_config(struct ns_queue *q, int kind, struct ns_config_ref *ref)
{
    struct ns_event *event = NULL, *dropped;
    int accepted;
    pthread_mutex_lock(&q->lock);
    accepted = ns_queue_accepts(q, kind);
    if (accepted && kind == NS_EVENT_CHANGED)
        accepted = mark_changed(q, ref);
    else
        ns_queue_unmark_changed(q, ref);
    if (accepted) {
        ns_config_ref_acquire(ref);
        event = ns_event_new(kind, 0, ref, NULL, 0);
    }
    if (event)
        append_deferred(q, event);
    else if (accepted)
        ns_queue_unmark_changed(q, ref);
    dropped = ns_queue_coalesce(q);
    pthread_mutex_unlock(&q->lock);
    ns_events_free(dropped);
}

void ns_queue_post_number(struct ns_queue *q, int kind, int number)
{
    struct ns_event *event, *dropped;
    pthread_mutex_lock(&q->lock);
    event = ns_queue_accepts(q, kind) ? ns_event_new(kind, number, NULL, NULL, 0) : NULL;
    if (event)
        append_deferred(q, event);
    dropped = ns_queue_coalesce(q);
    pthread_mutex_unlock(&q->lock);
    ns_events_free(dropped);
}

int ns_queue_has_chooser(struct ns_session *session)
{
    struct ns_queue *q = ns_session_lock_queue(session);
    const int has = ns_queue_accepts(q, NS_EVENT_CHOOSE);
    ns_session_unlock_queue(q);
    return has;
}

int ns_queue_post_choose(struct ns_session *session, uint32_t generation, int number)
{
    struct ns_event *event = ns_event_new(NS_EVENT_CHOOSE, number, NULL, NULL, 0);
    struct ns_queue *q;
    int posted;
    if (!event)
        return 0;
    event->session = session;
    event->generation = generation;
    q = ns_session_lock_queue(session);
    posted = ns_queue_accepts(q, NS_EVENT_CHOOSE);
    if (posted)
        append_deferred(q, event);
    ns_session_unlock_queue(q);
    if (!posted)
        ns_events_free(event);
    return posted;
}

void ns_queue_post_session(struct ns_session *session, uint32_t generation, int kind, int number,
                           struct ns_config_ref *ref, const char *text, size_t length)
{
    struct ns_event *event = ns_event_new(kind, number, ref, text, length);
    struct ns_queue *q;
    if (!event)
        return;
    event->session = session;
    event->generation = generation;
    q = ns_session_lock_queue(session);
    if (!q->closed && (session->interest >> kind & 1)) {
        append_deferred(q, event);
        event = ns_queue_coalesce(q);
    }
    ns_session_unlock_queue(q);
    ns_events_free(event);
}

/* A copy of an event that reports a change; NULL for any other. */
static struct ns_event *copy_of(const struct ns_event *event)
{
    if (event->session || event->kind == NS_EVENT_UPDATED || event->kind == NS_EVENT_LOG)
        return NULL;
    if (event->ref)
        ns_config_ref_acquire(event->ref);
    return ns_event_new(event->kind, event->value, event->ref, NULL, 0);
}

void ns_queue_copy(struct ns_queue *from, struct ns_queue *to)
{
    const struct ns_event *event;
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock); /* no other thread has it yet */
    to->interest = from->interest;
    for (event = from->first; event; event = event->next) {
        struct ns_event *copy = copy_of(event);
        if (copy && copy->kind == NS_EVENT_CHANGED)
            mark_changed(to, copy->ref);
        if (copy)
            ns_queue_append(to, copy);
    }
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}
