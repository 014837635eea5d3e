/* leases.c - sessions of several processes on one profile of NetworkManager. */
#define _GNU_SOURCE
#include "agent.h"
#include "nm.h"

#define ABORTED "SessionAbortedError: The session on office was closed because its network was stopped."

static void last_of_two_processes_takes_down(void)
{
    struct agent a, b;
    nm_add_office();
    agent_start(&a, OFFICE);
    agent_start(&b, OFFICE);
    agent_open(&a);
    agent_open(&b);
    agent_close(&a);
    CHECK_STR(agent_events(&a), "Connecting, opened, Connected, closed");
    CHECK(nm_is_active("office"));
    agent_close(&b);
    CHECK(agent_await(&b, "Disconnected"));
    CHECK(!nm_is_active("office"));
    agent_end(&a, 0);
    agent_end(&b, 0);
    nm_clear();
}

static void close_and_open_at_once(void)
{
    struct agent a, b;
    nm_add_office();
    agent_start(&a, OFFICE);
    agent_start(&b, OFFICE);
    agent_open(&a);
    for (int i = 0; i < 6; i++) {
        struct agent *closing = i % 2 ? &b : &a, *opening = i % 2 ? &a : &b;
        agent_send(closing, "close");
        agent_send(opening, "open");
        CHECK(agent_await(closing, "closed"));
        CHECK(agent_await(opening, "opened"));
        CHECK(nm_is_active("office"));
    }
    agent_close(&a);
    CHECK(agent_await(&a, "Disconnected"));
    CHECK(!nm_is_active("office"));
    CHECK(strstr(agent_events(&a), "Error") == NULL);
    CHECK(strstr(agent_events(&b), "Error") == NULL);
    agent_end(&a, 0);
    agent_end(&b, 0);
    nm_clear();
}

/* A process that was stopped while another opened the profile has no event of this yet.
 * It must not activate the profile again. */
static void link_opened_by_unseen_process(void)
{
    struct agent a, b;
    int status;
    nm_add_office();
    agent_start(&a, OFFICE);
    agent_start(&b, OFFICE);
    for (int i = 0; i < 5; i++) {
        CHECK(kill(b.pid, SIGSTOP) == 0 && waitpid(b.pid, &status, WUNTRACED) == b.pid && WIFSTOPPED(status));
        agent_open(&a);
        agent_send(&b, "open");
        kill(b.pid, SIGCONT);
        CHECK(agent_await(&b, "opened"));
        agent_close(&a);
        agent_close(&b);
        CHECK(agent_await(&b, "Disconnected"));
        CHECK(strstr(agent_events(&a), "Error") == NULL);
        CHECK(strstr(agent_events(&b), "Error") == NULL);
    }
    agent_end(&a, 0);
    agent_end(&b, 0);
    nm_clear();
}

static void stop_closes_sessions_of_other_process(void)
{
    struct agent a, b;
    nm_add_office();
    agent_start(&a, OFFICE);
    agent_start(&b, OFFICE);
    agent_open(&a);
    agent_open(&b);
    agent_send(&b, "stop");
    CHECK(agent_await(&a, "closed"));
    CHECK(agent_await(&a, ABORTED));
    CHECK(agent_await(&a, "Disconnected"));
    CHECK(agent_await(&b, "Disconnected"));
    CHECK(!nm_is_active("office"));
    agent_end(&a, 0);
    agent_end(&b, 0);
    nm_clear();
}

/* This process has a manager, but no session. */
static void orphaned_link_is_taken_down(void)
{
    struct agent a;
    nm_add_office();
    agent_start(&a, OFFICE);
    agent_open(&a);
    agent_end(&a, SIGKILL);
    long start_time = lab_unstalled_now();
    CHECK(daemon_await(OFFICE, NETSESSION_CONFIGURATION_STATE_DISCOVERED));
    CHECK(lab_unstalled_now() - start_time <= 2000);
    CHECK(!nm_is_active("office"));
    nm_clear();
}

static void profile_activated_by_networkmanager_stays_active(void)
{
    struct agent a;
    nm_add_home();
    agent_start(&a, HOME);
    agent_open(&a);
    agent_end(&a, SIGKILL);
    agent_start(&a, HOME);
    agent_open(&a);
    agent_close(&a);
    agent_end(&a, 0);
    nm_sync();
    CHECK(nm_is_active("home"));
    nm_clear();
}

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "agent") == 0)
        return agent_main(argv[2], atoi(argv[3]));
    lab_run("mkdir -m 700 /run/shared");
    setenv("XDG_RUNTIME_DIR", "/run/shared", 1);
    lab_begin();
    RUN(last_of_two_processes_takes_down);
    RUN(close_and_open_at_once);
    RUN(link_opened_by_unseen_process);
    RUN(stop_closes_sessions_of_other_process);
    RUN(orphaned_link_is_taken_down);
    RUN(profile_activated_by_networkmanager_stays_active);
    netsession_manager_free(lab_manager);
    return check_result();
}
