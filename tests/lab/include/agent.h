/* agent.h - agents for tests across processes: this program again, as a process
 * with a manager and a session of its own that does what it is told.
 *
 * An agent reads words from its input ("open", "close", "stop", "fork", "exit")
 * and writes a line for each event. It ends with its input.
 */
#ifndef AGENT_H
#define AGENT_H

#include "lab.h"
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

struct agent {
    pid_t pid;
    int in, out;      /* of the agent */
    char told[16384]; /* everything that it has written */
    size_t length, seen;
};

/* Asks the kernel itself, without a process, so that it can be asked often. */
static inline int agent_link_is_up(const char *link)
{
    static int fd = -1;
    struct ifreq request;
    if (fd < 0)
        fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    memset(&request, 0, sizeof request);
    strncpy(request.ifr_name, link, IFNAMSIZ - 1);
    return ioctl(fd, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_UP);
}

/* Waits until a link is up, or is not. Returns the milliseconds by lab_calm(), -1 if in
 * vain. */
static inline long agent_await_link(const char *link, int up)
{
    long begun = lab_now(), calm = lab_calm();
    while (agent_link_is_up(link) != up) {
        if (lab_now() - begun > LAB_WAIT) {
            printf("# waited in vain for %s to go %s\n", link, up ? "up" : "down");
            return -1;
        }
        poll(NULL, 0, 5);
    }
    return lab_calm() - calm;
}

/* Starts an agent. options is for NETSESSION_OPTIONS, NULL for none; limit is how
 * many descriptors it may have, 0 for as many as usual. */
static inline void agent_start_with(struct agent *a, const char *identifier, const char *options, int limit)
{
    int in[2], out[2];
    char number[16];
    memset(a, 0, sizeof *a);
    if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0) {
        perror("# pipe2");
        exit(1);
    }
    snprintf(number, sizeof number, "%d", limit);
    a->pid = fork();
    if (a->pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        if (options)
            setenv("NETSESSION_OPTIONS", options, 1);
        execl("/proc/self/exe", "agent", "agent", identifier, number, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    a->in = in[1];
    a->out = out[0];
    fcntl(a->out, F_SETFL, O_NONBLOCK);
}

/* Reads what the agent writes until a line begins so, beyond those that were
 * taken notice of; takes notice of all up to it. */
static inline int agent_await(struct agent *a, const char *text)
{
    long end = lab_now() + LAB_WAIT;
    for (;;) {
        char *line = a->told + a->seen, *newline;
        while ((newline = strchr(line, '\n')) != NULL) {
            a->seen = (size_t)(newline + 1 - a->told);
            if (strncmp(line, text, strlen(text)) == 0)
                return 1;
            line = newline + 1;
        }
        struct pollfd fd = {.fd = a->out, .events = POLLIN};
        long left = end - lab_now();
        if (left <= 0 || poll(&fd, 1, (int)left) <= 0)
            break;
        ssize_t n = read(a->out, a->told + a->length, sizeof a->told - 1 - a->length);
        if (n <= 0)
            break;
        a->length += (size_t)n;
        a->told[a->length] = 0;
    }
    printf("# waited in vain for: %s\n# it said: %s\n", text, a->told);
    return 0;
}

static inline void agent_say(struct agent *a, const char *word)
{
    dprintf(a->in, "%s\n", word);
}

/* Everything that the agent has told since its start, in one line. It first tells
 * all that it knows of. */
static inline const char *agent_told(struct agent *a)
{
    static char text[sizeof a->told];
    agent_say(a, "sync");
    agent_await(a, "synced");
    size_t n = 0;
    for (char *line = a->told, *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
        if (strncmp(line, "synced", 6) != 0 && strncmp(line, "ready", 5) != 0 && strncmp(line, "log ", 4) != 0)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%.*s", n ? ", " : "", (int)(end - line), line);
    text[n] = 0;
    return text;
}

static inline void agent_start(struct agent *a, const char *identifier)
{
    agent_start_with(a, identifier, NULL, 0);
    agent_await(a, "ready");
}

static inline void agent_open(struct agent *a)
{
    agent_say(a, "open");
    CHECK(agent_await(a, "opened"));
}

static inline void agent_close(struct agent *a)
{
    agent_say(a, "close");
    CHECK(agent_await(a, "closed"));
}

/* Ends the agent's process, with SIGKILL or by the end of its input. */
static inline void agent_end(struct agent *a, int signal)
{
    int status;
    if (signal)
        kill(a->pid, signal);
    close(a->in);
    waitpid(a->pid, &status, 0);
    close(a->out);
}

/* -------------------------------------------------------- the agent's side */

static void agent_tells(const char *text) { printf("%s\n", text), fflush(stdout); }
static void agent_opened(netsession *s, void *d) { (void)s, (void)d, agent_tells("opened"); }
static void agent_closed(netsession *s, void *d) { (void)s, (void)d, agent_tells("closed"); }

static void agent_state(netsession *s, int state, void *d)
{
    (void)s, (void)d, agent_tells(netsession_state_name(state));
}

static void agent_error(netsession *s, int error, const char *text, void *d)
{
    (void)s, (void)d;
    printf("%s: %s\n", netsession_error_name(error), text);
    fflush(stdout);
}

static void agent_log(netsession_manager *m, int level, const char *text, void *d)
{
    (void)m, (void)level, (void)d;
    printf("log %s\n", text);
    fflush(stdout);
}

static inline int agent_obeys(const char *word, netsession *s)
{
    if (strcmp(word, "open") == 0)
        netsession_open(s);
    else if (strcmp(word, "close") == 0)
        netsession_close(s);
    else if (strcmp(word, "stop") == 0)
        netsession_stop(s);
    else if (strcmp(word, "sync") == 0)
        agent_tells("synced");
    else if (strcmp(word, "capabilities") == 0)
        printf("capabilities %d\n", netsession_manager_capabilities(lab_manager)), fflush(stdout);
    else if (strcmp(word, "fork") == 0) {
        if (fork() == 0) { /* lives on without the library, and without its files */
            close(0);
            close(1);
            for (;;)
                pause();
        }
        agent_tells("forked");
    } else
        return 0;
    return 1;
}

/* What main does with the argument "agent". */
static inline int agent_main(const char *identifier, int limit)
{
    const netsession_manager_callbacks hearing = {.struct_size = sizeof hearing, .log = agent_log};
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks, .opened = agent_opened, .closed = agent_closed,
        .state_changed = agent_state, .error = agent_error,
    };
    lab_begin();
    netsession_manager_set_callbacks(lab_manager, &hearing);
    netsession_configuration *config;
    netsession *session;
    netsession_manager_configuration_from_identifier(lab_manager, identifier, &config);
    if (netsession_new(lab_manager, config, &session) < 0)
        exit(1);
    netsession_set_callbacks(session, &callbacks);
    netsession_configuration_free(config);
    for (int fd = 0; limit && fd >= 0;) /* there are no descriptors left */
        fd = open("/dev/null", O_RDONLY);
    agent_tells("ready");
    for (char word[64]; ;) {
        struct pollfd fds[] = {{.fd = 0, .events = POLLIN}, {.fd = netsession_manager_fd(lab_manager), .events = POLLIN}};
        poll(fds, 2, -1);
        netsession_manager_dispatch(lab_manager);
        if (!fds[0].revents)
            continue;
        size_t n = 0;
        while (n + 1 < sizeof word && read(0, word + n, 1) == 1 && word[n] != '\n')
            n++;
        word[n] = 0;
        if (n == 0 || !agent_obeys(word, session))
            break;
        netsession_manager_dispatch(lab_manager);
    }
    netsession_free(session);
    netsession_manager_free(lab_manager);
    return 0;
}

#endif
