/* roaming.c - a session on "Internet" beside a real NetworkManager moves between the
 * profiles of two cables, of which eth1's has the better route. Both routers have the
 * same address.
 */
#include "router.h"

#include "nm.h"

static netsession *s;

#define STATIC(address) "ipv4.method manual ipv4.gateway 198.51.100.1 ipv4.addresses " address "/24 "
#define ANOTHER STATIC("198.51.100.3")
#define BY_DHCP "ipv4.method auto ipv4.may-fail no "
#define OFFERED "s prefer " HOTEL
#define MOVED "s Roaming, s newConfigurationActivated, s Connected"

/* Adds a cable to a router that has the address of the tests. */
static void cable(const char *link)
{
    daemon_add_cable(link);
    lab_run("ip -n router-%s link set lo up && ip -n router-%s address add " ROUTER_IPV4 "/32 dev lo", link, link);
}

/* Opens a session on office, which has a fixed address on eth0. The profile hotel, on
 * eth1, gets the settings; its cable is unplugged. */
static void begin(const char *hotel, int is_application_level)
{
    char settings[256];
    lab_run("echo 2 >/proc/sys/net/ipv4/conf/all/rp_filter");
    cable("eth0");
    nm_add_profile(OFFICE, "office", "eth0", STATIC("198.51.100.2") "ipv4.route-metric 200");
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    cable("eth1");
    daemon_unplug("eth1");
    lab_run("timeout 120 sh -c 'until nmcli -t -f DEVICE,STATE device | grep -q eth1:unavailable; do sleep 0.05; done'");
    snprintf(settings, sizeof settings, "%s ipv4.route-metric 100", hotel);
    nm_add_profile(HOTEL, "hotel", "eth1", settings);
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_DEFINED));
    nm_sync();
    s = lab_make_session("netsession:internet", "s", is_application_level);
    netsession_open(s);
    CHECK(lab_await("s opened"));
    CHECK_STR(netsession_interface(s), "eth0");
}

static void end(void)
{
    netsession_free(s);
    nm_clear();
}

static router_connection connect_by(const char *link)
{
    router_connection connection;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_STR(netsession_interface(s), link);
    CHECK_INT(netsession_bind_socket(s, fd), 0);
    CHECK_INT(router_connect(fd, link, &connection), 0);
    return connection;
}

static void check_connection_over(const char *link)
{
    router_connection connection = connect_by(link);
    CHECK(router_transfers(&connection));
    router_close(&connection);
}

/* The cable is plugged in and gets an address by DHCP, and only then is offered. */
static void accepted(void)
{
    begin(BY_DHCP, 1);
    daemon_start_dhcp("eth1");
    router_connection old = connect_by("eth0");
    int mark = lab_count;
    daemon_plug("eth1");
    CHECK(lab_await(OFFERED));
    CHECK_INT(lab_config_state(HOTEL), NETSESSION_CONFIGURATION_STATE_ACTIVE);
    netsession_migrate(s);
    CHECK(lab_await("s Connected"));
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), HOTEL);
    router_connection new = connect_by("eth1");
    CHECK(router_transfers(&new));
    CHECK(router_transfers(&old));
    netsession_accept(s);
    daemon_unplug("eth0");
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_DEFINED));
    nm_sync();
    CHECK_STR(lab_events(mark, "s "), OFFERED ", " MOVED);
    CHECK(router_transfers(&new));
    router_close(&new);
    router_close(&old);
    end();
}

static void rejected(void)
{
    begin(ANOTHER, 1);
    int mark = lab_count;
    daemon_plug("eth1");
    CHECK(lab_await(OFFERED));
    netsession_migrate(s);
    CHECK(lab_await("s Connected"));
    check_connection_over("eth1");
    netsession_reject(s);
    CHECK(lab_await("s Connected"));
    check_connection_over("eth0");
    nm_sync();
    CHECK_STR(lab_events(mark, "s "), OFFERED ", " MOVED ", s Roaming, s Connected");
    CHECK(nm_is_active("hotel")); /* NetworkManager had activated it */
    end();
}

/* NetworkManager waits some seconds before it reports that a link was lost. */
static void forced_there_and_back(void)
{
    begin(ANOTHER, 0);
    int mark = lab_count;
    daemon_plug("eth1");
    CHECK(lab_await("s Connected"));
    CHECK_STR(lab_events(mark, "s "), MOVED);
    check_connection_over("eth1");
    mark = lab_count;
    daemon_unplug("eth1");
    CHECK(lab_await("s Connected"));
    CHECK_STR(lab_events(mark, "s "), MOVED);
    check_connection_over("eth0");
    end();
}

/* No other profile is up: the other profile is activated when the application migrates,
 * and deactivated when the session is closed. */
static void other_profile_is_activated(void)
{
    begin(ANOTHER "autoconnect no", 1);
    daemon_plug("eth1");
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    nm_sync();
    int mark = lab_count;
    daemon_unplug("eth0");
    CHECK(lab_await("s Roaming"));
    CHECK(!nm_is_active("hotel"));
    netsession_migrate(s);
    CHECK(lab_await("s Connected"));
    CHECK_STR(lab_events(mark, "s "), OFFERED ", " MOVED);
    CHECK(nm_is_active("hotel"));
    check_connection_over("eth1");
    netsession_accept(s);
    netsession_close(s);
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    CHECK(!nm_is_active("hotel"));
    end();
}

/* Freeing the session withdraws the activation. */
static void freed_while_other_profile_activates(void)
{
    begin(BY_DHCP "autoconnect no ipv4.dhcp-timeout 60", 0); /* there is no DHCP server */
    daemon_plug("eth1");
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    daemon_unplug("eth0");
    CHECK(lab_await("s Roaming"));
    lab_run("timeout 120 sh -c 'until nmcli -t -f NAME connection show --active | grep -qx hotel; do sleep 0.05; done'");
    netsession_free(s);
    lab_run("timeout 120 sh -c 'while nmcli -t -f NAME connection show --active | grep -qx hotel; do sleep 0.05; done'");
    s = lab_session("netsession:internet", "s");
    end();
}

static void other_profile_fails(void)
{
    begin(BY_DHCP "autoconnect no ipv4.dhcp-timeout 2", 1);
    daemon_plug("eth1");
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    nm_sync();
    int mark = lab_count;
    daemon_unplug("eth0");
    CHECK(lab_await("s Roaming"));
    netsession_migrate(s);
    CHECK(lab_await("s RoamingError"));
    nm_sync();
    CHECK_STR(lab_events(mark, "s "), OFFERED ", s Roaming, s closed, s RoamingError: Internet lost its link, "
              "and has no other access point to move to., s Disconnected");
    end();
}

int main(void)
{
    lab_begin();
    RUN(accepted);
    RUN(rejected);
    RUN(forced_there_and_back);
    RUN(other_profile_is_activated);
    RUN(freed_while_other_profile_activates);
    RUN(other_profile_fails);
    netsession_manager_free(lab_manager);
    return check_result();
}
