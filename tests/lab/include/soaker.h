/* soaker.h - a process that uses its sessions at random, and watches itself: each
 * open has one outcome, what is told follows an order, and what a session claims
 * is what the kernel says. It writes a line for each thing that is wrong.
 *
 * Told "rest" it closes everything, and says "resting" when that is done; it goes
 * on when told "go", and ends with its input.
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
    int open, state;             /* as they were told */
    int opens, withdrawn;        /* calls */
    int opened, closed, refused; /* outcomes, and ends */
    int asked;                   /* an open waits for its outcome */
    kernel_doubt claim, hang;
} soakers[SOAKER_SESSIONS];

__attribute__((format(printf, 2, 3))) static void soaker_complain(const struct soaker *k, const char *format, ...)
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
        soaker_complain(k, "opened, but it was open");
    k->open = 1;
    k->asked = 0;
    k->opened++;
}

static void soaker_closed(netsession *s, void *data)
{
    struct soaker *k = data;
    (void)s;
    if (!k->open)
        soaker_complain(k, "closed, but it was not open");
    k->open = 0;
    k->closed++;
}

static void soaker_state(netsession *s, int state, void *data)
{
    struct soaker *k = data;
    (void)s;
    if (state == k->state)
        soaker_complain(k, "%s is told again", netsession_state_name(state));
    k->state = state;
}

static void soaker_error(netsession *s, int error, const char *text, void *data)
{
    struct soaker *k = data;
    (void)s, (void)error, (void)text;
    k->refused += k->asked;
    k->asked = 0;
}

static void soaker_preferred(netsession *s, netsession_configuration *c, int is_seamless, void *data)
{
    (void)c, (void)is_seamless, (void)data;
    if (chaos_pick(4) == 0)
        netsession_ignore(s);
    else
        netsession_migrate(s);
}

static void soaker_activated(netsession *s, void *data)
{
    (void)data;
    if (chaos_pick(3) == 0)
        netsession_reject(s);
    else
        netsession_accept(s);
}

static inline void soaker_make(struct soaker *k, const char *id)
{
    const int asks = chaos_pick(2);
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks, .user_data = k, .opened = soaker_opened, .closed = soaker_closed,
        .state_changed = soaker_state, .error = soaker_error,
        .preferred_configuration_changed = asks ? soaker_preferred : NULL,
        .new_configuration_activated = asks ? soaker_activated : NULL,
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
    k->withdrawn += k->asked;
    k->asked = 0;
    netsession_close(k->session);
}

static inline void soaker_act(struct soaker *k)
{
    const int what = chaos_pick(10);
    if (what < 6 && !k->open && !k->asked) {
        k->asked = 1;
        k->opens++;
        netsession_open(k->session);
    } else if (what < 9) {
        soaker_close(k);
    } else {
        k->withdrawn += k->asked;
        k->asked = 0;
        netsession_stop(k->session);
    }
}

/* What is true of the link that a session says it can use; there is nothing against what
 * it says of others. */
static inline int soaker_link(struct soaker *k)
{
    if (netsession_state(k->session) != NETSESSION_STATE_CONNECTED)
        return KERNEL_USABLE;
    char link[32];
    snprintf(link, sizeof link, "%s", netsession_interface(k->session));
    return kernel_link(link);
}

static inline void soaker_watch(struct soaker *k)
{
    const long now = lab_now();
    const int link = soaker_link(k);
    if (kernel_denies_use(&k->claim, link, now, 0)) {
        soaker_complain(k, "the kernel says %d for too long", link);
        k->claim = (kernel_doubt){0};
    }
    if (kernel_denies(&k->hang, k->asked, now, SOAKER_TIMEOUT + KERNEL_PATIENCE)) {
        soaker_complain(k, "an open has no outcome");
        k->hang = (kernel_doubt){0};
    }
}

/* Whether everything about a session that is closed has been told. */
static inline int soaker_rests(struct soaker *k)
{
    const int state = netsession_state(k->session);
    return !k->open && !k->asked && !netsession_is_open(k->session) && state == k->state &&
           state != NETSESSION_STATE_CONNECTING && state != NETSESSION_STATE_CLOSING && state != NETSESSION_STATE_ROAMING;
}

/* Whether a closed session is Connecting because NetworkManager says so, of the
 * session's profile or of one in its service network. It may stay there: it takes a
 * link over that it finds in use when it starts, and waits for ever if that was down. */
static inline int soaker_waits_with_the_daemon(struct soaker *k)
{
    char command[160];
    snprintf(command, sizeof command, "nmcli -t -f UUID,STATE connection show --active | grep -q '%s:activating$'",
             strncmp(k->id, "nm:", 3) == 0 ? k->id + 3 : "");
    return !k->open && !k->asked && k->state == NETSESSION_STATE_CONNECTING &&
           netsession_state(k->session) == NETSESSION_STATE_CONNECTING && system(command) == 0;
}

static inline void soaker_account(struct soaker *k)
{
    const int outcomes = k->opened + k->refused;
    if (k->opened != k->closed)
        soaker_complain(k, "%d times opened, %d times closed", k->opened, k->closed);
    if (outcomes > k->opens || outcomes < k->opens - k->withdrawn)
        soaker_complain(k, "%d outcomes of %d opens, %d of which were withdrawn", outcomes, k->opens, k->withdrawn);
}

/* Closes everything and waits until that is told. */
static inline void soaker_rest(void)
{
    int quiet = 0;
    const long end = lab_now() + LAB_WAIT;
    for (int i = 0; i < SOAKER_SESSIONS; i++)
        soaker_close(&soakers[i]);
    while (quiet < 20 && lab_now() < end) {
        int rest = 1;
        poll(NULL, 0, 10);
        netsession_manager_dispatch(lab_manager);
        for (int i = 0; i < SOAKER_SESSIONS; i++)
            rest = rest && soaker_rests(&soakers[i]);
        quiet = rest ? quiet + 1 : 0;
    }
    for (int i = 0; i < SOAKER_SESSIONS; i++) {
        if (!soaker_rests(&soakers[i]) && !soaker_waits_with_the_daemon(&soakers[i])) {
            soaker_complain(&soakers[i], "it does not come to rest; %s was told last", netsession_state_name(soakers[i].state));
            lab_run("nmcli -t -f NAME,DEVICE,STATE connection show --active 2>&1 | sed 's/^/NetworkManager says: /'");
        }
        soaker_account(&soakers[i]);
    }
    printf("resting\n");
    fflush(stdout);
}

/* Does what its input says, and reports whether that has not ended. */
static inline int soaker_obey(int *resting)
{
    char word[16];
    const ssize_t n = read(0, word, sizeof word);
    if (n > 0 && word[0] == 'r')
        soaker_rest();
    *resting = n > 0 && word[0] == 'r';
    return n > 0;
}

/* What main does with the argument "soaker". */
static inline int soaker_main(unsigned long long seed, char **ids)
{
    int resting = 0;
    long next = 0;
    chaos_state = seed << 1 | 1;
    lab_begin();
    for (int i = 0; i < SOAKER_SESSIONS; i++)
        soaker_make(&soakers[i], ids[i]);
    for (;;) {
        struct pollfd fds[] = {{.fd = 0, .events = POLLIN}, {.fd = netsession_manager_fd(lab_manager), .events = POLLIN}};
        poll(fds, 2, 20);
        netsession_manager_dispatch(lab_manager);
        lab_count = lab_read = 0;
        if (fds[0].revents && !soaker_obey(&resting))
            break;
        for (int i = 0; i < SOAKER_SESSIONS; i++)
            soaker_watch(&soakers[i]);
        if (!resting && lab_now() >= next) {
            soaker_act(&soakers[chaos_pick(SOAKER_SESSIONS)]);
            next = lab_now() + chaos_pick(500);
        }
    }
    for (int i = 0; i < SOAKER_SESSIONS; i++)
        netsession_free(soakers[i].session);
    netsession_manager_free(lab_manager);
    return 0;
}

#endif
