/* event_callbacks.h - one event, and the callback that it calls. */
#ifndef NS_EVENT_CALLBACKS_H
#define NS_EVENT_CALLBACKS_H

#include <stddef.h>
#include <stdint.h>

#include "event_queue.h"

struct ns_event {
    struct ns_event *next;
    uint64_t number; /* serial number in its queue */
    int kind;
    int value;                  /* state, error, level, ... */
    struct ns_session *session; /* NULL: an event of the manager */
    uint32_t generation;        /* of the session */
    struct ns_config_ref *ref;  /* NULL, or counted */
    char text[];
};

/* Makes an event; NULL if there is no memory. Consumes the reference. */
struct ns_event *ns_event_new(int kind, int value, struct ns_config_ref *ref, const char *text,
                              size_t length);
/* Frees a list of events. Must not be called with a queue's lock held. */
void ns_events_free(struct ns_event *event);

/* Call the callback of an event of the manager, or of a session. */
void ns_event_call_manager(const struct ns_event *event,
                           const netsession_manager_callbacks *callbacks,
                           netsession_manager *manager);
void ns_event_call_session(const struct ns_event *event, const netsession_callbacks *callbacks,
                           netsession *session);

/* Calls the manager's choose callback for a session, unless its request to choose is
 * over. */
void ns_event_call_choose(const struct ns_event *event,
                          const netsession_manager_callbacks *callbacks,
                          netsession_manager *manager, netsession *session);

/* Cancels the requests to choose in a list of events: the engine chooses. */
void ns_events_cancel_choose(const struct ns_event *event);

/* The kinds of event that have a callback, as bits 1 << kind. */
uint32_t ns_manager_interest(const netsession_manager_callbacks *callbacks);
uint32_t ns_session_interest(const netsession_callbacks *callbacks);

#endif
