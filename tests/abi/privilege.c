/* privilege.c - a program with more rights than its caller, by the set-uid bit or by
 * file capabilities, believes nothing that its caller's environment says.
 */
#define _GNU_SOURCE
#include "check.h"
#include <errno.h>
#include <linux/capability.h>
#include <netsession.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { NOBODY = 65534, NOT_RAISED = 77, PATIENCE = 30 /* s */ };

static char folder[] = "/tmp/netsession-test.XXXXXX";
static char program[64], script[64], runtime[64], socket_path[64];
static int caught; /* a socket that nobody may connect to */

/* --- the program with the rights; its exit status says what it believed --- */

enum { BELIEVED_OPTIONS = 1, NO_MANAGER = 2, BELIEVED_GODEBUG = 4 };

static int look(void)
{
    netsession_manager *m;
    netsession_configuration *c;
    int believed = 0;
    if (netsession_manager_new(NULL, &m, NULL, 0) < 0)
        return NO_MANAGER;
    netsession_manager_configuration_from_identifier(m, "link:played", &c);
    if (netsession_configuration_is_valid(c) == 1)
        believed |= BELIEVED_OPTIONS;
    const char *debug = getenv("GODEBUG");
    if (debug && *debug)
        believed |= BELIEVED_GODEBUG;
    netsession_configuration_free(c);
    netsession_manager_free(m);
    return believed;
}

/* --- its caller --- */

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    if (f)
        fputs(text, f);
    if (!f || fclose(f) != 0)
        exit(1);
    chmod(path, 0644);
}

static void listen_for_it(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, socket_path);
    caught = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    CHECK_INT(bind(caught, (struct sockaddr *)&address, sizeof address), 0);
    chmod(socket_path, 0666);
    CHECK_INT(listen(caught, 8), 0);
}

static void prepare(void)
{
    char command[200];
    if (!mkdtemp(folder))
        exit(1);
    chmod(folder, 0755);
    snprintf(program, sizeof program, "%s/program", folder);
    snprintf(script, sizeof script, "%s/net.play", folder);
    snprintf(runtime, sizeof runtime, "%s/runtime", folder);
    snprintf(socket_path, sizeof socket_path, "%s/bus", folder);
    snprintf(command, sizeof command, "cp /proc/%d/exe %s", getpid(), program);
    CHECK_INT(system(command), 0);
    write_file(script, "access-point link:played bearer=ethernet\n");
    mkdir(runtime, 0700);
    listen_for_it();
}

/* Runs it as somebody without rights, with everything in its environment that the
 * library, or anything in it, looks at. Returns its exit status, and what it printed. */
static int run(char *printed, size_t size)
{
    char options[128], bus[128], meeting[128];
    snprintf(options, sizeof options, "NETSESSION_OPTIONS=backend=script,script=%s", script);
    snprintf(bus, sizeof bus, "DBUS_SYSTEM_BUS_ADDRESS=unix:path=%s", socket_path);
    snprintf(meeting, sizeof meeting, "XDG_RUNTIME_DIR=%s", runtime);
    char *const environment[] = {
        options, bus, meeting, "GODEBUG=inittrace=1,schedtrace=1,gctrace=1", "GOTRACEBACK=crash", "GOMAXPROCS=1",
        "GOGC=off", "GOMEMLIMIT=1", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere", "TZ=:/etc/shadow", "HOME=/", NULL,
    };
    int ends[2], status = -1;
    size_t length = 0;
    if (pipe(ends) < 0)
        return -1;
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        alarm(PATIENCE);
        if (setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0)
            _exit(NOT_RAISED);
        execle(program, program, "look", (char *)NULL, environment);
        _exit(126);
    }
    close(ends[1]);
    for (ssize_t n; length < size - 1 && (n = read(ends[0], printed + length, size - 1 - length)) > 0;)
        length += (size_t)n;
    printed[length] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Whether somebody has connected to the socket since the last time. */
static int was_called(void)
{
    const int fd = accept4(caught, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* Whether it makes a place to meet in the folder of its caller, who names one that
 * the program owns. */
static int folder_was_used(void)
{
    char path[100];
    snprintf(path, sizeof path, "%s/netsession", runtime);
    return access(path, F_OK) == 0;
}

/* That the environment says something, which a program without rights does believe. */
static int environment_says_something(void)
{
    char printed[4096];
    const int status = run(printed, sizeof printed);
    return status > 0 && (status & BELIEVED_OPTIONS) && strstr(printed, "SCHED") != NULL;
}

static void check_that_nothing_is_believed(const char *name)
{
    char printed[4096];
    const int status = run(printed, sizeof printed);
    if (status == NOT_RAISED) {
        check_report(name, 1, "the file system of /tmp does not raise rights (nosuid)");
        return;
    }
    int ok = CHECK_INT(status, 0) & CHECK_INT(was_called(), 0) & CHECK_INT(folder_was_used(), 0);
    if (!CHECK_STR(printed, ""))
        ok = 0;
    check_report(name, ok, NULL);
}

static void set_uid_program(void)
{
    CHECK_INT(chmod(program, 04755), 0);
    check_that_nothing_is_believed("set_uid_program");
    CHECK_INT(chmod(program, 0755), 0);
}

static void program_with_file_capabilities(void)
{
    const struct vfs_cap_data data = {
        .magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE, .data = {{.permitted = 1u << 13 /* CAP_NET_RAW */}},
    };
    if (setxattr(program, "security.capability", &data, sizeof data, 0) < 0)
        check_report("program_with_file_capabilities", 1, "this file system keeps no capabilities");
    else
        check_that_nothing_is_believed("program_with_file_capabilities");
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return getauxval(AT_SECURE) || getuid() == geteuid() ? look() : NOT_RAISED;
    if (geteuid() != 0) {
        check_report("set_uid_program", 1, "only root can make such a program");
        check_report("program_with_file_capabilities", 1, "only root can make such a program");
        return check_result();
    }
    prepare();
    check_report("environment_affects_unprivileged_program", environment_says_something(), NULL);
    was_called();
    set_uid_program();
    program_with_file_capabilities();
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK_INT(system(command), 0);
    return check_result();
}
