/* chaos.h - random changes of the network beside the lab's NetworkManager, for tests.
 * One seed determines all changes, but not the order of concurrent ones.
 *
 * NetworkManager does not manage links whose names begin with "free". It manages the
 * cables eth0 and eth1 and their profiles.
 */
#ifndef CHAOS_H
#define CHAOS_H

#include "nm.h"

static unsigned long long chaos_state;

/* A random number, at least 0 and less than below, by xorshift*. */
static inline int chaos_random(int below)
{
    chaos_state ^= chaos_state >> 12;
    chaos_state ^= chaos_state << 25;
    chaos_state ^= chaos_state >> 27;
    return (int)((chaos_state * 0x2545F4914F6CDD1DULL >> 33) % (unsigned)below);
}

/* Runs a command that may fail, because its object may not exist. */
__attribute__((format(printf, 1, 2))) static inline void chaos_run(const char *format, ...)
{
    char command[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    lab_run("{ %s; } >/dev/null 2>&1; true", command);
}

enum { CHAOS_LINKS = 4 };

static inline void chaos_change_free_links(void)
{
    const int i = chaos_random(CHAOS_LINKS), j = chaos_random(CHAOS_LINKS);
    switch (chaos_random(13)) {
    case 0: chaos_run("ip link delete free%d", i); break;
    case 1: chaos_run("ip link set free%d name free%d", i, j); break;
    case 2: chaos_run("ip link set free%d down", i); break;
    case 3: chaos_run("ip link set free%d.peer down", i); break;
    case 4: chaos_run("ip link set free%d.peer up", i); break;
    case 5: chaos_run("ip address add 10.9.%d.1/24 dev free%d", j, i); break;
    case 6: chaos_run("ip address flush dev free%d", i); break;
    case 7: chaos_run("ip route replace default dev free%d metric %d", i, 10 + 10 * j); break;
    case 8: chaos_run("ip route delete default dev free%d", i); break;
    default:
        chaos_run("ip link add free%d type veth peer name free%d.peer; ip address add 10.9.%d.1/24 dev free%d; "
                    "ip link set free%d.peer up; ip link set free%d up", i, i, i, i, i, i);
    }
}

static inline void chaos_change_cables(void)
{
    const int i = chaos_random(2);
    switch (chaos_random(10)) {
    case 0: chaos_run("ip link delete eth%d; ip netns delete router-eth%d", i, i); break;
    case 1: chaos_run("ip -n router-eth%d link set eth%d.peer down", i, i); break;
    case 2: chaos_run("ip link set eth%d down", i); break;
    case 3: chaos_run("ip link set eth%d up", i); break;
    case 4: chaos_run("ip -n router-eth%d link set eth%d.peer up", i, i); break;
    case 5: chaos_run("ip address flush dev eth%d", i); break;
    default:
        chaos_run("ip netns add router-eth%d && ip link add eth%d type veth peer name eth%d.peer netns router-eth%d; "
                    "ip -n router-eth%d link set eth%d.peer up; ip link set eth%d up", i, i, i, i, i, i, i);
    }
}

/* Adds the profiles office and home where they do not exist. */
static inline void chaos_add_profiles(void)
{
    chaos_run("nmcli -t connection show office || nmcli connection add type ethernet con-name office ifname eth0 "
                "connection.uuid %s autoconnect no ipv4.method manual ipv4.addresses 192.0.2.1/24 "
                "ipv4.gateway 192.0.2.254 ipv6.method disabled", OFFICE + strlen("nm:"));
    chaos_run("nmcli -t connection show home || nmcli connection add type ethernet con-name home ifname eth1 "
                "connection.uuid %s ipv4.method manual ipv4.addresses 203.0.113.1/24 ipv6.method disabled",
                HOME + strlen("nm:"));
}

static inline void chaos_change_profiles(void)
{
    const char *name = chaos_random(2) ? "office" : "home";
    switch (chaos_random(5)) {
    case 0: chaos_run("timeout 2 nmcli connection delete %s", name); break;
    case 1: chaos_run("timeout 2 nmcli --wait 0 connection up %s", name); break;
    case 2: chaos_run("timeout 2 nmcli --wait 0 connection down %s", name); break;
    default: chaos_add_profiles();
    }
}

/* Restarts NetworkManager, and its bus where it was killed, and waits for an answer. */
static inline void chaos_restart(int bus)
{
    if (bus)
        daemon_start_bus();
    nm_start();
}

static inline void chaos_change_daemon(void)
{
    const int what = chaos_random(8);
    if (what == 0) {
        daemon_kill(BUS);
        daemon_kill(DAEMON);
        chaos_restart(1);
    } else if (what < 4) {
        daemon_kill(DAEMON);
        poll(NULL, 0, chaos_random(300));
        chaos_restart(0);
    } else {
        daemon_freeze(DAEMON);
        poll(NULL, 0, chaos_random(1500));
        daemon_thaw(DAEMON);
    }
}

/* One random change. */
static inline void chaos_change(void)
{
    const int what = chaos_random(100);
    if (what < 55)
        chaos_change_free_links();
    else if (what < 78)
        chaos_change_cables();
    else if (what < 96)
        chaos_change_profiles();
    else
        chaos_change_daemon();
}

#endif
