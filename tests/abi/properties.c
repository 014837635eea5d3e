/* properties.c - automatic closing of sessions, usage policies, and capabilities. */
#include "play.h"

static void auto_close(void)
{
    netsession_manager *m = play("access-point wlan0 bearer=wlan address=192.0.2.1/24\n");
    netsession *s = play_session(m, "wlan0", &play_callbacks);
    netsession_set_property(s, "AutoCloseSessionTimeout", "30"); /* before it opens */
    for (int i = 0; i < 2; i++) {
        play_clear();
        netsession_open(s);
        CHECK(play_await(m, "opened"));
        if (i == 1)
            netsession_set_property(s, "AutoCloseSessionTimeout", "0"); /* while it is open */
        CHECK(play_await(m, "Disconnected"));
        CHECK_STR(play_events(), "Connecting, opened, Connected, closed, Closing, Disconnected");
        CHECK_STR(netsession_property(s, "AutoCloseSessionTimeout"), "-1");
    }
    netsession_free(s);
    netsession_manager_free(m);
}

/* A timeout affects only the session that has the property, while it is open. */
static void auto_close_closes_only_its_session(void)
{
    netsession_manager *m = play("access-point wlan0 bearer=wlan address=192.0.2.1/24\n");
    netsession *s = play_session(m, "wlan0", &play_callbacks), *other = play_session(m, "wlan0", NULL);
    netsession_open(s);
    netsession_open(other);
    CHECK(play_await(m, "Connected"));
    netsession_set_property(s, "AutoCloseSessionTimeout", "60000");
    netsession_set_property(s, "AutoCloseSessionTimeout", NULL);
    netsession_set_property(s, "AutoCloseSessionTimeout", "1");
    play_clear();
    CHECK(play_await(m, "closed"));
    CHECK_INT(netsession_is_open(other), 1);
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTED);
    CHECK_STR(play_events(), "closed");
    netsession_free(other);
    netsession_free(s);
    netsession_manager_free(m);
}

static void policies_follow_the_access_point(void)
{
    netsession_manager *m =
        play("access-point eth0 bearer=ethernet state=active address=192.0.2.1/24 default-route=yes\n"
             "access-point wwan0 bearer=lte state=active address=192.0.2.2/24 metered=yes default-route=yes metric=700\n"
             "on refresh\n    set eth0 state=defined\n" /* roams to a metered link */
             "on refresh\n    set wwan0 abroad=yes\n"   /* no change of the policies */
             "on refresh\n    set wwan0 metered=no\n"   /* no change: still abroad */
             "on refresh\n    set wwan0 abroad=no\n"
             "on refresh\n    set wwan0 metered=guessed\n"
             "on refresh\n    set eth0 state=active\n"); /* roams back */
    static const char *const expected_events[] = {
        "Roaming, activated, Connected, policies 1", "", "", "policies 0", "policies 1",
        "Roaming, activated, Connected, policies 0",
    };
    netsession *s = play_session(m, "netsession:internet", &play_callbacks);
    netsession_manager_callbacks callbacks = {.struct_size = sizeof callbacks, .update_completed = play_on_updated};
    netsession_manager_set_callbacks(m, &callbacks);
    netsession_open(s);
    CHECK(play_await(m, "opened"));
    CHECK_INT(netsession_usage_policies(s), NETSESSION_POLICY_NONE);
    for (size_t i = 0; i < sizeof expected_events / sizeof *expected_events; i++) {
        char expected[160];
        play_clear();
        CHECK(play_step(m));
        snprintf(expected, sizeof expected, "%s%supdated", expected_events[i], *expected_events[i] ? ", " : "");
        CHECK_STR(play_events(), expected);
    }
    CHECK_INT(netsession_usage_policies(s), NETSESSION_POLICY_NONE);
    netsession_free(s);
    netsession_manager_free(m);
}

/* The policies of a closed session are those of its own access point. */
static void policies_of_closed_session(void)
{
    netsession_manager *m = play("access-point wwan0 bearer=lte metered=yes\n"
                                 "on refresh\n    set wwan0 metered=no\n");
    netsession *s = play_session(m, "wwan0", &play_callbacks);
    netsession_manager_callbacks callbacks = {.struct_size = sizeof callbacks, .update_completed = play_on_updated};
    netsession_manager_set_callbacks(m, &callbacks);
    CHECK_INT(netsession_usage_policies(s), NETSESSION_POLICY_NO_BACKGROUND_TRAFFIC);
    CHECK(play_step(m));
    CHECK_STR(play_events(), "policies 0, updated");
    netsession_free(s);
    netsession_manager_free(m);
}

static void capabilities(void)
{
    const int always = NETSESSION_CAPABILITY_APPLICATION_LEVEL_ROAMING | NETSESSION_CAPABILITY_FORCED_ROAMING | NETSESSION_CAPABILITY_DATA_STATISTICS;
    netsession_manager *m = play("access-point eth0 bearer=ethernet\n"
                                 "access-point wlan0 bearer=wlan denied=\"Ask the owner.\"\n"
                                 "on refresh\n    set eth0 denied=\"Ask the owner.\"\n"
                                 "on refresh\n    set wlan0 denied=\"\"\n");
    const int looked_at = always | NETSESSION_CAPABILITY_CAN_START_AND_STOP_INTERFACES | NETSESSION_CAPABILITY_DIRECT_CONNECTION_ROUTING |
                          NETSESSION_CAPABILITY_NETWORK_SESSION_REQUIRED;
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    CHECK_INT(netsession_manager_capabilities(m) & looked_at, always | NETSESSION_CAPABILITY_CAN_START_AND_STOP_INTERFACES);
    CHECK(play_step(m)); /* now no access point may be started */
    CHECK_INT(netsession_manager_capabilities(m) & looked_at, always);
    CHECK(play_step(m));
    CHECK_INT(netsession_manager_capabilities(m) & looked_at, always | NETSESSION_CAPABILITY_CAN_START_AND_STOP_INTERFACES);
    netsession_manager_free(m);
}

int main(void)
{
    RUN(auto_close);
    RUN(auto_close_closes_only_its_session);
    RUN(policies_follow_the_access_point);
    RUN(policies_of_closed_session);
    RUN(capabilities);
    return check_result();
}
