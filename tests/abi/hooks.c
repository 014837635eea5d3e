/* hooks.c - the panic boundary and the leak check of a library that was built for tests. */
#include "check.h"
#include <errno.h>
#include <netsession.h>
#include <pthread.h>

extern int netsession_hook_panic(void);
extern int netsession_hook_fault(void);

/* A panic in Go becomes an error at the boundary, and the host continues. */
static void panic_does_not_cross(void)
{
    for (int i = 0; i < 100; i++)
        CHECK_INT(netsession_hook_panic(), -EIO);
}

/* Without this hook no test checks for leaks. */
static void leaks_are_detectable(void)
{
    CHECK(netsession_hook_live_handles != NULL);
}

/* The Go runtime turns a fault into a panic, on any thread of the host. */
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
