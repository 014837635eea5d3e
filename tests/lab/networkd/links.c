/* links.c - sessions on links that a real systemd-networkd sets up. There are no
 * configurations of networkd itself: the library must not interfere with its work, nor
 * report its intermediate states.
 */
#include "daemon.h"
#include <sys/wait.h>

#define OFFICE "link:office"
#define CARRIER_LOST \
    "s closed, s SessionAbortedError: office lost its link: it has no carrier any more or went out of range., s NotAvailable"

/* Writes networkd's settings for the link office, with a policy. */
static void settings(const char *policy)
{
    lab_run("printf '%%s\\n' '[Match]' Name=office '[Link]' ActivationPolicy=%s '[Network]' DHCP=ipv4 "
            "LinkLocalAddressing=no IPv6AcceptRA=no >/run/systemd/network/office.network", policy);
    lab_run("dbus-send --system --print-reply --dest=org.freedesktop.network1 /org/freedesktop/network1 "
            "org.freedesktop.network1.Manager.Reload >/dev/null");
}

/* Waits for networkd's setup state of the link, reported by the running networkd and not
 * by a file of an earlier one. */
static void await_setup(const char *state)
{
    lab_run("timeout 120 sh -c 'until dbus-send --system --print-reply=literal --dest=org.freedesktop.network1 "
            "/org/freedesktop/network1/link/_3$(cat /sys/class/net/office/ifindex) org.freedesktop.DBus.Properties.Get "
            "string:org.freedesktop.network1.Link string:AdministrativeState 2>/dev/null | grep -q \" %s *$\"; "
            "do sleep 0.01; done'", state);
}

/* A server that does not check first whether an address is in use. */
static void serve(void) { daemon_start_dhcp_with("office", "--no-ping"); }

/* Adds the link office, with a router at its other end, and waits for networkd. */
static void begin(const char *policy)
{
    settings(policy);
    daemon_add_down_cable("office");
    CHECK(lab_await("added " OFFICE));
}

/* Likewise, with an address by DHCP. */
static void begin_served(void)
{
    settings("up");
    daemon_add_down_cable("office");
    serve();
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    await_setup("configured");
    lab_sync();
}

static void end(void)
{
    daemon_stop_dhcp("office");
    daemon_remove_cable("office");
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    lab_sync();
}

static netsession *open_office(void)
{
    netsession *s = lab_session(OFFICE, "s");
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    CHECK(lab_await("s opened"));
    return s;
}

static void set_timeout(int msecs)
{
    netsession_configuration *config;
    netsession_manager_configuration_from_identifier(lab_manager, OFFICE, &config);
    netsession_configuration_set_connect_timeout(config, msecs);
    netsession_configuration_free(config);
}

/* The number of leases that the server has given. */
static int leases(void)
{
    char command[256];
    int count = -1;
    snprintf(command, sizeof command, "grep -c DHCPACK %s/dhcp-office.log", daemon_folder());
    FILE *file = popen(command, "r");
    if (!file || fscanf(file, "%d", &count) != 1)
        count = -1;
    if (file)
        pclose(file);
    return count;
}

static void await_lease_after(int count)
{
    for (long limit = lab_now() + LAB_TIMEOUT; leases() <= count && CHECK(lab_now() < limit);)
        poll(NULL, 0, 10);
    await_setup("configured");
}

/* Checks that there was no event of the session or the link since mark. */
static void check_no_events(int mark)
{
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), "");
    CHECK_STR(lab_events(mark, "changed " OFFICE), "");
    CHECK_STR(lab_events(mark, "offline"), "");
    CHECK_INT(netsession_manager_is_online(lab_manager), 1);
}

/* networkd requests an address when the program starts. */
static void opened_while_dhcp_runs(void)
{
    begin("up");
    CHECK(lab_await("changed " OFFICE " Discovered"));
    await_setup("configuring");
    lab_sync();
    int mark = lab_count;
    netsession *s = lab_session(OFFICE, "s");
    netsession_open(s);
    CHECK(lab_await("s Connecting"));
    serve();
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    CHECK(lab_await("s Connected"));
    await_setup("configured");
    netsession_close(s);
    CHECK(lab_await("s closed"));
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), "s Connecting, s opened, s Connected, s closed");
    CHECK_STR(lab_events(mark, "online"), "online");
    CHECK_STR(lab_events(mark, "offline"), "");
    CHECK_INT(lab_config_state(OFFICE), NETSESSION_CONFIGURATION_STATE_ACTIVE);
    CHECK(lab_link_is_up("office"));
    netsession_free(s);
    end();
}

/* Checks that a link that networkd has set up without a lease is unchanged, and gets its
 * address when a server answers. */
static void left_up_for_networkd(void)
{
    lab_sync();
    CHECK(lab_link_is_up("office"));
    serve();
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    await_setup("configured");
    end();
}

static void timeout_keeps_link_up(void)
{
    begin("up");
    await_setup("configuring");
    set_timeout(500);
    netsession *s = lab_session(OFFICE, "s");
    netsession_open(s);
    CHECK(lab_await("s UnknownSessionError: office did not come up within 500ms"));
    netsession_free(s);
    set_timeout(0);
    left_up_for_networkd();
}

/* A process is killed that waits for the link office and has brought up another link,
 * which goes down when the process's sessions end. */
static void killed_process_leaves_link_up(void)
{
    begin("up");
    await_setup("configuring");
    lab_run("ip link add started type veth peer name started.peer && ip link set started.peer up && "
            "ip address add 192.0.2.1/24 dev started");
    lab_sync();
    const pid_t pid = fork();
    if (pid == 0) {
        execl("/proc/self/exe", "links", "holder", (char *)NULL);
        _exit(1);
    }
    CHECK(lab_await("changed link:started Active"));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    CHECK(lab_await("changed link:started Discovered"));
    CHECK(!lab_link_is_up("started"));
    lab_run("ip link delete started");
    CHECK(lab_await("removed link:started"));
    left_up_for_networkd();
}

static int holder(void)
{
    lab_begin();
    netsession *s = lab_session(OFFICE, "s"), *started = lab_session("link:started", "started");
    netsession_open(s);
    if (!lab_await("s Connecting"))
        return 1;
    netsession_open(started);
    lab_await("started opened");
    pause();
    return 0;
}

static void reconfigured_while_session_is_open(void)
{
    begin_served();
    netsession *s = open_office();
    int mark = lab_count;
    for (int i = 0; i < 3; i++) {
        const int count = leases();
        lab_run("networkctl reconfigure office");
        await_lease_after(count);
        check_no_events(mark);
    }
    netsession_close(s);
    CHECK(lab_await("s closed"));
    netsession_free(s);
    end();
}

static void networkd_crashes_while_session_is_open(void)
{
    begin_served();
    netsession *s = open_office();
    int mark = lab_count;
    for (int i = 0; i < 3; i++) {
        daemon_kill(DAEMON);
        check_no_events(mark);
        daemon_start();
        await_setup("configured");
        check_no_events(mark);
    }
    netsession_close(s);
    CHECK(lab_await("s closed"));
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), "s closed");
    CHECK(lab_link_is_up("office"));
    netsession_free(s);
    end();
}

static void policy_keeps_link_down(void)
{
    begin("always-down");
    serve();
    await_setup("configuring");
    lab_sync();
    int mark = lab_count;
    netsession *s = lab_session(OFFICE, "s");
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 0);
    CHECK(lab_await("s SessionAbortedError"));
    lab_sync();
    CHECK_STR(lab_events(mark, "s "),
              "s Connecting, s Disconnected, s SessionAbortedError: office was set down again before it could be used: another "
              "program or a policy keeps it down (systemd-networkd: ActivationPolicy= in the link's .network file).");
    CHECK(!lab_link_is_up("office"));
    netsession_free(s);
    end();
}

/* No other program brings the link up, so the session takes it down. */
static void policy_leaves_link_to_others(void)
{
    begin("manual");
    serve();
    lab_sync();
    CHECK(!lab_link_is_up("office"));
    for (int i = 0; i < 2; i++) {
        int mark = lab_count;
        netsession *s = open_office();
        CHECK(lab_await("s Connected"));
        await_setup("configured");
        netsession_close(s);
        CHECK(lab_await("s Disconnected"));
        lab_sync();
        CHECK_STR(lab_events(mark, "s "), "s Connecting, s opened, s Connected, s closed, s Closing, s Disconnected");
        CHECK(!lab_link_is_up("office"));
        netsession_free(s);
    }
    end();
}

/* networkd removes the address when the carrier is lost, and requests it again. */
static void cable_that_flaps(void)
{
    begin_served();
    netsession *s = open_office();
    int mark = lab_count;
    for (int i = 0; i < 3; i++) {
        const int count = leases();
        daemon_unplug("office");
        lab_run("timeout 120 sh -c 'while ip -4 address show dev office | grep -q 198.51.100; do sleep 0.01; done'");
        daemon_plug("office");
        await_lease_after(count);
        check_no_events(mark);
    }
    netsession_free(s);
    end();
}

static void the_carrier_is_lost(void)
{
    begin_served();
    netsession *s = open_office();
    int mark = lab_count;
    daemon_unplug("office");
    CHECK(lab_await("s NotAvailable"));
    CHECK(lab_await("offline"));
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), CARRIER_LOST);
    CHECK_INT(lab_config_state(OFFICE), NETSESSION_CONFIGURATION_STATE_DEFINED);
    CHECK(lab_link_is_up("office"));
    daemon_plug("office");
    CHECK(lab_await("s Connected"));
    CHECK(lab_await("online"));
    CHECK_INT(netsession_is_open(s), 0);
    netsession_open(s);
    CHECK(lab_await("s opened"));
    netsession_free(s);
    lab_sync();
    CHECK(lab_link_is_up("office"));
    end();
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "holder") == 0)
        return holder();
    lab_run("mkdir -m 700 /run/shared");
    setenv("XDG_RUNTIME_DIR", "/run/shared", 1);
    lab_begin();
    RUN(opened_while_dhcp_runs);
    RUN(timeout_keeps_link_up);
    RUN(killed_process_leaves_link_up);
    RUN(reconfigured_while_session_is_open);
    RUN(networkd_crashes_while_session_is_open);
    RUN(policy_keeps_link_down);
    RUN(policy_leaves_link_to_others);
    RUN(cable_that_flaps);
    RUN(the_carrier_is_lost);
    netsession_manager_free(lab_manager);
    return check_result();
}
