/* guard.c - what happens when the library is loaded: the fork handler, and the
 * signal mask of the threads that the Go runtime starts.
 *
 * Signals of the host must not be handled on Go's threads: a handler without
 * SA_ONSTACK would run on the small stack of a goroutine. Threads inherit the
 * mask of their maker, so all signals are blocked before the Go runtime's own
 * initialiser runs, and the host's mask comes back after it. The linker puts
 * constructors with a priority before the runtime's, and those without one in
 * the order of the object files, in which the runtime's is first.
 */
#include "guard.h"

#include <pthread.h>
#include <signal.h>

int ns_forked;

static sigset_t host_mask; /* between the two constructors */

static void mark_forked(void)
{
    __atomic_store_n(&ns_forked, 1, __ATOMIC_RELAXED);
}

__attribute__((constructor(101))) static void before_runtime(void)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &host_mask);
    pthread_atfork(NULL, NULL, mark_forked);
}

__attribute__((constructor)) static void after_runtime(void)
{
    pthread_sigmask(SIG_SETMASK, &host_mask, NULL);
}
