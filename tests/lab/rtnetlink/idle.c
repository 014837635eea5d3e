/* idle.c - a process with an open session does not wake up while nothing changes.
 *
 * The environment variable IDLE sets the duration of the test in seconds, 2 by default.
 */
#define _GNU_SOURCE
#include "lab.h"
#include "processes.h"

enum { INTERVAL = 1000 /* ms */, ATTEMPTS = 30 };

/* Sleeps once, and returns the number of wake-ups of other threads meanwhile. */
static long other_wakeups(int msecs)
{
    const long before = processes_context_switches();
    poll(NULL, 0, msecs);
    return processes_context_switches() - before - 1;
}

/* Waits until no thread wakes up: a new network changes for some seconds. */
static int becomes_idle(void)
{
    for (int i = 0; i < ATTEMPTS; i++)
        if (other_wakeups(INTERVAL) <= 0)
            return 1;
    return 0;
}

static void no_wakeups_without_changes(void)
{
    const char *wanted = getenv("IDLE");
    const int seconds = wanted ? atoi(wanted) : 2;
    const int inherited = processes_inheritable_fds();
    lab_begin();
    netsession *s = lab_session("link:cable", "s");
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    CHECK(becomes_idle());
    const long n = other_wakeups(seconds * 1000);
    printf("# %ld wake-ups in %d s\n", n, seconds);
    CHECK(n <= 2);
    CHECK_INT(processes_inheritable_fds(), inherited); /* every descriptor of the library is close-on-exec */
    netsession_free(s);
    netsession_manager_free(lab_manager);
}

int main(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    RUN(no_wakeups_without_changes);
    return check_result();
}
