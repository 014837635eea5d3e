/* faults.h - what happens to an application when its network daemon is killed,
 * frozen or refuses, gets no answer itself, or loses what it works on, at each
 * step of opening, closing, stopping and moving (see nm/fault_table.c and
 * connman/fault_table.c).
 *
 * Each pair of a step and a fault is a cell of the tables in docs/faults.md: what
 * a session tells from the step's call on, in order. A run compares what it sees
 * with them; with FAULTS=write it writes them again, with FAULTS=all it fills all
 * cells, else those that are run often. In every cell
 *   - no call of the application takes long, and an open has one outcome;
 *   - no session claims for more than a second what the kernel denies;
 *   - a new open works when the fault is over.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include "fault_steps.h"

static inline void faults_timeout(int ms)
{
    netsession_configuration *c;
    netsession_get_configuration(faults_session, &c);
    netsession_configuration_set_connect_timeout(c, ms);
    netsession_configuration_free(c);
}

static inline int faults_works(void)
{
    return netsession_is_open(faults_session) == 1 && netsession_state(faults_session) == NETSESSION_STATE_CONNECTED &&
           faults_link() == KERNEL_USABLE;
}

/* After the fault, a new open works. A daemon that has just been started may take a
 * link over from the kernel, and a session on that has to be opened again. */
static inline void faults_work_again(void)
{
    faults_timeout(0);
    faults_daemon.mend();
    CHECK_AT_ONCE(netsession_close(faults_session));
    while (netsession_is_open(faults_session) == 1)
        faults_look(5);
    for (const long end = lab_now() + LAB_WAIT; lab_now() < end && !faults_works();) {
        const int state = netsession_state(faults_session);
        if (state == NETSESSION_STATE_DISCONNECTED || state == NETSESSION_STATE_CONNECTED) {
            CHECK_AT_ONCE(netsession_open(faults_session));
            netsession_wait_for_opened(faults_session, LAB_WAIT);
        }
        faults_look(20);
    }
    if (!CHECK(faults_works()))
        printf("#   %s, %s, on \"%s\": %s\n", netsession_is_open(faults_session) == 1 ? "open" : "closed", netsession_state_name(netsession_state(faults_session)), netsession_interface(faults_session), netsession_error_string(faults_session));
}

/* What was told while a fault lasted, and when it was over. */
struct fault_cell {
    char told[2][FAULT_DOC_CELL];
};

/* How long nothing new has to come until a cell is full. Where the daemon is frozen, the
 * end of an attempt has a timeout as well; a daemon that has gone, or was started again,
 * may be missed later. Else one outcome may be the beginning of another one. */
static inline int faults_least(int fault, const char *expected)
{
    if (fault == FROZEN)
        return FAULTS_QUIET;
    if (fault == RESTARTED || (fault == KILLED && !strstr(expected, "has gone away")))
        return FAULTS_GRACE + 1500;
    return strstr(expected, FAULT_DOC_OR) ? 1500 : 300;
}

/* Fills a cell of a table. expected is what that says, "" for what is not known. */
static inline void faults_fill(const struct fault_step *step, int fault, const struct fault_cell *expected, struct fault_cell *seen)
{
    lab_count = lab_read = 0;
    step->begin();
    const int begun = lab_count, taken = fault == REMOVED || fault == UNLINKED || fault == RESTARTED;
    if (fault == FROZEN || fault == SILENT)
        faults_timeout(FAULTS_TIMEOUT);
    if (fault == REMOVED) /* a daemon may forget over it that it has something to answer */
        faults_timeout(2 * FAULTS_TIMEOUT);
    faults_grace = faults_daemon.resets && fault == RESTARTED ? FAULTS_GRACE : 0;
    const int acted = faults_go(step, fault);
    faults_limit = lab_calm() + 2 * FAULTS_TIMEOUT + 5000;
    const int least = faults_least(fault, expected->told[0]);
    snprintf(seen->told[0], FAULT_DOC_CELL, "%s", faults_follow(begun, taken, expected->told[0], least));
    if (step->opens)
        CHECK_INT(faults_outcomes(acted), 1);
    const int lifted = lab_count;
    faults_lift(step, fault);
    snprintf(seen->told[1], FAULT_DOC_CELL, "%s", 
             faults_follow(lifted, taken || fault == KILLED, expected->told[1], faults_least(FAULTS, expected->told[1])));
    faults_limit = faults_grace = 0;
    faults_work_again();
    netsession_free(faults_session);
    faults_daemon.clear();
}

/* Compares a cell with the table, or writes it there. */
static inline void faults_judge(const struct fault_step *step, int fault, int writes)
{
    struct fault_cell expected = {{"", ""}}, seen;
    const char *row = faults_daemon.names[fault], *text;
    for (int i = 0; i < 2; i++)
        if ((text = fault_doc_cell(faults_daemon.title, step->title, row, i)) != NULL)
            strcpy(expected.told[i], text);
    int tries = 0;
    do { /* a machine that is too busy to start a daemon in time says nothing */
        faults_late = 0;
        faults_fill(step, fault, writes ? &(struct fault_cell){{"", ""}} : &expected, &seen);
    } while (faults_late && ++tries < 5);
    for (int i = 0; i < 2; i++) {
        if (writes && !fault_doc_permits(expected.told[i], seen.told[i]))
            strcpy(expected.told[i], seen.told[i]);
        if (!CHECK(fault_doc_permits(expected.told[i], seen.told[i])))
            printf("#   seen:     %s\n#   expected: %s\n", seen.told[i], expected.told[i]);
    }
    fault_doc_add("| %s | %s | %s |\n", row, expected.told[0], expected.told[1]);
}

static inline void faults_run_cell(const struct fault_step *step, int fault, int writes)
{
    char name[128];
    const int before = check_failures;
    faults_judge(step, fault, writes);
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
