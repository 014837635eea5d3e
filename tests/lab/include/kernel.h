/* kernel.h - what the kernel itself says of links and processes, for tests that
 * hold the library's word against it.
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

enum { KERNEL_THERE = 1, KERNEL_UP = 2, KERNEL_CARRIER = 4, KERNEL_ADDRESS = 8, KERNEL_USABLE = 15 };
enum { KERNEL_LOWER_UP = 1 << 16 }; /* IFF_LOWER_UP, which the C library does not name */

/* Whether an address is of use beyond its link. */
static inline int kernel_carries(const struct sockaddr *a)
{
    if (!a || a->sa_family == AF_INET)
        return a != NULL;
    return a->sa_family == AF_INET6 && !IN6_IS_ADDR_LINKLOCAL(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
}

/* Whether packets for the internet that are bound to a link leave by it, with whatever
 * address of this machine's. */
static inline int kernel_leads_out(const char *name)
{
    char command[200];
    snprintf(command, sizeof command, "ip -4 route get fibmatch 192.0.1.1 oif %s >/dev/null 2>&1 && "
             "ip -4 route get 192.0.1.1 oif %s 2>/dev/null | grep -q ' src [1-9]'", name, name);
    return system(command) == 0;
}

/* What is true of a link, by the kernel's own word (getifaddrs asks rtnetlink). One that
 * leads out needs no address of its own. */
static inline int kernel_link(const char *name)
{
    struct ifaddrs *all, *i;
    int what = 0;
    if (getifaddrs(&all) < 0)
        return -1;
    for (i = all; i; i = i->ifa_next) {
        if (strcmp(i->ifa_name, name) != 0)
            continue;
        const int carrier = i->ifa_flags & IFF_RUNNING && i->ifa_flags & KERNEL_LOWER_UP;
        what |= KERNEL_THERE | (i->ifa_flags & IFF_UP ? KERNEL_UP : 0) | (carrier ? KERNEL_CARRIER : 0) |
                (kernel_carries(i->ifa_addr) ? KERNEL_ADDRESS : 0);
    }
    freeifaddrs(all);
    if (what == (KERNEL_USABLE & ~KERNEL_ADDRESS) && kernel_leads_out(name))
        what |= KERNEL_ADDRESS;
    return what;
}

/* A word that is held against the kernel's, look by look. */
typedef struct {
    long since; /* ms: it is denied since then, 0: it is not */
    int looks;
    int gone; /* the link is not there, or down */
} kernel_doubt;

/* KERNEL_GRACE is how long a cable's carrier or address may be away before that counts. */
enum { KERNEL_PATIENCE = 1000 /* ms */, KERNEL_GRACE = 1500 /* ms */, KERNEL_LOOKS = 50 };

/* Whether a word has been denied for longer than so many milliseconds. Where
 * nothing runs for a second because the machine is busy, the time alone says
 * nothing: so looks count too. */
static inline int kernel_denies(kernel_doubt *doubt, int denied, long now, long patience)
{
    if (!denied) {
        doubt->looks = 0;
        return 0;
    }
    if (doubt->looks++ == 0)
        doubt->since = now;
    return doubt->looks > KERNEL_LOOKS && now - doubt->since > patience;
}

/* Whether a cable that is said to be in use has not been usable for too long, by what
 * is true of it now: one that has no carrier or address may have them back in a moment,
 * one that is down or not there is not waited for, but by a daemon's grace: that of one
 * which is being started again and sets its links down for that, else 0 ms. */
static inline int kernel_denies_use(kernel_doubt *doubt, int what, long now, long daemons)
{
    const int there = KERNEL_THERE | KERNEL_UP, gone = (what & there) != there;
    const long grace = gone || daemons ? daemons : KERNEL_GRACE;
    if (gone != doubt->gone && !daemons)
        *doubt = (kernel_doubt){.gone = gone};
    return kernel_denies(doubt, what != KERNEL_USABLE, now, KERNEL_PATIENCE + grace);
}

/* How many descriptors a process has, and kilobytes in memory. */
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
