/* late_loading.c - the library in a process that loads it late, when it has handlers,
 * masks and stacks of its own: all is what it was.
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

enum { SIGNALS = 64, PARKED = 3000 /* ms after the last manager */, PATIENCE = 30 };

/* What the kernel knows of a signal; libc does not tell of its own ones. */
struct disposition {
    void *handler;
    unsigned long flags;
    void *restorer;
    uint64_t mask;
};

/* What a thread and its process have of signals. */
struct state {
    struct disposition of[SIGNALS + 1];
    uint64_t mask;
    stack_t stack;
};

/* How many threads there may be: the host's one, one of the runtime for each core, and
 * some that wait in system calls or for work. */
static int threads_at_most(void)
{
    return 1 + (int)sysconf(_SC_NPROCESSORS_ONLN) + 6;
}

/* The name of this program, which the runtime's threads have, too. */
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

/* Those that Go makes panics of, where they come from its own code; and what libc
 * sends to its threads, for which it has no handler before the second thread. */
static int may_differ(int number)
{
    return number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == 32 || number == 33;
}

/* The restorer is libc's, which sets it whenever it changes a disposition. */
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

/* A little of everything: calls, events, waiting. */
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
    for (int i = 1; i <= SIGNALS; i++) /* a third each: handled, ignored, left alone */
        if (i % 3 == 0 || i == SIGSEGV)
            sigaction(i, &plain, NULL);
        else if (i % 3 == 1)
            sigaction(i, &ignored, NULL);
    sigemptyset(&some);
    sigaddset(&some, SIGUSR1);
    sigaddset(&some, SIGCHLD);
    pthread_sigmask(SIG_SETMASK, &some, NULL);
}

static int inherited; /* descriptors, from whoever started this program */

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

/* A fault of the host is the host's: its handler of before is called, and without
 * one it dies of it. */
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
    CHECK_INT(handled, SIGSEGV); /* the one of before the library was loaded */
    const pid_t child = fork();
    if (child == 0) {
        alarm(30);
        sigaction(SIGSEGV, &action, NULL);
        *(volatile int *)8 = 1;
    }
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == SIGSEGV);
}

/* A program that was started with no handler at all, and faults. */
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

/* Nothing of the library runs any more: its threads sleep. */
static int comes_to_rest(void)
{
    for (int i = 0; i < PATIENCE; i++) {
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
    CHECK(comes_to_rest());
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
