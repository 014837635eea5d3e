/* roaming.c - a session on "Internet" with real links: cables are plugged in and
 * unplugged, while connections over the old and the new link exist at the same time.
 *
 * Each test begins with a session that is open on "slow"; the cable of "fast",
 * which has the better route, is not plugged in.
 */
#include "router.h"

static netsession *s;

static void begin_as(netsession *make(const char *, const char *))
{
    router_add("slow");
    router_add("fast");
    router_unplug("fast");
    router_set_addresses("slow", "192.0.2.2", "2001:db8::2");
    router_set_addresses("fast", "192.0.2.3", "2001:db8::3");
    router_set_default("slow", 200);
    router_set_default("fast", 100);
    lab_sync();
    s = make("netsession:internet", "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    CHECK_STR(netsession_interface(s), "slow");
}

static void begin(void) { begin_as(lab_roaming_session); }

static void set_timeout(int msecs)
{
    netsession_configuration *config;
    netsession_get_configuration(s, &config);
    netsession_configuration_set_connect_timeout(config, msecs);
    netsession_configuration_free(config);
}

static void end(void)
{
    set_timeout(0);
    netsession_free(s);
    router_remove("slow");
    router_remove("fast");
}

/* A connection over the session's current link, which must be a given cable. */
static router_connection connect_by(const char *cable)
{
    router_connection connection;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_STR(netsession_interface(s), cable);
    CHECK_INT(netsession_bind_socket(s, fd), 0);
    CHECK_INT(router_connect(fd, cable, &connection), 0);
    return connection;
}

/* Waits for the offer, or also for the migration to the new link. */
static int offered(void)
{
    int mark = lab_count;
    router_plug("fast");
    CHECK(lab_await("s prefer link:fast"));
    return mark;
}

static int migrated(void)
{
    int mark = offered();
    netsession_migrate(s);
    CHECK(lab_await("s Connected"));
    CHECK_STR(netsession_interface(s), "fast");
    return mark;
}

#define OFFERED "s prefer link:fast"
#define MIGRATED OFFERED ", s Roaming, s newConfigurationActivated, s Connected"
#define NOWHERE "s closed, s RoamingError: Internet lost its link, and has no other access point to move to."

static void accepted(void)
{
    begin();
    router_connection old = connect_by("slow");
    int mark = offered();
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "link:slow");
    netsession_migrate(s);
    CHECK(lab_await("s Connected"));
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "link:fast");
    router_connection new = connect_by("fast"); /* the application tries the new link */
    CHECK(router_transfers(&new));
    CHECK(router_transfers(&old));
    netsession_accept(s);
    netsession_reject(s); /* too late */
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), MIGRATED);
    router_unplug("slow");
    CHECK(lab_await("changed link:slow Defined"));
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), MIGRATED);
    CHECK(router_transfers(&new));
    router_close(&new);
    router_close(&old);
    end();
}

static void rejected(void)
{
    begin();
    router_connection old = connect_by("slow");
    int mark = migrated();
    router_connection new = connect_by("fast");
    router_close(&new); /* the application does not reach its server */
    netsession_reject(s);
    CHECK(lab_await("s Connected"));
    CHECK_STR(netsession_interface(s), "slow");
    CHECK(router_transfers(&old));
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), MIGRATED ", s Roaming, s Connected"); /* without another offer */
    mark = lab_count;
    router_set_default("fast", 50);
    CHECK(lab_await(OFFERED));
    CHECK_STR(lab_events(mark, "s "), OFFERED); /* a new offer, because the link has changed */
    router_close(&old);
    end();
}

static void ignored(void)
{
    begin();
    int mark = offered();
    netsession_ignore(s);
    netsession_migrate(s); /* the offer is no longer valid */
    lab_run("ip link set fast mtu 1400");
    lab_run("ip address add 192.0.2.33/24 dev fast");
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), OFFERED);
    router_unplug("fast");
    CHECK(lab_await("changed link:fast Defined"));
    router_plug("fast");
    CHECK(lab_await(OFFERED));
    CHECK_STR(lab_events(mark, "s "), OFFERED ", " OFFERED);
    end();
}

static void candidate_lost_before_the_answer(void)
{
    begin();
    int mark = offered();
    router_unplug("fast");
    CHECK(lab_await("changed link:fast Defined"));
    netsession_migrate(s);
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), OFFERED);
    CHECK_STR(netsession_interface(s), "slow");
    end();
}

static void candidate_lost_during_migration(void)
{
    begin();
    router_connection old = connect_by("slow");
    int mark = migrated();
    router_unplug("fast");
    CHECK(lab_await("s RoamingError"));
    CHECK_STR(lab_events(mark, "s "), MIGRATED ", s Roaming, s Connected, s RoamingError: "
              "The access point that Internet was moving to was lost.");
    CHECK_STR(netsession_interface(s), "slow");
    CHECK(router_transfers(&old));
    router_close(&old);
    end();
}

static void old_link_lost_before_the_answer(void)
{
    begin();
    int mark = offered();
    router_unplug("slow");
    CHECK(lab_await("s Roaming"));
    CHECK_STR(netsession_interface(s), "");
    netsession_migrate(s);
    CHECK(lab_await("s Connected"));
    CHECK_STR(lab_events(mark, "s "), MIGRATED);
    router_connection new = connect_by("fast");
    CHECK(router_transfers(&new));
    router_close(&new);
    end();
}

static void old_link_lost_during_migration(void)
{
    begin();
    int mark = migrated();
    router_unplug("slow");
    CHECK(lab_await("changed link:slow Defined"));
    netsession_accept(s);
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), MIGRATED);
    CHECK_STR(netsession_interface(s), "fast");
    CHECK_INT(netsession_is_open(s), 1);
    end();
}

static void rejected_after_old_link_was_lost(void)
{
    begin();
    int mark = migrated();
    router_unplug("slow");
    CHECK(lab_await("changed link:slow Defined"));
    netsession_reject(s);
    CHECK(lab_await("s RoamingError"));
    CHECK_STR(lab_events(mark, "s "), MIGRATED ", s closed, s RoamingError: "
              "Internet cannot return to its previous access point, which was lost meanwhile.");
    CHECK_INT(netsession_is_open(s), 0);
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTED); /* the state of "Internet", over fast */
    end();
}

/* As begin, but fast is down and must be opened, and slow is lost: the session still gets
 * the offer. Without an address, fast does not come up. */
static int stranded(int has_address)
{
    begin();
    lab_run("ip link set fast down");
    if (!has_address)
        lab_run("ip address flush dev fast");
    router_plug("fast");
    CHECK(lab_await("changed link:fast Discovered"));
    lab_sync();
    int mark = lab_count;
    router_unplug("slow");
    CHECK(lab_await("s Roaming"));
    CHECK_STR(lab_events(mark, "s "), OFFERED ", s Roaming");
    CHECK(!lab_link_is_up("fast"));
    return mark;
}

static void stranded_and_migrated(void)
{
    int mark = stranded(1);
    netsession_migrate(s);
    CHECK(lab_await("s Connected"));
    CHECK_STR(lab_events(mark, "s "), MIGRATED);
    router_connection new = connect_by("fast");
    CHECK(router_transfers(&new));
    router_close(&new);
    netsession_close(s); /* the session had brought fast up */
    CHECK(lab_await("s closed"));
    CHECK(lab_await("changed link:fast Discovered"));
    CHECK(!lab_link_is_up("fast"));
    end();
}

static void stranded_and_back(void)
{
    int mark = stranded(1);
    router_plug("slow");
    CHECK(lab_await("s Connected"));
    CHECK_STR(lab_events(mark, "s "), OFFERED ", s Roaming, s Connected");
    CHECK_STR(netsession_interface(s), "slow");
    end();
}

static void stranded_without_an_answer(void)
{
    begin();
    set_timeout(300);
    lab_run("ip link set fast down");
    router_plug("fast");
    CHECK(lab_await("changed link:fast Discovered"));
    int mark = lab_count;
    router_unplug("slow");
    CHECK(lab_await("s Disconnected"));
    CHECK_STR(lab_events(mark, "s "), OFFERED ", s Roaming, s closed, s RoamingError: Internet lost its link, "
              "and the application did not say in time whether to move to another access point., s Disconnected");
    CHECK_INT(netsession_is_open(s), 0);
    end();
}

static void stranded_without_a_candidate(void)
{
    begin();
    int mark = lab_count;
    router_unplug("slow");
    CHECK(lab_await("s NotAvailable"));
    CHECK_STR(lab_events(mark, "s "), NOWHERE ", s NotAvailable");
    end();
}

/* The link fast needs an address, but no process configures one. */
static void candidate_does_not_come_up(void)
{
    begin();
    set_timeout(300);
    lab_run("ip link set fast down && ip address flush dev fast");
    router_plug("fast");
    CHECK(lab_await("changed link:fast Discovered"));
    netsession_set_callbacks(s, NULL);
    netsession_free(s);
    s = lab_session("netsession:internet", "s"); /* forced roaming */
    netsession_open(s);
    CHECK(lab_await("s opened"));
    int mark = lab_count;
    router_unplug("slow");
    CHECK(lab_await("s RoamingError"));
    lab_sync();
    CHECK_STR(lab_events(mark, "s "), "s Roaming, " NOWHERE ", s Disconnected");
    CHECK(!lab_link_is_up("fast")); /* the attempt was withdrawn */
    end();
}

static void old_link_returns_and_candidate_is_removed(void)
{
    int mark = stranded(0);
    netsession_migrate(s);
    router_plug("slow");
    CHECK(lab_await("changed link:slow Active"));
    CHECK_INT(netsession_state(s), NETSESSION_STATE_ROAMING); /* the migration continues */
    lab_run("ip link delete fast");
    CHECK(lab_await("s RoamingError"));
    CHECK_STR(lab_events(mark, "s "), OFFERED ", s Roaming, s Connected, s RoamingError: "
              "The access point that Internet was moving to was lost.");
    CHECK_STR(netsession_interface(s), "slow");
    lab_run("ip link add fast type veth peer name fast.peer netns router-fast");
    end();
}

static void freed_while_migrating(void)
{
    stranded(0);
    netsession_migrate(s);
    lab_run("timeout 120 sh -c 'until ip link show fast | grep -q ,UP; do sleep 0.02; done'");
    netsession_free(s);
    lab_run("timeout 120 sh -c 'while ip link show fast | grep -q ,UP; do sleep 0.02; done'");
    s = lab_session("netsession:internet", "s");
    end();
}

/* The link that the session has brought up goes down with it. */
static void freed_during_migration(void)
{
    stranded(1);
    netsession_migrate(s);
    CHECK(lab_await("s Connected"));
    CHECK(lab_link_is_up("fast"));
    netsession_free(s);
    CHECK(lab_await("changed link:fast Discovered"));
    CHECK(!lab_link_is_up("fast"));
    CHECK(lab_link_is_up("slow"));
    s = lab_session("netsession:internet", "s");
    end();
}

/* A link that the session has brought up stays up until accept. */
static void accept_takes_old_link_down(void)
{
    begin();
    netsession_close(s);
    lab_run("ip link set slow down");
    CHECK(lab_await("changed link:slow Discovered"));
    netsession_open(s);
    CHECK(lab_await("s Connected"));
    router_connection old = connect_by("slow");
    migrated();
    router_connection new = connect_by("fast");
    CHECK(router_transfers(&old));
    CHECK(lab_link_is_up("slow"));
    netsession_accept(s);
    CHECK(lab_await("changed link:slow Discovered"));
    CHECK(!lab_link_is_up("slow"));
    CHECK(router_transfers(&new));
    router_close(&new);
    router_close(&old);
    end();
}

static void forced(void)
{
    begin_as(lab_session);
    int mark = lab_count;
    router_plug("fast");
    CHECK(lab_await("s Connected"));
    CHECK_STR(lab_events(mark, "s "), "s Roaming, s newConfigurationActivated, s Connected");
    router_connection new = connect_by("fast");
    CHECK(router_transfers(&new));
    router_close(&new);

    mark = lab_count;
    router_unplug("fast");
    CHECK(lab_await("s Connected"));
    CHECK_STR(lab_events(mark, "s "), "s Roaming, s newConfigurationActivated, s Connected");
    router_connection back = connect_by("slow");
    CHECK(router_transfers(&back));
    router_close(&back);

    mark = lab_count;
    router_unplug("slow");
    CHECK(lab_await("s NotAvailable"));
    CHECK_STR(lab_events(mark, "s "), NOWHERE ", s NotAvailable");
    end();
}

/* Two sessions, with application-level and forced roaming, are independent. */
static void two_sessions(void)
{
    begin();
    netsession *other = lab_session("netsession:internet", "other");
    netsession_open(other);
    CHECK(lab_await("other opened"));
    int mark = offered();
    lab_sync();
    CHECK_STR(netsession_interface(s), "slow");
    CHECK_STR(netsession_interface(other), "fast");
    router_unplug("slow");
    CHECK(lab_await("s Roaming"));
    lab_sync();
    CHECK_STR(lab_events(mark, "other "), "other Roaming, other newConfigurationActivated, other Connected");
    CHECK_STR(lab_events(mark, "s "), OFFERED ", s Roaming");
    netsession_free(other);
    end();
}

/* Two cables to one network, with the same address of the machine on both: an unbound
 * connection continues over the new link. */
static void seamless(void)
{
    router_add("slow");
    lab_run("ip -n router-slow link add home type bridge && ip -n router-slow link set home up && "
            "ip -n router-slow address flush dev slow.peer && ip -n router-slow link set slow.peer master home && "
            "ip -n router-slow address add " ROUTER_IPV4 "/24 dev home && "
            "ip netns exec router-slow sh -c 'echo 0 >/proc/sys/net/ipv4/neigh/home/locktime' && "
            "ip link add fast type veth peer name fast.peer netns router-slow && "
            "ip -n router-slow link set fast.peer master home");
    lab_run("ip link set slow up && ip address add 192.0.2.2/24 dev slow noprefixroute && "
            "ip route add 192.0.2.0/24 dev slow metric 200 && ip route add default via " ROUTER_IPV4 " dev slow metric 200");
    lab_sync();
    s = lab_roaming_session("netsession:internet", "s");
    netsession_open(s);
    CHECK(lab_await("s opened"));
    router_connection connection;
    CHECK_INT(router_connect(socket(AF_INET, SOCK_STREAM, 0), "slow", &connection), 0);
    CHECK(router_transfers(&connection));

    lab_run("ip link set fast up && ip -n router-slow link set fast.peer up && "
            "ip address add 192.0.2.2/24 dev fast noprefixroute && "
            "ip route add 192.0.2.0/24 dev fast metric 100 && ip route add default via " ROUTER_IPV4 " dev fast metric 100");
    CHECK(lab_await(OFFERED " seamlessly"));
    netsession_migrate(s);
    CHECK(lab_await("s Connected"));
    CHECK(router_transfers(&connection));
    netsession_accept(s);
    lab_run("ip -n router-slow link set slow.peer down");
    CHECK(lab_await("changed link:slow Defined"));
    CHECK(router_transfers(&connection));
    router_close(&connection);
    netsession_free(s);
    lab_run("ip link delete fast");
    CHECK(lab_await("removed link:fast"));
    router_remove("slow");
}

/* With different addresses the migration is not reported as seamless, and an unbound
 * connection breaks with the old link. */
static void not_seamless(void)
{
    router_connection connection;
    begin();
    CHECK_INT(router_connect(socket(AF_INET, SOCK_STREAM, 0), "slow", &connection), 0);
    int mark = migrated();
    CHECK_STR(lab_events(mark, "s "), MIGRATED);
    netsession_accept(s);
    router_unplug("slow");
    CHECK(lab_await("changed link:slow Defined"));
    struct pollfd remote = {.fd = connection.remote, .events = POLLIN};
    CHECK_INT(send(connection.local, "hello", 5, MSG_NOSIGNAL), 5);
    CHECK_INT(poll(&remote, 1, 100), 0);
    router_close(&connection);
    end();
}

int main(void)
{
    lab_begin();
    RUN(accepted);
    RUN(rejected);
    RUN(ignored);
    RUN(candidate_lost_before_the_answer);
    RUN(candidate_lost_during_migration);
    RUN(old_link_lost_before_the_answer);
    RUN(old_link_lost_during_migration);
    RUN(rejected_after_old_link_was_lost);
    RUN(stranded_and_migrated);
    RUN(stranded_and_back);
    RUN(stranded_without_an_answer);
    RUN(stranded_without_a_candidate);
    RUN(candidate_does_not_come_up);
    RUN(old_link_returns_and_candidate_is_removed);
    RUN(freed_while_migrating);
    RUN(freed_during_migration);
    RUN(accept_takes_old_link_down);
    RUN(forced);
    RUN(two_sessions);
    RUN(seamless);
    RUN(not_seamless);
    netsession_manager_free(lab_manager);
    return check_result();
}
