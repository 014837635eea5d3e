/* api_configuration.c - handles to configurations. Numbers are read without a lock. */
#include "api_configuration.h"

#include <errno.h>

#include "_cgo_export.h"
#include "api_configuration_list.h"
#include "handle_string.h"
#include "rt_fork.h"
#include "rt_signals.h"

static void destroy(struct ns_slot *slot)
{
    ns_config_ref_release(((struct ns_config *)(void *)slot)->ref);
}

static uint64_t words[NS_CONFIGS];

struct ns_table ns_configs = {
    .kind = NS_CONFIG,
    .size = sizeof(struct ns_config),
    .capacity = NS_CONFIGS,
    .words = words,
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

int ns_config_new(struct ns_config_ref *ref, netsession_configuration **config)
{
    *config = new_handle(ref, 0);
    if (*config)
        return 0;
    ns_config_ref_release(ref);
    return -ENOMEM;
}

netsession_configuration *ns_config_borrow(struct ns_config_ref *ref)
{
    netsession_configuration *config;
    ns_config_ref_acquire(ref);
    config = new_handle(ref, NS_CONFIG_BORROWED);
    if (!config)
        ns_config_ref_release(ref);
    return config;
}

void ns_config_release(netsession_configuration *config)
{
    ns_unpin(&ns_configs, ns_invalidate(&ns_configs, config));
}

struct ns_config *ns_config_pin(netsession_configuration *config)
{
    return ns_pin(&ns_configs, config);
}

void ns_config_unpin(struct ns_config *config)
{
    ns_unpin(&ns_configs, config);
}

static inline struct ns_config *lookup(netsession_configuration *config)
{
    return ns_lookup(&ns_configs, NS_CONFIG, words, NS_CONFIGS, sizeof(struct ns_config), config);
}

/* The configuration of a handle, or NULL for a bad one. The caller reads it, and then
 * asks ns_is_current whether that was still the right one. */
static inline struct ns_config_ref *load_ref(netsession_configuration *config, struct ns_config **slot)
{
    *slot = lookup(config);
    return *slot ? __atomic_load_n(&(*slot)->ref, __ATOMIC_RELAXED) : NULL;
}

/* The number at an offset in a configuration's view, or -EBADF. */
static inline int read_view(netsession_configuration *config, size_t offset)
{
    struct ns_config *slot;
    struct ns_config_ref *ref = load_ref(config, &slot);
    uint8_t value;
    if (!ref)
        return -EBADF;
    value = __atomic_load_n((const uint8_t *)&ref->view + offset, __ATOMIC_RELAXED);
    return ns_is_current(&slot->slot, config) ? value : -EBADF;
}

const volatile netsession_configuration_view *netsession_configuration_view_of(netsession_configuration *config)
{
    struct ns_config *slot;
    struct ns_config_ref *ref;
    NS_GUARD(&ns_no_config.view.view);
    ref = load_ref(config, &slot);
    return ref && ns_is_current(&slot->slot, config) ? &ref->view.view : &ns_no_config.view.view;
}

int netsession_configuration_free(netsession_configuration *config)
{
    struct ns_config *slot;
    uint64_t word;
    NS_GUARD(-ECHILD);
    slot = lookup(config);
    if (!slot)
        return -EBADF;
    word = ns_word(&slot->slot);
    if (ns_is_generation(word, config) && (word & NS_CONFIG_BORROWED))
        return -EPERM;
    slot = ns_invalidate(&ns_configs, config);
    if (!slot)
        return -EBADF;
    ns_unpin(&ns_configs, slot);
    return 0;
}

int netsession_configuration_copy(netsession_configuration *config, netsession_configuration **copy)
{
    if (copy)
        *copy = NULL;
    NS_GUARD(-ECHILD);
    if (!copy)
        return -EINVAL;
    NS_PIN(config, slot, config);
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

int netsession_configuration_is_valid(netsession_configuration *config)
{
    int type = netsession_configuration_type(config);
    return type < 0 ? type : type != NETSESSION_CONFIGURATION_TYPE_INVALID;
}

const char *netsession_configuration_identifier(netsession_configuration *config)
{
    struct ns_config *slot;
    struct ns_config_ref *ref;
    const char *id;
    NS_GUARD("");
    ref = load_ref(config, &slot);
    if (!ref)
        return "";
    id = __atomic_load_n(&ref->id, __ATOMIC_RELAXED);
    return ns_is_current(&slot->slot, config) ? id : "";
}

static const char *read_string(netsession_configuration *config, int which)
{
    NS_PIN(config, slot, config);
    if (!slot || !slot->ref->key)
        return "";
    return ns_string_of(&slot->slot, ns_go_config_string, slot->ref->key, which, NULL);
}

const char *netsession_configuration_name(netsession_configuration *config)
{
    NS_GUARD("");
    return read_string(config, NS_CONFIG_NAME);
}

const char *netsession_configuration_interface(netsession_configuration *config)
{
    NS_GUARD("");
    return read_string(config, NS_CONFIG_INTERFACE);
}

netsession_configuration_type_t netsession_configuration_type(netsession_configuration *config)
{
    NS_GUARD(-ECHILD);
    return read_view(config, offsetof(netsession_configuration_view, type));
}

netsession_configuration_state_t netsession_configuration_state(netsession_configuration *config)
{
    NS_GUARD(-ECHILD);
    return read_view(config, offsetof(netsession_configuration_view, state));
}

netsession_purpose_t netsession_configuration_purpose(netsession_configuration *config)
{
    NS_GUARD(-ECHILD);
    return read_view(config, offsetof(netsession_configuration_view, purpose));
}

netsession_bearer_t netsession_configuration_bearer_type(netsession_configuration *config)
{
    NS_GUARD(-ECHILD);
    return read_view(config, offsetof(netsession_configuration_view, bearer_type));
}

int netsession_configuration_is_roaming_available(netsession_configuration *config)
{
    NS_GUARD(-ECHILD);
    return read_view(config, offsetof(netsession_configuration_view, is_roaming_available));
}

int netsession_configuration_signal_strength(netsession_configuration *config)
{
    NS_GUARD(-ECHILD);
    return read_view(config, offsetof(netsession_configuration_view, signal_strength));
}

netsession_bearer_t netsession_configuration_bearer_type_family(netsession_configuration *config)
{
    int bearer = netsession_configuration_bearer_type(config);
    switch (bearer) {
    case NETSESSION_BEARER_CDMA2000:
    case NETSESSION_BEARER_WCDMA:
    case NETSESSION_BEARER_HSPA:
    case NETSESSION_BEARER_EVDO:
        return NETSESSION_BEARER_3G;
    case NETSESSION_BEARER_WIMAX:
    case NETSESSION_BEARER_LTE:
        return NETSESSION_BEARER_4G;
    }
    return bearer;
}

const char *netsession_configuration_bearer_type_name(netsession_configuration *config)
{
    static const char *const names[] = {
        "Unknown",   "Ethernet", "WLAN", "2G",  "CDMA2000", "WCDMA", "HSPA",
        "Bluetooth", "WiMAX",    "EVDO", "LTE", "3G",       "4G",
    };
    int bearer;
    if (netsession_configuration_type(config) != NETSESSION_CONFIGURATION_TYPE_INTERNET_ACCESS_POINT)
        return "";
    bearer = netsession_configuration_bearer_type(config);
    return bearer >= 0 && bearer < (int)(sizeof names / sizeof *names) ? names[bearer] : "";
}

static int fill_none(void *key, unsigned filter, struct ns_config_ref **refs, int room)
{
    (void)key, (void)filter, (void)refs, (void)room;
    return 0;
}

/* Makes the list of the configurations that one is related to. */
static int new_related(netsession_configuration *config, ns_list_filler *filler, netsession_configuration_list **list)
{
    void *key;
    if (!list)
        return -EINVAL;
    NS_PIN(config, slot, config);
    if (!slot)
        return -EBADF;
    key = slot->ref->key;
    return ns_list_new(key ? filler : fill_none, key, 0, list);
}

int netsession_configuration_children(netsession_configuration *config, netsession_configuration_list **list)
{
    if (list)
        *list = NULL;
    NS_GUARD(-ECHILD);
    return new_related(config, ns_go_config_children, list);
}

int netsession_configuration_underlying(netsession_configuration *config, netsession_configuration_list **list)
{
    if (list)
        *list = NULL;
    NS_GUARD(-ECHILD);
    return new_related(config, ns_go_config_underlying, list);
}

int netsession_configuration_connect_timeout(netsession_configuration *config)
{
    struct ns_config *slot;
    struct ns_config_ref *ref;
    int timeout;
    NS_GUARD(-ECHILD);
    ref = load_ref(config, &slot);
    if (!ref)
        return -EBADF;
    timeout = __atomic_load_n(&ref->timeout, __ATOMIC_RELAXED);
    return ns_is_current(&slot->slot, config) ? timeout : -EBADF;
}

int netsession_configuration_set_connect_timeout(netsession_configuration *config, int msecs)
{
    NS_GUARD(-ECHILD);
    NS_PIN(config, slot, config);
    if (!slot)
        return -EBADF;
    if (msecs >= 0 && slot->ref->key)
        NS_GO(ns_go_config_set_timeout(slot->ref->key, msecs));
    return msecs < 0 ? -EINVAL : 0;
}
