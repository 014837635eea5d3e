/* networks.c - usual networks without a network daemon: which process has brought a link
 * up, the routes of packets, kinds of links, and short interruptions.
 */
#include "lab.h"
#include "tun.h"
#include <signal.h>
#include <sys/wait.h>

static void unplug(const char *link)
{
    char line[64];
    lab_run("ip link delete %s", link);
    snprintf(line, sizeof line, "removed link:%s", link);
    CHECK(lab_await(line));
}

/* A cable that is down; its other end is up. */
static void down_cable(const char *link, const char *address)
{
    lab_run("ip link add %s type veth peer name %s.peer && ip link set %s.peer up", link, link, link);
    if (address)
        lab_run("ip address add %s dev %s", address, link);
    lab_sync();
}

/* A cable that another process has set up, and that has no address yet. */
static void waiting_cable(const char *link)
{
    lab_plug(link);
    lab_sync();
}

static void set_timeout(const char *identifier, int msecs)
{
    netsession_configuration *config;
    netsession_manager_configuration_from_identifier(lab_manager, identifier, &config);
    netsession_configuration_set_connect_timeout(config, msecs);
    netsession_configuration_free(config);
}

static const char *default_identifier(void)
{
    static char identifier[64];
    netsession_configuration *config;
    netsession_manager_default_configuration(lab_manager, &config);
    snprintf(identifier, sizeof identifier, "%s", netsession_configuration_identifier(config));
    netsession_configuration_free(config);
    return identifier;
}

/* Which process has brought a link up. */

static void timeout_keeps_link_set_up_by_others(void)
{
    waiting_cable("cable");
    set_timeout("link:cable", 200);
    netsession *s = lab_session("link:cable", "s");
    netsession_open(s);
    CHECK(lab_await("s UnknownSessionError: cable did not come up within 200ms"));
    netsession_free(s);
    lab_sync();
    CHECK(lab_link_is_up("cable"));
    set_timeout("link:cable", 0);
    unplug("cable");
}

static void a_late_address(void)
{
    waiting_cable("cable");
    netsession *s = lab_session("link:cable", "s");
    netsession_open(s);
    CHECK(lab_await("s Connecting"));
    lab_run("ip address add 192.0.2.1/24 dev cable");
    CHECK(lab_await("s opened"));
    netsession_close(s);
    CHECK(lab_await("s closed"));
    lab_sync();
    CHECK(lab_link_is_up("cable"));
    netsession_free(s);
    unplug("cable");
}

static void withdrawal_keeps_link_set_up_by_others(void)
{
    waiting_cable("cable");
    for (int freed = 0; freed < 2; freed++) {
        netsession *s = lab_session("link:cable", "s");
        netsession_open(s);
        CHECK(lab_await("s Connecting"));
        if (!freed) {
            netsession_close(s);
            CHECK(lab_await("s Disconnected"));
        }
        netsession_free(s);
        lab_sync();
        CHECK(lab_link_is_up("cable"));
    }
    unplug("cable");
}

static void link_that_was_down_goes_down(void)
{
    down_cable("cable", NULL);
    set_timeout("link:cable", 200);
    netsession *s = lab_session("link:cable", "s");
    netsession_open(s);
    CHECK(lab_await("s UnknownSessionError"));
    lab_sync();
    CHECK(!lab_link_is_up("cable"));
    set_timeout("link:cable", 0);
    netsession_open(s);
    lab_await_carrier("cable");
    lab_run("ip address add 192.0.2.1/24 dev cable");
    CHECK(lab_await("s opened"));
    netsession_close(s);
    CHECK(lab_await("s Disconnected"));
    CHECK(!lab_link_is_up("cable"));
    netsession_free(s);
    unplug("cable");
}

static void stop_takes_down_foreign_link(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    CHECK(lab_await("changed link:cable Active"));
    netsession *s = lab_session("link:cable", "s");
    netsession_stop(s);
    CHECK(lab_await("s Disconnected"));
    CHECK(!lab_link_is_up("cable"));
    netsession_free(s);
    unplug("cable");
}

/* The candidate that gets no address is dropped for the next one, and left as it was. */
static void a_failed_attempt_of_internet(void)
{
    waiting_cable("alpha");
    down_cable("beta", "192.0.2.1/24");
    lab_run("ip address add 192.0.2.1/32 dev lo && ip route add 198.51.100.0/24 dev lo");
    set_timeout("netsession:internet", 3000);
    netsession *s = lab_session("netsession:internet", "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "link:beta");
    CHECK(lab_link_is_up("alpha"));
    netsession_close(s);
    CHECK(lab_await("s closed"));
    CHECK(lab_await("changed link:beta Discovered"));
    CHECK(!lab_link_is_up("beta"));
    CHECK(lab_link_is_up("alpha"));
    netsession_free(s);
    set_timeout("netsession:internet", 0);
    lab_run("ip address delete 192.0.2.1/32 dev lo; ip route delete 198.51.100.0/24 dev lo");
    unplug("alpha");
    unplug("beta");
}

/* Opens a session that brings the link up, and unplugs the cable: the session closes. */
static netsession *lost(void)
{
    down_cable("cable", "192.0.2.1/24");
    netsession *s = lab_session("link:cable", "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    lab_run("ip link set cable.peer down");
    CHECK(lab_await("s closed"));
    CHECK(lab_await("s NotAvailable"));
    return s;
}

static void reopen_and_close(netsession *s)
{
    CHECK(lab_await("changed link:cable Active"));
    netsession_open(s);
    CHECK(lab_await("s opened"));
    netsession_close(s);
    CHECK(lab_await("s closed"));
    lab_sync();
    netsession_free(s);
}

static void reopened_after_a_loss(void)
{
    netsession *s = lost();
    lab_run("ip link set cable.peer up");
    reopen_and_close(s);
    CHECK(!lab_link_is_up("cable"));
    unplug("cable");
}

static void reopened_after_others_brought_it_up(void)
{
    netsession *s = lost();
    lab_run("ip link set cable down");
    lab_sync();
    lab_run("ip link set cable up && ip link set cable.peer up");
    reopen_and_close(s);
    CHECK(lab_link_is_up("cable"));
    unplug("cable");
}

/* A process with sessions on two links is killed. It had brought one link up; the other
 * was up before. */
static void killed_with_sessions_on_two_links(void)
{
    waiting_cable("found");
    down_cable("started", "192.0.2.1/24");
    const pid_t pid = fork();
    if (pid == 0) {
        execl("/proc/self/exe", "networks", "holder", (char *)NULL);
        _exit(1);
    }
    CHECK(lab_await("changed link:started Active"));
    lab_sync();
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    CHECK(lab_await("changed link:started Discovered"));
    CHECK(!lab_link_is_up("started"));
    CHECK(lab_link_is_up("found"));
    unplug("started");
    unplug("found");
}

static int holder(void)
{
    lab_begin();
    netsession *found = lab_session("link:found", "found"), *started = lab_session("link:started", "started");
    netsession_open(found);
    if (!lab_await("found Connecting"))
        return 1;
    netsession_open(started);
    lab_await("started opened");
    pause();
    return 0;
}

/* Routes. */

static void online_follows_the_kernel(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    CHECK(lab_await("changed link:cable Active"));
    CHECK_INT(netsession_manager_is_online(lab_manager), 0);
    lab_run("ip route add default via 192.0.2.254 table 100");
    lab_sync();
    CHECK_INT(netsession_manager_is_online(lab_manager), 0);
    lab_run("ip rule add from all lookup 100 priority 1000");
    CHECK(lab_await("online"));
    lab_run("ip rule add from all prohibit priority 999");
    CHECK(lab_await("offline"));
    lab_run("ip rule delete priority 999");
    CHECK(lab_await("online"));
    lab_run("ip rule delete priority 1000");
    CHECK(lab_await("offline"));
    lab_run("ip route flush table 100");
    lab_run("ip nexthop add id 1 via 192.0.2.254 dev cable && ip route add default nhid 1");
    CHECK(lab_await("online"));
    lab_run("ip nexthop delete id 1");
    CHECK(lab_await("offline"));
    unplug("cable");
}

/* Sockets that are bound to a member of the VRF have a route to the internet; other
 * sockets have one if a route leads into the VRF. */
static void members_of_a_vrf(void)
{
    lab_run("ip link add red type vrf table 7 && ip link set red up");
    lab_plug_with_address("cable", "192.0.2.1/24");
    lab_run("ip link set cable master red && ip route add default via 192.0.2.254 dev cable table 7");
    CHECK(lab_await("changed link:cable Active"));
    lab_sync();
    CHECK_STR(default_identifier(), "link:cable");
    CHECK_INT(lab_config_state("link:red"), NETSESSION_CONFIGURATION_STATE_UNDEFINED);
    CHECK_INT(netsession_manager_is_online(lab_manager), 0);
    netsession *s = lab_session("netsession:internet", "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "link:cable");
    lab_run("ip address add 203.0.113.1/32 dev red && ip route add default dev red");
    CHECK(lab_await("online"));
    lab_run("ip route delete default dev red");
    CHECK(lab_await("offline"));
    netsession_free(s);
    unplug("cable");
    lab_run("ip link delete red");
}

/* A dummy link has no medium and no route to the internet, so links with a route rank
 * before it. */
static void a_dummy_link_is_no_cable(void)
{
    lab_run("ip link add dummy1 type dummy && ip address add 192.0.2.1/24 dev dummy1 && ip link set dummy1 up");
    CHECK(lab_await("changed link:dummy1 Active"));
    netsession_configuration *config;
    netsession_manager_configuration_from_identifier(lab_manager, "link:dummy1", &config);
    CHECK_STR(netsession_configuration_bearer_type_name(config), "Unknown");
    netsession_configuration_free(config);
    lab_plug_with_address("cable", "198.51.100.1/24");
    lab_run("ip route add default via 198.51.100.254 dev cable");
    CHECK(lab_await("online"));
    CHECK_STR(default_identifier(), "link:cable");
    unplug("cable");
    unplug("dummy1");
}

static void link_local_address_is_no_internet_route(void)
{
    lab_plug_with_address("cable", "169.254.7.7/16");
    lab_run("ip route add default dev cable");
    lab_sync();
    CHECK_INT(lab_config_state("link:cable"), NETSESSION_CONFIGURATION_STATE_ACTIVE);
    CHECK_INT(netsession_manager_is_online(lab_manager), 0);
    CHECK_INT(netsession_manager_reachability(lab_manager), NETSESSION_REACHABILITY_LOCAL);
    unplug("cable");
}

/* Kinds of links. */

static void a_vpn_over_a_cable(void)
{
    down_cable("cable", "192.0.2.1/24");
    netsession *s = lab_session("netsession:internet", "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    lab_run("ip route add default via 192.0.2.254 dev cable metric 100");
    CHECK(lab_await("online"));
    int mark = lab_count;
    const int fd = tun_open("tun0");
    lab_run("ip address add 10.8.0.2/24 dev tun0 && ip link set tun0 up && ip route add default dev tun0 metric 50");
    CHECK(lab_await("changed link:tun0 Active"));
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), "");
    CHECK_STR(lab_events(mark, "offline"), "");
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "link:cable");
    CHECK_STR(default_identifier(), "link:cable");
    CHECK_INT(netsession_manager_transport(lab_manager), NETSESSION_TRANSPORT_ETHERNET);
    CHECK(lab_link_is_up("cable"));
    netsession_configuration *config;
    netsession_manager_configuration_from_identifier(lab_manager, "link:tun0", &config);
    CHECK_INT(netsession_configuration_purpose(config), NETSESSION_PURPOSE_PRIVATE);
    netsession_configuration_free(config);
    close(fd);
    CHECK(lab_await("removed link:tun0"));
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), "");
    CHECK_STR(lab_events(mark, "offline"), "");
    netsession_close(s);
    CHECK(lab_await("s closed"));
    CHECK(lab_await("changed link:cable Discovered"));
    CHECK(!lab_link_is_up("cable"));
    netsession_free(s);
    unplug("cable");
}

/* A bridge such as container engines make, with a container on it. */
static void a_cable_beside_containers(void)
{
    lab_run("ip netns add inside && ip netns add outside");
    lab_run("ip link add docker0 type bridge && ip address add 172.17.0.1/16 dev docker0 && ip link set docker0 up && "
            "ip link add veth1 type veth peer name eth0 netns inside && ip link set veth1 master docker0 up && "
            "ip -n inside link set eth0 up");
    CHECK(lab_await("changed link:docker0 Active"));
    lab_run("ip link add cable type veth peer name cable.peer netns outside && ip -n outside link set cable.peer up && "
            "ip address add 192.0.2.1/24 dev cable && ip link set cable up");
    lab_await_carrier("cable");
    lab_run("ip route add default via 192.0.2.254 dev cable");
    CHECK(lab_await("online"));
    CHECK_STR(default_identifier(), "link:cable");
    netsession *s = lab_session("netsession:internet", "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "link:cable");
    int mark = lab_count;
    lab_run("ip -n outside link set cable.peer down");
    CHECK(lab_await("offline"));
    CHECK_STR(lab_events(mark, "s "), "s closed, s RoamingError: Internet lost its link, and has no other access point to move to.");
    CHECK_STR(netsession_interface(s), "docker0"); /* a closed session shows the link that is up */
    netsession_open(s);
    CHECK(lab_await("s opened")); /* there is no other candidate */
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "link:docker0");
    netsession_free(s);
    unplug("cable");
    lab_run("ip link delete veth1 && ip netns delete inside && ip netns delete outside");
    unplug("docker0");
}

static void a_bridge_without_a_port(void)
{
    lab_run("ip link add br0 type bridge && ip address add 192.0.2.1/24 dev br0 && ip link set br0 up && "
            "ip route add default via 192.0.2.254 dev br0");
    lab_sync();
    CHECK_INT(lab_config_state("link:br0"), NETSESSION_CONFIGURATION_STATE_DEFINED);
    CHECK_INT(netsession_manager_is_online(lab_manager), 0);
    CHECK_STR(default_identifier(), "netsession:internet");
    lab_run("ip link add port type veth peer name port.peer && ip link set port.peer up && ip link set port master br0 up");
    CHECK(lab_await("changed link:br0 Active"));
    CHECK(lab_await("online"));
    lab_run("ip link delete port");
    CHECK(lab_await("offline"));
    unplug("br0");
}

/* Short interruptions. */

/* Checks that a short interruption causes no events. */
static void check_no_events(const char *command)
{
    int mark = lab_count;
    lab_run("%s", command);
    lab_await_carrier("cable");
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), "");
    CHECK_STR(lab_events(mark, "offline"), "");
}

static void short_interruption_is_ignored(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    lab_run("ip route add default via 192.0.2.254 dev cable");
    CHECK(lab_await("online"));
    netsession *s = lab_session("link:cable", "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    for (int i = 0; i < 3; i++) {
        check_no_events("ip link set cable.peer down && ip link set cable.peer up");
        check_no_events("ip address flush dev cable && ip address add 192.0.2.7/24 dev cable && "
                   "ip route add default via 192.0.2.254 dev cable");
        check_no_events("ip route delete default && ip route add default via 192.0.2.254 dev cable metric 5");
    }
    /* An administrator's change takes effect without a delay. */
    int mark = lab_count;
    lab_run("ip link set cable down");
    CHECK(lab_await("s Disconnected"));
    CHECK_STR(lab_events(mark, "s "),
              "s closed, s SessionAbortedError: cable lost its link: it was taken down or lost its address., s Disconnected");
    netsession_free(s);
    unplug("cable");
}

static void failure_events_keep_their_order(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    lab_sync();
    netsession *s = lab_session("link:cable", "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    int mark = lab_count;
    lab_run("ip address flush dev cable");
    CHECK(lab_await("s Disconnected"));
    CHECK_STR(lab_events(mark, "s "), "s closed, s SessionAbortedError: cable lost its link: it has no address., s Disconnected");
    netsession_free(s);
    unplug("cable");
}

static void migration_is_immediate(void)
{
    lab_plug_with_address("alpha", "192.0.2.1/24");
    lab_plug_with_address("beta", "198.51.100.1/24");
    lab_run("ip route add default via 192.0.2.254 dev alpha metric 100 && "
            "ip route add default via 198.51.100.254 dev beta metric 200");
    lab_sync();
    netsession *s = lab_session("netsession:internet", "s"), *single = lab_session("link:alpha", "single");
    netsession_open(s);
    netsession_open(single);
    CHECK(lab_await("s opened"));
    CHECK(lab_await("single opened"));
    int mark = lab_count;
    /* The kernel sends over alpha until another process removes its route, as network
     * daemons do. */
    lab_run("ip link set alpha.peer down && ip route delete default dev alpha");
    CHECK(lab_await("s Connected"));
    CHECK_STR(lab_events(mark, "s "), "s Roaming, s newConfigurationActivated, s Connected");
    CHECK_STR(lab_events(mark, "single "), "");
    CHECK(lab_await("single NotAvailable"));
    CHECK_STR(lab_events(mark, "offline"), "");
    netsession_free(single);
    netsession_free(s);
    unplug("alpha");
    unplug("beta");
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "holder") == 0)
        return holder();
    lab_run("mkdir -m 700 /run/shared");
    setenv("XDG_RUNTIME_DIR", "/run/shared", 1);
    lab_begin();
    RUN(timeout_keeps_link_set_up_by_others);
    RUN(a_late_address);
    RUN(withdrawal_keeps_link_set_up_by_others);
    RUN(link_that_was_down_goes_down);
    RUN(stop_takes_down_foreign_link);
    RUN(a_failed_attempt_of_internet);
    RUN(reopened_after_a_loss);
    RUN(reopened_after_others_brought_it_up);
    RUN(killed_with_sessions_on_two_links);
    RUN(online_follows_the_kernel);
    LAB_RUN_WITH("vrf table 7", members_of_a_vrf);
    LAB_RUN_WITH("dummy", a_dummy_link_is_no_cable);
    RUN(link_local_address_is_no_internet_route);
    if (access("/dev/net/tun", R_OK | W_OK) == 0)
        RUN(a_vpn_over_a_cable);
    else
        SKIP(a_vpn_over_a_cable, "this user may make no tun link");
    RUN(a_cable_beside_containers);
    RUN(a_bridge_without_a_port);
    RUN(short_interruption_is_ignored);
    RUN(failure_events_keep_their_order);
    RUN(migration_is_immediate);
    netsession_manager_free(lab_manager);
    return check_result();
}
