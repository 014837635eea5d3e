/* rt_environment.c - in a set-uid program, or one with raised capabilities, the Go runtime
 * must not obey its caller: GODEBUG makes it print, GOGC and others make it
 * slow or large. As libc does with such variables of its own, the library takes their
 * values away before the runtime looks. The library itself reads its variables by
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

/* The runtime reads the variables that lie behind the arguments, whatever environ
 * has become since. */
__attribute__((constructor(101))) static void before_runtime(int argc, char **argv)
{
    if (!getauxval(AT_SECURE))
        return;
    for (char **variable = argv + argc + 1; *variable; variable++)
        *variable = sanitize(*variable);
}
