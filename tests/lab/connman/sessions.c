/* sessions.c - configurations and sessions beside a real ConnMan, which is also killed and
 * stopped (see also fault_table.c).
 */
#include "daemon.h"

/* The service on eth0, which ConnMan connects automatically. */
#define CABLE "connman:ethernet_020000000000_cable"
#define GONE "s InvalidConfigurationError: There is no configuration Wired"
#define WHY ": ConnMan has gone away or does not answer; it returns when ConnMan does."
#define STOPPED "SessionAbortedError: The session on Wired was closed because its network was stopped."

enum { GRACE = 5000 /* ms: a daemon that returns within this time causes no events */ };

static netsession *s; /* a session on CABLE, in every test */

/* Adds a cable, which ConnMan connects. */
static void begin(void)
{
    daemon_add_cable("eth0");
    daemon_start_dhcp("eth0");
    CHECK(daemon_await(CABLE, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    lab_sync();
    s = lab_session(CABLE, "s");
}

static void end(void)
{
    netsession_free(s);
    daemon_stop_dhcp("eth0");
    daemon_remove_cable("eth0");
    CHECK(daemon_await("link:eth0", NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    CHECK(daemon_await(CABLE, NETSESSION_CONFIGURATION_STATE_DEFINED));
}

static void opened(void)
{
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    CHECK(lab_await("s opened"));
}

static void stopped(void)
{
    netsession_stop(s);
    CHECK(lab_await("s Disconnected"));
}

static void services_and_links_are_listed_once(void)
{
    netsession_configuration *c;
    lab_run("ip link add free0 type veth peer name free0.peer");
    begin();
    CHECK(daemon_await("link:free0", NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    CHECK_STR(daemon_list_configurations(), CABLE " Active eth0, link:free0 Discovered free0, link:free0.peer Discovered free0.peer");
    netsession_manager_configuration_from_identifier(lab_manager, CABLE, &c);
    CHECK_STR(netsession_configuration_bearer_type_name(c), "Ethernet");
    CHECK(strlen(netsession_configuration_name(c)) > 0);
    CHECK(netsession_manager_capabilities(lab_manager) & NETSESSION_CAPABILITY_CAN_START_AND_STOP_INTERFACES);
    netsession_configuration_free(c);
    lab_run("ip link delete free0");
    end();
}

static void link_that_was_up_stays_up(void)
{
    begin();
    int mark = lab_count;
    opened();
    CHECK_STR(netsession_interface(s), "eth0");
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), CABLE);
    CHECK(netsession_bytes_written(s) > 0);
    netsession_close(s);
    CHECK(lab_await("s closed"));
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), "s opened, s closed");
    CHECK_INT(lab_config_state(CABLE), NETSESSION_CONFIGURATION_STATE_ACTIVE);
    end();
}

static void open_brings_up_and_close_takes_down(void)
{
    begin();
    stopped();
    for (int i = 0; i < 2; i++) {
        int mark = lab_count;
        netsession_open(s);
        CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
        CHECK(lab_await("s Connected"));
        lab_run("ip -4 address show dev eth0 | grep -q 198.51.100");
        netsession_close(s);
        CHECK(lab_await("s Disconnected"));
        CHECK_STR(lab_events(mark, "s "), "s Connecting, s opened, s Connected, s closed, s Closing, s Disconnected");
    }
    end();
}

static void closes_by_itself(void)
{
    begin();
    stopped();
    lab_check_auto_close(CABLE);
    end();
}

static void stop_closes_all_sessions(void)
{
    begin();
    netsession *other = lab_session(CABLE, "other");
    netsession_open(other);
    CHECK(lab_await("other opened"));
    opened();
    int mark = lab_count;
    netsession_stop(s);
    CHECK(daemon_await(CABLE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    CHECK(lab_await("s Disconnected"));
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), "s Closing, s closed, s " STOPPED ", s Disconnected");
    CHECK_STR(lab_events(mark, "other closed"), "other closed");
    CHECK_STR(lab_events(mark, "other Session"), "other " STOPPED);
    CHECK_INT(netsession_state(other), NETSESSION_STATE_DISCONNECTED);
    netsession_free(other);
    end();
}

static void close_withdraws_an_attempt(void)
{
    begin();
    stopped();
    daemon_stop_dhcp("eth0");
    int mark = lab_count;
    netsession_open(s);
    CHECK(lab_await("s Connecting"));
    netsession_close(s);
    CHECK(lab_await("s Disconnected"));
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), "s Connecting, s Closing, s Disconnected");
    daemon_start_dhcp("eth0");
    opened();
    end();
}

static void connect_timeout_withdraws_connect(void)
{
    netsession_configuration *c;
    begin();
    stopped();
    daemon_stop_dhcp("eth0");
    netsession_get_configuration(s, &c);
    netsession_configuration_set_connect_timeout(c, 500);
    int mark = lab_count;
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 0);
    CHECK_INT(netsession_state(s), NETSESSION_STATE_DISCONNECTED);
    CHECK(lab_await("s UnknownSessionError: Wired did not come up within 500ms"));
    CHECK(daemon_await(CABLE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    lab_sync();
    CHECK(lab_timed_out(mark, "s"));
    netsession_configuration_set_connect_timeout(c, 0);
    netsession_configuration_free(c);
    daemon_start_dhcp("eth0");
    opened();
    end();
}

static void the_technology_is_switched_off_and_on(void)
{
    begin();
    opened();
    int mark = lab_count;
    lab_run("connmanctl disable ethernet >/dev/null");
    CHECK(lab_await("s NotAvailable"));
    CHECK_STR(lab_events(mark, "s closed"), "s closed");
    /* ConnMan reports the disconnect, and the kernel that the link is down, in any order. */
    const char *events = lab_events(mark, "s ");
    events += strncmp(events, "s Closing, ", 11) == 0 ? 11 : 0;
    CHECK(strncmp(events, "s closed, s SessionAbortedError: ", 33) == 0);
    CHECK(daemon_await(CABLE, NETSESSION_CONFIGURATION_STATE_DEFINED)); /* ConnMan sets the link down, sets the service idle, and removes it */
    netsession_open(s);
    CHECK(lab_await("s InvalidConfigurationError: "));
    lab_run("connmanctl enable ethernet >/dev/null");
    CHECK(lab_await("s Connected"));
    opened();
    end();
}

static void the_cable_is_pulled_and_plugged_in_again(void)
{
    begin();
    for (int i = 0; i < 2; i++) {
        opened();
        int mark = lab_count;
        daemon_unplug("eth0");
        CHECK(lab_await("s NotAvailable"));
        CHECK(strncmp(lab_events(mark, "s "), "s closed, s SessionAbortedError: Wired lost its link", 52) == 0);
        daemon_plug("eth0");
        CHECK(lab_await("s Connected"));
        CHECK_INT(netsession_is_open(s), 0);
    }
    end();
}

/* ConnMan still reports the service as ready. */
static void address_removed_by_another_process(void)
{
    begin();
    opened();
    int mark = lab_count;
    lab_run("ip address flush dev eth0");
    CHECK(lab_await("s Disconnected"));
    CHECK_STR(lab_events(mark, "s "),
              "s closed, s SessionAbortedError: Wired lost its link: it has no address., s Disconnected");
    mark = lab_count;
    opened();
    CHECK(lab_await("s Connected"));
    CHECK_STR(lab_events(mark, "s "), "s Connecting, s opened, s Connected");
    lab_run("ip -4 address show dev eth0 | grep -q 198.51.100");
    end();
}

static void killed_and_restarted(void)
{
    begin();
    for (int i = 0; i < 3; i++) {
        opened();
        int mark = lab_count;
        daemon_kill(DAEMON);
        CHECK(lab_await(GONE));
        CHECK_STR(lab_events(mark, "s "), "s closed, s Invalid, " GONE WHY);
        CHECK(strncmp(daemon_list_configurations(), "link:eth0 ", strlen("link:eth0 ")) == 0);
        daemon_start();
        CHECK(lab_await("s Connected"));
        CHECK_STR(daemon_list_configurations(), CABLE " Active eth0");
    }
    end();
}

/* A restart within the grace causes no events. Only a busy machine takes longer. */
static void restart_within_grace(void)
{
    begin();
    for (int within = 0, i = 0; within < 3 && CHECK(i < 20); i++) {
        netsession_open(s);
        CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
        lab_sync();
        int mark = lab_count;
        const long start_time = lab_now();
        daemon_kill(DAEMON);
        connman_start();
        lab_run("timeout 120 sh -c 'until connmanctl services %s 2>/dev/null | grep -q \"State = ready\"; do sleep 0.05; done'",
                strchr(CABLE, ':') + 1);
        lab_sync();
        if (lab_now() - start_time > GRACE)
            continue;
        within++;
        CHECK_STR(lab_events(mark, "s "), "");
        CHECK_STR(lab_events(mark, "offline"), "");
        CHECK_STR(lab_events(mark, "changed " CABLE " D"), ""); /* fe80:: is added after a second */
        CHECK_STR(lab_events(mark, "removed " CABLE), "");
        CHECK_STR(lab_events(mark, "added link:eth"), "");
        CHECK_STR(netsession_interface(s), "eth0");
        CHECK_INT(netsession_is_open(s), 1);
    }
    end();
}

static void frozen(void)
{
    netsession_configuration *c;
    begin();
    stopped();
    netsession_get_configuration(s, &c);
    netsession_configuration_set_connect_timeout(c, 500);
    daemon_freeze(DAEMON);
    CHECK_NOT_BLOCKING(netsession_open(s));
    CHECK_NOT_BLOCKING(netsession_manager_update_configurations(lab_manager));
    CHECK_NOT_BLOCKING(netsession_manager_dispatch(lab_manager));
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 0);
    CHECK(lab_await("s UnknownSessionError: Wired did not come up within 500ms"));
    CHECK_NOT_BLOCKING(netsession_stop(s));
    CHECK_NOT_BLOCKING(netsession_close(s));
    daemon_thaw(DAEMON);
    while (netsession_state(s) != NETSESSION_STATE_DISCONNECTED && CHECK(lab_await("s Disconnected")))
        ;
    netsession_configuration_set_connect_timeout(c, 0);
    netsession_configuration_free(c);
    opened();
    end();
}

static void the_bus_is_killed_and_restarted(void)
{
    begin();
    opened();
    daemon_kill(BUS);
    CHECK(lab_await(GONE));
    daemon_kill(DAEMON);
    daemon_start_bus();
    daemon_start();
    CHECK(lab_await("s Connected"));
    opened();
    end();
}

static void a_container_has_its_own_links_only(void)
{
    begin();
    opened();
    lab_sync();
    int mark = lab_count;
    daemon_run_in_container("contained");
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), "");
    CHECK_INT(lab_config_state(CABLE), NETSESSION_CONFIGURATION_STATE_ACTIVE);
    end();
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        daemon_check_container(CABLE);
        netsession_manager_free(lab_manager);
        return check_failures > 0;
    }
    lab_begin();
    RUN(services_and_links_are_listed_once);
    RUN(link_that_was_up_stays_up);
    RUN(open_brings_up_and_close_takes_down);
    RUN(closes_by_itself);
    RUN(stop_closes_all_sessions);
    RUN(close_withdraws_an_attempt);
    RUN(connect_timeout_withdraws_connect);
    RUN(the_technology_is_switched_off_and_on);
    RUN(the_cable_is_pulled_and_plugged_in_again);
    RUN(address_removed_by_another_process);
    RUN(killed_and_restarted);
    RUN(restart_within_grace);
    RUN(frozen);
    RUN(the_bus_is_killed_and_restarted);
    RUN(a_container_has_its_own_links_only);
    netsession_manager_free(lab_manager);
    return check_result();
}
