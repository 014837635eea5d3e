/* play.h - managers with the script backend (docs/script.md), and callbacks that record
 * events as lines of text. Tests wait for lines, with a timeout that is much longer than
 * any step takes.
 */
#ifndef PLAY_H
#define PLAY_H

#include "check.h"
#include <errno.h>
#include <netsession.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { PLAY_TIMEOUT = 120000 /* ms */, PLAY_LINES = 1000, PLAY_FILES = 64 };

static char play_lines[PLAY_LINES][160];
static int play_count; /* lines so far */
static int play_seen;  /* lines that play_await() has passed */

static char play_files[PLAY_FILES][32];
static int play_file_count;

static inline void play_remove_files(void)
{
    while (play_file_count > 0)
        unlink(play_files[--play_file_count]);
}

/* Writes a script to a file that is removed when the program exits. */
static inline const char *play_file(const char *script)
{
    char *path = play_files[play_file_count];
    if (play_file_count == PLAY_FILES) {
        printf("# a test plays more than %d scripts\n", PLAY_FILES);
        exit(1);
    }
    if (play_file_count++ == 0)
        atexit(play_remove_files);
    strcpy(path, "/tmp/netsession-test.XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, script, strlen(script)) != (ssize_t)strlen(script)) {
        perror(path);
        exit(1);
    }
    close(fd);
    return path;
}

__attribute__((format(printf, 1, 2))) static inline void play_record(const char *format, ...)
{
    va_list arguments;
    if (play_count == PLAY_LINES)
        return;
    va_start(arguments, format);
    vsnprintf(play_lines[play_count++], sizeof play_lines[0], format, arguments);
    va_end(arguments);
}

/* Removes all recorded lines. */
static inline void play_clear(void)
{
    play_count = play_seen = 0;
}

/* All lines since the last play_clear, joined by commas. */
static inline const char *play_events(void)
{
    static char text[PLAY_LINES * 16];
    size_t length = 0;
    text[0] = '\0';
    for (int i = 0; i < play_count && length < sizeof text; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", length ? ", " : "",
                                   play_lines[i]);
    return text;
}

/* Makes a manager that plays a script file, and removes all recorded lines. */
static inline netsession_manager *play_from_file(const char *path)
{
    const netsession_options options = {
        .struct_size = sizeof options,
        .backend = "script",
        .script = path,
    };
    netsession_manager *manager;
    char why[256];
    play_clear();
    if (netsession_manager_new(&options, &manager, why, sizeof why) < 0) {
        printf("# %s\n", why);
        exit(1);
    }
    return manager;
}

/* Makes a manager that plays a script. */
static inline netsession_manager *play(const char *script)
{
    return play_from_file(play_file(script));
}

static void play_on_added(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, (void)data;
    play_record("added %s", netsession_configuration_identifier(c));
}

static void play_on_changed(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, (void)data;
    play_record("changed %s", netsession_configuration_identifier(c));
}

static void play_on_removed(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, (void)data;
    play_record("removed %s", netsession_configuration_identifier(c));
}

static void play_on_online(netsession_manager *m, int is_online, void *data)
{
    (void)m, (void)data;
    play_record(is_online ? "online" : "offline");
}

static void play_on_updated(netsession_manager *m, void *data)
{
    (void)m, (void)data;
    play_record("updated");
}

static const netsession_manager_callbacks play_manager_callbacks = {
    .struct_size = sizeof(netsession_manager_callbacks),
    .configuration_added = play_on_added,
    .configuration_changed = play_on_changed,
    .configuration_removed = play_on_removed,
    .online_state_changed = play_on_online,
    .update_completed = play_on_updated,
};

static void play_on_opened(netsession *s, void *data)
{
    (void)s, (void)data;
    play_record("opened");
}

static void play_on_closed(netsession *s, void *data)
{
    (void)s, (void)data;
    play_record("closed");
}

static void play_on_state(netsession *s, int state, void *data)
{
    (void)s, (void)data;
    play_record("%s", netsession_state_name(state));
}

static void play_on_error(netsession *s, int error, const char *text, void *data)
{
    (void)s, (void)data, (void)text;
    play_record("%s", netsession_error_name(error));
}

static void play_on_preferred(netsession *s, netsession_configuration *c, int is_seamless, void *data)
{
    (void)s, (void)data;
    play_record("prefer %s%s", netsession_configuration_identifier(c), is_seamless ? " seamlessly" : "");
}

static void play_on_activated(netsession *s, void *data)
{
    (void)s, (void)data;
    play_record("activated");
}

static void play_on_policies(netsession *s, unsigned policies, void *data)
{
    (void)s, (void)data;
    play_record("policies %u", policies);
}

/* Callbacks of a session with application-level roaming. */
static const netsession_callbacks play_roaming_callbacks = {
    .struct_size = sizeof(netsession_callbacks),
    .opened = play_on_opened,
    .closed = play_on_closed,
    .state_changed = play_on_state,
    .error = play_on_error,
    .preferred_configuration_changed = play_on_preferred,
    .new_configuration_activated = play_on_activated,
    .usage_policies_changed = play_on_policies,
};

/* Callbacks of a session with forced roaming. */
static const netsession_callbacks play_callbacks = {
    .struct_size = sizeof(netsession_callbacks),
    .opened = play_on_opened,
    .closed = play_on_closed,
    .state_changed = play_on_state,
    .error = play_on_error,
    .new_configuration_activated = play_on_activated,
    .usage_policies_changed = play_on_policies,
};

/* Makes a session on the configuration with an identifier. callbacks may be NULL. */
static inline netsession *play_session(netsession_manager *m, const char *identifier,
                                       const netsession_callbacks *callbacks)
{
    netsession_configuration *config;
    netsession *session;
    netsession_manager_configuration_from_identifier(m, identifier, &config);
    CHECK_INT(netsession_new(m, config, &session), 0);
    CHECK_INT(netsession_configuration_free(config), 0);
    if (callbacks)
        CHECK_INT(netsession_set_callbacks(session, callbacks), 0);
    return session;
}

static inline long play_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Waits for events until end, and dispatches them. Returns 0 on timeout. */
static inline int play_dispatch(netsession_manager *m, long end)
{
    struct pollfd fd = {.fd = netsession_manager_fd(m), .events = POLLIN};
    int ready;
    do {
        const long left = end - play_now();
        ready = poll(&fd, 1, left > 0 ? (int)left : 0);
    } while (ready < 0 && errno == EINTR);
    if (ready > 0)
        netsession_manager_dispatch(m);
    return ready > 0;
}

/* Dispatches until a line follows the lines already seen. Marks this line and all before
 * it as seen. Returns 0 on timeout. */
static inline int play_await(netsession_manager *m, const char *line)
{
    const long end = play_now() + PLAY_TIMEOUT;
    do {
        while (play_seen < play_count)
            if (strcmp(play_lines[play_seen++], line) == 0)
                return 1;
    } while (play_dispatch(m, end));
    printf("# timeout waiting for \"%s\" after: %s\n", line, play_events());
    return 0;
}

/* Plays the script's next "on refresh" step, and dispatches its events. */
static inline int play_step(netsession_manager *m)
{
    return netsession_manager_update_configurations(m) == 0 && play_await(m, "updated");
}

#endif
