/* preemption.c - the Go runtime sends no signals to preempt goroutines, because the
 * library is linked with asyncpreemptoff=1. A program that keeps the library busy counts
 * the signals, once with this setting and once without it, which shows that the count
 * works.
 */
#include "play.h"
#include <signal.h>
#include <stdatomic.h>

enum { POINTS = 20, TICKS = 300 };

static atomic_int signals;

static void count(int number)
{
    (void)number;
    atomic_fetch_add(&signals, 1);
}

/* Replaces the handler of the Go runtime, which is running. */
static void count_signals(void)
{
    struct sigaction action = {.sa_handler = count, .sa_flags = SA_ONSTACK | SA_RESTART};
    sigaction(SIGURG, &action, NULL);
}

static void write_script(char *script)
{
    for (int i = 0; i < POINTS; i++)
        script += sprintf(script, "access-point wlan%d bearer=wlan state=active strength=50\n", i);
    for (int tick = 0; tick < TICKS; tick++) {
        script += sprintf(script, "after 1ms\n");
        for (int i = 0; i < POINTS; i++)
            script += sprintf(script, "set wlan%d strength=%d\n", i, 40 + (tick + i) % 20);
    }
    sprintf(script, "after 1ms\naccess-point last state=active\n");
}

/* The program's work when run_counting runs it: it plays a script several times, and
 * prints the number of signals. */
static int work(void)
{
    static char script[POINTS * 64 + TICKS * (POINTS * 32 + 16) + 64];
    write_script(script);
    for (int i = 0; i < 5; i++) {
        netsession_manager *m = play(script);
        netsession_manager_set_callbacks(m, &play_manager_callbacks);
        count_signals();
        play_await(m, "added last");
        netsession_manager_free(m);
    }
    printf("signals %d\n", signals);
    return 0;
}

/* Runs this program with a setting of the Go runtime, and returns the number of signals.
 * GOGC=1 makes the garbage collector run all the time, which preempts goroutines. */
static int run_counting(const char *setting)
{
    char command[512], line[256], path[256];
    int number = -1;
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    snprintf(command, sizeof command, "GOGC=1 %s '%s' work", setting, path);
    FILE *output = popen(command, "r");
    while (output && fgets(line, sizeof line, output))
        sscanf(line, "signals %d", &number);
    if (output)
        CHECK_INT(pclose(output), 0);
    return number;
}

static void no_signals(void)
{
    CHECK_INT(run_counting(""), 0);
}

static void signals_without_the_setting(void)
{
    CHECK(run_counting("GODEBUG=asyncpreemptoff=0") > 0);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return work();
    RUN(no_signals);
    RUN(signals_without_the_setting);
    return check_result();
}
