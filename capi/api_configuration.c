/* api_configuration.c - making, copying and freeing handles to configurations. */
#include "api_configuration.h"

#include <errno.h>

#include "_cgo_export.h"
#include "rt_fork.h"
#include "rt_signals.h"

static void destroy(struct ns_slot *slot)
{
    ns_config_ref_release(((struct ns_config *)(void *)slot)->ref);
}

uint64_t ns_config_words[NS_CONFIGS];

struct ns_table ns_configs = {
    .kind = NS_CONFIG,
    .size = sizeof(struct ns_config),
    .capacity = NS_CONFIGS,
    .words = ns_config_words,
    .destroy = destroy,
    .lock = PTHREAD_MUTEX_INITIALIZER,
};

static netsession_configuration *new_handle(struct ns_config_ref *ref, unsigned payload)
{
    void *slot;
    if (ns_reserve(&ns_configs, &slot, 1) < 0)
        return NULL;
    __atomic_store_n(&((struct ns_config *)slot)->ref, ref, __ATOMIC_RELAXED);
    return ns_publish(&ns_configs, slot, 0, payload);
}

int ns_config_new(struct ns_config_ref *ref, netsession_configuration **configuration)
{
    *configuration = new_handle(ref, 0);
    if (*configuration)
        return 0;
    ns_config_ref_release(ref);
    return -ENOMEM;
}

netsession_configuration *ns_config_borrow(struct ns_config_ref *ref)
{
    netsession_configuration *configuration;
    ns_config_ref_acquire(ref);
    configuration = new_handle(ref, NS_CONFIG_BORROWED);
    if (!configuration)
        ns_config_ref_release(ref);
    return configuration;
}

void ns_config_release(netsession_configuration *configuration)
{
    ns_unpin(&ns_configs, ns_invalidate(&ns_configs, configuration));
}

struct ns_config *ns_config_pin(netsession_configuration *configuration)
{
    return ns_pin(&ns_configs, configuration);
}

void ns_config_unpin(struct ns_config *config)
{
    ns_unpin(&ns_configs, config);
}

int netsession_configuration_free(netsession_configuration *configuration)
{
    struct ns_config *slot;
    uint64_t word;
    NS_GUARD(-ECHILD);
    slot = ns_config_lookup(configuration);
    if (!slot)
        return -EBADF;
    word = ns_word(&slot->slot);
    if (ns_is_generation(word, configuration) && (word & NS_CONFIG_BORROWED))
        return -EPERM;
    slot = ns_invalidate(&ns_configs, configuration);
    if (!slot)
        return -EBADF;
    ns_unpin(&ns_configs, slot);
    return 0;
}

int netsession_configuration_copy(netsession_configuration *configuration,
                                  netsession_configuration **copy)
{
    if (copy)
        *copy = NULL;
    NS_GUARD(-ECHILD);
    if (!copy)
        return -EINVAL;
    NS_PIN(config, slot, configuration);
    if (!slot)
        return -EBADF;
    ns_config_ref_acquire(slot->ref);
    return ns_config_new(slot->ref, copy);
}

int netsession_configuration_equal(netsession_configuration *a, netsession_configuration *b)
{
    NS_GUARD(-ECHILD);
    NS_PIN(config, slot_a, a);
    NS_PIN(config, slot_b, b);
    return slot_a && slot_b ? ns_config_ref_equal(slot_a->ref, slot_b->ref) : -EBADF;
}
