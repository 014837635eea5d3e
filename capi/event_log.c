/* event_log.c - the log lines of a manager. Lines from before the first callbacks are kept
 * until the host sets callbacks.
 */
#include "event_callbacks.h"
#include "event_coalesce.h"
#include "event_queue.h"

/* Log lines that are kept for the first callbacks. */
enum { EARLY_LINES = 16 };

/* Keeps a log line until there are callbacks; returns the oldest one if there are too
 * many. */
static struct ns_event *keep_early_log(struct ns_queue *q, struct ns_event *event)
{
    struct ns_event **end = &q->early_log, *oldest;
    event->next = q->early_log;
    q->early_log = event;
    if (q->early_log_count < EARLY_LINES) {
        q->early_log_count++;
        return NULL;
    }
    while ((*end)->next)
        end = &(*end)->next;
    oldest = *end;
    *end = NULL;
    return oldest;
}

void ns_queue_flush_early_log(struct ns_queue *q)
{
    struct ns_event *oldest = NULL;
    while (q->early_log) {
        struct ns_event *event = q->early_log;
        q->early_log = event->next;
        event->next = oldest;
        oldest = event;
    }
    while (oldest) {
        struct ns_event *event = oldest;
        oldest = event->next;
        event->next = NULL;
        ns_queue_append(q, event);
    }
}

void ns_queue_post_log(struct ns_queue *q, int level, const char *text, size_t length)
{
    struct ns_event *event = ns_event_new(NS_EVENT_LOG, level, NULL, text, length);
    if (!event)
        return;
    pthread_mutex_lock(&q->lock);
    if (ns_queue_accepts(q, NS_EVENT_LOG) && !q->registered) {
        event = keep_early_log(q, event);
    } else if (ns_queue_accepts(q, NS_EVENT_LOG)) {
        ns_queue_append(q, event);
        event = ns_queue_coalesce(q);
    }
    pthread_mutex_unlock(&q->lock);
    ns_events_free(event);
}
