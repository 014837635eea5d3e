/* session.c - opens a session, prints its properties, and closes it.
 *
 *     session               on the default configuration
 *     session IDENTIFIER    on the configuration IDENTIFIER, such as link:eth0
 *
 * Exits with 2 if the network could not be opened, with 1 on any other failure.
 */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <inttypes.h>
#include <netsession.h>
#include <stdio.h>
#include <string.h>

static void print_addresses(const char *interface)
{
    struct ifaddrs *all;
    if (getifaddrs(&all) < 0)
        return;
    for (struct ifaddrs *a = all; a; a = a->ifa_next) {
        char text[INET6_ADDRSTRLEN];
        const void *address = NULL;
        if (!a->ifa_addr || strcmp(a->ifa_name, interface) != 0)
            continue;
        if (a->ifa_addr->sa_family == AF_INET)
            address = &((struct sockaddr_in *)a->ifa_addr)->sin_addr;
        else if (a->ifa_addr->sa_family == AF_INET6)
            address = &((struct sockaddr_in6 *)a->ifa_addr)->sin6_addr;
        if (address && inet_ntop(a->ifa_addr->sa_family, address, text, sizeof text))
            printf("address:   %s\n", text);
    }
    freeifaddrs(all);
}

static void use(netsession *session)
{
    printf("opened:    %s\n", netsession_property(session, "ActiveConfiguration"));
    printf("state:     %s\n", netsession_state_name(netsession_state(session)));
    printf("interface: %s\n", netsession_interface(session));
    print_addresses(netsession_interface(session));
    printf("received:  %" PRId64 " bytes\n", netsession_bytes_received(session));
    printf("written:   %" PRId64 " bytes\n", netsession_bytes_written(session));
    printf("active:    %" PRId64 " s\n", netsession_active_time(session));
}

/* Opens a session on the configuration, uses it and closes it. */
static int run(netsession_manager *manager, netsession_configuration *configuration)
{
    __attribute__((cleanup(netsession_freep))) netsession *session = NULL;
    int err = netsession_new(manager, configuration, &session);
    if (err < 0) {
        fprintf(stderr, "session: %s\n", strerror(-err));
        return 1;
    }
    netsession_open(session);
    int opened = netsession_wait_for_opened(session, 30000) == 1;
    if (opened) {
        use(session);
        netsession_close(session);
        printf("closed\n");
    } else {
        fprintf(stderr, "session: %s: %s\n", netsession_error_name(netsession_error(session)),
                netsession_error_string(session));
    }
    return opened ? 0 : 2;
}

int main(int argc, char **argv)
{
    __attribute__((cleanup(netsession_manager_freep))) netsession_manager *manager = NULL;
    __attribute__((cleanup(netsession_configuration_freep)))
    netsession_configuration *configuration = NULL;
    char why[256];
    if (netsession_manager_new(NULL, &manager, why, sizeof why) < 0) {
        fprintf(stderr, "session: %s\n", why);
        return 1;
    }
    int err = argc > 1
                  ? netsession_manager_configuration_from_identifier(manager, argv[1],
                                                                     &configuration)
                  : netsession_manager_default_configuration(manager, &configuration);
    if (err < 0) {
        fprintf(stderr, "session: %s\n", strerror(-err));
        return 1;
    }
    if (argc == 1 && !netsession_configuration_is_valid(configuration)) {
        printf("There is no network on this machine, so there is nothing to open.\n");
        return 0;
    }
    return run(manager, configuration);
}
