/* chaos.h - random changes of the network beside a NetworkManager in the lab, for
 * tests. All of it follows from one seed, but for what happens at the same time.
 *
 * Links whose names begin with "free" are the kernel's alone. The cables eth0 and
 * eth1 and their profiles are NetworkManager's.
 */
#ifndef CHAOS_H
#define CHAOS_H

#include "nm.h"

static unsigned long long chaos_state;

/* A number from 0 to below, by xorshift*. */
static inline int chaos_pick(int below)
{
    chaos_state ^= chaos_state >> 12;
    chaos_state ^= chaos_state << 25;
    chaos_state ^= chaos_state >> 27;
    return (int)((chaos_state * 0x2545F4914F6CDD1DULL >> 33) % (unsigned)below);
}

/* Runs a command that may fail: what it is about may not be there. */
__attribute__((format(printf, 1, 2))) static inline void chaos_try(const char *format, ...)
{
    char command[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    lab_run("{ %s; } >/dev/null 2>&1; true", command);
}

enum { CHAOS_LINKS = 4 };

static inline void chaos_on_free_links(void)
{
    const int i = chaos_pick(CHAOS_LINKS), j = chaos_pick(CHAOS_LINKS);
    switch (chaos_pick(13)) {
    case 0: chaos_try("ip link delete free%d", i); break;
    case 1: chaos_try("ip link set free%d name free%d", i, j); break;
    case 2: chaos_try("ip link set free%d down", i); break;
    case 3: chaos_try("ip link set free%d.peer down", i); break;
    case 4: chaos_try("ip link set free%d.peer up", i); break;
    case 5: chaos_try("ip address add 10.9.%d.1/24 dev free%d", j, i); break;
    case 6: chaos_try("ip address flush dev free%d", i); break;
    case 7: chaos_try("ip route replace default dev free%d metric %d", i, 10 + 10 * j); break;
    case 8: chaos_try("ip route delete default dev free%d", i); break;
    default:
        chaos_try("ip link add free%d type veth peer name free%d.peer; ip address add 10.9.%d.1/24 dev free%d; "
                    "ip link set free%d.peer up; ip link set free%d up", i, i, i, i, i, i);
    }
}

static inline void chaos_on_cables(void)
{
    const int i = chaos_pick(2);
    switch (chaos_pick(10)) {
    case 0: chaos_try("ip link delete eth%d; ip netns delete router-eth%d", i, i); break;
    case 1: chaos_try("ip -n router-eth%d link set eth%d.peer down", i, i); break;
    case 2: chaos_try("ip link set eth%d down", i); break;
    case 3: chaos_try("ip link set eth%d up", i); break;
    case 4: chaos_try("ip -n router-eth%d link set eth%d.peer up", i, i); break;
    case 5: chaos_try("ip address flush dev eth%d", i); break;
    default:
        chaos_try("ip netns add router-eth%d && ip link add eth%d type veth peer name eth%d.peer netns router-eth%d; "
                    "ip -n router-eth%d link set eth%d.peer up; ip link set eth%d up", i, i, i, i, i, i, i);
    }
}

/* office and home, if they are not there. */
static inline void chaos_profiles(void)
{
    chaos_try("nmcli -t connection show office || nmcli connection add type ethernet con-name office ifname eth0 "
                "connection.uuid %s autoconnect no ipv4.method manual ipv4.addresses 192.0.2.1/24 "
                "ipv4.gateway 192.0.2.254 ipv6.method disabled", OFFICE + strlen("nm:"));
    chaos_try("nmcli -t connection show home || nmcli connection add type ethernet con-name home ifname eth1 "
                "connection.uuid %s ipv4.method manual ipv4.addresses 203.0.113.1/24 ipv6.method disabled",
                HOME + strlen("nm:"));
}

static inline void chaos_on_profiles(void)
{
    const char *name = chaos_pick(2) ? "office" : "home";
    switch (chaos_pick(5)) {
    case 0: chaos_try("timeout 2 nmcli connection delete %s", name); break;
    case 1: chaos_try("timeout 2 nmcli --wait 0 connection up %s", name); break;
    case 2: chaos_try("timeout 2 nmcli --wait 0 connection down %s", name); break;
    default: chaos_profiles();
    }
}

/* Starts NetworkManager again, and its bus if that is gone, and waits until it
 * answers. */
static inline void chaos_boot(int bus)
{
    if (bus)
        daemon_boot_bus();
    nm_boot();
}

static inline void chaos_on_daemon(void)
{
    const int what = chaos_pick(8);
    if (what == 0) {
        daemon_kill(BUS);
        daemon_kill(DAEMON);
        chaos_boot(1);
    } else if (what < 4) {
        daemon_kill(DAEMON);
        poll(NULL, 0, chaos_pick(300));
        chaos_boot(0);
    } else {
        daemon_freeze(DAEMON);
        poll(NULL, 0, chaos_pick(1500));
        daemon_thaw(DAEMON);
    }
}

/* One random change. */
static inline void chaos_change(void)
{
    const int what = chaos_pick(100);
    if (what < 55)
        chaos_on_free_links();
    else if (what < 78)
        chaos_on_cables();
    else if (what < 96)
        chaos_on_profiles();
    else
        chaos_on_daemon();
}

#endif
