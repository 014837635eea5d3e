/* event_queue.h - the events of one manager and of the sessions made with it, from
 * the engine's loop to the host's callbacks.
 *
 * Sessions refer to the queue, so that it outlives its manager; it is closed
 * then, and takes nothing any more.
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

/* The members of netsession_manager_callbacks and netsession_callbacks; those
 * of the latter come last, in their order, but for one that asks. */
enum ns_event_kind {
    NS_EVENT_ADDED,
    NS_EVENT_CHANGED,
    NS_EVENT_REMOVED,
    NS_EVENT_ONLINE,
    NS_EVENT_REACHABILITY,
    NS_EVENT_PORTAL,
    NS_EVENT_TRANSPORT,
    NS_EVENT_METERED,
    NS_EVENT_UPDATED,
    NS_EVENT_LOG,
    NS_EVENT_OPENED,
    NS_EVENT_CLOSED,
    NS_EVENT_STATE,
    NS_EVENT_ERROR,
    NS_EVENT_PREFERRED,
    NS_EVENT_ACTIVATED,
    NS_EVENT_POLICIES,
    NS_EVENT_CHOOSE /* of a session, but told by a callback of the manager */
};

/* A callback that runs. Nested dispatches make a stack of them. */
struct ns_frame {
    struct ns_frame *outer;
    const void *target; /* the session, or the queue for the manager */
    uint64_t serial;
};

/* What wakes the hosts of one engine up: once for everything that follows from
 * one cause, which may be thousands of events. It belongs to the engine's loop. */
struct ns_wakeup {
    struct ns_queue *waiting; /* those with new events, referred to */
};

struct ns_queue {
    uint32_t refs;     /* atomic */
    struct ns_wakeup *bell; /* of its engine, set with the manager's client */
    const union ns_network_state *outlook; /* likewise */
    uint32_t interest; /* atomic; set of bits 1 << kind that the manager's callbacks take */
    netsession_manager *manager;

    pthread_mutex_t lock; /* guards what follows, and the callbacks of the sessions */
    int fd;               /* an eventfd; -1 when closed */
    int signalled;        /* it is readable, as it is while events wait */
    int wakeup_pending;           /* it is among those that its bell will wake */
    struct ns_queue *next; /* among those; it belongs to the engine's loop */
    int closed;
    int registered; /* the manager has had callbacks */
    netsession_manager_callbacks callbacks;

    struct ns_event *first, *last;
    uint64_t posted;  /* number of the last event */
    size_t since, limit; /* see event_coalesce.c: events since none waited, and when those are looked at */
    uint64_t *changed; /* a bit for each record with a waiting NS_EVENT_CHANGED */
    size_t changed_size;
    struct ns_event *early; /* log lines from before there were callbacks, newest first */
    int early_count;

    int depth;        /* dispatches that are under way */
    pthread_t thread; /* the one that dispatches, if depth > 0 */
    struct ns_frame *frame;
    uint64_t frames;     /* number of the last one */
    pthread_cond_t left; /* a frame was left */
};

/* Makes an open queue with one reference. Returns 0 or a negative errno. */
int ns_queue_new(struct ns_queue **queue);
void ns_queue_ref(struct ns_queue *queue);
void ns_queue_unref(struct ns_queue *queue);

/* Drops what waits, takes nothing any more, and waits for the callbacks that
 * run on other threads. */
void ns_queue_close(struct ns_queue *queue);

/* Runs the callbacks of what waits now; returns how many, or -EBUSY. */
int ns_queue_dispatch(struct ns_queue *queue);

void ns_queue_set_callbacks(struct ns_queue *queue, const netsession_manager_callbacks *callbacks);
void ns_queue_set_session_callbacks(struct ns_session *session,
                                    const netsession_callbacks *callbacks);

/* Waits for the callbacks of a session that run on another thread now, and
 * whether there are any. Called with the lock held. */
void ns_queue_wait_for_callbacks(struct ns_queue *queue, const struct ns_session *session);
int ns_queue_runs_on_other_thread(const struct ns_queue *queue, const struct ns_session *session);

/* Moves the waiting events of a session behind those of another queue. Called
 * with both locks held. */
void ns_queue_move_events(struct ns_queue *from, struct ns_queue *to,
                          const struct ns_session *session);

/* Lets what changed and waits in one queue wait in another, which is not used
 * yet, and makes it take what the former takes. Called while nothing is posted. */
void ns_queue_copy(struct ns_queue *from, struct ns_queue *to);

/* Puts an event behind those that wait, and makes the descriptor readable.
 * Called with the lock held. */
void ns_queue_append(struct ns_queue *queue, struct ns_event *event);

/* Forgets that a change of the record waits. Called with the lock held. */
void ns_queue_unmark_changed(struct ns_queue *queue, const struct ns_config_ref *record);

/* Lets the log lines out that were put aside until there are callbacks, oldest
 * first. Called with the lock held. */
void ns_queue_flush_early_log(struct ns_queue *queue);

/* Makes the descriptors readable of the queues with new events. */
void ns_wakeup_signal(struct ns_wakeup *bell);

/* Events of the manager, from the engine's loop, which rings the bell afterwards;
 * log lines may come from elsewhere, and are told at once. The queue takes a
 * reference to the record. */
void ns_queue_post_config(struct ns_queue *queue, int kind, struct ns_config_ref *record);
void ns_queue_post_number(struct ns_queue *queue, int kind, int number);
void ns_queue_post_log(struct ns_queue *queue, int level, const char *text, size_t length);

/* An event of a session, unless that is of another generation by now. The
 * record may be NULL; its reference is taken over. */
void ns_queue_post_session(struct ns_session *session, uint32_t generation, int kind, int number,
                           struct ns_config_ref *record, const char *text, size_t length);

/* Whether the manager of a session has a callback that asks what to open. */
int ns_queue_has_chooser(struct ns_session *session);

/* A session's question what to open. Returns 0 if nobody can be asked. */
int ns_queue_post_choose(struct ns_session *session, uint32_t generation, int number);

#endif
