/* event_thread.h - the thread that dispatches for a host without a loop. */
#ifndef NS_EVENT_THREAD_H
#define NS_EVENT_THREAD_H

#include "event_queue.h"

struct ns_thread;

/* Starts a thread that dispatches the queue. Returns 0 or a negative errno. */
int ns_thread_start(struct ns_queue *queue, struct ns_thread **thread);

/* Stops it, and waits for its end, unless called on it. */
void ns_thread_stop(struct ns_thread *thread);

#endif
