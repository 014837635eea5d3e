/* kernel.h - the state of links and processes read from the kernel itself, for tests
 * that compare it with the library's reports.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <dirent.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { KERNEL_PRESENT = 1, KERNEL_UP = 2, KERNEL_CARRIER = 4, KERNEL_ADDRESS = 8, KERNEL_USABLE = 15 };
enum { KERNEL_LOWER_UP = 1 << 16 }; /* IFF_LOWER_UP, which the C library does not name */

/* Whether an address has more than link-local scope. */
static inline int kernel_is_routable(const struct sockaddr *a)
{
    if (!a || a->sa_family == AF_INET)
        return a != NULL;
    return a->sa_family == AF_INET6 && !IN6_IS_ADDR_LINKLOCAL(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
}

/* Whether packets to the internet that are bound to a link have a route over it, with
 * any source address of this machine. */
static inline int kernel_has_internet_route(const char *name)
{
    char command[200];
    snprintf(command, sizeof command, "ip -4 route get fibmatch 192.0.1.1 oif %s >/dev/null 2>&1 && "
             "ip -4 route get 192.0.1.1 oif %s 2>/dev/null | grep -q ' src [1-9]'", name, name);
    return system(command) == 0;
}

/* The KERNEL_ bits that are true of a link, read with getifaddrs; -1 on error. A link
 * with a route to the internet needs no address of its own. */
static inline int kernel_link_flags(const char *name)
{
    struct ifaddrs *all, *i;
    int flags = 0;
    if (getifaddrs(&all) < 0)
        return -1;
    for (i = all; i; i = i->ifa_next) {
        if (strcmp(i->ifa_name, name) != 0)
            continue;
        const int carrier = i->ifa_flags & IFF_RUNNING && i->ifa_flags & KERNEL_LOWER_UP;
        flags |= KERNEL_PRESENT | (i->ifa_flags & IFF_UP ? KERNEL_UP : 0) | (carrier ? KERNEL_CARRIER : 0) |
                (kernel_is_routable(i->ifa_addr) ? KERNEL_ADDRESS : 0);
    }
    freeifaddrs(all);
    if (flags == (KERNEL_USABLE & ~KERNEL_ADDRESS) && kernel_has_internet_route(name))
        flags |= KERNEL_ADDRESS;
    return flags;
}

/* A disagreement between the library and the kernel, over several checks. */
typedef struct {
    long since; /* ms: the time of the first failed check */
    int checks; /* failed checks in a row, 0: no disagreement */
    int is_gone; /* the link is absent or down */
} kernel_mismatch;

/* KERNEL_GRACE is how long a link may lack carrier or an address before it counts. */
enum { KERNEL_TIMEOUT = 1000 /* ms */, KERNEL_GRACE = 1500 /* ms */, KERNEL_CHECKS = 50 };

/* Whether a disagreement has lasted for longer than timeout milliseconds. On a busy
 * machine no process may run for a second, so the number of checks counts too. */
static inline int kernel_mismatch_lasts(kernel_mismatch *mismatch, int differs, long now, long timeout)
{
    if (!differs) {
        mismatch->checks = 0;
        return 0;
    }
    if (mismatch->checks++ == 0)
        mismatch->since = now;
    return mismatch->checks > KERNEL_CHECKS && now - mismatch->since > timeout;
}

/* Whether a link that a session reports as connected has been unusable for too long;
 * flags are those of kernel_link_flags(). A link without carrier or address may get them
 * back within KERNEL_GRACE. A link that is down or absent has no grace, except while a
 * daemon restarts that sets its links down: daemon_grace is then its time in ms, else 0. */
static inline int kernel_unusable_too_long(kernel_mismatch *mismatch, int flags, long now, long daemon_grace)
{
    const int present = KERNEL_PRESENT | KERNEL_UP, is_gone = (flags & present) != present;
    const long grace = is_gone || daemon_grace ? daemon_grace : KERNEL_GRACE;
    if (is_gone != mismatch->is_gone && !daemon_grace)
        *mismatch = (kernel_mismatch){.is_gone = is_gone};
    return kernel_mismatch_lasts(mismatch, flags != KERNEL_USABLE, now, KERNEL_TIMEOUT + grace);
}

/* The number of a process's descriptors, and its resident memory in kB. */
static inline int kernel_descriptors(pid_t pid)
{
    char path[64];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count - 2; /* . and .. */
}

static inline long kernel_resident(pid_t pid)
{
    char path[64];
    long pages = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages * sysconf(_SC_PAGESIZE) / 1024;
}

#endif
