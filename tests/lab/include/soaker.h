/* soaker.h - a process that uses its sessions at random and checks them: each open has
 * one outcome, events arrive in the documented order, and a session's state agrees with
 * the kernel's. It writes a line for each failed check.
 *
 * On the command "pause" it closes all sessions, and writes "paused" when they are idle.
 * It continues on the command "go", and exits at the end of its input.
 */
#ifndef SOAKER_H
#define SOAKER_H

#include "kernel.h"
#include "lab.h"
#include "chaos.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

enum { SOAKER_SESSIONS = 3, SOAKER_TIMEOUT = 2000 /* ms, of an open */ };

static struct soaker {
    netsession *session;
    const char *id;
    int open, state;             /* as reported by the callbacks */
    int opens, withdrawn;        /* the number of calls */
    int opened, closed, refused; /* the number of events */
    int is_pending;              /* an open has no outcome yet */
    kernel_mismatch claim, hang;
} soakers[SOAKER_SESSIONS];

__attribute__((format(printf, 2, 3))) static void soaker_fail(const struct soaker *k, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    printf("%s: ", k->id);
    vprintf(format, arguments);
    printf(" (%s, %s%s)\n", netsession_state_name(netsession_state(k->session)), k->open ? "open, " : "",
           netsession_interface(k->session));
    fflush(stdout);
    va_end(arguments);
}

static void soaker_opened(netsession *s, void *data)
{
    struct soaker *k = data;
    (void)s;
    if (k->open)
        soaker_fail(k, "opened, but it was open");
    k->open = 1;
    k->is_pending = 0;
    k->opened++;
}

static void soaker_closed(netsession *s, void *data)
{
    struct soaker *k = data;
    (void)s;
    if (!k->open)
        soaker_fail(k, "closed, but it was not open");
    k->open = 0;
    k->closed++;
}

static void soaker_state(netsession *s, int state, void *data)
{
    struct soaker *k = data;
    (void)s;
    if (state == k->state)
        soaker_fail(k, "%s was reported twice in a row", netsession_state_name(state));
    k->state = state;
}

static void soaker_error(netsession *s, int error, const char *text, void *data)
{
    struct soaker *k = data;
    (void)s, (void)error, (void)text;
    k->refused += k->is_pending;
    k->is_pending = 0;
}

static void soaker_preferred(netsession *s, netsession_configuration *c, int is_seamless, void *data)
{
    (void)c, (void)is_seamless, (void)data;
    if (chaos_random(4) == 0)
        netsession_ignore(s);
    else
        netsession_migrate(s);
}

static void soaker_activated(netsession *s, void *data)
{
    (void)data;
    if (chaos_random(3) == 0)
        netsession_reject(s);
    else
        netsession_accept(s);
}

static inline void soaker_make(struct soaker *k, const char *id)
{
    const int is_application_level = chaos_random(2);
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks, .user_data = k, .opened = soaker_opened, .closed = soaker_closed,
        .state_changed = soaker_state, .error = soaker_error,
        .preferred_configuration_changed = is_application_level ? soaker_preferred : NULL,
        .new_configuration_activated = is_application_level ? soaker_activated : NULL,
    };
    netsession_configuration *config;
    *k = (struct soaker){.id = id};
    netsession_manager_configuration_from_identifier(lab_manager, id, &config);
    netsession_configuration_set_connect_timeout(config, SOAKER_TIMEOUT);
    if (netsession_new(lab_manager, config, &k->session) < 0)
        exit(1);
    netsession_configuration_free(config);
    k->state = netsession_state(k->session);
    netsession_set_callbacks(k->session, &callbacks);
}

static inline void soaker_close(struct soaker *k)
{
    k->withdrawn += k->is_pending;
    k->is_pending = 0;
    netsession_close(k->session);
}

static inline void soaker_call_random(struct soaker *k)
{
    const int what = chaos_random(10);
    if (what < 6 && !k->open && !k->is_pending) {
        k->is_pending = 1;
        k->opens++;
        netsession_open(k->session);
    } else if (what < 9) {
        soaker_close(k);
    } else {
        k->withdrawn += k->is_pending;
        k->is_pending = 0;
        netsession_stop(k->session);
    }
}

/* The kernel's flags of the link that a session reports as connected. In other states the
 * session makes no claim, so the result is KERNEL_USABLE. */
static inline int soaker_link(struct soaker *k)
{
    if (netsession_state(k->session) != NETSESSION_STATE_CONNECTED)
        return KERNEL_USABLE;
    char link[32];
    snprintf(link, sizeof link, "%s", netsession_interface(k->session));
    return kernel_link_flags(link);
}

static inline void soaker_check_claims(struct soaker *k)
{
    const long now = lab_now();
    const int link = soaker_link(k);
    if (kernel_unusable_too_long(&k->claim, link, now, 0)) {
        soaker_fail(k, "the kernel has reported the flags %d for too long", link);
        k->claim = (kernel_mismatch){0};
    }
    if (kernel_mismatch_lasts(&k->hang, k->is_pending, now, SOAKER_TIMEOUT + KERNEL_TIMEOUT)) {
        soaker_fail(k, "an open has no outcome");
        k->hang = (kernel_mismatch){0};
    }
}

/* Whether a session is closed and all its events have been delivered. */
static inline int soaker_is_idle(struct soaker *k)
{
    const int state = netsession_state(k->session);
    return !k->open && !k->is_pending && !netsession_is_open(k->session) && state == k->state &&
           state != NETSESSION_STATE_CONNECTING && state != NETSESSION_STATE_CLOSING && state != NETSESSION_STATE_ROAMING;
}

/* Whether a closed session is Connecting because NetworkManager activates the session's
 * profile or one in its service network. The state may last: NetworkManager takes over a
 * link that is in use when it starts, and waits forever if the link was down. */
static inline int soaker_daemon_is_activating(struct soaker *k)
{
    char command[160];
    snprintf(command, sizeof command, "nmcli -t -f UUID,STATE connection show --active | grep -q '%s:activating$'",
             strncmp(k->id, "nm:", 3) == 0 ? k->id + 3 : "");
    return !k->open && !k->is_pending && k->state == NETSESSION_STATE_CONNECTING &&
           netsession_state(k->session) == NETSESSION_STATE_CONNECTING && system(command) == 0;
}

static inline void soaker_check_counts(struct soaker *k)
{
    const int outcomes = k->opened + k->refused;
    if (k->opened != k->closed)
        soaker_fail(k, "%d times opened, %d times closed", k->opened, k->closed);
    if (outcomes > k->opens || outcomes < k->opens - k->withdrawn)
        soaker_fail(k, "%d outcomes of %d opens, %d of which were withdrawn", outcomes, k->opens, k->withdrawn);
}

/* Closes all sessions and waits until they are idle. */
static inline void soaker_close_all(void)
{
    int quiet = 0;
    const long end = lab_now() + LAB_TIMEOUT;
    for (int i = 0; i < SOAKER_SESSIONS; i++)
        soaker_close(&soakers[i]);
    while (quiet < 20 && lab_now() < end) {
        int is_idle = 1;
        poll(NULL, 0, 10);
        netsession_manager_dispatch(lab_manager);
        for (int i = 0; i < SOAKER_SESSIONS; i++)
            is_idle = is_idle && soaker_is_idle(&soakers[i]);
        quiet = is_idle ? quiet + 1 : 0;
    }
    for (int i = 0; i < SOAKER_SESSIONS; i++) {
        if (!soaker_is_idle(&soakers[i]) && !soaker_daemon_is_activating(&soakers[i])) {
            soaker_fail(&soakers[i], "the session does not become idle; its last reported state is %s", netsession_state_name(soakers[i].state));
            lab_run("nmcli -t -f NAME,DEVICE,STATE connection show --active 2>&1 | sed 's/^/NetworkManager: /'");
        }
        soaker_check_counts(&soakers[i]);
    }
    printf("paused\n");
    fflush(stdout);
}

/* Reads and executes a command. Returns 0 at the end of the input. */
static inline int soaker_execute(int *is_paused)
{
    char word[16];
    const ssize_t n = read(0, word, sizeof word);
    if (n > 0 && word[0] == 'p')
        soaker_close_all();
    *is_paused = n > 0 && word[0] == 'p';
    return n > 0;
}

/* Runs as a soaker: main calls this for the argument "soaker". */
static inline int soaker_main(unsigned long long seed, char **ids)
{
    int is_paused = 0;
    long next = 0;
    chaos_state = seed << 1 | 1;
    lab_begin();
    for (int i = 0; i < SOAKER_SESSIONS; i++)
        soaker_make(&soakers[i], ids[i]);
    for (;;) {
        struct pollfd fds[] = {{.fd = 0, .events = POLLIN}, {.fd = netsession_manager_fd(lab_manager), .events = POLLIN}};
        poll(fds, 2, 20);
        netsession_manager_dispatch(lab_manager);
        lab_count = lab_seen = 0;
        if (fds[0].revents && !soaker_execute(&is_paused))
            break;
        for (int i = 0; i < SOAKER_SESSIONS; i++)
            soaker_check_claims(&soakers[i]);
        if (!is_paused && lab_now() >= next) {
            soaker_call_random(&soakers[chaos_random(SOAKER_SESSIONS)]);
            next = lab_now() + chaos_random(500);
        }
    }
    for (int i = 0; i < SOAKER_SESSIONS; i++)
        netsession_free(soakers[i].session);
    netsession_manager_free(lab_manager);
    return 0;
}

#endif
