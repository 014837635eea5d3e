/* main.c - a program that is built against the installed library. */
#include <netsession.h>
#include <stdio.h>

int main(void)
{
    netsession_manager *manager;
    netsession_configuration *config;
    netsession *session;

    if (netsession_manager_new(NULL, &manager, NULL, 0) < 0)
        return 1;
    netsession_manager_default_configuration(manager, &config);
    if (netsession_new(manager, config, &session) < 0)
        return 1;
    netsession_open(session);
    if (netsession_wait_for_opened(session, 10000) == 1)
        printf("opened %s\n", netsession_configuration_name(config));
    netsession_manager_free(manager);
    return 0;
}
