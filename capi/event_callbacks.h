/* event_callbacks.h - one event, and how it becomes a call. */
#ifndef NS_EVENT_CALLBACKS_H
#define NS_EVENT_CALLBACKS_H

#include <stddef.h>
#include <stdint.h>

#include "event_queue.h"

struct ns_event {
    struct ns_event *next;
    uint64_t number; /* place in the queue's history */
    int kind;
    int value;                  /* state, error, level, ... */
    struct ns_session *session; /* NULL: an event of the manager */
    uint32_t generation;        /* of the session */
    struct ns_config_ref *record;   /* NULL, or referred to */
    char text[];
};

/* Makes an event, taking the reference to the record over; NULL where there is
 * no memory. */
struct ns_event *ns_event_new(int kind, int value, struct ns_config_ref *record, const char *text,
                              size_t length);
/* Frees a list of events. Not to be called with a queue's lock held. */
void ns_events_free(struct ns_event *event);

/* Calls the callback of an event. The session is its handle, NULL for an event
 * of the manager. */
void ns_event_call_manager(const struct ns_event *event, const netsession_manager_callbacks *callbacks,
                           netsession_manager *manager);
void ns_event_call_session(const struct ns_event *event, const netsession_callbacks *callbacks,
                           netsession *session);

/* Calls the manager's callback that asks what a session should open, unless the
 * question is over. */
void ns_event_call_choose(const struct ns_event *event, const netsession_manager_callbacks *callbacks,
                  netsession_manager *manager, netsession *session);

/* Lets the engine decide about the questions in a list of events. */
void ns_events_cancel_choose(const struct ns_event *event);

/* The sets of kinds that have a callback. */
uint32_t ns_manager_interest(const netsession_manager_callbacks *callbacks);
uint32_t ns_session_interest(const netsession_callbacks *callbacks);

#endif
