/* rt_lease.c - a forked child must not hold the locks of its parent. */
#include "rt_lease.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* Guards what follows, and is held over every fork: what the child inherits is
 * in the list. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int *fds;
static int count, capacity;

static int grow(void)
{
    int *grown;
    if (count < capacity)
        return 0;
    grown = realloc(fds, (size_t)(capacity + 16) * sizeof *fds);
    if (!grown)
        return -ENOMEM;
    fds = grown;
    capacity += 16;
    return 0;
}

int ns_lease_open(int dirfd, const char *name, int flags, unsigned mode)
{
    int result;
    pthread_mutex_lock(&lock);
    result = grow();
    if (result == 0) {
        result = openat(dirfd, name, flags, mode);
        if (result >= 0)
            fds[count++] = result;
        else
            result = -errno;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int ns_lease_close(int fd)
{
    int result;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < count; i++)
        if (fds[i] == fd) {
            fds[i] = fds[--count];
            break;
        }
    result = close(fd) < 0 ? -errno : 0;
    pthread_mutex_unlock(&lock);
    return result;
}

static void before_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void in_parent(void)
{
    pthread_mutex_unlock(&lock);
}

static void in_child(void)
{
    while (count > 0)
        close(fds[--count]);
    pthread_mutex_unlock(&lock);
}

__attribute__((constructor)) static void register_fork_handlers(void)
{
    pthread_atfork(before_fork, in_parent, in_child);
}
