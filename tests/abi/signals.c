/* signals.c - the library does not affect the host's signal masks and handlers. */
#define _GNU_SOURCE
#include "play.h"
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* The state at the start of the program, before libraries other than libc change it. */
static sigset_t mask_at_start;

/* Signals that go to the thread that caused them, and the signal that the Go runtime uses
 * for preemption (see preemption.c). */
static int is_synchronous(int number)
{
    switch (number) {
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGTRAP:
    case SIGURG:
    case SIGKILL:
    case SIGSTOP:
        return 1;
    }
    return number >= 32; /* real-time signals: libc uses some, the others are unused */
}

/* A line of /proc/self/task/TID/status, as a number. */
static unsigned long long mask_of(const char *tid, const char *line)
{
    char path[64], text[256];
    unsigned long long mask = 0;
    snprintf(path, sizeof path, "/proc/self/task/%s/status", tid);
    FILE *f = fopen(path, "r");
    if (!f)
        return ~0ull; /* the thread has ended */
    while (fgets(text, sizeof text, f))
        if (strncmp(text, line, strlen(line)) == 0)
            mask = strtoull(text + strlen(line), NULL, 16);
    fclose(f);
    return mask;
}

/* Checks the mask of each other thread, and returns their number. */
static int check_threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int threads = 0;
    for (struct dirent *d; (d = readdir(tasks));) {
        if (d->d_name[0] == '.' || atoi(d->d_name) == (int)syscall(SYS_gettid))
            continue;
        unsigned long long blocked = mask_of(d->d_name, "SigBlk:");
        threads++;
        for (int number = 1; number < 32; number++)
            if (!is_synchronous(number) && !(blocked >> (number - 1) & 1)) {
                printf("# thread %s does not block signal %d\n", d->d_name, number);
                CHECK(!"a signal can be handled on a thread of the library");
            }
    }
    closedir(tasks);
    return threads;
}

static void threads_block_signals(void)
{
    netsession_manager *m = play("access-point eth0 bearer=ethernet state=active address=192.0.2.1/24\n");
    netsession *s = play_session(m, "eth0", NULL);
    CHECK_INT(netsession_manager_start_thread(m), 0);
    netsession_open(s);
    netsession_wait_for_opened(s, PLAY_TIMEOUT);
    CHECK(check_threads() >= 2);
    netsession_free(s);
    netsession_manager_free(m);
}

static void mask_is_kept(void)
{
    sigset_t now;
    netsession_manager *m = play("access-point eth0 bearer=ethernet\n");
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    for (int number = 1; number < 65; number++)
        CHECK_INT(sigismember(&now, number), sigismember(&mask_at_start, number));
    netsession_manager_free(m);
}

static void blocked_signals_stay_blocked(void)
{
    sigset_t all, before, now;
    netsession_manager *m;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_sigmask(SIG_SETMASK, NULL, &all); /* without the signals that cannot be blocked */
    m = play("access-point eth0 bearer=ethernet\n");
    netsession_manager_is_online(m);
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    for (int number = 1; number < 65; number++)
        if (!CHECK_INT(sigismember(&now, number), sigismember(&all, number)))
            printf("#   signal %d\n", number);
    netsession_manager_free(m);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void *block_and_call(void *manager)
{
    blocked_signals_stay_blocked();
    netsession_manager_is_online(manager);
    return NULL;
}

static void on_any_thread(void)
{
    netsession_manager *m = play("access-point eth0 bearer=ethernet\n");
    pthread_t thread;
    pthread_create(&thread, NULL, block_and_call, m);
    pthread_join(thread, NULL);
    netsession_manager_free(m);
}

/* A signal that the host blocks and reads from a signalfd must not be delivered to a
 * thread of the library. */
static void signalfd_misses_nothing(void)
{
    sigset_t child, before;
    netsession_manager *m = play("access-point eth0 bearer=ethernet\n");
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &child, &before);
    struct pollfd fd = {.fd = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC), .events = POLLIN};
    for (int i = 0; i < 50; i++) {
        struct signalfd_siginfo info;
        pid_t pid = fork();
        if (pid == 0)
            _exit(0);
        CHECK_INT(poll(&fd, 1, 2000), 1);
        CHECK_INT(read(fd.fd, &info, sizeof info), sizeof info);
        waitpid(pid, NULL, 0);
    }
    close(fd.fd);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    netsession_manager_free(m);
}

static volatile sig_atomic_t handled;
static pthread_t handled_on;

static void handle(int number)
{
    (void)number;
    handled++;
    handled_on = pthread_self();
}

static void host_handles_its_signals(void)
{
    const int numbers[] = {SIGUSR1, SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGALRM, SIGPIPE};
    netsession_manager *m = play("access-point eth0 bearer=ethernet\n");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction action = {.sa_handler = handle}, before; /* without SA_ONSTACK */
        sigaction(numbers[i], &action, &before);
        handled = 0;
        kill(getpid(), numbers[i]);
        for (int n = 0; n < 2000 && !handled; n++)
            poll(NULL, 0, 1);
        CHECK_INT(handled, 1);
        CHECK(pthread_equal(handled_on, pthread_self()));
        sigaction(numbers[i], &before, NULL);
    }
    netsession_manager_free(m);
}

static volatile sig_atomic_t waiting, handled_while_waiting;

static void handle_while_waiting(int number)
{
    (void)number;
    handled_while_waiting |= waiting;
}

/* A thread that waits in the library still runs the host's signal handlers. */
static void waiting_does_not_block_signals(void)
{
    const struct sigaction action = {.sa_handler = handle_while_waiting};
    const struct itimerval soon = {.it_value = {0, 50000}};
    netsession_manager *m = play("access-point eth0 bearer=ethernet\nstart eth0 hangs\n");
    netsession *s = play_session(m, "eth0", NULL);
    struct sigaction before;
    sigaction(SIGALRM, &action, &before);
    netsession_open(s);
    for (int i = 0; i < 20 && !handled_while_waiting; i++) {
        setitimer(ITIMER_REAL, &soon, NULL);
        waiting = 1;
        CHECK_INT(netsession_wait_for_opened(s, 1000), 0);
        waiting = 0;
    }
    CHECK(handled_while_waiting);
    sigaction(SIGALRM, &before, NULL);
    netsession_free(s);
    netsession_manager_free(m);
}

__attribute__((constructor)) static void remember(void)
{
    pthread_sigmask(SIG_SETMASK, NULL, &mask_at_start);
}

int main(void)
{
    RUN(threads_block_signals);
    RUN(mask_is_kept);
    RUN(blocked_signals_stay_blocked);
    RUN(on_any_thread);
    RUN(signalfd_misses_nothing);
    RUN(host_handles_its_signals);
    RUN(waiting_does_not_block_signals);
    return check_result();
}
