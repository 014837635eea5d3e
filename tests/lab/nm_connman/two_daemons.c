/* two_daemons.c - NetworkManager and ConnMan, each with its own cable: each link has the
 * configurations of its daemon (see both in tests/lab/tools).
 */
#include "nm.h"

#define SERVICE "connman:ethernet_020000000001_cable" /* on cm1, by DHCP */

/* Adds both cables, with an open session on each. */
static netsession *office, *service;

static void begin(void)
{
    nm_add_office();
    daemon_add_cable("cm1");
    daemon_start_dhcp("cm1");
    CHECK(daemon_await(SERVICE, NETSESSION_CONFIGURATION_STATE_ACTIVE));
    office = lab_session(OFFICE, "office");
    service = lab_session(SERVICE, "service");
    netsession_open(office);
    netsession_open(service);
    CHECK_INT(netsession_wait_for_opened(office, LAB_TIMEOUT), 1);
    CHECK_INT(netsession_wait_for_opened(service, LAB_TIMEOUT), 1);
    CHECK(lab_await("office Connected"));
    nm_sync();
}

static void end(void)
{
    netsession_free(office);
    netsession_free(service);
    daemon_stop_dhcp("cm1");
    daemon_remove_cable("cm1");
    CHECK(daemon_await("link:cm1", NETSESSION_CONFIGURATION_STATE_UNDEFINED));
    nm_clear();
}

static void each_link_has_its_daemons_configurations(void)
{
    begin();
    CHECK_STR(daemon_list_configurations(), SERVICE " Active cm1, " OFFICE " Active eth0");
    CHECK_STR(netsession_interface(office), "eth0");
    CHECK_STR(netsession_interface(service), "cm1");
    int mark = lab_count;
    netsession_stop(service);
    CHECK(lab_await("service Disconnected"));
    nm_sync();
    CHECK_STR(lab_events(mark, "office "), "");
    CHECK_STR(daemon_list_configurations(), SERVICE " Discovered cm1, " OFFICE " Active eth0");
    netsession_open(service);
    CHECK_INT(netsession_wait_for_opened(service, LAB_TIMEOUT), 1);
    CHECK(lab_await("service Connected"));
    netsession_stop(office);
    CHECK(lab_await("office Disconnected"));
    CHECK_STR(daemon_list_configurations(), SERVICE " Active cm1, " OFFICE " Discovered eth0");
    end();
}

/* A daemon that stops does not affect the sessions of the other one. */
static void one_daemon_goes_away(void)
{
    begin();
    int mark = lab_count;
    daemon_kill("connman");
    CHECK(lab_await("service Invalid"));
    nm_sync();
    CHECK_STR(lab_events(mark, "office "), "");
    CHECK_STR(daemon_list_configurations(), "link:cm1 Active cm1, " OFFICE " Active eth0");
    end();
}

int main(void)
{
    lab_begin();
    RUN(each_link_has_its_daemons_configurations);
    RUN(one_daemon_goes_away);
    netsession_manager_free(lab_manager);
    return check_result();
}
