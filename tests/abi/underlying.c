/* underlying.c - the links below a link, and their effect on a VPN. */
#include "play.h"

static netsession_configuration *find(netsession_manager *m, const char *identifier)
{
    netsession_configuration *config;
    netsession_manager_configuration_from_identifier(m, identifier, &config);
    return config;
}

/* The identifiers of a configuration's underlying configurations. */
static const char *below(netsession_manager *m, const char *identifier)
{
    static char text[256];
    netsession_configuration *config = find(m, identifier);
    netsession_configuration_list *list;
    int count = netsession_configuration_underlying(config, &list);
    size_t length = 0;
    text[0] = '\0';
    CHECK_INT(netsession_configuration_list_size(list), count);
    for (int i = 0; i < count; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", i ? " " : "",
                                   netsession_configuration_identifier(netsession_configuration_list_at(list, i)));
    netsession_configuration_list_free(list);
    netsession_configuration_free(config);
    return text;
}

static const char office[] =
    "access-point eth0 bearer=ethernet state=active address=192.0.2.1/24\n"
    "access-point eth1 bearer=ethernet state=active address=192.0.2.2/24 default-route=yes\n"
    "access-point eth2 bearer=ethernet\n"
    "access-point bond0 bearer=ethernet state=active over=eth0,eth1,eth2,eth3 address=192.0.2.3/24\n"
    "access-point vlan0 bearer=ethernet state=discovered over=eth0\n"
    "access-point home bearer=ethernet interface=eth0 state=discovered\n"
    "on refresh\n    set vlan0 state=active\n    remove eth1\n"
    "on refresh\n    set bond0 over=none\n    set vlan0 over=bond0\n";

static void links_on_top_of_other_links(void)
{
    netsession_manager *m = play(office);
    CHECK_STR(below(m, "eth0"), "");
    CHECK_STR(below(m, "bond0"), "eth1 eth0"); /* best first */
    CHECK_STR(below(m, "vlan0"), "");          /* vlan0 is not up */
    CHECK_STR(below(m, "netsession:internet"), "");
    CHECK_STR(below(m, "netsession:user-choice"), "");
    CHECK_STR(below(m, "nothing"), "");
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    CHECK(play_step(m));
    CHECK_STR(below(m, "vlan0"), "eth0");
    CHECK_STR(below(m, "bond0"), "eth0");
    CHECK(play_step(m));
    CHECK_STR(below(m, "vlan0"), "bond0");
    CHECK_STR(below(m, "bond0"), "");
    netsession_manager_free(m);
}

/* The list and its configurations stay valid after the manager was freed. */
static void a_list_that_outlives_its_manager(void)
{
    netsession_manager *m = play(office);
    netsession_configuration *bond = find(m, "bond0"), *lent;
    netsession_configuration_list *list;
    CHECK_INT(netsession_configuration_underlying(bond, &list), 2);
    netsession_configuration_free(bond);
    netsession_manager_free(m);
    lent = netsession_configuration_list_at(list, 0);
    CHECK_STR(netsession_configuration_identifier(lent), "eth1");
    CHECK_INT(netsession_configuration_state(lent), NETSESSION_CONFIGURATION_STATE_ACTIVE);
    CHECK_INT(netsession_configuration_free(lent), -EPERM);
    CHECK_INT(netsession_configuration_list_free(list), 0);
}

/* A VPN is metered if the link below it is metered, and its sessions are notified. */
static void a_vpn_over_mobile_data(void)
{
    netsession_manager *m = play(
        "access-point lte0 bearer=lte state=active metered=yes address=192.0.2.1/32 default-route=yes metric=700\n"
        "access-point vpn0 role=tunnel state=active metered=no address=10.8.0.2/24 default-route=yes metric=50\n"
        "on refresh\n    set lte0 metered=no\n"
        "on refresh\n    set lte0 abroad=yes\n"
        "on refresh\n    access-point wlan0 bearer=wlan state=active address=192.0.2.9/24 default-route=yes metric=600\n");
    netsession *s = play_session(m, "vpn0", &play_callbacks);
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    CHECK_STR(below(m, "vpn0"), "lte0");
    CHECK_INT(netsession_usage_policies(s), NETSESSION_POLICY_NO_BACKGROUND_TRAFFIC);
    CHECK_INT(netsession_manager_is_metered(m), 1);
    CHECK_INT(netsession_manager_transport(m), NETSESSION_TRANSPORT_CELLULAR);
    play_clear();
    CHECK(play_step(m));
    CHECK_STR(play_events(), "policies 0, changed lte0, changed vpn0, updated");
    CHECK_INT(netsession_usage_policies(s), NETSESSION_POLICY_NONE);
    CHECK_INT(netsession_manager_is_metered(m), 0);
    play_clear();
    CHECK(play_step(m));
    CHECK_STR(play_events(), "policies 1, changed lte0, changed vpn0, updated");
    play_clear();
    CHECK(play_step(m));
    CHECK(strstr(play_events(), "policies 0") != NULL);
    CHECK_STR(below(m, "vpn0"), "wlan0");
    CHECK_INT(netsession_manager_transport(m), NETSESSION_TRANSPORT_WIFI);
    netsession_free(s);
    netsession_manager_free(m);
}

int main(void)
{
    RUN(links_on_top_of_other_links);
    RUN(a_list_that_outlives_its_manager);
    RUN(a_vpn_over_mobile_data);
    return check_result();
}
