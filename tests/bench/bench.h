/* bench.h - shared by the benchmark programs: time, memory and wake-ups of this process.
 * C++ includes it, too. */
#ifndef BENCH_H
#define BENCH_H

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* The prefix of the names of NetworkManager's profiles. */
#define PROFILES "office"

static inline int64_t bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* A number from a /proc status file, such as "VmRSS:" in kB. */
static inline long bench_status(const char *path, const char *key)
{
    char line[256];
    long value = 0;
    FILE *f = fopen(path, "r");
    if (!f)
        return 0;
    while (fgets(line, sizeof line, f))
        if (strncmp(line, key, strlen(key)) == 0)
            sscanf(line + strlen(key), "%ld", &value);
    fclose(f);
    return value;
}

/* The number of voluntary context switches of all threads of this process. */
static inline long bench_wakeups(void)
{
    long sum = 0;
    struct dirent *entry;
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks)
        return 0;
    while ((entry = readdir(tasks))) {
        char path[300];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "/proc/self/task/%s/status", entry->d_name);
        sum += bench_status(path, "voluntary_ctxt_switches:");
    }
    closedir(tasks);
    return sum;
}

#endif
