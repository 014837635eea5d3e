/* fault_table.c - the fault table beside a real ConnMan (see faults.h). */
#include "faults.h"

#define INTERNET "netsession:internet"
#define OFFICE "connman:ethernet_020000000000_cable" /* on eth0 */
#define HOTEL "connman:ethernet_020000000001_cable"  /* on eth1 */
#define BY_DHCP "dhcp"

static netsession *other;  /* a session that keeps hotel up, NULL for none */
static const char *silent; /* the link that waits for a DHCP server, NULL for none */

/* ConnMan's services of cables cannot be removed, so their technology is switched off. A
 * stopped daemon gets the call when it continues. */
static void set_powered(const char *value)
{
    const int before = faults_calls("SetProperty");
    lab_run("dbus-send --system --print-reply --dest=net.connman /net/connman/technology/ethernet "
            "net.connman.Technology.SetProperty string:Powered variant:boolean:%s >/dev/null 2>&1 &", value);
    faults_await_call("SetProperty", before);
}

static void switch_off(const char *profile) { (void)profile, set_powered("false"); }
static void switch_on(const char *profile) { (void)profile, set_powered("true"); }

static void repair(void)
{
    if (silent)
        daemon_start_dhcp(silent);
    silent = NULL;
}

static void clear_link(const char *link)
{
    char id[32];
    lab_run("kill -9 $(cat %s/dhcp-%s.pid 2>/dev/null) 2>/dev/null; rm -f %s/dhcp-%s.pid; ip link delete %s 2>/dev/null; "
            "ip netns delete router-%s 2>/dev/null; true", daemon_folder(), link, daemon_folder(), link, link, link);
    snprintf(id, sizeof id, "link:%s", link);
    CHECK(daemon_await(id, NETSESSION_CONFIGURATION_STATE_UNDEFINED));
}

static void clear(void)
{
    netsession_free(other);
    other = NULL;
    silent = NULL;
    clear_link("eth0");
    clear_link("eth1");
    if (lab_config_state(OFFICE) != NETSESSION_CONFIGURATION_STATE_UNDEFINED) /* ConnMan lists it, as after a restart */
        CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_DEFINED));
}

/* --------------------------------------------------------- one cable, on eth0 */

/* Adds a cable whose service has a fixed address or DHCP, is not connected, and does not
 * connect automatically. */
static void cable(const char *link, const char *identifier, const char *address)
{
    const char *service = identifier + strlen("connman:");
    daemon_add_cable(link);
    lab_run("timeout 120 sh -c 'until connmanctl services %s | grep -q \"State = \"; do sleep 0.02; done' && "
            "{ connmanctl config %s --autoconnect no --ipv6 off; connmanctl disconnect %s; "
            "connmanctl config %s --ipv4 %s; } >/dev/null 2>&1; true", service, service, service, service, address);
    CHECK(daemon_await(identifier, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    lab_sync();
    silent = strcmp(address, BY_DHCP) == 0 ? link : silent;
}

static void with_address(void)
{
    cable("eth0", OFFICE, "manual 198.51.100.2 255.255.255.0 198.51.100.1");
    faults_session = lab_session(OFFICE, "s");
}

static void with_dhcp(void)
{
    cable("eth0", OFFICE, BY_DHCP);
    faults_session = lab_session(OFFICE, "s");
}

static void await_configuration(const char *identifier)
{
    lab_run("timeout 120 sh -c 'until connmanctl services %s | grep -q \"State = configuration\"; do sleep 0.02; done'",
            identifier + strlen("connman:"));
}

static void waiting_for_an_address(void) { await_configuration(OFFICE); }
static void hotel_waiting_for_an_address(void) { await_configuration(HOTEL); }

static void act_open(void) { netsession_open(faults_session); }
static void act_close(void) { netsession_close(faults_session); }
static void act_stop(void) { netsession_stop(faults_session); }

static void opened(void)
{
    with_address();
    netsession_open(faults_session);
    CHECK(lab_await("s Connected"));
    lab_sync();
}

static void opening(void)
{
    with_dhcp();
    netsession_open(faults_session);
    waiting_for_an_address();
    lab_sync();
}

/* ------------------------------------------- office on eth0, and hotel on eth1 */

/* Opens a session on "Internet" that brings office up; then hotel is plugged in. */
static void on_office(const char *address)
{
    with_address();
    netsession_free(faults_session);
    faults_session = lab_roaming_session(INTERNET, "s");
    netsession_open(faults_session);
    CHECK(lab_await("s Connected"));
    CHECK_STR(netsession_interface(faults_session), "eth0");
    cable("eth1", HOTEL, address);
}

/* Another session brings hotel up, which becomes ConnMan's first choice. */
static void offered(void)
{
    on_office("manual 198.51.100.3 255.255.255.0 198.51.100.1");
    other = lab_session(HOTEL, "other");
    netsession_open(other);
    CHECK(lab_await("other opened"));
    lab_run("connmanctl move-before %s %s >/dev/null 2>&1; true", HOTEL + strlen("connman:"), OFFICE + strlen("connman:"));
    if (!*lab_events(0, "s prefer"))
        CHECK(lab_await("s prefer " HOTEL));
    /* ConnMan removes the default route of office once or twice: it may restore the route
     * within a second. */
    faults_wait_for_events(0, 0, "", 0);
    lab_sync();
}

static void migrated(void)
{
    offered();
    netsession_migrate(faults_session);
    CHECK(lab_await("s newConfigurationActivated"));
    CHECK(lab_await("s Connected"));
    lab_sync();
}

static void migrated_alone(void)
{
    migrated();
    netsession_close(other);
    CHECK(lab_await("other closed"));
}

static void lost(const char *address)
{
    on_office(address);
    daemon_unplug("eth0");
    CHECK(lab_await("s Roaming"));
    lab_sync();
}

static void lost_with_address(void) { lost("manual 198.51.100.3 255.255.255.0 198.51.100.1"); }
static void lost_with_dhcp(void) { lost(BY_DHCP); }

static void act_migrate(void) { netsession_migrate(faults_session); }
static void act_accept(void) { netsession_accept(faults_session); }
static void act_reject(void) { netsession_reject(faults_session); }

/* ------------------------------------------------------------------------- table */

#define PULLING (F_KILLED | F_RESTARTED | F_FROZEN | F_REMOVED | F_UNLINKED)

static const struct fault_step steps[] = {
    {"before open", "The network is down. The fault strikes, then the application calls `open`.",
     .opens = 1, .begin = with_address, .act = act_open, .call_after_fault = 1, .method = "Connect",
     .link = "eth0", .faults = PULLING | F_DENIED, .often = F_DENIED},
    {"open, asked", "ConnMan has the call to connect the service, and has not looked at it.",
     .opens = 1, .begin = with_address, .act = act_open, .method = "Connect",
     .link = "eth0", .faults = PULLING, .often = F_RESTARTED | F_FROZEN},
    {"open, waiting for an address", "There is no DHCP server.",
     .opens = 1, .begin = with_dhcp, .act = act_open, .reached = waiting_for_an_address,
     .link = "eth0", .faults = PULLING | F_SILENT, .often = F_SILENT},
    {"open", "The session is open, and has brought the network up.",
     .begin = opened, .link = "eth0", .faults = PULLING, .often = F_KILLED | F_RESTARTED | F_UNLINKED},
    {"close, asked", "The last session has closed; ConnMan has the call to disconnect the service, and has not looked at it.",
     .begin = opened, .act = act_close, .method = "Disconnect",
     .link = "eth0", .faults = PULLING | F_DENIED, .often = F_DENIED},
    {"stop, asked", "The same, after `stop`.",
     .begin = opened, .act = act_stop, .method = "Disconnect",
     .link = "eth0", .faults = PULLING | F_DENIED, .often = F_FROZEN},
    {"close while opening, asked", "The session was closed while ConnMan waited for an address; it has the call to disconnect the service.",
     .begin = opening, .act = act_close, .method = "Disconnect",
     .link = "eth0", .faults = PULLING | F_DENIED},
    {"offered", "A session on “Internet” uses office, and hotel, which is better, has come up. The application has not answered.",
     .begin = offered, .link = "eth1", .faults = PULLING},
    {"migrate, asked", "The cable of office is lost; the application has called `migrate`. ConnMan has the call to connect hotel, and has not looked at it.",
     .begin = lost_with_address, .act = act_migrate, .method = "Connect",
     .link = "eth1", .faults = PULLING | F_DENIED},
    {"migrate, waiting for an address", "The same, but ConnMan is waiting for a DHCP server that is not there.",
     .begin = lost_with_dhcp, .act = act_migrate, .reached = hotel_waiting_for_an_address,
     .link = "eth1", .faults = PULLING | F_SILENT},
    {"migrated", "The session is on hotel; the application has neither accepted nor rejected that.",
     .begin = migrated, .link = "eth1", .faults = PULLING},
    {"accept, asked", "Office is not needed any more: ConnMan has the call to disconnect it.",
     .begin = migrated, .act = act_accept, .method = "Disconnect",
     .link = "eth0", .faults = PULLING | F_DENIED},
    {"reject, asked", "Hotel is not needed any more: ConnMan has the call to disconnect it.",
     .begin = migrated_alone, .act = act_reject, .method = "Disconnect",
     .link = "eth1", .faults = PULLING | F_DENIED},
};

int main(void)
{
    faults_daemon = (struct fault_daemon){
        .title = "ConnMan", .resets = 1, .interface = "net.connman.Service",
        .names = {"killed", "restarted", "frozen", "call denied", "no DHCP answer", "technology off", "link removed"},
        .remove = switch_off, .restore = switch_on, .repair = repair, .start = connman_start, .clear = clear,
    };
    lab_begin();
    faults_run(steps, sizeof steps / sizeof *steps);
    netsession_manager_free(lab_manager);
    return check_result();
}
