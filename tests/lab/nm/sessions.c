/* sessions.c - configurations and sessions beside a real NetworkManager. */
#include "nm.h"

/* The error text that every open session gets at a stop. */
#define STOPPED "SessionAbortedError: The session on office was closed because its network was stopped."

static void profiles_devices_and_links_are_listed_once(void)
{
    nm_add_office();
    daemon_add_cable("eth1");                               /* managed, without a profile */
    lab_run("ip link add free0 type veth peer name free0.peer"); /* not managed */
    nm_add_profile(HOTEL, "hotel", "eth9", "autoconnect no"); /* for a link that does not exist */
    CHECK(daemon_await("nm:device:eth1", NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    CHECK(daemon_await("link:free0", NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_DEFINED));
    nm_sync();
    CHECK_STR(daemon_list_configurations(), "link:free0 Discovered free0, link:free0.peer Discovered free0.peer, " OFFICE " Discovered eth0, " HOTEL
                               " Defined , nm:device:eth1 Discovered eth1");
    lab_run("ip link delete free0");
    nm_clear();
    CHECK_STR(daemon_list_configurations(), "");
}

static void profile_getters(void)
{
    netsession_configuration *c;
    nm_add_office();
    netsession_manager_configuration_from_identifier(lab_manager, OFFICE, &c);
    CHECK_INT(netsession_configuration_is_valid(c), 1);
    CHECK_STR(netsession_configuration_name(c), "office");
    CHECK_STR(netsession_configuration_interface(c), "eth0");
    CHECK_STR(netsession_configuration_bearer_type_name(c), "Ethernet");
    CHECK_INT(netsession_configuration_type(c), NETSESSION_CONFIGURATION_TYPE_INTERNET_ACCESS_POINT);
    CHECK(netsession_manager_capabilities(lab_manager) & NETSESSION_CAPABILITY_CAN_START_AND_STOP_INTERFACES);
    int mark = lab_count;
    lab_run("nmcli connection modify office connection.id renamed");
    nm_sync();
    CHECK_STR(lab_events(mark, "changed nm:"), "changed " OFFICE " Discovered");
    CHECK_STR(netsession_configuration_name(c), "renamed");
    lab_run("nmcli connection modify renamed connection.id office");
    netsession_configuration_free(c);
    nm_clear();
}

static void a_profile_is_found_by_its_settings_path(void)
{
    char path[128] = "";
    netsession_configuration *by_path, *by_uuid;
    nm_add_office();
    FILE *pipe = popen("nmcli -t -f DBUS-PATH,NAME connection | sed -n s/:office//p", "r");
    CHECK(fgets(path, sizeof path, pipe) != NULL);
    pclose(pipe);
    path[strcspn(path, "\n")] = 0;
    netsession_manager_configuration_from_identifier(lab_manager, path, &by_path);
    netsession_manager_configuration_from_identifier(lab_manager, OFFICE, &by_uuid);
    CHECK_INT(netsession_configuration_is_valid(by_path), 1);
    CHECK_STR(netsession_configuration_identifier(by_path), OFFICE);
    CHECK_INT(netsession_configuration_equal(by_path, by_uuid), 1);
    netsession_configuration_free(by_path);
    netsession_configuration_free(by_uuid);
    nm_clear();
}

static void open_and_close_a_static_profile(void)
{
    nm_add_office();
    netsession *s = lab_session(OFFICE, "s");
    CHECK_INT(netsession_state(s), NETSESSION_STATE_DISCONNECTED);
    for (int i = 0; i < 3; i++) {
        int mark = lab_count;
        netsession_open(s);
        CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
        CHECK(lab_await("s Connected"));
        CHECK(nm_is_active("office"));
        CHECK_STR(netsession_interface(s), "eth0");
        CHECK(netsession_interface_index(s) > 0);
        CHECK_STR(netsession_property(s, "ActiveConfiguration"), OFFICE);
        netsession_close(s);
        CHECK(lab_await("s Disconnected"));
        nm_sync();
        CHECK_STR(lab_events(mark, "s "), "s Connecting, s opened, s Connected, s closed, s Closing, s Disconnected");
        CHECK(!nm_is_active("office"));
        CHECK_STR(netsession_interface(s), "");
    }
    netsession_free(s);
    nm_clear();
}

static void an_open_profile_makes_the_machine_online(void)
{
    netsession_configuration *c;
    nm_add_office();
    CHECK_INT(netsession_manager_is_online(lab_manager), 0);
    netsession *s = lab_session(OFFICE, "s");
    netsession_open(s);
    CHECK(lab_await("online"));
    netsession_manager_default_configuration(lab_manager, &c);
    CHECK_STR(netsession_configuration_identifier(c), OFFICE);
    netsession_configuration_free(c);
    netsession_close(s);
    CHECK(lab_await("offline"));
    netsession_free(s);
    nm_clear();
}

static void open_and_close_by_dhcp(void)
{
    nm_add_hotel(30);
    daemon_start_dhcp("eth0");
    netsession *s = lab_session(HOTEL, "s");
    int mark = lab_count;
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    lab_run("ip -4 address show dev eth0 | grep -q 198.51.100");
    CHECK(netsession_bytes_written(s) > 0);
    CHECK(netsession_bytes_received(s) > 0);
    netsession_close(s);
    CHECK(lab_await("s Disconnected"));
    CHECK_STR(lab_events(mark, "s "), "s Connecting, s opened, s Connected, s closed, s Closing, s Disconnected");
    netsession_free(s);
    daemon_stop_dhcp("eth0");
    nm_clear();
}

static void a_device_without_a_profile_can_be_opened(void)
{
    daemon_add_cable("eth0");
    daemon_start_dhcp("eth0");
    CHECK(daemon_await("nm:device:eth0", NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    netsession *s = lab_session("nm:device:eth0", "s");
    int mark = lab_count;
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    CHECK_STR(daemon_list_configurations(), "nm:device:eth0 Active eth0");
    netsession_close(s);
    CHECK(lab_await("s Disconnected"));
    nm_sync();
    CHECK_STR(lab_events(mark, "s "), "s Connecting, s opened, s Connected, s closed, s Closing, s Disconnected");
    netsession_free(s);
    daemon_stop_dhcp("eth0");
    nm_clear();
}

static void no_answer_by_dhcp(void)
{
    nm_add_hotel(2);
    netsession *s = lab_session(HOTEL, "s");
    int mark = lab_count;
    netsession_open(s);
    CHECK(lab_await("s UnknownSessionError: The network \"hotel\" could not be started"));
    CHECK(strstr(netsession_error_string(s), "(NetworkManager: ip-config-unavailable)") != NULL);
    CHECK(strstr(netsession_error_string(s), "DHCP server") != NULL);
    CHECK_INT(netsession_error(s), NETSESSION_ERROR_UNKNOWN);
    nm_sync();
    CHECK(strncmp(lab_events(mark, "s "), "s Connecting, s Disconnected, s UnknownSessionError: ", 53) == 0);
    CHECK_STR(lab_events(mark, "s opened"), "");
    netsession_free(s);
    nm_clear();
}

static void connect_timeout_withdraws_activation(void)
{
    netsession_configuration *c;
    nm_add_hotel(60);
    netsession_manager_configuration_from_identifier(lab_manager, HOTEL, &c);
    netsession_configuration_set_connect_timeout(c, 300);
    netsession *s = lab_session(HOTEL, "s");
    int mark = lab_count;
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 0);
    CHECK_INT(netsession_state(s), NETSESSION_STATE_DISCONNECTED);
    CHECK(lab_await("s UnknownSessionError: hotel did not come up within 300ms"));
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    nm_sync();
    CHECK(lab_timed_out(mark, "s"));
    CHECK(!nm_is_active("hotel"));
    netsession_configuration_set_connect_timeout(c, 0);
    netsession_configuration_free(c);
    netsession_free(s);
    nm_clear();
}

static void close_withdraws_an_attempt(void)
{
    nm_add_hotel(60);
    netsession *s = lab_session(HOTEL, "s");
    int mark = lab_count;
    netsession_open(s);
    CHECK(lab_await("s Connecting"));
    lab_run("timeout 120 sh -c 'until nmcli -t -f DEVICE,STATE device | grep -q \"eth0:connecting .getting IP\"; do :; done'");
    netsession_close(s);
    CHECK(lab_await("s Disconnected"));
    nm_sync();
    CHECK_STR(lab_events(mark, "s "), "s Connecting, s Closing, s Disconnected");
    CHECK(!nm_is_active("hotel"));
    netsession_free(s);
    nm_clear();
}

static void the_last_of_two_takes_down(void)
{
    nm_add_office();
    netsession *first = lab_session(OFFICE, "first");
    netsession *second = lab_session(OFFICE, "second");
    netsession_open(first);
    netsession_open(second);
    CHECK_INT(netsession_wait_for_opened(first, LAB_TIMEOUT), 1);
    CHECK_INT(netsession_wait_for_opened(second, LAB_TIMEOUT), 1);
    netsession_close(first);
    CHECK(lab_await("first closed"));
    nm_sync();
    CHECK(nm_is_active("office"));
    CHECK_INT(netsession_state(first), NETSESSION_STATE_CONNECTED);
    netsession_close(second);
    CHECK(lab_await("second Disconnected"));
    CHECK(!nm_is_active("office"));
    netsession_free(first);
    netsession_free(second);
    nm_clear();
}

static void link_that_was_up_stays_up(void)
{
    nm_add_office();
    lab_run("nmcli connection up office >/dev/null");
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    netsession *s = lab_session(OFFICE, "s");
    int mark = lab_count;
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    netsession_close(s);
    CHECK(lab_await("s closed"));
    nm_sync();
    CHECK_STR(lab_events(mark, "s "), "s opened, s closed");
    CHECK(nm_is_active("office"));
    netsession_free(s);
    nm_clear();
}

static void stop_closes_all_sessions(void)
{
    nm_add_office();
    netsession *caller = lab_session(OFFICE, "caller");
    netsession *other = lab_session(OFFICE, "other");
    netsession_open(caller);
    netsession_open(other);
    CHECK_INT(netsession_wait_for_opened(other, LAB_TIMEOUT), 1);
    CHECK(lab_await("other Connected"));
    int mark = lab_count;
    netsession_stop(caller);
    CHECK(lab_await("other Disconnected"));
    nm_sync();
    CHECK_STR(lab_events(mark, "caller "), "caller Closing, caller closed, caller " STOPPED ", caller Disconnected");
    CHECK_STR(lab_events(mark, "other "), "other closed, other " STOPPED ", other Closing, other Disconnected");
    CHECK(!nm_is_active("office"));
    netsession_free(caller);
    netsession_free(other);
    nm_clear();
}

/* NetworkManager activates the profile automatically, but not after a stop. Some versions,
 * such as 1.52, block it until its cable was unplugged, and log this. */
static void stopped_link_stays_down_until_opened(void)
{
    nm_add_home();
    netsession *s = lab_session(HOME, "s");
    netsession_stop(s); /* a closed session can stop, too */
    CHECK(lab_await("s Disconnected"));
    int mark = lab_count;
    nm_sync();
    CHECK_STR(lab_events(mark, "s "), "");
    CHECK(!nm_is_active("home"));
    daemon_unplug("eth1");
    CHECK(lab_await("s NotAvailable"));
    lab_run(": >%s/log", daemon_folder());
    mark = lab_count;
    daemon_plug("eth1");
    CHECK(lab_await("s Disconnected"));
    nm_sync();
    if (!nm_logged("auto-activating connection 'home'")) {
        CHECK_STR(lab_events(mark, "s "), "s Disconnected");
        CHECK(!nm_is_active("home"));
    }
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    netsession_free(s);
    nm_clear();
}

static void closes_by_itself(void)
{
    nm_add_office();
    lab_check_auto_close(OFFICE);
    CHECK(!nm_is_active("office"));
    nm_clear();
}

static void a_profile_is_removed_under_an_open_session(void)
{
    netsession *s = nm_open_office();
    int mark = lab_count;
    lab_run("nmcli connection delete office >/dev/null");
    CHECK(lab_await("s InvalidConfigurationError: There is no configuration office."));
    nm_sync();
    /* NetworkManager deactivates the profile before it removes it. */
    CHECK_STR(lab_events(mark, "s "),
              "s closed, s SessionAbortedError: office lost its link: it was taken down or lost its address., s Disconnected, "
              "s Invalid, s InvalidConfigurationError: There is no configuration office.");
    CHECK_INT(netsession_is_open(s), 0);
    CHECK_INT(netsession_state(s), NETSESSION_STATE_INVALID);
    nm_add_profile(OFFICE, "office", "eth0", "autoconnect no ipv4.method manual ipv4.addresses 192.0.2.1/24");
    CHECK(lab_await("s Disconnected"));
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    netsession_free(s);
    nm_clear();
}

/* The kernel reports the loss immediately; NetworkManager waits for some seconds. */
static void the_cable_is_pulled_and_plugged_in_again(void)
{
    netsession *s = nm_open_office();
    int mark = lab_count;
    daemon_unplug("eth0");
    CHECK(lab_await("s NotAvailable"));
    CHECK(nm_is_active("office"));
    CHECK_STR(lab_events(mark, "s "), "s closed, s SessionAbortedError: office "
              "lost its link: it has no carrier any more or went out of range., s NotAvailable");
    mark = lab_count;
    daemon_plug("eth0");
    CHECK(lab_await("s Connected"));
    CHECK_STR(lab_events(mark, "s "), "s Connected");
    CHECK_INT(netsession_is_open(s), 0);

    daemon_unplug("eth0"); /* for longer than NetworkManager waits */
    lab_run("timeout 120 sh -c 'while nmcli -t -f NAME connection show --active | grep -qx office; do sleep 0.1; done'");
    nm_sync();
    CHECK_INT(lab_config_state(OFFICE), NETSESSION_CONFIGURATION_STATE_DEFINED);
    daemon_plug("eth0");
    CHECK(lab_await("s Disconnected"));
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    netsession_free(s);
    nm_clear();
}

static void a_link_is_removed_under_an_open_session(void)
{
    netsession *s = nm_open_office();
    int mark = lab_count;
    daemon_remove_cable("eth0");
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_DEFINED));
    nm_sync();
    CHECK(strncmp(lab_events(mark, "s "), "s closed, s SessionAbortedError: ", 33) == 0);
    CHECK_INT(netsession_state(s), NETSESSION_STATE_NOT_AVAILABLE);
    daemon_add_cable("eth0");
    CHECK(lab_await("s Disconnected"));
    netsession_free(s);
    nm_clear();
}

/* NetworkManager still reports the profile as activated. */
static void address_removed_by_another_process(void)
{
    netsession *s = nm_open_office();
    int mark = lab_count;
    lab_run("ip address flush dev eth0");
    CHECK(lab_await("s Disconnected"));
    CHECK_STR(lab_events(mark, "s "),
              "s closed, s SessionAbortedError: office lost its link: it has no address., s Disconnected");
    CHECK(nm_is_active("office"));
    mark = lab_count;
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    CHECK(lab_await("s Connected"));
    CHECK_STR(lab_events(mark, "s "), "s Connecting, s opened, s Connected");
    lab_run("ip -4 address show dev eth0 | grep -q 192.0.2.1");
    netsession_close(s);
    CHECK(lab_await("s Disconnected"));
    CHECK(!nm_is_active("office"));
    netsession_free(s);
    nm_clear();
}

/* The open profile is not treated as a profile that has lost its address. */
static void a_profile_without_addresses_can_be_opened(void)
{
    daemon_add_cable("eth0");
    nm_add_profile(OFFICE, "office", "eth0", "autoconnect no ipv4.method disabled");
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    netsession *s = lab_session(OFFICE, "s");
    int mark = lab_count;
    netsession_set_property(s, "AutoCloseSessionTimeout", "1500");
    netsession_open(s);
    CHECK(lab_await("s Connected"));
    CHECK(lab_await("s Disconnected"));
    CHECK_STR(lab_events(mark, "s "), "s Connecting, s opened, s Connected, s closed, s Closing, s Disconnected");
    netsession_free(s);
    nm_clear();
}

/* Opens a session on "Internet" that uses office, beside home. */
static netsession *open_internet_beside_home(void)
{
    nm_add_office();
    lab_run("nmcli connection up office >/dev/null");
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    netsession *s = lab_session("netsession:internet", "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), OFFICE);
    nm_sync();
    return s;
}

static void internet_moves_to_the_other_profile(void)
{
    nm_add_home();
    lab_run("nmcli connection modify home ipv4.gateway 203.0.113.254 ipv4.route-metric 900 && nmcli connection up home >/dev/null");
    CHECK(lab_await("online"));
    netsession *s = open_internet_beside_home();
    int mark = lab_count;
    daemon_unplug("eth0");
    CHECK(lab_await("s Connected"));
    CHECK_STR(lab_events(mark, "s "), "s Roaming, s newConfigurationActivated, s Connected");
    CHECK_STR(lab_events(mark, "offline"), "");
    CHECK_STR(netsession_interface(s), "eth1");
    netsession_free(s);
    nm_clear();
}

/* A session moves only to a profile with a route to the internet, and none is left. */
static void internet_does_not_move_without_internet_route(void)
{
    nm_add_home();
    netsession *s = open_internet_beside_home();
    int mark = lab_count;
    daemon_unplug("eth0");
    CHECK(lab_await("s RoamingError: Internet lost its link, and has no other access point to move to."));
    CHECK(lab_await("offline"));
    nm_sync();
    CHECK_STR(lab_events(mark, "s "),
              "s closed, s RoamingError: Internet lost its link, and has no other access point to move to.");
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTED); /* home is up */
    netsession_free(s);
    nm_clear();
}

int main(void)
{
    lab_begin();
    RUN(profiles_devices_and_links_are_listed_once);
    RUN(profile_getters);
    RUN(a_profile_is_found_by_its_settings_path);
    RUN(open_and_close_a_static_profile);
    RUN(an_open_profile_makes_the_machine_online);
    RUN(open_and_close_by_dhcp);
    RUN(a_device_without_a_profile_can_be_opened);
    RUN(no_answer_by_dhcp);
    RUN(connect_timeout_withdraws_activation);
    RUN(close_withdraws_an_attempt);
    RUN(the_last_of_two_takes_down);
    RUN(link_that_was_up_stays_up);
    RUN(stop_closes_all_sessions);
    RUN(stopped_link_stays_down_until_opened);
    RUN(closes_by_itself);
    RUN(a_profile_is_removed_under_an_open_session);
    RUN(the_cable_is_pulled_and_plugged_in_again);
    RUN(a_link_is_removed_under_an_open_session);
    RUN(address_removed_by_another_process);
    RUN(a_profile_without_addresses_can_be_opened);
    RUN(internet_moves_to_the_other_profile);
    RUN(internet_does_not_move_without_internet_route);
    netsession_manager_free(lab_manager);
    return check_result();
}
