/* events.c - which events are delivered, in which order, and when. */
#include "play.h"
#include <errno.h>

static int is_readable(netsession_manager *m)
{
    struct pollfd fd = {.fd = netsession_manager_fd(m), .events = POLLIN};
    return poll(&fd, 1, 0);
}

static int wait_readable(netsession_manager *m)
{
    struct pollfd fd = {.fd = netsession_manager_fd(m), .events = POLLIN};
    return poll(&fd, 1, PLAY_TIMEOUT);
}

/* A second manager that plays the steps of the tested manager's script. */
static netsession_manager *helper_of(const char *path)
{
    netsession_manager *helper = play_from_file(path);
    netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .update_completed = play_on_updated,
    };
    netsession_manager_set_callbacks(helper, &callbacks);
    return helper;
}

static void order_of_open_and_close(void)
{
    netsession_manager *m = play("access-point wlan0 bearer=wlan address=192.0.2.1/24\n");
    netsession *s = play_session(m, "wlan0", &play_callbacks);
    play_clear();
    CHECK_INT(netsession_state(s), NETSESSION_STATE_DISCONNECTED);
    netsession_open(s);
    CHECK(play_await(m, "Connected"));
    CHECK_STR(play_events(), "Connecting, opened, Connected");
    CHECK_INT(netsession_is_open(s), 1);
    play_clear();
    netsession_close(s);
    CHECK(play_await(m, "Disconnected"));
    CHECK_STR(play_events(), "closed, Closing, Disconnected");
    CHECK_INT(netsession_is_open(s), 0);
    netsession_free(s);
    netsession_manager_free(m);
}

/* is_opening takes all earlier calls into account. */
static void is_opening_while_open_is_pending(void)
{
    netsession_manager *m = play("access-point wlan0 bearer=wlan address=192.0.2.1/24\n"
                                 "access-point eth0 bearer=ethernet state=active\n"
                                 "start wlan0 hangs\n"
                                 "on refresh\n    start wlan0 succeeds\n");
    netsession *s = play_session(m, "wlan0", &play_callbacks);
    netsession *up = play_session(m, "eth0", NULL);
    play_clear();
    CHECK_INT(netsession_is_opening(s), 0);
    netsession_open(s);
    CHECK_INT(netsession_is_opening(s), 1);
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTING);
    netsession_close(s);
    CHECK_INT(netsession_is_opening(s), 0);
    netsession_open(s);
    netsession_manager_update_configurations(m);
    CHECK(play_await(m, "Connected"));
    CHECK_INT(netsession_is_opening(s), 0);
    netsession_open(up);
    CHECK_INT(netsession_is_opening(up), 0);
    CHECK_INT(netsession_is_open(up), 1);
    netsession_free(up);
    netsession_free(s);
    netsession_manager_free(m);
}

static const char *error_text;

static void on_error(netsession *s, int error, const char *text, void *data)
{
    play_on_error(s, error, text, data);
    error_text = netsession_error_string(s);
    CHECK_STR(text, error_text);
}

static void refusal(void)
{
    netsession_manager *m = play("access-point wlan0 bearer=wlan\n"
                                 "start wlan0 fails not-supported \"No.\"\n");
    netsession_callbacks callbacks = play_callbacks;
    netsession *s;
    callbacks.error = on_error;
    s = play_session(m, "wlan0", &callbacks);
    play_clear();
    CHECK_STR(netsession_error_string(s), "");
    CHECK_INT(netsession_error(s), NETSESSION_ERROR_NONE);
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 0);
    CHECK(play_await(m, "OperationNotSupportedError"));
    CHECK_STR(play_events(), "Connecting, Disconnected, OperationNotSupportedError");
    CHECK_INT(netsession_error(s), NETSESSION_ERROR_OPERATION_NOT_SUPPORTED);
    CHECK(strstr(error_text, "No.") != NULL);
    netsession_free(s);
    netsession_manager_free(m);
}

static void configurations_added_and_removed(void)
{
    netsession_manager *m = play("access-point eth0 bearer=ethernet\n"
                                 "on refresh\n    access-point eth1 bearer=ethernet\n"
                                 "on refresh\n    set eth1 name=\"new\"\n"
                                 "on refresh\n    remove eth1\n"
                                 "on refresh\n    access-point eth1 bearer=ethernet\n");
    netsession_configuration *c;
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    play_clear();
    CHECK(play_step(m));
    netsession_manager_configuration_from_identifier(m, "eth1", &c);
    CHECK_INT(netsession_configuration_is_valid(c), 1);
    CHECK(play_step(m));
    CHECK_STR(netsession_configuration_name(c), "new");
    CHECK(play_step(m));
    CHECK_INT(netsession_configuration_is_valid(c), 0);
    CHECK_INT(netsession_configuration_type(c), NETSESSION_CONFIGURATION_TYPE_INVALID);
    CHECK_INT(netsession_configuration_state(c), NETSESSION_CONFIGURATION_STATE_UNDEFINED);
    CHECK_STR(netsession_configuration_identifier(c), "eth1");
    CHECK(play_step(m));
    CHECK_INT(netsession_configuration_is_valid(c), 1);
    CHECK_STR(play_events(), "added eth1, changed netsession:internet, updated, "
                           "changed eth1, updated, "
                           "changed netsession:internet, removed eth1, updated, "
                           "added eth1, changed netsession:internet, updated");
    netsession_configuration_free(c);
    netsession_manager_free(m);
}

static netsession_configuration *borrowed, *kept;

static void keep(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, (void)data;
    borrowed = c;
    CHECK_INT(netsession_configuration_free(c), -EPERM);
    CHECK_INT(netsession_configuration_copy(c, &kept), 0);
}

static void borrowed_configurations(void)
{
    netsession_manager *m = play("access-point eth0 bearer=ethernet\non refresh\n    remove eth0\n");
    netsession_manager_callbacks callbacks = play_manager_callbacks;
    callbacks.configuration_removed = keep;
    netsession_manager_set_callbacks(m, &callbacks);
    CHECK(play_step(m));
    CHECK_INT(netsession_configuration_is_valid(borrowed), -EBADF);
    CHECK_INT(netsession_configuration_is_valid(kept), 0);
    CHECK_STR(netsession_configuration_identifier(kept), "eth0");
    CHECK_INT(netsession_configuration_free(kept), 0);
    netsession_manager_free(m);
}

static void online_on_edges_only(void)
{
    netsession_manager *m =
        play("access-point eth0 bearer=ethernet state=active address=192.0.2.1/24 default-route=yes\n"
             "access-point eth1 bearer=ethernet state=active address=192.0.2.2/24 default-route=yes\n"
             "on refresh\n    set eth0 state=defined\n"
             "on refresh\n    set eth1 state=defined\n"
             "on refresh\n    set eth1 state=active\n"
             "on refresh\n    set eth0 state=active\n");
    netsession_manager_callbacks callbacks = play_manager_callbacks;
    callbacks.configuration_changed = NULL;
    netsession_manager_set_callbacks(m, &callbacks);
    play_clear();
    CHECK_INT(netsession_manager_is_online(m), 1);
    CHECK(play_step(m) && play_step(m));
    CHECK_INT(netsession_manager_is_online(m), 0);
    CHECK(play_step(m) && play_step(m));
    CHECK_STR(play_events(), "updated, offline, updated, online, updated, updated");
    netsession_manager_free(m);
}

static void on_network_state(netsession_manager *m, int value, void *data)
{
    (void)m;
    (*(int *)data)++;
    play_record("%d", value);
}

/* Each part of the network state has its own event. While eth0 has no route to the
 * internet, the default is wlan0, which is not up but may have one. */
static void network_state(void)
{
    netsession_manager *m =
        play("access-point eth0 bearer=ethernet\n"
             "access-point wlan0 bearer=wlan\n"
             "on refresh\n    set eth0 state=active address=192.0.2.1/24\n"
             "on refresh\n    set eth0 default-route=yes\n"
             "on refresh\n    set eth0 metered=guessed\n"
             "on refresh\n    set eth0 reach=site captive-portal=yes\n"
             "on refresh\n    set eth0 reach=online captive-portal=no\n"
             "on refresh\n    set eth0 state=defined\n    set wlan0 state=active default-route=yes\n");
    int count = 0;
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks, .user_data = &count, .update_completed = play_on_updated,
        .reachability_changed = on_network_state, .captive_portal_changed = on_network_state,
        .transport_changed = on_network_state, .metered_changed = on_network_state,
    };
    netsession_manager_set_callbacks(m, &callbacks);
    CHECK_INT(netsession_manager_reachability(m), NETSESSION_REACHABILITY_DISCONNECTED);
    CHECK_INT(netsession_manager_transport(m), NETSESSION_TRANSPORT_UNKNOWN);

    play_clear();
    CHECK(play_step(m));
    CHECK_STR(play_events(), "3, updated");
    CHECK_INT(netsession_manager_reachability(m), NETSESSION_REACHABILITY_SITE);
    CHECK_INT(netsession_manager_transport(m), NETSESSION_TRANSPORT_UNKNOWN);
    play_clear();
    CHECK(play_step(m));
    CHECK_STR(play_events(), "4, 1, updated");
    CHECK_INT(netsession_manager_reachability(m), NETSESSION_REACHABILITY_ONLINE);
    CHECK_INT(netsession_manager_transport(m), NETSESSION_TRANSPORT_ETHERNET);
    CHECK_INT(netsession_manager_is_metered(m), 0);
    CHECK(play_step(m));
    CHECK_INT(netsession_manager_is_metered(m), 1);
    CHECK(play_step(m));
    CHECK_INT(netsession_manager_is_behind_captive_portal(m), 1);
    CHECK_INT(netsession_manager_is_online(m), 1);
    CHECK_INT(netsession_manager_reachability(m), NETSESSION_REACHABILITY_SITE);
    CHECK(play_step(m));
    CHECK_INT(netsession_manager_is_behind_captive_portal(m), 0);
    CHECK_INT(netsession_manager_reachability(m), NETSESSION_REACHABILITY_ONLINE);
    CHECK_INT(count, 8);
    play_clear();
    CHECK(play_step(m));
    CHECK_STR(play_events(), "3, 0, updated"); /* Wi-Fi now, and no longer metered */
    CHECK_INT(netsession_manager_transport(m), NETSESSION_TRANSPORT_WIFI);
    netsession_manager_free(m);
}

static void update_completes_once_each(void)
{
    netsession_manager *m = play("access-point eth0 bearer=ethernet\n");
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    play_clear();
    for (int i = 0; i < 5; i++)
        CHECK_INT(netsession_manager_update_configurations(m), 0);
    for (int i = 0; i < 5; i++)
        CHECK(play_await(m, "updated"));
    CHECK_STR(play_events(), "updated, updated, updated, updated, updated");
    CHECK_INT(netsession_manager_dispatch(m), 0);
    netsession_manager_free(m);
}

static void readable_while_events_wait(void)
{
    netsession_manager *m = play("access-point eth0 bearer=ethernet\n");
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    CHECK_INT(is_readable(m), 0);
    for (int i = 0; i < 100; i++) {
        netsession_manager_update_configurations(m);
        CHECK_INT(wait_readable(m), 1);
        CHECK_INT(netsession_manager_dispatch(m), 1);
        CHECK_INT(is_readable(m), 0);
        CHECK_INT(netsession_manager_dispatch(m), 0);
    }
    netsession_manager_free(m);
}

static int calls;

/* Causes another event, and returns when the event is pending. */
static void update_again(netsession_manager *m, void *helper)
{
    calls++;
    netsession_manager_update_configurations(m);
    play_clear();
    CHECK(play_step(helper)); /* this update completes after the other */
}

static void dispatch_runs_only_events_pending_at_start(void)
{
    const char *path = play_file("access-point eth0 bearer=ethernet\n");
    netsession_manager *m = play_from_file(path), *helper = helper_of(path);
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .user_data = helper,
        .update_completed = update_again,
    };
    netsession_manager_set_callbacks(m, &callbacks);
    netsession_manager_update_configurations(m);
    CHECK_INT(wait_readable(m), 1);
    for (calls = 0; calls < 10;) {
        const int before = calls;
        CHECK_INT(netsession_manager_dispatch(m), 1);
        CHECK_INT(calls, before + 1);
        CHECK_INT(is_readable(m), 1);
    }
    netsession_manager_free(helper);
    netsession_manager_free(m);
}

static int depth;

/* Dispatches in a callback, as a dialog with its own event loop does. */
static void nest(netsession_manager *m, void *data)
{
    (void)data;
    play_record("in");
    if (++depth == 1)
        CHECK_INT(netsession_manager_dispatch(m), 2);
    play_record("out");
    depth--;
}

static void nested_dispatch(void)
{
    netsession_manager *m = play("access-point eth0 bearer=ethernet\n");
    netsession_manager *helper = helper_of(play_files[play_file_count - 1]);
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .update_completed = nest,
    };
    netsession_manager_set_callbacks(m, &callbacks);
    for (int i = 0; i < 3; i++)
        netsession_manager_update_configurations(m);
    CHECK(play_step(helper)); /* now the three events are pending */
    play_clear();
    CHECK_INT(netsession_manager_dispatch(m), 1);
    CHECK_STR(play_events(), "in, in, out, in, out, out");
    netsession_manager_free(helper);
    netsession_manager_free(m);
}

static void changes_coalesce(void)
{
    const char *path = play_file("access-point eth0 bearer=ethernet\n"
                                 "access-point eth1 bearer=ethernet\n"
                                 "repeat 500 times\n"
                                 "on refresh\n    set eth0 name=\"a\"\n    set eth1 name=\"a\"\n"
                                 "on refresh\n    set eth0 name=\"b\"\n    set eth1 name=\"b\"\n"
                                 "end\n");
    netsession_manager *m = play_from_file(path), *helper = helper_of(path);
    netsession_manager_callbacks callbacks = play_manager_callbacks;
    netsession_manager_set_callbacks(m, &callbacks);
    for (int i = 0; i < 1000; i++) {
        play_clear();
        CHECK(play_step(helper));
    }
    play_clear();
    CHECK_INT(netsession_manager_dispatch(m), 2);
    CHECK_STR(play_events(), "changed eth0, changed eth1");
    CHECK_INT(is_readable(m), 0);
    netsession_manager_free(helper);
    netsession_manager_free(m);
}

static void session_events_do_not_coalesce(void)
{
    const char *path = play_file("access-point eth0 bearer=ethernet\n"
                                 "repeat 100 times\n"
                                 "on refresh\n    set eth0 state=active\n"
                                 "on refresh\n    set eth0 state=discovered\n"
                                 "end\n");
    netsession_manager *m = play_from_file(path), *helper = helper_of(path);
    netsession *s = play_session(m, "eth0", &play_callbacks);
    for (int i = 0; i < 200; i++) {
        play_clear();
        CHECK(play_step(helper));
    }
    play_clear();
    CHECK_INT(netsession_manager_dispatch(m), 200);
    for (int i = 0; i < 200; i++)
        CHECK_STR(play_lines[i], i % 2 ? "Disconnected" : "Connected");
    netsession_free(s);
    netsession_manager_free(helper);
    netsession_manager_free(m);
}

static void nothing_without_callbacks(void)
{
    const char *path = play_file("access-point eth0 bearer=ethernet\n"
                                 "on refresh\n    set eth0 state=active\n");
    netsession_manager *m = play_from_file(path), *helper = helper_of(path);
    netsession *s = play_session(m, "eth0", NULL);
    netsession_manager_update_configurations(m);
    CHECK(play_step(helper));
    CHECK_INT(is_readable(m), 0);
    CHECK_INT(netsession_manager_dispatch(m), 0);
    netsession_free(s);
    netsession_manager_free(helper);
    netsession_manager_free(m);
}

static void removed_callbacks_do_not_run(void)
{
    netsession_manager *m = play("access-point eth0 bearer=ethernet state=active address=192.0.2.1/24\n");
    netsession *s = play_session(m, "eth0", &play_callbacks);
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    netsession_open(s);
    CHECK_INT(wait_readable(m), 1);
    netsession_set_callbacks(s, NULL);
    netsession_manager_update_configurations(m);
    play_clear();
    CHECK(play_await(m, "updated"));
    CHECK_STR(play_events(), "updated");
    netsession_manager_update_configurations(m);
    CHECK_INT(wait_readable(m), 1);
    netsession_manager_set_callbacks(m, NULL);
    play_clear();
    netsession_manager_dispatch(m);
    CHECK_STR(play_events(), "");
    netsession_free(s);
    netsession_manager_free(m);
}

static void events_of_the_freed_are_dropped(void)
{
    netsession_manager *m = play("access-point eth0 bearer=ethernet state=active address=192.0.2.1/24\n");
    netsession *s = play_session(m, "eth0", &play_callbacks);
    netsession_open(s);
    CHECK_INT(wait_readable(m), 1);
    netsession_free(s);
    play_clear();
    CHECK_INT(netsession_manager_dispatch(m), 0);
    CHECK_STR(play_events(), "");
    netsession_manager_free(m);
}

static void sessions_outlive_their_manager(void)
{
    const char *path = play_file("access-point eth0 bearer=ethernet\n"
                                 "on refresh\n    set eth0 state=active\n");
    netsession_manager *m = play_from_file(path), *helper = helper_of(path);
    netsession *s = play_session(m, "eth0", &play_callbacks);
    netsession_manager_free(m);
    play_clear();
    CHECK(play_step(helper));
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTED);
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 1);
    CHECK_STR(play_events(), "updated");
    netsession_free(s);
    netsession_manager_free(helper);
}

static const char two_links[] =
    "access-point eth0 bearer=ethernet state=active address=192.0.2.1/24 default-route=yes metric=100\n"
    "access-point wlan0 bearer=wlan address=192.0.2.2/24 default-route=yes metric=600\n"
    "on refresh\n    set eth0 state=defined\n";

static void forced_roaming(void)
{
    netsession_manager *m = play(two_links);
    netsession *s = play_session(m, "netsession:internet", &play_callbacks);
    netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .update_completed = play_on_updated,
    };
    netsession_manager_set_callbacks(m, &callbacks);
    play_clear();
    netsession_open(s);
    CHECK(play_await(m, "opened"));
    CHECK_STR(netsession_interface(s), "eth0");
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "eth0");
    netsession_manager_update_configurations(m);
    CHECK(play_await(m, "activated"));
    CHECK(play_await(m, "Connected"));
    CHECK_STR(netsession_interface(s), "wlan0");
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "wlan0");
    netsession_free(s);
    netsession_manager_free(m);
}

static void application_level_roaming(void)
{
    netsession_manager *m = play(two_links);
    netsession *s = play_session(m, "netsession:internet", &play_roaming_callbacks);
    play_clear();
    netsession_open(s);
    CHECK(play_await(m, "opened"));
    netsession_manager_update_configurations(m);
    CHECK(play_await(m, "prefer wlan0"));
    CHECK_INT(netsession_state(s), NETSESSION_STATE_ROAMING);
    netsession_migrate(s);
    CHECK(play_await(m, "activated"));
    netsession_accept(s);
    CHECK_STR(netsession_interface(s), "wlan0");
    netsession_free(s);
    netsession_manager_free(m);
}

static void policies(void)
{
    netsession_manager *m = play("access-point wwan0 bearer=lte state=active metered=no address=192.0.2.1/24\n"
                                 "on refresh\n    set wwan0 metered=yes\n");
    netsession *s = play_session(m, "wwan0", &play_callbacks);
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    CHECK_INT(netsession_usage_policies(s), NETSESSION_POLICY_NONE);
    play_clear();
    netsession_manager_update_configurations(m);
    CHECK(play_await(m, "policies 1"));
    CHECK_INT(netsession_usage_policies(s), NETSESSION_POLICY_NO_BACKGROUND_TRAFFIC);
    netsession_free(s);
    netsession_manager_free(m);
}

int main(void)
{
    RUN(order_of_open_and_close);
    RUN(is_opening_while_open_is_pending);
    RUN(refusal);
    RUN(configurations_added_and_removed);
    RUN(borrowed_configurations);
    RUN(online_on_edges_only);
    RUN(network_state);
    RUN(update_completes_once_each);
    RUN(readable_while_events_wait);
    RUN(dispatch_runs_only_events_pending_at_start);
    RUN(nested_dispatch);
    RUN(changes_coalesce);
    RUN(session_events_do_not_coalesce);
    RUN(nothing_without_callbacks);
    RUN(removed_callbacks_do_not_run);
    RUN(events_of_the_freed_are_dropped);
    RUN(sessions_outlive_their_manager);
    RUN(forced_roaming);
    RUN(application_level_roaming);
    RUN(policies);
    return check_result();
}
