/* udhcpc.c - a cable that busybox's DHCP client configures, as on small systems. Its
 * script uses ifconfig, so the address is added with the netmask of its class, removed,
 * and added with its own netmask; the default route follows.
 */
#include "daemon.h"

#define FOLDER "/run/udhcpc"
#define BUSYBOX "build/lab-root/bin/busybox"
#define CABLE "link:cable"

static void install(void)
{
    lab_run("mkdir " FOLDER " && cp " BUSYBOX " " FOLDER "/busybox && cat >" FOLDER "/script <<'END'\n"
            "#!/bin/sh\n"
            "cd " FOLDER "\n"
            "case $1 in\n"
            "deconfig) ./busybox ifconfig $interface 0.0.0.0 ;;\n"
            "bound | renew)\n"
            "    ./busybox ifconfig $interface $ip netmask $subnet\n"
            "    while ./busybox route del default gw 0.0.0.0 dev $interface 2>/dev/null; do :; done\n"
            "    for gateway in $router; do ./busybox route add default gw $gateway dev $interface; done ;;\n"
            "esac\n"
            "echo $1 >>events\n"
            "END\n"
            "chmod +x " FOLDER "/script");
    setenv("LAB_UDHCPC", FOLDER, 1);
}

/* A cable that another process has set up, with a router in a class A network. */
static void begin(void)
{
    lab_run("rm -f " FOLDER "/events");
    daemon_add_down_cable("cable");
    lab_run("ip -n router-cable address flush dev cable.peer && ip -n router-cable address add 10.9.0.1/24 dev cable.peer && "
            "ip link set cable up");
    lab_await_carrier("cable");
    CHECK(lab_await("added " CABLE));
    lab_sync();
    CHECK_INT(lab_config_state(CABLE), NETSESSION_CONFIGURATION_STATE_DISCOVERED);
}

static void serve(void) { daemon_start_dhcp_with("cable", "--no-ping --dhcp-range=10.9.0.50,10.9.0.99,1h"); }

/* Starts the client, which sends a request each second. */
static void start(void)
{
    lab_run("cd " FOLDER " && { ./busybox udhcpc -f -i cable -s " FOLDER "/script -t 5 -T 1 -A 1 >log 2>&1 & echo $! >daemon.pid; }");
}

/* How often the script has completed an event. */
static int events(const char *event)
{
    char line[32], wanted[32];
    int count = 0;
    snprintf(wanted, sizeof wanted, "%s\n", event);
    FILE *file = fopen(FOLDER "/events", "r");
    while (file && fgets(line, sizeof line, file))
        count += strcmp(line, wanted) == 0;
    if (file)
        fclose(file);
    return count;
}

static void await_event(const char *event, int count)
{
    for (long limit = lab_now() + LAB_TIMEOUT; events(event) < count && CHECK(lab_now() < limit);)
        poll(NULL, 0, 10);
}

static void end(void)
{
    daemon_kill(DAEMON);
    daemon_stop_dhcp("cable");
    daemon_remove_cable("cable");
    CHECK(daemon_await(CABLE, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    lab_sync();
}

/* Checks that the address has its own netmask, and that the session stays open: each
 * event was reported once since mark. */
static void opened_once(int mark)
{
    await_event("bound", 1);
    CHECK(lab_await("online"));
    lab_sync();
    lab_run("ip -4 address show dev cable | grep -q 'inet 10[.]9[.]0[.].*/24 '");
    CHECK_STR(lab_events(mark, "s "), "s Connecting, s opened, s Connected");
    CHECK_STR(lab_events(mark, "online"), "online");
    CHECK_STR(lab_events(mark, "offline"), "");
}

static void check_no_events(int mark)
{
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), "");
    CHECK_STR(lab_events(mark, "offline"), "");
    CHECK_INT(netsession_manager_is_online(lab_manager), 1);
    CHECK_INT(lab_config_state(CABLE), NETSESSION_CONFIGURATION_STATE_ACTIVE);
}

static void close_leaves_it_up(netsession *s)
{
    int mark = lab_count;
    netsession_close(s);
    CHECK(lab_await("s closed"));
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), "s closed");
    CHECK(lab_link_is_up("cable"));
    CHECK_INT(netsession_manager_is_online(lab_manager), 1);
    netsession_free(s);
}

/* Opens a session, which the first lease makes Connected. */
static netsession *open_cable(void)
{
    begin();
    serve();
    netsession *s = lab_session(CABLE, "s");
    int mark = lab_count;
    netsession_open(s);
    CHECK(lab_await("s Connecting"));
    start();
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    opened_once(mark);
    return s;
}

static void an_address_in_two_steps(void)
{
    lab_run("cd " FOLDER " && { ip monitor address >monitor 2>&1 & echo $! >monitor.pid; }");
    netsession *s = open_cable();
    lab_run("timeout 120 sh -c 'until grep -q \"inet 10[.]9[.]0[.].*/24 \" " FOLDER "/monitor; do sleep 0.01; done'");
    daemon_kill("monitor");
    /* Without this the test has no effect. */
    lab_run("grep -q '^[0-9].*inet 10[.]9[.]0[.].*/8 ' " FOLDER "/monitor && grep -q '^Deleted.*inet 10[.]9[.]0[.].*/8 ' " FOLDER "/monitor");
    close_leaves_it_up(s);
    end();
}

static void renewals(void)
{
    netsession *s = open_cable();
    int mark = lab_count;
    for (int i = 1; i <= 3; i++) {
        kill(daemon_pid(DAEMON), SIGUSR1);
        await_event("renew", i);
        check_no_events(mark);
    }
    close_leaves_it_up(s);
    end();
}

/* The new client removes the address and requests it again. */
static void restarted_client(void)
{
    netsession *s = open_cable();
    int mark = lab_count;
    for (int i = 1; i <= 3; i++) {
        daemon_kill(DAEMON);
        start();
        await_event("bound", 1 + i);
        check_no_events(mark);
    }
    close_leaves_it_up(s);
    end();
}

static void server_that_answers_late(void)
{
    begin();
    start();
    await_event("deconfig", 1);
    netsession *s = lab_session(CABLE, "s");
    int mark = lab_count;
    netsession_open(s);
    CHECK(lab_await("s Connecting"));
    await_event("leasefail", 1);
    serve();
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    opened_once(mark);
    close_leaves_it_up(s);
    end();
}

int main(void)
{
    install();
    lab_begin();
    RUN(an_address_in_two_steps);
    RUN(renewals);
    RUN(restarted_client);
    RUN(server_that_answers_late);
    netsession_manager_free(lab_manager);
    return check_result();
}
