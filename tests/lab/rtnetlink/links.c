/* links.c - the configurations of real links: added, removed and changed. */
#include "lab.h"
#include <unistd.h>

static void link_added_and_removed(void)
{
    lab_run("ip link add cable type veth peer name cable.peer");
    CHECK(lab_await("added link:cable Discovered"));
    lab_run("ip link delete cable");
    CHECK(lab_await("removed link:cable"));
    CHECK_INT(lab_config_state("link:cable"), NETSESSION_CONFIGURATION_STATE_UNDEFINED);
}

static void loopback_is_not_listed(void)
{
    netsession_configuration *config;
    netsession_manager_configuration_from_identifier(lab_manager, "link:lo", &config);
    CHECK_INT(netsession_configuration_is_valid(config), 0);
    netsession_configuration_free(config);
}

static void bearer_is(const char *identifier, const char *name)
{
    netsession_configuration *config;
    netsession_manager_configuration_from_identifier(lab_manager, identifier, &config);
    CHECK_STR(netsession_configuration_bearer_type_name(config), name);
    netsession_configuration_free(config);
}

static void bearers(void)
{
    lab_run("ip link add cable type veth peer name cable.peer && ip link add bridge0 type bridge && "
            "ip link add link cable name macvlan0 type macvlan");
    CHECK(lab_await("added link:macvlan0"));
    bearer_is("link:cable", "Ethernet");
    bearer_is("link:bridge0", "Ethernet");
    bearer_is("link:macvlan0", "Ethernet");
    /* A bridge port has no IP of its own. */
    lab_run("ip link delete macvlan0 && ip link set cable master bridge0");
    CHECK(lab_await("removed link:cable"));
    lab_run("ip link set cable nomaster");
    CHECK(lab_await("added link:cable"));
    lab_run("ip link delete cable && ip link delete bridge0");
    CHECK(lab_await("removed link:bridge0"));
}

static void bearer_of_a_tun_link(void)
{
    lab_run("ip tuntap add tun0 mode tun");
    CHECK(lab_await("added link:tun0"));
    bearer_is("link:tun0", "Unknown");
    lab_run("ip link delete tun0");
    CHECK(lab_await("removed link:tun0"));
}

static void admin_state(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    CHECK(lab_await("changed link:cable Active"));
    lab_run("ip link set cable down");
    CHECK(lab_await("changed link:cable Discovered"));
    lab_run("ip link set cable up");
    CHECK(lab_await("changed link:cable Active"));
    lab_run("ip link delete cable");
    CHECK(lab_await("removed link:cable"));
}

static void carrier(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    CHECK(lab_await("changed link:cable Active"));
    lab_run("ip link set cable.peer down");
    CHECK(lab_await("changed link:cable Defined"));
    lab_run("ip link set cable.peer up");
    CHECK(lab_await("changed link:cable Active"));
    lab_run("ip link delete cable");
    CHECK(lab_await("removed link:cable"));
}

static void addresses(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    CHECK(lab_await("changed link:cable Active"));
    lab_run("ip address flush dev cable");
    CHECK(lab_await("changed link:cable Discovered"));
    lab_run("ip address add 2001:db8::1/64 dev cable nodad");
    CHECK(lab_await("changed link:cable Active"));
    lab_run("ip address delete 2001:db8::1/64 dev cable");
    CHECK(lab_await("changed link:cable Discovered"));
    lab_run("ip link delete cable");
    CHECK(lab_await("removed link:cable"));
}

static int default_is(const char *identifier)
{
    netsession_configuration *config;
    netsession_manager_default_configuration(lab_manager, &config);
    const int is = strcmp(netsession_configuration_identifier(config), identifier) == 0;
    netsession_configuration_free(config);
    return is;
}

/* Waits until a link is the default: the event of its change may arrive after the event
 * of another link. */
static int default_becomes(const char *identifier)
{
    for (long end = lab_now() + LAB_TIMEOUT; !default_is(identifier);) {
        struct pollfd fd = {.fd = netsession_manager_fd(lab_manager), .events = POLLIN};
        if (lab_now() > end) {
            printf("# timeout waiting for %s to be the default\n", identifier);
            return 0;
        }
        poll(&fd, 1, 10);
        netsession_manager_dispatch(lab_manager);
    }
    return 1;
}

static void default_routes(void)
{
    lab_plug_far("alpha");
    lab_plug_far("beta");
    lab_run("ip address add 192.0.2.1/24 dev alpha && ip address add 198.51.100.1/24 dev beta");
    CHECK(lab_await("changed link:beta Active"));
    CHECK_INT(netsession_manager_is_online(lab_manager), 0);
    CHECK(default_is("link:alpha"));

    lab_run("ip route add default dev beta metric 200");
    CHECK(lab_await("online"));
    CHECK(default_is("link:beta"));
    lab_run("ip route add default dev alpha metric 100");
    CHECK(default_becomes("link:alpha"));
    lab_run("ip route delete default dev alpha");
    CHECK(default_becomes("link:beta"));
    lab_run("ip route delete default dev beta");
    CHECK(lab_await("offline"));

    lab_run("ip address add 2001:db8::1/64 dev beta nodad && ip -6 route add default dev beta");
    CHECK(lab_await("online"));
    CHECK(default_is("link:beta"));
    lab_run("ip link set beta down");
    CHECK(lab_await("offline"));
    CHECK(default_is("link:beta")); /* beta can be opened and may have a route; alpha is up without a route */
    lab_run("ip link delete alpha && ip link delete beta");
    CHECK(lab_await("removed link:beta"));
}

static void renamed(void)
{
    lab_run("ip link add old type bridge");
    CHECK(lab_await("added link:old"));
    lab_run("ip link set old name new");
    CHECK(lab_await("added link:new"));
    CHECK_INT(lab_config_state("link:old"), NETSESSION_CONFIGURATION_STATE_UNDEFINED);
    lab_run("ip link delete new");
    CHECK(lab_await("removed link:new"));
}

static void link_added_again(void)
{
    netsession_configuration *config;
    lab_run("ip link add cable type bridge");
    CHECK(lab_await("added link:cable"));
    netsession_manager_configuration_from_identifier(lab_manager, "link:cable", &config);
    lab_run("ip link delete cable");
    CHECK(lab_await("removed link:cable"));
    CHECK_INT(netsession_configuration_is_valid(config), 0);
    CHECK_STR(netsession_configuration_identifier(config), "link:cable");
    lab_run("ip link add cable type bridge");
    CHECK(lab_await("added link:cable"));
    CHECK_INT(netsession_configuration_is_valid(config), 1);
    netsession_configuration_free(config);
    lab_run("ip link delete cable");
    CHECK(lab_await("removed link:cable"));
}

/* Waits until duplicate address detection has accepted the link-local IPv6 address of a
 * link, if the link gets one: the configuration changes then, a second or two later. */
static void await_link_local_address(const char *link)
{
    lab_run("[ \"$(cat /proc/sys/net/ipv6/conf/%s/disable_ipv6 2>/dev/null || echo 1)\" = 1 ] ||"
            " timeout 120 sh -c 'until ip -6 address show dev %s scope link -tentative | grep -q inet6;"
            " do sleep 0.01; done'", link, link);
}

static void no_events_without_changes(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    CHECK(lab_await("changed link:cable Active"));
    await_link_local_address("cable");
    await_link_local_address("cable.peer");
    lab_sync();
    int mark = lab_count;
    for (int i = 0; i < 20; i++)
        lab_run("ip link set cable up mtu %d && ip address replace 192.0.2.1/24 dev cable", 1400 + i);
    lab_sync();
    CHECK_STR(lab_events(mark, "changed link:cable"), "");
    lab_run("ip link delete cable");
    CHECK(lab_await("removed link:cable"));
}

static void update_completes_once(void)
{
    lab_sync();
    int mark = lab_count;
    netsession_manager_update_configurations(lab_manager);
    netsession_manager_update_configurations(lab_manager);
    CHECK(lab_await("updated"));
    CHECK(lab_await("updated"));
    lab_sync();
    CHECK_STR(lab_events(mark, "updated"), "updated, updated");
}

/* More netlink messages than a socket buffer holds, while the process does not read: the
 * kernel drops some, but the snapshot is correct. */
static void overrun(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    CHECK(lab_await("changed link:cable Active"));
    lab_run("{ for i in $(seq 500); do echo link add flood$i type veth peer name peer$i; done;"
            "  for n in $(seq 40); do"
            "    for i in $(seq 500); do echo link set flood$i mtu $((1000 + n)); done; done;"
            "  for i in $(seq 2 500); do echo link delete flood$i; done;"
            "  echo link set cable down; } >/run/storm;"
            "kill -STOP %d; ip -batch /run/storm; kill -CONT %d", getpid(), getpid());
    CHECK(lab_await("changed link:cable Discovered"));
    lab_sync();
    CHECK_INT(lab_config_state("link:flood1"), NETSESSION_CONFIGURATION_STATE_DISCOVERED);
    CHECK_INT(lab_config_state("link:flood500"), NETSESSION_CONFIGURATION_STATE_UNDEFINED);
    lab_run("ip link delete flood1; ip link delete cable");
    CHECK(lab_await("removed link:cable"));
}

int main(void)
{
    lab_begin();
    RUN(loopback_is_not_listed);
    RUN(link_added_and_removed);
    RUN(bearers);
    if (access("/dev/net/tun", R_OK | W_OK) == 0)
        RUN(bearer_of_a_tun_link);
    else
        SKIP(bearer_of_a_tun_link, "this user may make no tun link");
    RUN(admin_state);
    RUN(carrier);
    RUN(addresses);
    RUN(default_routes);
    RUN(renamed);
    RUN(link_added_again);
    RUN(no_events_without_changes);
    RUN(update_completes_once);
    RUN(overrun);
    netsession_manager_free(lab_manager);
    return check_result();
}
