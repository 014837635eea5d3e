/* rt_environment.c - in a set-uid program, or in a program with file capabilities, the Go
 * runtime must not trust the environment: GODEBUG makes it print, GOGC and others make
 * it slow or large. Like libc with its own variables, the library clears their values
 * before the runtime reads them. The library itself reads its variables by
 * secure_getenv.
 */
#include <string.h>
#include <sys/auxv.h>

static char empty[][16] = {"GODEBUG=", "GOGC=", "GOMAXPROCS=", "GOMEMLIMIT=", "GOTRACEBACK="};

static char *sanitize(char *variable)
{
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        if (strncmp(variable, empty[i], strlen(empty[i])) == 0)
            return empty[i];
    return variable;
}

/* The runtime reads the variables that follow the arguments in memory, even if environ
 * points elsewhere by now. */
__attribute__((constructor(101))) static void before_runtime(int argc, char **argv)
{
    if (!getauxval(AT_SECURE))
        return;
    for (char **variable = argv + argc + 1; *variable; variable++)
        *variable = sanitize(*variable);
}
