/* agent.h - agents for tests with several processes. An agent is another process of this
 * program, with its own manager and session, that executes commands.
 *
 * It reads commands from its standard input, one a line ("open", "close", "stop",
 * "sync", "capabilities", "fork"), and writes a line for each event. It exits at another
 * word or at the end of its input.
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
    int in, out;        /* pipes to its standard input and from its output */
    char output[16384]; /* everything that it has written */
    size_t length, seen;
};

/* Asks the kernel with an ioctl, without starting a process, so it can be called often. */
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

/* Waits until a link is up, or down. Returns the time by lab_unstalled_now() in ms, -1 on
 * timeout. */
static inline long agent_await_link(const char *link, int up)
{
    const long start = lab_now(), unstalled_start = lab_unstalled_now();
    while (agent_link_is_up(link) != up) {
        if (lab_now() - start > LAB_TIMEOUT) {
            printf("# timeout waiting for %s to go %s\n", link, up ? "up" : "down");
            return -1;
        }
        poll(NULL, 0, 5);
    }
    const long took = lab_unstalled_now() - unstalled_start;
    return took > 0 ? took : 0; /* the kernel accounts for stalls some time later */
}

/* Starts an agent. options is the value of NETSESSION_OPTIONS, NULL for none. If limit is
 * not 0, the agent uses up all descriptors before it is ready. */
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

/* Reads the agent's output until a line that begins with text follows the lines already
 * seen. Marks this line and all before it as seen. Returns 0 on timeout. */
static inline int agent_await(struct agent *a, const char *text)
{
    long end = lab_now() + LAB_TIMEOUT;
    for (;;) {
        char *line = a->output + a->seen, *newline;
        while ((newline = strchr(line, '\n')) != NULL) {
            a->seen = (size_t)(newline + 1 - a->output);
            if (strncmp(line, text, strlen(text)) == 0)
                return 1;
            line = newline + 1;
        }
        struct pollfd fd = {.fd = a->out, .events = POLLIN};
        long left = end - lab_now();
        if (left <= 0 || poll(&fd, 1, (int)left) <= 0)
            break;
        ssize_t n = read(a->out, a->output + a->length, sizeof a->output - 1 - a->length);
        if (n <= 0)
            break;
        a->length += (size_t)n;
        a->output[a->length] = 0;
    }
    printf("# timeout waiting for: %s\n# output: %s\n", text, a->output);
    return 0;
}

static inline void agent_send(struct agent *a, const char *word)
{
    dprintf(a->in, "%s\n", word);
}

/* All events that the agent has reported since its start, in one line. It reports
 * pending events first. */
static inline const char *agent_events(struct agent *a)
{
    static char text[sizeof a->output];
    agent_send(a, "sync");
    agent_await(a, "synced");
    size_t n = 0;
    for (char *line = a->output, *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
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
    agent_send(a, "open");
    CHECK(agent_await(a, "opened"));
}

static inline void agent_close(struct agent *a)
{
    agent_send(a, "close");
    CHECK(agent_await(a, "closed"));
}

/* Ends the agent by a signal, or by closing its input where signal is 0. */
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

static void agent_report(const char *text) { printf("%s\n", text), fflush(stdout); }
static void agent_opened(netsession *s, void *d) { (void)s, (void)d, agent_report("opened"); }
static void agent_closed(netsession *s, void *d) { (void)s, (void)d, agent_report("closed"); }

static void agent_state(netsession *s, int state, void *d)
{
    (void)s, (void)d, agent_report(netsession_state_name(state));
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

static inline int agent_execute(const char *word, netsession *s)
{
    if (strcmp(word, "open") == 0)
        netsession_open(s);
    else if (strcmp(word, "close") == 0)
        netsession_close(s);
    else if (strcmp(word, "stop") == 0)
        netsession_stop(s);
    else if (strcmp(word, "sync") == 0)
        agent_report("synced");
    else if (strcmp(word, "capabilities") == 0)
        printf("capabilities %d\n", netsession_manager_capabilities(lab_manager)), fflush(stdout);
    else if (strcmp(word, "fork") == 0) {
        if (fork() == 0) { /* the child lives on without calling the library, and without the pipes */
            close(0);
            close(1);
            for (;;)
                pause();
        }
        agent_report("forked");
    } else
        return 0;
    return 1;
}

/* Runs as an agent: main calls this for the argument "agent". */
static inline int agent_main(const char *identifier, int limit)
{
    const netsession_manager_callbacks log_callbacks = {.struct_size = sizeof log_callbacks, .log = agent_log};
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks, .opened = agent_opened, .closed = agent_closed,
        .state_changed = agent_state, .error = agent_error,
    };
    lab_begin();
    netsession_manager_set_callbacks(lab_manager, &log_callbacks);
    netsession_configuration *config;
    netsession *session;
    netsession_manager_configuration_from_identifier(lab_manager, identifier, &config);
    if (netsession_new(lab_manager, config, &session) < 0)
        exit(1);
    netsession_set_callbacks(session, &callbacks);
    netsession_configuration_free(config);
    for (int fd = 0; limit && fd >= 0;) /* use up all descriptors */
        fd = open("/dev/null", O_RDONLY);
    agent_report("ready");
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
        if (n == 0 || !agent_execute(word, session))
            break;
        netsession_manager_dispatch(lab_manager);
    }
    netsession_free(session);
    netsession_manager_free(lab_manager);
    return 0;
}

#endif
