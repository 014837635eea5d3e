/* rt_lease.h - the lock files by which sessions are counted across processes. */
#ifndef NS_RT_LEASE_H
#define NS_RT_LEASE_H

/* Opens a file as openat does, and registers it: a forked child closes what is open
 * at the fork, because it would keep the locks of a parent that has ended. Returns
 * the descriptor or a negative errno. */
int ns_lease_open(int dirfd, const char *name, int flags, unsigned mode);

/* Closes such a descriptor. Returns 0 or a negative errno. */
int ns_lease_close(int fd);

#endif
