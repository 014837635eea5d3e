/* list.c - the network configurations of this machine, in a table.
 *
 *     cc list.c -o list $(pkg-config --cflags --libs netsession)
 */
#include <netsession.h>
#include <stdio.h>
#include <string.h>

static const struct {
    int bit;
    const char *text;
} capabilities[] = {
    {NETSESSION_CAPABILITY_CAN_START_AND_STOP_INTERFACES, "start and stop interfaces"},
    {NETSESSION_CAPABILITY_DIRECT_CONNECTION_ROUTING, "bind sockets to a session"},
    {NETSESSION_CAPABILITY_SYSTEM_SESSION_SUPPORT, "count the sessions of all processes"},
    {NETSESSION_CAPABILITY_APPLICATION_LEVEL_ROAMING, "let the application roam"},
    {NETSESSION_CAPABILITY_FORCED_ROAMING, "roam by itself"},
    {NETSESSION_CAPABILITY_DATA_STATISTICS, "count bytes"},
};

static void print_row(int width, const char *identifier, const char *name, const char *type,
                      const char *bearer, const char *state, const char *interface)
{
    printf("%-*s  %-16s %-20s %-9s %-10s %s\n", width, identifier, name, type, bearer, state,
           interface);
}

static int print_table(netsession_manager *manager)
{
    __attribute__((cleanup(netsession_configuration_list_freep)))
    netsession_configuration_list *list = NULL;
    int n = netsession_manager_configurations(manager, NETSESSION_CONFIGURATION_STATE_ANY, &list);
    int width = 10;
    for (int i = 0; i < n; i++) {
        netsession_configuration *c = netsession_configuration_list_at(list, i);
        int length = (int)strlen(netsession_configuration_identifier(c));
        width = length > width ? length : width;
    }
    if (n >= 0)
        print_row(width, "IDENTIFIER", "NAME", "TYPE", "BEARER", "STATE", "INTERFACE");
    for (int i = 0; i < n; i++) {
        netsession_configuration *c = netsession_configuration_list_at(list, i);
        print_row(width, netsession_configuration_identifier(c), netsession_configuration_name(c),
                  netsession_configuration_type_name(netsession_configuration_type(c)),
                  netsession_configuration_bearer_type_name(c),
                  netsession_configuration_state_name(netsession_configuration_state(c)),
                  netsession_configuration_interface(c));
    }
    return n < 0 ? n : 0;
}

static void print_capabilities(netsession_manager *manager)
{
    int can = netsession_manager_capabilities(manager);
    const char *separator = "";
    printf("\nCan:     ");
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++) {
        if (!(can & capabilities[i].bit))
            continue;
        printf("%s%s", separator, capabilities[i].text);
        separator = ", ";
    }
    printf("\n");
}

static int print_default(netsession_manager *manager)
{
    __attribute__((cleanup(netsession_configuration_freep)))
    netsession_configuration *configuration = NULL;
    int err = netsession_manager_default_configuration(manager, &configuration);
    if (err < 0)
        return err;
    printf("Default: %s\n", netsession_configuration_is_valid(configuration)
                                ? netsession_configuration_identifier(configuration)
                                : "none, this machine has no network");
    printf("Online:  %s\n", netsession_manager_is_online(manager) ? "yes" : "no");
    return 0;
}

int main(void)
{
    __attribute__((cleanup(netsession_manager_freep))) netsession_manager *manager = NULL;
    char why[256];
    int err = netsession_manager_new(NULL, &manager, why, sizeof why);
    if (err < 0) {
        fprintf(stderr, "list: %s\n", why);
        return 1;
    }
    err = print_table(manager);
    if (err >= 0) {
        print_capabilities(manager);
        err = print_default(manager);
    }
    if (err < 0)
        fprintf(stderr, "list: %s\n", strerror(-err));
    return err < 0;
}
