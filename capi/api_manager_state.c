/* api_manager_state.c - what a manager tells of the network when it is asked. */
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

/* Go knows whether there are links to bind sockets to, the kernel whether they
 * can be. */
int netsession_manager_capabilities(netsession_manager *handle)
{
    struct ns_manager *manager;
    int can;
    NS_GUARD(-ECHILD);
    manager = ns_manager_pin(handle);
    if (!manager)
        return -EBADF;
    can = NS_GO(ns_go_manager_capabilities(manager->key));
    ns_manager_unpin(manager);
    if (can > 0 && can & NETSESSION_DIRECT_CONNECTION_ROUTING && !ns_can_bind_sockets())
        can &= ~NETSESSION_DIRECT_CONNECTION_ROUTING;
    return can;
}

/* Reads a part of the outlook, which Go is not entered for. */
static int look(netsession_manager *handle, size_t part)
{
    struct ns_manager *manager;
    union ns_network_state now;
    NS_GUARD(-ECHILD);
    manager = ns_manager_pin(handle);
    if (!manager)
        return -EBADF;
    now.whole = __atomic_load_n(&manager->queue->outlook->whole, __ATOMIC_ACQUIRE);
    ns_manager_unpin(manager);
    return ((const uint8_t *)&now)[part];
}

int netsession_manager_is_online(netsession_manager *manager)
{
    return look(manager, offsetof(struct ns_network_state_view, is_online));
}

int netsession_manager_reachability(netsession_manager *manager)
{
    return look(manager, offsetof(struct ns_network_state_view, reachability));
}

int netsession_manager_is_behind_captive_portal(netsession_manager *manager)
{
    return look(manager, offsetof(struct ns_network_state_view, is_behind_captive_portal));
}

int netsession_manager_transport(netsession_manager *manager)
{
    return look(manager, offsetof(struct ns_network_state_view, transport));
}

int netsession_manager_is_metered(netsession_manager *manager)
{
    return look(manager, offsetof(struct ns_network_state_view, is_metered));
}

int netsession_manager_update_configurations(netsession_manager *handle)
{
    struct ns_manager *manager;
    int err;
    NS_GUARD(-ECHILD);
    manager = ns_manager_pin(handle);
    if (!manager)
        return -EBADF;
    err = NS_GO(ns_go_manager_refresh(manager->key));
    ns_manager_unpin(manager);
    return err;
}

int netsession_manager_configurations(netsession_manager *handle, unsigned state_filter,
                                      netsession_configuration_list **list)
{
    struct ns_manager *manager;
    int count;
    if (list)
        *list = NULL;
    NS_GUARD(-ECHILD);
    if (!list)
        return -EINVAL;
    manager = ns_manager_pin(handle);
    if (!manager)
        return -EBADF;
    count = ns_list_new(ns_go_manager_list, manager->key, state_filter, list);
    ns_manager_unpin(manager);
    return count;
}

int netsession_manager_default_configuration(netsession_manager *handle, netsession_configuration **config)
{
    struct ns_manager *manager;
    struct ns_config_ref *record;
    if (config)
        *config = NULL;
    NS_GUARD(-ECHILD);
    if (!config)
        return -EINVAL;
    manager = ns_manager_pin(handle);
    if (!manager)
        return -EBADF;
    record = NS_GO(ns_go_manager_default(manager->key));
    ns_manager_unpin(manager);
    return ns_config_new(record ? record : &ns_no_config, config);
}

int netsession_manager_configuration_from_identifier(netsession_manager *handle,
                                                     const char *identifier,
                                                     netsession_configuration **config)
{
    struct ns_manager *manager;
    struct ns_config_ref *record;
    int err;
    if (config)
        *config = NULL;
    NS_GUARD(-ECHILD);
    if (!config)
        return -EINVAL;
    manager = ns_manager_pin(handle);
    if (!manager)
        return -EBADF;
    err = ns_check_utf8(identifier);
    record = err < 0 ? NULL : NS_GO(ns_go_manager_find(manager->key, (char *)identifier));
    ns_manager_unpin(manager);
    return err < 0 ? err : ns_config_new(record ? record : &ns_no_config, config);
}
