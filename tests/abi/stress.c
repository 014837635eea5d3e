/* stress.c - eight threads call all functions in random order: on live handles, on
 * handles that other threads free meanwhile, on freed handles and on invalid ones; in
 * callbacks, too. A model decides which answers are correct.
 *
 * Environment: STRESS sets the number of calls. SEED sets the seed, which repeats a run
 * as far as the scheduling of threads permits.
 */
#define _GNU_SOURCE
#include "stress.h"

static const char script[] =
    "access-point eth0 bearer=ethernet state=active address=192.0.2.1/24 default-route=yes metric=1\n"
    "access-point wlan0 bearer=wlan state=active address=192.0.2.2/24 metered=yes\n"
    "access-point wlan1 bearer=wlan\n"
    "start wlan1 fails not-supported \"It is refused.\"\n"
    "repeat forever\n"
    "    on refresh\n        set wlan0 state=defined\n        access-point usb0 bearer=ethernet\n"
    "    on refresh\n        set usb0 name=\"new\"\n        set wlan0 state=active\n"
    "    on refresh\n        remove usb0\n"
    "end\n";

/* --- functions that return a number and only read --- */

#define NUMBERS(X)                                             \
    X(SESSION, netsession_state, 0, 6)                         \
    X(SESSION, netsession_is_open, 0, 1)                       \
    X(SESSION, netsession_error, 0, 255)                       \
    X(SESSION, netsession_usage_policies, 0, 1)                \
    X(SESSION, netsession_interface_index, 0, INT_MAX)         \
    X(SESSION, netsession_active_time, 0, INT_MAX)             \
    X(CONFIG, netsession_configuration_is_valid, 0, 1)                \
    X(CONFIG, netsession_configuration_type, 0, 3)                    \
    X(CONFIG, netsession_configuration_state, 1, 14)                  \
    X(CONFIG, netsession_configuration_purpose, 0, 3)                 \
    X(CONFIG, netsession_configuration_bearer_type, 0, 12)            \
    X(CONFIG, netsession_configuration_bearer_type_family, 0, 12)     \
    X(CONFIG, netsession_configuration_is_roaming_available, 0, 1)    \
    X(CONFIG, netsession_configuration_signal_strength, 0, 100)       \
    X(CONFIG, netsession_configuration_connect_timeout, 1, INT_MAX)   \
    X(LIST, netsession_configuration_list_size, 0, 100)               \
    X(MANAGER, netsession_manager_fd, 0, INT_MAX)

/* --- functions that call into Go or change something --- */

#define CALLS(X)                                               \
    X(SESSION, netsession_open, 0, 0)                          \
    X(SESSION, netsession_close, 0, 0)                         \
    X(SESSION, netsession_migrate, 0, 0)                       \
    X(SESSION, netsession_ignore, 0, 0)                        \
    X(SESSION, netsession_accept, 0, 0)                        \
    X(SESSION, netsession_reject, 0, 0)                        \
    X(SESSION, netsession_is_opening, 0, 1)                    \
    X(SESSION, netsession_bytes_received, 0, INT_MAX)          \
    X(SESSION, netsession_bytes_written, 0, INT_MAX)           \
    X(STOPPABLE, netsession_stop, 0, 0)                        \
    X(MANAGER, netsession_manager_capabilities, 0, 0x7F)       \
    X(MANAGER, netsession_manager_is_online, 0, 1)             \
    X(MANAGER, netsession_manager_reachability, 1, 4)          \
    X(MANAGER, netsession_manager_is_behind_captive_portal, 0, 1) \
    X(MANAGER, netsession_manager_transport, 0, 4)             \
    X(MANAGER, netsession_manager_is_metered, 0, 1)            \
    X(MANAGER, netsession_manager_update_configurations, 0, 0)

#define TEXTS(X)                                               \
    X(SESSION, netsession_interface)                           \
    X(SESSION, netsession_error_string)                        \
    X(CONFIG, netsession_configuration_name)                          \
    X(CONFIG, netsession_configuration_identifier)                    \
    X(CONFIG, netsession_configuration_interface)                     \
    X(CONFIG, netsession_configuration_bearer_type_name)

#define WRAP_NUMBER(kind, f, low, high) \
    static long call_##f(void *handle) { return (long)f(handle); }
#define WRAP_TEXT(kind, f) \
    static const char *call_##f(void *handle) { return f(handle); }
#define ROW_NUMBER(kind, f, low, high) {kind, call_##f, low, high, #f},
#define ROW_TEXT(kind, f) {kind, call_##f, #f},

NUMBERS(WRAP_NUMBER)
CALLS(WRAP_NUMBER)
TEXTS(WRAP_TEXT)

struct number {
    enum kind kind;
    long (*call)(void *handle);
    long low, high;
    const char *name;
};

static const struct number numbers[] = {NUMBERS(ROW_NUMBER)}, calls[] = {CALLS(ROW_NUMBER)};

static const struct {
    enum kind kind;
    const char *(*call)(void *handle);
    const char *name;
} texts[] = {TEXTS(ROW_TEXT)};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void call_for_number(const struct number *n)
{
    struct pick p = pick(n->kind);
    const long answer = n->call(p.handle);
    check_answer(&p, answer, answer >= n->low && answer <= n->high, n->name);
}

static void call_for_text(void)
{
    const size_t i = random_below(COUNT(texts));
    struct pick p = pick(texts[i].kind);
    const char *text = texts[i].call(p.handle);
    expect(text && (p.is_live || !*text), texts[i].name, p.handle, 0);
}

/* --- making and freeing --- */

static void on_manager(netsession_manager *m, void *data)
{
    (void)m;
    finish_callback(data);
}

static void on_config(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m;
    expect(*netsession_configuration_identifier(c) != '\0', "identifier of a borrowed configuration", c, 0);
    expect(netsession_configuration_free(c) == -EPERM, "freeing a borrowed configuration", c, 0);
    finish_callback(data);
}

static void on_choose(netsession_manager *m, netsession *s, netsession_configuration_list *list, void *data)
{
    const int size = netsession_configuration_list_size(list);
    (void)m;
    expect(size > 0, "candidates", list, size);
    if (random_below(2))
        netsession_choose(s, netsession_configuration_list_at(list, (int)random_below((unsigned)size + 1)));
    finish_callback(data);
}

static const netsession_manager_callbacks manager_callbacks = {
    .struct_size = sizeof(netsession_manager_callbacks), .configuration_added = on_config,
    .configuration_changed = on_config, .configuration_removed = on_config, .update_completed = on_manager,
    .choose = on_choose,
};

static void on_opened(netsession *s, void *data)
{
    struct tracker *tracker = data;
    expect(tracker->is_open == 0 || tracker->was_moved, "opened twice", s, 0);
    tracker->is_open = 1;
    finish_callback(data);
}

static void on_closed(netsession *s, void *data)
{
    struct tracker *tracker = data;
    expect(tracker->is_open == 1 || tracker->was_moved, "closed without opened", s, 0);
    tracker->is_open = 0;
    finish_callback(data);
}

static void on_error(netsession *s, int error, const char *text, void *data)
{
    expect(error >= 0 && error <= 4 && *text, "error", s, error);
    finish_callback(data);
}

static void on_preferred(netsession *s, netsession_configuration *c, int is_seamless, void *data)
{
    (void)c, (void)is_seamless;
    if (random_below(2))
        netsession_migrate(s);
    finish_callback(data);
}

static void on_activated(netsession *s, void *data)
{
    random_below(2) ? netsession_accept(s) : netsession_reject(s);
    finish_callback(data);
}

static void make_manager(void)
{
    netsession_manager *m;
    netsession_manager_callbacks callbacks = manager_callbacks;
    char why[256];
    const int result = netsession_manager_new(&stress_options, &m, why, sizeof why);
    expect(result == 0, why, NULL, result);
    if (result < 0)
        return;
    callbacks.user_data = new_tracker();
    if (random_below(4))
        netsession_manager_set_callbacks(m, &callbacks);
    store(MANAGER, m, callbacks.user_data);
}

static const char *const identifiers[] = {"wlan0", "wlan1", "usb0", "eth0", "netsession:internet",
                                          "netsession:user-choice", "network:stress", "never"};
enum { STOPPABLES = 3 };

static void make_session(void)
{
    const size_t i = random_below(COUNT(identifiers));
    struct pick p = pick(MANAGER);
    netsession_configuration *c;
    netsession *s;
    int result = netsession_manager_configuration_from_identifier(p.handle, identifiers[i], &c);
    check_answer(&p, result, result == 0, "netsession_manager_configuration_from_identifier");
    if (result < 0)
        return;
    result = netsession_new(p.handle, c, &s);
    check_answer(&p, result, result == 0, "netsession_new");
    if (result == 0) {
        struct tracker *tracker = new_tracker();
        const netsession_callbacks callbacks = {
            .struct_size = sizeof callbacks, .user_data = tracker, .opened = on_opened, .closed = on_closed,
            .error = on_error, .new_configuration_activated = on_activated,
            .preferred_configuration_changed = random_below(2) ? on_preferred : NULL,
        };
        result = netsession_set_callbacks(s, &callbacks);
        expect(result == 0, "netsession_set_callbacks", s, result);
        store(i < STOPPABLES ? STOPPABLE : SESSION, s, tracker);
    }
    store(CONFIG, c, NULL);
}

static void make_list(void)
{
    struct pick p = pick(MANAGER);
    netsession_configuration_list *list;
    const int filter = (int)random_below(16);
    const int is_state = filter <= 2 || filter == 6 || filter == 14;
    const int count = netsession_manager_configurations(p.handle, (netsession_configuration_state_t)filter, &list);
    check_answer(&p, count, is_state ? count >= 0 : count == -EINVAL, "netsession_manager_configurations");
    if (count < 0)
        return;
    expect(netsession_configuration_list_at(list, count) == NULL, "index after the end of a list", list, count);
    for (int i = 0; i < count; i++)
        expect(*netsession_configuration_identifier(netsession_configuration_list_at(list, i)) != '\0', "identifier in a list", list, i);
    store(LIST, list, NULL);
}

static void free_random_handle(void)
{
    const enum kind kind = (enum kind)random_below(KINDS);
    if (kind == MANAGER && random_below(32))
        return; /* managers are made as rarely */
    struct taken t = take_random(kind);
    if (t.handle)
        free_taken(kind, &t);
}

static void free_bad_handle(void)
{
    const enum kind kind = (enum kind)random_below(KINDS);
    struct pick p = pick_bad(kind);
    const int result = free_handle(kind, p.handle);
    expect(result == -EBADF, "freeing a bad handle", p.handle, result);
}

/* --- operations on several handles --- */

static void dispatch(void)
{
    struct pick p = pick(MANAGER);
    const int result = netsession_manager_dispatch(p.handle);
    check_answer(&p, result, result >= 0 || result == -EBUSY, "netsession_manager_dispatch");
}

static void start_or_stop(void)
{
    struct pick p = pick(MANAGER);
    if (random_below(2)) {
        const int result = netsession_manager_start_thread(p.handle);
        check_answer(&p, result, result == 0 || result == -EALREADY, "netsession_manager_start_thread");
    } else if (!in_callback()) {
        const int result = netsession_manager_stop_thread(p.handle);
        check_answer(&p, result, result == 0 || result == -ESRCH, "netsession_manager_stop_thread");
    }
}

static void move_a_session(void)
{
    struct pick manager = pick(MANAGER), session = pick(SESSION);
    if (in_callback())
        return; /* the call waits for other callbacks, which might wait for this one */
    mark_moved(&session);
    const int result = netsession_set_manager(session.handle, manager.handle);
    check_answer_of_two(&manager, &session, result, result == 0, "netsession_set_manager");
}

static void compare_configurations(void)
{
    struct pick a = pick(CONFIG), b = pick(CONFIG);
    const int result = netsession_configuration_equal(a.handle, b.handle);
    check_answer_of_two(&a, &b, result, result == 0 || result == 1, "netsession_configuration_equal");
}

static void copy_a_configuration(void)
{
    struct pick p = pick(CONFIG);
    netsession_configuration *copy;
    const int result = netsession_configuration_copy(p.handle, &copy);
    check_answer(&p, result, result == 0, "netsession_configuration_copy");
    if (result == 0)
        store(CONFIG, copy, NULL);
}

static void define_a_network(void)
{
    struct pick manager = pick(MANAGER), child = pick(CONFIG);
    netsession_configuration *const children[] = {child.handle};
    const netsession_service_network network = {
        .struct_size = sizeof network, .identifier = "stress", .children = children, .children_count = 1,
    };
    netsession_configuration *c;
    int result = netsession_manager_define_service_network(manager.handle, &network, &c, NULL, 0);
    check_answer_of_two(&manager, &child, result, result == 0 || result == -EINVAL, "netsession_manager_define_service_network");
    if (result < 0)
        return;
    if (random_below(4)) {
        result = netsession_manager_remove_service_network(manager.handle, c);
        check_answer(&manager, result, result == 0 || result == -ENOENT, "netsession_manager_remove_service_network");
    }
    store(CONFIG, c, NULL);
}

static void wait_for_opened(void)
{
    struct pick p = pick(SESSION);
    const int result = netsession_wait_for_opened(p.handle, (int)random_below(3));
    check_answer(&p, result, result == 0 || result == 1, "netsession_wait_for_opened");
}

/* A session that only this thread uses, on a link that no thread stops: each answer is
 * known. */
static void use_private_session(void)
{
    netsession_manager *m;
    netsession_configuration *c;
    netsession *s;
    char why[256];
    int result = netsession_manager_new(&stress_options, &m, why, sizeof why);
    expect(result == 0, why, NULL, result);
    netsession_manager_configuration_from_identifier(m, "eth0", &c);
    result = netsession_new(m, c, &s);
    expect(result == 0, "private session", s, result);
    expect(netsession_state(s) == NETSESSION_STATE_CONNECTED, "state", s, netsession_state(s));
    for (int i = 0; i < 3; i++) {
        netsession_open(s);
        expect(netsession_wait_for_opened(s, -1) == 1, "opens", s, i);
        expect(netsession_is_open(s) == 1, "is open", s, i);
        expect(strcmp(netsession_interface(s), "eth0") == 0, "interface", s, i);
        expect(strcmp(netsession_property(s, "ActiveConfiguration"), "eth0") == 0, "ActiveConfiguration", s, i);
        netsession_close(s);
        expect(netsession_is_opening(s) == 0 && netsession_is_open(s) == 0, "closes", s, i);
    }
    netsession_set_property(s, "key", identifiers[random_below(COUNT(identifiers))]);
    expect(*netsession_property(s, "key") != '\0', "property", s, 0);
    expect(netsession_free(s) == 0 && netsession_free(s) == -EBADF, "freed once", s, 0);
    expect(netsession_configuration_free(c) == 0 && netsession_configuration_free(c) == -EBADF, "freed once", c, 0);
    expect(netsession_manager_free(m) == 0 && netsession_manager_free(m) == -EBADF, "freed once", m, 0);
}

/* Makes one random call. The shares are of 1024 calls. */
static void random_call(void)
{
    static const struct {
        unsigned share;
        void (*call)(void);
    } rare[] = {
        {4, make_session}, {4, free_random_handle}, {2, free_bad_handle}, {2, make_list}, {1, compare_configurations},
        {1, copy_a_configuration}, {24, dispatch}, {1, move_a_session},
    };
    static const struct {
        unsigned share;
        void (*call)(void);
    } rarest[] = {{40, make_manager}, {4, start_or_stop}, {8, define_a_network}, {8, wait_for_opened}, {4, use_private_session}};
    unsigned n = random_below(1024);
    for (size_t i = 0; i < COUNT(rare); n -= rare[i++].share)
        if (n < rare[i].share) {
            rare[i].call();
            return;
        }
    if (n < 24) {
        call_for_number(&calls[random_below(COUNT(calls))]);
    } else if (n < 28) {
        call_for_text();
    } else if (n > 28) {
        call_for_number(&numbers[random_below(COUNT(numbers))]);
    } else {
        n = random_below(1024);
        for (size_t i = 0; i < COUNT(rarest); n -= rarest[i++].share)
            if (n < rarest[i].share) {
                rarest[i].call();
                return;
            }
    }
}

int main(void)
{
    stress_options.script = play_file(script);
    stress_make_manager = make_manager;
    stress_call = random_call;
    RUN(random_calls_on_eight_threads);
    return check_result();
}
