/* rt_signals.h - the host's signals are kept apart from the Go runtime. */
#ifndef NS_RT_SIGNALS_H
#define NS_RT_SIGNALS_H

#include <signal.h>

/* What a thread has to return to when it leaves Go. */
struct ns_go_frame {
    sigset_t mask;
    stack_t stack; /* for signal handlers */
    int is_nested;  /* it was in Go already */
};

#pragma GCC visibility push(hidden)

struct ns_go_frame ns_enter_go(void);
void ns_leave_go(const struct ns_go_frame *visit);

/* For functions that Go calls, and that may call Go in turn: whether this thread is in
 * Go already. Returns what was so before. */
int ns_set_in_go(int is_in_go);

#pragma GCC visibility pop

/* Calls Go: every function ns_go_... is called so. What makes several such calls, and
 * waits for nothing, may be called so as a whole, which costs once. */
#define NS_GO(call)                                                                        \
    __extension__({                                                                        \
        __attribute__((cleanup(ns_leave_go))) const struct ns_go_frame visit = ns_enter_go(); \
        (void)visit;                                                                       \
        call;                                                                              \
    })

#endif
