/* choose.c - opens a session on the user choice, and asks at the terminal which
 * network to use. A program with windows would show a list instead, and answer
 * when the user clicks an entry.
 */
#include <errno.h>
#include <netsession.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST = 99 };

struct program {
    netsession_configuration *candidates[MOST]; /* until the user answers */
    int count;
    int over;   /* the attempt has ended */
    int status; /* for main to return */
};

static void forget_candidates(struct program *p)
{
    while (p->count > 0)
        netsession_configuration_free(p->candidates[--p->count]);
}

/* The list is borrowed: the answer needs copies of its configurations. */
static void on_choose(netsession_manager *manager, netsession *session,
                      netsession_configuration_list *candidates, void *data)
{
    struct program *p = data;
    (void)manager, (void)session;
    forget_candidates(p);
    for (int i = 0; i < netsession_configuration_list_size(candidates) && p->count < MOST; i++) {
        netsession_configuration *c = netsession_configuration_list_at(candidates, i);
        if (netsession_configuration_copy(c, &p->candidates[p->count]) < 0)
            break;
        printf("%2d  %-20s %s\n", ++p->count, netsession_configuration_name(c),
               netsession_configuration_state_name(netsession_configuration_state(c)));
    }
    printf("Which one? Anything else is none: ");
    fflush(stdout);
}

static void on_opened(netsession *session, void *data)
{
    printf("opened: %s, on %s\n", netsession_property(session, "UserChoiceConfiguration"),
           netsession_interface(session));
    ((struct program *)data)->over = 1;
}

static void on_error(netsession *session, netsession_error_t error, const char *text, void *data)
{
    struct program *p = data;
    (void)session;
    printf("%s\n", text);
    p->over = 1;
    p->status = error == NETSESSION_ERROR_SESSION_ABORTED ? 0 /* the user chose none */
                : error == NETSESSION_ERROR_INVALID_CONFIGURATION ? 2 /* no network */ : 1;
}

static void answer(struct program *p, netsession *session)
{
    char line[32] = "";
    ssize_t length = read(STDIN_FILENO, line, sizeof line - 1);
    int number = length > 0 ? atoi(line) : 0;
    int is_valid = number >= 1 && number <= p->count;
    netsession_configuration *chosen = is_valid ? p->candidates[number - 1] : NULL;
    if (netsession_choose(session, chosen) == -EINVAL)
        printf("It cannot be opened any more. Another one? ");
    else
        forget_candidates(p);
    fflush(stdout);
}

static int run(netsession_manager *manager, netsession *session)
{
    struct program p = {.over = 0};
    const netsession_manager_callbacks manager_callbacks = {
        .struct_size = sizeof manager_callbacks, .user_data = &p, .choose = on_choose};
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks, .user_data = &p, .opened = on_opened, .error = on_error};
    netsession_manager_set_callbacks(manager, &manager_callbacks);
    netsession_set_callbacks(session, &callbacks);
    netsession_open(session);
    while (!p.over) {
        struct pollfd fds[] = {{.fd = netsession_manager_fd(manager), .events = POLLIN},
                               {.fd = p.count > 0 ? STDIN_FILENO : -1, .events = POLLIN}};
        if (poll(fds, 2, -1) < 0)
            continue;
        if (fds[0].revents)
            netsession_manager_dispatch(manager);
        if (fds[1].revents)
            answer(&p, session);
    }
    forget_candidates(&p);
    netsession_set_callbacks(session, NULL); /* p goes out of scope */
    netsession_manager_set_callbacks(manager, NULL);
    return p.status;
}

int main(void)
{
    netsession_manager *manager;
    netsession_configuration *configuration;
    netsession *session = NULL;
    char why[256];
    int status = 1;
    if (netsession_manager_new(NULL, &manager, why, sizeof why) < 0) {
        fprintf(stderr, "choose: %s\n", why);
        return status;
    }
    netsession_manager_configuration_from_identifier(manager, "netsession:user-choice",
                                                     &configuration);
    if (netsession_new(manager, configuration, &session) == 0)
        status = run(manager, session);
    netsession_free(session);
    netsession_configuration_free(configuration);
    netsession_manager_free(manager);
    return status;
}
