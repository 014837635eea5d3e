/* sockets.c - two sessions on two links to two routers with the same addresses: each
 * session's sockets reach the router of its own link.
 */
#include "router.h"

static const char *const cables[] = {"left", "right"};
static netsession *sessions[2];

/* Adds both cables; the default route is over the left one. */
static void begin(void)
{
    for (int i = 0; i < 2; i++)
        router_add(cables[i]);
    router_set_addresses("left", "192.0.2.2", "2001:db8::2");
    router_set_addresses("right", "192.0.2.3", "2001:db8::3");
    lab_sync();
    for (int i = 0; i < 2; i++) {
        char identifier[32];
        snprintf(identifier, sizeof identifier, "link:%s", cables[i]);
        sessions[i] = lab_session(identifier, cables[i]);
        netsession_open(sessions[i]);
        CHECK_INT(netsession_wait_for_opened(sessions[i], LAB_TIMEOUT), 1);
    }
}

static void end(void)
{
    for (int i = 0; i < 2; i++) {
        netsession_free(sessions[i]);
        router_remove(cables[i]);
    }
}

static void two_routers_with_the_same_addresses(void)
{
    const int families[] = {AF_INET, AF_INET6}, types[] = {SOCK_STREAM, SOCK_DGRAM};
    router_connection connections[8];
    begin();
    for (int i = 0; i < 8; i++) {
        int fd = socket(families[i / 4], types[i / 2 % 2], 0);
        CHECK_INT(netsession_bind_socket(sessions[i % 2], fd), 0);
        if (!CHECK_INT(router_connect(fd, cables[i % 2], &connections[i]), 0))
            printf("#   over %s, family %d, type %d: %s\n", cables[i % 2], families[i / 4], types[i / 2 % 2], strerror(errno));
    }
    for (int i = 0; i < 8; i++) { /* all connections exist at the same time */
        CHECK(router_transfers(&connections[i]));
        router_close(&connections[i]);
    }
    end();
}

/* Unbound sockets follow the routes, which shows that the binding above has an effect. */
static void unbound_sockets_follow_the_routes(void)
{
    router_connection wire;
    begin();
    for (int i = 0; i < 2; i++) {
        int fd = socket(i ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
        CHECK_INT(router_connect(fd, "left", &wire), 0);
        router_close(&wire);
    }
    end();
}

/* The default route moves to the other link and back while a socket is bound. */
static void bound_sockets_do_not_follow_routes(void)
{
    router_connection wire;
    begin();
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_INT(netsession_bind_socket(sessions[0], fd), 0);
    CHECK_INT(router_connect(fd, "left", &wire), 0);
    lab_run("ip route delete 192.0.2.0/24 dev left");
    CHECK(router_transfers(&wire));
    router_close(&wire);
    end();
}

static void server_answers_on_its_link(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(ROUTER_PORT)};
    begin();
    for (int i = 0; i < 2; i++) {
        int server = socket(AF_INET, SOCK_DGRAM, 0), client = router_socket(cables[i], AF_INET, SOCK_DGRAM);
        CHECK_INT(netsession_bind_socket(sessions[i], server), 0);
        inet_pton(AF_INET, i ? "192.0.2.3" : "192.0.2.2", &to.sin_addr);
        CHECK_INT(bind(server, (struct sockaddr *)&to, sizeof to), 0);
        CHECK_INT(connect(client, (struct sockaddr *)&to, sizeof to), 0);
        struct sockaddr_storage from;
        char byte;
        CHECK_INT(send(client, "?", 1, 0), 1);
        CHECK(router_ready(server));
        socklen_t size = sizeof from;
        CHECK_INT(recvfrom(server, &byte, 1, 0, (struct sockaddr *)&from, &size), 1);
        CHECK_INT(sendto(server, "!", 1, 0, (struct sockaddr *)&from, size), 1);
        CHECK(router_ready(client));
        close(server);
        close(client);
    }
    end();
}

static void connection_being_established(void)
{
    struct sockaddr_in unreachable = {.sin_family = AF_INET, .sin_port = htons(9)};
    begin();
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    inet_pton(AF_INET, "192.0.2.77", &unreachable.sin_addr);
    CHECK_INT(connect(fd, (struct sockaddr *)&unreachable, sizeof unreachable), -1);
    CHECK_INT(errno, EINPROGRESS);
    CHECK_INT(netsession_bind_socket(sessions[1], fd), -EISCONN);
    close(fd);
    end();
}

static void socket_of_another_network_namespace(void)
{
    begin();
    int fd = router_socket("left", AF_INET, SOCK_STREAM);
    CHECK_INT(netsession_bind_socket(sessions[0], fd), -ENODEV);
    close(fd);
    end();
}

static void bound_to_the_other_link(void)
{
    router_connection wire;
    begin();
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_INT(netsession_bind_socket(sessions[1], fd), 0);
    CHECK_INT(netsession_bind_socket(sessions[0], fd), -EBUSY); /* with any privileges */
    CHECK_INT(router_connect(fd, "right", &wire), 0);
    CHECK(router_transfers(&wire));
    router_close(&wire);
    end();
}

static void bound_to_removed_link(void)
{
    begin();
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_INT(netsession_bind_socket(sessions[1], fd), 0);
    router_remove("right");
    CHECK_INT(netsession_bind_socket(sessions[1], fd), -ENOTCONN);
    CHECK_INT(netsession_bind_socket(sessions[0], fd), -EBUSY);
    close(fd);
    netsession_free(sessions[0]);
    netsession_free(sessions[1]);
    router_remove("left");
}

/* Runs this program in a user namespace without privileges over the network. */
static void process_without_privileges(void)
{
    begin();
    lab_run("unshare --user \"$(readlink /proc/%d/exe)\" unprivileged", getpid());
    end();
}

static int unprivileged(void)
{
    lab_begin();
    netsession *s = lab_session("link:right", "s");
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int can = netsession_manager_capabilities(lab_manager) & NETSESSION_CAPABILITY_DIRECT_CONNECTION_ROUTING;
    int bound = netsession_bind_socket(s, fd);
    printf("# %s %s\n", can ? "can bind," : "cannot bind,", bound == 0 ? "bound" : strerror(-bound));
    return can ? bound != 0 : bound != -EPERM;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "unprivileged") == 0)
        return unprivileged();
    lab_begin();
    RUN(two_routers_with_the_same_addresses);
    RUN(unbound_sockets_follow_the_routes);
    RUN(bound_sockets_do_not_follow_routes);
    RUN(server_answers_on_its_link);
    RUN(connection_being_established);
    RUN(socket_of_another_network_namespace);
    RUN(bound_to_the_other_link);
    RUN(bound_to_removed_link);
    RUN(process_without_privileges);
    netsession_manager_free(lab_manager);
    return check_result();
}
