/* event_coalesce.h - the events of a host that has not dispatched for long. */
#ifndef NS_EVENT_COALESCE_H
#define NS_EVENT_COALESCE_H

#include "event_queue.h"

/* Takes out of the queue what newer events have superseded, if so many have
 * come since it was empty or looked through last that this is worth the time;
 * returns it, to be freed without the lock. Called with the lock held. */
struct ns_event *ns_queue_coalesce(struct ns_queue *queue);

#endif
