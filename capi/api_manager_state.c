/* api_manager_state.c - the getters of a manager. */
#include <errno.h>
#include <stddef.h>

#include "_cgo_export.h"
#include "api_configuration.h"
#include "api_configuration_list.h"
#include "api_manager.h"
#include "api_session_socket.h"
#include "handle_string.h"
#include "rt_fork.h"
#include "rt_signals.h"

/* Go knows whether there are links to bind sockets to, and the kernel knows whether
 * binding is allowed. */
int netsession_manager_capabilities(netsession_manager *handle)
{
    int capabilities;
    NS_GUARD(-ECHILD);
    NS_PIN(manager, manager, handle);
    if (!manager)
        return -EBADF;
    capabilities = NS_GO(ns_go_manager_capabilities(manager->key));
    if (capabilities > 0 && capabilities & NETSESSION_CAPABILITY_DIRECT_CONNECTION_ROUTING &&
        !ns_can_bind_sockets())
        capabilities &= ~NETSESSION_CAPABILITY_DIRECT_CONNECTION_ROUTING;
    return capabilities;
}

/* The member at an offset in the network state, which is read without entering Go. */
static int read_state(netsession_manager *handle, size_t offset)
{
    union ns_network_state state;
    NS_GUARD(-ECHILD);
    NS_PIN(manager, manager, handle);
    if (!manager)
        return -EBADF;
    state.whole = __atomic_load_n(&manager->queue->network->whole, __ATOMIC_ACQUIRE);
    return ((const uint8_t *)&state)[offset];
}

int netsession_manager_is_online(netsession_manager *manager)
{
    return read_state(manager, offsetof(struct ns_network_state_view, is_online));
}

netsession_reachability_t netsession_manager_reachability(netsession_manager *manager)
{
    return read_state(manager, offsetof(struct ns_network_state_view, reachability));
}

int netsession_manager_is_behind_captive_portal(netsession_manager *manager)
{
    return read_state(manager, offsetof(struct ns_network_state_view, is_behind_captive_portal));
}

netsession_transport_t netsession_manager_transport(netsession_manager *manager)
{
    return read_state(manager, offsetof(struct ns_network_state_view, transport));
}

int netsession_manager_is_metered(netsession_manager *manager)
{
    return read_state(manager, offsetof(struct ns_network_state_view, is_metered));
}

int netsession_manager_update_configurations(netsession_manager *handle)
{
    NS_GUARD(-ECHILD);
    NS_PIN(manager, manager, handle);
    if (!manager)
        return -EBADF;
    return NS_GO(ns_go_manager_refresh(manager->key));
}

static int is_state_filter(netsession_configuration_state_t filter)
{
    switch ((int)filter) {
    case NETSESSION_CONFIGURATION_STATE_ANY:
    case NETSESSION_CONFIGURATION_STATE_UNDEFINED:
    case NETSESSION_CONFIGURATION_STATE_DEFINED:
    case NETSESSION_CONFIGURATION_STATE_DISCOVERED:
    case NETSESSION_CONFIGURATION_STATE_ACTIVE:
        return 1;
    }
    return 0;
}

int netsession_manager_configurations(netsession_manager *handle,
                                      netsession_configuration_state_t state_filter,
                                      netsession_configuration_list **list)
{
    if (list)
        *list = NULL;
    NS_GUARD(-ECHILD);
    if (!list)
        return -EINVAL;
    NS_PIN(manager, manager, handle);
    if (!manager)
        return -EBADF;
    if (!is_state_filter(state_filter))
        return -EINVAL;
    return ns_list_new(ns_go_manager_list, manager->key, (unsigned)state_filter, list);
}

int netsession_manager_default_configuration(netsession_manager *handle,
                                             netsession_configuration **configuration)
{
    struct ns_config_ref *ref;
    if (configuration)
        *configuration = NULL;
    NS_GUARD(-ECHILD);
    if (!configuration)
        return -EINVAL;
    NS_PIN(manager, manager, handle);
    if (!manager)
        return -EBADF;
    ref = NS_GO(ns_go_manager_default(manager->key));
    return ns_config_new(ref ? ref : &ns_no_config, configuration);
}

int netsession_manager_configuration_from_identifier(netsession_manager *handle,
                                                     const char *identifier,
                                                     netsession_configuration **configuration)
{
    struct ns_config_ref *ref;
    int err;
    if (configuration)
        *configuration = NULL;
    NS_GUARD(-ECHILD);
    if (!configuration)
        return -EINVAL;
    NS_PIN(manager, manager, handle);
    if (!manager)
        return -EBADF;
    err = ns_check_utf8(identifier);
    ref = err < 0 ? NULL : NS_GO(ns_go_manager_find(manager->key, (char *)identifier));
    return err < 0 ? err : ns_config_new(ref ? ref : &ns_no_config, configuration);
}
