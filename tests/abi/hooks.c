/* hooks.c - what only a library that was built for tests can show. */
#include "check.h"
#include <errno.h>
#include <netsession.h>

extern int netsession_hook_panic(void) __attribute__((weak));

/* A panic in Go ends at the boundary; the host goes on. */
static void panic_does_not_cross(void)
{
    for (int i = 0; i < 100; i++)
        CHECK_INT(netsession_hook_panic(), -EIO);
}

int main(void)
{
    CHECK_INT(netsession_version(), NETSESSION_VERSION);
    if (netsession_hook_panic)
        RUN(panic_does_not_cross);
    else
        SKIP(panic_does_not_cross, "the library was not built with hooks");
    return check_result();
}
