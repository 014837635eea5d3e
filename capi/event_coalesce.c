/* event_coalesce.c - the events of a host that has not dispatched for long.
 *
 * What tells how things stand is superseded by what tells it anew: of each such
 * kind the newest few stay, for each session and for the manager. So does what
 * came and went again, of configurations that the host has not heard of. What
 * tells that something has happened (opened, closed, error, an update that is
 * over) stays, in its order. The queue of a host that never dispatches is so
 * bounded by what there is, and by what the host itself has called for.
 */
#include "event_coalesce.h"

#include <stdlib.h>

#include "api_session.h"
#include "event_callbacks.h"

/* How many of a kind stay, and how many events may wait before it counts. Hosts
 * that keep up never notice. */
enum { KEPT = 32, MANY = 4096 };

/* The events of a kind about one target: the session, the manager, or the
 * configuration. */
struct alike {
    const void *target; /* NULL: the cell is free */
    int kind;
    uint32_t count;        /* of them; then of those to drop */
    struct ns_event *last; /* not taken back by another one */
};

struct census {
    struct alike *cells;
    size_t mask;
};

static struct alike *find(const struct census *census, const void *target, int kind)
{
    const uint64_t mixed = ((uintptr_t)target + (uint64_t)kind) * UINT64_C(0x9E3779B97F4A7C15);
    size_t i = (size_t)(mixed >> 32) & census->mask;
    struct alike *cell = &census->cells[i];
    while (cell->target && (cell->target != target || cell->kind != kind)) {
        i = (i + 1) & census->mask;
        cell = &census->cells[i];
    }
    cell->target = target;
    cell->kind = kind;
    return cell;
}

/* Whether events of the kind tell how things stand. */
static int tells_a_state(int kind)
{
    return (kind >= NS_EVENT_ONLINE && kind <= NS_EVENT_METERED) || kind == NS_EVENT_LOG ||
           kind == NS_EVENT_STATE || kind == NS_EVENT_PREFERRED || kind == NS_EVENT_ACTIVATED ||
           kind == NS_EVENT_POLICIES;
}

static struct alike *those_like(const struct census *census, const struct ns_queue *q,
                                const struct ns_event *event)
{
    const void *target = event->session ? (const void *)event->session : q;
    return find(census, target, event->kind);
}

/* Marks an event to be dropped. */
static void void_event(struct ns_event *event)
{
    event->number = 0;
}

/* A configuration that was removed again before the host has heard of it. */
static void pair(const struct census *census, struct ns_event *event)
{
    struct alike *added = find(census, event->ref, NS_EVENT_ADDED);
    struct alike *changed = find(census, event->ref, NS_EVENT_CHANGED);
    if (event->kind == NS_EVENT_ADDED) {
        added->last = event;
    } else if (event->kind == NS_EVENT_CHANGED) {
        changed->last = event;
    } else if (added->last) {
        if (changed->last && changed->last->number > added->last->number)
            void_event(changed->last);
        void_event(added->last);
        void_event(event);
        added->last = changed->last = NULL;
    }
}

static void count(const struct census *census, struct ns_queue *q)
{
    for (struct ns_event *event = q->first; event; event = event->next) {
        if (event->kind <= NS_EVENT_REMOVED)
            pair(census, event);
        else if (tells_a_state(event->kind))
            those_like(census, q, event)->count++;
    }
}

/* From how many there are to how many are to be dropped: an even number, so
 * that what only goes on and off stays in step with what the host knows. */
static void decide(const struct census *census)
{
    for (size_t i = 0; i <= census->mask; i++) {
        struct alike *cell = &census->cells[i];
        cell->count = cell->count > KEPT ? (cell->count - KEPT) & ~UINT32_C(1) : 0;
    }
}

static int superseded(const struct census *census, const struct ns_queue *q,
                      const struct ns_event *event)
{
    struct alike *alike;
    if (event->number == 0)
        return 1;
    if (!tells_a_state(event->kind))
        return 0;
    alike = those_like(census, q, event);
    if (alike->count == 0)
        return 0;
    alike->count--;
    return 1;
}

static struct ns_event *take_out(const struct census *census, struct ns_queue *q)
{
    struct ns_event **place = &q->first, *event, *dropped = NULL;
    q->last = NULL;
    q->appended = 0;
    while ((event = *place)) {
        if (!superseded(census, q, event)) {
            place = &event->next;
            q->last = event;
            q->appended++;
            continue;
        }
        *place = event->next;
        event->next = dropped;
        dropped = event;
    }
    return dropped;
}

struct ns_event *ns_queue_coalesce(struct ns_queue *q)
{
    struct census census = {NULL, 1};
    struct ns_event *dropped = NULL;
    if (q->appended < q->coalesce_at || q->appended < MANY)
        return NULL;
    while (census.mask < q->appended * 3) /* two cells for each configuration */
        census.mask = census.mask * 2 + 1;
    census.cells = calloc(census.mask + 1, sizeof *census.cells);
    if (census.cells) {
        count(&census, q);
        decide(&census);
        dropped = take_out(&census, q);
    }
    free(census.cells);
    q->coalesce_at = q->appended * 2;
    return dropped;
}
