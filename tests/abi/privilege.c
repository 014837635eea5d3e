/* privilege.c - in a program with more privileges than its caller, by the set-uid bit or
 * by file capabilities, the library ignores the environment.
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

enum { NOBODY = 65534, NOT_PRIVILEGED = 77, TIMEOUT = 30 /* s */ };

static char folder[] = "/tmp/netsession-test.XXXXXX";
static char program[64], script[64], runtime[64], socket_path[64];
static int listener; /* a socket that the library must not connect to */

/* --- the privileged program; its exit status has a bit for each setting that it used --- */

enum { USED_OPTIONS = 1, NO_MANAGER = 2, USED_GODEBUG = 4 };

static int run_privileged(void)
{
    netsession_manager *m;
    netsession_configuration *c;
    int used = 0;
    if (netsession_manager_new(NULL, &m, NULL, 0) < 0)
        return NO_MANAGER;
    netsession_manager_configuration_from_identifier(m, "link:played", &c);
    if (netsession_configuration_is_valid(c) == 1)
        used |= USED_OPTIONS;
    const char *debug = getenv("GODEBUG");
    if (debug && *debug)
        used |= USED_GODEBUG;
    netsession_configuration_free(c);
    netsession_manager_free(m);
    return used;
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

static void listen_on_bus_socket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, socket_path);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    CHECK_INT(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    chmod(socket_path, 0666);
    CHECK_INT(listen(listener, 8), 0);
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
    listen_on_bus_socket();
}

/* Runs the program as an unprivileged user, with all environment variables that the
 * library and the Go runtime read. Returns its exit status and its output. */
static int run(char *printed, size_t size)
{
    char options[128], bus[128], runtime_dir[128];
    snprintf(options, sizeof options, "NETSESSION_OPTIONS=backend=script,script=%s", script);
    snprintf(bus, sizeof bus, "DBUS_SYSTEM_BUS_ADDRESS=unix:path=%s", socket_path);
    snprintf(runtime_dir, sizeof runtime_dir, "XDG_RUNTIME_DIR=%s", runtime);
    char *const environment[] = {
        options, bus, runtime_dir, "GODEBUG=inittrace=1,schedtrace=1,gctrace=1", "GOTRACEBACK=crash", "GOMAXPROCS=1",
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
        alarm(TIMEOUT);
        if (setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0)
            _exit(NOT_PRIVILEGED);
        execle(program, program, "privileged", (char *)NULL, environment);
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

/* Whether a process has connected to the socket since the last call. */
static int was_connected(void)
{
    const int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* Whether the program has made its lease directory in the caller's XDG_RUNTIME_DIR,
 * which the program owns. */
static int folder_was_used(void)
{
    char path[100];
    snprintf(path, sizeof path, "%s/netsession", runtime);
    return access(path, F_OK) == 0;
}

/* Checks that the environment has an effect on a program without privileges. */
static int environment_has_effect(void)
{
    char printed[4096];
    const int status = run(printed, sizeof printed);
    return status > 0 && (status & USED_OPTIONS) && strstr(printed, "SCHED") != NULL;
}

static void check_environment_is_ignored(const char *name)
{
    char printed[4096];
    const int status = run(printed, sizeof printed);
    if (status == NOT_PRIVILEGED) {
        check_report(name, 1, "the file system of /tmp does not raise privileges (nosuid)");
        return;
    }
    int ok = CHECK_INT(status, 0) & CHECK_INT(was_connected(), 0) & CHECK_INT(folder_was_used(), 0);
    if (!CHECK_STR(printed, ""))
        ok = 0;
    check_report(name, ok, NULL);
}

static void set_uid_program(void)
{
    CHECK_INT(chmod(program, 04755), 0);
    check_environment_is_ignored("set_uid_program");
    CHECK_INT(chmod(program, 0755), 0);
}

static void program_with_file_capabilities(void)
{
    const struct vfs_cap_data data = {
        .magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE, .data = {{.permitted = 1u << 13 /* CAP_NET_RAW */}},
    };
    if (setxattr(program, "security.capability", &data, sizeof data, 0) < 0)
        check_report("program_with_file_capabilities", 1, "this file system does not store capabilities");
    else
        check_environment_is_ignored("program_with_file_capabilities");
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return getauxval(AT_SECURE) || getuid() == geteuid() ? run_privileged() : NOT_PRIVILEGED;
    if (geteuid() != 0) {
        check_report("set_uid_program", 1, "only root can make such a program");
        check_report("program_with_file_capabilities", 1, "only root can make such a program");
        return check_result();
    }
    prepare();
    check_report("environment_affects_unprivileged_program", environment_has_effect(), NULL);
    was_connected();
    set_uid_program();
    program_with_file_capabilities();
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK_INT(system(command), 0);
    return check_result();
}
