/* event_queue.h - the events of one manager and of the sessions made with it, from
 * the engine's loop to the host's callbacks.
 *
 * Sessions refer to the queue, so that it outlives its manager; it is closed
 * then, and accepts no more events.
 */
#ifndef NS_EVENT_QUEUE_H
#define NS_EVENT_QUEUE_H

#include <netsession.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "snapshot_config.h"
#include "snapshot_network.h"

struct ns_event;
struct ns_session;

/* NS_EVENT_ADDED and so on. Go computes the kinds of a session from NS_EVENT_OPENED. */
enum ns_event_kind {
#define NS_EVENT(kind, rule) NS_EVENT_##kind,
#include "event_rules.h"
};

/* A callback that is running. Nested dispatches make a stack of them. */
struct ns_frame {
    struct ns_frame *outer;
    const void *target; /* the session, or the queue for the manager */
    uint64_t serial;
};

/* The queues of one engine that have to be signalled: once for everything that follows
 * from one cause, which may be thousands of events. Only the engine's loop touches
 * it. */
struct ns_wakeup {
    struct ns_queue *pending; /* list by next; counted */
};

struct ns_queue {
    uint32_t refs;                         /* atomic */
    struct ns_wakeup *wakeup;              /* of its engine; constant once the manager exists */
    const union ns_network_state *network; /* of its engine; constant likewise */
    uint32_t interest; /* atomic; bits 1 << kind of the events that have a callback */
    netsession_manager *manager;

    pthread_mutex_t lock; /* guards the members below, and the callbacks of the sessions */
    int fd;               /* an eventfd; -1 once closed */
    int signalled;        /* fd is readable, as it is while events wait */
    int wakeup_pending;   /* the queue is in the wakeup's list */
    struct ns_queue *next; /* in that list; only the engine's loop touches it */
    int closed;
    int registered; /* the manager has had callbacks */
    netsession_manager_callbacks callbacks;

    struct ns_event *first, *last;
    uint64_t last_number; /* of the events */
    size_t appended;    /* events since the queue was empty or was coalesced */
    size_t coalesce_at; /* appended has to reach this for the next coalescing */
    uint64_t *changed; /* a bit for each configuration with a waiting NS_EVENT_CHANGED */
    size_t changed_size;
    struct ns_event *early_log; /* lines from before there were callbacks, newest first */
    int early_log_count;

    int depth;        /* of nested dispatches; 0: no thread dispatches */
    pthread_t thread; /* the dispatching thread, if depth > 0 */
    struct ns_frame *frame;
    uint64_t last_frame;       /* serial of the last frame */
    pthread_cond_t frame_left; /* signalled when a callback has returned */
};

/* Makes an open queue with one reference. Returns 0 or a negative errno. */
int ns_queue_new(struct ns_queue **queue);
void ns_queue_ref(struct ns_queue *queue);
void ns_queue_unref(struct ns_queue *queue);

/* Drops the waiting events, accepts no more, and waits for the callbacks that run on
 * other threads. */
void ns_queue_close(struct ns_queue *queue);

/* Runs the callbacks of the events that wait now; returns how many, or -EBUSY. */
int ns_queue_dispatch(struct ns_queue *queue);

void ns_queue_set_callbacks(struct ns_queue *queue, const netsession_manager_callbacks *callbacks);
void ns_queue_set_session_callbacks(struct ns_session *session,
                                    const netsession_callbacks *callbacks);

/* Waits for the callbacks of a session that run on another thread now, and returns
 * whether there are any. Called with the lock held. */
void ns_queue_wait_for_callbacks(struct ns_queue *queue, const struct ns_session *session);
int ns_queue_runs_on_other_thread(const struct ns_queue *queue, const struct ns_session *session);

/* Moves the waiting events of a session to the end of another queue. Called
 * with both locks held. */
void ns_queue_move_events(struct ns_queue *from, struct ns_queue *to,
                          const struct ns_session *session);

/* Copies the waiting events that report changes, and the interest, to a queue that is
 * not used yet. Called while nothing is posted. */
void ns_queue_copy(struct ns_queue *from, struct ns_queue *to);

/* Appends an event, and makes the descriptor readable. Called with the lock held. */
void ns_queue_append(struct ns_queue *queue, struct ns_event *event);

/* Whether an event of a kind has a callback. Called with the lock held. */
int ns_queue_accepts(const struct ns_queue *queue, int kind);

/* Notes that no NS_EVENT_CHANGED of the configuration waits any more. Called with the
 * lock held. */
void ns_queue_unmark_changed(struct ns_queue *queue, const struct ns_config_ref *ref);

/* Appends the log lines that were kept until there are callbacks, oldest first. Called
 * with the lock held. */
void ns_queue_flush_early_log(struct ns_queue *queue);

/* Makes the descriptors of the pending queues readable. */
void ns_wakeup_signal(struct ns_wakeup *bell);

/* Post events of the manager, from the engine's loop, which signals the wakeup
 * afterwards; log lines may come from other threads, and are signalled at once. The
 * queue acquires a reference of its own. */
void ns_queue_post_config(struct ns_queue *queue, int kind, struct ns_config_ref *ref);
void ns_queue_post_number(struct ns_queue *queue, int kind, int number);
void ns_queue_post_log(struct ns_queue *queue, int level, const char *text, size_t length);

/* Posts an event of a session. ref may be NULL; the reference is consumed. Dispatching
 * drops the event if the slot has another generation by then. */
void ns_queue_post_session(struct ns_session *session, uint32_t generation, int kind, int number,
                           struct ns_config_ref *ref, const char *text, size_t length);

/* Whether the manager of a session has a choose callback. */
int ns_queue_has_chooser(struct ns_session *session);

/* Posts a session's request to choose. Returns 0 if there is no callback for it. */
int ns_queue_post_choose(struct ns_session *session, uint32_t generation, int number);

#endif
