/* networks.c - networks as people have them beside a real NetworkManager: profiles
 * that others make meanwhile, links that others set up, networking switched off. */
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

/* It could fit the device, on which another one runs. */
static void a_new_profile_takes_nothing_from_a_session(void)
{
    daemon_cable("eth0");
    daemon_serve("eth0");
    CHECK(daemon_await(DEVICE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    netsession *s = lab_session(DEVICE, "s");
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_WAIT), 1);
    CHECK(lab_await("s Connected"));
    nm_settle();
    int mark = lab_count;
    add_new("type ethernet ifname eth0 ipv4.method manual ipv4.addresses 192.0.2.9/24");
    CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    nm_settle();
    CHECK_STR(lab_told(mark, "s "), "");
    CHECK_STR(lab_told(mark, "changed " DEVICE), "");
    CHECK_INT(netsession_is_open(s), 1);
    netsession_close(s);
    CHECK(lab_await("s closed"));
    CHECK(lab_await("s InvalidConfigurationError: There is no configuration eth0: "
                    "NetworkManager has a profile for eth0 now, which is a configuration of its own."));
    CHECK(!nm_says_active("eth0"));
    netsession_free(s);
    daemon_unserve("eth0");
    clear();
}

/* Somebody has given the link an address by hand. Without it, NetworkManager goes on
 * to call the device connected, until it is told otherwise. */
static void what_others_set_up_is_listed_beside_a_profile(void)
{
    nm_office();
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

static void a_profile_that_cannot_be_used_hides_no_device(void)
{
    daemon_cable("eth0");
    CHECK(daemon_await(DEVICE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    const char *settings[] = {
        "match.interface-name 'zz*'", "match.driver 'e1000e'", "ethernet.mac-address-blacklist 02:00:00:00:00:00,02:00:00:00:00:01",
    };
    nm_settle();
    int mark = lab_count;
    for (int i = 0; i < 3; i++) {
        char all[256];
        snprintf(all, sizeof all, "type ethernet ifname '*' %s", settings[i]);
        add_new(all);
        CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_DEFINED));
        nm_settle();
        CHECK_INT(lab_config_state(DEVICE), NETSESSION_CONFIGURATION_STATE_DISCOVERED);
        lab_run("nmcli connection delete new >/dev/null");
        CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    }
    CHECK_STR(lab_told(mark, "removed " DEVICE), "");
    clear();
}

static void a_device_that_is_not_managed_any_more_says_so(void)
{
    daemon_cable("eth0");
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

/* The kernel's links must not be a way around that. */
static void nothing_can_be_opened_while_networking_is_off(void)
{
    nm_office();
    daemon_cable("eth1");
    CHECK(daemon_await("nm:device:eth1", NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    netsession *s = lab_session(OFFICE, "s");
    netsession_open(s);
    CHECK(lab_await("s Connected"));
    lab_run("nmcli networking off");
    CHECK(lab_await("s NotAvailable"));
    CHECK(daemon_await("nm:device:eth1", NETSESSION_CONFIGURATION_STATE_DEFINED));
    nm_settle();
    CHECK_STR(daemon_listed(), OFFICE " Defined eth0, nm:device:eth1 Defined eth1");
    lab_run("nmcli networking on");
    CHECK(lab_await("s Disconnected"));
    CHECK(daemon_await("nm:device:eth1", NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_WAIT), 1);
    netsession_free(s);
    nm_clear();
}

/* On two links at once, a session lives as long as one of them. */
static void a_profile_on_two_links_lives_while_one_does(void)
{
    daemon_cable("eth0");
    daemon_cable("eth1");
    CHECK(daemon_await("nm:device:eth1", NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    add_new("type ethernet ifname '*' connection.multi-connect multiple ipv4.method manual ipv4.addresses 192.0.2.9/24");
    CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    lab_run("nmcli connection up new ifname eth0 >/dev/null && nmcli connection up new ifname eth1 >/dev/null");
    CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    netsession *s = lab_session(NEW, "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    CHECK_STR(netsession_interface(s), "eth0");
    nm_settle();
    int mark = lab_count;
    lab_run("nmcli device disconnect eth0 >/dev/null");
    nm_settle();
    CHECK_STR(lab_told(mark, "s "), "");
    CHECK_STR(netsession_interface(s), "eth1");
    netsession_stop(s);
    CHECK(lab_await("s Disconnected"));
    CHECK(!nm_says_active("new"));
    netsession_free(s);
    clear();
}

static void a_profile_whose_parent_is_absent_cannot_be_opened(void)
{
    add_new("type macvlan mode bridge ifname mv0 dev eth0 ipv4.method manual ipv4.addresses 192.0.2.9/24");
    CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_DEFINED));
    daemon_cable("eth0");
    CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    netsession *s = lab_session(NEW, "s");
    netsession_open(s);
    CHECK(lab_await("s Connected"));
    CHECK_STR(netsession_interface(s), "mv0");
    netsession_free(s);
    clear();
}

/* Without a port, a bridge has no hardware address either. */
static void a_bridge_whose_last_port_leaves_stays(void)
{
    daemon_cable("eth0");
    add_new("type bridge ifname br0 bridge.stp no ipv4.method manual ipv4.addresses 192.0.2.9/24");
    nm_profile(OFFICE, "office", "eth0", "autoconnect no master br0 slave-type bridge");
    lab_run("nmcli connection up office >/dev/null");
    CHECK(daemon_await(NEW, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    nm_settle();
    int mark = lab_count;
    lab_run("nmcli connection down office >/dev/null");
    lab_run("ip link show br0 | grep -q 'ether 00:00:00:00:00:00'");
    nm_settle();
    CHECK_STR(lab_told(mark, "removed " NEW), "");
    CHECK(lab_config_state(NEW) != NETSESSION_CONFIGURATION_STATE_UNDEFINED);
    lab_run("nmcli connection down new >/dev/null");
    clear();
}

/* NetworkManager sets up a link that it manages when the link appears, and deletes the
 * addresses that it finds on the link until then. In the state "disconnected", NetworkManager
 * leaves addresses alone, and takes the link for one that others have set up. */
static void await_disconnected(const char *link)
{
    lab_run("timeout 120 sh -c 'until nmcli -g GENERAL.STATE device show %s 2>/dev/null | grep -q \"^30 \"; do sleep 0.05; done'",
            link);
}

/* A VPN's program makes a tunnel with a better default route over a profile that the
 * session has brought up. */
static void a_tunnel_takes_nothing_down(void)
{
    netsession_configuration *c;
    nm_office();
    netsession *s = lab_session("netsession:internet", "s");
    netsession_open(s);
    CHECK(lab_await("s Connected"));
    nm_settle();
    int mark = lab_count;
    const int fd = tun_open("tun0");
    await_disconnected("tun0");
    lab_run("ip address add 10.8.0.2/24 dev tun0 && ip link set tun0 up && ip route add default dev tun0 metric 50");
    CHECK(daemon_await("nm:device:tun0", NETSESSION_CONFIGURATION_STATE_ACTIVE));
    nm_settle();
    CHECK_STR(lab_told(mark, "s "), "");
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), OFFICE);
    CHECK(nm_says_active("office"));
    netsession_manager_default_configuration(lab_manager, &c);
    CHECK_STR(netsession_configuration_identifier(c), OFFICE);
    netsession_configuration_free(c);
    close(fd);
    CHECK(daemon_await("nm:device:tun0", NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    nm_settle();
    CHECK_STR(lab_told(mark, "s "), "");
    netsession_close(s);
    CHECK(lab_await("s Disconnected"));
    CHECK(!nm_says_active("office"));
    netsession_free(s);
    nm_clear();
}

static void what_others_began_goes_on_after_a_timeout(void)
{
    netsession_configuration *c;
    nm_hotel(60);
    netsession *s = lab_session(HOTEL, "s");
    lab_run("nmcli --wait 0 connection up hotel >/dev/null");
    CHECK(lab_await("s Connecting"));
    netsession_get_configuration(s, &c);
    netsession_configuration_set_connect_timeout(c, 500);
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_WAIT), 0);
    CHECK(lab_await("s UnknownSessionError: hotel did not come up within 500ms"));
    nm_settle();
    CHECK(nm_says_active("hotel"));
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTING);
    daemon_serve("eth0"); /* it gets there in the end */
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    netsession_configuration_set_connect_timeout(c, 0);
    netsession_configuration_free(c);
    netsession_free(s);
    daemon_unserve("eth0");
    nm_clear();
}

static void a_container_has_its_own_links_only(void)
{
    netsession *s = nm_open_office();
    nm_settle();
    int mark = lab_count;
    daemon_contain("contained");
    nm_settle();
    CHECK_STR(lab_told(mark, "s "), "");
    CHECK(nm_says_active("office"));
    netsession_free(s);
    nm_clear();
}

/* Somebody starts the profile anew under a session that had brought it up: that is
 * nobody's loss, and the network is theirs from then on. */
static void what_is_started_anew_is_theirs(void)
{
    nm_office();
    netsession *s = lab_session(OFFICE, "s");
    netsession_open(s);
    CHECK(lab_await("s Connected"));
    nm_settle();
    int mark = lab_count;
    lab_run("nmcli connection up office >/dev/null");
    nm_settle();
    CHECK(nm_says_active("office"));
    CHECK_STR(lab_told(mark, "s "), "");
    CHECK_STR(lab_told(mark, "offline"), "");
    netsession_close(s);
    CHECK(lab_await("s closed"));
    nm_settle();
    CHECK(nm_says_active("office"));
    netsession_free(s);
    lab_run("nmcli connection down office >/dev/null");
    nm_clear();
}

/* A program that is started at boot, where NetworkManager has its name on the bus and
 * takes more than a second to say what it has, finds a stored identifier. */
static void a_slow_machine_at_boot(void)
{
    nm_office();
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

/* That program: it looks once, and does not wait for events. */
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
        daemon_contained(OFFICE);
        netsession_manager_free(lab_manager);
        return check_failures > 0;
    }
    lab_begin();
    RUN(a_new_profile_takes_nothing_from_a_session);
    RUN(what_others_set_up_is_listed_beside_a_profile);
    RUN(a_profile_that_cannot_be_used_hides_no_device);
    RUN(a_device_that_is_not_managed_any_more_says_so);
    RUN(nothing_can_be_opened_while_networking_is_off);
    RUN(a_profile_on_two_links_lives_while_one_does);
    RUN(a_profile_whose_parent_is_absent_cannot_be_opened);
    RUN(a_bridge_whose_last_port_leaves_stays);
    RUN(a_tunnel_takes_nothing_down);
    RUN(what_others_began_goes_on_after_a_timeout);
    RUN(a_container_has_its_own_links_only);
    RUN(what_is_started_anew_is_theirs);
    RUN(a_slow_machine_at_boot);
    netsession_manager_free(lab_manager);
    return check_result();
}
