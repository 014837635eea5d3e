/* guard.c - the library in a forked child: a flag, and nothing else. */
#include "guard.h"

#include <pthread.h>

int ns_forked;

static void mark_forked(void)
{
    __atomic_store_n(&ns_forked, 1, __ATOMIC_RELAXED);
}

__attribute__((constructor)) static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, mark_forked);
}
