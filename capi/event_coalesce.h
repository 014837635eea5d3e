/* event_coalesce.h - the events of a host that has not dispatched for long. */
#ifndef NS_EVENT_COALESCE_H
#define NS_EVENT_COALESCE_H

#include "event_queue.h"

/* Removes the events that newer ones have superseded, if so many have been appended
 * since the queue was empty or was coalesced that it is worth the time. Returns them,
 * to be freed without the lock. Called with the lock held. */
struct ns_event *ns_queue_coalesce(struct ns_queue *queue);

#endif
