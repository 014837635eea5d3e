/* nm.h - connection profiles of the lab's NetworkManager, for tests. */
#ifndef NM_H
#define NM_H

#include "daemon.h"

/* The profiles' identifiers. */
#define NM_UUID "00000000-0000-4000-8000-00000000000"
#define OFFICE "nm:" NM_UUID "1" /* a fixed address, on eth0 */
#define HOTEL "nm:" NM_UUID "2"  /* by DHCP, on eth0 */
#define HOME "nm:" NM_UUID "3"   /* a fixed address, on eth1; NetworkManager activates it automatically */

/* Adds the profile with an identifier. */
static inline void nm_add_profile(const char *identifier, const char *name, const char *link, const char *settings)
{
    lab_run("nmcli connection add type ethernet con-name %s ifname %s connection.uuid %s ipv6.method disabled %s >/dev/null",
            name, link, identifier + strlen("nm:"), settings);
}

/* Adds and removes a profile in NetworkManager, and waits for both events: then the
 * events of all its earlier changes have been delivered. */
static inline void nm_sync(void)
{
    const char *mark = "nm:" NM_UUID "9";
    lab_run("nmcli connection add type dummy con-name mark ifname mark autoconnect no connection.uuid %s "
            "ipv4.method disabled ipv6.method disabled >/dev/null", mark + strlen("nm:"));
    CHECK(lab_await("added nm:" NM_UUID "9"));
    lab_run("nmcli connection delete mark >/dev/null");
    CHECK(lab_await("removed nm:" NM_UUID "9"));
}

/* Restarts NetworkManager, and returns when it answers. */
static inline void nm_start(void)
{
    daemon_start();
    lab_run("timeout 120 sh -c 'until nmcli -t -f RUNNING general 2>/dev/null | grep -q \"^running\"; do sleep 0.05; done'");
}

/* Adds a cable and its profile, which is down and can be opened. */
static inline void nm_add_office(void)
{
    daemon_add_cable("eth0");
    nm_add_profile(OFFICE, "office", "eth0",
               "autoconnect no ipv4.method manual ipv4.addresses 192.0.2.1/24 ipv4.gateway 192.0.2.254");
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    nm_sync();
}

/* Adds office and opens a session, "s", that has brought the profile up. */
static inline netsession *nm_open_office(void)
{
    nm_add_office();
    netsession *s = lab_session(OFFICE, "s");
    netsession_open(s);
    CHECK(lab_await("s Connected"));
    return s;
}

/* Adds hotel. NetworkManager waits for a DHCP server for timeout seconds. */
static inline void nm_add_hotel(int timeout)
{
    char settings[128];
    snprintf(settings, sizeof settings, "autoconnect no ipv4.method auto ipv4.may-fail no ipv4.dhcp-timeout %d", timeout);
    daemon_add_cable("eth0");
    nm_add_profile(HOTEL, "hotel", "eth0", settings);
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    nm_sync();
}

static inline void nm_add_home(void)
{
    daemon_add_cable("eth1");
    nm_add_profile(HOME, "home", "eth1", "ipv4.method manual ipv4.addresses 203.0.113.1/24");
    CHECK(daemon_await(HOME, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    nm_sync();
}

/* Removes these profiles and cables. */
static inline void nm_clear(void)
{
    lab_run("for name in office hotel home; do nmcli connection delete $name; done >/dev/null 2>&1; "
            "for link in eth0 eth1; do ip link delete $link && ip netns delete router-$link; done 2>/dev/null; true");
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    CHECK(daemon_await(HOME, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
}

/* Whether NetworkManager's log contains a text. */
static inline int nm_logged(const char *text)
{
    char command[256];
    snprintf(command, sizeof command, "grep -qF \"%s\" %s/log", text, daemon_folder());
    return system(command) == 0;
}

/* Whether NetworkManager lists a profile as active. */
static inline int nm_is_active(const char *name)
{
    char command[128];
    snprintf(command, sizeof command, "nmcli -t -f NAME connection show --active | grep -qx %s", name);
    return system(command) == 0;
}

#endif
