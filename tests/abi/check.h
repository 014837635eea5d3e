/* check.h - a small test harness: each RUN is one test, and prints one line of the Test
 * Anything Protocol. A failed check prints its position, and its test continues.
 */
#ifndef CHECK_H
#define CHECK_H

#include <poll.h>
#include <stdio.h>
#include <string.h>

static int check_tests, check_failed_tests, check_failures;

static inline void check_report(const char *name, int ok, const char *skip)
{
    printf("%s %d - %s%s%s\n", ok ? "ok" : "not ok", ++check_tests, name, skip ? " # SKIP " : "",
           skip ? skip : "");
    fflush(stdout);
    check_failed_tests += !ok;
}

static inline int check_that(int ok, const char *file, int line, const char *what)
{
    if (!ok) {
        printf("# %s:%d: %s\n", file, line, what);
        check_failures++;
    }
    return ok;
}

static inline int check_int(long long is, long long expected, const char *file, int line,
                            const char *what)
{
    int ok = check_that(is == expected, file, line, what);
    if (!ok)
        printf("#   is %lld, expected %lld\n", is, expected);
    return ok;
}

static inline int check_str(const char *is, const char *expected, const char *file, int line,
                            const char *what)
{
    int ok = check_that(is && strcmp(is, expected) == 0, file, line, what);
    if (!ok)
        printf("#   is \"%s\", expected \"%s\"\n", is ? is : "(NULL)", expected);
    return ok;
}

#define CHECK(condition) check_that(!!(condition), __FILE__, __LINE__, #condition)
#define CHECK_INT(is, expected) check_int((is), (expected), __FILE__, __LINE__, #is)
#define CHECK_STR(is, expected) check_str((is), (expected), __FILE__, __LINE__, #is)

/* The version as a string. */
#define CHECK_QUOTE(x) #x
#define CHECK_STRINGIFY(x) CHECK_QUOTE(x)
#define VERSION_STRING                                                        \
    CHECK_STRINGIFY(NETSESSION_VERSION_MAJOR) "." CHECK_STRINGIFY(NETSESSION_VERSION_MINOR) "." CHECK_STRINGIFY( \
        NETSESSION_VERSION_PATCH)

/* Runs a function as one test. */
#define RUN(function)                                     \
    do {                                                  \
        int check_before = check_failures;                \
        function();                                       \
        check_report(#function, check_failures == check_before, NULL); \
    } while (0)

/* Reports a test as skipped, with the reason. */
#define SKIP(function, why) check_report(#function, 1, why)

/* The number of handles in use; only a library built for tests has this function. */
extern unsigned netsession_hook_live_handles(void) __attribute__((weak));

/* Checks that the tests have freed all handles. A session's handle is released shortly
 * after the call that frees the session, on the library's own thread. */
static inline void check_leaks(void)
{
    unsigned live = netsession_hook_live_handles();
    for (int i = 0; i < 120000 && live > 0; i++) {
        poll(NULL, 0, 1);
        live = netsession_hook_live_handles();
    }
    if (live > 0)
        printf("# %u handles were not freed\n", live);
    check_report("all_handles_freed", live == 0, NULL);
}

/* Prints the test plan, and returns the exit status for main. */
static inline int check_result(void)
{
    if (netsession_hook_live_handles)
        check_leaks();
    printf("1..%d\n", check_tests);
    return check_failed_tests > 0;
}

#endif
