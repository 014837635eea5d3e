/* late_loading.c - the library is loaded late, in a process that has signal handlers,
 * masks and an alternate stack: all of them remain unchanged.
 */
#define _GNU_SOURCE
#define LIBRARY "build/hooks/libnetsession.so.0"
#include "check.h"
#include "processes.h"
#include <dlfcn.h>
#include <errno.h>
#include <netsession.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIGNALS = 64, PARKED = 3000 /* ms after the last manager */, TIMEOUT = 30 };

/* A signal's disposition as the kernel stores it; libc hides the signals that it uses. */
struct disposition {
    void *handler;
    unsigned long flags;
    void *restorer;
    uint64_t mask;
};

/* The signal state of a thread and its process. */
struct state {
    struct disposition of[SIGNALS + 1];
    uint64_t mask;
    stack_t stack;
};

/* The maximal number of threads: the host's, one of the Go runtime for each core, and
 * some that wait in system calls or are idle. */
static int threads_at_most(void)
{
    return 1 + (int)sysconf(_SC_NPROCESSORS_ONLN) + 6;
}

/* The name of this program; the threads of the Go runtime have the same name. */
static const char *own_name(void)
{
    static char name[32];
    prctl(PR_GET_NAME, name);
    return name;
}

static struct state look(void)
{
    struct state s;
    memset(&s, 0, sizeof s);
    for (int i = 1; i <= SIGNALS; i++)
        syscall(SYS_rt_sigaction, i, NULL, &s.of[i], sizeof s.mask);
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &s.mask, sizeof s.mask);
    sigaltstack(NULL, &s.stack);
    return s;
}

static volatile sig_atomic_t handled;

static void handle(int number)
{
    handled = number;
}

/* Signals that the Go runtime turns into panics where its own code causes them; and the
 * signals that libc handles only after the second thread was started. */
static int may_differ(int number)
{
    return number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == 32 || number == 33;
}

/* The restorer is ignored: libc sets it at each change of a disposition. */
static int is_same(const struct disposition *a, const struct disposition *b)
{
    const unsigned long restorer = 0x04000000;
    return a->handler == b->handler && a->mask == b->mask && (a->flags | restorer) == (b->flags | restorer);
}

static void compare(const struct state *before)
{
    const struct state now = look();
    for (int i = 1; i <= SIGNALS; i++)
        if (!may_differ(i) && !CHECK(is_same(&before->of[i], &now.of[i])))
            printf("#   signal %d\n", i);
    CHECK_INT(now.mask, before->mask);
    CHECK_INT(now.stack.ss_flags, before->stack.ss_flags);
    CHECK(now.stack.ss_sp == before->stack.ss_sp && now.stack.ss_size == before->stack.ss_size);
}

static void *library;

#define CALL(function, ...) (((__typeof__(function) *)dlsym(library, #function))(__VA_ARGS__))

static char script[] = "/tmp/netsession-test.XXXXXX";

static void write_script(void)
{
    static const char text[] = "access-point eth0 bearer=ethernet\n";
    int fd = mkstemp(script);
    if (fd < 0 || write(fd, text, sizeof text - 1) < 0)
        exit(1);
    close(fd);
}

static netsession_manager *make(void)
{
    const netsession_options options = {.struct_size = sizeof options, .backend = "script", .script = script};
    netsession_manager *m;
    CHECK_INT(CALL(netsession_manager_new, &options, &m, NULL, 0), 0);
    return m;
}

/* Makes calls, gets events, and waits. */
static void use(void)
{
    netsession_manager *m = make();
    netsession_configuration *c;
    netsession *s;
    CALL(netsession_manager_default_configuration, m, &c);
    CHECK_INT(CALL(netsession_new, m, c, &s), 0);
    CALL(netsession_open, s);
    CHECK_INT(CALL(netsession_wait_for_opened, s, 20000), 1);
    CHECK(CALL(netsession_manager_dispatch, m) >= 0);
    CALL(netsession_free, s);
    CALL(netsession_configuration_free, c);
    CHECK_INT(CALL(netsession_manager_free, m), 0);
}

static void set_up_signals(void)
{
    const struct sigaction plain = {.sa_handler = handle}, ignored = {.sa_handler = SIG_IGN};
    sigset_t some;
    for (int i = 1; i <= SIGNALS; i++) /* a third each: handled, ignored, default */
        if (i % 3 == 0 || i == SIGSEGV)
            sigaction(i, &plain, NULL);
        else if (i % 3 == 1)
            sigaction(i, &ignored, NULL);
    sigemptyset(&some);
    sigaddset(&some, SIGUSR1);
    sigaddset(&some, SIGCHLD);
    pthread_sigmask(SIG_SETMASK, &some, NULL);
}

static int inherited; /* the number of descriptors at the start of this program */

static void *use_on_another(void *unused)
{
    const struct state before = look();
    use();
    compare(&before);
    return unused;
}

static void signal_dispositions_are_unchanged(void)
{
    pthread_t thread;
    CHECK_INT(processes_count_entries("task"), 1);
    inherited = processes_inheritable_fds();
    set_up_signals();
    const struct state before = look();
    library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        printf("# %s\n", dlerror());
    CHECK(library != NULL);
    compare(&before);
    printf("# %d threads before the first manager\n", processes_count_entries("task"));
    CHECK(processes_count_entries("task") <= threads_at_most()); /* all of the Go runtime */
    use();
    compare(&before);
    pthread_create(&thread, NULL, use_on_another, NULL);
    pthread_join(thread, NULL);
    compare(&before);
}

static void an_alternate_stack_is_kept(void)
{
    const stack_t own = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16}, none = {.ss_flags = SS_DISABLE};
    sigaltstack(&own, NULL);
    const struct state before = look();
    use();
    compare(&before);
    sigaltstack(&none, NULL);
    free(own.ss_sp);
}

/* A fault in the host's code runs the host's earlier handler; without one it kills the
 * host. */
static void leave(int number)
{
    _exit(number);
}

static void faults_of_the_host(void)
{
    const struct sigaction action = {.sa_handler = leave};
    int status = 0;
    handled = 0;
    raise(SIGSEGV);
    CHECK_INT(handled, SIGSEGV); /* the handler from before the library was loaded */
    const pid_t child = fork();
    if (child == 0) {
        alarm(30);
        sigaction(SIGSEGV, &action, NULL);
        *(volatile int *)8 = 1;
    }
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == SIGSEGV);
}

/* A program without handlers, with a fault. */
static void fault(void)
{
    signal(SIGALRM, SIG_DFL); /* ignored since exec */
    alarm(30);
    library = dlopen(LIBRARY, RTLD_NOW);
    write_script();
    use();
    unlink(script);
    *(volatile int *)8 = 1;
}

static void faults_of_a_host_without_handlers(void)
{
    int status = 0;
    const pid_t child = fork();
    if (child == 0)
        execl("/proc/self/exe", "late_loading", "fault", NULL);
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

/* Whether all threads of the library become idle. */
static int becomes_idle(void)
{
    for (int i = 0; i < TIMEOUT; i++) {
        const long before = processes_context_switches();
        poll(NULL, 0, 1000);
        if (processes_context_switches() - before <= 1) /* this poll */
            return 1;
    }
    return 0;
}

static void threads_and_descriptors(void)
{
    const int threads = processes_count_entries("task"), fds = processes_count_entries("fd");
    printf("# %d threads, %d descriptors\n", threads, fds);
    CHECK(threads <= threads_at_most());
    for (int i = 0; i < 10000; i++) {
        netsession_manager *m = make();
        if (i % 100 == 0)
            CHECK_INT(CALL(netsession_manager_start_thread, m), 0);
        CHECK_INT(CALL(netsession_manager_free, m), 0);
    }
    netsession_manager *m = make();
    CHECK_INT(CALL(netsession_manager_start_thread, m), 0);
    CHECK_INT(processes_threads_named("netsession"), 1);
    CHECK_INT(processes_threads_named("netsession") + processes_threads_named(own_name()), processes_count_entries("task"));
    CHECK_INT(processes_inheritable_fds(), inherited);
    CHECK_INT(CALL(netsession_manager_free, m), 0);
    CHECK_INT(processes_threads_named("netsession"), 0);
    poll(NULL, 0, PARKED);
    CHECK(becomes_idle());
    printf("# %d threads, %d descriptors\n", processes_count_entries("task"), processes_count_entries("fd"));
    CHECK(processes_count_entries("task") <= threads_at_most());
    CHECK(processes_count_entries("fd") <= fds);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        fault();
    write_script();
    RUN(signal_dispositions_are_unchanged);
    RUN(an_alternate_stack_is_kept);
    RUN(faults_of_the_host);
    RUN(faults_of_a_host_without_handlers);
    RUN(threads_and_descriptors);
    unlink(script);
    return check_result();
}
