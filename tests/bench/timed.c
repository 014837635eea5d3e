/* timed.c - timed COMMAND ARG...: prints the duration of a command in ns. */
#include "bench.h"
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv)
{
    posix_spawn_file_actions_t quiet;
    pid_t child;
    int status;
    if (argc < 2)
        return 2;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    const int64_t begin = bench_now();
    if (posix_spawnp(&child, argv[1], &quiet, NULL, argv + 1, environ) != 0 ||
        waitpid(child, &status, 0) < 0 || status != 0)
        return 1;
    printf("%lld\n", (long long)(bench_now() - begin));
    return 0;
}
