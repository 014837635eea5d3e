/* lab.h - what tests of the library on real links share. They run as the root
 * of a network of their own (see enter), where cables are veth pairs: NAME is
 * the machine's end, NAME.peer the other.
 *
 * Events are recorded as lines of text, and tests wait for lines. LAB_WAIT only ends
 * a test that would hang; what is promised within a time is measured by lab_calm().
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

enum { LAB_LINES = 4096, LAB_WAIT = 120000 /* ms; nothing takes as long on a machine that has other work */ };

static char lab_lines[LAB_LINES][200];
static int lab_count; /* lines so far */
static int lab_read;  /* lines that a test has taken notice of */

static netsession_manager *lab_manager;

/* Runs a command of the shell, written as for printf; it must succeed. Outside
 * the lab, where it might change the machine's own network, nothing is run. */
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

__attribute__((format(printf, 1, 2))) static inline void lab_note(const char *format, ...)
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
    lab_note("added %s %s", netsession_configuration_identifier(c),
             netsession_configuration_state_name(netsession_configuration_state(c)));
}

static void lab_changed(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, (void)data;
    lab_note("changed %s %s", netsession_configuration_identifier(c),
             netsession_configuration_state_name(netsession_configuration_state(c)));
}

static void lab_removed(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, (void)data;
    lab_note("removed %s", netsession_configuration_identifier(c));
}

static void lab_online(netsession_manager *m, int is_online, void *data)
{
    (void)m, (void)data;
    lab_note(is_online ? "online" : "offline");
}

static void lab_updated(netsession_manager *m, void *data)
{
    (void)m, (void)data;
    lab_note("updated");
}

static void lab_opened(netsession *s, void *name)
{
    (void)s;
    lab_note("%s opened", (char *)name);
}

static void lab_closed(netsession *s, void *name)
{
    (void)s;
    lab_note("%s closed", (char *)name);
}

static void lab_state(netsession *s, int state, void *name)
{
    (void)s;
    lab_note("%s %s", (char *)name, netsession_state_name(state));
}

static void lab_error(netsession *s, int error, const char *text, void *name)
{
    (void)s;
    lab_note("%s %s: %s", (char *)name, netsession_error_name(error), text);
}

static void lab_activated(netsession *s, void *name)
{
    (void)s;
    lab_note("%s newConfigurationActivated", (char *)name);
}

static void lab_preferred(netsession *s, netsession_configuration *c, int is_seamless, void *name)
{
    (void)s;
    lab_note("%s prefer %s%s", (char *)name, netsession_configuration_identifier(c), is_seamless ? " seamlessly" : "");
}

/* Makes the manager that the tests watch with. */
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

static inline netsession *lab_make_session(const char *identifier, const char *name, int asks)
{
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .user_data = (void *)name,
        .opened = lab_opened,
        .closed = lab_closed,
        .state_changed = lab_state,
        .error = lab_error,
        .preferred_configuration_changed = asks ? lab_preferred : NULL,
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

/* Likewise; the test decides about its roaming. */
static inline netsession *lab_asking_session(const char *identifier, const char *name)
{
    return lab_make_session(identifier, name, 1);
}

static inline long lab_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A clock for what is promised to happen within a time, in milliseconds: it stands
 * still while a task of the machine waits for a processor, as on a machine that has
 * other work. A kernel without CONFIG_PSI does not tell; there it is lab_now(). */
static inline long lab_calm(void)
{
    long long waited = 0; /* us */
    FILE *file = fopen("/proc/pressure/cpu", "r");
    if (file && fscanf(file, "some avg10=%*f avg60=%*f avg300=%*f total=%lld", &waited) != 1)
        waited = 0;
    if (file)
        fclose(file);
    return lab_now() - (long)(waited / 1000);
}

/* Dispatches until a line that begins with text is recorded, beyond those that
 * were taken notice of; takes notice of all up to it. */
static inline int lab_await(const char *text)
{
    long end = lab_now() + LAB_WAIT;
    for (;;) {
        netsession_manager_dispatch(lab_manager);
        while (lab_read < lab_count)
            if (strncmp(lab_lines[lab_read++], text, strlen(text)) == 0)
                return 1;
        long left = end - lab_now();
        struct pollfd fd = {.fd = netsession_manager_fd(lab_manager), .events = POLLIN};
        if (left <= 0 || poll(&fd, 1, (int)left) <= 0)
            break;
    }
    printf("# waited in vain for: %s\n", text);
    for (int i = lab_count < 20 ? 0 : lab_count - 20; i < lab_count; i++)
        printf("#   %s\n", lab_lines[i]);
    return 0;
}

/* Everything recorded since mark that begins with a prefix, as one text. */
static inline const char *lab_told(int mark, const char *prefix)
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

/* Whether an attempt of a session since mark took too long, in the order in which
 * that is told, and nothing was told after it. */
static inline int lab_timed_out(int mark, const char *name)
{
    char told[128], more[64];
    snprintf(told, sizeof told, "%s Connecting, %s Disconnected, %s UnknownSessionError: ", name, name, name);
    snprintf(more, sizeof more, ", %s ", name);
    const char *all = lab_told(mark, name);
    return strncmp(all, told, strlen(told)) == 0 && !strstr(all + strlen(told), more);
}

/* Makes something happen that everybody sees, and waits for it: what happened
 * before has been told then. */
static inline void lab_settle(void)
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

/* A session that brings its configuration up is closed by its own timer, and the
 * configuration goes down with it. */
static inline void lab_close_by_itself(const char *identifier)
{
    netsession *s = lab_session(identifier, "timed");
    int mark = lab_count;
    netsession_set_property(s, "AutoCloseSessionTimeout", "100");
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_WAIT), 1);
    CHECK(lab_await("timed Disconnected"));
    CHECK_STR(lab_told(mark, "timed "),
              "timed Connecting, timed opened, timed Connected, timed closed, timed Closing, timed Disconnected");
    CHECK_STR(netsession_property(s, "AutoCloseSessionTimeout"), "-1");
    CHECK_INT(lab_config_state(identifier), NETSESSION_CONFIGURATION_STATE_DISCOVERED);
    netsession_free(s);
}

/* Whether the kernel says that a link is administratively up. */
static inline int lab_is_up(const char *link)
{
    char command[128];
    snprintf(command, sizeof command, "ip link show %s | grep -q '[<,]UP[,>]'", link);
    return system(command) == 0;
}

/* Waits until a link has its carrier, which the kernel sees to in its own time. */
static inline void lab_await_carrier(const char *link)
{
    lab_run("timeout 120 sh -c 'until grep -q up /sys/class/net/%s/operstate; do sleep 0.01; done'", link);
}

/* Whether this kernel has links of a kind. */
static inline int lab_has(const char *kind)
{
    char command[256];
    snprintf(command, sizeof command,
             "ip link add probe.lower type bridge && { ip link add link probe.lower name probe type %s 2>/dev/null;"
             " found=$?; ip link delete probe 2>/dev/null; ip link delete probe.lower; exit $found; }", kind);
    return system(command) == 0;
}

/* Runs a test that needs links of a kind, where this kernel has them. */
#define LAB_RUN_WITH(kind, function)                     \
    do {                                                 \
        if (lab_has(kind))                               \
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

/* Plugs in a cable whose other end, link.peer, is in the network namespace "far":
 * here it would be one more link that can be opened, and would rank before what is
 * up and leads nowhere. */
static inline void lab_far_plug(const char *link)
{
    lab_run("ip netns list | grep -q far || ip netns add far");
    lab_run("ip link add %s type veth peer name %s.peer netns far && ip -n far link set %s.peer up && ip link set %s up",
            link, link, link, link);
    lab_await_carrier(link);
}

/* Plugs in a cable with an address. */
static inline void lab_cable(const char *link, const char *address)
{
    lab_plug(link);
    lab_run("ip address add %s dev %s", address, link);
}

#endif
