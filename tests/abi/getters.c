/* getters.c - the getters of configurations, lists and sessions. */
#include "play.h"
#include <netsession_private.h>
#include <errno.h>
#include <limits.h>

static const char scene[] =
    "access-point wlan0 name=\"Office Wi-Fi\" bearer=wlan address=192.0.2.2/24 purpose=private\n"
    "access-point eth0 name=\"Office cable\" bearer=ethernet state=active address=192.0.2.1/24"
    " default-route=yes index=7 received=1000 written=2000 connect-timeout=5s\n"
    "access-point wwan0 bearer=hspa state=defined strength=60\n"
    "on refresh\n    remove eth0\n";

static void list_is(netsession_manager *m, netsession_configuration_state_t filter, const char *expected)
{
    netsession_configuration_list *list;
    char text[400] = "";
    int n = netsession_manager_configurations(m, filter, &list);
    CHECK_INT(netsession_configuration_list_size(list), n);
    for (int i = 0; i < n; i++) {
        strcat(text, i ? " " : "");
        strcat(text, netsession_configuration_identifier(netsession_configuration_list_at(list, i)));
    }
    CHECK_STR(text, expected);
    CHECK_INT(netsession_configuration_list_free(list), 0);
}

static void lists(void)
{
    netsession_manager *m = play(scene);
    list_is(m, NETSESSION_CONFIGURATION_STATE_ANY, "eth0 wlan0 wwan0 netsession:internet");
    list_is(m, NETSESSION_CONFIGURATION_STATE_DEFINED, "eth0 wlan0 wwan0 netsession:internet");
    list_is(m, NETSESSION_CONFIGURATION_STATE_DISCOVERED, "eth0 wlan0 netsession:internet");
    list_is(m, NETSESSION_CONFIGURATION_STATE_ACTIVE, "eth0 netsession:internet");
    list_is(m, NETSESSION_CONFIGURATION_STATE_UNDEFINED, "");
    netsession_manager_free(m);
}

/* Only the values of states are filters; -EINVAL for others, such as types. */
static void filters_that_are_refused(void)
{
    static const int filters[] = {NETSESSION_CONFIGURATION_TYPE_INVALID, -1, 4, 7, 8, 0xF, 0x10, 0x100, 0x106, INT_MAX, INT_MIN};
    netsession_manager *m = play(scene);
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        netsession_configuration_list *list = (void *)1;
        CHECK_INT(netsession_manager_configurations(m, (netsession_configuration_state_t)filters[i], &list), -EINVAL);
        CHECK(list == NULL);
    }
    netsession_manager_free(m);
}

static netsession_configuration *config_of(netsession_manager *m, const char *identifier)
{
    netsession_configuration *c;
    CHECK_INT(netsession_manager_configuration_from_identifier(m, identifier, &c), 0);
    return c;
}

static void access_point(void)
{
    netsession_manager *m = play(scene);
    netsession_configuration *c = config_of(m, "eth0");
    CHECK_INT(netsession_configuration_is_valid(c), 1);
    CHECK_STR(netsession_configuration_identifier(c), "eth0");
    CHECK_STR(netsession_configuration_name(c), "Office cable");
    CHECK_INT(netsession_configuration_type(c), NETSESSION_CONFIGURATION_TYPE_INTERNET_ACCESS_POINT);
    CHECK_INT(netsession_configuration_state(c), NETSESSION_CONFIGURATION_STATE_ACTIVE);
    CHECK_INT(netsession_configuration_bearer_type(c), NETSESSION_BEARER_ETHERNET);
    CHECK_INT(netsession_configuration_bearer_type_family(c), NETSESSION_BEARER_ETHERNET);
    CHECK_STR(netsession_configuration_bearer_type_name(c), "Ethernet");
    CHECK_INT(netsession_configuration_is_roaming_available(c), 0);
    CHECK_STR(netsession_configuration_interface(c), "eth0");
    CHECK_INT(netsession_configuration_connect_timeout(c), 5000);
    CHECK_INT(netsession_configuration_signal_strength(c), 0);
    netsession_configuration_free(c);
    c = config_of(m, "wwan0");
    CHECK_INT(netsession_configuration_bearer_type(c), NETSESSION_BEARER_HSPA);
    CHECK_INT(netsession_configuration_bearer_type_family(c), NETSESSION_BEARER_3G);
    CHECK_STR(netsession_configuration_bearer_type_name(c), "HSPA");
    CHECK_INT(netsession_configuration_connect_timeout(c), 30000);
    CHECK_INT(netsession_configuration_signal_strength(c), 60);
    netsession_configuration_free(c);
    c = config_of(m, "wlan0");
    CHECK_INT(netsession_configuration_purpose(c), NETSESSION_PURPOSE_PRIVATE);
    netsession_configuration_free(c);
    netsession_manager_free(m);
}

/* The value changes without an event. */
static void strength_jitters(void)
{
    netsession_manager *m = play("access-point wlan0 bearer=wlan strength=72\n"
                                 "on refresh\n    set wlan0 strength=31\n");
    netsession_configuration *c = config_of(m, "wlan0");
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    play_clear();
    CHECK_INT(netsession_configuration_signal_strength(c), 72);
    CHECK(play_step(m));
    CHECK_INT(netsession_configuration_signal_strength(c), 31);
    CHECK_STR(play_events(), "updated");
    netsession_configuration_free(c);
    netsession_manager_free(m);
}

static void service_network(void)
{
    netsession_manager *m = play("access-point eth0 bearer=ethernet\naccess-point eth1 bearer=ethernet\n"
                                 "access-point eth2 bearer=ethernet purpose=private\n");
    netsession_configuration *c = config_of(m, "netsession:internet");
    netsession_configuration_list *list = NULL;
    CHECK_INT(netsession_configuration_type(c), NETSESSION_CONFIGURATION_TYPE_SERVICE_NETWORK);
    CHECK_STR(netsession_configuration_name(c), "Internet");
    CHECK_INT(netsession_configuration_bearer_type(c), NETSESSION_BEARER_UNKNOWN);
    CHECK_STR(netsession_configuration_bearer_type_name(c), "");
    CHECK_INT(netsession_configuration_is_roaming_available(c), 1);
    CHECK_STR(netsession_configuration_interface(c), "");
    CHECK_INT(netsession_configuration_children(c, &list), 2);
    netsession_configuration_free(c);
    c = netsession_configuration_list_at(list, 1);
    CHECK_STR(netsession_configuration_identifier(c), "eth1");
    CHECK_INT(netsession_configuration_list_free(list), 0);
    c = config_of(m, "eth0");
    CHECK_INT(netsession_configuration_children(c, &list), 0);
    CHECK_INT(netsession_configuration_list_free(list), 0);
    netsession_configuration_free(c);
    netsession_manager_free(m);
}

static void no_configuration(void)
{
    netsession_manager *m = play(scene);
    const char *const none[] = {"", "eth9", "ETH0"};
    netsession_configuration *other = config_of(m, "nothing");
    for (int i = 0; i < 3; i++) {
        netsession_configuration *c = config_of(m, none[i]), *copy;
        netsession_configuration_list *list;
        CHECK_INT(netsession_configuration_is_valid(c), 0);
        CHECK_STR(netsession_configuration_identifier(c), none[i]);
        CHECK_STR(netsession_configuration_name(c), "");
        CHECK_INT(netsession_configuration_type(c), NETSESSION_CONFIGURATION_TYPE_INVALID);
        CHECK_INT(netsession_configuration_state(c), NETSESSION_CONFIGURATION_STATE_UNDEFINED);
        CHECK_INT(netsession_configuration_purpose(c), NETSESSION_PURPOSE_UNKNOWN);
        CHECK_INT(netsession_configuration_bearer_type(c), NETSESSION_BEARER_UNKNOWN);
        CHECK_INT(netsession_configuration_connect_timeout(c), 30000);
        CHECK_INT(netsession_configuration_set_connect_timeout(c, 1), 0);
        CHECK_INT(netsession_configuration_connect_timeout(c), *none[i] ? 1 : 30000);
        CHECK_INT(netsession_configuration_children(c, &list), 0);
        CHECK_INT(netsession_configuration_list_free(list), 0);
        CHECK_INT(netsession_configuration_underlying(c, &list), 0);
        CHECK_INT(netsession_configuration_list_free(list), 0);
        CHECK_INT(netsession_configuration_equal(c, other), 0);
        CHECK_INT(netsession_configuration_copy(c, &copy), 0);
        CHECK_INT(netsession_configuration_equal(c, copy), 1);
        CHECK_INT(netsession_configuration_free(copy), 0);
        CHECK_INT(netsession_configuration_free(c), 0);
    }
    netsession_configuration_free(other);
    netsession_manager_free(m);
}

/* A handle and a session that were made before the configuration existed. */
static void configuration_appears_later(void)
{
    netsession_manager *m = play("on refresh\n    access-point wlan0 name=\"Wi-Fi\" bearer=wlan\n"
                                 "on refresh\n    remove wlan0\n");
    netsession_configuration *c = config_of(m, "wlan0"), *again;
    netsession *s = play_session(m, "wlan0", &play_callbacks);
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    CHECK_INT(netsession_state(s), NETSESSION_STATE_INVALID);
    CHECK_STR(netsession_error_string(s), "There is no configuration wlan0.");
    play_clear();
    netsession_open(s);
    CHECK(play_await(m, "InvalidConfigurationError"));
    CHECK(play_step(m));
    CHECK_INT(netsession_configuration_is_valid(c), 1);
    CHECK_STR(netsession_configuration_name(c), "Wi-Fi");
    again = config_of(m, "wlan0");
    CHECK_INT(netsession_configuration_equal(c, again), 1);
    netsession_open(s);
    CHECK(play_await(m, "opened"));
    CHECK(play_step(m));
    CHECK_INT(netsession_configuration_is_valid(c), 0);
    CHECK_STR(netsession_configuration_identifier(c), "wlan0");
    netsession_free(s);
    netsession_configuration_free(again);
    netsession_configuration_free(c);
    netsession_manager_free(m);
}

static void equality(void)
{
    netsession_manager *m = play(scene), *other = play(scene);
    netsession_configuration *a = config_of(m, "eth0"), *b = config_of(m, "wlan0"), *none = config_of(m, "");
    netsession_configuration *copy, *foreign = config_of(other, "eth0");
    CHECK_INT(netsession_configuration_copy(a, &copy), 0);
    CHECK(copy != a);
    CHECK_INT(netsession_configuration_equal(a, a), 1);
    CHECK_INT(netsession_configuration_equal(a, copy), 1);
    CHECK_INT(netsession_configuration_equal(a, foreign), 1);
    CHECK_INT(netsession_configuration_equal(a, b), 0);
    CHECK_INT(netsession_configuration_equal(a, none), 0);
    CHECK_INT(netsession_configuration_equal(none, none), 1);
    netsession_configuration_free(foreign);
    netsession_configuration_free(copy);
    netsession_configuration_free(none);
    netsession_configuration_free(b);
    netsession_configuration_free(a);
    netsession_manager_free(other);
    netsession_manager_free(m);
}

static void copies_share_state(void)
{
    netsession_manager *m = play(scene);
    netsession_configuration *a = config_of(m, "eth0"), *copy;
    CHECK_INT(netsession_configuration_copy(a, &copy), 0);
    CHECK_INT(netsession_configuration_set_connect_timeout(a, 1234), 0);
    CHECK_INT(netsession_configuration_connect_timeout(copy), 1234);
    CHECK_INT(netsession_configuration_set_connect_timeout(a, INT_MAX), 0);
    CHECK_INT(netsession_configuration_connect_timeout(copy), INT_MAX);
    CHECK_INT(netsession_configuration_set_connect_timeout(a, -1), -EINVAL);
    CHECK_INT(netsession_configuration_set_connect_timeout(a, INT_MIN), -EINVAL);
    CHECK_INT(netsession_configuration_connect_timeout(copy), INT_MAX);
    CHECK_INT(netsession_configuration_set_connect_timeout(a, 0), 0);
    CHECK_INT(netsession_configuration_connect_timeout(copy), 5000);
    CHECK_INT(netsession_configuration_free(a), 0);
    CHECK_INT(netsession_configuration_state(copy), NETSESSION_CONFIGURATION_STATE_ACTIVE);
    netsession_configuration_free(copy);
    netsession_manager_free(m);
}

static void configurations_outlive_their_manager(void)
{
    netsession_manager *m = play(scene);
    netsession_configuration *c = config_of(m, "eth0");
    netsession_configuration_list *list;
    netsession_manager_configurations(m, 0, &list);
    netsession_manager_free(m);
    CHECK_INT(netsession_configuration_is_valid(c), 1);
    CHECK_STR(netsession_configuration_name(c), "Office cable");
    CHECK_STR(netsession_configuration_name(netsession_configuration_list_at(list, 1)), "Office Wi-Fi");
    netsession_configuration_list_free(list);
    netsession_configuration_free(c);
}

static void session_values(void)
{
    netsession_manager *m = play(scene);
    netsession *s = play_session(m, "eth0", NULL), *idle = play_session(m, "wlan0", NULL);
    netsession_configuration *c;
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTED);
    CHECK_INT(netsession_is_open(s), 0);
    CHECK_STR(netsession_interface(s), "eth0");
    CHECK_INT(netsession_interface_index(s), 7);
    CHECK_INT(netsession_bytes_received(s), 1000);
    CHECK_INT(netsession_bytes_written(s), 2000);
    CHECK(netsession_active_time(s) >= 0 && netsession_active_time(s) < 60);
    CHECK_INT(netsession_get_configuration(s, &c), 0);
    CHECK_STR(netsession_configuration_identifier(c), "eth0");
    netsession_configuration_free(c);
    CHECK_INT(netsession_state(idle), NETSESSION_STATE_DISCONNECTED);
    CHECK_STR(netsession_interface(idle), "");
    CHECK_INT(netsession_interface_index(idle), 0);
    CHECK_INT(netsession_bytes_received(idle), 0);
    CHECK_INT(netsession_active_time(idle), 0);
    netsession_free(idle);
    netsession_free(s);
    netsession_manager_free(m);
}

/* Views are up to date without a dispatch, as the getters are. */
static void views(void)
{
    netsession_manager *m = play("access-point wlan0 bearer=wlan purpose=private\n"
                                 "access-point eth0 bearer=ethernet\n"
                                 "on refresh\n    set wlan0 metered=yes\n"
                                 "on refresh\n    remove wlan0\n");
    netsession *s = play_session(m, "wlan0", NULL);
    netsession_configuration *c = config_of(m, "wlan0"), *group = config_of(m, "netsession:internet");
    const volatile netsession_view *view = netsession_view_of(s);
    const volatile netsession_configuration_view *config_view = netsession_configuration_view_of(c);
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    CHECK_INT(view->state, NETSESSION_STATE_DISCONNECTED);
    CHECK_INT(view->is_open, 0);
    CHECK_INT(view->error, NETSESSION_ERROR_NONE);
    CHECK_INT(config_view->type, NETSESSION_CONFIGURATION_TYPE_INTERNET_ACCESS_POINT);
    CHECK_INT(config_view->state, NETSESSION_CONFIGURATION_STATE_DISCOVERED);
    CHECK_INT(config_view->purpose, NETSESSION_PURPOSE_PRIVATE);
    CHECK_INT(config_view->bearer_type, NETSESSION_BEARER_WLAN);
    CHECK_INT(config_view->is_roaming_available, 0);
    CHECK_INT(netsession_configuration_view_of(group)->type, NETSESSION_CONFIGURATION_TYPE_SERVICE_NETWORK);
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 1);
    CHECK_INT(view->state, NETSESSION_STATE_CONNECTED);
    CHECK_INT(view->is_open, 1);
    CHECK_INT(config_view->state, NETSESSION_CONFIGURATION_STATE_ACTIVE);
    CHECK(play_step(m));
    CHECK_INT(view->usage_policies, NETSESSION_POLICY_NO_BACKGROUND_TRAFFIC);
    CHECK(play_step(m));
    CHECK_INT(view->state, NETSESSION_STATE_INVALID);
    CHECK_INT(view->is_open, 0);
    CHECK_INT(view->error, NETSESSION_ERROR_INVALID_CONFIGURATION);
    CHECK_INT(config_view->type, NETSESSION_CONFIGURATION_TYPE_INVALID);
    CHECK(netsession_view_of(s) == view);
    CHECK(netsession_configuration_view_of(c) == config_view);
    netsession_configuration_free(group);
    netsession_configuration_free(c);
    netsession_free(s);
    netsession_manager_free(m);
}

static void active_time_goes_on(void)
{
    netsession_manager *m = play("access-point eth0 bearer=ethernet state=active address=192.0.2.1/24\n");
    netsession *s = play_session(m, "eth0", NULL);
    const long end = play_now() + PLAY_TIMEOUT;
    while (netsession_active_time(s) < 1 && play_now() < end)
        poll(NULL, 0, 10);
    CHECK_INT(netsession_active_time(s), 1);
    netsession_free(s);
    netsession_manager_free(m);
}

static void session_on_invalid_configuration(void)
{
    netsession_manager *m = play(scene);
    netsession *s = play_session(m, "eth9", &play_callbacks);
    netsession_configuration *c;
    CHECK_INT(netsession_state(s), NETSESSION_STATE_INVALID);
    CHECK_INT(netsession_error(s), NETSESSION_ERROR_INVALID_CONFIGURATION);
    CHECK_INT(netsession_get_configuration(s, &c), 0);
    CHECK_INT(netsession_configuration_is_valid(c), 0);
    netsession_configuration_free(c);
    play_clear();
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 0);
    CHECK(play_await(m, "InvalidConfigurationError"));
    CHECK_STR(play_events(), "InvalidConfigurationError");
    netsession_free(s);
    netsession_manager_free(m);
}

/* A configuration of another manager is looked up by its identifier. */
static void session_on_a_foreign_configuration(void)
{
    netsession_manager *m = play(scene);
    netsession_manager *other = play("access-point eth0 name=\"Elsewhere\" bearer=ethernet\n");
    netsession_configuration *foreign = config_of(other, "eth0"), *own;
    netsession *s;
    CHECK_INT(netsession_new(m, foreign, &s), 0);
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTED);
    netsession_get_configuration(s, &own);
    CHECK_STR(netsession_configuration_name(own), "Office cable");
    netsession_configuration_free(own);
    netsession_configuration_free(foreign);
    netsession_free(s);
    netsession_manager_free(other);
    netsession_manager_free(m);
}

static void defaults(void)
{
    netsession_manager *m = play(scene), *empty = play("# nothing at all\n");
    netsession_configuration *c;
    CHECK_INT(netsession_manager_default_configuration(m, &c), 0);
    CHECK_STR(netsession_configuration_identifier(c), "eth0");
    netsession_configuration_free(c);
    CHECK_INT(netsession_manager_is_online(m), 1);
    CHECK(netsession_manager_capabilities(m) & NETSESSION_CAPABILITY_CAN_START_AND_STOP_INTERFACES);
    CHECK_INT(netsession_manager_default_configuration(empty, &c), 0);
    CHECK_INT(netsession_configuration_is_valid(c), 0);
    netsession_configuration_free(c);
    CHECK_INT(netsession_manager_is_online(empty), 0);
    list_is(empty, NETSESSION_CONFIGURATION_STATE_ANY, "netsession:internet");
    list_is(empty, NETSESSION_CONFIGURATION_STATE_UNDEFINED, "netsession:internet");
    netsession_manager_free(empty);
    netsession_manager_free(m);
}

/* More configurations than the initial buffer of a list holds. */
static void two_thousand_configurations(void)
{
    static char script[2000 * 48];
    size_t length = 0;
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks, .update_completed = play_on_updated};
    netsession_manager *m;
    netsession_configuration_list *list;
    for (int i = 0; i < 2000; i++)
        length += (size_t)sprintf(script + length, "access-point link%04d bearer=ethernet\n", i);
    m = play(script);
    netsession_manager_set_callbacks(m, &callbacks);
    play_step(m); /* on a slow machine the first snapshot arrives after the manager was made */
    for (int i = 0; i < 3; i++) {
        CHECK_INT(netsession_manager_configurations(m, 0, &list), 2001);
        CHECK_STR(netsession_configuration_identifier(netsession_configuration_list_at(list, 1999)), "link1999");
        netsession_configuration_list_free(list);
    }
    netsession_manager_free(m);
}

int main(void)
{
    RUN(lists);
    RUN(filters_that_are_refused);
    RUN(access_point);
    RUN(strength_jitters);
    RUN(service_network);
    RUN(no_configuration);
    RUN(configuration_appears_later);
    RUN(equality);
    RUN(copies_share_state);
    RUN(configurations_outlive_their_manager);
    RUN(session_values);
    RUN(views);
    RUN(active_time_goes_on);
    RUN(session_on_invalid_configuration);
    RUN(session_on_a_foreign_configuration);
    RUN(defaults);
    RUN(two_thousand_configurations);
    return check_result();
}
