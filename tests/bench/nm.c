/* nm.c - the latency beside NetworkManager, compared with libdbus: nm ROW PROFILE [COUNT].
 *
 *     raw   a second thread stops PROFILE, COUNT times, and the main thread waits for
 *           NetworkManager's signal on its own connection, with the same match rules as
 *           the library
 *     ours  the same, but the main thread waits for a callback of the library
 *     bus   the second thread sends a signal like NetworkManager's, and the main thread
 *           waits for it as for raw: the time of the bus alone
 *     open  the main thread activates PROFILE once, and waits for the signal that the
 *           profile is up
 *
 * Writes a line with the nanoseconds from just before each cause to its arrival.
 */
#include "bench.h"
#include <dbus/dbus.h>
#include <netsession.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#define NM "org.freedesktop.NetworkManager"
#define NM_PATH "/org/freedesktop/NetworkManager"
#define ACTIVE NM ".Connection.Active"

enum { UP = 2, GOING_DOWN = 3 }; /* NMActiveConnectionState */

static const char *row;
static const char *name; /* of the profile */
static int count;
static sem_t seen;      /* posted when the main thread has seen the change */
static int64_t changed; /* when the cause began */
static int64_t *taken;  /* the latencies */
static int taken_count;
static int known_up; /* the last state in the library's callback */

static void record(void)
{
    taken[taken_count++] = bench_now() - changed;
    sem_post(&seen);
}

/* ------------------------------------------------------------ D-Bus, briefly */

static DBusConnection *connect_bus(void)
{
    DBusConnection *bus = dbus_bus_get_private(DBUS_BUS_SYSTEM, NULL);
    if (!bus) {
        fprintf(stderr, "nm: no bus\n");
        exit(1);
    }
    return bus;
}

static DBusMessage *method(const char *path, const char *interface, const char *member)
{
    return dbus_message_new_method_call(NM, path, interface, member);
}

/* Sends a call, and returns its reply, or NULL on error. */
static DBusMessage *ask(DBusConnection *bus, DBusMessage *call)
{
    DBusMessage *reply = dbus_connection_send_with_reply_and_block(bus, call, -1, NULL);
    dbus_message_unref(call);
    return reply;
}

/* The object path in the reply to a call. */
static char *ask_path(DBusConnection *bus, DBusMessage *call)
{
    const char *path;
    DBusMessage *reply = ask(bus, call);
    if (!reply || !dbus_message_get_args(reply, NULL, DBUS_TYPE_OBJECT_PATH, &path, DBUS_TYPE_INVALID)) {
        fprintf(stderr, "nm: NetworkManager refused\n");
        exit(1);
    }
    char *copy = strdup(path);
    dbus_message_unref(reply);
    return copy;
}

static char *find_profile(DBusConnection *bus, const char *uuid)
{
    DBusMessage *call = method(NM_PATH "/Settings", NM ".Settings", "GetConnectionByUuid");
    dbus_message_append_args(call, DBUS_TYPE_STRING, &uuid, DBUS_TYPE_INVALID);
    return ask_path(bus, call);
}

static DBusMessage *activation(const char *profile)
{
    const char *any = "/";
    DBusMessage *call = method(NM_PATH, NM, "ActivateConnection");
    dbus_message_append_args(call, DBUS_TYPE_OBJECT_PATH, &profile, DBUS_TYPE_OBJECT_PATH, &any,
                             DBUS_TYPE_OBJECT_PATH, &any, DBUS_TYPE_INVALID);
    return call;
}

/* The state of an active connection, 0 if it does not exist any more. */
static unsigned state_of(DBusConnection *bus, const char *active)
{
    const char *interface = ACTIVE, *property = "State";
    DBusMessageIter outer, inner;
    dbus_uint32_t state;
    DBusMessage *call = method(active, DBUS_INTERFACE_PROPERTIES, "Get");
    dbus_message_append_args(call, DBUS_TYPE_STRING, &interface, DBUS_TYPE_STRING, &property, DBUS_TYPE_INVALID);
    DBusMessage *reply = ask(bus, call);
    if (!reply)
        return 0;
    dbus_message_iter_init(reply, &outer);
    dbus_message_iter_recurse(&outer, &inner);
    dbus_message_iter_get_basic(&inner, &state);
    dbus_message_unref(reply);
    return state;
}

static void await_state(DBusConnection *bus, const char *active, unsigned wanted)
{
    while (state_of(bus, active) != wanted)
        poll(NULL, 0, 2);
}

/* Reads messages until one reports an active connection in the wanted state. */
static void await_signal(DBusConnection *bus, dbus_uint32_t wanted)
{
    for (;;) {
        DBusMessage *m = dbus_connection_pop_message(bus);
        if (!m) {
            dbus_connection_read_write(bus, -1);
            continue;
        }
        dbus_uint32_t state = 0;
        if (dbus_message_is_signal(m, ACTIVE, "StateChanged"))
            dbus_message_get_args(m, NULL, DBUS_TYPE_UINT32, &state, DBUS_TYPE_INVALID);
        dbus_message_unref(m);
        if (state == wanted)
            return;
    }
}

static void add_match(DBusConnection *bus, const char *format, const char *name)
{
    char rule[256];
    snprintf(rule, sizeof rule, format, name);
    dbus_bus_add_match(bus, rule, NULL);
}

/* Connects to the bus, with the library's match rules for NetworkManager's signals. */
static DBusConnection *follow(void)
{
    static const char *const changing[] = {
        NM, NM ".Device", NM ".Device.Wireless", NM ".Device.Modem", NM ".AccessPoint", ACTIVE, NM ".Settings.Connection"};
    static const char *const signals[] = {
        "org.freedesktop.DBus.ObjectManager", ACTIVE "',member='StateChanged", NM ".Device',member='StateChanged",
        NM ".Settings.Connection',member='Updated", NM "',member='CheckPermissions"};
    DBusConnection *bus = connect_bus();
    for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
        add_match(bus, "type='signal',sender='" NM "',interface='" DBUS_INTERFACE_PROPERTIES
                       "',member='PropertiesChanged',arg0='%s'", changing[i]);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        add_match(bus, "type='signal',sender='" NM "',interface='%s'", signals[i]);
    dbus_connection_flush(bus);
    return bus;
}

/* Connects to the bus, with a match rule for other programs' signals that have the form of
 * an active connection's StateChanged. */
static DBusConnection *listen_to_all(void)
{
    DBusConnection *bus = connect_bus();
    add_match(bus, "type='signal',interface='%s',member='StateChanged'", ACTIVE);
    dbus_connection_flush(bus);
    return bus;
}

/* --------------------------------------------------------------- the causes */

static void send_away(DBusConnection *bus, DBusMessage *m)
{
    dbus_message_set_no_reply(m, TRUE);
    changed = bench_now();
    dbus_connection_send(bus, m, NULL);
    dbus_connection_flush(bus);
    dbus_message_unref(m);
}

static void stop_once(DBusConnection *bus, const char *profile)
{
    char *active = ask_path(bus, activation(profile));
    await_state(bus, active, UP);
    while (strcmp(row, "ours") == 0 && !__atomic_load_n(&known_up, __ATOMIC_ACQUIRE))
        poll(NULL, 0, 1);
    poll(NULL, 0, 10); /* all processes go to sleep */
    DBusMessage *call = method(NM_PATH, NM, "DeactivateConnection");
    dbus_message_append_args(call, DBUS_TYPE_OBJECT_PATH, &active, DBUS_TYPE_INVALID);
    send_away(bus, call);
    sem_wait(&seen);
    await_state(bus, active, 0);
    free(active);
}

static void signal_once(DBusConnection *bus)
{
    const dbus_uint32_t state = GOING_DOWN, reason = 2;
    poll(NULL, 0, 5);
    DBusMessage *m = dbus_message_new_signal(NM_PATH "/ActiveConnection/1", ACTIVE, "StateChanged");
    dbus_message_append_args(m, DBUS_TYPE_UINT32, &state, DBUS_TYPE_UINT32, &reason, DBUS_TYPE_INVALID);
    send_away(bus, m);
    sem_wait(&seen);
}

static void *cause(void *uuid)
{
    DBusConnection *bus = connect_bus();
    char *profile = find_profile(bus, uuid);
    for (int i = 0; i < count; i++)
        if (strcmp(row, "bus") == 0)
            signal_once(bus);
        else
            stop_once(bus, profile);
    free(profile);
    return NULL;
}

/* ------------------------------------------------------------ the listeners */

static void listen_raw(DBusConnection *bus)
{
    while (taken_count < count) {
        await_signal(bus, GOING_DOWN);
        record();
    }
}

static void on_changed(netsession_manager *manager, netsession_configuration *config, void *data)
{
    (void)manager, (void)data;
    if (strcmp(netsession_configuration_name(config), name) != 0)
        return;
    int up = netsession_configuration_state(config) == NETSESSION_CONFIGURATION_STATE_ACTIVE;
    if (up == known_up)
        return;
    if (!up)
        record();
    __atomic_store_n(&known_up, up, __ATOMIC_RELEASE);
}

static netsession_manager *make_manager(void)
{
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks, .configuration_changed = on_changed};
    netsession_manager *manager;
    if (netsession_manager_new(NULL, &manager, NULL, 0) < 0)
        exit(1);
    netsession_manager_set_callbacks(manager, &callbacks);
    return manager;
}

static void listen_ours(netsession_manager *manager)
{
    struct pollfd poller = {.fd = netsession_manager_fd(manager), .events = POLLIN};
    while (taken_count < count) {
        poll(&poller, 1, -1);
        netsession_manager_dispatch(manager);
    }
}

static void open_raw(DBusConnection *bus, const char *uuid)
{
    DBusMessage *call = activation(find_profile(bus, uuid));
    send_away(bus, call);
    await_signal(bus, UP);
    record();
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    pthread_t thread;
    row = argv[1];
    name = argv[2];
    count = argc > 4 ? atoi(argv[4]) : 1;
    taken = calloc((size_t)count, sizeof *taken);
    sem_init(&seen, 0, 0);
    dbus_threads_init_default();
    if (strcmp(row, "open") == 0) {
        open_raw(follow(), argv[3]);
    } else if (strcmp(row, "ours") == 0) {
        netsession_manager *manager = make_manager();
        pthread_create(&thread, NULL, cause, argv[3]);
        listen_ours(manager);
        pthread_join(thread, NULL);
    } else {
        DBusConnection *bus = strcmp(row, "raw") == 0 ? follow() : listen_to_all();
        pthread_create(&thread, NULL, cause, argv[3]);
        listen_raw(bus);
        pthread_join(thread, NULL);
    }
    for (int i = 0; i < taken_count; i++)
        printf("%lld\n", (long long)taken[i]);
    return 0;
}
