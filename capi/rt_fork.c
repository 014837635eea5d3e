/* rt_fork.c - the library in a forked child: a flag, and views of nothing. */
#include "rt_fork.h"

#include <pthread.h>

#include "api_session.h"
#include "snapshot_config.h"

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
