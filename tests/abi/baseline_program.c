/* baseline_program.c - a program that is compiled with the baseline's header and runs with
 * the current library.
 */
#include "baseline/netsession.h"
#include "play.h"

static const char script[] =
    "access-point eth0 bearer=ethernet state=active address=192.0.2.1/24 default-route=yes metric=1\n"
    "access-point wlan0 bearer=wlan name=\"Home\"\n"
    "on refresh\n    set eth0 state=defined\n";

static int added, changed, online = -1, updated;

static void on_added(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, (void)c;
    added += data == &added;
}

static void on_changed(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m;
    changed += data == &added && strcmp(netsession_configuration_identifier(c), "eth0") == 0;
}

static void on_online(netsession_manager *m, int is_online, void *data)
{
    (void)m, (void)data;
    online = is_online;
}

static void on_updated(netsession_manager *m, void *data)
{
    (void)m, (void)data;
    updated++;
}

static void managers_and_configurations(void)
{
    const netsession_options options = {
        .struct_size = sizeof options, .backend = "script", .script = play_file(script),
        .default_configuration = "service-network", .close = "literal",
    };
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks, .user_data = &added, .configuration_added = on_added,
        .configuration_changed = on_changed, .online_state_changed = on_online, .update_completed = on_updated,
    };
    netsession_manager *m;
    netsession_configuration *c;
    netsession_configuration_list *list;
    CHECK_INT(netsession_manager_new(&options, &m, NULL, 0), 0);
    CHECK_INT(netsession_manager_set_callbacks(m, &callbacks), 0);
    CHECK_INT(netsession_manager_default_configuration(m, &c), 0);
    CHECK_STR(netsession_configuration_identifier(c), "netsession:internet");
    CHECK_INT(netsession_configuration_free(c), 0);
    CHECK_INT(netsession_manager_configurations(m, NETSESSION_CONFIGURATION_STATE_DISCOVERED, &list), 3);
    CHECK_INT(netsession_configuration_bearer_type(netsession_configuration_list_at(list, 1)), NETSESSION_BEARER_WLAN);
    CHECK_STR(netsession_configuration_name(netsession_configuration_list_at(list, 1)), "Home");
    CHECK_INT(netsession_configuration_list_free(list), 0);
    netsession_manager_update_configurations(m);
    while (!updated && play_dispatch(m, play_now() + PLAY_TIMEOUT))
        ;
    CHECK(added == 0 && changed > 0);
    CHECK_INT(online, 0);
    CHECK_INT(netsession_manager_free(m), 0);
}

static void sessions(void)
{
    netsession_manager *m = play(script);
    netsession *s = play_session(m, "wlan0", &play_callbacks);
    CHECK_INT(netsession_open(s), 0);
    CHECK(play_await(m, "opened"));
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTED);
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "wlan0");
    CHECK_INT(netsession_close(s), 0);
    CHECK(play_await(m, "Disconnected"));
    CHECK_INT(netsession_free(s), 0);
    CHECK_INT(netsession_manager_free(m), 0);
}

static void networks(void)
{
    netsession_manager *m = play(script);
    netsession_configuration *child, *network;
    CHECK_INT(netsession_manager_configuration_from_identifier(m, "eth0", &child), 0);
    netsession_configuration *const children[] = {child};
    const netsession_service_network office = {
        .struct_size = sizeof office, .identifier = "office", .purpose = NETSESSION_PURPOSE_PRIVATE,
        .children = children, .children_count = 1,
    };
    CHECK_INT(netsession_manager_define_service_network(m, &office, &network, NULL, 0), 0);
    CHECK_INT(netsession_configuration_purpose(network), NETSESSION_PURPOSE_PRIVATE);
    CHECK_INT(netsession_configuration_free(network), 0);
    CHECK_INT(netsession_configuration_free(child), 0);
    CHECK_INT(netsession_manager_free(m), 0);
}

int main(void)
{
    RUN(managers_and_configurations);
    RUN(sessions);
    RUN(networks);
    return check_result();
}
