/* guard.c - the library in a forked child: a flag, and views of nothing. */
#include "guard.h"

#include <pthread.h>

#include "records.h"
#include "session.h"

int ns_forked;

static void mark_forked(void)
{
    __atomic_store_n(&ns_forked, 1, __ATOMIC_RELAXED);
    ns_sessions_forked();
    ns_records_forked();
}

__attribute__((constructor)) static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, mark_forked);
}
