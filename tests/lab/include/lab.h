/* lab.h - shared by the tests that run the library on real links. They run as root in
 * a separate network namespace (see tests/lab/tools/enter), where cables are veth pairs:
 * NAME is the machine's end, NAME.peer the other end.
 *
 * The callbacks record events as lines of text, and tests wait for lines. LAB_TIMEOUT
 * only ends a test that would hang; a test of a time limit uses lab_unstalled_now().
 */
#ifndef LAB_H
#define LAB_H

#include "check.h"
#include <netsession.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LAB_LINES = 4096, LAB_TIMEOUT = 120000 /* ms; far more than any step takes on a busy machine */ };

static char lab_lines[LAB_LINES][200];
static int lab_count; /* lines so far */
static int lab_seen;  /* lines that lab_await() has passed */

static netsession_manager *lab_manager;

/* Runs a shell command, formatted as by printf, which must succeed. Outside the lab it
 * runs nothing, because the command could change the machine's own network. */
__attribute__((format(printf, 1, 2))) static inline void lab_run(const char *format, ...)
{
    char command[1024];
    va_list arguments;
    if (access("/run/netsession-lab", F_OK) != 0) {
        printf("# this test changes the network: run it by tests/lab/tools/enter\n");
        exit(1);
    }
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    if (system(command) != 0) {
        printf("# failed: %s\n", command);
        exit(1);
    }
}

__attribute__((format(printf, 1, 2))) static inline void lab_record(const char *format, ...)
{
    va_list arguments;
    if (lab_count == LAB_LINES)
        return;
    va_start(arguments, format);
    vsnprintf(lab_lines[lab_count++], sizeof lab_lines[0], format, arguments);
    va_end(arguments);
}

static void lab_added(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, (void)data;
    lab_record("added %s %s", netsession_configuration_identifier(c),
             netsession_configuration_state_name(netsession_configuration_state(c)));
}

static void lab_changed(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, (void)data;
    lab_record("changed %s %s", netsession_configuration_identifier(c),
             netsession_configuration_state_name(netsession_configuration_state(c)));
}

static void lab_removed(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, (void)data;
    lab_record("removed %s", netsession_configuration_identifier(c));
}

static void lab_online(netsession_manager *m, int is_online, void *data)
{
    (void)m, (void)data;
    lab_record(is_online ? "online" : "offline");
}

static void lab_updated(netsession_manager *m, void *data)
{
    (void)m, (void)data;
    lab_record("updated");
}

static void lab_opened(netsession *s, void *name)
{
    (void)s;
    lab_record("%s opened", (char *)name);
}

static void lab_closed(netsession *s, void *name)
{
    (void)s;
    lab_record("%s closed", (char *)name);
}

static void lab_state(netsession *s, int state, void *name)
{
    (void)s;
    lab_record("%s %s", (char *)name, netsession_state_name(state));
}

static void lab_error(netsession *s, int error, const char *text, void *name)
{
    (void)s;
    lab_record("%s %s: %s", (char *)name, netsession_error_name(error), text);
}

static void lab_activated(netsession *s, void *name)
{
    (void)s;
    lab_record("%s newConfigurationActivated", (char *)name);
}

static void lab_preferred(netsession *s, netsession_configuration *c, int is_seamless, void *name)
{
    (void)s;
    lab_record("%s prefer %s%s", (char *)name, netsession_configuration_identifier(c), is_seamless ? " seamlessly" : "");
}

/* Makes lab_manager, whose callbacks record its events. */
static inline void lab_begin(void)
{
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .configuration_added = lab_added,
        .configuration_changed = lab_changed,
        .configuration_removed = lab_removed,
        .online_state_changed = lab_online,
        .update_completed = lab_updated,
    };
    char why[256] = "";
    if (netsession_manager_new(NULL, &lab_manager, why, sizeof why) < 0) {
        printf("# %s\n", why);
        exit(1);
    }
    netsession_manager_set_callbacks(lab_manager, &callbacks);
}

static inline netsession *lab_make_session(const char *identifier, const char *name, int is_application_level)
{
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .user_data = (void *)name,
        .opened = lab_opened,
        .closed = lab_closed,
        .state_changed = lab_state,
        .error = lab_error,
        .preferred_configuration_changed = is_application_level ? lab_preferred : NULL,
        .new_configuration_activated = lab_activated,
    };
    netsession_configuration *config;
    netsession *session;
    netsession_manager_configuration_from_identifier(lab_manager, identifier, &config);
    CHECK_INT(netsession_new(lab_manager, config, &session), 0);
    netsession_set_callbacks(session, &callbacks);
    netsession_configuration_free(config);
    return session;
}

/* Makes a session whose events are recorded under a name. */
static inline netsession *lab_session(const char *identifier, const char *name)
{
    return lab_make_session(identifier, name, 0);
}

/* Likewise, with application-level roaming: the test decides when the session moves. */
static inline netsession *lab_roaming_session(const char *identifier, const char *name)
{
    return lab_make_session(identifier, name, 1);
}

static inline long lab_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The clock for tests of time limits, in milliseconds. It stops while any task of the
 * machine waits for a processor (pressure stall information), so that other load does
 * not make a test fail. Without CONFIG_PSI in the kernel it is lab_now(). */
static inline long lab_unstalled_now(void)
{
    long long waited = 0; /* us */
    FILE *file = fopen("/proc/pressure/cpu", "r");
    if (file && fscanf(file, "some avg10=%*f avg60=%*f avg300=%*f total=%lld", &waited) != 1)
        waited = 0;
    if (file)
        fclose(file);
    return lab_now() - (long)(waited / 1000);
}

/* Dispatches until a line that begins with text follows the lines already seen. Marks
 * this line and all before it as seen. Returns 0 on timeout. */
static inline int lab_await(const char *text)
{
    long end = lab_now() + LAB_TIMEOUT;
    for (;;) {
        netsession_manager_dispatch(lab_manager);
        while (lab_seen < lab_count)
            if (strncmp(lab_lines[lab_seen++], text, strlen(text)) == 0)
                return 1;
        long left = end - lab_now();
        struct pollfd fd = {.fd = netsession_manager_fd(lab_manager), .events = POLLIN};
        if (left <= 0 || poll(&fd, 1, (int)left) <= 0)
            break;
    }
    printf("# timeout waiting for: %s\n", text);
    for (int i = lab_count < 20 ? 0 : lab_count - 20; i < lab_count; i++)
        printf("#   %s\n", lab_lines[i]);
    return 0;
}

/* All lines since mark that begin with a prefix, joined by commas. */
static inline const char *lab_events(int mark, const char *prefix)
{
    static char text[8192];
    size_t length = 0;
    text[0] = 0;
    for (int i = mark; i < lab_count; i++) {
        if (strncmp(lab_lines[i], prefix, strlen(prefix)) != 0)
            continue;
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                   length ? ", " : "", lab_lines[i]);
        if (length >= sizeof text)
            break;
    }
    return text;
}

/* Whether the session's open has timed out since mark: its events arrived in the
 * documented order, and no event followed. */
static inline int lab_timed_out(int mark, const char *name)
{
    char expected[128], more[64];
    snprintf(expected, sizeof expected, "%s Connecting, %s Disconnected, %s UnknownSessionError: ", name, name, name);
    snprintf(more, sizeof more, ", %s ", name);
    const char *all = lab_events(mark, name);
    return strncmp(all, expected, strlen(expected)) == 0 && !strstr(all + strlen(expected), more);
}

/* Adds and removes a bridge, and waits for both events: then the events of all earlier
 * changes have been delivered. */
static inline void lab_sync(void)
{
    static int number;
    lab_run("ip link add mark%d type bridge", ++number);
    char line[64];
    snprintf(line, sizeof line, "added link:mark%d", number);
    lab_await(line);
    lab_run("ip link delete mark%d", number);
    snprintf(line, sizeof line, "removed link:mark%d", number);
    lab_await(line);
}

static inline int lab_config_state(const char *identifier)
{
    netsession_configuration *config;
    netsession_manager_configuration_from_identifier(lab_manager, identifier, &config);
    int state = netsession_configuration_state(config);
    netsession_configuration_free(config);
    return state;
}

/* Checks AutoCloseSessionTimeout: the timer closes a session that has brought its
 * configuration up, and the configuration goes down with it. */
static inline void lab_check_auto_close(const char *identifier)
{
    netsession *s = lab_session(identifier, "timed");
    int mark = lab_count;
    netsession_set_property(s, "AutoCloseSessionTimeout", "100");
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    CHECK(lab_await("timed Disconnected"));
    CHECK_STR(lab_events(mark, "timed "),
              "timed Connecting, timed opened, timed Connected, timed closed, timed Closing, timed Disconnected");
    CHECK_STR(netsession_property(s, "AutoCloseSessionTimeout"), "-1");
    CHECK_INT(lab_config_state(identifier), NETSESSION_CONFIGURATION_STATE_DISCOVERED);
    netsession_free(s);
}

/* Whether the kernel reports a link as administratively up. */
static inline int lab_link_is_up(const char *link)
{
    char command[128];
    snprintf(command, sizeof command, "ip link show %s | grep -q '[<,]UP[,>]'", link);
    return system(command) == 0;
}

/* Waits until a link has carrier; the kernel detects it asynchronously. */
static inline void lab_await_carrier(const char *link)
{
    lab_run("timeout 120 sh -c 'until grep -q up /sys/class/net/%s/operstate; do sleep 0.01; done'", link);
}

/* Whether this kernel supports a kind of link. */
static inline int lab_kernel_supports(const char *kind)
{
    char command[256];
    snprintf(command, sizeof command,
             "ip link add probe.lower type bridge && { ip link add link probe.lower name probe type %s 2>/dev/null;"
             " found=$?; ip link delete probe 2>/dev/null; ip link delete probe.lower; exit $found; }", kind);
    return system(command) == 0;
}

/* Runs a test that needs a kind of link, or skips it where the kernel has no support. */
#define LAB_RUN_WITH(kind, function)                     \
    do {                                                 \
        if (lab_kernel_supports(kind))                               \
            RUN(function);                               \
        else                                             \
            SKIP(function, "this kernel has no " kind);  \
    } while (0)

/* Plugs in a cable. */
static inline void lab_plug(const char *link)
{
    lab_run("ip link add %s type veth peer name %s.peer && ip link set %s.peer up && ip link set %s up",
            link, link, link, link);
    lab_await_carrier(link);
}

/* Plugs in a cable whose other end, link.peer, is in the network namespace "far". In
 * this namespace the peer would be another link that can be opened, and would rank
 * before links that are up without a route to the internet. */
static inline void lab_plug_far(const char *link)
{
    lab_run("ip netns list | grep -q far || ip netns add far");
    lab_run("ip link add %s type veth peer name %s.peer netns far && ip -n far link set %s.peer up && ip link set %s up",
            link, link, link, link);
    lab_await_carrier(link);
}

/* Plugs in a cable with an address. */
static inline void lab_plug_with_address(const char *link, const char *address)
{
    lab_plug(link);
    lab_run("ip address add %s dev %s", address, link);
}

#endif
