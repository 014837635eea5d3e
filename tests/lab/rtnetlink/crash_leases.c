/* crash_leases.c - two hundred processes open and close one real link and are killed at
 * random, and another process only monitors.
 *
 *     crash_leases [ROUNDS]     1 by default; the environment variable ROUNDS sets it, too
 *
 * While a process lives that has received "opened" without a later "closed", the link is
 * up; after the last such process has closed or died, the link goes down. The processes
 * keep their state in shared memory. The parent compares this state with the kernel's
 * repeatedly.
 */
#define _GNU_SOURCE
#include "agent.h"
#include <sys/mman.h>

enum { WORKERS = 200 };

#define FOLDER "/run/shared"

/* The phases: all workers are busy, then so few that the link goes up and down all the
 * time, then none. */
enum { BUSY, SPARSE, QUIET };

struct worker {
    _Atomic int holds;  /* it has received "opened" without a later "closed" */
    _Atomic int wants;  /* it has called open without a later close */
    _Atomic int opened; /* the number of opened events */
    _Atomic int failed; /* the number of error events */
    char error[160];
};

static struct {
    _Atomic int pace, over;
    struct worker workers[WORKERS];
} *shared;

static struct worker *me;

static void worker_opened(netsession *s, void *d)
{
    (void)s, (void)d;
    me->opened++;
    me->holds = 1;
}

static void worker_closed(netsession *s, void *d)
{
    (void)s, (void)d;
    me->holds = 0;
}

static void worker_error(netsession *s, int error, const char *text, void *d)
{
    (void)s, (void)d;
    snprintf(me->error, sizeof me->error, "%s: %s", netsession_error_name(error), text);
    me->failed++;
    me->wants = 0;
}

static void dispatch_for(int ms)
{
    long end = lab_now() + ms;
    for (long left = ms; left >= 0; left = end - lab_now()) {
        struct pollfd fd = {.fd = netsession_manager_fd(lab_manager), .events = POLLIN};
        poll(&fd, 1, (int)left);
        netsession_manager_dispatch(lab_manager);
        if (left == 0)
            break;
    }
}

/* A worker: opens and closes until it is killed. */
static int work(int number)
{
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks, .opened = worker_opened, .closed = worker_closed, .error = worker_error,
    };
    netsession_configuration *config;
    netsession *session;
    me = &shared->workers[number];
    srandom((unsigned)getpid());
    if (netsession_manager_new(NULL, &lab_manager, NULL, 0) < 0)
        return 1;
    netsession_manager_configuration_from_identifier(lab_manager, "link:cable", &config);
    if (netsession_new(lab_manager, config, &session) < 0)
        return 1;
    netsession_set_callbacks(session, &callbacks);
    while (!shared->over) {
        int pace = shared->pace;
        dispatch_for(pace == SPARSE ? (int)(random() % 200) : 200 + (int)(random() % 800));
        int active = pace == BUSY || (pace == SPARSE && number < 4);
        if (me->wants && (!active || random() % 2)) {
            me->holds = me->wants = 0;
            netsession_close(session);
        } else if (!me->wants && active && random() % 2) {
            me->wants = 1;
            netsession_open(session);
        }
    }
    netsession_free(session);
    netsession_manager_free(lab_manager);
    return 0;
}

static int monitor(void)
{
    if (netsession_manager_new(NULL, &lab_manager, NULL, 0) < 0)
        return 1;
    while (!shared->over)
        dispatch_for(100);
    netsession_manager_free(lab_manager);
    return 0;
}

static pid_t pids[WORKERS], watcher;

/* Starts this program again; it has the shared memory as descriptor 3. */
static pid_t start(const char *what, int number)
{
    char text[16];
    snprintf(text, sizeof text, "%d", number);
    pid_t pid = fork();
    if (pid == 0) {
        execl("/proc/self/exe", "crash_leases", what, text, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static int died;

/* Starts a worker and resets its state. */
static void start_worker(int i)
{
    shared->workers[i].holds = shared->workers[i].wants = 0;
    pids[i] = start("worker", i);
}

static void kill_worker(int i)
{
    int status;
    shared->workers[i].holds = 0; /* the worker may be dead from now on */
    kill(pids[i], SIGKILL);
    waitpid(pids[i], &status, 0);
    died++;
    start_worker(i);
}

static int any(int wanting)
{
    for (int i = 0; i < WORKERS; i++)
        if (wanting ? shared->workers[i].wants : shared->workers[i].holds)
            return 1;
    return 0;
}

static int opened_so_far(void)
{
    int sum = 0;
    for (int i = 0; i < WORKERS; i++)
        sum += shared->workers[i].opened;
    return sum;
}

/* Whether the link is down while a worker holds it. A worker that holds the link before
 * and after the query of the kernel, without another open, has held it meanwhile. */
static int is_missed(void)
{
    int before[WORKERS], times[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
        times[i] = shared->workers[i].opened;
        before[i] = shared->workers[i].holds;
    }
    if (agent_link_is_up("cable"))
        return 0;
    for (int i = 0; i < WORKERS; i++)
        if (before[i] && shared->workers[i].holds && shared->workers[i].opened == times[i])
            return 1;
    return 0;
}

static long missed, changes, checks;

/* Checks once, and sometimes kills one of the first "killing" workers. */
static void check_once(int killing)
{
    static long next_kill;
    static int was_up;
    long now = lab_now();
    if (killing && now >= next_kill) {
        kill_worker((int)random() % killing);
        next_kill = now + 20 + random() % 80;
    }
    missed += is_missed();
    int up = agent_link_is_up("cable");
    changes += up != was_up;
    was_up = up;
    checks++;
    poll(NULL, 0, 1);
}

/* Checks until the given numbers of kills, openings and link changes have been added. */
static void until(int killing, int kills, int openings, long link_changes)
{
    kills += died, openings += opened_so_far(), link_changes += changes;
    while (died < kills || opened_so_far() < openings || changes < link_changes)
        check_once(killing);
}

/* No worker opens or dies any more: the link goes down. */
static void until_down(void)
{
    while (any(1))
        check_once(0);
    CHECK(agent_await_link("cable", 0) >= 0);
}

static int rounds = 1;

/* Each round is busy, sparse and quiet; at the end all holders are killed at the same
 * time. */
static void two_hundred_processes(void)
{
    watcher = start("monitor", 0);
    for (int i = 0; i < WORKERS; i++)
        start_worker(i);
    for (int round = 0; round < rounds; round++) {
        shared->pace = BUSY;
        until(WORKERS, 40, WORKERS, 0);
        shared->pace = SPARSE;
        until(8, 60, 40, 12);
        shared->pace = QUIET;
        until_down();
    }
    printf("# %d opened, %d killed, %ld link changes, %ld checks\n", opened_so_far(), died, changes, checks);
    CHECK_INT(missed, 0); /* the link was down while a worker held it */
    for (int i = 0; i < WORKERS; i++)
        if (!CHECK_INT(shared->workers[i].failed, 0))
            printf("# worker %d: %s\n", i, shared->workers[i].error);
}

static void all_holders_are_killed_at_the_same_time(void)
{
    int status;
    shared->pace = BUSY;
    until(0, 0, 100, 0);
    CHECK(any(0));
    for (int i = 0; i < WORKERS; i++)
        kill(pids[i], SIGKILL);
    for (int i = 0; i < WORKERS; i++)
        waitpid(pids[i], &status, 0);
    long took = agent_await_link("cable", 0);
    printf("# down after %ld ms\n", took);
    CHECK(took >= 0);
    shared->over = 1;
    waitpid(watcher, &status, 0);
    CHECK_INT(status, 0);
}

static void no_leases_remain(void)
{
    CHECK_INT(system("! grep -L 'state *stopped' " FOLDER "/netsession/lease-* 2>/dev/null | grep ."), 0);
}

int main(int argc, char **argv)
{
    const char *wanted = argc == 2 ? argv[1] : getenv("ROUNDS");
    int fd = argc > 2 ? 3 : memfd_create("shared", 0);
    if (fd != 3)
        fd = dup2(fd, 3);
    if (ftruncate(fd, sizeof *shared) < 0)
        return 1;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (argc > 2)
        return strcmp(argv[1], "worker") == 0 ? work(atoi(argv[2])) : monitor();
    if (wanted)
        rounds = atoi(wanted);
    setenv("XDG_RUNTIME_DIR", FOLDER, 1);
    lab_run("mkdir -m 700 " FOLDER);
    lab_plug_with_address("cable", "192.0.2.1/24");
    lab_run("ip link set cable down");
    RUN(two_hundred_processes);
    RUN(all_holders_are_killed_at_the_same_time);
    RUN(no_leases_remain);
    return check_result();
}
