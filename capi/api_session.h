/* api_session.h - the slot behind the handle of a session. */
#ifndef NS_API_SESSION_H
#define NS_API_SESSION_H

#include <netsession_private.h>
#include <semaphore.h>
#include <stdint.h>

#include "event_queue.h"
#include "handle_table.h"

/* The calls that ns_go_session_call takes, and the strings of ns_go_session_string. */
enum ns_call {
    NS_CALL_OPEN,
    NS_CALL_CLOSE,
    NS_CALL_STOP,
    NS_CALL_MIGRATE,
    NS_CALL_IGNORE,
    NS_CALL_ACCEPT,
    NS_CALL_REJECT
};
enum { NS_SESSION_ERROR_STRING, NS_SESSION_INTERFACE, NS_SESSION_PROPERTY };

/* A session's numbers, all of which Go writes at once. */
union ns_session_view {
    netsession_view view;
    uint32_t whole; /* atomic */
};

/* The engine writes the view, active_since and link. It holds a pin until
 * ns_session_engine_release. */
struct ns_session {
    struct ns_slot slot;
    union ns_session_view *view; /* constant */
    /* atomic; in ns of CLOCK_MONOTONIC, 0: not active */
    int64_t active_since __attribute__((aligned(8)));
    int32_t link;      /* atomic; index of the link, 0: none */
    uint32_t interest; /* atomic; bits 1 << kind of the events that have a callback */
    struct ns_queue *queue;       /* atomic: see event_move.c; counted, like the next two */
    struct ns_queue *first_queue; /* the queue that the session was made with */
    struct ns_config_ref *ref;    /* to its configuration */
    void *key;                    /* of the Go object; NULL until it is made */
    netsession_callbacks callbacks; /* guarded by the queue's lock */
};

#pragma GCC visibility push(hidden)

/* The words and the views of all sessions. Both are apart from the slots, so that
 * a number is one load away. */
extern uint64_t ns_session_words[NS_SESSIONS];
extern union ns_session_view ns_session_views[NS_SESSIONS];

/* The view of a session that does not exist. */
extern const netsession_view ns_no_session;

/* Publishes, in a forked child, that no session exists. */
void ns_session_views_reset(void);

/* Pins the slot of a handle; NULL if the handle is not live or not yet returned to
 * the host. */
struct ns_session *ns_session_pin(netsession *session);
void ns_session_unpin(struct ns_session *session);
NS_PIN_TYPE(session)

/* Locks the queue that the session's events go to, and unlocks it. */
struct ns_queue *ns_session_lock_queue(struct ns_session *session);
void ns_session_unlock_queue(struct ns_queue *queue);

/* Drops the pin of the engine, which has freed the session. */
void ns_session_engine_release(struct ns_session *session);

/* A thread that waits for the end of an open. */
struct ns_waiter {
    sem_t completed;
    int opened;
};

/* For the engine: stores the result, once, and wakes the thread. */
void ns_waiter_complete(struct ns_waiter *waiter, int opened);

/* Now, in ns of CLOCK_MONOTONIC. */
int64_t ns_monotonic_ns(void);

#pragma GCC visibility pop

#endif
