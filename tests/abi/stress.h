/* stress.h - the model behind stress.c: which handles are live, and which answers are
 * correct.
 *
 * Each slot of a table holds a live handle or none. Only the thread that takes a handle
 * out of its slot frees the handle, so the free must succeed; a thread that still has a
 * copy of the handle uses a dead one. While a handle is in its slot, -EBADF is wrong.
 */
#ifndef STRESS_H
#define STRESS_H

#include "play.h"
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>

enum kind { MANAGER, SESSION, STOPPABLE /* a session that may be stopped */, CONFIG, LIST, KINDS };

enum { THREADS = 8, SLOTS = 64, DEAD = 256, LIVE = 0x11FE, HANG_TIMEOUT = 60 /* s without a call */ };

struct slot;

/* The user data of a handle's callbacks: whether they may still run, and the state
 * that they have reported. */
struct tracker {
    int state; /* LIVE until the call that frees the handle has returned */
    int is_open, was_moved;
    enum kind kind;
    struct slot *slot; /* the slot that holds the handle */
};

/* The lock guards both pointers; it is held only while they are exchanged. */
struct slot {
    pthread_spinlock_t lock;
    void *handle;
    struct tracker *tracker;
};

struct taken {
    void *handle;
    struct tracker *tracker;
};

/* A handle to pass to a function. */
struct pick {
    void *handle;
    struct slot *slot; /* NULL: the handle is bad */
    int is_live;         /* it was live when it was picked */
};

static struct slot slots[KINDS][SLOTS];
static void *dead[DEAD];
static netsession_options stress_options = {.struct_size = sizeof stress_options, .backend = "script"};
static void (*stress_make_manager)(void), (*stress_call)(void);
static uint64_t seed;
static long total_calls = 5000000;

static long calls_done; /* calls of all threads, counted in blocks of 256 */
static long callbacks_run;
static int wrong_answers;

static __thread uint64_t random_state;
static __thread int depth; /* nested callbacks on this thread */
static __thread long count, callbacks;

static inline unsigned random_below(unsigned below)
{
    static int rolled;
    if (random_state == 0) /* a thread that the library started */
        random_state = (seed + (uint64_t)__atomic_add_fetch(&rolled, 1, __ATOMIC_RELAXED) * 7919) | 1;
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)((random_state >> 32) * below >> 32);
}

static inline int in_callback(void)
{
    return depth > 0;
}

static inline void expect(int is_right, const char *what, const void *handle, long answer)
{
    if (!is_right && __atomic_add_fetch(&wrong_answers, 1, __ATOMIC_RELAXED) <= 20)
        printf("# wrong: %s of %p: %ld\n", what, handle, answer);
}

/* A freed handle, a handle of another kind, or a number that was never a handle. */
static inline struct pick pick_bad(enum kind kind)
{
    struct pick p = {NULL, NULL, 0};
    const unsigned other = random_below(KINDS);
    switch (random_below(4)) {
    case 0:
        p.handle = __atomic_load_n(&dead[random_below(DEAD)], __ATOMIC_RELAXED);
        break;
    case 1: /* handles are odd */
        p.handle = (void *)((uintptr_t)(random_state * 0x9E3779B97F4A7C15u) & ~(uintptr_t)1);
        break;
    case 2:
        if (other != kind && (other < SESSION || other > STOPPABLE || kind < SESSION || kind > STOPPABLE))
            p.handle = __atomic_load_n(&slots[other][random_below(SLOTS)].handle, __ATOMIC_RELAXED);
    }
    return p;
}

static inline struct pick pick(enum kind kind)
{
    struct pick p;
    if (kind == SESSION && random_below(2))
        kind = STOPPABLE;
    if (random_below(16) == 0)
        return pick_bad(kind);
    p.slot = &slots[kind][random_below(SLOTS)];
    p.handle = __atomic_load_n(&p.slot->handle, __ATOMIC_ACQUIRE);
    p.is_live = p.handle != NULL;
    if (!p.is_live)
        p.slot = NULL;
    return p;
}

/* Whether the handle has been live since it was picked. */
static inline int is_still_live(const struct pick *p)
{
    return p->slot && __atomic_load_n(&p->slot->handle, __ATOMIC_ACQUIRE) == p->handle;
}

static inline void check_answer_of_two(const struct pick *a, const struct pick *b, long answer, int is_right, const char *what)
{
    const int may_be_bad = !is_still_live(a) || !is_still_live(b), was_live = a->is_live && b->is_live;
    expect(is_right ? was_live : may_be_bad && answer == -EBADF, what, a->handle, answer);
}

static inline void check_answer(const struct pick *p, long answer, int is_right, const char *what)
{
    check_answer_of_two(p, p, answer, is_right, what);
}

static inline struct tracker *new_tracker(void)
{
    struct tracker *tracker = calloc(1, sizeof *tracker);
    tracker->state = LIVE;
    return tracker;
}

static inline void free_in_callback(struct tracker *tracker);

static inline void check_liveness(const struct tracker *tracker)
{
    const int state = __atomic_load_n(&tracker->state, __ATOMIC_ACQUIRE);
    expect(state == LIVE, "a callback after free", tracker, state);
}

/* Every callback calls this last. */
static inline void finish_callback(struct tracker *tracker)
{
    check_liveness(tracker);
    callbacks++;
    if (depth >= 2)
        return;
    depth++;
    for (unsigned n = random_below(4); n > 0; n--)
        stress_call();
    if (random_below(4) == 0)
        sched_yield();
    depth--;
    check_liveness(tracker); /* the thread that frees the handle waits for this callback */
    if (depth == 0 && random_below(64) == 0)
        free_in_callback(tracker);
}

static inline int free_handle(enum kind kind, void *handle)
{
    switch (kind) {
    case MANAGER:
        return netsession_manager_free(handle);
    case CONFIG:
        return netsession_configuration_free(handle);
    case LIST:
        return netsession_configuration_list_free(handle);
    default:
        return netsession_free(handle);
    }
}

static inline void free_taken(enum kind kind, struct taken *t)
{
    const int result = free_handle(kind, t->handle);
    expect(result == 0, "free", t->handle, result);
    __atomic_store_n(&dead[random_below(DEAD)], t->handle, __ATOMIC_RELAXED);
    if (t->tracker) {
        __atomic_store_n(&t->tracker->state, 0, __ATOMIC_RELEASE);
        free(t->tracker);
    }
}

static inline struct taken exchange(struct slot *slot, struct taken in)
{
    struct taken out;
    pthread_spin_lock(&slot->lock);
    out = (struct taken){slot->handle, slot->tracker};
    slot->tracker = in.tracker;
    __atomic_store_n(&slot->handle, in.handle, __ATOMIC_RELEASE);
    pthread_spin_unlock(&slot->lock);
    return out;
}

/* Frees the handle whose callback is running, unless another thread does. */
static inline void free_in_callback(struct tracker *tracker)
{
    struct slot *slot = __atomic_load_n(&tracker->slot, __ATOMIC_ACQUIRE);
    struct taken t = {NULL, NULL};
    if (!slot)
        return;
    pthread_spin_lock(&slot->lock);
    if (slot->tracker == tracker) {
        t = (struct taken){slot->handle, tracker};
        slot->tracker = NULL;
        __atomic_store_n(&slot->handle, NULL, __ATOMIC_RELEASE);
    }
    pthread_spin_unlock(&slot->lock);
    if (t.handle)
        free_taken(tracker->kind, &t);
}

/* Whether freeing a handle may wait for a callback. In a callback this could deadlock:
 * the other callback may wait for this one. */
static inline int free_may_wait(enum kind kind)
{
    return kind != CONFIG && kind != LIST;
}

/* Records that a session may have missed events of a former manager that was freed. */
static inline void mark_moved(const struct pick *p)
{
    if (!p->slot)
        return;
    pthread_spin_lock(&p->slot->lock);
    if (p->slot->handle == p->handle && p->slot->tracker)
        __atomic_store_n(&p->slot->tracker->was_moved, 1, __ATOMIC_SEQ_CST);
    pthread_spin_unlock(&p->slot->lock);
}

/* Takes a random handle out of its slot to free it; none where that could deadlock. */
static inline struct taken take_random(enum kind kind)
{
    const struct taken none = {NULL, NULL};
    return in_callback() && free_may_wait(kind) ? none : exchange(&slots[kind][random_below(SLOTS)], none);
}

/* Handles that were replaced in a callback. A test thread outside callbacks frees them;
 * the library's own threads are always in one. */
enum { DEFERRED = 4096 };
static struct {
    enum kind kind;
    struct taken taken;
} deferred[DEFERRED];
static int deferred_count;
static pthread_mutex_t deferred_lock = PTHREAD_MUTEX_INITIALIZER;

static inline void defer_free(enum kind kind, struct taken taken)
{
    pthread_mutex_lock(&deferred_lock);
    if (deferred_count == DEFERRED) {
        printf("# more than %d handles wait to be freed\n", DEFERRED);
        abort();
    }
    deferred[deferred_count].kind = kind;
    deferred[deferred_count++].taken = taken;
    pthread_mutex_unlock(&deferred_lock);
}

static inline void free_deferred(void)
{
    struct taken taken = {NULL, NULL};
    enum kind kind = MANAGER;
    do {
        pthread_mutex_lock(&deferred_lock);
        taken.handle = NULL;
        if (deferred_count > 0) {
            kind = deferred[--deferred_count].kind;
            taken = deferred[deferred_count].taken;
        }
        pthread_mutex_unlock(&deferred_lock);
        if (taken.handle)
            free_taken(kind, &taken);
    } while (taken.handle);
}

/* Stores a new handle in a random slot, and frees the handle that was there. */
static inline void store(enum kind kind, void *handle, struct tracker *tracker)
{
    struct slot *slot = &slots[kind][random_below(SLOTS)];
    if (tracker) {
        tracker->kind = kind;
        __atomic_store_n(&tracker->slot, slot, __ATOMIC_RELEASE);
    }
    struct taken before = exchange(slot, (struct taken){handle, tracker});
    if (before.handle && in_callback() && free_may_wait(kind))
        defer_free(kind, before);
    else if (before.handle)
        free_taken(kind, &before);
}

static void *stress_thread(void *number)
{
    random_state = (seed * 0x9E3779B97F4A7C15u + (uintptr_t)number * 0x2545F4914F6CDD1Du) | 1;
    for (int i = 0; i < SLOTS / THREADS; i++)
        stress_make_manager();
    while (count < total_calls / THREADS) {
        for (int i = 0; i < 256; i++, count++)
            stress_call();
        free_deferred();
        __atomic_add_fetch(&calls_done, 256, __ATOMIC_RELAXED);
    }
    __atomic_add_fetch(&callbacks_run, callbacks, __ATOMIC_RELAXED);
    return NULL;
}

static inline long stress_resident(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%*d %ld", &pages) != 1)
        pages = 0;
    if (f)
        fclose(f);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Watches the threads, and aborts if they hang so that a debugger can show them.
 * Returns the growth of memory in kB after the first tenth of the calls. */
static long watch_progress(void)
{
    long before = 0, seen = -1, since = play_now();
    for (long now; (now = __atomic_load_n(&calls_done, __ATOMIC_RELAXED)) < total_calls; poll(NULL, 0, 20)) {
        if (before == 0 && now > total_calls / 10)
            before = stress_resident();
        if (now != seen)
            since = play_now();
        seen = now;
        if (play_now() - since > HANG_TIMEOUT * 1000) {
            printf("# no progress for %d s after %ld calls; seed %" PRIu64 "\n", HANG_TIMEOUT, now, seed);
            fflush(stdout);
            abort();
        }
    }
    return stress_resident() - before;
}

static void free_slot(struct slot *slot, enum kind kind)
{
    struct taken t = exchange(slot, (struct taken){NULL, NULL});
    if (t.handle)
        free_taken(kind, &t);
}

static void random_calls_on_eight_threads(void)
{
    const char *calls = getenv("STRESS"), *chosen = getenv("SEED");
    pthread_t threads[THREADS];
    seed = chosen ? strtoull(chosen, NULL, 10) : (uint64_t)play_now() * 1000003 + (uint64_t)getpid();
    if (calls)
        total_calls = atol(calls);
    for (int k = 0; k < KINDS; k++)
        for (int i = 0; i < SLOTS; i++)
            pthread_spin_init(&slots[k][i].lock, 0);
    for (uintptr_t i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, stress_thread, (void *)(i + 1));
    const long grown = watch_progress();
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int k = 0; k < KINDS; k++)
        for (int i = 0; i < SLOTS; i++)
            free_slot(&slots[k][i], (enum kind)k);
    free_deferred();
    printf("# seed %" PRIu64 ": %ld calls, %ld callbacks, memory grew by %ld kB\n", seed, calls_done, callbacks_run, grown);
    CHECK_INT(wrong_answers, 0);
    CHECK(grown < 64 * 1024);
}

#endif
