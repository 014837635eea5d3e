/* hooks.c - what only a library that was built for tests can show. */
#include "check.h"
#include <errno.h>
#include <netsession.h>
#include <pthread.h>

extern int netsession_hook_panic(void);
extern int netsession_hook_fault(void);

/* A panic in Go ends at the boundary; the host goes on. */
static void panic_does_not_cross(void)
{
    for (int i = 0; i < 100; i++)
        CHECK_INT(netsession_hook_panic(), -EIO);
}

/* Else no test would look for them. */
static void leaks_are_detectable(void)
{
    CHECK(netsession_hook_live_handles != NULL);
}

/* Nor does a fault, which Go makes a panic of; on any thread of the host. */
static void fault_does_not_cross(void)
{
    for (int i = 0; i < 100; i++)
        CHECK_INT(netsession_hook_fault(), -EIO);
}

static void *on_a_thread(void *unused)
{
    fault_does_not_cross();
    return unused;
}

static void fault_on_another_thread_does_not_cross(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, on_a_thread, NULL);
    pthread_join(thread, NULL);
}

int main(void)
{
    CHECK_INT(netsession_version(), NETSESSION_VERSION);
    RUN(leaks_are_detectable);
    RUN(panic_does_not_cross);
    RUN(fault_does_not_cross);
    RUN(fault_on_another_thread_does_not_cross);
    return check_result();
}
