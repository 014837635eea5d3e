/* fork.c - in a forked child all calls fail with -ECHILD immediately; the parent continues. */
#include "play.h"
#include <netsession_private.h>
#include <errno.h>
#include <pthread.h>
#include <sys/wait.h>

static netsession_manager *manager;
static netsession_configuration *config;
static netsession_configuration_list *list;
static netsession *session;
static const volatile netsession_configuration_view *config_view;
static const volatile netsession_view *view;

static int wrong; /* calls in the child with another result */

#define GONE(call) (wrong += (call) != -ECHILD)
#define EMPTY(call) (wrong += strcmp((call), "") != 0)
#define GONE_OUT(type, call)   \
    do {                       \
        type *out = (void *)1; \
        GONE(call);            \
        wrong += out != NULL;  \
    } while (0)

static void call_managers(void)
{
    netsession_service_network network = {
        .struct_size = sizeof network, .identifier = "office", .children = &config, .children_count = 1,
    };
    GONE_OUT(netsession_manager, netsession_manager_new(NULL, &out, NULL, 0));
    GONE(netsession_manager_set_callbacks(manager, NULL));
    GONE(netsession_manager_fd(manager));
    GONE(netsession_manager_dispatch(manager));
    GONE(netsession_manager_start_thread(manager));
    GONE(netsession_manager_stop_thread(manager));
    GONE(netsession_manager_capabilities(manager));
    GONE(netsession_manager_is_online(manager));
    GONE(netsession_manager_reachability(manager));
    GONE(netsession_manager_is_behind_captive_portal(manager));
    GONE(netsession_manager_transport(manager));
    GONE(netsession_manager_is_metered(manager));
    GONE(netsession_manager_update_configurations(manager));
    GONE_OUT(netsession_configuration_list, netsession_manager_configurations(manager, 0, &out));
    GONE_OUT(netsession_configuration, netsession_manager_default_configuration(manager, &out));
    GONE_OUT(netsession_configuration, netsession_manager_configuration_from_identifier(manager, "", &out));
    GONE_OUT(netsession_manager, netsession_manager_copy(manager, &out));
    GONE_OUT(netsession_configuration,
             netsession_manager_define_service_network(manager, &network, &out, NULL, 0));
    GONE(netsession_manager_remove_service_network(manager, config));
    GONE(netsession_manager_free(manager));
}

static void call_configurations(void)
{
    GONE_OUT(netsession_configuration, netsession_configuration_copy(config, &out));
    GONE(netsession_configuration_equal(config, config));
    GONE(netsession_configuration_is_valid(config));
    EMPTY(netsession_configuration_identifier(config));
    EMPTY(netsession_configuration_name(config));
    GONE(netsession_configuration_type(config));
    GONE(netsession_configuration_state(config));
    GONE(netsession_configuration_purpose(config));
    GONE(netsession_configuration_bearer_type(config));
    GONE(netsession_configuration_bearer_type_family(config));
    EMPTY(netsession_configuration_bearer_type_name(config));
    GONE(netsession_configuration_is_roaming_available(config));
    GONE(netsession_configuration_signal_strength(config));
    EMPTY(netsession_configuration_interface(config));
    GONE(netsession_configuration_connect_timeout(config));
    GONE(netsession_configuration_set_connect_timeout(config, 1));
    GONE_OUT(netsession_configuration_list, netsession_configuration_children(config, &out));
    GONE_OUT(netsession_configuration_list, netsession_configuration_underlying(config, &out));
    GONE(netsession_configuration_list_size(list));
    wrong += netsession_configuration_list_at(list, 0) != NULL;
    GONE(netsession_configuration_list_free(list));
    GONE(netsession_configuration_free(config));
}

static void call_sessions(void)
{
    GONE_OUT(netsession, netsession_new(manager, config, &out));
    GONE(netsession_set_callbacks(session, NULL));
    GONE(netsession_set_manager(session, manager));
    GONE_OUT(netsession_configuration, netsession_get_configuration(session, &out));
    GONE(netsession_open(session));
    GONE(netsession_close(session));
    GONE(netsession_stop(session));
    GONE(netsession_migrate(session));
    GONE(netsession_ignore(session));
    GONE(netsession_accept(session));
    GONE(netsession_reject(session));
    GONE(netsession_choose(session, config));
    GONE(netsession_wait_for_opened(session, -1));
    GONE(netsession_is_opening(session));
    GONE(netsession_state(session));
    GONE(netsession_is_open(session));
    GONE(netsession_error(session));
    EMPTY(netsession_error_string(session));
    GONE(netsession_usage_policies(session));
    EMPTY(netsession_interface(session));
    GONE(netsession_interface_index(session));
    GONE(netsession_bind_socket(session, 0));
    GONE(netsession_bytes_received(session));
    GONE(netsession_bytes_written(session));
    GONE(netsession_active_time(session));
    EMPTY(netsession_property(session, "AutoCloseSessionTimeout"));
    GONE(netsession_set_property(session, "key", "value"));
    GONE(netsession_free(session));
}

/* Views from before the fork, and views that the child asks for. */
static void look_at_views(void)
{
    wrong += view->state != NETSESSION_STATE_INVALID || view->is_open;
    wrong += config_view->type != NETSESSION_CONFIGURATION_TYPE_INVALID;
    wrong += config_view->state != NETSESSION_CONFIGURATION_STATE_UNDEFINED;
    wrong += netsession_view_of(session)->state != NETSESSION_STATE_INVALID;
    wrong += netsession_configuration_view_of(config)->type != NETSESSION_CONFIGURATION_TYPE_INVALID;
}

static void call_everything(void)
{
    wrong = 0;
    look_at_views();
    call_managers();
    call_configurations();
    call_sessions();
    EMPTY(netsession_state_name(0));
    EMPTY(netsession_error_name(0));
    EMPTY(netsession_configuration_type_name(0));
    EMPTY(netsession_configuration_state_name(2));
    wrong += netsession_version() != NETSESSION_VERSION;
    wrong += strcmp(netsession_version_string(), VERSION_STRING) != 0;
}

static void make_all(void)
{
    manager = play("access-point eth0 bearer=ethernet state=active address=192.0.2.1/24\n");
    netsession_manager_default_configuration(manager, &config);
    netsession_manager_configurations(manager, 0, &list);
    CHECK_INT(netsession_new(manager, config, &session), 0);
    config_view = netsession_configuration_view_of(config);
    view = netsession_view_of(session);
}

static void parent_goes_on(void)
{
    netsession_set_callbacks(session, &play_callbacks);
    play_clear();
    netsession_open(session);
    CHECK(play_await(manager, "opened"));
    CHECK_INT(view->state, NETSESSION_STATE_CONNECTED);
    CHECK_INT(view->is_open, 1);
    CHECK_INT(config_view->state, NETSESSION_CONFIGURATION_STATE_ACTIVE);
    CHECK_INT(netsession_free(session), 0);
    CHECK_INT(netsession_configuration_list_free(list), 0);
    CHECK_INT(netsession_configuration_free(config), 0);
    CHECK_INT(netsession_manager_free(manager), 0);
}

/* The exit status of a child, -1 if a signal has killed it. */
static int status_of(pid_t child)
{
    int status;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void child_gets_error(void)
{
    make_all();
    pid_t child = fork();
    if (child == 0) {
        alarm(30);
        call_everything();
        _exit(wrong);
    }
    CHECK_INT(status_of(child), 0);
    parent_goes_on();
}

static void grandchild_gets_error(void)
{
    make_all();
    pid_t child = fork();
    if (child == 0) {
        alarm(30);
        pid_t grandchild = fork();
        if (grandchild == 0) {
            call_everything();
            _exit(wrong);
        }
        _exit(status_of(grandchild));
    }
    CHECK_INT(status_of(child), 0);
    parent_goes_on();
}

/* The child may also exit with its exit handlers. */
static void child_exits(void)
{
    make_all();
    pid_t child = fork();
    if (child == 0) {
        alarm(30);
        play_file_count = 0; /* the files belong to the parent */
        exit(0);
    }
    CHECK_INT(status_of(child), 0);
    parent_goes_on();
}

static void fork_before_anything(void)
{
    pid_t child = fork();
    if (child == 0) {
        alarm(30);
        netsession_manager *m;
        _exit(netsession_manager_new(NULL, &m, NULL, 0) == -ECHILD ? 0 : 1);
    }
    CHECK_INT(status_of(child), 0);
}

static int keep_going = 1;

static void *keep_busy(void *data)
{
    while (__atomic_load_n(&keep_going, __ATOMIC_RELAXED)) {
        netsession_configuration_list *l;
        netsession_manager_configurations(manager, 0, &l);
        netsession_configuration_list_free(l);
    }
    return data;
}

/* The child does not wait for a lock that another thread holds at the fork. */
static void fork_while_busy(void)
{
    pthread_t busy;
    make_all();
    pthread_create(&busy, NULL, keep_busy, NULL);
    for (int i = 0; i < 50; i++) {
        pid_t child = fork();
        if (child == 0) {
            alarm(30);
            call_everything();
            _exit(wrong);
        }
        CHECK_INT(status_of(child), 0);
    }
    __atomic_store_n(&keep_going, 0, __ATOMIC_RELAXED);
    pthread_join(busy, NULL);
    parent_goes_on();
}

/* The child that a callback forks, or another thread during a callback. */
static int forked, dispatching, let_go;

static int status_of_a_child(void)
{
    pid_t child = fork();
    if (child == 0) {
        alarm(30);
        call_everything();
        _exit(wrong);
    }
    return status_of(child);
}

static void on_updated_fork(netsession_manager *m, void *data)
{
    (void)m, (void)data;
    CHECK_INT(status_of_a_child(), 0);
    forked++;
}

/* The child returns from the callback and from the dispatch. */
static void on_updated_return(netsession_manager *m, void *data)
{
    (void)m;
    *(pid_t *)data = fork();
    if (*(pid_t *)data == 0)
        alarm(30);
    forked++;
}

static void update(netsession_manager_callbacks callbacks)
{
    callbacks.struct_size = sizeof callbacks;
    netsession_manager_set_callbacks(manager, &callbacks);
    netsession_manager_update_configurations(manager);
    forked = 0;
    for (long end = play_now() + PLAY_TIMEOUT; !forked && play_now() < end;)
        play_dispatch(manager, end);
    CHECK_INT(forked, 1);
}

static void fork_in_a_callback(void)
{
    pid_t child;
    make_all();
    update((netsession_manager_callbacks){.update_completed = on_updated_fork});
    update((netsession_manager_callbacks){.update_completed = on_updated_return, .user_data = &child});
    if (child == 0) {
        call_everything();
        _exit(wrong);
    }
    CHECK_INT(status_of(child), 0);
    netsession_manager_set_callbacks(manager, NULL);
    parent_goes_on();
}

static void stay(netsession_manager *m, void *data)
{
    (void)m, (void)data;
    __atomic_store_n(&dispatching, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&let_go, __ATOMIC_SEQ_CST))
        poll(NULL, 0, 1);
}

static void fork_while_another_thread_dispatches(void)
{
    const netsession_manager_callbacks callbacks = {.struct_size = sizeof callbacks, .update_completed = stay};
    make_all();
    netsession_manager_set_callbacks(manager, &callbacks);
    CHECK_INT(netsession_manager_start_thread(manager), 0);
    netsession_manager_update_configurations(manager);
    for (long end = play_now() + PLAY_TIMEOUT; play_now() < end && !__atomic_load_n(&dispatching, __ATOMIC_SEQ_CST);)
        poll(NULL, 0, 1);
    CHECK_INT(dispatching, 1);
    CHECK_INT(status_of_a_child(), 0);
    __atomic_store_n(&let_go, 1, __ATOMIC_SEQ_CST);
    CHECK_INT(netsession_manager_stop_thread(manager), 0);
    netsession_manager_set_callbacks(manager, NULL);
    parent_goes_on();
}

static char *text_of(const char *path)
{
    static char text[1 << 16];
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f)
        fclose(f);
    text[n] = '\0';
    return text;
}

/* Each function of the library is called in this file. */
static void every_function_is_tested_here(void)
{
    const char *source = text_of(__FILE__);
    char name[128], call[130];
    int functions = 0;
    FILE *list = fopen("capi/libnetsession.symbols", "r");
    while (list && fscanf(list, "%127s", name) == 1) {
        snprintf(call, sizeof call, "%s(", name);
        functions++;
        if (!CHECK(strstr(source, call) != NULL))
            printf("#   %s\n", name);
    }
    if (list)
        fclose(list);
    CHECK(functions > 70);
}

int main(void)
{
    RUN(every_function_is_tested_here);
    RUN(fork_before_anything);
    RUN(child_gets_error);
    RUN(grandchild_gets_error);
    RUN(child_exits);
    RUN(fork_while_busy);
    RUN(fork_in_a_callback);
    RUN(fork_while_another_thread_dispatches);
    return check_result();
}
