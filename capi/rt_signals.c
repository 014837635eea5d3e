/* rt_signals.c - keeps the host's signals apart from the Go runtime.
 *
 * No signal of the host may be handled on a thread of Go: a handler without
 * SA_ONSTACK would run on the small stack of a goroutine, and a signal that the host
 * blocks and waits for with signalfd or sigwait would be lost there. Threads
 * inherit the mask of their creator, so all signals are blocked before the
 * runtime's own initialiser starts its first thread, and the host's mask is
 * restored after it. The linker puts constructors with a priority before the
 * runtime's, and constructors without one in the order of the object files, in which
 * the runtime's is first.
 *
 * Each thread of the runtime then unblocks some signals again. The runtime needs the
 * signals for faults of its own code. It would interrupt threads, host threads that
 * run Go included, with SIGURG; the Makefile turns that off. It unblocks the signals in
 * the list below for programs that are wholly in Go; the library changes its table of
 * signals to prevent that.
 *
 * A thread of the host that calls Go also runs on the small stack of a goroutine, with
 * those signals unblocked. So it blocks all signals except faults during the call, and
 * restores its mask on return. Such calls take microseconds; longer waits happen in C
 * (netsession_wait_for_opened). The runtime also gives a thread without an alternate
 * signal stack one of 32 kB, which would be too small for handlers of the host that
 * do not expect one: the thread has it only while it is in Go.
 */
#include "rt_signals.h"

#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

/* Whether this thread is in Go, and the alternate stack that it has there. */
static __thread int is_in_go __attribute__((tls_model("initial-exec")));
static __thread stack_t go_stack __attribute__((tls_model("initial-exec")));

/* Go handles faults: it turns its own faults into panics, which the exported functions
 * recover, and forwards the faults of the host. */
static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE};
enum { FAULTS = sizeof faults / sizeof *faults };

/* Between the two constructors. */
static sigset_t host_mask;
static struct sigaction host_actions[NSIG];

/* An entry of the runtime's table: sigTabT in its signal_unix.go. */
struct entry {
    int32_t flags;
    const char *name; /* not terminated */
    intptr_t length;
};

enum { NOTIFY = 0x1, THROW = 0x4, UNBLOCK = 0x80, IGNORE = 0x100 };

/* Entries that are changed if they match exactly, and left alone if a runtime has
 * different ones. */
static const struct {
    int32_t flags;
    char name[40];
} unblocked[] = {
    {THROW | UNBLOCK, "SIGSTKFLT: stack fault"},
    {NOTIFY | UNBLOCK | IGNORE, "SIGCHLD: child status has changed"},
    {NOTIFY | UNBLOCK, "SIGPROF: profiling alarm clock"},
};

/* The part of a loaded library that a program header describes. */
struct segment {
    uintptr_t begin, end;
};

static struct segment segment_of(const struct dl_phdr_info *library, int i)
{
    struct segment s = {0, 0};
    if (library->dlpi_phdr[i].p_type == PT_LOAD) {
        s.begin = library->dlpi_addr + library->dlpi_phdr[i].p_vaddr;
        s.end = s.begin + library->dlpi_phdr[i].p_filesz;
    }
    return s;
}

/* Whether the bytes are in the library. */
static int is_within(const struct dl_phdr_info *library, const void *p, size_t size)
{
    for (int i = 0; i < library->dlpi_phnum; i++) {
        struct segment s = segment_of(library, i);
        if ((uintptr_t)p >= s.begin && (uintptr_t)p < s.end && size <= s.end - (uintptr_t)p)
            return 1;
    }
    return 0;
}

__attribute__((no_sanitize_address)) static int is_unblocked(const struct dl_phdr_info *library,
                                                             const struct entry *e)
{
    for (size_t i = 0; i < sizeof unblocked / sizeof *unblocked; i++)
        if (e->flags == unblocked[i].flags && (size_t)e->length == strlen(unblocked[i].name) &&
            is_within(library, e->name, (size_t)e->length) &&
            memcmp(e->name, unblocked[i].name, (size_t)e->length) == 0)
            return 1;
    return 0;
}

/* Searches this library's data for the table and changes it, without knowledge of the
 * other data. */
__attribute__((no_sanitize_address)) static int change_table(struct dl_phdr_info *library,
                                                             size_t size, void *unused)
{
    (void)size, (void)unused;
    if (!is_within(library, unblocked, sizeof unblocked))
        return 0;
    for (int i = 0; i < library->dlpi_phnum; i++) {
        struct segment s = segment_of(library, i);
        struct entry *e = (struct entry *)s.begin;
        if (!(library->dlpi_phdr[i].p_flags & PF_W))
            continue;
        for (; (uintptr_t)(e + 1) <= s.end; e = (struct entry *)((uintptr_t)e + sizeof(void *)))
            if (is_unblocked(library, e))
                e->flags &= ~UNBLOCK;
    }
    return 1;
}

__attribute__((constructor(101))) static void before_runtime(void)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &host_mask);
    for (int i = 1; i < NSIG; i++)
        sigaction(i, NULL, &host_actions[i]);
    dl_iterate_phdr(change_table, NULL);
}

static int is_fault(int number)
{
    for (int i = 0; i < FAULTS; i++)
        if (faults[i] == number)
            return 1;
    return 0;
}

/* The runtime has also installed handlers for SIGPIPE and SIGURG, and set SA_ONSTACK
 * for the host's handlers: neither is needed if signals are blocked. */
__attribute__((constructor)) static void after_runtime(void)
{
    for (int i = 1; i < NSIG; i++)
        if (!is_fault(i))
            sigaction(i, &host_actions[i], NULL);
    pthread_sigmask(SIG_SETMASK, &host_mask, NULL);
}

static void block_for_go(sigset_t *before)
{
    sigset_t all;
    sigfillset(&all);
    for (int i = 0; i < FAULTS; i++)
        sigdelset(&all, faults[i]);
    pthread_sigmask(SIG_BLOCK, &all, before);
}

int ns_set_in_go(int now)
{
    const int previous = is_in_go;
    is_in_go = now;
    return previous;
}

struct ns_go_frame ns_enter_go(void)
{
    struct ns_go_frame frame;
    frame.is_nested = is_in_go;
    if (frame.is_nested)
        return frame;
    block_for_go(&frame.mask);
    frame.stack = (stack_t){.ss_flags = SS_ONSTACK}; /* kept where it is in use now */
    sigaltstack(go_stack.ss_sp ? &go_stack : NULL, &frame.stack);
    is_in_go = 1;
    return frame;
}

/* The runtime gives a thread its stack at the first call. */
static void keep_go_stack(void)
{
    stack_t now;
    if (sigaltstack(NULL, &now) == 0 && !(now.ss_flags & SS_DISABLE))
        go_stack = now;
}

void ns_leave_go(const struct ns_go_frame *frame)
{
    if (frame->is_nested)
        return;
    is_in_go = 0;
    if (!go_stack.ss_sp && frame->stack.ss_flags & SS_DISABLE)
        keep_go_stack();
    if (go_stack.ss_sp && !(frame->stack.ss_flags & SS_ONSTACK))
        sigaltstack(&frame->stack, NULL);
    pthread_sigmask(SIG_SETMASK, &frame->mask, NULL);
}
