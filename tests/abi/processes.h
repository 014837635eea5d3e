/* processes.h - information of the kernel on the running process, from /proc/self. */
#ifndef PROCESSES_H
#define PROCESSES_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The number of entries in a folder of /proc/self: "task" for threads, "fd" for
 * descriptors. */
static inline int processes_count_entries(const char *folder)
{
    char path[64];
    int n = 0;
    snprintf(path, sizeof path, "/proc/self/%s", folder);
    DIR *d = opendir(path);
    for (struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

/* The number of descriptors without FD_CLOEXEC. */
static inline int processes_inheritable_fds(void)
{
    DIR *d = opendir("/proc/self/fd");
    int n = 0;
    for (struct dirent *e; (e = readdir(d));) {
        const int flags = e->d_name[0] == '.' ? FD_CLOEXEC : fcntl(atoi(e->d_name), F_GETFD);
        n += flags >= 0 && !(flags & FD_CLOEXEC);
    }
    closedir(d);
    return n;
}

static inline long processes_thread_switches(const char *tid)
{
    char path[300], line[200];
    long n, sum = 0;
    snprintf(path, sizeof path, "/proc/self/task/%s/status", tid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "voluntary_ctxt_switches: %ld", &n) == 1)
            sum += n;
    if (f)
        fclose(f);
    return sum;
}

/* The number of voluntary context switches of all threads. */
static inline long processes_context_switches(void)
{
    DIR *tasks = opendir("/proc/self/task");
    long sum = 0;
    for (struct dirent *d; (d = readdir(tasks));)
        if (d->d_name[0] != '.')
            sum += processes_thread_switches(d->d_name);
    closedir(tasks);
    return sum;
}

/* The number of threads with a name. */
static inline int processes_threads_named(const char *wanted)
{
    DIR *tasks = opendir("/proc/self/task");
    int n = 0;
    for (struct dirent *d; (d = readdir(tasks));) {
        char path[300], name[32] = "";
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", d->d_name);
        FILE *f = d->d_name[0] == '.' ? NULL : fopen(path, "r");
        if (f && fgets(name, sizeof name, f))
            n += strcspn(name, "\n") == strlen(wanted) && strncmp(name, wanted, strlen(wanted)) == 0;
        if (f)
            fclose(f);
    }
    closedir(tasks);
    return n;
}

#endif
