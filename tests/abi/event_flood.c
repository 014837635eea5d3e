/* event_flood.c - a host does not dispatch while its network changes all the time: memory
 * is bounded, and the events that are delivered in the end are consistent.
 */
#include "play.h"

enum { WARM = 1000, STEPS = 24000 };

/* The sessions lose and regain the cable, and another link is added and removed. */
static const char script[] =
    "access-point eth0 bearer=ethernet state=active address=192.0.2.1/24 default-route=yes metric=1\n"
    "access-point wlan0 bearer=wlan state=active address=192.0.2.2/24 metered=yes\n"
    "repeat 20000 times\n"
    "    on refresh\n        set eth0 state=defined\n        access-point usb0 bearer=ethernet\n"
    "    on refresh\n        set usb0 name=\"new\"\n        remove usb0\n        set eth0 state=active\n"
    "end\n";

struct events {
    int opened, closed, error, states, state, activated, policies;
    int added, changed, removed, present, online_events, online, wrong_edges;
};

static void on_opened(netsession *s, void *data)
{
    (void)s;
    ((struct events *)data)->opened++;
}

static void on_closed(netsession *s, void *data)
{
    (void)s;
    ((struct events *)data)->closed++;
}

static void on_state(netsession *s, int state, void *data)
{
    struct events *events = data;
    (void)s;
    events->states++;
    events->state = state;
}

static void on_error(netsession *s, int error, const char *text, void *data)
{
    (void)s, (void)error, (void)text;
    ((struct events *)data)->error++;
}

static void on_activated(netsession *s, void *data)
{
    (void)s;
    ((struct events *)data)->activated++;
}

static void on_policies(netsession *s, unsigned policies, void *data)
{
    (void)s;
    ((struct events *)data)->policies = (int)policies;
}

static void on_added(netsession_manager *m, netsession_configuration *c, void *data)
{
    struct events *events = data;
    (void)m, (void)c;
    events->added++;
    events->present++;
}

static void on_changed(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, (void)c;
    ((struct events *)data)->changed++;
}

static void on_removed(netsession_manager *m, netsession_configuration *c, void *data)
{
    struct events *events = data;
    (void)m, (void)c;
    events->removed++;
    events->present--;
}

static void on_online(netsession_manager *m, int online, void *data)
{
    struct events *events = data;
    (void)m;
    events->wrong_edges += online == events->online;
    events->online = online;
    events->online_events++;
}

static netsession *watched(netsession_manager *m, const char *id, struct events *events)
{
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks, .user_data = events,
        .opened = on_opened, .closed = on_closed, .state_changed = on_state, .error = on_error,
        .new_configuration_activated = on_activated, .usage_policies_changed = on_policies,
    };
    netsession *s = play_session(m, id, &callbacks);
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 1);
    return s;
}

static long resident(void)
{
    char line[256];
    long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        sscanf(line, "VmRSS: %ld", &kb);
    if (f)
        fclose(f);
    return kb;
}

static void steps(netsession_manager *helper, int count)
{
    for (int i = 0; i < count; i++) {
        CHECK(play_step(helper));
        play_clear(); /* the record has room for PLAY_LINES lines only */
    }
}

static void host_that_does_not_dispatch_bounds_memory(void)
{
    struct events manager = {.online = 1}, single = {0}, roamer = {0};
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks, .user_data = &manager, .configuration_added = on_added,
        .configuration_changed = on_changed, .configuration_removed = on_removed, .online_state_changed = on_online,
    };
    const netsession_manager_callbacks updates = {.struct_size = sizeof updates, .update_completed = play_on_updated};
    const char *path = play_file(script);
    netsession_manager *m = play_from_file(path), *helper = play_from_file(path);
    long before;
    netsession_manager_set_callbacks(helper, &updates);
    netsession_manager_set_callbacks(m, &callbacks);
    netsession *s = watched(m, "eth0", &single), *internet = watched(m, "netsession:internet", &roamer);
    steps(helper, WARM);
    before = resident();
    steps(helper, STEPS);
    printf("# memory grew by %ld kB\n", resident() - before);
    CHECK(resident() - before < 10 * 1024);

    while (netsession_manager_dispatch(m) > 0)
        ;
    CHECK_INT(single.opened, 1);
    CHECK_INT(single.closed, 1);
    CHECK_INT(single.error, 1);
    CHECK_INT(single.state, netsession_state(s));
    CHECK_INT(single.state, NETSESSION_STATE_CONNECTED);
    CHECK_INT(roamer.opened, 1);
    CHECK_INT(roamer.closed, 0);
    CHECK_INT(roamer.state, netsession_state(internet));
    CHECK_INT((unsigned)roamer.policies, netsession_usage_policies(internet));
    CHECK(roamer.activated >= 2 && roamer.activated < 6000);
    CHECK_INT(manager.added, manager.removed);
    CHECK_INT(manager.present, 0);
    CHECK_INT(manager.wrong_edges, 0);
    CHECK_INT(manager.online, netsession_manager_is_online(m));
    CHECK(manager.online_events < 6000);
    netsession_free(s);
    netsession_free(internet);
    netsession_manager_free(helper);
    netsession_manager_free(m);
}

int main(void)
{
    RUN(host_that_does_not_dispatch_bounds_memory);
    return check_result();
}
