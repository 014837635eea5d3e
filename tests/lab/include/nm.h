/* nm.h - connection profiles of a NetworkManager in the lab, for tests. */
#ifndef NM_H
#define NM_H

#include "daemon.h"

/* The profiles' identifiers. */
#define NM_UUID "00000000-0000-4000-8000-00000000000"
#define OFFICE "nm:" NM_UUID "1" /* a fixed address, on eth0 */
#define HOTEL "nm:" NM_UUID "2"  /* by DHCP, on eth0 */
#define HOME "nm:" NM_UUID "3"   /* a fixed address, on eth1; NetworkManager connects it by itself */

/* Makes the profile with an identifier. */
static inline void nm_profile(const char *identifier, const char *name, const char *link, const char *settings)
{
    lab_run("nmcli connection add type ethernet con-name %s ifname %s connection.uuid %s ipv6.method disabled %s >/dev/null",
            name, link, identifier + strlen("nm:"), settings);
}

/* Makes something happen in NetworkManager that everybody sees, and waits for
 * it: what it did before has been told then. */
static inline void nm_settle(void)
{
    const char *mark = "nm:" NM_UUID "9";
    lab_run("nmcli connection add type dummy con-name mark ifname mark autoconnect no connection.uuid %s "
            "ipv4.method disabled ipv6.method disabled >/dev/null", mark + strlen("nm:"));
    CHECK(lab_await("added nm:" NM_UUID "9"));
    lab_run("nmcli connection delete mark >/dev/null");
    CHECK(lab_await("removed nm:" NM_UUID "9"));
}

/* Starts NetworkManager again, and returns when it answers. */
static inline void nm_boot(void)
{
    daemon_boot();
    lab_run("timeout 120 sh -c 'until nmcli -t -f RUNNING general 2>/dev/null | grep -q \"^running\"; do sleep 0.05; done'");
}

/* A cable and its profile, down and ready to be opened. */
static inline void nm_office(void)
{
    daemon_cable("eth0");
    nm_profile(OFFICE, "office", "eth0",
               "autoconnect no ipv4.method manual ipv4.addresses 192.0.2.1/24 ipv4.gateway 192.0.2.254");
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    nm_settle();
}

/* A session that has brought it up, named s. */
static inline netsession *nm_open_office(void)
{
    nm_office();
    netsession *s = lab_session(OFFICE, "s");
    netsession_open(s);
    CHECK(lab_await("s Connected"));
    return s;
}

/* NetworkManager gives up waiting for a DHCP server after so many seconds. */
static inline void nm_hotel(int patience)
{
    char settings[128];
    snprintf(settings, sizeof settings, "autoconnect no ipv4.method auto ipv4.may-fail no ipv4.dhcp-timeout %d", patience);
    daemon_cable("eth0");
    nm_profile(HOTEL, "hotel", "eth0", settings);
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    nm_settle();
}

static inline void nm_home(void)
{
    daemon_cable("eth1");
    nm_profile(HOME, "home", "eth1", "ipv4.method manual ipv4.addresses 203.0.113.1/24");
    CHECK(daemon_await(HOME, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    nm_settle();
}

/* Takes all of that away. */
static inline void nm_clear(void)
{
    lab_run("for name in office hotel home; do nmcli connection delete $name; done >/dev/null 2>&1; "
            "for link in eth0 eth1; do ip link delete $link && ip netns delete router-$link; done 2>/dev/null; true");
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    CHECK(daemon_await(HOME, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
}

/* Whether NetworkManager's log has a text in it. */
static inline int nm_logged(const char *text)
{
    char command[256];
    snprintf(command, sizeof command, "grep -qF \"%s\" %s/log", text, daemon_folder());
    return system(command) == 0;
}

/* Whether NetworkManager itself says that a profile is in use. */
static inline int nm_says_active(const char *name)
{
    char command[128];
    snprintf(command, sizeof command, "nmcli -t -f NAME connection show --active | grep -qx %s", name);
    return system(command) == 0;
}

#endif
