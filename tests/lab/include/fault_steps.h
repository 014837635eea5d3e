/* fault_steps.h - the steps of a session at which a fault strikes, the faults, and
 * what is watched meanwhile (see faults.h).
 */
#ifndef FAULTSTEPS_H
#define FAULTSTEPS_H

#include "daemon.h"
#include "fault_doc.h"
#include "kernel.h"

enum { KILLED, RESTARTED, FROZEN, DENIED, SILENT, REMOVED, UNLINKED, FAULTS };

/* Bits of faults, by which steps are told which can strike. */
enum {
    F_KILLED = 1 << KILLED, F_RESTARTED = 1 << RESTARTED, F_FROZEN = 1 << FROZEN, F_DENIED = 1 << DENIED,
    F_SILENT = 1 << SILENT, F_REMOVED = 1 << REMOVED, F_UNLINKED = 1 << UNLINKED,
};

/* The connect timeout of the sessions, where one runs out. It leaves the time that
 * it takes to get to a step before. */
enum { FAULTS_TIMEOUT = 2500 /* ms */, FAULTS_QUIET = FAULTS_TIMEOUT + 1500 };

/* How long a daemon that has gone is waited for, before anybody is told. */
enum { FAULTS_GRACE = 5000 /* ms */ };

/* A step at which a fault strikes. */
struct fault_step {
    const char *title, *about; /* in the tables */
    int opens;                 /* opens that have to have an outcome, 0 or 1 */
    unsigned faults, often;    /* that can strike; those of every run */
    void (*begin)(void);       /* brings about what was before the step */
    void (*act)(void);         /* the call of the application, if there is one */
    int late;                  /* it is made when the fault has struck */
    /* The call to the daemon that follows from act. The daemon is held still before
     * it comes, so that it has not looked at it when the fault strikes. */
    const char *asks;
    const char *denied;        /* the call that the bus denies, NULL: asks */
    void (*reached)(void);     /* else waits until the daemon is at the step */
    const char *profile;       /* which is removed */
    const char *link;          /* which is removed */
};

/* What differs between the daemons. */
static struct fault_daemon {
    const char *title;                   /* in the tables */
    const char *names[FAULTS];           /* the faults there */
    int resets;                          /* it sets its links down when it is started */
    const char *interface;               /* of the calls that are denied */
    void (*remove)(const char *profile); /* returns when the daemon has been told to */
    void (*restore)(const char *profile);
    void (*boot)(void);   /* returns when the daemon answers */
    void (*mend)(void);   /* what was silent answers, or is not asked any more */
    void (*clear)(void);
} faults_daemon;

static netsession *faults_session; /* "s" in what is told */

/* -------------------------------------------------------------------- watching */

static kernel_doubt faults_doubt;
static long faults_grace; /* of a daemon that sets its links down, ms */
static long faults_limit; /* by lab_calm(): when no open may be under way any more, 0: any time */

/* What is true of the link that the session says it can use; there is nothing against
 * what it says of others. */
static inline int faults_link(void)
{
    char link[32];
    snprintf(link, sizeof link, "%s", netsession_interface(faults_session));
    return netsession_state(faults_session) == NETSESSION_STATE_CONNECTED ? kernel_link(link) : KERNEL_USABLE;
}

/* Dispatches what comes within some milliseconds, and watches. */
static inline void faults_look(int ms)
{
    struct pollfd fd = {.fd = netsession_manager_fd(lab_manager), .events = POLLIN};
    poll(&fd, 1, ms);
    CHECK_AT_ONCE(netsession_manager_dispatch(lab_manager));
    if (kernel_denies_use(&faults_doubt, faults_link(), lab_now(), faults_grace)) {
        CHECK(!"what the session claims is denied by the kernel");
        printf("#   %s on %s\n", netsession_state_name(netsession_state(faults_session)), netsession_interface(faults_session));
        faults_doubt = (kernel_doubt){0};
    }
    if (faults_limit && lab_calm() > faults_limit && netsession_is_opening(faults_session)) {
        CHECK(!"an open is not over in time");
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

/* What the session has told since mark, as it stands in the tables. Where the kernel
 * and a daemon both tell of what is removed, or found anew, it depends on their haste
 * through which states it passes: of several in a row the last one counts then. */
static inline const char *faults_told(int mark, int races)
{
    static char text[FAULT_DOC_CELL];
    size_t n = 0;
    for (int i = mark, next = mark; i < lab_count && n < sizeof text; i = next) {
        for (next = i + 1; next < lab_count && strncmp(lab_lines[next], "s ", 2) != 0; next++)
            ;
        if (strncmp(lab_lines[i], "s ", 2) != 0 || (races && faults_is_state(i) && next < lab_count && faults_is_state(next)))
            continue;
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? ", " : "", fault_doc_words(lab_lines[i] + 2));
    }
    return n ? text : "nothing";
}

/* Watches until the session has told what the table says and nothing new comes for
 * least milliseconds; where the table says nothing, until nothing new comes for longer
 * than a timeout takes. */
static inline const char *faults_follow(int mark, int races, const char *expected, int least)
{
    const long end = lab_now() + 2 * LAB_WAIT;
    long quiet = lab_now();
    int count = lab_count;
    while (lab_now() < end) {
        faults_look(20);
        if (lab_count != count) {
            count = lab_count;
            quiet = lab_now();
        }
        const int met = fault_doc_permits(expected, faults_told(mark, races));
        const long patience = met ? least : *expected ? LAB_WAIT : least > FAULTS_QUIET ? least : FAULTS_QUIET;
        if (lab_now() - quiet > patience && faults_doubt.looks == 0)
            break;
    }
    return faults_told(mark, races);
}

/* How many outcomes an open has had since mark: it succeeds or fails once. What goes
 * wrong with an open session later is none, nor is the error that says after a failure
 * that the configuration has gone. */
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

/* Watches the bus for calls, in the file calls of the daemon's folder. */
static inline void faults_watch_calls(void)
{
    lab_run("cd %s && { dbus-monitor --system \"type='method_call'\" >calls 2>/dev/null & echo $! >monitor.pid; } && "
            "timeout 120 sh -c 'until grep -q NameAcquired calls; do sleep 0.02; done'", daemon_folder());
}

/* How often a member was called. */
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

/* Waits until a member was called once more. */
static inline void faults_await_call(const char *member, int before)
{
    const long end = lab_now() + LAB_WAIT;
    while (faults_calls(member) <= before && lab_now() < end)
        faults_look(5);
    CHECK(faults_calls(member) > before);
}

static int faults_late; /* the daemon has taken longer for that than its grace */

static inline void faults_restart(void)
{
    const long begun = lab_now();
    daemon_kill(DAEMON);
    faults_daemon.boot();
    faults_late = lab_now() - begun > FAULTS_GRACE;
}

static inline void faults_strike(const struct fault_step *step, int fault)
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
        daemon_uncable(step->link);
        break;
    }
    if (step->asks && (fault == REMOVED || fault == UNLINKED))
        daemon_thaw(DAEMON);
}

static inline void faults_lift(const struct fault_step *step, int fault)
{
    switch (fault) {
    case KILLED:
        faults_daemon.boot();
        break;
    case FROZEN:
        daemon_thaw(DAEMON);
        break;
    case DENIED:
        daemon_deny(NULL);
        break;
    case SILENT:
        faults_daemon.mend();
        break;
    case REMOVED:
        faults_daemon.restore(step->profile);
        break;
    case UNLINKED:
        daemon_cable(step->link);
        break;
    }
}

static inline void faults_deny(const char *member)
{
    char rule[160];
    snprintf(rule, sizeof rule, "send_interface=\"%s\" send_member=\"%s\"", faults_daemon.interface, member);
    daemon_deny(rule);
}

/* Goes to a step, and lets a fault strike there. Returns how much was told before
 * the call of the step. */
static inline int faults_go(const struct fault_step *step, int fault)
{
    const int held = step->asks && !step->late && fault != DENIED && fault != SILENT;
    const int before = held ? faults_calls(step->asks) : 0;
    if (fault == DENIED)
        faults_deny(step->denied ? step->denied : step->asks);
    if (held)
        daemon_freeze(DAEMON);
    if (step->late) {
        faults_strike(step, fault);
        for (const long end = lab_now() + 500; lab_now() < end;)
            faults_look(20);
    }
    const int acted = lab_count;
    if (step->act)
        CHECK_AT_ONCE(step->act());
    if (held)
        faults_await_call(step->asks, before);
    else if (step->reached && fault != DENIED)
        step->reached();
    if (!step->late)
        faults_strike(step, fault);
    return acted;
}

#endif
