/* fault_table.c - the fault table beside a real NetworkManager (see faults.h). */
#include "nm.h"
#include "faults.h"

#define INTERNET "netsession:internet"
#define STATIC "ipv4.method manual ipv4.gateway 198.51.100.1 ipv4.addresses "
#define BY_DHCP "ipv4.method auto ipv4.may-fail no ipv4.dhcp-timeout 60"

/* The profiles of a cell; NetworkManager activates none of them automatically. */
static struct {
    const char *name, *identifier, *link, *settings;
} profiles[2];

static netsession *other; /* a session that keeps hotel up, NULL for none */


static void add_profile(int i)
{
    char settings[256];
    snprintf(settings, sizeof settings, "autoconnect no %s", profiles[i].settings);
    nm_add_profile(profiles[i].identifier, profiles[i].name, profiles[i].link, settings);
}

/* Stores the profiles' object paths, because a stopped daemon cannot report them. */
static void store_paths(void)
{
    lab_run("nmcli -t -f NAME,DBUS-PATH connection show >%s/paths", daemon_folder());
}

static void remove_profile(const char *name)
{
    const int before = faults_calls("Delete");
    /* NetworkManager refuses a caller that does not wait for the reply. */
    lab_run("dbus-send --system --print-reply --dest=org.freedesktop.NetworkManager \"$(sed -n 's/^%s://p' %s/paths)\" "
            "org.freedesktop.NetworkManager.Settings.Connection.Delete >/dev/null 2>&1 &", name, daemon_folder());
    faults_await_call("Delete", before);
}

static void restore_profile(const char *name)
{
    for (int i = 0; i < 2; i++)
        if (profiles[i].name && strcmp(profiles[i].name, name) == 0)
            add_profile(i);
}

/* Makes hotel a profile that waits for nothing, and ends its activation. */
static void repair(void)
{
    for (int i = 0; i < 2; i++)
        if (profiles[i].name && strstr(profiles[i].settings, BY_DHCP))
            lab_run("nmcli connection modify hotel remove 802-1x 2>/dev/null; "
                    "nmcli connection modify hotel ipv4.method manual ipv4.gateway 198.51.100.1 ipv4.addresses 198.51.100.3/24 && "
                    "{ nmcli connection down hotel >/dev/null 2>&1 || true; }");
}

static void clear(void)
{
    netsession_free(other);
    other = NULL;
    memset(profiles, 0, sizeof profiles);
    nm_clear();
}

/* ------------------------------------------------------- one profile, on eth0 */

static void profile(const char *name, const char *identifier, const char *settings)
{
    profiles[0].name = name;
    profiles[0].identifier = identifier;
    profiles[0].link = "eth0";
    profiles[0].settings = settings;
    daemon_add_cable("eth0");
    add_profile(0);
    CHECK(daemon_await(identifier, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    store_paths();
    nm_sync();
    lab_run(": >%s/log", daemon_folder());
    faults_session = lab_session(identifier, "s");
}

static void with_address(void) { profile("office", OFFICE, STATIC "198.51.100.2/24"); }
static void with_dhcp(void) { profile("hotel", HOTEL, BY_DHCP); }

/* Adds a profile that waits for wpa_supplicant, which is not installed. */
static void with_secrets(void)
{
    profile("hotel", HOTEL, BY_DHCP " 802-1x.eap md5 802-1x.identity me 802-1x.password secret");
}

/* Waits until NetworkManager has logged a step of a cable. */
static void await_step(const char *step)
{
    lab_run("timeout 120 sh -c 'until grep -q \"device (eth.): state change: %s\" %s/log; do sleep 0.01; done'",
            step, daemon_folder());
}

static void configuring(void) { await_step("prepare -> config"); }
static void waiting_for_an_address(void) { await_step("config -> ip-config"); }

static void act_open(void) { netsession_open(faults_session); }
static void act_close(void) { netsession_close(faults_session); }
static void act_stop(void) { netsession_stop(faults_session); }

static void opened(void)
{
    with_address();
    netsession_open(faults_session);
    CHECK(lab_await("s Connected"));
    nm_sync();
}

static void opening(void)
{
    with_dhcp();
    netsession_open(faults_session);
    waiting_for_an_address();
    nm_sync();
}

/* ------------------------------------------- office on eth0, and hotel on eth1 */

/* Opens a session on "Internet" that brings office up. The cable of hotel is unplugged. */
static void on_office(const char *settings)
{
    daemon_add_cable("eth1");
    daemon_unplug("eth1");
    profiles[1].name = "hotel";
    profiles[1].identifier = HOTEL;
    profiles[1].link = "eth1";
    profiles[1].settings = settings;
    add_profile(1);
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_DEFINED));
    profile("office", OFFICE, STATIC "198.51.100.2/24 ipv4.route-metric 200");
    netsession_free(faults_session);
    faults_session = lab_roaming_session(INTERNET, "s");
    netsession_open(faults_session);
    CHECK(lab_await("s Connected"));
    CHECK_STR(netsession_interface(faults_session), "eth0");
}

static void plug_hotel(void)
{
    daemon_plug("eth1");
    CHECK(daemon_await(HOTEL, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    nm_sync();
}

/* Another session brings hotel up, which has the better route. */
static void offered(void)
{
    on_office(STATIC "198.51.100.3/24 ipv4.route-metric 100");
    plug_hotel();
    other = lab_session(HOTEL, "other");
    netsession_open(other);
    CHECK(lab_await("s prefer " HOTEL));
    nm_sync();
}

static void migrated(void)
{
    offered();
    netsession_migrate(faults_session);
    CHECK(lab_await("s newConfigurationActivated"));
    CHECK(lab_await("s Connected"));
    nm_sync();
}

static void migrated_alone(void)
{
    migrated();
    netsession_close(other);
    CHECK(lab_await("other closed"));
}

static void lost(const char *settings)
{
    on_office(settings);
    plug_hotel();
    daemon_unplug("eth0");
    CHECK(lab_await("s Roaming"));
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_DEFINED));
    nm_sync();
    lab_run(": >%s/log", daemon_folder());
}

static void lost_with_address(void) { lost(STATIC "198.51.100.3/24"); }
static void lost_with_dhcp(void) { lost(BY_DHCP); }

static void act_migrate(void) { netsession_migrate(faults_session); }
static void act_accept(void) { netsession_accept(faults_session); }
static void act_reject(void) { netsession_reject(faults_session); }

/* ------------------------------------------------------------------------- table */

#define PULLING (F_KILLED | F_RESTARTED | F_FROZEN | F_REMOVED | F_UNLINKED)

static const struct fault_step steps[] = {
    {"before open", "The network is down. The fault strikes, then the application calls `open`.",
     .opens = 1, .begin = with_address, .act = act_open, .call_after_fault = 1, .method = "Get", .denied_method = "ActivateConnection",
     .profile = "office", .link = "eth0", .faults = PULLING | F_DENIED, .often = F_DENIED},
    {"open, asked", "NetworkManager was asked what it has begun itself, before it is asked for the profile, and has not looked at the question.",
     .opens = 1, .begin = with_address, .act = act_open, .method = "Get", .denied_method = "ActivateConnection",
     .profile = "office", .link = "eth0", .faults = PULLING, .often = F_RESTARTED | F_FROZEN},
    {"open, configuring", "NetworkManager waits for wpa_supplicant, which does not run.",
     .opens = 1, .begin = with_secrets, .act = act_open, .reached = configuring,
     .profile = "hotel", .link = "eth0", .faults = PULLING},
    {"open, waiting for an address", "There is no DHCP server.",
     .opens = 1, .begin = with_dhcp, .act = act_open, .reached = waiting_for_an_address,
     .profile = "hotel", .link = "eth0", .faults = PULLING | F_SILENT, .often = F_SILENT | F_REMOVED},
    {"open", "The session is open, and has brought the network up.",
     .begin = opened, .profile = "office", .link = "eth0", .faults = PULLING, .often = F_KILLED | F_RESTARTED | F_UNLINKED},
    {"close, asked", "The last session has closed; NetworkManager has the call to deactivate the profile, and has not looked at it.",
     .begin = opened, .act = act_close, .method = "DeactivateConnection",
     .profile = "office", .link = "eth0", .faults = PULLING | F_DENIED, .often = F_FROZEN | F_DENIED},
    {"stop, asked", "The same, after `stop`.",
     .begin = opened, .act = act_stop, .method = "DeactivateConnection",
     .profile = "office", .link = "eth0", .faults = PULLING | F_DENIED, .often = F_DENIED},
    {"close while opening, asked", "The session was closed while NetworkManager waited for an address; it has the call to deactivate the profile.",
     .begin = opening, .act = act_close, .method = "DeactivateConnection",
     .profile = "hotel", .link = "eth0", .faults = PULLING | F_DENIED, .often = F_KILLED},
    {"offered", "A session on “Internet” uses office, and hotel, which is better, has come up. The application has not answered.",
     .begin = offered, .profile = "hotel", .link = "eth1", .faults = PULLING},
    {"migrate, asked", "The cable of office is lost; the application has called `migrate`. NetworkManager was asked what it has begun itself, before it is asked for hotel, and has not looked at the question.",
     .begin = lost_with_address, .act = act_migrate, .method = "Get", .denied_method = "ActivateConnection",
     .profile = "hotel", .link = "eth1", .faults = PULLING | F_DENIED, .often = F_DENIED},
    {"migrate, waiting for an address", "The same, but NetworkManager is waiting for a DHCP server that is not there.",
     .begin = lost_with_dhcp, .act = act_migrate, .reached = waiting_for_an_address,
     .profile = "hotel", .link = "eth1", .faults = PULLING | F_SILENT},
    {"migrated", "The session is on hotel; the application has neither accepted nor rejected that.",
     .begin = migrated, .profile = "hotel", .link = "eth1", .faults = PULLING, .often = F_UNLINKED},
    {"accept, asked", "Office is not needed any more: NetworkManager has the call to deactivate it.",
     .begin = migrated, .act = act_accept, .method = "DeactivateConnection",
     .profile = "office", .link = "eth0", .faults = PULLING | F_DENIED},
    {"reject, asked", "Hotel is not needed any more: NetworkManager has the call to deactivate it.",
     .begin = migrated_alone, .act = act_reject, .method = "DeactivateConnection",
     .profile = "hotel", .link = "eth1", .faults = PULLING | F_DENIED},
};

int main(void)
{
    faults_daemon = (struct fault_daemon){
        .title = "NetworkManager", .interface = "org.freedesktop.NetworkManager",
        .names = {"killed", "restarted", "frozen", "call denied", "no DHCP answer", "profile removed", "link removed"},
        .remove = remove_profile, .restore = restore_profile, .repair = repair, .start = nm_start, .clear = clear,
    };
    lab_begin();
    faults_run(steps, sizeof steps / sizeof *steps);
    netsession_manager_free(lab_manager);
    return check_result();
}
