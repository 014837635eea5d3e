/* api_configuration_state.c - the getters of a configuration, and its connect timeout. They
 * read numbers without a lock, from what the engine publishes, and ask Go for strings.
 */
#include <errno.h>

#include "_cgo_export.h"
#include "api_configuration.h"
#include "api_configuration_list.h"
#include "handle_string.h"
#include "rt_fork.h"
#include "rt_signals.h"

/* The configuration of a handle, or NULL for a bad one. The caller reads it, and then
 * asks ns_is_current whether that was still the right one. */
static inline struct ns_config_ref *load_ref(netsession_configuration *configuration,
                                             struct ns_config **slot)
{
    *slot = ns_config_lookup(configuration);
    return *slot ? __atomic_load_n(&(*slot)->ref, __ATOMIC_RELAXED) : NULL;
}

/* The number at an offset in a configuration's view, or -EBADF. */
static inline int read_view(netsession_configuration *configuration, size_t offset)
{
    struct ns_config *slot;
    struct ns_config_ref *ref = load_ref(configuration, &slot);
    uint8_t value;
    if (!ref)
        return -EBADF;
    value = __atomic_load_n((const uint8_t *)&ref->view + offset, __ATOMIC_RELAXED);
    return ns_is_current(&slot->slot, configuration) ? value : -EBADF;
}

const volatile netsession_configuration_view *
netsession_configuration_view_of(netsession_configuration *configuration)
{
    struct ns_config *slot;
    struct ns_config_ref *ref;
    NS_GUARD(&ns_no_config.view.view);
    ref = load_ref(configuration, &slot);
    return ref && ns_is_current(&slot->slot, configuration) ? &ref->view.view
                                                            : &ns_no_config.view.view;
}

int netsession_configuration_is_valid(netsession_configuration *configuration)
{
    int type = netsession_configuration_type(configuration);
    return type < 0 ? type : type != NETSESSION_CONFIGURATION_TYPE_INVALID;
}

const char *netsession_configuration_identifier(netsession_configuration *configuration)
{
    struct ns_config *slot;
    struct ns_config_ref *ref;
    const char *id;
    NS_GUARD("");
    ref = load_ref(configuration, &slot);
    if (!ref)
        return "";
    id = __atomic_load_n(&ref->id, __ATOMIC_RELAXED);
    return ns_is_current(&slot->slot, configuration) ? id : "";
}

static const char *read_string(netsession_configuration *configuration, int which)
{
    NS_PIN(config, slot, configuration);
    if (!slot || !slot->ref->key)
        return "";
    return ns_string_of(&slot->slot, ns_go_config_string, slot->ref->key, which, NULL);
}

const char *netsession_configuration_name(netsession_configuration *configuration)
{
    NS_GUARD("");
    return read_string(configuration, NS_CONFIG_NAME);
}

const char *netsession_configuration_interface(netsession_configuration *configuration)
{
    NS_GUARD("");
    return read_string(configuration, NS_CONFIG_INTERFACE);
}

netsession_configuration_type_t
netsession_configuration_type(netsession_configuration *configuration)
{
    NS_GUARD(-ECHILD);
    return read_view(configuration, offsetof(netsession_configuration_view, type));
}

netsession_configuration_state_t
netsession_configuration_state(netsession_configuration *configuration)
{
    NS_GUARD(-ECHILD);
    return read_view(configuration, offsetof(netsession_configuration_view, state));
}

netsession_purpose_t netsession_configuration_purpose(netsession_configuration *configuration)
{
    NS_GUARD(-ECHILD);
    return read_view(configuration, offsetof(netsession_configuration_view, purpose));
}

netsession_bearer_t netsession_configuration_bearer_type(netsession_configuration *configuration)
{
    NS_GUARD(-ECHILD);
    return read_view(configuration, offsetof(netsession_configuration_view, bearer_type));
}

int netsession_configuration_is_roaming_available(netsession_configuration *configuration)
{
    NS_GUARD(-ECHILD);
    return read_view(configuration, offsetof(netsession_configuration_view, is_roaming_available));
}

int netsession_configuration_signal_strength(netsession_configuration *configuration)
{
    NS_GUARD(-ECHILD);
    return read_view(configuration, offsetof(netsession_configuration_view, signal_strength));
}

netsession_bearer_t
netsession_configuration_bearer_type_family(netsession_configuration *configuration)
{
    int bearer = netsession_configuration_bearer_type(configuration);
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

const char *netsession_configuration_bearer_type_name(netsession_configuration *configuration)
{
    static const char *const names[] = {
        "Unknown",   "Ethernet", "WLAN", "2G",  "CDMA2000", "WCDMA", "HSPA",
        "Bluetooth", "WiMAX",    "EVDO", "LTE", "3G",       "4G",
    };
    int bearer;
    if (netsession_configuration_type(configuration) !=
        NETSESSION_CONFIGURATION_TYPE_INTERNET_ACCESS_POINT)
        return "";
    bearer = netsession_configuration_bearer_type(configuration);
    return bearer >= 0 && bearer < (int)(sizeof names / sizeof *names) ? names[bearer] : "";
}

static int fill_none(void *key, unsigned filter, struct ns_config_ref **refs, int room)
{
    (void)key, (void)filter, (void)refs, (void)room;
    return 0;
}

/* Makes the list of the configurations that one is related to. */
static int new_related(netsession_configuration *configuration, ns_list_filler *filler,
                       netsession_configuration_list **list)
{
    void *key;
    if (!list)
        return -EINVAL;
    NS_PIN(config, slot, configuration);
    if (!slot)
        return -EBADF;
    key = slot->ref->key;
    return ns_list_new(key ? filler : fill_none, key, 0, list);
}

int netsession_configuration_children(netsession_configuration *configuration,
                                      netsession_configuration_list **list)
{
    if (list)
        *list = NULL;
    NS_GUARD(-ECHILD);
    return new_related(configuration, ns_go_config_children, list);
}

int netsession_configuration_underlying(netsession_configuration *configuration,
                                        netsession_configuration_list **list)
{
    if (list)
        *list = NULL;
    NS_GUARD(-ECHILD);
    return new_related(configuration, ns_go_config_underlying, list);
}

int netsession_configuration_connect_timeout(netsession_configuration *configuration)
{
    struct ns_config *slot;
    struct ns_config_ref *ref;
    int timeout;
    NS_GUARD(-ECHILD);
    ref = load_ref(configuration, &slot);
    if (!ref)
        return -EBADF;
    timeout = __atomic_load_n(&ref->timeout, __ATOMIC_RELAXED);
    return ns_is_current(&slot->slot, configuration) ? timeout : -EBADF;
}

int netsession_configuration_set_connect_timeout(netsession_configuration *configuration, int msecs)
{
    NS_GUARD(-ECHILD);
    NS_PIN(config, slot, configuration);
    if (!slot)
        return -EBADF;
    if (msecs >= 0 && slot->ref->key)
        NS_GO(ns_go_config_set_timeout(slot->ref->key, msecs));
    return msecs < 0 ? -EINVAL : 0;
}
