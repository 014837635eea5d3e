/* api_session_choose.c - a session on the user choice asks the host what to open. */
#include <errno.h>

#include "_cgo_export.h"
#include "api_configuration.h"
#include "api_configuration_list.h"
#include "api_session.h"
#include "event_callbacks.h"
#include "rt_fork.h"
#include "rt_signals.h"

static void cancel_choose(netsession *handle, int request)
{
    NS_PIN(session, session, handle);
    if (!session)
        return;
    NS_GO(ns_go_session_cancel_choose(session->key, request));
}

/* Makes the list of the configurations that the session can open; a negative errno if the
 * request is over. */
static int borrow_candidates(netsession *handle, int request, netsession_configuration_list **list)
{
    NS_PIN(session, session, handle);
    if (!session)
        return -EBADF;
    return ns_list_borrow(ns_go_session_candidates, session->key, (unsigned)request, list);
}

void ns_event_call_choose(const struct ns_event *event, const netsession_manager_callbacks *c,
                          netsession_manager *manager, netsession *session)
{
    netsession_configuration_list *list;
    int count = c->choose ? borrow_candidates(session, event->value, &list) : -ENOMEM;
    if (count >= 0) {
        c->choose(manager, session, list, c->user_data);
        ns_list_release(list);
    } else if (count == -ENOMEM) {
        cancel_choose(session, event->value);
    }
}

void ns_events_cancel_choose(const struct ns_event *event)
{
    for (; event; event = event->next) {
        uint64_t word;
        if (event->kind != NS_EVENT_CHOOSE)
            continue;
        word = ns_word(&event->session->slot);
        if ((uint32_t)(word >> NS_WORD_GENERATION) == event->generation)
            cancel_choose(ns_handle(&ns_sessions, &event->session->slot, word), event->value);
    }
}

int netsession_choose(netsession *session_handle, netsession_configuration *configuration)
{
    int err = -EBADF;
    NS_GUARD(-ECHILD);
    NS_PIN(session, session, session_handle);
    NS_PIN(config, config, configuration);
    if (session && (config || !configuration))
        err = NS_GO(ns_go_session_choose(session->key, config ? config->ref->id : NULL));
    return err;
}
