/* wifi.c - Wi-Fi profiles, metered links and captive portals.
 *
 * The NetworkManager in this test is a simulation (see mock), because a network namespace
 * has no simulated radio. Tests with cables use a real NetworkManager.
 */
#include "daemon.h"

/* The profiles' identifiers, and the names of their networks. */
#define CAFE_UUID "00000000-0000-4000-8000-000000000011"
#define PARK_UUID "00000000-0000-4000-8000-000000000012"
#define MARK_UUID "00000000-0000-4000-8000-000000000019"
#define CAFE "nm:" CAFE_UUID
#define PARK "nm:" PARK_UUID
#define MARK "nm:" MARK_UUID

#define NM "org.freedesktop.NetworkManager"
#define NM_PATH "/org/freedesktop/NetworkManager"

/* Values of NMConnectivityState and NMMetered. */
enum { PORTAL = 2, LIMITED = 3, FULL = 4 };
enum { METERED_YES = 1, METERED_NO = 2, METERED_GUESS_YES = 3 };

/* Calls a method of the simulation, with its arguments. */
static void call_mock(const char *method)
{
    lab_run("dbus-send --system --print-reply --dest=" NM " /org/freedesktop org.freedesktop.DBus.Mock.%s >/dev/null", method);
}

static void add_profile(const char *name, const char *uuid)
{
    char call[256];
    snprintf(call, sizeof call, "AddProfile string:%s string:%s string:%s", name, uuid, name);
    call_mock(call);
}

static void enter_range(const char *point, const char *network, int strength)
{
    char call[256];
    snprintf(call, sizeof call, "Enter string:%s string:%s byte:%d", point, network, strength);
    call_mock(call);
}

static void leave_range(const char *point)
{
    char call[256];
    snprintf(call, sizeof call, "Leave string:%s", point);
    call_mock(call);
}

/* Sets a property of one of NetworkManager's objects. */
static void set_property(const char *path, const char *interface, const char *property, const char *type, int value)
{
    lab_run("dbus-send --system --print-reply --dest=" NM " " NM_PATH "%s org.freedesktop.DBus.Properties.Set "
            "string:" NM "%s string:%s variant:%s:%d >/dev/null", path, interface, property, type, value);
}

static void set_connectivity(int n) { set_property("", "", "Connectivity", "uint32", n); }
static void set_metered(int n) { set_property("/Devices/wlan0", ".Device", "Metered", "uint32", n); }

static void set_strength(const char *point, int percent)
{
    char path[64];
    snprintf(path, sizeof path, "/AccessPoint/%s", point);
    set_property(path, ".AccessPoint", "Strength", "byte", percent);
}

/* Adds and removes a profile, and waits for both events: then the events of all earlier
 * changes have been delivered. */
static void sync_events(void)
{
    add_profile("mark", MARK_UUID);
    CHECK(lab_await("added " MARK));
    call_mock("RemoveProfile string:" MARK_UUID);
    CHECK(lab_await("removed " MARK));
}

/* Brings the network "cafe" into range, and adds its profile. */
static void enter_cafe(void)
{
    add_profile("cafe", CAFE_UUID);
    enter_range("counter", "cafe", 60);
    CHECK(daemon_await(CAFE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
}

static void leave_cafe(void)
{
    call_mock("RemoveProfile string:" CAFE_UUID);
    leave_range("counter");
    CHECK(daemon_await(CAFE, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    sync_events();
}

/* Opens a session on the network. */
static netsession *open_session(void)
{
    netsession *s = lab_session(CAFE, "s");
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    CHECK(lab_await("s Connected"));
    return s;
}

static void close_session(netsession *s)
{
    netsession_close(s);
    CHECK(lab_await("s Disconnected"));
    netsession_free(s);
}

static void on_reach(netsession_manager *m, int reach, void *data)
{
    (void)m, (void)data;
    lab_record("reach %d", reach);
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

static void on_policies(netsession *s, unsigned policies, void *name)
{
    (void)s;
    lab_record("%s policies %u", (char *)name, policies);
}

/* Records the manager's other events, too. */
static void record_all_events(void)
{
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .configuration_added = lab_added,
        .configuration_changed = lab_changed,
        .configuration_removed = lab_removed,
        .online_state_changed = lab_online,
        .reachability_changed = on_reach,
        .captive_portal_changed = on_portal,
        .transport_changed = on_transport,
        .metered_changed = on_metered,
    };
    netsession_manager_set_callbacks(lab_manager, &callbacks);
}

static void a_profile_in_range_can_be_opened(void)
{
    netsession_configuration *c;
    add_profile("cafe", CAFE_UUID);
    CHECK(daemon_await(CAFE, NETSESSION_CONFIGURATION_STATE_DEFINED));
    enter_range("counter", "cafe", 60);
    CHECK(daemon_await(CAFE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    CHECK_STR(daemon_list_configurations(), CAFE " Discovered wlan0");
    netsession_manager_configuration_from_identifier(lab_manager, CAFE, &c);
    CHECK_STR(netsession_configuration_name(c), "cafe");
    CHECK_INT(netsession_configuration_bearer_type(c), NETSESSION_BEARER_WLAN);
    CHECK_STR(netsession_configuration_bearer_type_name(c), "WLAN");
    CHECK_INT(netsession_configuration_type(c), NETSESSION_CONFIGURATION_TYPE_INTERNET_ACCESS_POINT);
    netsession_configuration_free(c);
    leave_cafe();
}

static void open_and_close(void)
{
    enter_cafe();
    netsession *s = lab_session(CAFE, "s");
    for (int i = 0; i < 3; i++) {
        int mark = lab_count;
        netsession_open(s);
        CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
        CHECK(lab_await("s Connected"));
        CHECK_STR(netsession_interface(s), "wlan0");
        netsession_close(s);
        CHECK(lab_await("s Disconnected"));
        sync_events();
        CHECK_STR(lab_events(mark, "s "), "s Connecting, s opened, s Connected, s closed, s Closing, s Disconnected");
        CHECK_INT(lab_config_state(CAFE), NETSESSION_CONFIGURATION_STATE_DISCOVERED);
    }
    netsession_free(s);
    leave_cafe();
}

static void an_open_network_makes_the_machine_online(void)
{
    enter_cafe();
    CHECK_INT(netsession_manager_is_online(lab_manager), 0);
    netsession *s = lab_session(CAFE, "s");
    netsession_open(s);
    CHECK(lab_await("online"));
    CHECK_INT(netsession_manager_transport(lab_manager), NETSESSION_TRANSPORT_WIFI);
    netsession_close(s);
    CHECK(lab_await("offline")); /* the kernel may report this before NetworkManager */
    sync_events();
    CHECK_INT(netsession_manager_transport(lab_manager), NETSESSION_TRANSPORT_UNKNOWN);
    netsession_free(s);
    leave_cafe();
}

static void the_access_point_leaves_range(void)
{
    enter_cafe();
    netsession *s = open_session();
    int mark = lab_count;
    leave_range("counter");
    CHECK(lab_await("s NotAvailable"));
    sync_events();
    CHECK_STR(lab_events(mark, "s "), "s closed, s SessionAbortedError: cafe"
              " lost its link: it has no carrier any more or went out of range., s NotAvailable");
    CHECK_INT(netsession_is_open(s), 0);
    CHECK_INT(lab_config_state(CAFE), NETSESSION_CONFIGURATION_STATE_DEFINED);
    netsession_open(s);
    CHECK(lab_await("s InvalidConfigurationError"));

    enter_range("counter", "cafe", 60);
    CHECK(lab_await("s Disconnected"));
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    CHECK(lab_await("s Connected"));
    close_session(s);
    leave_cafe();
}

static void one_of_two_access_points_leaves_range(void)
{
    enter_cafe();
    enter_range("terrace", "cafe", 30);
    netsession *s = open_session();
    int mark = lab_count;
    leave_range("terrace");
    sync_events();
    CHECK_STR(lab_events(mark, "s "), "");
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTED);
    close_session(s);
    leave_cafe();
}

/* Dispatches until a configuration is the default one. */
static int await_default(const char *identifier)
{
    long end = lab_now() + LAB_TIMEOUT;
    for (;;) {
        netsession_configuration *c;
        netsession_manager_dispatch(lab_manager);
        netsession_manager_default_configuration(lab_manager, &c);
        int is = strcmp(netsession_configuration_identifier(c), identifier) == 0;
        netsession_configuration_free(c);
        if (is || lab_now() > end)
            return is;
        poll(NULL, 0, 5);
    }
}

static void the_stronger_network_is_the_default(void)
{
    enter_cafe();
    add_profile("park", PARK_UUID);
    enter_range("bench", "park", 40);
    CHECK(daemon_await(PARK, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    CHECK(await_default(CAFE));
    set_strength("bench", 90);
    CHECK(await_default(PARK));
    enter_range("table", "cafe", 100); /* a network has the strength of its best access point */
    CHECK(await_default(CAFE));
    leave_range("table");
    CHECK(await_default(PARK));
    call_mock("RemoveProfile string:" PARK_UUID);
    leave_range("bench");
    leave_cafe();
}

/* Changes of the strength cause no events. */
static void strength_changes_are_not_reported(void)
{
    enter_cafe();
    sync_events();
    int mark = lab_count, reported = 0;
    for (int strength = 20; strength < 40; strength++)
        set_strength("counter", strength);
    add_profile("mark", MARK_UUID);
    long end = lab_now() + LAB_TIMEOUT;
    while (lab_config_state(MARK) != NETSESSION_CONFIGURATION_STATE_DEFINED && lab_now() < end)
        poll(NULL, 0, 5); /* without dispatching */
    CHECK(lab_await("added " MARK));
    for (int i = mark; i < lab_count; i++)
        reported += strncmp(lab_lines[i], "changed " CAFE, strlen("changed " CAFE)) == 0;
    CHECK_INT(reported, 0);
    call_mock("RemoveProfile string:" MARK_UUID);
    CHECK(lab_await("removed " MARK));
    leave_cafe();
}

/* Thirty access points of two networks, and a cable. Jitter of their signals causes no
 * offer; a lasting change causes one offer. */
static void many_access_points(void)
{
    char name[16];
    add_profile("cafe", CAFE_UUID);
    add_profile("park", PARK_UUID);
    for (int i = 0; i < 30; i++) {
        snprintf(name, sizeof name, "point%d", i);
        enter_range(name, i % 2 ? "cafe" : "park", 60);
    }
    CHECK(daemon_await(CAFE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    CHECK(daemon_await(PARK, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    netsession *s = lab_roaming_session("netsession:internet", "s");
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    CHECK(lab_await("s Connected"));
    sync_events();
    int mark = lab_count;
    call_mock("Jitter int32:20 int32:60");
    sync_events();
    CHECK_STR(lab_events(mark, "s "), "");
    lab_plug_with_address("free0", "198.51.100.1/24");
    lab_run("ip route add default via 198.51.100.254 dev free0 metric 100");
    CHECK(lab_await("s prefer link:free0"));
    call_mock("Jitter int32:20 int32:60");
    sync_events();
    CHECK_STR(lab_events(mark, "s "), "s prefer link:free0");
    netsession_free(s);
    lab_run("ip link delete free0");
    for (int i = 0; i < 30; i++) {
        snprintf(name, sizeof name, "point%d", i);
        leave_range(name);
    }
    call_mock("RemoveProfile string:" PARK_UUID);
    call_mock("RemoveProfile string:" CAFE_UUID);
    CHECK(daemon_await(CAFE, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    CHECK(daemon_await(PARK, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    sync_events();
}

static void metered_network_sets_usage_policy(void)
{
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .user_data = (void *)"s",
        .closed = lab_closed,
        .state_changed = lab_state,
        .usage_policies_changed = on_policies,
    };
    enter_cafe();
    netsession *s = open_session();
    netsession_set_callbacks(s, &callbacks);
    CHECK_INT(netsession_usage_policies(s), NETSESSION_POLICY_NONE);
    CHECK_INT(netsession_manager_is_metered(lab_manager), 0);
    sync_events();
    int mark = lab_count;
    const int words[] = {METERED_YES, METERED_NO, METERED_GUESS_YES, METERED_NO};
    for (int i = 0; i < 4; i++) {
        int is_metered = words[i] != METERED_NO;
        set_metered(words[i]);
        sync_events();
        CHECK_INT(netsession_usage_policies(s), is_metered ? NETSESSION_POLICY_NO_BACKGROUND_TRAFFIC : NETSESSION_POLICY_NONE);
        CHECK_INT(netsession_manager_is_metered(lab_manager), is_metered);
    }
    CHECK_STR(lab_events(mark, "s "), "s policies 1, s policies 0, s policies 1, s policies 0");
    CHECK_STR(lab_events(mark, "metered "), "metered 1, metered 0, metered 1, metered 0");
    close_session(s);
    leave_cafe();
}

static void behind_a_captive_portal(void)
{
    enter_cafe();
    netsession *s = open_session();
    sync_events();
    int mark = lab_count;
    CHECK_INT(netsession_manager_reachability(lab_manager), NETSESSION_REACHABILITY_ONLINE);
    CHECK_INT(netsession_manager_is_behind_captive_portal(lab_manager), 0);
    set_connectivity(PORTAL);
    CHECK(lab_await("portal 1"));
    CHECK_INT(netsession_manager_reachability(lab_manager), NETSESSION_REACHABILITY_SITE);
    CHECK_INT(netsession_manager_is_behind_captive_portal(lab_manager), 1);
    set_connectivity(LIMITED);
    CHECK(lab_await("portal 0"));
    CHECK_INT(netsession_manager_reachability(lab_manager), NETSESSION_REACHABILITY_SITE);
    set_connectivity(FULL);
    sync_events();
    CHECK_INT(netsession_manager_reachability(lab_manager), NETSESSION_REACHABILITY_ONLINE);
    CHECK_INT(netsession_manager_is_behind_captive_portal(lab_manager), 0);
    CHECK_STR(lab_events(mark, "portal "), "portal 1, portal 0");
    CHECK_STR(lab_events(mark, "reach "), "reach 3, reach 4");
    close_session(s);
    sync_events();
    CHECK_INT(netsession_manager_reachability(lab_manager), NETSESSION_REACHABILITY_DISCONNECTED);
    leave_cafe();
}

int main(void)
{
    lab_begin();
    record_all_events();
    RUN(a_profile_in_range_can_be_opened);
    RUN(open_and_close);
    RUN(an_open_network_makes_the_machine_online);
    RUN(the_access_point_leaves_range);
    RUN(one_of_two_access_points_leaves_range);
    RUN(the_stronger_network_is_the_default);
    RUN(strength_changes_are_not_reported);
    RUN(many_access_points);
    RUN(metered_network_sets_usage_policy);
    RUN(behind_a_captive_portal);
    netsession_manager_free(lab_manager);
    return check_result();
}
