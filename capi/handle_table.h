/* handle_table.h - handles, and the tables of slots behind them.
 *
 * A handle is a number in a pointer type: the kind of object, the index
 * of its slot and the slot's generation. Its lowest bit is set, which no
 * aligned address has. Slots are never unmapped, so that any number can be
 * looked up safely; the lookup fails if the number is not a live handle.
 *
 * Everything that decides about a slot is in one atomic word, so that looking
 * a handle up takes no lock:
 *
 *     63 ... 32   generation: odd while the handle is live
 *     31 ... 16   pins: uses that are under way, which put off recycling
 *     15 ...  0   payload, published by the object's owner
 *
 * Generations grow when a handle is made and when it is freed. A free slot
 * is used again after all other free slots, so that generations wrap late.
 */
#ifndef NS_HANDLE_TABLE_H
#define NS_HANDLE_TABLE_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

enum ns_kind { NS_MANAGER = 1, NS_CONFIG, NS_LIST, NS_SESSION };

enum {
#if UINTPTR_MAX > UINT32_MAX
    NS_TAG_BITS = 10, /* the lowest bit set, then the kind */
    NS_INDEX_BITS = 22,
#else
    NS_TAG_BITS = 4,
    NS_INDEX_BITS = 18,
#endif
    NS_GENERATION_SHIFT = NS_TAG_BITS + NS_INDEX_BITS, /* in the handle */
    NS_CHUNK_BITS = 10,
    NS_CHUNK = 1 << NS_CHUNK_BITS, /* slots that are mapped together */
    NS_CHUNKS = 1 << (NS_INDEX_BITS - NS_CHUNK_BITS),
    NS_WORD_GENERATION = 32, /* shifts within the word */
    NS_WORD_PINS = 16
};

/* How many of each kind there can be. */
enum {
    NS_MANAGERS = 1 << 16,
    NS_CONFIGS = 1 << (NS_INDEX_BITS < 20 ? NS_INDEX_BITS : 20),
    NS_LISTS = 1 << 16,
    NS_SESSIONS = 1 << 18
};

#pragma GCC visibility push(hidden)

/* Head of every slot. */
struct ns_slot {
    uint64_t *word;        /* constant */
    uint32_t index;        /* constant */
    uint32_t next;         /* index of the next free slot */
    struct ns_string *strings; /* that the handle has returned */
};

/* The words are apart from the slots, so that a state is one load away. Their
 * memory is touched only as far as slots are used. */
struct ns_table {
    enum ns_kind kind;
    size_t size; /* of a slot */
    uint32_t capacity;
    uint64_t *words;
    /* Frees what the slot of a dead handle holds, after its last pin. */
    void (*destroy)(struct ns_slot *);
    char *chunks[NS_CHUNKS]; /* each is set once */

    pthread_mutex_t lock;  /* guards the members below */
    uint32_t unused, mapped;        /* slots that were never used: first, and end */
    uint32_t free_first, free_last; /* of the free slots, oldest first */
    uint32_t free_count;
    uint32_t live; /* slots in use, dead ones with pins included */
};

extern struct ns_table ns_managers, ns_configs, ns_lists, ns_sessions;

/* Whether a number can be a handle of a kind: the tag is right, the index is
 * below the capacity, a power of two, and the generation is odd. */
static inline int ns_is_well_formed(const void *handle, enum ns_kind kind, uint32_t capacity)
{
    const uintptr_t odd = (uintptr_t)1 << NS_GENERATION_SHIFT;
    const uintptr_t tag = ((uintptr_t)1 << NS_TAG_BITS) - 1;
    const uintptr_t index = (odd - 1) & ~(((uintptr_t)capacity << NS_TAG_BITS) - 1);
    return ((uintptr_t)handle & (odd | tag | index)) == (odd | (uintptr_t)kind << 1 | 1);
}

static inline uint32_t ns_index(const void *handle)
{
    const uint32_t mask = ((uint32_t)1 << NS_INDEX_BITS) - 1;
    return (uint32_t)((uintptr_t)handle >> NS_TAG_BITS) & mask;
}

/* Whether a word has the generation of a handle. */
static inline int ns_is_generation(uint64_t word, const void *handle)
{
    const uintptr_t mask = UINTPTR_MAX >> NS_GENERATION_SHIFT;
    return ((uintptr_t)(word >> NS_WORD_GENERATION) & mask) ==
           (uintptr_t)handle >> NS_GENERATION_SHIFT;
}

/* The slot of a handle, or NULL if the handle is not live. Kind, words and capacity are the
 * table's; they are known when the caller is compiled. */
static inline void *ns_lookup(const struct ns_table *table, enum ns_kind kind,
                              const uint64_t *words, uint32_t capacity, size_t size,
                              const void *handle)
{
    const uint32_t index = ns_index(handle);
    if (!ns_is_well_formed(handle, kind, capacity) ||
        !ns_is_generation(__atomic_load_n(&words[index], __ATOMIC_ACQUIRE), handle))
        return NULL;
    return table->chunks[index >> NS_CHUNK_BITS] + (index & (NS_CHUNK - 1)) * size;
}

static inline uint64_t ns_word(const struct ns_slot *slot)
{
    return __atomic_load_n(slot->word, __ATOMIC_ACQUIRE);
}

static inline unsigned ns_pins(uint64_t word)
{
    return (unsigned)(word >> NS_WORD_PINS) & 0xFFFF;
}

/* Whether a slot still belongs to the handle, so that values read from it since the
 * lookup is valid. */
static inline int ns_is_current(const struct ns_slot *slot, const void *handle)
{
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return ns_is_generation(__atomic_load_n(slot->word, __ATOMIC_RELAXED), handle);
}

/* The handle for a slot with that word. */
void *ns_handle(const struct ns_table *table, const struct ns_slot *slot, uint64_t word);

/* Reserves count slots, which are neither live nor free yet; stores them in
 * slots. Returns 0, or -ENOMEM and reserves none. */
int ns_reserve(struct ns_table *table, void **slots, size_t count);

/* Makes a reserved slot live and returns its handle. */
void *ns_publish(struct ns_table *table, void *slot, unsigned pins, unsigned payload);

/* The handle that ns_publish will return for a reserved slot. */
void *ns_next_handle(const struct ns_table *table, const void *slot);

/* Frees a reserved slot that was not published. */
void ns_unreserve(struct ns_table *table, void *slot);

/* The slot of a live handle, pinned so that it is not recycled, or NULL. */
void *ns_pin(struct ns_table *table, const void *handle);
void ns_unpin(struct ns_table *table, void *slot);

/* Declares name, the slot of a handle, which is pinned until the end of the scope; NULL
 * if the handle is not live. type is manager, config, list or session. */
#define NS_PIN(type, name, handle)                                              \
    __attribute__((cleanup(ns_##type##_unpin_at_end))) struct ns_##type *name = \
        ns_##type##_pin(handle)

/* Defines what NS_PIN calls. */
#define NS_PIN_TYPE(type)                                                \
    static inline void ns_##type##_unpin_at_end(struct ns_##type **slot) \
    {                                                                    \
        if (*slot)                                                       \
            ns_##type##_unpin(*slot);                                    \
    }

/* Invalidates a handle, and returns its slot, pinned. Returns NULL if the handle is
 * not live; of several concurrent callers only one gets the slot. */
void *ns_invalidate(struct ns_table *table, const void *handle);

/* Invalidates the handles of count live slots of a table. No other thread may
 * invalidate them. */
void ns_invalidate_all(struct ns_table *table, void **slots, size_t count);

/* The number of slots in use, of all tables. */
unsigned ns_live_slots(void);

#pragma GCC visibility pop

#endif
