/* sessions.c - sessions on real links: the order of events, and the state of the link. */
#include "lab.h"
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

/* A cable with an address whose link is down. */
static void down_cable(const char *link)
{
    lab_plug_with_address(link, "192.0.2.1/24");
    lab_run("ip link set %s down", link);
    lab_sync();
}

static void unplug(const char *link)
{
    char line[64];
    lab_run("ip link delete %s", link);
    snprintf(line, sizeof line, "removed link:%s", link);
    CHECK(lab_await(line));
}

static void open_brings_up_and_close_takes_down(void)
{
    down_cable("cable");
    netsession *s = lab_session("link:cable", "s");
    CHECK_INT(netsession_state(s), NETSESSION_STATE_DISCONNECTED);
    int mark = lab_count;
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    CHECK(lab_link_is_up("cable"));
    CHECK_STR(netsession_interface(s), "cable");
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "link:cable");
    netsession_close(s);
    CHECK(lab_await("s Disconnected"));
    CHECK_STR(lab_events(mark, "s "), "s Connecting, s opened, s Connected, s closed, s Closing, s Disconnected");
    CHECK(!lab_link_is_up("cable"));
    CHECK_STR(netsession_interface(s), "");
    netsession_free(s);
    unplug("cable");
}

static void close_keeps_link_that_was_up(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    lab_sync();
    netsession *s = lab_session("link:cable", "s");
    int mark = lab_count;
    netsession_open(s);
    CHECK(lab_await("s opened"));
    netsession_close(s);
    CHECK(lab_await("s closed"));
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), "s opened, s closed");
    CHECK(lab_link_is_up("cable"));
    netsession_free(s);
    unplug("cable");
}

static void closes_by_itself(void)
{
    down_cable("cable");
    lab_check_auto_close("link:cable");
    CHECK(!lab_link_is_up("cable"));
    unplug("cable");
}

static void last_of_two_takes_down(void)
{
    down_cable("cable");
    netsession *first = lab_session("link:cable", "first");
    netsession *second = lab_session("link:cable", "second");
    netsession_open(first);
    netsession_open(second);
    CHECK_INT(netsession_wait_for_opened(first, LAB_TIMEOUT), 1);
    CHECK_INT(netsession_wait_for_opened(second, LAB_TIMEOUT), 1);
    netsession_close(first);
    CHECK(lab_await("first closed"));
    lab_sync();
    CHECK(lab_link_is_up("cable"));
    netsession_free(second); /* an open session releases its link when it is freed */
    CHECK(lab_await("first Disconnected"));
    CHECK(!lab_link_is_up("cable"));
    netsession_free(first);
    unplug("cable");
}

static void stop_closes_all_sessions(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    lab_sync();
    netsession *caller = lab_session("link:cable", "caller");
    netsession *other = lab_session("link:cable", "other");
    netsession_open(caller);
    netsession_open(other);
    CHECK(lab_await("other opened"));
    int mark = lab_count;
    netsession_stop(caller);
    CHECK(lab_await("other Disconnected"));
    lab_sync();
    const char *stopped = "SessionAbortedError: The session on cable was closed because its network was stopped.";
    char expected[400];
    snprintf(expected, sizeof expected, "caller Closing, caller closed, caller %s, caller Disconnected", stopped);
    CHECK_STR(lab_events(mark, "caller "), expected);
    snprintf(expected, sizeof expected, "other closed, other %s, other Disconnected", stopped);
    CHECK_STR(lab_events(mark, "other "), expected);
    CHECK(!lab_link_is_up("cable"));
    netsession_free(caller);
    netsession_free(other);
    unplug("cable");
}

static void carrier_lost_while_open(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    lab_sync();
    netsession *s = lab_session("link:cable", "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    int mark = lab_count;
    lab_run("ip link set cable.peer down");
    CHECK(lab_await("s NotAvailable"));
    CHECK_STR(lab_events(mark, "s "),
              "s closed, s SessionAbortedError: cable lost its link: it has no carrier any more or went "
              "out of range., s NotAvailable");
    netsession_free(s);
    unplug("cable");
}

static void removed_while_open_and_back(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    lab_sync();
    netsession *s = lab_session("link:cable", "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    int mark = lab_count;
    unplug("cable");
    lab_sync();
    /* The kernel sets a link down before it removes it, and reports both. */
    CHECK_STR(lab_events(mark, "s "),
              "s closed, s SessionAbortedError: cable lost its link: it was taken down or lost its address., s Disconnected, "
              "s Invalid, s InvalidConfigurationError: There is no configuration cable.");
    lab_plug_with_address("cable", "192.0.2.1/24");
    CHECK(lab_await("s Connected"));
    netsession_free(s);
    unplug("cable");
}

static void no_address_times_out(void)
{
    netsession_configuration *config;
    lab_run("ip link add cable type veth peer name cable.peer && ip link set cable.peer up");
    lab_sync();
    netsession_manager_configuration_from_identifier(lab_manager, "link:cable", &config);
    netsession_configuration_set_connect_timeout(config, 200);
    netsession *s = lab_session("link:cable", "s");
    netsession_open(s);
    CHECK(lab_await("s UnknownSessionError: cable did not come up within 200ms"));
    CHECK(strstr(netsession_error_string(s), "no address") != NULL);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 0);
    lab_sync();
    CHECK(!lab_link_is_up("cable"));
    netsession_configuration_set_connect_timeout(config, 0);
    netsession_configuration_free(config);
    netsession_free(s);
    unplug("cable");
}

static void bytes_are_counted(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    lab_run("ip neighbour add 192.0.2.9 lladdr 02:00:00:00:00:09 dev cable");
    lab_sync();
    netsession *s = lab_session("link:cable", "s");
    int64_t before = netsession_bytes_written(s);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {inet_addr("192.0.2.9")}};
    char payload[1000] = "";
    for (int i = 0; i < 10; i++)
        sendto(fd, payload, sizeof payload, 0, (struct sockaddr *)&to, sizeof to);
    close(fd);
    CHECK(netsession_bytes_written(s) >= before + 10000);
    netsession *peer = lab_session("link:cable.peer", "peer");
    CHECK_INT(netsession_bytes_received(peer), 0); /* peer is not Connected */
    lab_run("ip link set cable down");
    CHECK(lab_await("s Disconnected"));
    CHECK_INT(netsession_bytes_written(s), 0);
    netsession_free(peer);
    netsession_free(s);
    unplug("cable");
}

/* Runs this program in a user namespace without privileges over the network. */
static void open_without_privileges(void)
{
    down_cable("cable");
    lab_run("unshare --user \"$(readlink /proc/%d/exe)\" denied", getpid());
    CHECK(!lab_link_is_up("cable"));
    unplug("cable");
}

static int denied(void)
{
    lab_begin();
    int bad = netsession_manager_capabilities(lab_manager) & NETSESSION_CAPABILITY_CAN_START_AND_STOP_INTERFACES;
    netsession *s = lab_session("link:cable", "s");
    netsession_open(s);
    bad |= !lab_await("s OperationNotSupportedError");
    bad |= strstr(netsession_error_string(s), "CAP_NET_ADMIN") == NULL;
    bad |= strcmp(lab_events(0, "s Conn"), "") != 0;
    bad |= netsession_state(s) != NETSESSION_STATE_NOT_AVAILABLE; /* no known process will set the link up */
    bad |= lab_config_state("link:cable") != NETSESSION_CONFIGURATION_STATE_DEFINED;
    printf("# %s\n", netsession_error_string(s));
    return bad != 0;
}

static void internet_moves_to_the_other_cable(void)
{
    lab_plug_with_address("alpha", "192.0.2.1/24");
    lab_plug_with_address("beta", "198.51.100.1/24");
    lab_run("ip route add default dev alpha metric 100 && ip route add default dev beta metric 200");
    lab_sync();
    netsession *s = lab_session("netsession:internet", "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "link:alpha");
    int mark = lab_count;
    lab_run("ip link set alpha.peer down");
    CHECK(lab_await("s Connected"));
    CHECK_STR(lab_events(mark, "s "), "s Roaming, s newConfigurationActivated, s Connected");
    CHECK_STR(netsession_interface(s), "beta");
    netsession_free(s);
    unplug("alpha");
    unplug("beta");
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "denied") == 0)
        return denied();
    lab_begin();
    RUN(open_brings_up_and_close_takes_down);
    RUN(close_keeps_link_that_was_up);
    RUN(closes_by_itself);
    RUN(last_of_two_takes_down);
    RUN(stop_closes_all_sessions);
    RUN(carrier_lost_while_open);
    RUN(removed_while_open_and_back);
    RUN(no_address_times_out);
    RUN(bytes_are_counted);
    RUN(open_without_privileges);
    RUN(internet_moves_to_the_other_cable);
    netsession_manager_free(lab_manager);
    return check_result();
}
