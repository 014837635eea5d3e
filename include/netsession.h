/* SPDX-License-Identifier: MIT
 *
 * netsession.h - network sessions for Linux
 *
 * This is the whole public interface of libnetsession, and its manual.
 *
 * A *configuration* is one way onto a network (an access point), or a group of
 * them (a service network). A *session* is an application's use of one: opening
 * it brings the link up where it is down, closing it gives the link back. A
 * *manager* is where configurations come from and where events arrive. States,
 * errors and events are those of Qt's QNetworkSession family, numbers included.
 *
 *     netsession_manager *m;
 *     netsession_configuration *c;
 *     netsession *s;
 *
 *     if (netsession_manager_new(NULL, &m, NULL, 0) < 0) return 1;
 *     netsession_manager_default_configuration(m, &c);
 *     if (netsession_new(m, c, &s) < 0) return 1;
 *     netsession_open(s);
 *     if (netsession_wait_for_opened(s, 30000) == 1)
 *         printf("up on %s\n", netsession_interface(s));
 *     netsession_free(s);
 *     netsession_configuration_free(c);
 *     netsession_manager_free(m);
 *
 * A few points that hold everywhere:
 *
 * Handles. Every object is an opaque handle, which is checked at each use: a
 *   NULL, freed, foreign or made-up handle gets -EBADF (or "" where a string is
 *   returned), and never a crash. What a function stores through an out
 *   parameter belongs to the caller, who frees it; on failure NULL is stored.
 *
 * Whose link. A link belongs to whoever brought it up: to sessions only if it was
 *   down when one of them started it. One that was up, if only to wait for its
 *   address, is left up by a close, a failed open and the end of a process; only
 *   netsession_stop and the option close=literal take it down.
 *
 * Losses. A session that roams moves at once where it has another way. Nobody else
 *   is told that a link has lost its carrier, its address or its way to the internet
 *   before it had time to come back: 1.5 s for cables, five for radios and for a
 *   daemon that is started again. What is set down, removed or given up by its
 *   daemon is told at once, and so is what a script plays.
 *
 * Results. Functions return 0 or a positive number for success, and a negative
 *   errno value for misuse of this interface:
 *     -EBADF   the handle is not a live one of that kind
 *     -EINVAL  an argument is NULL or out of its range
 *     -EILSEQ  a string is not valid UTF-8
 *     -E2BIG   a struct is from a newer header and uses what is unknown here
 *     -ENOMEM  no memory, or no free handle
 *     -ECHILD  the process is a fork of the one that loaded the library
 *     -EIO     an internal error; please report it
 *   What goes wrong with the *network* is not misuse: it arrives as the error
 *   event of a session, with a text for people.
 *
 * Enumerations are types of their own, as wide as int, so that a C++ compiler
 *   refuses, and a C compiler warns of, a state where a type is expected. A
 *   function that returns one returns a value of it, or a negative errno value.
 *   Sets of bits are plain numbers.
 *
 * Strings are UTF-8. The library copies those that it is passed. It owns those
 *   that it returns: a string stays valid until the calling thread calls the same
 *   function for the same handle again (netsession_property: with whatever key),
 *   or until any thread frees the handle. A string that has not changed keeps its
 *   address. Copy what is needed for longer, and what another thread is to read.
 *
 * Time. No call waits for the network, but netsession_wait_for_opened, whose
 *   purpose it is; the first netsession_manager_new of a process, which waits
 *   for the first picture of the network (milliseconds as a rule; half a second
 *   where the system bus does not answer; five seconds where a network daemon that
 *   is there does not, or on a machine too busy for that); and
 *   netsession_manager_free, where links are being taken down.
 *
 * Threads. Every function may be called on any thread, and inside callbacks.
 *   Events wait in the manager's queue until the host dispatches them, and the
 *   callbacks run on the thread that does. What happens while no callback for
 *   it is registered is not kept, and changes of one configuration that wait
 *   together are told once. Where thousands of events wait, the older ones of
 *   states, roaming, policies, log lines and the like are dropped, always an
 *   even number of a kind, so that what is only on or off still alternates;
 *   and so is a configuration that was added and removed again. opened,
 *   closed, error, choose and update_completed always arrive, and the order
 *   stays. docs/semantics.md has the numbers. After a handle's free function has
 *   returned, no callback of that handle runs; one that is running on another
 *   thread is waited for, so do not free a handle while holding a lock that
 *   its callbacks take.
 *
 * Fork. In a forked child every function returns -ECHILD (or ""), and does
 *   nothing; the parent is not affected. A program that is started by exec
 *   loads the library anew and uses it freely.
 *
 * Structs begin with struct_size, which the caller sets to the sizeof of the
 *   struct as it knows it; the NETSESSION_..._INIT macros do, and set all else to
 *   its default. Members that an older caller does not know keep their default.
 *
 * Signals. Handlers, masks and alternate stacks of the host stay what they are.
 *   Handlers run on the host's stacks, with or without SA_ONSTACK; while a
 *   thread is in Go, for microseconds as a rule, they are put off. Of SIGSEGV,
 *   SIGBUS and SIGFPE the library handles its own and passes the others on.
 *   docs/threading.md says more of threads, signals, forking and rights.
 *
 * The library prints nothing. A few threads of its own start when it is loaded,
 * with the host's signals blocked; they sleep until the first manager.
 */
#ifndef NETSESSION_H
#define NETSESSION_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Marks what the library exports. */
#if defined(__GNUC__)
#define NETSESSION_API __attribute__((visibility("default")))
#else
#define NETSESSION_API
#endif

/* Marks functions whose result must not be ignored: the compiler warns. */
#if defined(__GNUC__)
#define NETSESSION_MUST_CHECK __attribute__((warn_unused_result))
#else
#define NETSESSION_MUST_CHECK
#endif

/* The last enumerator of each enumeration, which no function returns or takes: it
 * makes the enumeration as wide as int, with a sign, whatever the compiler's
 * options are. */
#define NETSESSION_FORCE_INT(name) NETSESSION_##name##_FORCE_INT_ = -0x7FFFFFFF - 1

/* ------------------------------------------------------------------ version */

/* The version of this header, by its parts and in one number. */
#define NETSESSION_VERSION_MAJOR 0
#define NETSESSION_VERSION_MINOR 2
#define NETSESSION_VERSION_PATCH 0
#define NETSESSION_VERSION \
    (NETSESSION_VERSION_MAJOR << 16 | NETSESSION_VERSION_MINOR << 8 | NETSESSION_VERSION_PATCH)

/* The version of the library that is loaded, made up as NETSESSION_VERSION is.
 * Works in a forked child. Since 0.1. */
NETSESSION_API int netsession_version(void);

/* The same in words, such as "0.1.0". Static. Since 0.1. */
NETSESSION_API const char *netsession_version_string(void);

/* -------------------------------------------------------------------- types */

/* Where configurations come from, and where events arrive. */
typedef struct netsession_manager netsession_manager;
/* A way onto a network, or a group of them. */
typedef struct netsession_configuration netsession_configuration;
/* Several configurations, in an order. */
typedef struct netsession_configuration_list netsession_configuration_list;
/* An application's use of a configuration. */
typedef struct netsession netsession;

/* The state of a session (QNetworkSession::State). */
typedef enum netsession_state_t {
    NETSESSION_STATE_INVALID = 0,       /* the configuration does not exist */
    NETSESSION_STATE_NOT_AVAILABLE = 1, /* it cannot be opened now */
    NETSESSION_STATE_CONNECTING = 2,    /* the link is on its way up */
    NETSESSION_STATE_CONNECTED = 3,     /* the link is up */
    NETSESSION_STATE_CLOSING = 4,       /* the link is on its way down */
    NETSESSION_STATE_DISCONNECTED = 5,  /* the link is down, and can be opened */
    NETSESSION_STATE_ROAMING = 6,       /* moving to another access point */
    NETSESSION_FORCE_INT(STATE)
} netsession_state_t;

/* Why a session failed (QNetworkSession::SessionError, but for NONE, which those
 * classes show as UNKNOWN). */
typedef enum netsession_error_t {
    NETSESSION_ERROR_UNKNOWN = 0, /* none of the others, such as a timeout */
    NETSESSION_ERROR_SESSION_ABORTED = 1,
    NETSESSION_ERROR_ROAMING = 2,
    NETSESSION_ERROR_OPERATION_NOT_SUPPORTED = 3,
    NETSESSION_ERROR_INVALID_CONFIGURATION = 4,
    NETSESSION_ERROR_NONE = 255, /* the session has not failed */
    NETSESSION_FORCE_INT(ERROR)
} netsession_error_t;

/* How a session should be used (QNetworkSession::UsagePolicy, a set of bits). */
typedef enum netsession_policy_t {
    NETSESSION_POLICY_NONE = 0,
    NETSESSION_POLICY_NO_BACKGROUND_TRAFFIC = 1, /* the link costs by volume */
    NETSESSION_FORCE_INT(POLICY)
} netsession_policy_t;

/* What a configuration is (QNetworkConfiguration::Type). */
typedef enum netsession_configuration_type_t {
    NETSESSION_CONFIGURATION_TYPE_INTERNET_ACCESS_POINT = 0,
    NETSESSION_CONFIGURATION_TYPE_SERVICE_NETWORK = 1,
    NETSESSION_CONFIGURATION_TYPE_USER_CHOICE = 2,
    NETSESSION_CONFIGURATION_TYPE_INVALID = 3,
    NETSESSION_FORCE_INT(CONFIGURATION_TYPE)
} netsession_configuration_type_t;

/* How far it is usable (QNetworkConfiguration::StateFlags). A configuration has
 * exactly one of these values, but for ANY, which is a filter only. The bits are
 * cumulative, so that a filter of NETSESSION_CONFIGURATION_STATE_DISCOVERED selects
 * what is discovered or active. */
typedef enum netsession_configuration_state_t {
    NETSESSION_CONFIGURATION_STATE_ANY = 0,
    NETSESSION_CONFIGURATION_STATE_UNDEFINED = 0x1,  /* removed, or empty */
    NETSESSION_CONFIGURATION_STATE_DEFINED = 0x2,    /* cannot be opened now: no carrier */
    NETSESSION_CONFIGURATION_STATE_DISCOVERED = 0x6, /* can be opened now */
    NETSESSION_CONFIGURATION_STATE_ACTIVE = 0xE,     /* up, with an address */
    NETSESSION_FORCE_INT(CONFIGURATION_STATE)
} netsession_configuration_state_t;

/* What it is for (QNetworkConfiguration::Purpose). */
typedef enum netsession_purpose_t {
    NETSESSION_PURPOSE_UNKNOWN = 0,
    NETSESSION_PURPOSE_PUBLIC = 1,
    NETSESSION_PURPOSE_PRIVATE = 2,
    NETSESSION_PURPOSE_SERVICE_SPECIFIC = 3,
    NETSESSION_FORCE_INT(PURPOSE)
} netsession_purpose_t;

/* The technology under it (QNetworkConfiguration::BearerType). */
typedef enum netsession_bearer_t {
    NETSESSION_BEARER_UNKNOWN = 0,
    NETSESSION_BEARER_ETHERNET = 1,
    NETSESSION_BEARER_WLAN = 2,
    NETSESSION_BEARER_2G = 3,
    NETSESSION_BEARER_CDMA2000 = 4,
    NETSESSION_BEARER_WCDMA = 5,
    NETSESSION_BEARER_HSPA = 6,
    NETSESSION_BEARER_BLUETOOTH = 7,
    NETSESSION_BEARER_WIMAX = 8,
    NETSESSION_BEARER_EVDO = 9,
    NETSESSION_BEARER_LTE = 10,
    NETSESSION_BEARER_3G = 11,
    NETSESSION_BEARER_4G = 12,
    NETSESSION_FORCE_INT(BEARER)
} netsession_bearer_t;

/* How far traffic gets (QNetworkInformation::Reachability of Qt 6). */
typedef enum netsession_reachability_t {
    NETSESSION_REACHABILITY_DISCONNECTED = 1,
    NETSESSION_REACHABILITY_LOCAL = 2, /* hosts on the same link */
    NETSESSION_REACHABILITY_SITE = 3,  /* the local network, but not the internet */
    NETSESSION_REACHABILITY_ONLINE = 4,
    NETSESSION_FORCE_INT(REACHABILITY)
} netsession_reachability_t;

/* The kind of technology (QNetworkInformation::TransportMedium of Qt 6). */
typedef enum netsession_transport_t {
    NETSESSION_TRANSPORT_UNKNOWN = 0,
    NETSESSION_TRANSPORT_ETHERNET = 1,
    NETSESSION_TRANSPORT_CELLULAR = 2,
    NETSESSION_TRANSPORT_WIFI = 3,
    NETSESSION_TRANSPORT_BLUETOOTH = 4,
    NETSESSION_FORCE_INT(TRANSPORT)
} netsession_transport_t;

/* What can be done here (QNetworkConfigurationManager::Capability, bits). */
typedef enum netsession_capability_t {
    NETSESSION_CAPABILITY_CAN_START_AND_STOP_INTERFACES = 0x01, /* this process may */
    NETSESSION_CAPABILITY_DIRECT_CONNECTION_ROUTING = 0x02, /* netsession_bind_socket works */
    /* Sessions of all processes of the user count. */
    NETSESSION_CAPABILITY_SYSTEM_SESSION_SUPPORT = 0x04,
    NETSESSION_CAPABILITY_APPLICATION_LEVEL_ROAMING = 0x08,
    NETSESSION_CAPABILITY_FORCED_ROAMING = 0x10,
    NETSESSION_CAPABILITY_DATA_STATISTICS = 0x20,
    NETSESSION_CAPABILITY_NETWORK_SESSION_REQUIRED = 0x40, /* never set on Linux */
    NETSESSION_FORCE_INT(CAPABILITY)
} netsession_capability_t;

/* The weight of a log line. */
typedef enum netsession_log_level_t {
    NETSESSION_LOG_WARNING = 0,
    NETSESSION_LOG_INFO = 1,
    NETSESSION_LOG_DEBUG = 2,
    NETSESSION_FORCE_INT(LOG)
} netsession_log_level_t;

/* The names of states, errors and types, such as "Connected", for logs and
 * tables; "unknown" for a number without one. Static. Since 0.1. */
NETSESSION_API const char *netsession_state_name(netsession_state_t state);
NETSESSION_API const char *netsession_error_name(netsession_error_t error);
NETSESSION_API const char *
netsession_configuration_type_name(netsession_configuration_type_t type);
NETSESSION_API const char *
netsession_configuration_state_name(netsession_configuration_state_t state);

/* ------------------------------------------------------------------ manager */

/* How the library works. Zero or NULL members take their value from the
 * environment variable NETSESSION_OPTIONS, a list such as
 * "backend=script,script=net.play", whose names are backend, script, dbus, default
 * and close; else their default. The variable is not looked at in a set-uid
 * program, nor in one that has capabilities of its file. Since 0.1. */
typedef struct netsession_options {
    size_t struct_size; /* sizeof(netsession_options) */

    /* Where configurations come from: "auto" (the default: NetworkManager while
     * it runs, else ConnMan while that does, else the kernel's links alone),
     * "networkmanager", "connman", "rtnetlink" (the kernel's links alone), or
     * "script" (a network played from a file). Links that a daemon does not
     * manage are listed beside its configurations. */
    const char *backend;

    /* The file that "script" plays. */
    const char *script;

    /* The address of the system bus, such as "unix:path=/run/dbus/bus". The
     * default is DBUS_SYSTEM_BUS_ADDRESS, else the usual socket. */
    const char *dbus_address;

    /* The default configuration: "access-point" (the default: the best one),
     * "service-network" ("Internet", which may roam) or "user-choice" (whatever
     * the user chooses when a session is opened: see netsession_choose). */
    const char *default_configuration;

    /* What the last close of a link does, of all processes of the user where
     * they count together (NETSESSION_CAPABILITY_SYSTEM_SESSION_SUPPORT): "counted" (the
     * default) stops it only if a session had started it, "literal" always
     * stops it. */
    const char *close;
} netsession_options;

/* The default of each member, for C and C++. Since 0.2. */
#define NETSESSION_OPTIONS_INIT \
    { sizeof(netsession_options), NULL, NULL, NULL, NULL, NULL }

/* Makes a manager. Managers with the same options share the library's engine,
 * so that further ones are cheap.
 *   options     NULL for the defaults
 *   manager     receives the manager; free it with netsession_manager_free
 *   error_text  receives a sentence that says what was wrong, cut to fit; may
 *               be NULL
 *   error_size  bytes at error_text
 * Errors: -EINVAL (an option has no such value), -EILSEQ, -E2BIG, -ENOENT or
 * the like (the script cannot be read), -EPROTO (it is not a valid script),
 * -EMFILE and the like. Since 0.1. */
NETSESSION_API int netsession_manager_new(const netsession_options *options,
                                          netsession_manager **manager,
                                          char *error_text,
                                          size_t error_size) NETSESSION_MUST_CHECK;

/* Makes another manager with the same options, for which the same changes wait
 * as for the first, but no events of its sessions and of its updates. They are
 * kept until the copy has callbacks. With netsession_set_manager it lets a
 * listener move to another thread without missing anything.
 *   copy  receives it; free it with netsession_manager_free
 * Errors: -EMFILE and the like. Since 0.1. */
NETSESSION_API int
netsession_manager_copy(netsession_manager *manager,
                        netsession_manager **copy) NETSESSION_MUST_CHECK;

/* Frees a manager. Its configurations and sessions live on; events of its
 * sessions are no longer delivered. Links that are being taken down because
 * their last session was closed are waited for, a tenth of a second at most, so
 * that a program may end right after. Since 0.1. */
NETSESSION_API int netsession_manager_free(netsession_manager *manager);

/* Frees *manager unless that is NULL: for __attribute__((cleanup)), with which GCC and
 * Clang free a variable that goes out of scope. Since 0.2. */
static inline void netsession_manager_freep(netsession_manager **manager)
{
    if (*manager)
        netsession_manager_free(*manager);
}

/* What a manager tells. All members but struct_size may be NULL. The handles
 * that a callback receives are borrowed: they are valid during the call, and
 * netsession_configuration_copy keeps a configuration. Callbacks run on the thread
 * that dispatches, one at a time per manager, and may call any function, the
 * free function of their own manager included. Since 0.1. */
typedef struct netsession_manager_callbacks {
    size_t struct_size; /* sizeof(netsession_manager_callbacks) */
    void *user_data; /* passed to every callback */

    /* There is a new configuration. */
    void (*configuration_added)(netsession_manager *manager,
                                netsession_configuration *configuration, void *user_data);
    /* Something is different: what a getter of the configuration returns, its
     * link's addresses or routes, or what ranks it. The strength of a signal
     * alone is not told. */
    void (*configuration_changed)(netsession_manager *manager,
                                  netsession_configuration *configuration, void *user_data);
    /* The configuration is invalid from now on, but still has its identifier.
     * Should it come back, handles to it become valid again. */
    void (*configuration_removed)(netsession_manager *manager,
                                  netsession_configuration *configuration, void *user_data);
    /* What netsession_manager_is_online returns is now that. */
    void (*online_state_changed)(netsession_manager *manager, int is_online,
                                 void *user_data);
    /* Exactly one follows each netsession_manager_update_configurations. */
    void (*update_completed)(netsession_manager *manager, void *user_data);
    /* For developers: level is NETSESSION_LOG_..., text a sentence. */
    void (*log)(netsession_manager *manager, netsession_log_level_t level,
                const char *text, void *user_data);

    /* What netsession_manager_reachability, _is_behind_captive_portal,
     * _transport and _is_metered return is now that. */
    void (*reachability_changed)(netsession_manager *manager,
                                 netsession_reachability_t reachability, void *user_data);
    void (*captive_portal_changed)(netsession_manager *manager, int is_behind,
                                   void *user_data);
    void (*transport_changed)(netsession_manager *manager,
                              netsession_transport_t transport, void *user_data);
    void (*metered_changed)(netsession_manager *manager, int is_metered,
                            void *user_data);

    /* A session of this manager on the user choice was opened, and asks what to
     * open: answer with netsession_choose, now or later. The candidates are
     * access points that can be opened, best first, then service networks; the
     * list is borrowed, like the handles in it. Registering this callback means
     * that sessions ask; without it, or where the session's property
     * ConnectInBackground is "true", they take the best access point. */
    void (*choose)(netsession_manager *manager, netsession *session,
                   netsession_configuration_list *candidates, void *user_data);
} netsession_manager_callbacks;

/* No callbacks, for C and C++. Since 0.2. */
#define NETSESSION_MANAGER_CALLBACKS_INIT \
    { sizeof(netsession_manager_callbacks), NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
      NULL, NULL, NULL, NULL, NULL }

/* Replaces the manager's callbacks; NULL removes them. When it returns, the
 * callbacks of before run no more, unless it was called inside one of them.
 * Since 0.1. */
NETSESSION_API int
netsession_manager_set_callbacks(netsession_manager *manager,
                                 const netsession_manager_callbacks *callbacks);

/* A descriptor for poll, epoll or select, readable while events wait. It
 * belongs to the manager: do not read, write or close it. Since 0.1. */
NETSESSION_API int netsession_manager_fd(netsession_manager *manager);

/* Runs the callbacks of the events that wait now, for the manager and for the
 * sessions made with it. It does not block. May be called inside a callback,
 * for a host that runs a nested loop.
 * Returns the number of events. Errors: -EBUSY (another thread is dispatching
 * this manager). Since 0.1. */
NETSESSION_API int netsession_manager_dispatch(netsession_manager *manager);

/* For a host without a loop: starts a thread of the library that dispatches
 * until netsession_manager_stop_thread or _free. Its signals are blocked.
 * Errors: -EALREADY (it runs), -EAGAIN (no thread could be made). Since 0.1. */
NETSESSION_API int netsession_manager_start_thread(netsession_manager *manager);

/* Stops that thread and waits for it, unless called on it. Errors: -ESRCH (it
 * does not run). Since 0.1. */
NETSESSION_API int netsession_manager_stop_thread(netsession_manager *manager);

/* What can be done now, here, by this user: a set of NETSESSION_CAPABILITY_... bits.
 * Since 0.1. */
NETSESSION_API int netsession_manager_capabilities(netsession_manager *manager);

/* 1 if the kernel sends packets for the internet by something active, from an
 * address that leads beyond its link, else 0. The kernel itself is asked, so that
 * routes of other tables, rules and the like count. Since 0.1. */
NETSESSION_API int netsession_manager_is_online(netsession_manager *manager);

/* A NETSESSION_REACHABILITY_...: that of the access point which gets furthest. What a
 * network daemon has found out counts; without one it is ONLINE where the kernel
 * has a way out, else it follows from addresses. Since 0.1. */
NETSESSION_API netsession_reachability_t
netsession_manager_reachability(netsession_manager *manager);

/* 1 if a network daemon sees a captive portal before the internet, else 0. Without
 * a daemon nobody looks, and it is 0. Since 0.1. */
NETSESSION_API int
netsession_manager_is_behind_captive_portal(netsession_manager *manager);

/* A NETSESSION_TRANSPORT_...: that of the default access point while it is up,
 * else UNKNOWN. Of a tunnel it is the link under it that counts, here and for the
 * other things that are told of the default access point. Since 0.1. */
NETSESSION_API netsession_transport_t
netsession_manager_transport(netsession_manager *manager);

/* 1 if the default access point is up and costs by volume, for certain or by a
 * guess, or is abroad; else 0. Since 0.1. */
NETSESSION_API int netsession_manager_is_metered(netsession_manager *manager);

/* Asks that the system look for networks again, where that takes a scan. The
 * update_completed callback follows. Since 0.1. */
NETSESSION_API int
netsession_manager_update_configurations(netsession_manager *manager);

/* All configurations whose state has every bit of a filter. Access points come
 * first, then service networks, both sorted by identifier. The user choice is never
 * among them.
 *   state_filter  NETSESSION_CONFIGURATION_STATE_ANY selects all, UNDEFINED the
 *                 service networks without an access point
 *   list          receives the list; free it with netsession_configuration_list_free
 * Returns how many there are. Errors: -EINVAL (the filter is no such value). A type
 * that is passed by mistake is for the compiler to find: but for TYPE_INVALID its
 * number is one of a state, too. Since 0.1. */
NETSESSION_API int
netsession_manager_configurations(netsession_manager *manager,
                                  netsession_configuration_state_t state_filter,
                                  netsession_configuration_list **list);

/* The default configuration: the best access point that is up and leads out, else
 * the best that can be opened and may lead out, else the best that is up; else, or
 * where the options say so, "Internet" or the user choice. A tunnel comes after the
 * links that lead out by themselves; what gives network to others, such as a
 * hotspot, is never the default. An invalid configuration where there is no access
 * point. Ranking is explained in docs/semantics.md.
 *   configuration  receives it; free it with netsession_configuration_free
 * Since 0.1. */
NETSESSION_API int
netsession_manager_default_configuration(netsession_manager *manager,
                                         netsession_configuration **configuration);

/* The configuration with that identifier; an invalid one where there is none.
 * Identifiers are stable over restarts and reboots, and may be stored.
 * Two are always there: "netsession:internet", the built-in service network of
 * all access points that are not private and do not give network to others, and
 * "netsession:user-choice", which stands for what the user chooses when a session
 * on it is opened. One that is not there yet becomes valid, with the sessions that
 * are made on it, should it appear: a network that was out of reach at the start of
 * a program.
 *   configuration  receives it; free it with netsession_configuration_free
 * Since 0.1. */
NETSESSION_API int
netsession_manager_configuration_from_identifier(netsession_manager *manager,
                                                 const char *identifier,
                                                 netsession_configuration **configuration);

/* A service network of the application: a group of access points, among which
 * the sessions on it roam. Since 0.1. */
typedef struct netsession_service_network {
    size_t struct_size; /* sizeof(netsession_service_network) */
    const char *identifier; /* "office" makes the configuration "network:office";
                             * 1 to 200 bytes, printable, without spaces */
    const char *name;       /* for people; NULL: the identifier */
    netsession_purpose_t purpose; /* what it is for */

    /* Its access points, at least one; one that is there twice counts once. They
     * are remembered by their identifiers: one that disappears leaves the
     * network, and belongs to it again when it returns. */
    netsession_configuration *const *children;
    size_t children_count;
} netsession_service_network;

/* A network without children, for C and C++. Since 0.2. */
#define NETSESSION_SERVICE_NETWORK_INIT \
    { sizeof(netsession_service_network), NULL, NULL, NETSESSION_PURPOSE_UNKNOWN, \
      NULL, 0 }

/* Defines a service network, or replaces the name, the purpose and the children
 * of the one with the same identifier. It is there until
 * netsession_manager_remove_service_network, in all managers of the process that
 * have the same options, those that are made later included; the next start of
 * the program has to define it again. Sessions on it then come to life again.
 *   network        describes it; it is copied
 *   configuration  receives the configuration, to be freed with
 *                  netsession_configuration_free; may be NULL
 *   error_text     receives a sentence that says what was wrong, cut to fit; may
 *                  be NULL
 *   error_size     bytes at error_text
 * Errors: -EBADF (the manager, or a child, is not a live handle), -EINVAL (the
 * identifier or the purpose cannot be, there are no children, or one is not an
 * access point that exists), -EILSEQ, -E2BIG. Nothing is changed then.
 * Since 0.1. */
NETSESSION_API int netsession_manager_define_service_network(
    netsession_manager *manager, const netsession_service_network *network,
    netsession_configuration **configuration, char *error_text,
    size_t error_size) NETSESSION_MUST_CHECK;

/* Removes a service network of the application. Sessions that are open on it are
 * closed, as for any configuration that is removed; its access points stay.
 * Errors: -EINVAL (not a service network of an application), -ENOENT (it has
 * been removed already). Since 0.1. */
NETSESSION_API int
netsession_manager_remove_service_network(netsession_manager *manager,
                                          netsession_configuration *configuration);

/* ------------------------------------------------------------ configuration */

/* Configurations outlive their manager, and are live: getters tell what is true
 * at the call, for as long as any manager or session of the process has the
 * same options, and what was true last after that. */

/* Frees a handle. A borrowed one (see the callbacks and lists) gets -EPERM.
 * Since 0.1. */
NETSESSION_API int netsession_configuration_free(netsession_configuration *configuration);

/* Frees *configuration unless that is NULL, for __attribute__((cleanup)). Since 0.2. */
static inline void
netsession_configuration_freep(netsession_configuration **configuration)
{
    if (*configuration)
        netsession_configuration_free(*configuration);
}

/* Makes another handle to the same configuration, to be freed on its own.
 *   copy  receives it
 * Since 0.1. */
NETSESSION_API int
netsession_configuration_copy(netsession_configuration *configuration,
                              netsession_configuration **copy) NETSESSION_MUST_CHECK;

/* 1 if both stand for the same configuration (or both for none), else 0. What
 * they were asked of does not matter. Since 0.1. */
NETSESSION_API int netsession_configuration_equal(netsession_configuration *a,
                                                  netsession_configuration *b);

/* 1 while the configuration exists, else 0. Since 0.1. */
NETSESSION_API int
netsession_configuration_is_valid(netsession_configuration *configuration);

/* The identifier, such as "link:eth0": of one that does not exist, that by which
 * it was looked up. Since 0.1. */
NETSESSION_API const char *
netsession_configuration_identifier(netsession_configuration *configuration);

/* The name for people. Since 0.1. */
NETSESSION_API const char *
netsession_configuration_name(netsession_configuration *configuration);

/* The type; NETSESSION_CONFIGURATION_TYPE_INVALID if the configuration does not
 * exist. Since 0.1. */
NETSESSION_API netsession_configuration_type_t
netsession_configuration_type(netsession_configuration *configuration);

/* The state: UNDEFINED, DEFINED, DISCOVERED or ACTIVE. Since 0.1. */
NETSESSION_API netsession_configuration_state_t
netsession_configuration_state(netsession_configuration *configuration);

/* The purpose. Since 0.1. */
NETSESSION_API netsession_purpose_t
netsession_configuration_purpose(netsession_configuration *configuration);

/* The bearer, NETSESSION_BEARER_UNKNOWN for what is not an access point. Since 0.1. */
NETSESSION_API netsession_bearer_t
netsession_configuration_bearer_type(netsession_configuration *configuration);

/* The same with cellular technologies folded into NETSESSION_BEARER_2G, _3G and
 * _4G. Since 0.1. */
NETSESSION_API netsession_bearer_t
netsession_configuration_bearer_type_family(netsession_configuration *configuration);

/* The bearer's name, such as "Ethernet"; "" for what is not an access point.
 * Static. Since 0.1. */
NETSESSION_API const char *
netsession_configuration_bearer_type_name(netsession_configuration *configuration);

/* 1 for a service network with more than one access point that can be opened.
 * Since 0.1. */
NETSESSION_API int
netsession_configuration_is_roaming_available(netsession_configuration *configuration);

/* The name of the link behind an access point, such as "eth0"; "" where there
 * is none now. Since 0.1. */
NETSESSION_API const char *
netsession_configuration_interface(netsession_configuration *configuration);

/* The strength of an access point's radio signal in percent, 1 to 100; 0 where
 * there is no radio, or its strength is not known. It jitters: no event tells of
 * it. Since 0.1. */
NETSESSION_API int
netsession_configuration_signal_strength(netsession_configuration *configuration);

/* How long an attempt to open may take, in milliseconds (30,000 by default). Of
 * that time a session on a service network gives each access point a third, and
 * then tries the next. Since 0.1. */
NETSESSION_API int
netsession_configuration_connect_timeout(netsession_configuration *configuration);

/* Sets that for every user of the configuration in this process; 0 restores the
 * default. Errors: -EINVAL (negative). Since 0.1. */
NETSESSION_API int
netsession_configuration_set_connect_timeout(netsession_configuration *configuration,
                                             int msecs);

/* The access points of a service network; an empty list for any other.
 *   list  receives the list; free it with netsession_configuration_list_free
 * Returns how many there are. Since 0.1. */
NETSESSION_API int
netsession_configuration_children(netsession_configuration *configuration,
                                  netsession_configuration_list **list);

/* The access points that the link of an access point runs over now, best first:
 * under a VPN or another tunnel the link by which its packets leave, under a VLAN,
 * a bridge or a bond the links below it, as far as these are configurations of
 * their own. An empty list where the link runs over nothing or is not up, where
 * nobody knows, and for what is no access point. No event tells of this by itself:
 * ask again when a configuration was added, changed or removed.
 *   list  receives the list; free it with netsession_configuration_list_free
 * Returns how many there are. Since 0.2. */
NETSESSION_API int
netsession_configuration_underlying(netsession_configuration *configuration,
                                    netsession_configuration_list **list);

/* The number of configurations in a list. Since 0.1. */
NETSESSION_API int
netsession_configuration_list_size(netsession_configuration_list *list);

/* The configuration at an index from 0; NULL out of range. It is borrowed, and
 * valid until the list is freed. Since 0.1. */
NETSESSION_API netsession_configuration *
netsession_configuration_list_at(netsession_configuration_list *list, int index);

/* Frees a list with the handles in it. A borrowed one (see the callbacks) gets
 * -EPERM. Since 0.1. */
NETSESSION_API int
netsession_configuration_list_free(netsession_configuration_list *list);

/* Frees *list unless that is NULL, for __attribute__((cleanup)). Since 0.2. */
static inline void
netsession_configuration_list_freep(netsession_configuration_list **list)
{
    if (*list)
        netsession_configuration_list_free(*list);
}

/* ------------------------------------------------------------------ session */

/* Makes a session on a configuration, which may be invalid. It is not open, and
 * can be used to watch the configuration's state. The configuration may be of
 * another manager: it is looked up by its identifier.
 *   session  receives it; free it with netsession_free
 * Since 0.1. */
NETSESSION_API int netsession_new(netsession_manager *manager,
                                  netsession_configuration *configuration,
                                  netsession **session) NETSESSION_MUST_CHECK;

/* Frees a session. What it held is released, as by netsession_close, without an
 * event. Since 0.1. */
NETSESSION_API int netsession_free(netsession *session);

/* Frees *session unless that is NULL, for __attribute__((cleanup)). Since 0.2. */
static inline void netsession_freep(netsession **session)
{
    if (*session)
        netsession_free(*session);
}

/* What a session tells; the rules for manager callbacks hold. The order of
 * events is part of the contract: docs/semantics.md has it. Since 0.1. */
typedef struct netsession_callbacks {
    size_t struct_size; /* sizeof(netsession_callbacks) */
    void *user_data; /* passed to every callback */

    /* The session is open: its link is up, and it counts as a user of it. */
    void (*opened)(netsession *session, void *user_data);
    /* It is open no more: by netsession_close, or because of an error, which
     * follows. */
    void (*closed)(netsession *session, void *user_data);
    /* state is the one that the session reached then; netsession_state tells
     * the present one, which may be further on. */
    void (*state_changed)(netsession *session, netsession_state_t state,
                          void *user_data);
    /* The session has failed: text says in words what failed and why; it is valid
     * during the call. */
    void (*error)(netsession *session, netsession_error_t error, const char *text,
                  void *user_data);
    /* A better access point is up, or the one in use is lost and this may be
     * brought up in its place. Registering this callback means that the application
     * decides about roaming: answer with netsession_migrate or netsession_ignore.
     * Without it the library roams by itself. is_seamless is 1 if the local address
     * of open sockets survives. Never offered are tunnels and, while the session had
     * a way to the internet, what leads nowhere. */
    void (*preferred_configuration_changed)(netsession *session,
                                            netsession_configuration *configuration,
                                            int is_seamless, void *user_data);
    /* The session now uses the new access point. After a netsession_migrate,
     * answer with netsession_accept or netsession_reject: now, or when it was
     * tried with sockets that netsession_bind_socket has bound to it. */
    void (*new_configuration_activated)(netsession *session, void *user_data);
    /* policies is a set of NETSESSION_POLICY_... bits. */
    void (*usage_policies_changed)(netsession *session, unsigned policies,
                                   void *user_data);
} netsession_callbacks;

/* No callbacks, for C and C++. Since 0.2. */
#define NETSESSION_CALLBACKS_INIT \
    { sizeof(netsession_callbacks), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/* Replaces the session's callbacks; NULL removes them. When it returns, the
 * callbacks of before run no more, unless it was called inside one of them.
 * Since 0.1. */
NETSESSION_API int netsession_set_callbacks(netsession *session,
                                            const netsession_callbacks *callbacks);

/* Lets another manager deliver the session's events from now on, so that they
 * arrive on its host's thread. Those that wait go with the session, behind what
 * waits there. When it returns, no callback of the session runs on the thread
 * that dispatches the previous manager, unless it was called inside one.
 * Errors: -EINVAL (the manager has other options). Since 0.1. */
NETSESSION_API int netsession_set_manager(netsession *session,
                                          netsession_manager *manager);

/* The configuration that the session was made on.
 *   configuration  receives it; free it with netsession_configuration_free
 * Since 0.1. */
NETSESSION_API int netsession_get_configuration(netsession *session,
                                                netsession_configuration **configuration);

/* The calls that follow return at once; what comes of them arrives as events.
 * A call that does not fit the session's situation (opening what is open,
 * closing what is not) does nothing. */

/* Registers the application's use of the configuration, bringing its link up if
 * it is down: opened, or error. On a service network that is the best access point
 * which is up and leads out, else the best that can be opened; what is up and leads
 * nowhere is taken where nothing else can be. Since 0.1. */
NETSESSION_API int netsession_open(netsession *session);

/* Ends that use: closed. The link goes down if a session had brought it up and no
 * other session is open on it, in this process or in another of the user's
 * (where NETSESSION_CAPABILITY_SYSTEM_SESSION_SUPPORT is set). The end of a process ends
 * its use, too. Since 0.1. */
NETSESSION_API int netsession_close(netsession *session);

/* Takes the link down, whoever uses it: every session that is open on it, in any
 * process, gets closed and error(SESSION_ABORTED). The session itself need not be open.
 * Since 0.1. */
NETSESSION_API int netsession_stop(netsession *session);

/* Moves to the access point that preferred_configuration_changed offered. The
 * one in use stays up until netsession_accept. Since 0.1. */
NETSESSION_API int netsession_migrate(netsession *session);

/* Declines the offer; the same access point is not offered again until it has
 * changed. Since 0.1. */
NETSESSION_API int netsession_ignore(netsession *session);

/* Stays on the new access point, and releases the previous one. Since 0.1. */
NETSESSION_API int netsession_accept(netsession *session);

/* Returns to the previous access point, and releases the new one. Since 0.1. */
NETSESSION_API int netsession_reject(netsession *session);

/* Answers the choose callback of the manager, for a session on the user choice
 * that was opened: the session goes on as if it were on that configuration, an
 * access point or a service network, until it is closed. May be called in the
 * callback, or later, on any thread. The answer has to come within the connect
 * timeout of the user choice: else error(UNKNOWN). Closing, stopping or freeing
 * the session withdraws the question. A question that its manager could not put
 * any more, because it was freed or has no chooser now, is answered by the best
 * access point; one that was put waits for its answer all the same.
 *   configuration  what the user chose; NULL if none: error(SESSION_ABORTED)
 * Errors: -EINVAL (it is not an access point or a service network, or cannot be
 * opened now: the session still asks), -EALREADY (the question was answered or
 * is over), -ESRCH (the session has never asked). Nothing is changed then.
 * Since 0.1. */
NETSESSION_API int netsession_choose(netsession *session,
                                     netsession_configuration *configuration);

/* Blocks until an open that is under way is over: 1 if the session is open
 * then, 0 if not or after msecs milliseconds; at once if no open is under way.
 * Negative msecs wait without a bound. Events are not dispatched meanwhile, and
 * so nobody is asked to choose, unless another thread dispatches.
 * Since 0.1. */
NETSESSION_API int netsession_wait_for_opened(netsession *session, int msecs);

/* 1 while an open is under way, else 0. Returns when the library has carried
 * the calls before out (it takes microseconds): what a call leads to at once
 * can be read then, and its events wait. For hosts that wait for the end of an
 * open in a loop of their own. Since 0.1. */
NETSESSION_API int netsession_is_opening(netsession *session);

/* The state. Costs a few nanoseconds. Since 0.1. */
NETSESSION_API netsession_state_t netsession_state(netsession *session);

/* 1 between opened and closed, else 0. Since 0.1. */
NETSESSION_API int netsession_is_open(netsession *session);

/* The last error; NETSESSION_ERROR_NONE for a session that has not failed. One that
 * is made on a configuration which does not exist has failed: the error is
 * INVALID_CONFIGURATION. Since 0.1. */
NETSESSION_API netsession_error_t netsession_error(netsession *session);

/* A set of NETSESSION_POLICY_... bits. Since 0.1. */
NETSESSION_API int netsession_usage_policies(netsession *session);

/* The last error in words; "" for a session that has not failed. Since 0.1. */
NETSESSION_API const char *netsession_error_string(netsession *session);

/* The name of the link in use, such as "eth0"; "" unless Connected. It changes
 * when the session roams. Since 0.1. */
NETSESSION_API const char *netsession_interface(netsession *session);

/* The kernel's index of that link; 0 unless Connected. Since 0.1. */
NETSESSION_API int netsession_interface_index(netsession *session);

/* Binds a socket to that link: from now on its packets leave by this link only,
 * and only what arrives by it is received, whatever the routes of other links
 * say. Two sessions on two links can so talk to two hosts of the same address,
 * and a new link can be tried while the old one carries everything else.
 *   fd  an IPv4 or IPv6 socket, TCP, UDP or raw, which is not connected yet
 * The session need not be open, but a link must be in use: it is Connected. To
 * bind a socket to the link that it is bound to already is a success. A socket
 * stays on its link when the session roams: bind new ones after
 * new_configuration_activated. The link needs a route to where the packets go,
 * if only one with a high metric; and answers to IPv4 packets are dropped where
 * the kernel's rp_filter is strict (1; 2, which is loose, or 0 will do) and its
 * other routes lead elsewhere. Nothing is kept of the socket.
 * Errors, after which the socket is as it was:
 *   -ENOTCONN      the session is not Connected: there is no link to bind to
 *   -EBADFD        fd is closed, or no descriptor at all
 *   -ENOTSOCK      fd is not a socket
 *   -EAFNOSUPPORT  it is neither an IPv4 nor an IPv6 socket
 *   -EBUSY         it is bound to another link: make a new one
 *   -EISCONN       it is connected, or about to be: bind it before that
 *   -ENODEV        the link has just vanished, or is not of the network
 *                  namespace that the socket is of; also where the network is
 *                  played from a script
 *   -EPERM         the kernel refuses: before Linux 5.7 it wants CAP_NET_RAW for
 *                  this; what confines the process (seccomp) may forbid it too
 * Since 0.1. */
NETSESSION_API int netsession_bind_socket(netsession *session,
                                          int fd) NETSESSION_MUST_CHECK;

/* The bytes that crossed the link since it came into being, read from the
 * kernel at the call; for a service network the sum over its active access
 * points; 0 unless Connected. Since 0.1. */
NETSESSION_API int64_t netsession_bytes_received(netsession *session);
NETSESSION_API int64_t netsession_bytes_written(netsession *session);

/* The seconds since the configuration became active, or was first seen so by
 * the library; 0 while it is not. Since 0.1. */
NETSESSION_API int64_t netsession_active_time(netsession *session);

/* The value of a property; "" where it has none. Since 0.1.
 *   "ActiveConfiguration"      identifier of the access point in use; "" unless
 *                              open; read-only
 *   "UserChoiceConfiguration"  identifier of what a user choice led to, an
 *                              access point or a service network; "" unless
 *                              open; read-only
 *   "ConnectInBackground"      "true": nobody is asked to choose
 *   "AutoCloseSessionTimeout"  milliseconds after which an open session closes
 *                              by itself, once; "-1", the default, never
 * Any other key stores a string for the application. */
NETSESSION_API const char *netsession_property(netsession *session, const char *key);

/* Sets a property; a NULL value removes it, or restores its default. Setting a
 * read-only one does nothing. Errors: -EINVAL (AutoCloseSessionTimeout is not a
 * number), -EILSEQ. Since 0.1. */
NETSESSION_API int netsession_set_property(netsession *session, const char *key,
                                           const char *value);

#ifdef __cplusplus
}
#endif

#endif /* NETSESSION_H */
