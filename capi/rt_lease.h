/* rt_lease.h - the files on whose locks the count across processes stands. */
#ifndef NS_RT_LEASE_H
#define NS_RT_LEASE_H

/* Opens a file below a folder, as openat does, and remembers it: a forked child
 * closes what is open at the fork, for it would keep the locks of a parent that
 * has ended. Returns the descriptor or a negative errno. */
int ns_lease_open(int folder, const char *name, int flags, unsigned mode);

/* Closes one. Returns 0 or a negative errno. */
int ns_lease_close(int fd);

#endif
