/* fault_steps.h - the steps of a session at which a fault is injected, the faults, and
 * the checks during both (see faults.h).
 */
#ifndef FAULT_STEPS_H
#define FAULT_STEPS_H

#include "daemon.h"
#include "fault_doc.h"
#include "kernel.h"

enum { KILLED, RESTARTED, FROZEN, DENIED, SILENT, REMOVED, UNLINKED, FAULTS };

/* The faults as bits, for the sets of faults that a step has. */
enum {
    F_KILLED = 1 << KILLED, F_RESTARTED = 1 << RESTARTED, F_FROZEN = 1 << FROZEN, F_DENIED = 1 << DENIED,
    F_SILENT = 1 << SILENT, F_REMOVED = 1 << REMOVED, F_UNLINKED = 1 << UNLINKED,
};

/* The connect timeout of the sessions in cells where it expires. It is long enough to
 * reach the step first. */
enum { FAULTS_TIMEOUT = 2500 /* ms */, FAULTS_QUIET = FAULTS_TIMEOUT + 1500 };

/* How long the library waits for a daemon to return before it reports events. */
enum { FAULTS_GRACE = 5000 /* ms */ };

/* A step at which a fault is injected. */
struct fault_step {
    const char *title, *about; /* in the tables */
    int opens;                 /* the number of open attempts that must have an outcome, 0 or 1 */
    unsigned faults, often;    /* all possible faults; those of every run */
    void (*begin)(void);       /* sets up the state before the step */
    void (*act)(void);         /* the call of the application, if there is one */
    int call_after_fault;      /* act runs after the fault was injected */
    /* The D-Bus method that act calls. The daemon is stopped before the call arrives, so
     * it has not read the call when the fault is injected. */
    const char *method;
    const char *denied_method; /* the method that the bus denies, NULL: method */
    void (*reached)(void);     /* without a method: waits until the daemon is at the step */
    const char *profile;       /* the profile to remove */
    const char *link;          /* the link to remove */
};

/* The daemon under test. */
static struct fault_daemon {
    const char *title;                   /* in the tables */
    const char *names[FAULTS];           /* of the faults in the tables */
    int resets;                          /* the daemon sets its links down when it starts */
    const char *interface;               /* the D-Bus interface of the denied methods */
    void (*remove)(const char *profile); /* returns when the request was sent */
    void (*restore)(const char *profile);
    void (*start)(void);  /* returns when the daemon answers */
    void (*repair)(void);   /* ends the fault SILENT */
    void (*clear)(void);
} faults_daemon;

static netsession *faults_session; /* "s" in the recorded events */

/* ---------------------------------------------------------------------- checks */

static kernel_mismatch faults_mismatch;
static long faults_grace; /* ms; not 0 while a daemon restarts that sets its links down */
static long faults_limit; /* by lab_unstalled_now(): the end of every open attempt, 0: none */

/* The kernel's flags of the link that the session reports as connected. In other states
 * the session makes no claim, so the result is KERNEL_USABLE. */
static inline int faults_link_flags(void)
{
    char link[32];
    snprintf(link, sizeof link, "%s", netsession_interface(faults_session));
    return netsession_state(faults_session) == NETSESSION_STATE_CONNECTED ? kernel_link_flags(link) : KERNEL_USABLE;
}

/* Dispatches events for up to ms milliseconds, and checks the session's claims. */
static inline void faults_dispatch(int ms)
{
    struct pollfd fd = {.fd = netsession_manager_fd(lab_manager), .events = POLLIN};
    poll(&fd, 1, ms);
    CHECK_NOT_BLOCKING(netsession_manager_dispatch(lab_manager));
    if (kernel_unusable_too_long(&faults_mismatch, faults_link_flags(), lab_now(), faults_grace)) {
        CHECK(!"the session reports a link that the kernel reports as unusable");
        printf("#   %s on %s\n", netsession_state_name(netsession_state(faults_session)), netsession_interface(faults_session));
        faults_mismatch = (kernel_mismatch){0};
    }
    if (faults_limit && lab_unstalled_now() > faults_limit && netsession_is_opening(faults_session)) {
        CHECK(!"the open attempt has not ended in time");
        faults_limit = 0;
    }
}

static inline int faults_is_state(int line)
{
    for (int state = NETSESSION_STATE_INVALID; state <= NETSESSION_STATE_ROAMING; state++)
        if (strcmp(lab_lines[line] + 2, netsession_state_name(state)) == 0)
            return 1;
    return 0;
}

/* The session's events since mark, written as in the tables. Where the kernel and a
 * daemon both report a removed or new object, the order of their reports is a race that
 * decides the states in between: with races, only the last of several states in a row
 * counts. */
static inline const char *faults_events(int mark, int races)
{
    static char text[FAULT_DOC_CELL];
    size_t n = 0;
    for (int i = mark, next = mark; i < lab_count && n < sizeof text; i = next) {
        for (next = i + 1; next < lab_count && strncmp(lab_lines[next], "s ", 2) != 0; next++)
            ;
        if (strncmp(lab_lines[i], "s ", 2) != 0 || (races && faults_is_state(i) && next < lab_count && faults_is_state(next)))
            continue;
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? ", " : "", fault_doc_event(lab_lines[i] + 2));
    }
    return n ? text : "nothing";
}

/* Waits until the session has reported the expected events and no event follows for
 * quiet_time milliseconds. Where no events are expected, waits until no event arrives
 * for longer than a connect timeout. */
static inline const char *faults_wait_for_events(int mark, int races, const char *expected, int quiet_time)
{
    const long end = lab_now() + 2 * LAB_TIMEOUT;
    long last_event = lab_now();
    int count = lab_count;
    while (lab_now() < end) {
        faults_dispatch(20);
        if (lab_count != count) {
            count = lab_count;
            last_event = lab_now();
        }
        const int matches = fault_doc_allows(expected, faults_events(mark, races));
        const long limit = matches ? quiet_time : *expected ? LAB_TIMEOUT : quiet_time > FAULTS_QUIET ? quiet_time : FAULTS_QUIET;
        if (lab_now() - last_event > limit && faults_mismatch.checks == 0)
            break;
    }
    return faults_events(mark, races);
}

/* The number of outcomes that an open has had since mark; it must succeed or fail once.
 * Later errors of the open session do not count, nor does the error after a failure that
 * reports the removal of the configuration. */
static inline int faults_outcomes(int mark)
{
    int count = 0, open = 0, invalid = 0;
    for (int i = mark; i < lab_count; i++) {
        if (strncmp(lab_lines[i], "s ", 2) != 0)
            continue;
        if (strcmp(lab_lines[i], "s opened") == 0)
            count++, open = 1;
        else if (strstr(lab_lines[i], "Error: "))
            count += !open && !(count && invalid);
        invalid = strcmp(lab_lines[i], "s Invalid") == 0;
    }
    return count;
}

/* ---------------------------------------------------------------------- faults */

/* Records the method calls on the bus in the file "calls" in the daemon's folder. */
static inline void faults_watch_calls(void)
{
    lab_run("cd %s && { dbus-monitor --system \"type='method_call'\" >calls 2>/dev/null & echo $! >monitor.pid; } && "
            "timeout 120 sh -c 'until grep -q NameAcquired calls; do sleep 0.02; done'", daemon_folder());
}

/* How often a method was called. */
static inline int faults_calls(const char *member)
{
    char command[300];
    int count = 0;
    snprintf(command, sizeof command, "grep -c 'member=%s$' %s/calls", member, daemon_folder());
    FILE *pipe = popen(command, "r");
    if (!pipe || fscanf(pipe, "%d", &count) != 1)
        count = 0;
    if (pipe)
        pclose(pipe);
    return count;
}

/* Waits until a method was called more than before times. */
static inline void faults_await_call(const char *member, int before)
{
    const long end = lab_now() + LAB_TIMEOUT;
    while (faults_calls(member) <= before && lab_now() < end)
        faults_dispatch(5);
    CHECK(faults_calls(member) > before);
}

static int faults_restart_was_slow; /* the daemon took longer to restart than FAULTS_GRACE */

static inline void faults_restart(void)
{
    const long start_time = lab_now();
    daemon_kill(DAEMON);
    faults_daemon.start();
    faults_restart_was_slow = lab_now() - start_time > FAULTS_GRACE;
}

static inline void faults_inject(const struct fault_step *step, int fault)
{
    switch (fault) {
    case KILLED:
        daemon_kill(DAEMON);
        break;
    case RESTARTED:
        faults_restart();
        break;
    case FROZEN:
        daemon_freeze(DAEMON);
        break;
    case REMOVED:
        faults_daemon.remove(step->profile);
        break;
    case UNLINKED:
        daemon_remove_cable(step->link);
        break;
    }
    if (step->method && (fault == REMOVED || fault == UNLINKED))
        daemon_thaw(DAEMON);
}

static inline void faults_end_fault(const struct fault_step *step, int fault)
{
    switch (fault) {
    case KILLED:
        faults_daemon.start();
        break;
    case FROZEN:
        daemon_thaw(DAEMON);
        break;
    case DENIED:
        daemon_deny(NULL);
        break;
    case SILENT:
        faults_daemon.repair();
        break;
    case REMOVED:
        faults_daemon.restore(step->profile);
        break;
    case UNLINKED:
        daemon_add_cable(step->link);
        break;
    }
}

static inline void faults_deny(const char *member)
{
    char rule[160];
    snprintf(rule, sizeof rule, "send_interface=\"%s\" send_member=\"%s\"", faults_daemon.interface, member);
    daemon_deny(rule);
}

/* Runs a step with a fault. Returns the number of events that were recorded before the
 * step's call. */
static inline int faults_run_step(const struct fault_step *step, int fault)
{
    const int is_frozen = step->method && !step->call_after_fault && fault != DENIED && fault != SILENT;
    const int before = is_frozen ? faults_calls(step->method) : 0;
    if (fault == DENIED)
        faults_deny(step->denied_method ? step->denied_method : step->method);
    if (is_frozen)
        daemon_freeze(DAEMON);
    if (step->call_after_fault) {
        faults_inject(step, fault);
        for (const long end = lab_now() + 500; lab_now() < end;)
            faults_dispatch(20);
    }
    const int acted = lab_count;
    if (step->act)
        CHECK_NOT_BLOCKING(step->act());
    if (is_frozen)
        faults_await_call(step->method, before);
    else if (step->reached && fault != DENIED)
        step->reached();
    if (!step->call_after_fault)
        faults_inject(step, fault);
    return acted;
}

#endif
