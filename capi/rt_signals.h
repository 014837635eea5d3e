/* rt_signals.h - keeps the host's signals apart from the Go runtime. */
#ifndef NS_RT_SIGNALS_H
#define NS_RT_SIGNALS_H

#include <signal.h>

/* What a thread restores when it leaves Go. */
struct ns_go_frame {
    sigset_t mask;
    stack_t stack; /* for signal handlers */
    int is_nested; /* it was in Go already; the other members are unset then */
};

#pragma GCC visibility push(hidden)

struct ns_go_frame ns_enter_go(void);
void ns_leave_go(const struct ns_go_frame *frame);

/* Sets whether this thread is in Go, and returns the earlier value. For functions
 * that Go calls, and that may call Go again. */
int ns_set_in_go(int is_in_go);

#pragma GCC visibility pop

/* Calls a function that is exported by Go, ns_go_...: every such call must use this
 * macro. A function that makes several such calls, and does not block, may be called
 * by it as a whole, which costs only once. */
#define NS_GO(call)                                                                        \
    __extension__({                                                                        \
        __attribute__((cleanup(ns_leave_go))) const struct ns_go_frame go_frame = ns_enter_go(); \
        (void)go_frame; \
        call;                                                                              \
    })

#endif
