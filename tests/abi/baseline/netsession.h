/* SPDX-License-Identifier: MIT
 *
 * netsession.h - network sessions for Linux
 *
 * This is the whole public interface of libnetsession, and its manual.
 *
 * A *configuration* is one way onto a network (an access point), or a group of
 * access points (a service network). A *session* is an application's use of a
 * configuration: opening it brings the link up if it is down, closing it releases
 * the link. A *manager* lists configurations and delivers events. States,
 * errors and events match Qt's QNetworkSession family, numbers included.
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
 *   NULL, freed, foreign or invalid handle gets -EBADF (or "" where a string is
 *   returned), and never causes a crash. The caller owns what a function stores
 *   through an out parameter, and frees it; on failure NULL is stored.
 *
 * Ownership. Sessions own a link only if it was down when one of them started it. A
 *   link that was already up, even without an address, stays up after a close, a
 *   failed open and the end of the process; only netsession_stop and the option
 *   close=literal take it down.
 *
 * Losses. When a link loses its carrier, its address or its route to the internet,
 *   a roaming session that has an alternative moves at once. Otherwise the loss is
 *   reported after a grace in which the link may recover: 1.5 s for cables, 5 s for
 *   radios and for a daemon that restarts. A link that is set down, removed or given
 *   up by its daemon is reported at once, and so is every loss in a script.
 *
 * Results. Functions return 0 or a positive number for success, and a negative
 *   errno value for misuse of this interface:
 *     -EBADF   the handle is not a live one of that kind
 *     -EINVAL  an argument is NULL or out of its range
 *     -EILSEQ  a string is not valid UTF-8
 *     -E2BIG   a struct is from a newer header and sets members unknown here
 *     -ENOMEM  no memory, or no free handle
 *     -ECHILD  the process is a fork of the process that loaded the library
 *     -EIO     an internal error; please report it
 *   A failure of the *network* is not misuse: it arrives as the error event of a
 *   session, with a text for people.
 *
 * Enumerations are types of their own, as wide as int, so that a C++ compiler
 *   refuses, and a C compiler warns of, a state where a type is expected. A
 *   function that returns an enumeration returns one of its values, or a negative
 *   errno value: a switch over it needs a default, also because later versions may
 *   add values. Sets of bits are plain numbers.
 *
 * Strings are UTF-8. The library copies string arguments. It owns the strings that
 *   it returns: a string stays valid until the calling thread calls the same
 *   function for the same handle again (netsession_property: with any key), or
 *   until any thread frees the handle. A string that has not changed keeps its
 *   address. Copy a string to keep it longer, or to pass it to another thread.
 *
 * Time. Three calls may block; no other call waits for the network.
 *   netsession_wait_for_opened waits for an open to end. The first
 *   netsession_manager_new of a process waits for the first snapshot of the network:
 *   usually milliseconds; half a second if the system bus does not answer; five
 *   seconds if a running network daemon does not, or on an overloaded machine.
 *   netsession_manager_free waits while links are being taken down.
 *
 * Threads. Every function may be called on any thread, and inside callbacks.
 *   Events wait in the manager's queue until the host dispatches them; callbacks
 *   run on the dispatching thread. An event without a registered callback is
 *   discarded, and waiting changes of one configuration are merged into one event.
 *   When thousands of events wait, the queue drops older events of states, roaming,
 *   policies, log lines and the like, always an even number of a kind, so that
 *   on/off values still alternate; it also drops the events of a configuration that
 *   was added and removed again. opened, closed, error, choose and
 *   update_completed always arrive, and the order is kept. docs/semantics.md has
 *   the numbers. After a handle's free function has returned, no callback of that
 *   handle runs: the function waits for a callback that is running on another
 *   thread, so do not free a handle while holding a lock that its callbacks take.
 *
 * Fork. In a forked child every function returns -ECHILD (or ""), and does
 *   nothing; the parent is not affected. A program started by exec loads the
 *   library anew and may use it.
 *
 * Structs begin with struct_size, which the caller sets to the sizeof of the
 *   struct in its header. The NETSESSION_..._INIT macros set it, and every other
 *   member to its default. Members that an older caller does not know keep their
 *   default.
 *
 * Signals. The library leaves the host's handlers, masks and alternate stacks alone.
 *   Handlers run on the host's stacks, with or without SA_ONSTACK; while a
 *   thread is in Go, usually for microseconds, they are deferred. The library
 *   handles SIGSEGV, SIGBUS and SIGFPE of its own code and passes all others on.
 *   docs/threading.md describes threads, signals, forking and privileges.
 *
 * The library prints nothing. When it is loaded it starts a few threads, with the
 * host's signals blocked; they sleep until the first manager is made.
 */
#ifndef NETSESSION_H
#define NETSESSION_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Marks the functions that the library exports. */
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

/* The last enumerator of each enumeration makes the enumeration a signed type as
 * wide as int, whatever the compiler's options are. No function returns or takes
 * it. */
#define NETSESSION_FORCE_INT(name) NETSESSION_##name##_FORCE_INT_ = -0x7FFFFFFF - 1

/* ------------------------------------------------------------------ version */

/* The version of this header, in parts and as one number. */
#define NETSESSION_VERSION_MAJOR 0
#define NETSESSION_VERSION_MINOR 2
#define NETSESSION_VERSION_PATCH 0
#define NETSESSION_VERSION \
    (NETSESSION_VERSION_MAJOR << 16 | NETSESSION_VERSION_MINOR << 8 | NETSESSION_VERSION_PATCH)

/* The version of the loaded library, encoded like NETSESSION_VERSION.
 * Works in a forked child. Since 0.1. */
NETSESSION_API int netsession_version(void);

/* The same as a string, such as "0.1.0". Static. Since 0.1. */
NETSESSION_API const char *netsession_version_string(void);

/* -------------------------------------------------------------------- types */

/* Lists configurations and delivers events. */
typedef struct netsession_manager netsession_manager;
/* A way onto a network, or a group of them. */
typedef struct netsession_configuration netsession_configuration;
/* An ordered list of configurations. */
typedef struct netsession_configuration_list netsession_configuration_list;
/* An application's use of a configuration. */
typedef struct netsession netsession;

/* The state of a session (QNetworkSession::State). */
typedef enum netsession_state_t {
    NETSESSION_STATE_INVALID = 0,       /* the configuration does not exist */
    NETSESSION_STATE_NOT_AVAILABLE = 1, /* it cannot be opened now */
    NETSESSION_STATE_CONNECTING = 2,    /* the link is being brought up */
    NETSESSION_STATE_CONNECTED = 3,     /* the link is up */
    NETSESSION_STATE_CLOSING = 4,       /* the link is being taken down */
    NETSESSION_STATE_DISCONNECTED = 5,  /* the link is down, and can be opened */
    NETSESSION_STATE_ROAMING = 6,       /* moving to another access point */
    NETSESSION_FORCE_INT(STATE)
} netsession_state_t;

/* Why a session failed (QNetworkSession::SessionError, except NONE, which the Qt
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

/* How far a configuration is usable (QNetworkConfiguration::StateFlags). A
 * configuration has exactly one of these values, except ANY, which is only a
 * filter. The bits are cumulative: a filter of
 * NETSESSION_CONFIGURATION_STATE_DISCOVERED selects discovered and active ones. */
typedef enum netsession_configuration_state_t {
    NETSESSION_CONFIGURATION_STATE_ANY = 0,
    NETSESSION_CONFIGURATION_STATE_UNDEFINED = 0x1,  /* removed, or empty */
    NETSESSION_CONFIGURATION_STATE_DEFINED = 0x2,    /* cannot be opened now: no carrier */
    NETSESSION_CONFIGURATION_STATE_DISCOVERED = 0x6, /* can be opened now */
    NETSESSION_CONFIGURATION_STATE_ACTIVE = 0xE,     /* up, with an address */
    NETSESSION_FORCE_INT(CONFIGURATION_STATE)
} netsession_configuration_state_t;

/* What a configuration is for (QNetworkConfiguration::Purpose). */
typedef enum netsession_purpose_t {
    NETSESSION_PURPOSE_UNKNOWN = 0,
    NETSESSION_PURPOSE_PUBLIC = 1,
    NETSESSION_PURPOSE_PRIVATE = 2,
    NETSESSION_PURPOSE_SERVICE_SPECIFIC = 3,
    NETSESSION_FORCE_INT(PURPOSE)
} netsession_purpose_t;

/* The technology of a link (QNetworkConfiguration::BearerType). */
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

/* What this process can do here (QNetworkConfigurationManager::Capability, bits). */
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

/* The level of a log line. */
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

/* Options of the library. Zero or NULL members take their value from the
 * environment variable NETSESSION_OPTIONS, a list such as
 * "backend=script,script=net.play", whose names are backend, script, dbus, default
 * and close; otherwise their default. The library ignores the variable in set-uid
 * programs and in programs with file capabilities. Since 0.1. */
typedef struct netsession_options {
    size_t struct_size; /* sizeof(netsession_options) */

    /* The source of configurations: "auto" (the default: NetworkManager if it
     * runs, else ConnMan if it runs, else the kernel's links alone),
     * "networkmanager", "connman", "rtnetlink" (the kernel's links alone), or
     * "script" (a network played from a file). Links that a daemon does not
     * manage are listed beside its configurations. */
    const char *backend;

    /* The file that "script" plays. */
    const char *script;

    /* The address of the system bus, such as "unix:path=/run/dbus/bus". The
     * default is DBUS_SYSTEM_BUS_ADDRESS, else the usual socket. */
    const char *dbus_address;

    /* The default configuration: "access-point" (the default: the best access
     * point), "service-network" ("Internet", which may roam) or "user-choice" (the
     * configuration that the user chooses when a session is opened: see
     * netsession_choose). */
    const char *default_configuration;

    /* What the last close of a link does: "counted" (the default) stops the link
     * only if a session had started it, "literal" always stops it. The sessions of
     * all processes of the user count together where
     * NETSESSION_CAPABILITY_SYSTEM_SESSION_SUPPORT is set. */
    const char *close;
} netsession_options;

/* The default of each member, for C and C++. Since 0.2. */
#define NETSESSION_OPTIONS_INIT \
    { sizeof(netsession_options), NULL, NULL, NULL, NULL, NULL }

/* Makes a manager. Managers with the same options share the library's engine,
 * so that further ones are cheap.
 *   options     NULL for the defaults
 *   manager     receives the manager; free it with netsession_manager_free
 *   error_text  receives a sentence that describes the error, cut to fit; may
 *               be NULL
 *   error_size  bytes at error_text
 * Errors: -EINVAL (an option has no such value), -EILSEQ, -E2BIG, -ENOENT or
 * the like (the script cannot be read), -EPROTO (it is not a valid script),
 * -EMFILE and the like. Since 0.1. */
NETSESSION_API int netsession_manager_new(const netsession_options *options,
                                          netsession_manager **manager,
                                          char *error_text,
                                          size_t error_size) NETSESSION_MUST_CHECK;

/* Makes another manager with the same options, and copies the waiting changes of
 * configurations into its queue, but not the events of sessions and updates. The
 * changes are kept until the copy has callbacks. Together with
 * netsession_set_manager this moves a listener to another thread without losing
 * events.
 *   copy  receives it; free it with netsession_manager_free
 * Errors: -EMFILE and the like. Since 0.1. */
NETSESSION_API int
netsession_manager_copy(netsession_manager *manager,
                        netsession_manager **copy) NETSESSION_MUST_CHECK;

/* Frees a manager. Its configurations and sessions stay valid; events of its
 * sessions are no longer delivered. The call waits, a tenth of a second at most,
 * for links that are being taken down because their last session was closed, so
 * that a program may end right after. Since 0.1. */
NETSESSION_API int netsession_manager_free(netsession_manager *manager);

/* Frees *manager unless that is NULL: for __attribute__((cleanup)), with which GCC and
 * Clang free a variable that goes out of scope. Since 0.2. */
static inline void netsession_manager_freep(netsession_manager **manager)
{
    if (*manager)
        netsession_manager_free(*manager);
}

/* The callbacks of a manager. All members but struct_size may be NULL. The handles
 * that a callback receives are borrowed: they are valid during the call, and
 * netsession_configuration_copy keeps a configuration. Callbacks run on the
 * dispatching thread, one at a time per manager, and may call any function,
 * including the free function of their own manager. Since 0.1. */
typedef struct netsession_manager_callbacks {
    size_t struct_size; /* sizeof(netsession_manager_callbacks) */
    void *user_data; /* passed to every callback */

    /* A configuration was added. */
    void (*configuration_added)(netsession_manager *manager,
                                netsession_configuration *configuration, void *user_data);
    /* A value that a getter of the configuration returns has changed, or its
     * link's addresses or routes, or its rank. A change of the signal strength
     * alone is not reported. */
    void (*configuration_changed)(netsession_manager *manager,
                                  netsession_configuration *configuration, void *user_data);
    /* The configuration was removed: it is invalid from now on, but keeps its
     * identifier. If it is added again, handles to it become valid again. */
    void (*configuration_removed)(netsession_manager *manager,
                                  netsession_configuration *configuration, void *user_data);
    /* netsession_manager_is_online has a new value, is_online. */
    void (*online_state_changed)(netsession_manager *manager, int is_online,
                                 void *user_data);
    /* Exactly one follows each netsession_manager_update_configurations. */
    void (*update_completed)(netsession_manager *manager, void *user_data);
    /* For developers: level is NETSESSION_LOG_..., text a sentence. */
    void (*log)(netsession_manager *manager, netsession_log_level_t level,
                const char *text, void *user_data);

    /* netsession_manager_reachability, _is_behind_captive_portal, _transport or
     * _is_metered has a new value, which is the argument. */
    void (*reachability_changed)(netsession_manager *manager,
                                 netsession_reachability_t reachability, void *user_data);
    void (*captive_portal_changed)(netsession_manager *manager, int is_behind,
                                   void *user_data);
    void (*transport_changed)(netsession_manager *manager,
                              netsession_transport_t transport, void *user_data);
    void (*metered_changed)(netsession_manager *manager, int is_metered,
                            void *user_data);

    /* A session of this manager was opened on the user choice, and asks which
     * configuration to use: answer with netsession_choose, now or later. The
     * candidates are access points that can be opened, best first, then service
     * networks; the list is borrowed, like the handles in it. Sessions ask only if
     * this callback is registered; without it, or if the session's property
     * ConnectInBackground is "true", they take the best access point. */
    void (*choose)(netsession_manager *manager, netsession *session,
                   netsession_configuration_list *candidates, void *user_data);
} netsession_manager_callbacks;

/* No callbacks, for C and C++. Since 0.2. */
#define NETSESSION_MANAGER_CALLBACKS_INIT \
    { sizeof(netsession_manager_callbacks), NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
      NULL, NULL, NULL, NULL, NULL }

/* Replaces the manager's callbacks; NULL removes them. After it returns, the
 * previous callbacks no longer run, unless it was called inside one of them.
 * Since 0.1. */
NETSESSION_API int
netsession_manager_set_callbacks(netsession_manager *manager,
                                 const netsession_manager_callbacks *callbacks);

/* A descriptor for poll, epoll or select, readable while events wait. It
 * belongs to the manager: do not read, write or close it. Since 0.1. */
NETSESSION_API int netsession_manager_fd(netsession_manager *manager);

/* Runs the callbacks of the waiting events of the manager and of the sessions made
 * with it. It does not block. A host that runs a nested loop may call it inside a
 * callback.
 * Returns the number of events. Errors: -EBUSY (another thread is dispatching
 * this manager). Since 0.1. */
NETSESSION_API int netsession_manager_dispatch(netsession_manager *manager);

/* For a host without an event loop: starts a thread of the library that dispatches
 * until netsession_manager_stop_thread or _free. Its signals are blocked.
 * Errors: -EALREADY (the thread runs already), -EAGAIN (no thread could be made).
 * Since 0.1. */
NETSESSION_API int netsession_manager_start_thread(netsession_manager *manager);

/* Stops the thread of netsession_manager_start_thread and waits for it, unless
 * called on it. Errors: -ESRCH (the thread does not run). Since 0.1. */
NETSESSION_API int netsession_manager_stop_thread(netsession_manager *manager);

/* What this process can do now: a set of NETSESSION_CAPABILITY_... bits.
 * Since 0.1. */
NETSESSION_API int netsession_manager_capabilities(netsession_manager *manager);

/* 1 if the kernel sends packets for the internet through an active access point,
 * from an address whose scope is wider than the link, else 0. The answer is the
 * kernel's own route lookup: all tables and rules count. Since 0.1. */
NETSESSION_API int netsession_manager_is_online(netsession_manager *manager);

/* The best reachability of all access points. A network daemon's connectivity check
 * counts; without a daemon an access point is ONLINE if the kernel has a route to the
 * internet through it, else its addresses decide. Since 0.1. */
NETSESSION_API netsession_reachability_t
netsession_manager_reachability(netsession_manager *manager);

/* 1 if a network daemon has detected a captive portal, else 0. Without a daemon
 * always 0. Since 0.1. */
NETSESSION_API int
netsession_manager_is_behind_captive_portal(netsession_manager *manager);

/* The transport of the default access point while it is up, else UNKNOWN. If the
 * default access point is a tunnel, the link under it counts, here and for captive
 * portals and metering. Since 0.1. */
NETSESSION_API netsession_transport_t
netsession_manager_transport(netsession_manager *manager);

/* 1 if the default access point is up and is metered, known or guessed, or is
 * roaming abroad; else 0. Since 0.1. */
NETSESSION_API int netsession_manager_is_metered(netsession_manager *manager);

/* Rescans for networks, where the system needs a scan to find them. The
 * update_completed callback follows. Since 0.1. */
NETSESSION_API int
netsession_manager_update_configurations(netsession_manager *manager);

/* All configurations whose state has every bit of a filter: access points first,
 * then service networks, both sorted by identifier. The user choice is never in the
 * list.
 *   state_filter  NETSESSION_CONFIGURATION_STATE_ANY selects all, UNDEFINED the
 *                 service networks without an access point
 *   list          receives the list; free it with netsession_configuration_list_free
 * Returns how many there are. Errors: -EINVAL (the filter is not one of the states).
 * Only the compiler can detect a type passed by mistake: all type numbers but
 * TYPE_INVALID are also numbers of states. Since 0.1. */
NETSESSION_API int
netsession_manager_configurations(netsession_manager *manager,
                                  netsession_configuration_state_t state_filter,
                                  netsession_configuration_list **list);

/* The default configuration: the best access point that is up and has a route to
 * the internet, else the best that can be opened and may have one, else the best
 * that is up, else "Internet". The options can make it "Internet" or the user choice
 * instead. A tunnel ranks after links with a route of their own; a link that
 * provides network to others, such as a hotspot, is never the default. Without any
 * access point the configuration is invalid. docs/semantics.md explains the ranking.
 *   configuration  receives it; free it with netsession_configuration_free
 * Since 0.1. */
NETSESSION_API int
netsession_manager_default_configuration(netsession_manager *manager,
                                         netsession_configuration **configuration);

/* The configuration with an identifier; an invalid configuration if none has it.
 * Identifiers are stable over restarts and reboots, and may be stored.
 * Two configurations always exist: "netsession:internet", the built-in service
 * network of all access points that are not private and do not provide network to
 * others, and "netsession:user-choice", which stands for the configuration that the
 * user chooses when a session on it is opened. An invalid configuration, and the
 * sessions made on it, become valid when a configuration with the identifier is
 * added, such as a network that was out of range when the program started.
 *   configuration  receives it; free it with netsession_configuration_free
 * Since 0.1. */
NETSESSION_API int
netsession_manager_configuration_from_identifier(netsession_manager *manager,
                                                 const char *identifier,
                                                 netsession_configuration **configuration);

/* A service network that the application defines: a group of access points among
 * which sessions roam. Since 0.1. */
typedef struct netsession_service_network {
    size_t struct_size; /* sizeof(netsession_service_network) */
    const char *identifier; /* "office" makes the configuration "network:office";
                             * 1 to 200 bytes, printable, without spaces */
    const char *name;       /* for people; NULL: the identifier */
    netsession_purpose_t purpose; /* what it is for */

    /* Its access points, at least one; duplicates count once. The network keeps
     * their identifiers: an access point that is removed leaves the network, and
     * belongs to it again when it is added again. */
    netsession_configuration *const *children;
    size_t children_count;
} netsession_service_network;

/* A service network without children, for C and C++. Since 0.2. */
#define NETSESSION_SERVICE_NETWORK_INIT \
    { sizeof(netsession_service_network), NULL, NULL, NETSESSION_PURPOSE_UNKNOWN, \
      NULL, 0 }

/* Defines a service network, or replaces the name, purpose and children of the
 * service network with the same identifier. It exists until
 * netsession_manager_remove_service_network, in all managers of the process that
 * have the same options, including managers made later. It is not stored: the
 * program defines it again at its next start, and sessions made on its identifier
 * before that become valid then.
 *   network        describes it; it is copied
 *   configuration  receives the configuration, to be freed with
 *                  netsession_configuration_free; may be NULL
 *   error_text     receives a sentence that describes the error, cut to fit; may
 *                  be NULL
 *   error_size     bytes at error_text
 * Errors: -EBADF (the manager, or a child, is not a live handle), -EINVAL (the
 * identifier or the purpose is not valid, there are no children, or a child is not
 * an existing access point), -EILSEQ, -E2BIG. On an error nothing changes.
 * Since 0.1. */
NETSESSION_API int netsession_manager_define_service_network(
    netsession_manager *manager, const netsession_service_network *network,
    netsession_configuration **configuration, char *error_text,
    size_t error_size) NETSESSION_MUST_CHECK;

/* Removes a service network that the application defined. Sessions that are open on
 * it are closed, as for any removed configuration; its access points stay.
 * Errors: -EINVAL (not a service network of an application), -ENOENT (already
 * removed). Since 0.1. */
NETSESSION_API int
netsession_manager_remove_service_network(netsession_manager *manager,
                                          netsession_configuration *configuration);

/* ------------------------------------------------------------ configuration */

/* Configurations outlive their manager, and are live: getters return the present
 * values as long as any manager or session of the process has the same options, and
 * the last known values after that. */

/* Frees a handle. Errors: -EPERM (the handle is borrowed: see the callbacks and
 * lists). Since 0.1. */
NETSESSION_API int netsession_configuration_free(netsession_configuration *configuration);

/* Frees *configuration unless that is NULL, for __attribute__((cleanup)). Since 0.2. */
static inline void
netsession_configuration_freep(netsession_configuration **configuration)
{
    if (*configuration)
        netsession_configuration_free(*configuration);
}

/* Makes another handle to the same configuration.
 *   copy  receives it; free it with netsession_configuration_free
 * Since 0.1. */
NETSESSION_API int
netsession_configuration_copy(netsession_configuration *configuration,
                              netsession_configuration **copy) NETSESSION_MUST_CHECK;

/* 1 if both handles refer to the same configuration (or both to none), else 0.
 * They may come from different managers. Since 0.1. */
NETSESSION_API int netsession_configuration_equal(netsession_configuration *a,
                                                  netsession_configuration *b);

/* 1 while the configuration exists, else 0. Since 0.1. */
NETSESSION_API int
netsession_configuration_is_valid(netsession_configuration *configuration);

/* The identifier, such as "link:eth0"; for a configuration that does not exist, the
 * identifier by which it was looked up. Since 0.1. */
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

/* The bearer; NETSESSION_BEARER_UNKNOWN unless an access point. Since 0.1. */
NETSESSION_API netsession_bearer_t
netsession_configuration_bearer_type(netsession_configuration *configuration);

/* The bearer, with cellular technologies reduced to NETSESSION_BEARER_2G, _3G and
 * _4G. Since 0.1. */
NETSESSION_API netsession_bearer_t
netsession_configuration_bearer_type_family(netsession_configuration *configuration);

/* The bearer's name, such as "Ethernet"; "" unless an access point.
 * Static. Since 0.1. */
NETSESSION_API const char *
netsession_configuration_bearer_type_name(netsession_configuration *configuration);

/* 1 for a service network with more than one access point that can be opened.
 * Since 0.1. */
NETSESSION_API int
netsession_configuration_is_roaming_available(netsession_configuration *configuration);

/* The name of an access point's link, such as "eth0"; "" if it has none now.
 * Since 0.1. */
NETSESSION_API const char *
netsession_configuration_interface(netsession_configuration *configuration);

/* The strength of an access point's radio signal in percent, 1 to 100; 0 if it has
 * no radio or its strength is not known. The value jitters, so that no event reports
 * its changes. Since 0.1. */
NETSESSION_API int
netsession_configuration_signal_strength(netsession_configuration *configuration);

/* How long an attempt to open may take, in milliseconds (30,000 by default). A
 * session on a service network tries each access point for a third of that time
 * before it tries the next. Since 0.1. */
NETSESSION_API int
netsession_configuration_connect_timeout(netsession_configuration *configuration);

/* Sets the connect timeout for all uses of the configuration in this process;
 * 0 restores the default. Errors: -EINVAL (negative). Since 0.1. */
NETSESSION_API int
netsession_configuration_set_connect_timeout(netsession_configuration *configuration,
                                             int msecs);

/* The access points of a service network; an empty list for other configurations.
 *   list  receives the list; free it with netsession_configuration_list_free
 * Returns how many there are. Since 0.1. */
NETSESSION_API int
netsession_configuration_children(netsession_configuration *configuration,
                                  netsession_configuration_list **list);

/* The access points that an access point's link runs over now, best first: for a
 * VPN or another tunnel the link by which its packets leave, for a VLAN, a bridge
 * or a bond the links below it that are configurations of their own. The list is
 * empty if the link runs over no other link, is not up, or its lower links are not
 * known, and for configurations other than access points. No event reports a change
 * of the list: read it again when a configuration was added, changed or removed.
 *   list  receives the list; free it with netsession_configuration_list_free
 * Returns how many there are. Since 0.2. */
NETSESSION_API int
netsession_configuration_underlying(netsession_configuration *configuration,
                                    netsession_configuration_list **list);

/* The number of configurations in a list. Since 0.1. */
NETSESSION_API int
netsession_configuration_list_size(netsession_configuration_list *list);

/* The configuration at an index from 0; NULL if out of range. The handle is
 * borrowed, and valid until the list is freed. Since 0.1. */
NETSESSION_API netsession_configuration *
netsession_configuration_list_at(netsession_configuration_list *list, int index);

/* Frees a list with the handles in it. Errors: -EPERM (the list is borrowed: see the
 * callbacks). Since 0.1. */
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

/* Makes a session on a configuration, which may be invalid. The session is not
 * open; it shows the configuration's state. The configuration may come from another
 * manager: the library looks it up by its identifier.
 *   session  receives it; free it with netsession_free
 * Since 0.1. */
NETSESSION_API int netsession_new(netsession_manager *manager,
                                  netsession_configuration *configuration,
                                  netsession **session) NETSESSION_MUST_CHECK;

/* Frees a session, and releases its link as netsession_close does, without an event.
 * Since 0.1. */
NETSESSION_API int netsession_free(netsession *session);

/* Frees *session unless that is NULL, for __attribute__((cleanup)). Since 0.2. */
static inline void netsession_freep(netsession **session)
{
    if (*session)
        netsession_free(*session);
}

/* The callbacks of a session; the rules for manager callbacks hold. The order of
 * events is part of the contract, which is in docs/semantics.md. Since 0.1. */
typedef struct netsession_callbacks {
    size_t struct_size; /* sizeof(netsession_callbacks) */
    void *user_data; /* passed to every callback */

    /* The session is open: its link is up, and the session counts as its user. */
    void (*opened)(netsession *session, void *user_data);
    /* The session is no longer open, after netsession_close or because of an
     * error; the error event follows. */
    void (*closed)(netsession *session, void *user_data);
    /* The session has reached state; netsession_state returns the present state,
     * which may be a later one. */
    void (*state_changed)(netsession *session, netsession_state_t state,
                          void *user_data);
    /* The session has failed. text says what failed and why, and is valid during
     * the call. */
    void (*error)(netsession *session, netsession_error_t error, const char *text,
                  void *user_data);
    /* A better access point is up, or the access point in use is lost and
     * configuration can replace it. If this callback is registered the application
     * decides about roaming: answer with netsession_migrate or netsession_ignore.
     * Without it the library roams by itself. is_seamless is 1 if the local address
     * of open sockets survives. Tunnels are never offered, nor, if the session had a
     * route to the internet, access points without one. */
    void (*preferred_configuration_changed)(netsession *session,
                                            netsession_configuration *configuration,
                                            int is_seamless, void *user_data);
    /* The session now uses the new access point. After netsession_migrate, answer
     * with netsession_accept or netsession_reject: now, or after a test with
     * sockets that netsession_bind_socket has bound to the new link. */
    void (*new_configuration_activated)(netsession *session, void *user_data);
    /* policies is a set of NETSESSION_POLICY_... bits. */
    void (*usage_policies_changed)(netsession *session, unsigned policies,
                                   void *user_data);
} netsession_callbacks;

/* No callbacks, for C and C++. Since 0.2. */
#define NETSESSION_CALLBACKS_INIT \
    { sizeof(netsession_callbacks), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/* Replaces the session's callbacks; NULL removes them. After it returns, the
 * previous callbacks no longer run, unless it was called inside one of them.
 * Since 0.1. */
NETSESSION_API int netsession_set_callbacks(netsession *session,
                                            const netsession_callbacks *callbacks);

/* Lets another manager deliver the session's events from now on, so that they
 * arrive on the thread that dispatches that manager. Waiting events move to the end
 * of the new manager's queue. After it returns, no callback of the session runs on
 * the thread that dispatches the previous manager, unless it was called inside one.
 * Errors: -EINVAL (the manager has other options). Since 0.1. */
NETSESSION_API int netsession_set_manager(netsession *session,
                                          netsession_manager *manager);

/* The configuration that the session was made on.
 *   configuration  receives it; free it with netsession_configuration_free
 * Since 0.1. */
NETSESSION_API int netsession_get_configuration(netsession *session,
                                                netsession_configuration **configuration);

/* The following calls return at once; their results arrive as events. A call that
 * does not fit the session's state (opening an open session, closing a closed one)
 * does nothing. */

/* Registers the application's use of the configuration, and brings its link up if it
 * is down. Events: opened, or error. On a service network it takes the best access
 * point that is up and has a route to the internet, else the best that can be
 * opened, else the best that is up without such a route. Since 0.1. */
NETSESSION_API int netsession_open(netsession *session);

/* Ends the application's use of the configuration. Event: closed. The link is taken
 * down if a session had brought it up and no other session is open on it, in this
 * process or in another process of the user (where
 * NETSESSION_CAPABILITY_SYSTEM_SESSION_SUPPORT is set). The end of a process closes
 * its sessions, too. Since 0.1. */
NETSESSION_API int netsession_close(netsession *session);

/* Takes the link down, even if others use it: every session that is open on it, in
 * any process, gets closed and error(SESSION_ABORTED). The session itself need not
 * be open. Since 0.1. */
NETSESSION_API int netsession_stop(netsession *session);

/* Moves to the access point that preferred_configuration_changed offered. The
 * one in use stays up until netsession_accept. Since 0.1. */
NETSESSION_API int netsession_migrate(netsession *session);

/* Declines the offer; the access point is not offered again until it has changed.
 * Since 0.1. */
NETSESSION_API int netsession_ignore(netsession *session);

/* Stays on the new access point, and releases the previous one. Since 0.1. */
NETSESSION_API int netsession_accept(netsession *session);

/* Returns to the previous access point, and releases the new one. Since 0.1. */
NETSESSION_API int netsession_reject(netsession *session);

/* Answers the manager's choose callback, for a session that was opened on the user
 * choice: until it is closed, the session continues as if it were on the chosen
 * configuration, an access point or a service network. May be called in the
 * callback, or later, on any thread. Without an answer within the connect timeout of
 * the user choice the session gets error(UNKNOWN). Closing, stopping or freeing the
 * session cancels the request. If the manager is freed, or loses its choose
 * callback, before the callback has run, the session takes the best access point; a
 * request that the callback has received still waits for its answer.
 *   configuration  what the user chose; NULL if none: error(SESSION_ABORTED)
 * Errors, after which nothing changes: -EINVAL (not an access point or a service
 * network, or it cannot be opened now: the session still waits), -EALREADY (the
 * request was answered or has ended), -ESRCH (the session has never asked).
 * Since 0.1. */
NETSESSION_API int netsession_choose(netsession *session,
                                     netsession_configuration *configuration);

/* Blocks until an open in progress has ended, at most msecs milliseconds; without a
 * bound if msecs is negative. If no open is in progress it does not wait. Events are
 * not dispatched meanwhile, so that the choose callback runs only if another thread
 * dispatches. Returns 1 if the session is open, else 0. Since 0.1. */
NETSESSION_API int netsession_wait_for_opened(netsession *session, int msecs);

/* 1 while an open is in progress, else 0. First waits, for microseconds, until the
 * library has executed the previous calls: their immediate results can then be read,
 * and their events wait in the queue. For hosts that wait for the end of an open in
 * a loop of their own. Since 0.1. */
NETSESSION_API int netsession_is_opening(netsession *session);

/* The state. Costs a few nanoseconds. Since 0.1. */
NETSESSION_API netsession_state_t netsession_state(netsession *session);

/* 1 between opened and closed, else 0. Since 0.1. */
NETSESSION_API int netsession_is_open(netsession *session);

/* The last error; NETSESSION_ERROR_NONE if the session has not failed. A session
 * made on a configuration that does not exist has failed with INVALID_CONFIGURATION.
 * Since 0.1. */
NETSESSION_API netsession_error_t netsession_error(netsession *session);

/* A set of NETSESSION_POLICY_... bits. Since 0.1. */
NETSESSION_API int netsession_usage_policies(netsession *session);

/* The last error as a text for people; "" if the session has not failed.
 * Since 0.1. */
NETSESSION_API const char *netsession_error_string(netsession *session);

/* The name of the link in use, such as "eth0"; "" unless Connected. It changes
 * when the session roams. Since 0.1. */
NETSESSION_API const char *netsession_interface(netsession *session);

/* The kernel's index of that link; 0 unless Connected. Since 0.1. */
NETSESSION_API int netsession_interface_index(netsession *session);

/* Binds a socket to the session's link: from now on the socket sends and receives
 * through this link only, whatever the routes of other links are. Two sessions on
 * two links can thus talk to two hosts with the same address, and a program can test
 * a new link while the old link carries all other traffic.
 *   fd  an IPv4 or IPv6 socket, TCP, UDP or raw, which is not connected yet
 * The session must be Connected, but need not be open. Binding a socket again to the
 * same link succeeds. A socket stays on its link when the session roams: bind new
 * sockets after new_configuration_activated. The link needs a route to the
 * destination, if only with a high metric. With a strict rp_filter (1) the kernel
 * drops answers to IPv4 packets whose other routes lead elsewhere; 2 (loose) and 0
 * do not. The library keeps no reference to the socket.
 * Errors, after which the socket is unchanged:
 *   -ENOTCONN      the session is not Connected: there is no link to bind to
 *   -EBADFD        fd is not an open descriptor
 *   -ENOTSOCK      fd is not a socket
 *   -EAFNOSUPPORT  the socket is neither IPv4 nor IPv6
 *   -EBUSY         the socket is bound to another link: make a new one
 *   -EISCONN       the socket is connected or connecting: bind it before that
 *   -ENODEV        the link was just removed, or is not in the socket's network
 *                  namespace, or is played from a script
 *   -EPERM         the kernel refuses: before Linux 5.7 it requires CAP_NET_RAW;
 *                  a sandbox of the process (seccomp) may forbid it too
 * Since 0.1. */
NETSESSION_API int netsession_bind_socket(netsession *session,
                                          int fd) NETSESSION_MUST_CHECK;

/* The bytes that the link has received or sent since it was created, read from the
 * kernel at the call; for a service network the sum over its active access points;
 * 0 unless Connected. Since 0.1. */
NETSESSION_API int64_t netsession_bytes_received(netsession *session);
NETSESSION_API int64_t netsession_bytes_written(netsession *session);

/* The seconds since the configuration became active, or since the library first saw
 * it active; 0 unless active. Since 0.1. */
NETSESSION_API int64_t netsession_active_time(netsession *session);

/* The value of a property; "" if it has none. Since 0.1.
 *   "ActiveConfiguration"      identifier of the access point in use; "" unless
 *                              open; read-only
 *   "UserChoiceConfiguration"  identifier of the access point or service network
 *                              that the user chose; "" unless open; read-only
 *   "ConnectInBackground"      "true": the choose callback is not called
 *   "AutoCloseSessionTimeout"  milliseconds after which an open session closes
 *                              by itself, once; "-1", the default: never
 * Any other key stores a string for the application. */
NETSESSION_API const char *netsession_property(netsession *session, const char *key);

/* Sets a property; a NULL value removes it, or restores its default. Setting a
 * read-only property does nothing. Errors: -EINVAL (AutoCloseSessionTimeout is not a
 * number), -EILSEQ. Since 0.1. */
NETSESSION_API int netsession_set_property(netsession *session, const char *key,
                                           const char *value);

#ifdef __cplusplus
}
#endif

#endif /* NETSESSION_H */
