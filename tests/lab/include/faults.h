/* faults.h - the events of a session when its network daemon is killed or stopped, denies
 * a call, waits for an answer itself, or loses its profile or link, at each step of
 * opening, closing, stopping and migrating (see nm/fault_table.c and
 * connman/fault_table.c).
 *
 * Each pair of a step and a fault is a cell of the tables in docs/faults.md: the events
 * of the session after the step's call, in order. A run compares the events with the
 * cells that are marked for every run, with FAULTS=all with all cells; FAULTS=write
 * writes all cells. In every cell
 *   - no call of the application blocks, and an open has one outcome;
 *   - no session reports for more than a second a link that the kernel reports as
 *     unusable;
 *   - a new open works after the fault.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include "fault_steps.h"

static inline void faults_set_timeout(int ms)
{
    netsession_configuration *c;
    netsession_get_configuration(faults_session, &c);
    netsession_configuration_set_connect_timeout(c, ms);
    netsession_configuration_free(c);
}

static inline int faults_session_works(void)
{
    return netsession_is_open(faults_session) == 1 && netsession_state(faults_session) == NETSESSION_STATE_CONNECTED &&
           faults_link_flags() == KERNEL_USABLE;
}

/* Checks that a new open works after the fault. A daemon that was just started may take
 * over a link from the kernel; then a session on this link must be opened again. */
static inline void faults_check_recovery(void)
{
    faults_set_timeout(0);
    faults_daemon.repair();
    CHECK_NOT_BLOCKING(netsession_close(faults_session));
    while (netsession_is_open(faults_session) == 1)
        faults_dispatch(5);
    for (const long end = lab_now() + LAB_TIMEOUT; lab_now() < end && !faults_session_works();) {
        const int state = netsession_state(faults_session);
        if (state == NETSESSION_STATE_DISCONNECTED || state == NETSESSION_STATE_CONNECTED) {
            CHECK_NOT_BLOCKING(netsession_open(faults_session));
            netsession_wait_for_opened(faults_session, LAB_TIMEOUT);
        }
        faults_dispatch(20);
    }
    if (!CHECK(faults_session_works()))
        printf("#   %s, %s, on \"%s\": %s\n", netsession_is_open(faults_session) == 1 ? "open" : "closed", netsession_state_name(netsession_state(faults_session)), netsession_interface(faults_session), netsession_error_string(faults_session));
}

/* The events while a fault lasted, and after it. */
struct fault_cell {
    char events[2][FAULT_DOC_CELL];
};

/* How long no event must arrive until a cell is complete. While the daemon is stopped,
 * closing an attempt has a timeout, too. The library may report a killed or restarted
 * daemon after its grace. Else one alternative may be the beginning of another. */
static inline int faults_quiet_time(int fault, const char *expected)
{
    if (fault == FROZEN)
        return FAULTS_QUIET;
    if (fault == RESTARTED || (fault == KILLED && !strstr(expected, "has gone away")))
        return FAULTS_GRACE + 1500;
    return strstr(expected, FAULT_DOC_OR) ? 1500 : 300;
}

/* Runs a cell and returns its events in seen. expected has the cell's text, "" if it is
 * unknown. */
static inline void faults_run_once(const struct fault_step *step, int fault, const struct fault_cell *expected, struct fault_cell *seen)
{
    lab_count = lab_seen = 0;
    step->begin();
    const int start = lab_count, is_removed = fault == REMOVED || fault == UNLINKED || fault == RESTARTED;
    if (fault == FROZEN || fault == SILENT)
        faults_set_timeout(FAULTS_TIMEOUT);
    if (fault == REMOVED) /* a daemon may then never answer an earlier call */
        faults_set_timeout(2 * FAULTS_TIMEOUT);
    faults_grace = faults_daemon.resets && fault == RESTARTED ? FAULTS_GRACE : 0;
    const int acted = faults_run_step(step, fault);
    faults_limit = lab_unstalled_now() + 2 * FAULTS_TIMEOUT + 5000;
    const int quiet_time = faults_quiet_time(fault, expected->events[0]);
    snprintf(seen->events[0], FAULT_DOC_CELL, "%s", faults_wait_for_events(start, is_removed, expected->events[0], quiet_time));
    if (step->opens)
        CHECK_INT(faults_outcomes(acted), 1);
    const int over = lab_count;
    faults_end_fault(step, fault);
    snprintf(seen->events[1], FAULT_DOC_CELL, "%s", 
             faults_wait_for_events(over, is_removed || fault == KILLED, expected->events[1], faults_quiet_time(FAULTS, expected->events[1])));
    faults_limit = faults_grace = 0;
    faults_check_recovery();
    netsession_free(faults_session);
    faults_daemon.clear();
}

/* Runs a cell, and compares its events with the table or writes them to it. */
static inline void faults_check_cell(const struct fault_step *step, int fault, int writes)
{
    struct fault_cell expected = {{"", ""}}, seen;
    const char *row = faults_daemon.names[fault], *text;
    for (int i = 0; i < 2; i++)
        if ((text = fault_doc_cell(faults_daemon.title, step->title, row, i)) != NULL)
            strcpy(expected.events[i], text);
    int tries = 0;
    do { /* a run in which the daemon restarted too slowly is not valid */
        faults_restart_was_slow = 0;
        faults_run_once(step, fault, writes ? &(struct fault_cell){{"", ""}} : &expected, &seen);
    } while (faults_restart_was_slow && ++tries < 5);
    for (int i = 0; i < 2; i++) {
        if (writes && !fault_doc_allows(expected.events[i], seen.events[i]))
            strcpy(expected.events[i], seen.events[i]);
        if (!CHECK(fault_doc_allows(expected.events[i], seen.events[i])))
            printf("#   seen:     %s\n#   expected: %s\n", seen.events[i], expected.events[i]);
    }
    fault_doc_add("| %s | %s | %s |\n", row, expected.events[0], expected.events[1]);
}

static inline void faults_run_cell(const struct fault_step *step, int fault, int writes)
{
    char name[128];
    const int before = check_failures;
    faults_check_cell(step, fault, writes);
    snprintf(name, sizeof name, "%s: %s", step->title, faults_daemon.names[fault]);
    check_report(name, check_failures == before, NULL);
}

static inline void faults_run(const struct fault_step *steps, int count)
{
    const char *how = getenv("FAULTS"), *only = getenv("STEP");
    const int writes = how && strcmp(how, "write") == 0;
    fault_doc_read();
    faults_watch_calls();
    for (int i = 0; i < count; i++) {
        if (only && !strstr(steps[i].title, only))
            continue;
        fault_doc_add("\n### %s\n\n%s\n\n| fault | while it lasts | when it is over |\n|---|---|---|\n",
                     steps[i].title, steps[i].about);
        for (int fault = 0; fault < FAULTS; fault++)
            if ((how ? steps[i].faults : steps[i].often) & 1U << fault)
                faults_run_cell(&steps[i], fault, writes);
    }
    if (writes && !only)
        fault_doc_write(faults_daemon.title);
    else if (how && !only)
        check_report("the document has these tables", CHECK(fault_doc_has(faults_daemon.title)), NULL);
}

#endif
