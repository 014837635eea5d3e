/* vpn.c - a VPN of a real ConnMan, over a cable (see vpn). */
#include "daemon.h"

#define CABLE "connman:ethernet_020000000000_cable"
#define VPN "connman:vpn_198_51_100_1_work_example"
#define TUN "link:vpn0"

static void begin(void)
{
    daemon_add_cable("eth0");
    daemon_start_dhcp("eth0");
    CHECK(daemon_await(CABLE, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    CHECK(daemon_await(VPN, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    lab_run("$LAB_CONNMAN/vpn/serve");
    lab_sync();
}

static void end(void)
{
    daemon_kill("server");
    daemon_stop_dhcp("eth0");
    daemon_remove_cable("eth0");
    CHECK(daemon_await(CABLE, NETSESSION_CONFIGURATION_STATE_DEFINED));
}

/* Whether there was no event of the kernel's link since mark. */
static int has_no_events(int mark)
{
    return !*lab_events(mark, "added " TUN) && !*lab_events(mark, "changed " TUN);
}

static void opens_and_closes(void)
{
    begin();
    netsession *s = lab_session(VPN, "s");
    for (int i = 0; i < 2; i++) {
        int mark = lab_count;
        netsession_open(s);
        CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
        CHECK(lab_await("s Connected"));
        lab_sync();
        CHECK_STR(netsession_interface(s), "vpn0");
        CHECK_STR(daemon_list_configurations(), CABLE " Active eth0, " VPN " Active vpn0");
        netsession_close(s);
        CHECK(lab_await("s Disconnected"));
        lab_run("timeout 120 sh -c 'while ip link show vpn0 2>/dev/null; do sleep 0.01; done' >/dev/null");
        lab_sync();
        CHECK_STR(lab_events(mark, "s "), "s Connecting, s opened, s Connected, s closed, s Closing, s Disconnected");
        CHECK_STR(daemon_list_configurations(), CABLE " Active eth0, " VPN " Discovered ");
        CHECK(has_no_events(mark));
    }
    netsession_free(s);
    end();
}

static void is_private(void)
{
    netsession_configuration *c, *first;
    begin();
    netsession_manager_configuration_from_identifier(lab_manager, VPN, &c);
    CHECK_STR(netsession_configuration_name(c), "Work");
    CHECK_INT(netsession_configuration_purpose(c), NETSESSION_PURPOSE_PRIVATE);
    netsession_manager_default_configuration(lab_manager, &first);
    CHECK(strcmp(netsession_configuration_identifier(first), VPN) != 0);
    netsession_configuration_free(first);
    netsession_configuration_free(c);
    end();
}

/* The interface of a VPN that was up before the manager was made. */
static void is_up_already(void)
{
    begin();
    lab_run("connmanctl connect %s >/dev/null", strchr(VPN, ':') + 1);
    lab_await_carrier("vpn0");
    CHECK(daemon_await(VPN, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    netsession_manager_free(lab_manager);
    lab_count = lab_seen = 0;
    lab_begin();
    lab_sync();
    CHECK(daemon_await(VPN, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    CHECK_STR(daemon_list_configurations(), CABLE " Active eth0, " VPN " Active vpn0");
    netsession *s = lab_session(VPN, "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    CHECK_STR(netsession_interface(s), "vpn0");
    netsession_free(s);
    lab_run("connmanctl disconnect %s >/dev/null", strchr(VPN, ':') + 1);
    CHECK(daemon_await(VPN, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    CHECK(has_no_events(0));
    end();
}

int main(void)
{
    lab_begin();
    RUN(is_private);
    RUN(opens_and_closes);
    RUN(is_up_already);
    netsession_manager_free(lab_manager);
    return check_result();
}
