/* monitor.c - prints the events of the network, until Ctrl-C, in a poll loop. A
 * program with another event loop adds the manager's descriptor to it in the same
 * way.
 */
#include <netsession.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <time.h>

static void print_time(void)
{
    struct timespec now;
    char text[16];
    clock_gettime(CLOCK_REALTIME, &now);
    strftime(text, sizeof text, "%H:%M:%S", localtime(&now.tv_sec));
    printf("%s.%03ld ", text, now.tv_nsec / 1000000);
}

static void print_configuration(const char *event, netsession_configuration *c)
{
    print_time();
    printf("%-8s %s %s\n", event, netsession_configuration_identifier(c),
           netsession_configuration_state_name(netsession_configuration_state(c)));
}

static void added(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, (void)data;
    print_configuration("added", c);
}

static void changed(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, (void)data;
    print_configuration("changed", c);
}

static void removed(netsession_manager *m, netsession_configuration *c, void *data)
{
    (void)m, (void)data;
    print_configuration("removed", c);
}

static void online(netsession_manager *m, int is_online, void *data)
{
    (void)m, (void)data;
    print_time();
    printf("%s\n", is_online ? "online" : "offline");
}

/* A descriptor that becomes readable when the user presses Ctrl-C. */
static int interrupted_fd(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    return signalfd(-1, &signals, SFD_CLOEXEC);
}

static int watch(netsession_manager *manager)
{
    struct pollfd fds[] = {
        {.fd = netsession_manager_fd(manager), .events = POLLIN},
        {.fd = interrupted_fd(), .events = POLLIN},
    };
    do {
        fflush(stdout);
        if (poll(fds, 2, -1) > 0 && netsession_manager_dispatch(manager) < 0)
            return 1;
    } while (!(fds[1].revents & POLLIN));
    return 0;
}

int main(void)
{
    const netsession_manager_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .configuration_added = added,
        .configuration_changed = changed,
        .configuration_removed = removed,
        .online_state_changed = online,
    };
    netsession_manager *manager;
    char why[256];
    if (netsession_manager_new(NULL, &manager, why, sizeof why) < 0) {
        fprintf(stderr, "monitor: %s\n", why);
        return 1;
    }
    netsession_manager_set_callbacks(manager, &callbacks);
    printf("Watching the network; Ctrl-C ends.\n");
    online(manager, netsession_manager_is_online(manager), NULL);
    int status = watch(manager);
    netsession_manager_free(manager);
    return status;
}
