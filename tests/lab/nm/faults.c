/* faults.c - NetworkManager, or its bus, is killed, stopped and restarted. The events of a
 * session at each step are in fault_table.c.
 */
#include "kernel.h"
#include "nm.h"

#define GONE "s InvalidConfigurationError: There is no configuration office"
enum {
    GRACE = 5000,  /* ms: a daemon that returns within this time causes no events */
    LOADING = 4500 /* ms: how long a new manager waits for a daemon that does not answer */
};

#define WHY ": NetworkManager has gone away or does not answer; it returns when NetworkManager does."

/* Runs this program in a role, which must succeed. */
static void play_role(const char *role)
{
    lab_run("\"$(readlink /proc/%d/exe)\" %s", getpid(), role);
}

/* Restarts NetworkManager and waits until a profile exists. */
static void restart_and_await(const char *identifier)
{
    daemon_start();
    long end = lab_now() + LAB_TIMEOUT;
    while (lab_config_state(identifier) < NETSESSION_CONFIGURATION_STATE_DISCOVERED && lab_now() < end) {
        netsession_manager_dispatch(lab_manager);
        poll(NULL, 0, 5);
    }
    CHECK(lab_config_state(identifier) >= NETSESSION_CONFIGURATION_STATE_DISCOVERED);
    nm_sync();
}

static void killed_while_idle(void)
{
    netsession_configuration *c;
    nm_add_office();
    netsession_manager_configuration_from_identifier(lab_manager, OFFICE, &c);
    netsession *s = lab_session(OFFICE, "s");
    int mark = lab_count;
    daemon_kill(DAEMON);
    CHECK(lab_await(GONE));
    CHECK_STR(lab_events(mark, "s "), "s Invalid, " GONE WHY);
    CHECK_STR(daemon_list_configurations(), "link:eth0 Discovered eth0");
    CHECK_INT(netsession_configuration_is_valid(c), 0);
    restart_and_await(OFFICE);
    CHECK_STR(daemon_list_configurations(), OFFICE " Discovered eth0");
    CHECK_INT(netsession_configuration_is_valid(c), 1);
    CHECK_INT(netsession_state(s), NETSESSION_STATE_DISCONNECTED);
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    netsession_free(s);
    netsession_configuration_free(c);
    nm_clear();
}

static void killed_while_open(void)
{
    netsession *s = nm_open_office();
    int mark = lab_count;
    daemon_kill(DAEMON);
    CHECK(lab_await(GONE));
    CHECK_STR(lab_events(mark, "s "), "s closed, s Invalid, " GONE WHY);
    /* The link keeps its address, and has a configuration of the kernel's backend. */
    CHECK_STR(daemon_list_configurations(), "link:eth0 Active eth0");
    restart_and_await(OFFICE);
    CHECK_INT(netsession_is_open(s), 0);
    CHECK(netsession_state(s) >= NETSESSION_STATE_CONNECTED);
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    netsession_free(s);
    nm_clear();
}

/* Kills and restarts NetworkManager. Returns the time in ms until the managers have read
 * its new state. */
static long restart(void)
{
    const long start_time = lab_now();
    daemon_kill(DAEMON);
    nm_start();
    nm_sync();
    return lab_now() - start_time;
}

/* A restart within the grace causes no events. Only a busy machine takes longer. */
static void restart_within_grace(void)
{
    netsession *s = nm_open_office(), *home = lab_session(HOME, "home");
    nm_add_home();
    for (int within = 0, i = 0; within < 3 && CHECK(i < 20); i++) {
        netsession_open(s);
        netsession_open(home);
        CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
        CHECK_INT(netsession_wait_for_opened(home, LAB_TIMEOUT), 1);
        nm_sync(); /* NetworkManager's checks after it has connected */
        int mark = lab_count;
        if (restart() > GRACE)
            continue;
        within++;
        CHECK_STR(lab_events(mark, "s "), "");
        CHECK_STR(lab_events(mark, "home "), "");
        CHECK_STR(lab_events(mark, "offline"), "");
        CHECK_STR(lab_events(mark, "changed " OFFICE), "");
        CHECK_STR(lab_events(mark, "changed " HOME), "");
        CHECK_STR(lab_events(mark, "removed " OFFICE), "");
        CHECK_STR(lab_events(mark, "removed " HOME), "");
        CHECK_STR(lab_events(mark, "added link:"), "");
        CHECK_STR(netsession_interface(s), "eth0");
        CHECK_INT(netsession_is_open(s), 1);
    }
    netsession_close(s);
    CHECK(lab_await("s closed"));
    netsession_free(s);
    netsession_free(home);
    nm_clear();
}

static void frozen_while_opening(void)
{
    netsession_configuration *c;
    nm_add_office();
    netsession_manager_configuration_from_identifier(lab_manager, OFFICE, &c);
    netsession *s = lab_session(OFFICE, "s"), *other;
    netsession_configuration_set_connect_timeout(c, 500);
    int mark = lab_count;
    daemon_freeze(DAEMON);
    CHECK_NOT_BLOCKING(netsession_open(s));
    CHECK_NOT_BLOCKING(CHECK_INT(netsession_wait_for_opened(s, 1), 0));
    CHECK_NOT_BLOCKING(netsession_manager_update_configurations(lab_manager));
    CHECK_NOT_BLOCKING(netsession_manager_capabilities(lab_manager));
    CHECK_NOT_BLOCKING(other = lab_session(OFFICE, "other"));
    CHECK_NOT_BLOCKING(netsession_open(other));
    CHECK_NOT_BLOCKING(netsession_stop(other));
    CHECK_NOT_BLOCKING(netsession_close(other));
    CHECK_NOT_BLOCKING(netsession_free(other));
    CHECK_NOT_BLOCKING(netsession_bytes_written(s));
    CHECK_NOT_BLOCKING(netsession_manager_dispatch(lab_manager));
    CHECK(lab_await("s Connecting"));
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 0);
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 0);
    CHECK(lab_await("s UnknownSessionError: office did not come up within 500ms"));
    daemon_thaw(DAEMON);
    nm_sync();
    CHECK_STR(lab_events(mark, "s opened"), "");
    /* The activation that was requested while it was stopped is withdrawn. */
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    while (netsession_state(s) != NETSESSION_STATE_DISCONNECTED && CHECK(lab_await("s Disconnected")))
        ;
    netsession_configuration_set_connect_timeout(c, 0);
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    netsession_free(s);
    netsession_configuration_free(c);
    nm_clear();
}

static void frozen_while_the_cable_is_pulled(void)
{
    netsession *s = nm_open_office();
    daemon_freeze(DAEMON);
    daemon_unplug("eth0");
    CHECK(lab_await("s closed"));
    CHECK(lab_await("s NotAvailable"));
    daemon_plug("eth0");
    CHECK(lab_await("s Connected"));
    daemon_thaw(DAEMON);
    netsession_free(s);
    nm_clear();
}

/* A running NetworkManager takes some seconds to notice this, and does not set the link
 * up again. */
static void frozen_while_the_link_is_set_down(void)
{
    netsession *s = nm_open_office();
    int mark = lab_count;
    daemon_freeze(DAEMON);
    lab_run("ip link set eth0 down");
    CHECK(lab_await("s NotAvailable"));
    CHECK(strncmp(lab_events(mark, "s "), "s closed, s SessionAbortedError: office lost its link", 53) == 0);
    daemon_thaw(DAEMON);
    lab_run("ip link set eth0 up");
    while (netsession_state(s) == NETSESSION_STATE_NOT_AVAILABLE && CHECK(lab_await("s ")))
        ;
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    CHECK_INT(kernel_link_flags("eth0"), KERNEL_USABLE);
    netsession_free(s);
    nm_clear();
}

/* A new manager waits a limited time for a daemon that runs. Then it has the kernel's
 * links, and the daemon's configurations after the daemon continues. */
static void frozen_when_the_manager_is_made(void)
{
    nm_add_office();
    daemon_freeze(DAEMON);
    play_role("frozen-daemon");
    daemon_freeze(BUS);
    play_role("frozen-bus");
    nm_clear();
}

static void manager_beside_frozen(const char *which)
{
    const long start_time = lab_unstalled_now();
    lab_begin();
    CHECK(lab_unstalled_now() - start_time < (strcmp(which, DAEMON) == 0 ? LOADING : 0) + DAEMON_CALL_LIMIT);
    CHECK_STR(daemon_list_configurations(), "link:eth0 Discovered eth0");
    daemon_thaw(which);
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    CHECK_STR(daemon_list_configurations(), OFFICE " Discovered eth0");
}

static void the_bus_is_frozen(void)
{
    nm_add_office();
    netsession *s = lab_session(OFFICE, "s");
    daemon_freeze(BUS);
    CHECK_NOT_BLOCKING(netsession_open(s));
    CHECK_NOT_BLOCKING(netsession_manager_update_configurations(lab_manager));
    CHECK_NOT_BLOCKING(CHECK_INT(netsession_wait_for_opened(s, 50), 0));
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTING);
    daemon_thaw(BUS);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    netsession_free(s);
    nm_clear();
}

static void the_bus_is_killed_and_restarted(void)
{
    netsession *s = nm_open_office();
    for (int i = 0; i < 3; i++) {
        int mark = lab_count;
        daemon_kill(BUS);
        while (CHECK(lab_await("s InvalidConfigurationError")) && netsession_state(s) != NETSESSION_STATE_INVALID)
            ;
        CHECK_STR(lab_events(mark, "s closed"), i == 0 ? "s closed" : "");
        CHECK_NOT_BLOCKING(netsession_open(s));
        daemon_kill(DAEMON);
        daemon_start_bus();
        restart_and_await(OFFICE);
    }
    CHECK(strncmp(daemon_list_configurations(), OFFICE " ", strlen(OFFICE " ")) == 0);
    CHECK(strstr(daemon_list_configurations(), ", ") == NULL);
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    netsession_free(s);
    nm_clear();
}

static void bus_and_daemon_come_late(void)
{
    nm_add_office();
    daemon_kill(DAEMON);
    daemon_kill(BUS);
    play_role("late");
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    nm_clear();
}

static void before_bus_and_daemon(void)
{
    lab_run("rm -f %s/bus", daemon_folder());
    CHECK_NOT_BLOCKING(lab_begin());
    CHECK_STR(daemon_list_configurations(), "link:eth0 Discovered eth0");
    daemon_start_bus();
    restart_and_await(OFFICE);
    CHECK_STR(daemon_list_configurations(), OFFICE " Discovered eth0");
    netsession *s = lab_session(OFFICE, "s");
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    netsession_close(s);
    CHECK(lab_await("s closed"));
    CHECK(lab_await("s Disconnected"));
    netsession_free(s);
}

static void hundred_restarts_leak_nothing(void)
{
    nm_add_office();
    netsession *s = lab_session(OFFICE, "s");
    for (int i = 0; i < 5; i++)
        restart();
    int fds = kernel_descriptors(getpid());
    long before = kernel_resident(getpid());
    for (int i = 0; i < 100; i++)
        restart();
    CHECK_INT(kernel_descriptors(getpid()), fds);
    CHECK(kernel_resident(getpid()) - before < 8 * 1024);
    netsession_free(s);
    nm_clear();
}

static int role(const char *name)
{
    if (strcmp(name, "late") == 0)
        before_bus_and_daemon();
    else
        manager_beside_frozen(strcmp(name, "frozen-bus") == 0 ? BUS : DAEMON);
    netsession_manager_free(lab_manager);
    return check_failures > 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return role(argv[1]);
    lab_begin();
    RUN(killed_while_idle);
    RUN(killed_while_open);
    RUN(restart_within_grace);
    RUN(frozen_while_opening);
    RUN(frozen_while_the_cable_is_pulled);
    RUN(frozen_while_the_link_is_set_down);
    RUN(frozen_when_the_manager_is_made);
    RUN(the_bus_is_frozen);
    RUN(the_bus_is_killed_and_restarted);
    RUN(bus_and_daemon_come_late);
    RUN(hundred_restarts_leak_nothing);
    netsession_manager_free(lab_manager);
    return check_result();
}
