/* api_session_state.c - the getters of a session. They read numbers without a lock, from
 * what the engine publishes, and ask Go for strings and counters.
 */
#include <errno.h>

#include "_cgo_export.h"
#include "api_session.h"
#include "handle_string.h"
#include "rt_fork.h"
#include "rt_signals.h"

static inline struct ns_session *lookup(netsession *handle)
{
    return ns_lookup(&ns_sessions, NS_SESSION, ns_session_words, NS_SESSIONS,
                     sizeof(struct ns_session), handle);
}

/* The number at an offset in a session's view, or -EBADF. */
static inline int read_view(netsession *handle, size_t offset)
{
    const uint32_t index = ns_index(handle);
    uint8_t value;
    if (!ns_is_well_formed(handle, NS_SESSION, NS_SESSIONS))
        return -EBADF;
    value = __atomic_load_n((const uint8_t *)&ns_session_views[index] + offset, __ATOMIC_ACQUIRE);
    if (!ns_is_generation(__atomic_load_n(&ns_session_words[index], __ATOMIC_ACQUIRE), handle))
        return -EBADF;
    return value;
}

const volatile netsession_view *netsession_view_of(netsession *handle)
{
    struct ns_session *session;
    NS_GUARD(&ns_no_session);
    session = lookup(handle);
    return session ? &ns_session_views[ns_index(handle)].view : &ns_no_session;
}

netsession_state_t netsession_state(netsession *session)
{
    NS_GUARD(-ECHILD);
    return read_view(session, offsetof(netsession_view, state));
}

int netsession_is_open(netsession *session)
{
    NS_GUARD(-ECHILD);
    return read_view(session, offsetof(netsession_view, is_open));
}

netsession_error_t netsession_error(netsession *session)
{
    NS_GUARD(-ECHILD);
    return read_view(session, offsetof(netsession_view, error));
}

int netsession_usage_policies(netsession *session)
{
    NS_GUARD(-ECHILD);
    return read_view(session, offsetof(netsession_view, usage_policies));
}

int netsession_interface_index(netsession *handle)
{
    struct ns_session *session;
    int32_t link;
    NS_GUARD(-ECHILD);
    session = lookup(handle);
    if (!session)
        return -EBADF;
    link = __atomic_load_n(&session->link, __ATOMIC_RELAXED);
    return ns_is_current(&session->slot, handle) ? link : -EBADF;
}

int64_t netsession_active_time(netsession *handle)
{
    struct ns_session *session;
    int64_t since;
    NS_GUARD(-ECHILD);
    session = lookup(handle);
    if (!session)
        return -EBADF;
    since = __atomic_load_n(&session->active_since, __ATOMIC_RELAXED);
    if (!ns_is_current(&session->slot, handle))
        return -EBADF;
    return since == 0 ? 0 : (ns_monotonic_ns() - since) / 1000000000;
}

static const char *read_string(netsession *handle, int which, const char *argument)
{
    NS_PIN(session, session, handle);
    if (!session)
        return "";
    return ns_string_of(&session->slot, ns_go_session_string, session->key, which,
                        (char *)argument);
}

const char *netsession_error_string(netsession *session)
{
    NS_GUARD("");
    return read_string(session, NS_SESSION_ERROR_STRING, NULL);
}

const char *netsession_interface(netsession *session)
{
    NS_GUARD("");
    return read_string(session, NS_SESSION_INTERFACE, NULL);
}

const char *netsession_property(netsession *session, const char *key)
{
    NS_GUARD("");
    return ns_check_utf8(key) < 0 ? "" : read_string(session, NS_SESSION_PROPERTY, key);
}

int netsession_set_property(netsession *handle, const char *key, const char *value)
{
    int err;
    NS_GUARD(-ECHILD);
    NS_PIN(session, session, handle);
    if (!session)
        return -EBADF;
    err = ns_check_utf8(key);
    if (err == 0 && value)
        err = ns_check_utf8(value);
    if (err == 0)
        err = NS_GO(ns_go_session_set_property(session->key, (char *)key, (char *)value));
    return err;
}

static int64_t bytes(netsession *handle, int written)
{
    NS_PIN(session, session, handle);
    if (!session)
        return -EBADF;
    return NS_GO(ns_go_session_bytes(session->key, written));
}

int64_t netsession_bytes_received(netsession *session)
{
    NS_GUARD(-ECHILD);
    return bytes(session, 0);
}

int64_t netsession_bytes_written(netsession *session)
{
    NS_GUARD(-ECHILD);
    return bytes(session, 1);
}
