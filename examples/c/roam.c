/* roam.c - decides about roaming in the application: tries each better network, and
 * stays there only if it reaches a host with an echo server on port 7.
 * Usage: roam ADDRESS (IPv4 address of the host). `make roam` shows it with two cables.
 */
#include <arpa/inet.h>
#include <netsession.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

static struct sockaddr_in server = {.sin_family = AF_INET};
static int connection = -1, is_over; /* connection uses the link in use */

/* Connects over the session's link, whatever the routes prefer; -1 if the server cannot
 * be reached over it. */
static int connect_by(netsession *s)
{
    const struct timeval timeout = {.tv_sec = 1};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout); /* of connect, too */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    if (netsession_bind_socket(s, fd) == 0 && connect(fd, (void *)&server, sizeof server) == 0)
        return fd;
    close(fd);
    return -1;
}

static int works(int fd)
{
    char answer;
    return send(fd, "?", 1, MSG_NOSIGNAL) == 1 && recv(fd, &answer, 1, 0) == 1;
}

static void opened(netsession *s, void *data)
{
    (void)data;
    connection = connect_by(s);
    printf("  opened on %s\n", netsession_interface(s));
}

static void offered(netsession *s, netsession_configuration *c, int seamless, void *data)
{
    (void)data;
    printf("  offer: %s%s\n  migrate\n", netsession_configuration_name(c),
           seamless ? ", seamless" : "");
    netsession_migrate(s);
}

static void activated(netsession *s, void *data)
{
    int fresh = connect_by(s), good = works(fresh);
    (void)data;
    printf("  on %s: a new connection %s, the old one %s\n  %s\n",
           netsession_interface(s), good ? "works" : "fails",
           works(connection) ? "still works" : "is gone", good ? "accept" : "reject");
    (good ? netsession_accept : netsession_reject)(s);
    close(good ? connection : fresh);
    connection = good ? fresh : connection;
}

static void state_changed(netsession *s, netsession_state_t state, void *data)
{
    (void)s, (void)data;
    printf("  state: %s\n", netsession_state_name(state));
}

static void failed(netsession *s, netsession_error_t error, const char *text, void *data)
{
    (void)error, (void)data;
    printf("  error: %s\n", text);
    is_over = !netsession_is_open(s);
}

int main(int argc, char **argv)
{
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks, .opened = opened, .state_changed = state_changed,
        .preferred_configuration_changed = offered, .new_configuration_activated = activated,
        .error = failed,
    };
    netsession_manager *manager;
    netsession_configuration *internet;
    netsession *session;
    server.sin_port = htons(7);
    if (argc != 2 || inet_pton(AF_INET, argv[1], &server.sin_addr) != 1)
        return fprintf(stderr, "usage: roam ADDRESS\n"), 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (netsession_manager_new(NULL, &manager, NULL, 0) < 0)
        return 1;
    netsession_manager_configuration_from_identifier(manager, "netsession:internet", &internet);
    if (netsession_new(manager, internet, &session) < 0)
        return 1;
    netsession_set_callbacks(session, &callbacks);
    netsession_open(session);
    struct pollfd fd = {.fd = netsession_manager_fd(manager), .events = POLLIN};
    while (!is_over && poll(&fd, 1, -1) > 0)
        netsession_manager_dispatch(manager);
    netsession_free(session);
    netsession_configuration_free(internet);
    return netsession_manager_free(manager);
}
