/* questions.c - what a manager tells of the network when it is asked. */
#include <errno.h>

#include "_cgo_export.h"
#include "config.h"
#include "guard.h"
#include "list.h"
#include "manager.h"
#include "signals.h"
#include "socket.h"
#include "texts.h"

/* Asks Go a question: NS_ASK_CAPABILITIES, or the kind of an event for what it
 * tells. */
static int ask(netsession_manager *handle, int question)
{
    struct ns_manager *manager;
    int answer;
    NS_GUARD(-ECHILD);
    manager = ns_manager_pin(handle);
    if (!manager)
        return -EBADF;
    answer = NS_GO(ns_go_manager_ask(manager->key, question));
    ns_manager_unpin(manager);
    return answer;
}

/* Go knows whether there are links to bind sockets to, the kernel whether they
 * can be. */
int netsession_manager_capabilities(netsession_manager *manager)
{
    int can = ask(manager, NS_ASK_CAPABILITIES);
    if (can > 0 && can & NETSESSION_DIRECT_CONNECTION_ROUTING && !ns_can_bind_sockets())
        can &= ~NETSESSION_DIRECT_CONNECTION_ROUTING;
    return can;
}

int netsession_manager_is_online(netsession_manager *manager)
{
    return ask(manager, NS_EVENT_ONLINE);
}

int netsession_manager_reachability(netsession_manager *manager)
{
    return ask(manager, NS_EVENT_REACHABILITY);
}

int netsession_manager_is_behind_captive_portal(netsession_manager *manager)
{
    return ask(manager, NS_EVENT_PORTAL);
}

int netsession_manager_transport(netsession_manager *manager)
{
    return ask(manager, NS_EVENT_TRANSPORT);
}

int netsession_manager_is_metered(netsession_manager *manager)
{
    return ask(manager, NS_EVENT_METERED);
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
                                      netsession_config_list **list)
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
    count = ns_list_give(ns_go_manager_list, manager->key, state_filter, list);
    ns_manager_unpin(manager);
    return count;
}

int netsession_manager_default_configuration(netsession_manager *handle, netsession_config **config)
{
    struct ns_manager *manager;
    struct ns_record *record;
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
    return ns_config_give(record ? record : &ns_no_record, config);
}

int netsession_manager_configuration_from_identifier(netsession_manager *handle,
                                                     const char *identifier,
                                                     netsession_config **config)
{
    struct ns_manager *manager;
    struct ns_record *record;
    int err;
    if (config)
        *config = NULL;
    NS_GUARD(-ECHILD);
    if (!config)
        return -EINVAL;
    manager = ns_manager_pin(handle);
    if (!manager)
        return -EBADF;
    err = ns_check_text(identifier);
    record = err < 0 ? NULL : NS_GO(ns_go_manager_find(manager->key, (char *)identifier));
    ns_manager_unpin(manager);
    return err < 0 ? err : ns_config_give(record ? record : &ns_no_record, config);
}
