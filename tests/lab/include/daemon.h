/* daemon.h - shared by the tests beside a network daemon (see nm, connman and networkd in
 * tests/lab/tools): the processes of the daemon and its bus, and cables with a router at
 * their other end.
 */
#ifndef DAEMON_H
#define DAEMON_H

#include "lab.h"
#include <signal.h>
#include <unistd.h>

/* The processes, named after their pid files in the daemon's folder. */
#define DAEMON "daemon"
#define BUS "bus"

/* No call of the library waits for a daemon: a call that did would take much longer than
 * this limit. */
enum { DAEMON_CALL_LIMIT = 2000 /* ms */ };

#define CHECK_NOT_BLOCKING(call)                           \
    do {                                              \
        long call_started = lab_unstalled_now();              \
        call;                                         \
        CHECK(lab_unstalled_now() - call_started < DAEMON_CALL_LIMIT); \
    } while (0)

/* The daemons' scripts in tests/lab/tools, and the variables in which the scripts pass
 * their folders. A test starts udhcpc itself. */
static const struct {
    const char *script, *variable;
} daemon_kinds[] = {{"nm", "LAB_NM"}, {"connman", "LAB_CONNMAN"}, {"networkd", "LAB_NETWORKD"}, {"udhcpc", "LAB_UDHCPC"}};

/* The index of the daemon that this test runs beside. */
static inline int daemon_kind(void)
{
    for (int i = 0; i < (int)(sizeof daemon_kinds / sizeof daemon_kinds[0]); i++)
        if (getenv(daemon_kinds[i].variable))
            return i;
    printf("# this test runs beside a daemon: see nm, connman and networkd in tests/lab/tools\n");
    exit(1);
}

static inline const char *daemon_folder(void) { return getenv(daemon_kinds[daemon_kind()].variable); }

static inline pid_t daemon_pid(const char *which)
{
    char path[256];
    int pid = 0;
    snprintf(path, sizeof path, "%s/%s.pid", daemon_folder(), which);
    FILE *file = fopen(path, "r");
    if (!file || fscanf(file, "%d", &pid) != 1) {
        printf("# no process in %s\n", path);
        exit(1);
    }
    fclose(file);
    return pid;
}

/* A process's state as a letter, as in ps; 'Z' after it has ended. */
static inline char daemon_process_state(pid_t pid)
{
    char path[64], state = 'Z';
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
        state = 'Z';
    if (file)
        fclose(file);
    return state;
}

/* Stops a process with SIGSTOP, and returns when it has stopped. */
static inline void daemon_freeze(const char *which)
{
    const pid_t pid = daemon_pid(which);
    kill(pid, SIGSTOP);
    while (!strchr("TZ", daemon_process_state(pid)))
        poll(NULL, 0, 1);
}

/* Continues a stopped process. */
static inline void daemon_thaw(const char *which) { kill(daemon_pid(which), SIGCONT); }

/* Kills a process with SIGKILL, and returns when it has ended. */
static inline void daemon_kill(const char *which)
{
    pid_t pid = daemon_pid(which);
    long end = lab_now() + LAB_TIMEOUT;
    kill(pid, SIGKILL);
    while (daemon_process_state(pid) != 'Z') {
        if (lab_now() > end) {
            printf("# the %s, %d, has not ended; its state is %c\n", which, (int)pid, daemon_process_state(pid));
            exit(1);
        }
        poll(NULL, 0, 1);
    }
}

/* Restarts the daemon after daemon_kill(). */
static inline void daemon_start(void)
{
    lab_run("tests/lab/tools/%s --daemon %s >>%s/log 2>&1 & echo $! >%s/daemon.pid",
            daemon_kinds[daemon_kind()].script, daemon_folder(), daemon_folder(), daemon_folder());
}

/* Restarts ConnMan, and returns when it answers. */
static inline void connman_start(void)
{
    daemon_start();
    lab_run("timeout 120 sh -c 'until connmanctl state 2>/dev/null | grep -q State; do sleep 0.05; done'");
}

/* Restarts the bus, and returns when it listens. */
static inline void daemon_start_bus(void)
{
    lab_run("cd %s && rm -f bus && { \"$OLDPWD/tests/lab/tools/bus\" \"$PWD\" >/dev/null 2>&1 & echo $! >bus.pid; } && "
            "timeout 120 sh -c 'until [ -S bus ]; do sleep 0.02; done'", daemon_folder());
}

/* Makes the bus reject messages that match an attribute of a policy rule, such as
 * send_member="Connect". NULL permits all messages again. */
static inline void daemon_deny(const char *attribute)
{
    char rule[256] = "";
    if (attribute)
        snprintf(rule, sizeof rule, "<busconfig><policy context=\"mandatory\"><deny %s/></policy></busconfig>", attribute);
    lab_run("cd %s && rm -f denied.conf && if [ -n '%s' ]; then echo '%s' >denied.conf; fi && "
            "dbus-send --system --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.ReloadConfig >/dev/null",
            daemon_folder(), rule, rule);
}

/* Adds a cable that is down, with a router at its other end: LINK.peer in the network
 * namespace router-LINK. The hardware address of ethN is always 02:00:00:00:00:0N. */
static inline void daemon_add_down_cable(const char *link)
{
    lab_run("ip netns add router-%s && ip link add %s address 02:00:00:00:00:0%c type veth peer name %s.peer netns router-%s && "
            "ip -n router-%s address add 198.51.100.1/24 dev %s.peer && ip -n router-%s link set %s.peer up && "
            "ip netns exec router-%s ethtool -K %s.peer tx off >/dev/null",
            link, link, link[strlen(link) - 1], link, link, link, link, link, link, link, link);
}

/* Adds such a cable and sets it up. */
static inline void daemon_add_cable(const char *link)
{
    daemon_add_down_cable(link);
    lab_run("ip link set %s up", link);
}

/* Unplug the cable, plug it in, and remove it with its router. */
static inline void daemon_unplug(const char *link)
{
    lab_run("ip -n router-%s link set %s.peer down", link, link);
}

static inline void daemon_plug(const char *link)
{
    lab_run("ip -n router-%s link set %s.peer up", link, link);
}

static inline void daemon_remove_cable(const char *link)
{
    lab_run("ip link delete %s 2>/dev/null; ip netns delete router-%s", link, link);
}

/* Starts a DHCP server on a link's router, with options of dnsmasq. The server listens
 * when the function returns. */
static inline void daemon_start_dhcp_with(const char *link, const char *options)
{
    lab_run("cd %s && { ip netns exec router-%s dnsmasq --no-daemon --dhcp-authoritative --port=0 "
            "--conf-file=/dev/null --pid-file= --dhcp-leasefile=leases-%s "
            "--bind-interfaces --interface=%s.peer --dhcp-range=198.51.100.50,198.51.100.99,1h %s >dhcp-%s.log 2>&1 & "
            "echo $! >dhcp-%s.pid; } && "
            "ip netns exec router-%s timeout 120 sh -c 'until grep -q :0043 /proc/net/udp; do sleep 0.01; done'",
            daemon_folder(), link, link, link, options, link, link, link);
}

static inline void daemon_start_dhcp(const char *link) { daemon_start_dhcp_with(link, ""); }

static inline void daemon_stop_dhcp(const char *link)
{
    char which[64];
    snprintf(which, sizeof which, "dhcp-%s", link);
    daemon_kill(which);
}

/* Dispatches until a configuration is in a state. A daemon whose first DHCP request is
 * lost retries after some seconds, and doubles the interval each time. */
static inline int daemon_await(const char *identifier, int state)
{
    long end = lab_now() + LAB_TIMEOUT;
    while (lab_config_state(identifier) != state) {
        long left = end - lab_now();
        struct pollfd fd = {.fd = netsession_manager_fd(lab_manager), .events = POLLIN};
        if (left <= 0 || poll(&fd, 1, left < 20 ? (int)left : 20) < 0) {
            printf("# timeout waiting for %s to be %s: it is %s\n", identifier, netsession_configuration_state_name(state),
                   netsession_configuration_state_name(lab_config_state(identifier)));
            return 0;
        }
        netsession_manager_dispatch(lab_manager);
    }
    return 1;
}

/* All access points, with their states and links, as one text. */
static inline const char *daemon_list_configurations(void)
{
    static char text[4096];
    size_t length = 0;
    netsession_configuration_list *list;
    int count = netsession_manager_configurations(lab_manager, 0, &list);
    text[0] = 0;
    for (int i = 0; i < count && length < sizeof text; i++) {
        netsession_configuration *c = netsession_configuration_list_at(list, i);
        if (netsession_configuration_type(c) == NETSESSION_CONFIGURATION_TYPE_INTERNET_ACCESS_POINT)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s %s %s", length ? ", " : "",
                                       netsession_configuration_identifier(c),
                                       netsession_configuration_state_name(netsession_configuration_state(c)),
                                       netsession_configuration_interface(c));
    }
    netsession_configuration_list_free(list);
    return text;
}

/* Makes the network namespace box, with a cable eth0 in it that the daemon does not see,
 * and runs this program there with a role as its argument. The program uses the daemon's
 * bus, as in a container that shares the bus of its host. */
static inline void daemon_run_in_container(const char *role)
{
    lab_run("ip netns add box && ip link add free9 type veth peer name eth0 netns box && ip link set free9 up && "
            "ip -n box link set lo up && ip -n box address add 10.0.0.2/24 dev eth0 && ip -n box link set eth0 up && "
            "ip netns exec box \"$(readlink /proc/%d/exe)\" %s", getpid(), role);
    lab_run("ip netns delete box");
    CHECK(daemon_await("link:free9", NETSESSION_CONFIGURATION_STATE_UNDEFINED));
}

/* Checks in the container that the program sees its own links only, and cannot stop or
 * open a network of the daemon. */
static inline void daemon_check_container(const char *identifier)
{
    lab_begin();
    CHECK(daemon_await("link:eth0", NETSESSION_CONFIGURATION_STATE_ACTIVE));
    netsession_manager_update_configurations(lab_manager);
    CHECK(lab_await("updated")); /* the daemon's update is complete, too */
    CHECK_STR(daemon_list_configurations(), "link:eth0 Active eth0");
    netsession *s = lab_session(identifier, "s");
    CHECK_INT(netsession_state(s), NETSESSION_STATE_INVALID);
    netsession_stop(s);
    netsession_open(s);
    CHECK(lab_await("s InvalidConfigurationError"));
    netsession_free(s);
    CHECK_STR(daemon_list_configurations(), "link:eth0 Active eth0");
}

#endif
