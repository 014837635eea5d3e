/* rt_fork.c - the library in a forked child: a flag, and empty views. */
#include "rt_fork.h"

#include <pthread.h>

#include "api_session.h"
#include "snapshot_config.h"

int ns_forked;

static void mark_forked(void)
{
    __atomic_store_n(&ns_forked, 1, __ATOMIC_RELAXED);
    ns_session_views_reset();
    ns_config_views_reset();
}

__attribute__((constructor)) static void register_fork_handlers(void)
{
    pthread_atfork(NULL, NULL, mark_forked);
}
