/* stress.h - the model behind stress.c: which handles live, and what may be answered.
 *
 * Each place of a table holds a live handle, or none. Who takes a handle out of its
 * place is the only one to free it; so freeing it succeeds, and whoever has it still
 * uses a dead one. An answer that a handle is bad is wrong while it is in its place.
 */
#ifndef STRESS_H
#define STRESS_H

#include "play.h"
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>

enum kind { MANAGER, SESSION, STOPPABLE /* a session, too */, CONFIG, LIST, KINDS };

enum { THREADS = 8, PLACES = 64, DEAD = 256, LIVE = 0x11FE, PATIENCE = 60 /* s without a call */ };

/* What belongs to a handle: whether callbacks may still run, and what they told. */
struct place;

struct told {
    int state; /* LIVE until the handle's free has returned */
    int is_open, was_moved;
    enum kind kind;
    struct place *place; /* where the handle was put */
};

/* A place is changed under its lock, which is held for the two words only. */
struct place {
    pthread_spinlock_t lock;
    void *handle;
    struct told *told;
};

struct taken {
    void *handle;
    struct told *told;
};

/* A handle to call something with. */
struct pick {
    void *handle;
    struct place *place; /* where it was found; NULL: it is bad */
    int is_live;         /* it was when it was picked */
};

static struct place places[KINDS][PLACES];
static void *dead[DEAD];
static netsession_options stress_options = {.struct_size = sizeof stress_options, .backend = "script"};
static void (*stress_begin)(void), (*stress_call)(void);
static uint64_t seed;
static long wanted = 5000000;

static long done; /* calls of all threads so far, but for the last some */
static long callbacks_run;
static int wrong; /* answers */

static __thread uint64_t dice;
static __thread int depth; /* of callbacks that this thread is in */
static __thread long count, callbacks;

static inline unsigned draw(unsigned below)
{
    static int rolled;
    if (dice == 0) /* a thread of the library's own */
        dice = (seed + (uint64_t)__atomic_add_fetch(&rolled, 1, __ATOMIC_RELAXED) * 7919) | 1;
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (unsigned)((dice >> 32) * below >> 32);
}

static inline int in_callback(void)
{
    return depth > 0;
}

static inline void expect(int is_right, const char *what, const void *handle, long answer)
{
    if (!is_right && __atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED) <= 20)
        printf("# wrong: %s of %p: %ld\n", what, handle, answer);
}

/* A handle that lives no more, that is of another kind, or that was never one. */
static inline struct pick pick_bad(enum kind kind)
{
    struct pick p = {NULL, NULL, 0};
    const unsigned other = draw(KINDS);
    switch (draw(4)) {
    case 0:
        p.handle = __atomic_load_n(&dead[draw(DEAD)], __ATOMIC_RELAXED);
        break;
    case 1: /* handles are odd */
        p.handle = (void *)((uintptr_t)(dice * 0x9E3779B97F4A7C15u) & ~(uintptr_t)1);
        break;
    case 2:
        if (other != kind && (other < SESSION || other > STOPPABLE || kind < SESSION || kind > STOPPABLE))
            p.handle = __atomic_load_n(&places[other][draw(PLACES)].handle, __ATOMIC_RELAXED);
    }
    return p;
}

static inline struct pick pick(enum kind kind)
{
    struct pick p;
    if (kind == SESSION && draw(2))
        kind = STOPPABLE;
    if (draw(16) == 0)
        return pick_bad(kind);
    p.place = &places[kind][draw(PLACES)];
    p.handle = __atomic_load_n(&p.place->handle, __ATOMIC_ACQUIRE);
    p.is_live = p.handle != NULL;
    if (!p.is_live)
        p.place = NULL;
    return p;
}

/* Whether it lived all the while since it was picked. */
static inline int lives_still(const struct pick *p)
{
    return p->place && __atomic_load_n(&p->place->handle, __ATOMIC_ACQUIRE) == p->handle;
}

static inline void judge_both(const struct pick *a, const struct pick *b, long answer, int is_right, const char *what)
{
    const int may_be_bad = !lives_still(a) || !lives_still(b), was_live = a->is_live && b->is_live;
    expect(is_right ? was_live : may_be_bad && answer == -EBADF, what, a->handle, answer);
}

static inline void judge(const struct pick *p, long answer, int is_right, const char *what)
{
    judge_both(p, p, answer, is_right, what);
}

static inline struct told *new_told(void)
{
    struct told *told = calloc(1, sizeof *told);
    told->state = LIVE;
    return told;
}

static inline void free_own(struct told *told);

static inline void check_liveness(const struct told *told)
{
    const int state = __atomic_load_n(&told->state, __ATOMIC_ACQUIRE);
    expect(state == LIVE, "a callback after free", told, state);
}

/* Every callback comes here last. */
static inline void called_back(struct told *told)
{
    check_liveness(told);
    callbacks++;
    if (depth >= 2)
        return;
    depth++;
    for (unsigned n = draw(4); n > 0; n--)
        stress_call();
    if (draw(4) == 0)
        sched_yield();
    depth--;
    check_liveness(told); /* whoever frees it waits for this callback */
    if (depth == 0 && draw(64) == 0)
        free_own(told);
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
    __atomic_store_n(&dead[draw(DEAD)], t->handle, __ATOMIC_RELAXED);
    if (t->told) {
        __atomic_store_n(&t->told->state, 0, __ATOMIC_RELEASE);
        free(t->told);
    }
}

static inline struct taken exchange(struct place *place, struct taken in)
{
    struct taken out;
    pthread_spin_lock(&place->lock);
    out = (struct taken){place->handle, place->told};
    place->told = in.told;
    __atomic_store_n(&place->handle, in.handle, __ATOMIC_RELEASE);
    pthread_spin_unlock(&place->lock);
    return out;
}

/* Frees the handle that a callback is of, unless somebody else does. */
static inline void free_own(struct told *told)
{
    struct place *place = __atomic_load_n(&told->place, __ATOMIC_ACQUIRE);
    struct taken t = {NULL, NULL};
    if (!place)
        return;
    pthread_spin_lock(&place->lock);
    if (place->told == told) {
        t = (struct taken){place->handle, told};
        place->told = NULL;
        __atomic_store_n(&place->handle, NULL, __ATOMIC_RELEASE);
    }
    pthread_spin_unlock(&place->lock);
    if (t.handle)
        free_taken(told->kind, &t);
}

/* Whether freeing a handle may wait for a callback, which in a callback could be for
 * one that waits for this one. */
static inline int waits(enum kind kind)
{
    return kind != CONFIG && kind != LIST;
}

/* From now on a session may have missed events: those of its time with a manager that
 * was freed. */
static inline void mark_moved(const struct pick *p)
{
    if (!p->place)
        return;
    pthread_spin_lock(&p->place->lock);
    if (p->place->handle == p->handle && p->place->told)
        __atomic_store_n(&p->place->told->was_moved, 1, __ATOMIC_SEQ_CST);
    pthread_spin_unlock(&p->place->lock);
}

/* Takes a handle to be freed; none where that may wait in vain. */
static inline struct taken take(enum kind kind)
{
    const struct taken none = {NULL, NULL};
    return in_callback() && waits(kind) ? none : exchange(&places[kind][draw(PLACES)], none);
}

/* Those that were replaced in a callback, and wait for a thread that is in none: the
 * library's own are always in one. */
enum { LATER = 4096 };
static struct {
    enum kind kind;
    struct taken taken;
} later[LATER];
static int later_count;
static pthread_mutex_t later_lock = PTHREAD_MUTEX_INITIALIZER;

static inline void keep_for_later(enum kind kind, struct taken taken)
{
    pthread_mutex_lock(&later_lock);
    if (later_count == LATER) {
        printf("# more than %d handles wait to be freed\n", LATER);
        abort();
    }
    later[later_count].kind = kind;
    later[later_count++].taken = taken;
    pthread_mutex_unlock(&later_lock);
}

static inline void free_later(void)
{
    struct taken taken = {NULL, NULL};
    enum kind kind = MANAGER;
    do {
        pthread_mutex_lock(&later_lock);
        taken.handle = NULL;
        if (later_count > 0) {
            kind = later[--later_count].kind;
            taken = later[later_count].taken;
        }
        pthread_mutex_unlock(&later_lock);
        if (taken.handle)
            free_taken(kind, &taken);
    } while (taken.handle);
}

/* Puts a new handle in some place, and frees the one before. */
static inline void put(enum kind kind, void *handle, struct told *told)
{
    struct place *place = &places[kind][draw(PLACES)];
    if (told) {
        told->kind = kind;
        __atomic_store_n(&told->place, place, __ATOMIC_RELEASE);
    }
    struct taken before = exchange(place, (struct taken){handle, told});
    if (before.handle && in_callback() && waits(kind))
        keep_for_later(kind, before);
    else if (before.handle)
        free_taken(kind, &before);
}

static void *stress_thread(void *number)
{
    dice = (seed * 0x9E3779B97F4A7C15u + (uintptr_t)number * 0x2545F4914F6CDD1Du) | 1;
    for (int i = 0; i < PLACES / THREADS; i++)
        stress_begin();
    while (count < wanted / THREADS) {
        for (int i = 0; i < 256; i++, count++)
            stress_call();
        free_later();
        __atomic_add_fetch(&done, 256, __ATOMIC_RELAXED);
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

/* Watches the threads: one that hangs is shown to a debugger. Returns by how many kB
 * memory grew since a tenth was done. */
static long watch(void)
{
    long before = 0, seen = -1, since = play_now();
    for (long now; (now = __atomic_load_n(&done, __ATOMIC_RELAXED)) < wanted; poll(NULL, 0, 20)) {
        if (before == 0 && now > wanted / 10)
            before = stress_resident();
        if (now != seen)
            since = play_now();
        seen = now;
        if (play_now() - since > PATIENCE * 1000) {
            printf("# nothing went on for %d s after %ld calls; seed %" PRIu64 "\n", PATIENCE, now, seed);
            fflush(stdout);
            abort();
        }
    }
    return stress_resident() - before;
}

static void free_all(struct place *place, enum kind kind)
{
    struct taken t = exchange(place, (struct taken){NULL, NULL});
    if (t.handle)
        free_taken(kind, &t);
}

static void whatever_there_is(void)
{
    const char *calls = getenv("STRESS"), *chosen = getenv("SEED");
    pthread_t threads[THREADS];
    seed = chosen ? strtoull(chosen, NULL, 10) : (uint64_t)play_now() * 1000003 + (uint64_t)getpid();
    if (calls)
        wanted = atol(calls);
    for (int k = 0; k < KINDS; k++)
        for (int i = 0; i < PLACES; i++)
            pthread_spin_init(&places[k][i].lock, 0);
    for (uintptr_t i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, stress_thread, (void *)(i + 1));
    const long grown = watch();
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int k = 0; k < KINDS; k++)
        for (int i = 0; i < PLACES; i++)
            free_all(&places[k][i], (enum kind)k);
    free_later();
    printf("# seed %" PRIu64 ": %ld calls, %ld callbacks, %ld kB more\n", seed, done, callbacks_run, grown);
    CHECK_INT(wrong, 0);
    CHECK(grown < 64 * 1024);
}

#endif
