/* event_coalesce.c - drops waiting events that newer ones have superseded.
 *
 * event_rules.h has the rules. They bound the queue of a host that never dispatches by
 * the number of sessions and configurations, and by the calls of the host.
 */
#include "event_coalesce.h"

#include <stdlib.h>

#include "api_session.h"
#include "event_callbacks.h"

enum rule { KEEP, NEWEST, ADD, CHANGE, REMOVE };

static const uint8_t rules[] = {
#define NS_EVENT(kind, rule) [NS_EVENT_##kind] = rule,
#include "event_rules.h"
};

enum {
#define NS_COALESCE(limit, value) NS_COALESCE_##limit = value,
#include "event_rules.h"
};

/* The events of a kind of one session or of the manager, or all events of a configuration. */
struct counter {
    const void *target;     /* NULL: the cell is free */
    uint32_t generation;    /* of the session */
    int kind;               /* NS_EVENT_ADDED for a configuration */
    uint32_t count;         /* of the events; then how many are still to be dropped */
    struct ns_event *added; /* an NS_EVENT_ADDED without its NS_EVENT_REMOVED */
    int dropping;           /* the configuration's life is being dropped */
};

/* A hash table with linear probing, at most half full. */
struct counters {
    struct counter *cells;
    size_t mask;
};

static int is_of(const struct counter *cell, const void *target, uint32_t generation, int kind)
{
    return cell->target == target && cell->generation == generation && cell->kind == kind;
}

/* The counter of an event; all events of the manager have one target. */
static struct counter *counter_of(const struct counters *c, const struct ns_event *event)
{
    static const char manager;
    const int is_config = rules[event->kind] != NEWEST;
    const int kind = is_config ? NS_EVENT_ADDED : event->kind;
    const void *target = is_config        ? (const void *)event->ref
                         : event->session ? (const void *)event->session
                                          : &manager;
    const uint64_t key = (uintptr_t)target + (uint64_t)event->generation * 31 + (uint64_t)kind;
    size_t i = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & c->mask;
    while (c->cells[i].target && !is_of(&c->cells[i], target, event->generation, kind))
        i = (i + 1) & c->mask;
    c->cells[i].target = target;
    c->cells[i].generation = event->generation;
    c->cells[i].kind = kind;
    return &c->cells[i];
}

/* An event is marked by a number that no event in a queue has. */
static void mark_dropped(struct ns_event *event)
{
    event->number = 0;
}

static int is_marked(const struct ns_event *event)
{
    return event->number == 0;
}

static void count(const struct counters *c, struct ns_event *event)
{
    struct counter *counter;
    if (rules[event->kind] == KEEP)
        return;
    counter = counter_of(c, event);
    if (rules[event->kind] == NEWEST) {
        counter->count++;
    } else if (rules[event->kind] == ADD) {
        counter->added = event;
    } else if (rules[event->kind] == REMOVE && counter->added) {
        mark_dropped(counter->added);
        mark_dropped(event);
        counter->added = NULL;
    }
}

/* How many of count events are dropped: an even number, so that events with two values
 * still alternates for the host. */
static uint32_t surplus(uint32_t count)
{
    return count > NS_COALESCE_KEEP ? (count - NS_COALESCE_KEEP) & ~UINT32_C(1) : 0;
}

/* Called with each event in turn, once all are counted. */
static int is_superseded(const struct counters *c, const struct ns_event *event)
{
    struct counter *counter;
    if (rules[event->kind] == KEEP)
        return 0;
    counter = counter_of(c, event);
    switch (rules[event->kind]) {
    case NEWEST:
        return counter->count > 0 && counter->count--;
    case ADD:
        counter->dropping = is_marked(event);
        break;
    case CHANGE:
        return counter->dropping;
    case REMOVE:
        counter->dropping = 0;
        break;
    }
    return is_marked(event);
}

static struct ns_event *unlink_superseded(const struct counters *c, struct ns_queue *q)
{
    struct ns_event **link = &q->first, *event, *dropped = NULL;
    q->last = NULL;
    q->appended = 0;
    while ((event = *link)) {
        if (!is_superseded(c, event)) {
            link = &event->next;
            q->last = event;
            q->appended++;
            continue;
        }
        *link = event->next;
        event->next = dropped;
        dropped = event;
    }
    return dropped;
}

/* Without regard to how many events wait, at most q->appended. */
static struct ns_event *coalesce(struct ns_queue *q)
{
    struct counters counters = {NULL, 1};
    struct ns_event *dropped = NULL;
    while (counters.mask < q->appended * 2)
        counters.mask = counters.mask * 2 + 1;
    counters.cells = calloc(counters.mask + 1, sizeof *counters.cells);
    if (!counters.cells)
        return NULL;
    for (struct ns_event *event = q->first; event; event = event->next)
        count(&counters, event);
    for (size_t i = 0; i <= counters.mask; i++)
        counters.cells[i].count = surplus(counters.cells[i].count);
    dropped = unlink_superseded(&counters, q);
    free(counters.cells);
    return dropped;
}

struct ns_event *ns_queue_coalesce(struct ns_queue *q)
{
    struct ns_event *dropped;
    if (q->appended < q->coalesce_at || q->appended < NS_COALESCE_START)
        return NULL;
    dropped = coalesce(q);
    q->coalesce_at = q->appended * 2; /* so that the cost stays in proportion */
    return dropped;
}
