/* reachability.c - links with and without a route to the internet, and the names of
 * networks in error texts. */
#include "play.h"

/* A container bridge is up; the cable may be up or down. */
#define BRIDGE "access-point docker0 bearer=ethernet state=active address=172.17.0.1/16\n"
#define CABLE "access-point eth0 name=\"Office cable\" bearer=ethernet address=192.0.2.1/24 default-route=yes "

static const char *preset(netsession_manager *m)
{
    static char identifier[64];
    netsession_configuration *config;
    CHECK_INT(netsession_manager_default_configuration(m, &config), 0);
    snprintf(identifier, sizeof identifier, "%s", netsession_configuration_identifier(config));
    netsession_configuration_free(config);
    return identifier;
}

static void configurations_that_can_be_opened_are_listed_first(void)
{
    netsession_manager *m = play(BRIDGE CABLE "\n");
    netsession *s = play_session(m, "netsession:internet", &play_callbacks);
    CHECK_STR(preset(m), "eth0");
    CHECK_INT(netsession_manager_is_online(m), 0);
    play_clear();
    netsession_open(s);
    CHECK(play_await(m, "opened"));
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "eth0");
    CHECK_INT(netsession_manager_is_online(m), 1);
    netsession_free(s);
    netsession_manager_free(m);
}

/* No session roams from a link with a route to the internet to a link without one. An
 * open uses such a link where no other is left. */
static void sessions_do_not_roam_without_internet_route(void)
{
    netsession_manager *m = play(BRIDGE CABLE "state=active\non refresh\n    set eth0 state=defined\n");
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks, .online_state_changed = play_on_online, .update_completed = play_on_updated,
    };
    netsession *s = play_session(m, "netsession:internet", &play_callbacks);
    netsession_manager_set_callbacks(m, &callbacks);
    netsession_open(s);
    CHECK(play_await(m, "opened"));
    CHECK_STR(netsession_interface(s), "eth0");
    play_clear();
    CHECK(play_step(m));
    CHECK_STR(play_events(), "closed, RoamingError, offline, updated");
    CHECK_STR(netsession_error_string(s), "Internet lost its link, and has no other access point to move to.");
    CHECK_STR(preset(m), "docker0");
    netsession_open(s);
    CHECK(play_await(m, "opened"));
    CHECK_STR(netsession_interface(s), "docker0");
    netsession_free(s);
    netsession_manager_free(m);
}

/* Where no link had a route to the internet, sessions roam between all links. */
static void roaming_without_internet_route(void)
{
    netsession_manager *m = play("access-point eth0 bearer=ethernet state=active address=192.0.2.1/24\n"
                                 "access-point wlan0 bearer=wlan state=active address=192.0.2.2/24\n"
                                 "on refresh\n    set eth0 state=defined\n");
    netsession *s = play_session(m, "netsession:internet", &play_callbacks);
    netsession_open(s);
    CHECK(play_await(m, "opened"));
    CHECK_STR(netsession_interface(s), "eth0");
    play_clear();
    netsession_manager_update_configurations(m);
    CHECK(play_await(m, "Connected"));
    CHECK_STR(play_events(), "Roaming, activated, Connected");
    CHECK_STR(netsession_interface(s), "wlan0");
    netsession_free(s);
    netsession_manager_free(m);
}

/* Error texts contain the name, and the identifier only where the name is ambiguous. */
static void error_texts_contain_names(void)
{
    netsession_manager *m = play("access-point eth0 name=\"Cable\" bearer=ethernet state=active address=192.0.2.1/24\n"
                                 "access-point eth1 name=\"Cable\" bearer=ethernet\n"
                                 "access-point wlan0 name=\"Cafe\" bearer=wlan state=active address=192.0.2.2/24\n"
                                 "on refresh\n    set eth0 state=defined\n    set wlan0 state=defined\n");
    netsession *cable = play_session(m, "eth0", NULL), *cafe = play_session(m, "wlan0", &play_callbacks);
    netsession_open(cable);
    netsession_open(cafe);
    CHECK(play_await(m, "opened"));
    netsession_manager_update_configurations(m);
    CHECK(play_await(m, "NotAvailable"));
    CHECK_INT(netsession_wait_for_opened(cable, PLAY_TIMEOUT), 0);
    CHECK_STR(netsession_error_string(cable),
              "Cable (eth0) lost its link: it has no carrier any more or went out of range.");
    CHECK_STR(netsession_error_string(cafe), "Cafe lost its link: it has no carrier any more or went out of range.");
    netsession_free(cable);
    netsession_free(cafe);
    netsession_manager_free(m);
}

int main(void)
{
    RUN(configurations_that_can_be_opened_are_listed_first);
    RUN(sessions_do_not_roam_without_internet_route);
    RUN(roaming_without_internet_route);
    RUN(error_texts_contain_names);
    return check_result();
}
