/* idle.c - a process with an open session sleeps while nothing happens.
 *
 *     IDLE=SECONDS in the environment: how long it is watched; 2 by default
 */
#define _GNU_SOURCE
#include "lab.h"
#include <dirent.h>

enum { CALM = 1000 /* ms */, PATIENCE = 30 /* times that */ };

static long switches_of(const char *tid)
{
    char path[300], line[200];
    long n, sum = 0;
    snprintf(path, sizeof path, "/proc/self/task/%s/status", tid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "voluntary_ctxt_switches: %ld", &n) == 1)
            sum += n;
    if (f)
        fclose(f);
    return sum;
}

/* How often a thread of this process has gone to sleep. */
static long wake_ups(void)
{
    DIR *tasks = opendir("/proc/self/task");
    long sum = 0;
    for (struct dirent *d; (d = readdir(tasks));)
        if (d->d_name[0] != '.')
            sum += switches_of(d->d_name);
    closedir(tasks);
    return sum;
}

/* Sleeps once, and returns how often others woke up meanwhile. */
static long others_in(int msecs)
{
    const long before = wake_ups();
    poll(NULL, 0, msecs);
    return wake_ups() - before - 1;
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
    lab_begin();
    netsession *s = lab_session("link:cable", "s");
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, LAB_WAIT), 1);
    CHECK(comes_to_rest());
    const long n = others_in(seconds * 1000);
    printf("# %ld wake-ups in %d s\n", n, seconds);
    CHECK(n <= 2);
    netsession_free(s);
    netsession_manager_free(lab_manager);
}

int main(void)
{
    lab_cable("cable", "192.0.2.1/24");
    RUN(nothing_happens);
    return check_result();
}
