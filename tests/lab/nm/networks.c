/* networks.c - usual networks beside a real NetworkManager: new profiles, links that other
 * programs set up, and networking switched off. */
#include "nm.h"
#include "tun.h"
#include <sys/wait.h>

#define DEVICE "nm:device:eth0"
#define NEW HOTEL /* a further profile */

static void add_new(const char *settings)
{
    lab_run("nmcli connection add con-name new connection.uuid %s autoconnect no ipv6.method disabled %s >/dev/null",
            NEW + strlen("nm:"), settings);
}

static void clear(void)
{
    lab_run("nmcli connection delete new >/dev/null 2>&1; true");
    nm_clear();
}

/* The new profile fits a device that has another active profile. */
static void new_profile_does_not_affect_session(void)
{
    daemon_add_cable("eth0");
    daemon_start_dhcp("eth0");
    CHECK(daemon_await(DEVICE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    netsession *s = lab_session(DEVICE, "s");
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    CHECK(lab_await("s Connected"));
    nm_sync();
    int mark = lab_count;
    add_new("type ethernet ifname eth0 ipv4.method manual ipv4.addresses 192.0.2.9/24");
    CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    nm_sync();
    CHECK_STR(lab_events(mark, "s "), "");
    CHECK_STR(lab_events(mark, "changed " DEVICE), "");
    CHECK_INT(netsession_is_open(s), 1);
    netsession_close(s);
    CHECK(lab_await("s closed"));
    CHECK(lab_await("s InvalidConfigurationError: There is no configuration eth0: "
                    "NetworkManager has a profile for eth0 now, which is a configuration of its own."));
    CHECK(!nm_is_active("eth0"));
    netsession_free(s);
    daemon_stop_dhcp("eth0");
    clear();
}

/* A user has added an address manually. After its removal NetworkManager still reports
 * the device as connected, until it is told to disconnect. */
static void foreign_configuration_is_listed_beside_profile(void)
{
    nm_add_office();
    lab_run("ip address add 192.0.2.20/24 dev eth0");
    CHECK(daemon_await(DEVICE, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    CHECK_INT(lab_config_state(OFFICE), NETSESSION_CONFIGURATION_STATE_DISCOVERED);
    lab_run("ip address flush dev eth0");
    CHECK(daemon_await(DEVICE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    lab_run("nmcli device disconnect eth0 >/dev/null");
    CHECK(daemon_await(DEVICE, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    CHECK_INT(lab_config_state(OFFICE), NETSESSION_CONFIGURATION_STATE_DISCOVERED);
    nm_clear();
}

static void unusable_profile_does_not_hide_device(void)
{
    daemon_add_cable("eth0");
    CHECK(daemon_await(DEVICE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    const char *settings[] = {
        "match.interface-name 'zz*'", "match.driver 'e1000e'", "ethernet.mac-address-blacklist 02:00:00:00:00:00,02:00:00:00:00:01",
    };
    nm_sync();
    int mark = lab_count;
    for (int i = 0; i < 3; i++) {
        char all[256];
        snprintf(all, sizeof all, "type ethernet ifname '*' %s", settings[i]);
        add_new(all);
        CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_DEFINED));
        nm_sync();
        CHECK_INT(lab_config_state(DEVICE), NETSESSION_CONFIGURATION_STATE_DISCOVERED);
        lab_run("nmcli connection delete new >/dev/null");
        CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    }
    CHECK_STR(lab_events(mark, "removed " DEVICE), "");
    clear();
}

static void unmanaged_device_is_reported(void)
{
    daemon_add_cable("eth0");
    CHECK(daemon_await(DEVICE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    netsession *s = lab_session(DEVICE, "s");
    lab_run("nmcli device set eth0 managed no");
    CHECK(daemon_await(DEVICE, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    netsession_open(s);
    CHECK(lab_await("s InvalidConfigurationError: There is no configuration eth0: "
                    "NetworkManager stopped managing eth0."));
    lab_run("nmcli device set eth0 managed yes");
    CHECK(daemon_await(DEVICE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    netsession_free(s);
    nm_clear();
}

/* The kernel's links cannot be opened either. */
static void nothing_can_be_opened_while_networking_is_off(void)
{
    nm_add_office();
    daemon_add_cable("eth1");
    CHECK(daemon_await("nm:device:eth1", NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    netsession *s = lab_session(OFFICE, "s");
    netsession_open(s);
    CHECK(lab_await("s Connected"));
    lab_run("nmcli networking off");
    CHECK(lab_await("s NotAvailable"));
    CHECK(daemon_await("nm:device:eth1", NETSESSION_CONFIGURATION_STATE_DEFINED));
    nm_sync();
    CHECK_STR(daemon_list_configurations(), OFFICE " Defined eth0, nm:device:eth1 Defined eth1");
    lab_run("nmcli networking on");
    CHECK(lab_await("s Disconnected"));
    CHECK(daemon_await("nm:device:eth1", NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    netsession_free(s);
    nm_clear();
}

/* A session on a profile that is active on two links stays open while one of them is
 * up. */
static void profile_on_two_links_exists_while_one_does(void)
{
    daemon_add_cable("eth0");
    daemon_add_cable("eth1");
    CHECK(daemon_await("nm:device:eth1", NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    add_new("type ethernet ifname '*' connection.multi-connect multiple ipv4.method manual ipv4.addresses 192.0.2.9/24");
    CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    lab_run("nmcli connection up new ifname eth0 >/dev/null && nmcli connection up new ifname eth1 >/dev/null");
    CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    netsession *s = lab_session(NEW, "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    CHECK_STR(netsession_interface(s), "eth0");
    nm_sync();
    int mark = lab_count;
    lab_run("nmcli device disconnect eth0 >/dev/null");
    nm_sync();
    CHECK_STR(lab_events(mark, "s "), "");
    CHECK_STR(netsession_interface(s), "eth1");
    netsession_stop(s);
    CHECK(lab_await("s Disconnected"));
    CHECK(!nm_is_active("new"));
    netsession_free(s);
    clear();
}

static void a_profile_whose_parent_is_absent_cannot_be_opened(void)
{
    add_new("type macvlan mode bridge ifname mv0 dev eth0 ipv4.method manual ipv4.addresses 192.0.2.9/24");
    CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_DEFINED));
    daemon_add_cable("eth0");
    CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    netsession *s = lab_session(NEW, "s");
    netsession_open(s);
    CHECK(lab_await("s Connected"));
    CHECK_STR(netsession_interface(s), "mv0");
    netsession_free(s);
    clear();
}

/* A bridge without a port has no hardware address. */
static void bridge_without_ports_stays_listed(void)
{
    daemon_add_cable("eth0");
    add_new("type bridge ifname br0 bridge.stp no ipv4.method manual ipv4.addresses 192.0.2.9/24");
    nm_add_profile(OFFICE, "office", "eth0", "autoconnect no master br0 slave-type bridge");
    lab_run("nmcli connection up office >/dev/null");
    CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    nm_sync();
    int mark = lab_count;
    lab_run("nmcli connection down office >/dev/null");
    lab_run("ip link show br0 | grep -q 'ether 00:00:00:00:00:00'");
    nm_sync();
    CHECK_STR(lab_events(mark, "removed " NEW), "");
    CHECK(lab_config_state(NEW) != NETSESSION_CONFIGURATION_STATE_UNDEFINED);
    lab_run("nmcli connection down new >/dev/null");
    clear();
}

/* Waits until NetworkManager has set up a link that has just appeared. While NetworkManager
 * takes a managed link from "unmanaged" to "disconnected", it deletes every address that it
 * finds on the link. A link that gets its address afterwards becomes "connected (externally)". */
static void await_disconnected(const char *link)
{
    lab_run("timeout 120 sh -c 'until nmcli -g GENERAL.STATE device show %s 2>/dev/null | grep -q \"^30 \"; do sleep 0.05; done'",
            link);
}

/* A VPN program makes a tunnel with a better default route, over a profile that the
 * session has brought up. */
static void tunnel_does_not_take_link_down(void)
{
    netsession_configuration *c;
    nm_add_office();
    netsession *s = lab_session("netsession:internet", "s");
    netsession_open(s);
    CHECK(lab_await("s Connected"));
    nm_sync();
    int mark = lab_count;
    const int fd = tun_open("tun0");
    await_disconnected("tun0");
    lab_run("ip address add 10.8.0.2/24 dev tun0 && ip link set tun0 up && ip route add default dev tun0 metric 50");
    CHECK(daemon_await("nm:device:tun0", NETSESSION_CONFIGURATION_STATE_ACTIVE));
    nm_sync();
    CHECK_STR(lab_events(mark, "s "), "");
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), OFFICE);
    CHECK(nm_is_active("office"));
    netsession_manager_default_configuration(lab_manager, &c);
    CHECK_STR(netsession_configuration_identifier(c), OFFICE);
    netsession_configuration_free(c);
    close(fd);
    CHECK(daemon_await("nm:device:tun0", NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    nm_sync();
    CHECK_STR(lab_events(mark, "s "), "");
    netsession_close(s);
    CHECK(lab_await("s Disconnected"));
    CHECK(!nm_is_active("office"));
    netsession_free(s);
    nm_clear();
}

static void foreign_activation_continues_after_timeout(void)
{
    netsession_configuration *c;
    nm_add_hotel(60);
    netsession *s = lab_session(HOTEL, "s");
    lab_run("nmcli --wait 0 connection up hotel >/dev/null");
    CHECK(lab_await("s Connecting"));
    netsession_get_configuration(s, &c);
    netsession_configuration_set_connect_timeout(c, 500);
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 0);
    CHECK(lab_await("s UnknownSessionError: hotel did not come up within 500ms"));
    nm_sync();
    CHECK(nm_is_active("hotel"));
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTING);
    daemon_start_dhcp("eth0"); /* the activation succeeds later */
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    netsession_configuration_set_connect_timeout(c, 0);
    netsession_configuration_free(c);
    netsession_free(s);
    daemon_stop_dhcp("eth0");
    nm_clear();
}

static void a_container_has_its_own_links_only(void)
{
    netsession *s = nm_open_office();
    nm_sync();
    int mark = lab_count;
    daemon_run_in_container("contained");
    nm_sync();
    CHECK_STR(lab_events(mark, "s "), "");
    CHECK(nm_is_active("office"));
    netsession_free(s);
    nm_clear();
}

/* Another program reactivates the profile while a session is open that had brought it up:
 * this causes no events, and the last close does not take the profile down. */
static void profile_reactivated_by_others_belongs_to_them(void)
{
    nm_add_office();
    netsession *s = lab_session(OFFICE, "s");
    netsession_open(s);
    CHECK(lab_await("s Connected"));
    nm_sync();
    int mark = lab_count;
    lab_run("nmcli connection up office >/dev/null");
    nm_sync();
    CHECK(nm_is_active("office"));
    CHECK_STR(lab_events(mark, "s "), "");
    CHECK_STR(lab_events(mark, "offline"), "");
    netsession_close(s);
    CHECK(lab_await("s closed"));
    nm_sync();
    CHECK(nm_is_active("office"));
    netsession_free(s);
    lab_run("nmcli connection down office >/dev/null");
    nm_clear();
}

/* A program that starts at boot finds the configuration of a stored identifier, while
 * NetworkManager owns its bus name but takes more than a second to report its objects. */
static void daemon_is_slow_at_boot(void)
{
    nm_add_office();
    daemon_freeze("daemon");
    const pid_t helper = fork();
    if (helper == 0) {
        poll(NULL, 0, 1500);
        daemon_thaw("daemon");
        _exit(0);
    }
    CHECK_INT(WEXITSTATUS(system("exec \"$(readlink /proc/$PPID/exe)\" boot")), 0);
    waitpid(helper, NULL, 0);
    nm_clear();
}

/* This program: it looks up the configuration once, without waiting for events. */
static int boot(void)
{
    netsession_configuration *config;
    lab_begin();
    netsession_manager_configuration_from_identifier(lab_manager, OFFICE, &config);
    const int found = netsession_configuration_is_valid(config);
    netsession_configuration_free(config);
    netsession_manager_free(lab_manager);
    return !found;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "boot") == 0)
        return boot();
    if (argc > 1) {
        daemon_check_container(OFFICE);
        netsession_manager_free(lab_manager);
        return check_failures > 0;
    }
    lab_begin();
    RUN(new_profile_does_not_affect_session);
    RUN(foreign_configuration_is_listed_beside_profile);
    RUN(unusable_profile_does_not_hide_device);
    RUN(unmanaged_device_is_reported);
    RUN(nothing_can_be_opened_while_networking_is_off);
    RUN(profile_on_two_links_exists_while_one_does);
    RUN(a_profile_whose_parent_is_absent_cannot_be_opened);
    RUN(bridge_without_ports_stays_listed);
    RUN(tunnel_does_not_take_link_down);
    RUN(foreign_activation_continues_after_timeout);
    RUN(a_container_has_its_own_links_only);
    RUN(profile_reactivated_by_others_belongs_to_them);
    RUN(daemon_is_slow_at_boot);
    netsession_manager_free(lab_manager);
    return check_result();
}
