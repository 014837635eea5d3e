/* coalesce.c - which pending events are superseded by newer ones: the test vectors of the
 * Go side, run with the code of the C side.
 */
#include "../../capi/event_coalesce.c"

#include "check.h"

#include <stdio.h>
#include <string.h>

static const char vectors[] = "core/internal/coalesce/testdata/vectors";

static const char *const kinds[] = {
#define NS_EVENT(kind, rule) #kind,
#include "../../capi/event_rules.h"
};

enum { KINDS = sizeof kinds / sizeof *kinds, MOST = 4096 };

/* The current case of the vector file. */
static struct ns_queue queue;
static char name[128];
static struct ns_event *events[MOST];
static int event_count;

/* Dummies for the sessions and the configurations of a case. */
static char targets[16][16];
static int target_count;

static void *target_of(const char *text)
{
    int i;
    for (i = 0; i < target_count && strcmp(targets[i], text) != 0; i++)
        ;
    if (i == target_count) {
        CHECK(target_count < 16 && strlen(text) < sizeof *targets);
        strcpy(targets[target_count++], text);
    }
    return targets[i];
}

static int kind_of(const char *text)
{
    for (int i = 0; i < KINDS; i++)
        if (strcmp(kinds[i], text) == 0)
            return i;
    return -1;
}

static void append(const char *kind, const char *target)
{
    struct ns_event *event = calloc(1, sizeof *event);
    CHECK(kind_of(kind) >= 0 && event_count < MOST);
    event->kind = kind_of(kind);
    event->number = (uint64_t)event_count + 1;
    if (event->kind <= NS_EVENT_REMOVED)
        event->ref = target_of(target);
    else if (strcmp(target, "-") != 0)
        event->session = target_of(target);
    if (queue.last)
        queue.last->next = event;
    else
        queue.first = event;
    queue.last = event;
    queue.appended++;
    events[event_count++] = event;
}

static void append_group(int count, const char *group)
{
    for (; count > 0; count--) {
        char words[512], *rest = words, *word;
        snprintf(words, sizeof words, "%s", group);
        while ((word = strsep(&rest, " "))) {
            char *colon = strchr(word, ':');
            CHECK(colon != NULL);
            *colon = '\0';
            append(word, colon + 1);
        }
    }
}

static int is_in(const char *ranges, int number)
{
    char words[1024], *rest = words, *word;
    if (strcmp(ranges, "all") == 0)
        return 1;
    snprintf(words, sizeof words, "%s", ranges);
    while ((word = strsep(&rest, " "))) {
        int first = 0, last = 0;
        const int n = sscanf(word, "%d-%d", &first, &last);
        if (n == 1)
            last = first;
        if (n >= 1 && number >= first && number <= last)
            return 1;
    }
    return 0;
}

/* Whether an event is in the queue: the list is in the order of the events. */
static void check_left(const char *ranges)
{
    struct ns_event *dropped = coalesce(&queue), *left = queue.first;
    size_t count = 0;
    for (int i = 0; i < event_count; i++) {
        const int is_left = left == events[i];
        if (is_left != is_in(ranges, i + 1))
            printf("# %s: event %d is %s\n", name, i + 1, is_left ? "left" : "dropped");
        CHECK_INT(is_left, is_in(ranges, i + 1));
        if (is_left) {
            CHECK(left->next || queue.last == left);
            left = left->next;
            count++;
        }
    }
    CHECK(left == NULL);
    CHECK_INT((int)queue.appended, (int)count);
    for (; dropped; dropped = dropped->next)
        count++;
    CHECK_INT((int)count, event_count);
}

static void reset(const char *text)
{
    snprintf(name, sizeof name, "%s", text);
    for (int i = 0; i < event_count; i++)
        free(events[i]);
    event_count = target_count = 0;
    memset(&queue, 0, sizeof queue);
}

static void vectors_of_both_languages(void)
{
    char line[1024];
    int cases = 0;
    FILE *f = fopen(vectors, "r");
    CHECK(f != NULL);
    while (f && fgets(line, sizeof line, f)) {
        char *rest = strchr(line, ' ');
        line[strcspn(line, "\n")] = '\0';
        if (!rest || *line == '#')
            continue;
        *rest++ = '\0';
        if (strcmp(line, "case") == 0)
            reset(rest);
        else if (strcmp(line, "left") == 0)
            check_left(rest), cases++;
        else
            append_group(atoi(line), rest);
    }
    reset("");
    CHECK(cases >= 20);
    if (f)
        fclose(f);
}

/* A slot may be reused while events of its previous session are pending. */
static void sessions_in_one_slot(void)
{
    reset("sessions in one slot");
    for (int i = 0; i < 66; i++) {
        append("STATE", "slot");
        events[i]->generation = i < 33 ? 1 : 3;
    }
    check_left("all");
    reset("");
}

static void short_queue_is_not_coalesced(void)
{
    struct ns_event *dropped;
    reset("a short queue");
    append_group(NS_COALESCE_START - 1, "STATE:s");
    CHECK(ns_queue_coalesce(&queue) == NULL);
    append_group(1, "STATE:s");
    dropped = ns_queue_coalesce(&queue);
    CHECK(dropped != NULL);
    CHECK_INT((int)queue.appended, NS_COALESCE_KEEP);
    CHECK_INT((int)queue.coalesce_at, 2 * NS_COALESCE_KEEP);
    reset("");
}

int main(void)
{
    RUN(vectors_of_both_languages);
    RUN(sessions_in_one_slot);
    RUN(short_queue_is_not_coalesced);
    return check_result();
}
