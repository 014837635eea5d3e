/* leases.c - sessions of several processes on one real link. */
#define _GNU_SOURCE
#include "agent.h"
#include <sys/stat.h>

#define ABORTED "SessionAbortedError: The session on cable was closed because its network was stopped."
#define FOLDER "/run/shared"

enum { TWO_SECONDS = 2000 };

/* All processes use this folder for their leases; it is new for each test. */
static void new_lease_folder(void)
{
    lab_run("rm -rf " FOLDER " && mkdir -m 700 " FOLDER);
    setenv("XDG_RUNTIME_DIR", FOLDER, 1);
    unsetenv("NETSESSION_OPTIONS");
}

static void down_cable(void)
{
    new_lease_folder();
    lab_plug_with_address("cable", "192.0.2.1/24");
    lab_run("ip link set cable down");
}

static void up_cable(void)
{
    new_lease_folder();
    lab_plug_with_address("cable", "192.0.2.1/24");
    lab_run("timeout 120 sh -c 'until ip link show cable | grep -q \"state UP\"; do sleep 0.01; done'");
}

static void unplug(void)
{
    lab_run("ip link delete cable");
}

/* Checks that the lease files that remain are in the state "stopped". */
static void no_leases_remain(void)
{
    CHECK_INT(system("! grep -l -e 'state *start' -e 'state *system' -e 'state *stopping' "
                     FOLDER "/netsession/lease-* 2>/dev/null"), 0);
}

static void last_of_two_processes_takes_down(void)
{
    struct agent a, b;
    down_cable();
    agent_start(&a, "link:cable");
    agent_start(&b, "link:cable");
    agent_open(&a);
    CHECK(agent_link_is_up("cable"));
    agent_open(&b);
    agent_close(&a);
    CHECK_STR(agent_events(&a), "Connecting, opened, Connected, closed");
    CHECK(agent_link_is_up("cable"));
    agent_close(&b);
    CHECK(agent_await(&b, "Disconnected"));
    CHECK(!agent_link_is_up("cable"));
    CHECK(agent_await(&a, "Disconnected"));
    agent_end(&a, 0);
    agent_end(&b, 0);
    no_leases_remain();
    unplug();
}

static void link_set_up_by_system_stays_up(void)
{
    struct agent a, b;
    up_cable();
    agent_start(&a, "link:cable");
    agent_start(&b, "link:cable");
    agent_open(&a);
    agent_open(&b);
    agent_close(&a);
    agent_end(&b, SIGKILL);
    agent_open(&a);
    agent_close(&a);
    CHECK_STR(agent_events(&a), "opened, closed, opened, closed");
    poll(NULL, 0, TWO_SECONDS); /* an orphan would be taken down in this time */
    CHECK(agent_link_is_up("cable"));
    agent_end(&a, 0);
    CHECK(agent_link_is_up("cable"));
    no_leases_remain();
    unplug();
}

static void one_of_two_holders_is_killed(void)
{
    struct agent a, b;
    down_cable();
    agent_start(&a, "link:cable");
    agent_start(&b, "link:cable");
    agent_open(&a);
    agent_open(&b);
    agent_end(&a, SIGKILL);
    poll(NULL, 0, TWO_SECONDS / 2);
    CHECK(agent_link_is_up("cable"));
    agent_close(&b);
    CHECK(agent_await(&b, "Disconnected"));
    CHECK(!agent_link_is_up("cable"));
    agent_end(&b, 0);
    no_leases_remain();
    unplug();
}

static void monitoring_process_takes_orphan_down(void)
{
    struct agent a, monitor;
    down_cable();
    agent_start(&monitor, "link:cable");
    agent_start(&a, "link:cable");
    agent_open(&a);
    agent_end(&a, SIGKILL);
    long took = agent_await_link("cable", 0);
    CHECK(took >= 0 && took <= TWO_SECONDS);
    CHECK(agent_await(&monitor, "Disconnected"));
    agent_end(&monitor, 0);
    no_leases_remain();
    unplug();
}

static void without_witness_next_last_close_takes_down(void)
{
    struct agent a;
    down_cable();
    agent_start(&a, "link:cable");
    agent_open(&a);
    agent_end(&a, SIGKILL);
    agent_start(&a, "link:cable");
    agent_open(&a);
    agent_close(&a);
    CHECK(agent_await(&a, "Disconnected"));
    CHECK(!agent_link_is_up("cable"));
    agent_end(&a, 0);
    no_leases_remain();
    unplug();
}

static void stop_reaches_every_process(void)
{
    struct agent a, b, c;
    up_cable();
    agent_start(&a, "link:cable");
    agent_start(&b, "link:cable");
    agent_start(&c, "link:cable");
    agent_open(&a);
    agent_open(&b);
    agent_send(&c, "stop");
    CHECK(agent_await(&a, "Disconnected"));
    CHECK(agent_await(&b, "Disconnected"));
    CHECK(agent_await(&c, "Disconnected"));
    CHECK(!agent_link_is_up("cable"));
    CHECK_STR(agent_events(&a), "opened, closed, " ABORTED ", Disconnected");
    CHECK_STR(agent_events(&b), "opened, closed, " ABORTED ", Disconnected");
    CHECK_STR(agent_events(&c), "Closing, Disconnected");
    agent_open(&b); /* the link can be opened as before */
    agent_close(&b);
    CHECK(agent_await(&b, "Disconnected"));
    CHECK(!agent_link_is_up("cable"));
    agent_end(&a, 0);
    agent_end(&b, 0);
    agent_end(&c, 0);
    no_leases_remain();
    unplug();
}

static void a_literal_close_waits_for_other_processes(void)
{
    struct agent a, b;
    up_cable();
    agent_start_with(&a, "link:cable", "close=literal", 0);
    agent_start_with(&b, "link:cable", "close=literal", 0);
    agent_await(&a, "ready");
    agent_await(&b, "ready");
    agent_open(&a);
    agent_open(&b);
    agent_close(&a);
    CHECK_STR(agent_events(&a), "opened, closed");
    CHECK(agent_link_is_up("cable"));
    agent_close(&b);
    CHECK(agent_await(&b, "Disconnected"));
    CHECK(!agent_link_is_up("cable"));
    agent_end(&a, 0);
    agent_end(&b, 0);
    unplug();
}

/* The child inherits the descriptors of its parent, and lives on. */
static void a_forked_child_holds_nothing(void)
{
    struct agent a, monitor;
    down_cable();
    agent_start(&monitor, "link:cable");
    agent_start(&a, "link:cable");
    agent_open(&a);
    agent_send(&a, "fork");
    CHECK(agent_await(&a, "forked"));
    agent_end(&a, SIGKILL);
    long took = agent_await_link("cable", 0);
    CHECK(took >= 0 && took <= TWO_SECONDS);
    agent_end(&monitor, 0);
    no_leases_remain();
    unplug();
}

static void stopped_process_blocks_no_other_process(void)
{
    struct agent frozen, a, monitor;
    down_cable();
    agent_start(&frozen, "link:cable");
    agent_start(&monitor, "link:cable");
    agent_start(&a, "link:cable");
    kill(frozen.pid, SIGSTOP);
    agent_open(&a);
    agent_end(&a, SIGKILL);
    long took = agent_await_link("cable", 0);
    CHECK(took >= 0 && took <= TWO_SECONDS);
    kill(frozen.pid, SIGCONT);
    agent_open(&frozen);
    agent_end(&monitor, 0);
    agent_close(&frozen);
    agent_end(&frozen, 0);
    unplug();
}

/* The monitor gets no notifications, because the kernel's resources are used up. */
static void without_notifications_a_process_polls(void)
{
    struct agent a, monitor;
    down_cable();
    lab_run("cat /proc/sys/user/max_inotify_instances >/run/instances && echo 0 >/proc/sys/user/max_inotify_instances");
    agent_start(&monitor, "link:cable");
    lab_run("cat /run/instances >/proc/sys/user/max_inotify_instances");
    agent_start(&a, "link:cable");
    agent_open(&a);
    agent_end(&a, SIGKILL);
    long took = agent_await_link("cable", 0);
    CHECK(took >= 0 && took <= TWO_SECONDS);
    CHECK(agent_await(&monitor, "Disconnected"));
    CHECK(strstr(monitor.output, "log Other processes are looked after by looking around: ") != NULL);
    agent_end(&monitor, 0);
    no_leases_remain();
    unplug();
}

/* One process closes while another opens, repeatedly: the open succeeds, and the link
 * stays up. */
static void close_and_open_at_once(void)
{
    struct agent a, b;
    down_cable();
    agent_start(&a, "link:cable");
    agent_start(&b, "link:cable");
    agent_open(&a);
    for (int i = 0; i < 300; i++) {
        struct agent *closing = i % 2 ? &b : &a, *opening = i % 2 ? &a : &b;
        agent_send(closing, "close");
        agent_send(opening, "open");
        CHECK(agent_await(closing, "closed"));
        CHECK(agent_await(opening, "opened"));
        CHECK(agent_link_is_up("cable"));
    }
    if (!CHECK(strstr(agent_events(&a), "Error") == NULL && strstr(agent_events(&b), "Error") == NULL))
        printf("# first: %s\n# second: %s\n", a.output, b.output);
    agent_close(&a);
    CHECK(agent_await(&a, "Disconnected"));
    CHECK(!agent_link_is_up("cable"));
    agent_end(&a, 0);
    agent_end(&b, 0);
    no_leases_remain();
    unplug();
}

/* Links of the same name in two network namespaces are independent. */
static void other_network_namespace_counts_separately(void)
{
    struct agent a;
    down_cable();
    agent_start(&a, "link:cable");
    agent_open(&a);
    CHECK_INT(WEXITSTATUS(system("unshare --net sh -c 'mkdir -p " FOLDER "; exec \"$0\" elsewhere' \"$(readlink /proc/$PPID/exe)\"")), 0);
    CHECK(agent_link_is_up("cable"));
    agent_close(&a);
    CHECK(agent_await(&a, "Disconnected"));
    agent_end(&a, 0);
    unplug();
}

static int in_other_namespace(void)
{
    struct agent b;
    lab_plug_with_address("cable", "192.0.2.1/24");
    lab_run("ip link set cable down");
    agent_start(&b, "link:cable");
    agent_open(&b);
    agent_close(&b);
    CHECK(agent_await(&b, "Disconnected"));
    CHECK_STR(agent_events(&b), "Connecting, opened, Connected, closed, Closing, Disconnected");
    CHECK(!agent_link_is_up("cable"));
    agent_end(&b, 0);
    return check_failures > 0;
}

static int is_shared(struct agent *a)
{
    int capabilities = 0;
    agent_send(a, "capabilities");
    CHECK(agent_await(a, "capabilities "));
    char *line = strstr(a->output, "capabilities ");
    sscanf(line, "capabilities %d", &capabilities);
    return (capabilities & NETSESSION_CAPABILITY_SYSTEM_SESSION_SUPPORT) != 0;
}

/* Starts an agent after a shell command has changed the folders. Returns whether the
 * agent shares leases with other processes. The agent must work in any case. */
static int is_shared_after(const char *command, struct agent *a, const char *why)
{
    down_cable();
    lab_run("%s", command);
    agent_start(a, "link:cable");
    int result = is_shared(a);
    if (why) {
        CHECK(strstr(a->output, "log Sessions of other processes are not counted: ") != NULL);
        if (!strstr(a->output, why))
            printf("# events: %s\n", a->output);
        CHECK(strstr(a->output, why) != NULL);
    }
    agent_open(a);
    agent_close(a);
    CHECK(agent_await(a, "Disconnected"));
    CHECK(!agent_link_is_up("cable"));
    agent_end(a, 0);
    unplug();
    lab_run("rm -rf /run/netsession /run/user");
    return result;
}

static void folders(void)
{
    struct agent a;
    CHECK(is_shared_after("true", &a, NULL));
    unsetenv("XDG_RUNTIME_DIR");
    CHECK(is_shared_after("mkdir -p -m 700 /run/user/0", &a, NULL));
    CHECK(!is_shared_after("rm -rf " FOLDER, &a, "cannot be used: no such file"));
    CHECK(!is_shared_after("chmod 777 " FOLDER, &a, "has mode 0777"));
    CHECK(!is_shared_after("mv " FOLDER " " FOLDER "-real && ln -s " FOLDER "-real " FOLDER, &a, FOLDER " cannot be used: not a directory"));
    lab_run("rm -rf " FOLDER "-real");
    CHECK(!is_shared_after("mkdir -m 700 /run/other; ln -s /run/other " FOLDER "/netsession", &a, FOLDER "/netsession cannot be used: not a directory"));
    CHECK(!is_shared_after("mkdir -m 777 " FOLDER "/netsession; chmod 777 " FOLDER "/netsession", &a, "netsession has mode 0777"));
    CHECK(!is_shared_after("touch " FOLDER "/netsession", &a, "not a directory"));
    CHECK(is_shared_after("chmod 777 " FOLDER "; mkdir -m 755 /run/netsession; mkdir -m 700 /run/netsession/0", &a, NULL));
    CHECK(!is_shared_after("chmod 777 " FOLDER "; mkdir -m 755 /run/netsession", &a, "/run/netsession/0 cannot be used: no such file"));
    CHECK(!is_shared_after("chmod 777 " FOLDER "; mkdir /run/netsession; chmod 1777 /run/netsession; mkdir -m 700 /run/netsession/0", &a, "/run/netsession has mode 1777"));
}

/* The path of the lease file is another kind of file each time. */
static void files(void)
{
    static const char *const put[] = {
        "mkdir $f", "mkfifo -m 600 $f", "ln -s /run/victim $f", "echo >$f; chmod 600 $f; ln $f $f.twice",
        "echo >$f; chmod 666 $f", "head -c 100000 /dev/urandom >$f; chmod 600 $f", ": >$f; chmod 600 $f",
    };
    struct agent a;
    for (size_t i = 0; i < sizeof put / sizeof *put; i++) {
        down_cable();
        agent_start(&a, "link:cable");
        agent_open(&a);
        agent_end(&a, SIGKILL);
        lab_run("ip link set cable down; echo precious >/run/victim; cd " FOLDER "/netsession; f=$(ls); rm $f; %s", put[i]);
        agent_start(&a, "link:cable");
        agent_open(&a);
        agent_close(&a);
        if (!CHECK(agent_await(&a, "Disconnected")))
            printf("# after: %s\n", put[i]);
        CHECK(!agent_link_is_up("cable"));
        if (i < 5 && !CHECK(strstr(a.output, "log Sessions of other processes on link:cable are not counted: ") != NULL))
            printf("# after: %s\n# %s\n", put[i], a.output);
        agent_end(&a, 0);
        lab_run("test \"$(cat /run/victim)\" = precious");
        unplug();
    }
}

static void a_full_disk(void)
{
    struct agent a;
    down_cable();
    lab_run("mount -t tmpfs -o size=8k,mode=700 tmpfs " FOLDER " && mkdir -m 700 " FOLDER "/netsession && "
            "! head -c 100000 /dev/zero >" FOLDER "/netsession/all 2>/dev/null");
    agent_start(&a, "link:cable");
    CHECK(is_shared(&a));
    agent_open(&a);
    agent_close(&a);
    CHECK(agent_await(&a, "Disconnected"));
    CHECK(!agent_link_is_up("cable"));
    CHECK(strstr(a.output, "no space left") != NULL);
    lab_run("rm " FOLDER "/netsession/all"); /* leases work again when the disk has space */
    agent_open(&a);
    CHECK_INT(system("grep -q 'state *start' " FOLDER "/netsession/lease-*"), 0);
    agent_close(&a);
    CHECK(agent_await(&a, "Disconnected"));
    agent_end(&a, 0);
    lab_run("umount " FOLDER);
    unplug();
}

static void no_descriptors_left(void)
{
    struct agent a;
    down_cable();
    agent_start_with(&a, "link:cable", NULL, 1);
    CHECK(agent_await(&a, "ready"));
    agent_open(&a);
    agent_close(&a);
    CHECK(agent_await(&a, "Disconnected"));
    CHECK(!agent_link_is_up("cable"));
    CHECK(strstr(a.output, "too many open files") != NULL);
    agent_end(&a, 0);
    unplug();
}

/* Another process removes the folder. Holders still see each other; processes that start
 * later use a new folder. */
static void the_folder_is_removed(void)
{
    struct agent a, b;
    down_cable();
    agent_start(&a, "link:cable");
    agent_start(&b, "link:cable");
    agent_open(&a);
    agent_open(&b);
    lab_run("rm -rf " FOLDER "/netsession");
    agent_close(&a);
    CHECK(agent_link_is_up("cable"));
    agent_close(&b);
    CHECK(agent_await(&b, "Disconnected"));
    CHECK(!agent_link_is_up("cable"));
    agent_end(&b, 0);
    agent_start(&b, "link:cable");
    agent_open(&b);
    agent_open(&a);
    agent_end(&b, SIGKILL);
    CHECK(agent_link_is_up("cable"));
    agent_close(&a);
    CHECK(agent_await(&a, "Disconnected"));
    CHECK(!agent_link_is_up("cable"));
    agent_end(&a, 0);
    no_leases_remain();
    unplug();
}

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "agent") == 0)
        return agent_main(argv[2], atoi(argv[3]));
    if (argc > 1 && strcmp(argv[1], "elsewhere") == 0)
        return in_other_namespace();
    RUN(last_of_two_processes_takes_down);
    RUN(link_set_up_by_system_stays_up);
    RUN(one_of_two_holders_is_killed);
    RUN(monitoring_process_takes_orphan_down);
    RUN(without_witness_next_last_close_takes_down);
    RUN(stop_reaches_every_process);
    RUN(a_literal_close_waits_for_other_processes);
    RUN(a_forked_child_holds_nothing);
    RUN(stopped_process_blocks_no_other_process);
    RUN(without_notifications_a_process_polls);
    RUN(close_and_open_at_once);
    RUN(other_network_namespace_counts_separately);
    RUN(folders);
    RUN(files);
    RUN(a_full_disk);
    RUN(no_descriptors_left);
    RUN(the_folder_is_removed);
    return check_result();
}
