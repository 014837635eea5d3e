/* rt_fork.h - the library does nothing in a forked child: Go's threads are gone. */
#ifndef NS_RT_FORK_H
#define NS_RT_FORK_H

#include <errno.h>

/* Set in a forked child, by the handler that rt_fork.c registers. */
extern int ns_forked __attribute__((visibility("hidden")));

static inline int ns_is_forked(void)
{
    return __builtin_expect(__atomic_load_n(&ns_forked, __ATOMIC_RELAXED), 0);
}

/* The first line of a public function: returns value in a forked child. */
#define NS_GUARD(value)      \
    do {                     \
        if (ns_is_forked())  \
            return (value);  \
    } while (0)

#endif
