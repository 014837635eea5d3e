/* snapshot_config.c - the memory of configurations, and their references. */
#include "snapshot_config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "_cgo_export.h"
#include "rt_signals.h"

enum { SLAB = 256 };

struct slab {
    struct slab *next;
    struct ns_config_ref refs[SLAB];
};

static char no_id[] = "";

struct ns_config_ref ns_no_config = {
    .view.view = {.type = NETSESSION_CONFIGURATION_TYPE_INVALID, .state = NETSESSION_CONFIGURATION_STATE_UNDEFINED},
    .timeout = 30000,
    .id = no_id,
};

/* Guards what follows. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct slab *slabs;
static struct ns_config_ref *free_refs;
static uint32_t allocated;

/* Called with the lock held. */
static void grow(void)
{
    struct slab *slab =
        mmap(NULL, sizeof *slab, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (slab == MAP_FAILED)
        return;
    for (int i = SLAB - 1; i >= 0; i--) {
        slab->refs[i].index = allocated + (uint32_t)i;
        slab->refs[i].next = free_refs;
        free_refs = &slab->refs[i];
    }
    allocated += SLAB;
    slab->next = slabs;
    slabs = slab;
}

/* No other thread is left, so that nothing is locked. */
void ns_config_views_reset(void)
{
    for (struct slab *slab = slabs; slab; slab = slab->next)
        for (int i = 0; i < SLAB; i++)
            slab->refs[i].view = ns_no_config.view;
}

static struct ns_config_ref *allocate(void)
{
    struct ns_config_ref *ref;
    pthread_mutex_lock(&lock);
    if (!free_refs)
        grow();
    ref = free_refs;
    if (ref)
        free_refs = ref->next;
    pthread_mutex_unlock(&lock);
    return ref;
}

struct ns_config_ref *ns_config_ref_new(const char *id, size_t length)
{
    char *copy = malloc(length + 1);
    struct ns_config_ref *ref = copy ? allocate() : NULL;
    if (!ref) {
        free(copy);
        return NULL;
    }
    memcpy(copy, id, length);
    copy[length] = '\0';
    ref->id = copy;
    return ref;
}

void ns_config_ref_free(struct ns_config_ref *ref)
{
    free(ref->id);
    ref->id = no_id;
    pthread_mutex_lock(&lock);
    ref->next = free_refs;
    free_refs = ref;
    pthread_mutex_unlock(&lock);
}

int ns_config_ref_equal(const struct ns_config_ref *a, const struct ns_config_ref *b)
{
    return a == b || strcmp(a->id, b->id) == 0;
}

void ns_config_ref_acquire(struct ns_config_ref *ref)
{
    if (ref->key)
        __atomic_add_fetch(&ref->refs, NS_ONE_REF, __ATOMIC_RELAXED);
}

int ns_config_ref_try_release(struct ns_config_ref *ref)
{
    uint32_t refs = __atomic_load_n(&ref->refs, __ATOMIC_RELAXED);
    do {
        if (refs == NS_ONE_REF)
            return 0;
    } while (!__atomic_compare_exchange_n(&ref->refs, &refs, refs - NS_ONE_REF, 0,
                                          __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
    return 1;
}

void ns_config_ref_release(struct ns_config_ref *ref)
{
    if (ref->key && !ns_config_ref_try_release(ref))
        NS_GO(ns_go_config_release(ref->key));
}
