/* soak.c - random changes of the network beside a real NetworkManager, for SOAK seconds
 * (10 by default): links and profiles are added, changed and removed, daemons restart,
 * and processes open, close, migrate and stop their sessions, or are killed.
 *
 * SEED repeats a run, as far as concurrent processes can be repeated.
 */
#define _GNU_SOURCE
#include "soaker.h"
#include "chaos.h"

/* Processes with sessions. The test measures the processes that live as long as the test,
 * and sometimes kills the last process. */
enum { LASTING = 2, PROCESSES = 3 };

static const char *const homes[PROCESSES][SOAKER_SESSIONS] = {
    {"netsession:internet", OFFICE, "link:free0"},
    {"link:free1", HOME, "netsession:internet"},
    {OFFICE, "link:free0", "link:free2"},
};

static struct soaker_process {
    pid_t pid;
    FILE *to, *from;
} processes[PROCESSES];

/* The resources of the test and the lasting processes, while all processes pause. */
static struct use {
    int descriptors[LASTING + 1];
    long resident[LASTING + 1]; /* kB */
} first, last;

static long start_time;

static void start(int i)
{
    int in[2], out[2];
    char seed[32];
    if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
        exit(1);
    snprintf(seed, sizeof seed, "%d", chaos_random(1 << 30));
    const pid_t pid = fork();
    if (pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        execl("/proc/self/exe", "soaker", "soaker", seed, homes[i][0], homes[i][1], homes[i][2], (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    processes[i] = (struct soaker_process){pid, fdopen(in[1], "w"), fdopen(out[0], "r")};
    setvbuf(processes[i].from, NULL, _IONBF, 0); /* poll() must see all unread data */
}

/* Reads a process's output, which are failures, until a word. */
static void await_word(int i, const char *word)
{
    char line[512];
    for (;;) {
        struct pollfd fd = {.fd = fileno(processes[i].from), .events = POLLIN};
        if (poll(&fd, 1, LAB_TIMEOUT) <= 0 || !fgets(line, sizeof line, processes[i].from)) {
            printf("# timeout waiting for process %d: %s\n", i, word);
            CHECK(0);
            return;
        }
        line[strcspn(line, "\n")] = 0;
        if (strcmp(line, word) == 0)
            return;
        printf("# process %d, at %ld s: %s\n", i, (lab_now() - start_time) / 1000, line);
        CHECK(line[0] == '.');
    }
}

static void send_word(int i, const char *word)
{
    fprintf(processes[i].to, "%s\n", word);
    fflush(processes[i].to);
}

static void end(int i, int signal)
{
    if (signal)
        kill(processes[i].pid, signal);
    fclose(processes[i].to);
    fclose(processes[i].from);
    waitpid(processes[i].pid, NULL, 0);
}

/* ------------------------------------------------------------------ snapshots */

/* The snapshot of a manager in a new process. */
static const char *new_process_snapshot(void)
{
    static char text[4096];
    char command[64];
    snprintf(command, sizeof command, "/proc/%d/exe snapshot", getpid());
    FILE *pipe = popen(command, "r");
    const size_t n = pipe ? fread(text, 1, sizeof text - 1, pipe) : 0;
    text[n] = 0;
    if (pipe)
        pclose(pipe);
    return text;
}

static const char *snapshot(void)
{
    static char text[4200];
    snprintf(text, sizeof text, "%s; %s", daemon_list_configurations(), netsession_manager_is_online(lab_manager) ? "online" : "offline");
    return text;
}

/* The expected state of a link's configuration, from the kernel's flags. */
static int state_from_kernel(const char *link)
{
    const int what = kernel_link_flags(link);
    if (!(what & KERNEL_PRESENT))
        return NETSESSION_CONFIGURATION_STATE_UNDEFINED;
    if (!(what & KERNEL_UP))
        return NETSESSION_CONFIGURATION_STATE_DISCOVERED;
    if (!(what & KERNEL_CARRIER))
        return NETSESSION_CONFIGURATION_STATE_DEFINED;
    return what & KERNEL_ADDRESS ? NETSESSION_CONFIGURATION_STATE_ACTIVE : NETSESSION_CONFIGURATION_STATE_DISCOVERED;
}

static const char *wrong_link(void)
{
    static char link[16], id[32];
    for (int i = 0; i < CHAOS_LINKS; i++) {
        snprintf(link, sizeof link, "free%d", i);
        snprintf(id, sizeof id, "link:%s", link);
        if (lab_config_state(id) != state_from_kernel(link))
            return id;
    }
    return NULL;
}

static void dispatch_for(int ms)
{
    const long end = lab_now() + ms;
    for (long left = ms; left > 0; left = end - lab_now()) {
        struct pollfd fd = {.fd = netsession_manager_fd(lab_manager), .events = POLLIN};
        poll(&fd, 1, (int)left);
        netsession_manager_dispatch(lab_manager);
        lab_count = lab_seen = 0; /* the record has room for LAB_LINES lines only */
    }
}

/* Waits until the snapshot equals that of a new process and the kernel's state. */
static void compare(void)
{
    const char *fresh = "", *wrong = NULL;
    int same = 0;
    for (const long end = lab_now() + LAB_TIMEOUT; !same && lab_now() < end;) {
        dispatch_for(20);
        wrong = wrong_link();
        same = !wrong && strcmp(fresh = new_process_snapshot(), snapshot()) == 0;
    }
    if (!CHECK(same))
        printf("#   snapshot: %s\n#   new process: %s\n#   differs from the kernel: %s\n", snapshot(), fresh, wrong ? wrong : "none");
}

static struct use measure(void)
{
    struct use use;
    for (int i = 0; i <= LASTING; i++) {
        const pid_t pid = i == LASTING ? getpid() : processes[i].pid;
        use.descriptors[i] = kernel_descriptors(pid);
        use.resident[i] = kernel_resident(pid);
    }
    printf("# at %ld s:", (lab_now() - start_time) / 1000);
    for (int i = 0; i <= LASTING; i++)
        printf(" %d descriptors %ld kB%s", use.descriptors[i], use.resident[i], i < LASTING ? "," : "\n");
    fflush(stdout);
    return use;
}

static void check_while_paused(void)
{
    for (int i = 0; i < PROCESSES; i++)
        send_word(i, "pause");
    for (int i = 0; i < PROCESSES; i++)
        await_word(i, "paused");
    compare();
    last = measure();
    for (int i = 0; i < PROCESSES; i++)
        send_word(i, "go");
}

/* ------------------------------------------------------------------------ run */

static void run_chaos(long seconds)
{
    for (const long until = start_time + seconds * 1000; lab_now() < until && check_failures == 0;) {
        for (int i = 0; i < 30; i++) {
            chaos_change();
            dispatch_for(chaos_random(200));
            if (chaos_random(20) == 0) {
                end(PROCESSES - 1, SIGKILL);
                start(PROCESSES - 1);
            }
        }
        check_while_paused();
        if (!first.resident[0] || (lab_now() - start_time) * 10 < seconds * 1000)
            first = last; /* lazily made resources exist by then */
    }
}

static void chaos_leaves_correct_state_and_no_leaks(void)
{
    const char *length = getenv("SOAK"), *seed = getenv("SEED");
    /* A short run always has the same seed. */
    chaos_state = seed ? strtoull(seed, NULL, 10) | 1 : length ? (unsigned long long)time(NULL) << 1 | 1 : 1;
    printf("# SEED=%llu\n", chaos_state);
    start_time = lab_now();
    chaos_add_profiles();
    for (int i = 0; i < PROCESSES; i++)
        start(i);
    run_chaos(length ? atol(length) : 10);
    for (int i = 0; i <= LASTING; i++) {
        /* The socket for requests is made at first use, and another one while the kernel's
         * links are read. */
        CHECK(last.descriptors[i] <= first.descriptors[i] + 2);
        CHECK(last.resident[i] - first.resident[i] < 8 * 1024);
    }
    for (int i = 0; i < PROCESSES; i++)
        end(i, 0);
}

int main(int argc, char **argv)
{
    if (argc > 5 && strcmp(argv[1], "soaker") == 0)
        return soaker_main(strtoull(argv[2], NULL, 10), argv + 3);
    if (argc == 1) {
        lab_run("mkdir -p -m 700 /run/shared");
        setenv("XDG_RUNTIME_DIR", "/run/shared", 1);
    }
    lab_begin();
    if (argc > 1)
        printf("%s", snapshot());
    else
        RUN(chaos_leaves_correct_state_and_no_leaks);
    netsession_manager_free(lab_manager);
    return argc > 1 ? 0 : check_result();
}
