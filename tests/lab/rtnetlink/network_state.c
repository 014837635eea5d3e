/* network_state.c - reachability, captive portal, transport and metered without a network
 * daemon: the library derives them from the kernel's routes and addresses.
 */
#include "lab.h"

static void on_reach(netsession_manager *m, int reachability, void *data)
{
    (void)m, (void)data;
    lab_record("reach %d", reachability);
}

static void on_portal(netsession_manager *m, int is_behind, void *data)
{
    (void)m, (void)data;
    lab_record("portal %d", is_behind);
}

static void on_transport(netsession_manager *m, int transport, void *data)
{
    (void)m, (void)data;
    lab_record("transport %d", transport);
}

static void on_metered(netsession_manager *m, int is_metered, void *data)
{
    (void)m, (void)data;
    lab_record("metered %d", is_metered);
}

static void watch(void)
{
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .configuration_added = lab_added,
        .configuration_removed = lab_removed,
        .online_state_changed = lab_online,
        .reachability_changed = on_reach,
        .captive_portal_changed = on_portal,
        .transport_changed = on_transport,
        .metered_changed = on_metered,
        .configuration_changed = lab_changed,
    };
    netsession_manager_set_callbacks(lab_manager, &callbacks);
}

static void is(int reachability, int transport, int online)
{
    CHECK_INT(netsession_manager_reachability(lab_manager), reachability);
    CHECK_INT(netsession_manager_transport(lab_manager), transport);
    CHECK_INT(netsession_manager_is_online(lab_manager), online);
    CHECK_INT(netsession_manager_is_behind_captive_portal(lab_manager), 0);
    CHECK_INT(netsession_manager_is_metered(lab_manager), 0);
}

/* The manager's events since mark, without those of links. */
static const char *state_events(int mark)
{
    static char text[400];
    size_t length = 0;
    text[0] = 0;
    for (int i = mark; i < lab_count && length < sizeof text; i++)
        if (strncmp(lab_lines[i], "added", 5) != 0 && strncmp(lab_lines[i], "removed", 7) != 0 &&
            strncmp(lab_lines[i], "changed", 7) != 0)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", length ? ", " : "", lab_lines[i]);
    return text;
}

/* The last line of a list with commas. */
static const char *last_of(const char *lines)
{
    const char *comma = strrchr(lines, ',');
    return comma ? comma + 2 : lines;
}

/* The reachability of a cable increases step by step, and decreases again. */
static void reachability_step_by_step(void)
{
    static const struct {
        const char *command, *events;
        int reachability, transport, online;
    } steps[] = {
        {"ip address add 169.254.7.7/16 scope link dev cable", "reach 2, transport 1",
         NETSESSION_REACHABILITY_LOCAL, NETSESSION_TRANSPORT_ETHERNET, 0},
        {"ip address add 192.0.2.1/24 dev cable", "reach 3",
         NETSESSION_REACHABILITY_SITE, NETSESSION_TRANSPORT_ETHERNET, 0},
        {"ip route add default via 192.0.2.254 dev cable", "online, reach 4",
         NETSESSION_REACHABILITY_ONLINE, NETSESSION_TRANSPORT_ETHERNET, 1},
        {"ip route delete default", "offline, reach 3",
         NETSESSION_REACHABILITY_SITE, NETSESSION_TRANSPORT_ETHERNET, 0},
        {"ip address flush dev cable scope global", "reach 2",
         NETSESSION_REACHABILITY_LOCAL, NETSESSION_TRANSPORT_ETHERNET, 0},
        {"ip -6 address add 2001:db8::1/64 nodad dev cable", "reach 3",
         NETSESSION_REACHABILITY_SITE, NETSESSION_TRANSPORT_ETHERNET, 0},
        {"ip -6 route add default dev cable", "online, reach 4",
         NETSESSION_REACHABILITY_ONLINE, NETSESSION_TRANSPORT_ETHERNET, 1},
        {"ip -n far link set cable.peer down", "offline, reach 1, transport 0",
         NETSESSION_REACHABILITY_DISCONNECTED, NETSESSION_TRANSPORT_UNKNOWN, 0},
    };
    lab_plug_far("cable");
    lab_sync();
    is(NETSESSION_REACHABILITY_DISCONNECTED, NETSESSION_TRANSPORT_UNKNOWN, 0);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int mark = lab_count;
        lab_run("%s", steps[i].command);
        CHECK(lab_await(last_of(steps[i].events))); /* the kernel reports an IPv6 address with a delay */
        lab_sync();
        CHECK_STR(state_events(mark), steps[i].events);
        is(steps[i].reachability, steps[i].transport, steps[i].online);
    }
    lab_run("ip link delete cable");
    lab_sync();
}

/* The link with the better reachability decides. */
static void best_reachability_wins(void)
{
    lab_plug_far("near");
    lab_plug_far("remote");
    lab_run("ip address add 192.0.2.1/24 dev near && ip address add 198.51.100.1/24 dev remote && ip route add default dev remote metric 100 && ip route add default dev near metric 200");
    lab_sync();
    is(NETSESSION_REACHABILITY_ONLINE, NETSESSION_TRANSPORT_ETHERNET, 1);
    int mark = lab_count;
    lab_run("ip -n far link set remote.peer down && ip route delete default dev remote");
    CHECK(lab_await("changed link:remote Defined"));
    lab_sync();
    CHECK_STR(state_events(mark), "");
    lab_run("ip route delete default dev near");
    CHECK(lab_await("reach 3"));
    lab_sync();
    CHECK_STR(state_events(mark), "offline, reach 3");
    lab_run("ip link delete remote && ip link delete near");
    lab_sync();
    is(NETSESSION_REACHABILITY_DISCONNECTED, NETSESSION_TRANSPORT_UNKNOWN, 0);
}

int main(void)
{
    lab_run("sysctl -q net.ipv6.conf.default.disable_ipv6=0 net.ipv6.conf.default.addr_gen_mode=1");
    lab_begin();
    watch();
    RUN(reachability_step_by_step);
    RUN(best_reachability_wins);
    netsession_manager_free(lab_manager);
    return check_result();
}
