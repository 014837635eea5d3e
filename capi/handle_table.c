/* handle_table.c - the tables of slots; handle_table.h says how they work. */
#include "handle_table.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "handle_string.h"

static const uint64_t one_generation = (uint64_t)1 << NS_WORD_GENERATION;
static const uint64_t one_pin = (uint64_t)1 << NS_WORD_PINS;

static struct ns_slot *at_index(const struct ns_table *table, uint32_t index)
{
    return (void *)(table->chunks[index >> NS_CHUNK_BITS] + (index & (NS_CHUNK - 1)) * table->size);
}

/* Maps another chunk. Called with the lock held. */
static int grow(struct ns_table *table)
{
    void *chunk;
    if (table->mapped == table->capacity)
        return -ENOMEM;
    chunk = mmap(NULL, table->size << NS_CHUNK_BITS, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (chunk == MAP_FAILED)
        return -ENOMEM;
    __atomic_store_n(&table->chunks[table->mapped >> NS_CHUNK_BITS], chunk, __ATOMIC_RELEASE);
    table->mapped += NS_CHUNK;
    return 0;
}

/* Returns a slot that was never used, if there is one, else the slot that has been
 * free for the longest time. Called with the lock held. */
static struct ns_slot *pop_free(struct ns_table *table)
{
    struct ns_slot *slot;
    if (table->unused == table->mapped && table->free_count) {
        slot = at_index(table, table->free_first);
        table->free_first = slot->next;
        table->free_count--;
        return slot;
    }
    if (table->unused == table->mapped && grow(table) < 0)
        return NULL;
    slot = at_index(table, table->unused);
    slot->word = &table->words[table->unused];
    slot->index = table->unused++;
    return slot;
}

/* Called with the lock held. */
static void push_free(struct ns_table *table, struct ns_slot *slot)
{
    if (table->free_count++)
        at_index(table, table->free_last)->next = slot->index;
    else
        table->free_first = slot->index;
    table->free_last = slot->index;
    table->live--;
}

int ns_reserve(struct ns_table *table, void **slots, size_t count)
{
    size_t n;
    pthread_mutex_lock(&table->lock);
    for (n = 0; n < count; n++) {
        slots[n] = pop_free(table);
        if (!slots[n])
            break;
        table->live++;
    }
    if (n < count)
        for (size_t i = 0; i < n; i++)
            push_free(table, slots[i]);
    pthread_mutex_unlock(&table->lock);
    return n < count ? -ENOMEM : 0;
}

void ns_unreserve(struct ns_table *table, void *slot)
{
    pthread_mutex_lock(&table->lock);
    push_free(table, slot);
    pthread_mutex_unlock(&table->lock);
}

void *ns_handle(const struct ns_table *table, const struct ns_slot *slot, uint64_t word)
{
    uintptr_t generation = (uintptr_t)(word >> NS_WORD_GENERATION);
    return (void *)(generation << NS_GENERATION_SHIFT | (uintptr_t)slot->index << NS_TAG_BITS |
                    (uintptr_t)table->kind << 1 | 1);
}

static uint64_t next_word(const struct ns_slot *slot)
{
    uint64_t word = __atomic_load_n(slot->word, __ATOMIC_RELAXED);
    return ((word >> NS_WORD_GENERATION) + 1) << NS_WORD_GENERATION;
}

void *ns_next_handle(const struct ns_table *table, const void *slot)
{
    return ns_handle(table, slot, next_word(slot));
}

void *ns_publish(struct ns_table *table, void *p, unsigned pins, unsigned payload)
{
    struct ns_slot *slot = p;
    uint64_t word = next_word(slot) | (uint64_t)pins << NS_WORD_PINS | payload;
    __atomic_store_n(slot->word, word, __ATOMIC_RELEASE);
    return ns_handle(table, slot, word);
}

/* Adds to the word of a live handle; NULL if it is not live. */
static struct ns_slot *add_to_word(struct ns_table *table, const void *handle, uint64_t add)
{
    struct ns_slot *slot = ns_lookup(table, table->kind, table->words, table->capacity,
                                     table->size, handle);
    uint64_t word;
    if (!slot)
        return NULL;
    word = ns_word(slot);
    do {
        if (!ns_is_generation(word, handle) || ns_pins(word) == 0xFFFF)
            return NULL;
    } while (!__atomic_compare_exchange_n(slot->word, &word, word + add, 0, __ATOMIC_ACQ_REL,
                                          __ATOMIC_ACQUIRE));
    return slot;
}

void *ns_pin(struct ns_table *table, const void *handle)
{
    return add_to_word(table, handle, one_pin);
}

void *ns_invalidate(struct ns_table *table, const void *handle)
{
    return add_to_word(table, handle, one_generation + one_pin);
}

static int is_dead(uint64_t word)
{
    return !(word >> NS_WORD_GENERATION & 1) && ns_pins(word) == 0;
}

static void destroy(struct ns_table *table, struct ns_slot *slot)
{
    ns_strings_free(slot->strings);
    slot->strings = NULL;
    table->destroy(slot);
}

void ns_unpin(struct ns_table *table, void *p)
{
    struct ns_slot *slot = p;
    if (!is_dead(__atomic_sub_fetch(slot->word, one_pin, __ATOMIC_ACQ_REL)))
        return;
    destroy(table, slot);
    ns_unreserve(table, slot);
}

void ns_invalidate_all(struct ns_table *table, void **slots, size_t count)
{
    size_t dead = 0;
    for (size_t i = 0; i < count; i++) {
        struct ns_slot *slot = slots[i];
        if (!is_dead(__atomic_add_fetch(slot->word, one_generation, __ATOMIC_ACQ_REL)))
            continue; /* the last unpin destroys it */
        destroy(table, slot);
        slots[dead++] = slot;
    }
    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < dead; i++)
        push_free(table, slots[i]);
    pthread_mutex_unlock(&table->lock);
}

static unsigned live_slots(struct ns_table *table)
{
    unsigned live;
    pthread_mutex_lock(&table->lock);
    live = table->live;
    pthread_mutex_unlock(&table->lock);
    return live;
}

unsigned ns_live_slots(void)
{
    return live_slots(&ns_managers) + live_slots(&ns_configs) + live_slots(&ns_lists) +
           live_slots(&ns_sessions);
}
