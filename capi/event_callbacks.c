/* event_callbacks.c - one event, and the callback that it calls. */
#include "event_callbacks.h"

#include <stdlib.h>
#include <string.h>

#include "api_configuration.h"

struct ns_event *ns_event_new(int kind, int value, struct ns_config_ref *ref, const char *text,
                              size_t length)
{
    struct ns_event *event = malloc(sizeof *event + length + 1);
    if (!event) {
        if (ref)
            ns_config_ref_release(ref);
        return NULL;
    }
    memset(event, 0, sizeof *event);
    event->kind = kind;
    event->value = value;
    event->ref = ref;
    if (length)
        memcpy(event->text, text, length);
    event->text[length] = '\0';
    return event;
}

void ns_events_free(struct ns_event *event)
{
    while (event) {
        struct ns_event *next = event->next;
        if (event->ref)
            ns_config_ref_release(event->ref);
        free(event);
        event = next;
    }
}

typedef void config_callback(netsession_manager *, netsession_configuration *, void *);

static void call_with_config(const struct ns_event *event, netsession_manager *manager,
                             config_callback *callback, void *user_data)
{
    netsession_configuration *configuration = callback ? ns_config_borrow(event->ref) : NULL;
    if (!configuration)
        return;
    callback(manager, configuration, user_data);
    ns_config_release(configuration);
}

static void call_with_int(const struct ns_event *event, netsession_manager *manager,
                             void (*callback)(netsession_manager *, int, void *), void *user_data)
{
    if (callback)
        callback(manager, event->value, user_data);
}

void ns_event_call_manager(const struct ns_event *event, const netsession_manager_callbacks *c,
                           netsession_manager *manager)
{
    switch (event->kind) {
    case NS_EVENT_ADDED:
        call_with_config(event, manager, c->configuration_added, c->user_data);
        break;
    case NS_EVENT_CHANGED:
        call_with_config(event, manager, c->configuration_changed, c->user_data);
        break;
    case NS_EVENT_REMOVED:
        call_with_config(event, manager, c->configuration_removed, c->user_data);
        break;
    case NS_EVENT_ONLINE:
        call_with_int(event, manager, c->online_state_changed, c->user_data);
        break;
    case NS_EVENT_REACHABILITY:
        call_with_int(event, manager, c->reachability_changed, c->user_data);
        break;
    case NS_EVENT_PORTAL:
        call_with_int(event, manager, c->captive_portal_changed, c->user_data);
        break;
    case NS_EVENT_TRANSPORT:
        call_with_int(event, manager, c->transport_changed, c->user_data);
        break;
    case NS_EVENT_METERED:
        call_with_int(event, manager, c->metered_changed, c->user_data);
        break;
    case NS_EVENT_UPDATED:
        if (c->update_completed)
            c->update_completed(manager, c->user_data);
        break;
    case NS_EVENT_LOG:
        if (c->log)
            c->log(manager, event->value, event->text, c->user_data);
        break;
    }
}

static void call_preferred(const struct ns_event *event, const netsession_callbacks *c,
                           netsession *session)
{
    netsession_configuration *configuration =
        c->preferred_configuration_changed ? ns_config_borrow(event->ref) : NULL;
    if (!configuration)
        return;
    c->preferred_configuration_changed(session, configuration, event->value, c->user_data);
    ns_config_release(configuration);
}

void ns_event_call_session(const struct ns_event *event, const netsession_callbacks *c,
                           netsession *session)
{
    switch (event->kind) {
    case NS_EVENT_OPENED:
        if (c->opened)
            c->opened(session, c->user_data);
        break;
    case NS_EVENT_CLOSED:
        if (c->closed)
            c->closed(session, c->user_data);
        break;
    case NS_EVENT_STATE:
        if (c->state_changed)
            c->state_changed(session, event->value, c->user_data);
        break;
    case NS_EVENT_ERROR:
        if (c->error)
            c->error(session, event->value, event->text, c->user_data);
        break;
    case NS_EVENT_PREFERRED:
        call_preferred(event, c, session);
        break;
    case NS_EVENT_ACTIVATED:
        if (c->new_configuration_activated)
            c->new_configuration_activated(session, c->user_data);
        break;
    case NS_EVENT_POLICIES:
        if (c->usage_policies_changed)
            c->usage_policies_changed(session, (unsigned)event->value, c->user_data);
        break;
    }
}

uint32_t ns_manager_interest(const netsession_manager_callbacks *c)
{
    return (uint32_t)!!c->configuration_added << NS_EVENT_ADDED |
           (uint32_t)!!c->configuration_changed << NS_EVENT_CHANGED |
           (uint32_t)!!c->configuration_removed << NS_EVENT_REMOVED |
           (uint32_t)!!c->online_state_changed << NS_EVENT_ONLINE |
           (uint32_t)!!c->reachability_changed << NS_EVENT_REACHABILITY |
           (uint32_t)!!c->captive_portal_changed << NS_EVENT_PORTAL |
           (uint32_t)!!c->transport_changed << NS_EVENT_TRANSPORT |
           (uint32_t)!!c->metered_changed << NS_EVENT_METERED |
           (uint32_t)!!c->update_completed << NS_EVENT_UPDATED |
           (uint32_t)!!c->log << NS_EVENT_LOG | (uint32_t)!!c->choose << NS_EVENT_CHOOSE;
}

uint32_t ns_session_interest(const netsession_callbacks *c)
{
    return (uint32_t)!!c->opened << NS_EVENT_OPENED | (uint32_t)!!c->closed << NS_EVENT_CLOSED |
           (uint32_t)!!c->state_changed << NS_EVENT_STATE |
           (uint32_t)!!c->error << NS_EVENT_ERROR |
           (uint32_t)!!c->preferred_configuration_changed << NS_EVENT_PREFERRED |
           (uint32_t)!!c->new_configuration_activated << NS_EVENT_ACTIVATED |
           (uint32_t)!!c->usage_policies_changed << NS_EVENT_POLICIES;
}
