/* idle.c - a process with an open session sleeps while nothing happens.
 *
 *     IDLE=SECONDS in the environment: how long it is watched; 2 by default
 */
#define _GNU_SOURCE
#include "lab.h"
#include "processes.h"

enum { CALM = 1000 /* ms */, PATIENCE = 30 /* times that */ };

/* Sleeps once, and returns how often others woke up meanwhile. */
static long others_in(int msecs)
{
    const long before = processes_context_switches();
    poll(NULL, 0, msecs);
    return processes_context_switches() - before - 1;
}

/* A new network has things to say for some seconds. */
static int comes_to_rest(void)
{
    for (int i = 0; i < PATIENCE; i++)
        if (others_in(CALM) <= 0)
            return 1;
    return 0;
}

static void nothing_happens(void)
{
    const char *wanted = getenv("IDLE");
    const int seconds = wanted ? atoi(wanted) : 2;
    const int inherited = processes_inheritable_fds();
    lab_begin();
    netsession *s = lab_session("link:cable", "s");
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_TIMEOUT), 1);
    CHECK(comes_to_rest());
    const long n = others_in(seconds * 1000);
    printf("# %ld wake-ups in %d s\n", n, seconds);
    CHECK(n <= 2);
    CHECK_INT(processes_inheritable_fds(), inherited); /* every descriptor of the library is close-on-exec */
    netsession_free(s);
    netsession_manager_free(lab_manager);
}

int main(void)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    RUN(nothing_happens);
    return check_result();
}
