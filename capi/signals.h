/* signals.h - the host's signals are kept apart from the Go runtime. */
#ifndef NS_SIGNALS_H
#define NS_SIGNALS_H

/* Whether the Go runtime has met this thread. */
extern __thread int ns_met __attribute__((visibility("hidden"), tls_model("initial-exec")));

/* Lets the runtime meet this thread, and undoes what it does to its mask. */
void ns_meet(void);

/* To be called on every thread before it calls Go. */
static inline void ns_meet_runtime(void)
{
    if (__builtin_expect(!ns_met, 0))
        ns_meet();
}

#endif
