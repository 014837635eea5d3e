/* api_configuration_list.c - lists of configurations. A list owns the handles in it: they are
 * made and freed with the list.
 */
#include "api_configuration_list.h"

#include <errno.h>
#include <stdlib.h>

#include "api_configuration.h"
#include "rt_fork.h"
#include "rt_signals.h"

static void destroy(struct ns_slot *slot)
{
    struct ns_list *list = (void *)slot;
    ns_invalidate_all(&ns_configs, list->elements, (size_t)list->count);
    free(list->elements);
}

static uint64_t words[NS_LISTS];

struct ns_table ns_lists = {
    .kind = NS_LIST,
    .size = sizeof(struct ns_list),
    .capacity = NS_LISTS,
    .words = words,
    .destroy = destroy,
    .lock = PTHREAD_MUTEX_INITIALIZER,
};

struct ns_list *ns_list_pin(netsession_configuration_list *list)
{
    return ns_pin(&ns_lists, list);
}

void ns_list_unpin(struct ns_list *list)
{
    ns_unpin(&ns_lists, list);
}

/* The length of the longest list so far, as a guess for the next. */
static int longest = 16;

static struct ns_config_ref **fill(ns_list_filler *filler, void *key, unsigned filter, int *count)
{
    int room = __atomic_load_n(&longest, __ATOMIC_RELAXED);
    struct ns_config_ref **refs = NULL, **grown;
    for (;;) {
        grown = realloc(refs, (size_t)room * sizeof *refs);
        if (!grown)
            break;
        refs = grown;
        *count = NS_GO(filler(key, filter, refs, room));
        if (*count <= room)
            return refs;
        room = *count + *count / 8;
        __atomic_store_n(&longest, room, __ATOMIC_RELAXED);
    }
    free(refs);
    return NULL;
}

/* Makes the handles of a list. They consume the references. */
static int publish(struct ns_config_ref **refs, int count, void **slots)
{
    int err = ns_reserve(&ns_configs, slots, (size_t)count);
    for (int i = 0; i < count; i++) {
        struct ns_config *config = slots[i];
        if (err < 0) {
            ns_config_ref_release(refs[i]);
            continue;
        }
        __atomic_store_n(&config->ref, refs[i], __ATOMIC_RELAXED);
        ns_publish(&ns_configs, config, 0, NS_CONFIG_BORROWED);
    }
    return err;
}

static int new_list(ns_list_filler *filler, void *key, unsigned filter, unsigned payload,
                netsession_configuration_list **out)
{
    struct ns_list *list;
    void *slot, **elements;
    int count;
    struct ns_config_ref **refs = fill(filler, key, filter, &count);
    if (!refs)
        return -ENOMEM;
    if (count < 0) {
        free(refs);
        return count;
    }
    /* The slots replace the references one by one. */
    elements = malloc(((size_t)count + 1) * sizeof *elements);
    if (!elements || ns_reserve(&ns_lists, &slot, 1) < 0) {
        for (int i = 0; i < count; i++)
            ns_config_ref_release(refs[i]);
        free(elements);
        free(refs);
        return -ENOMEM;
    }
    if (publish(refs, count, elements) < 0) {
        ns_unreserve(&ns_lists, slot);
        free(elements);
        free(refs);
        return -ENOMEM;
    }
    free(refs);
    list = slot;
    list->count = count;
    list->elements = elements;
    *out = ns_publish(&ns_lists, list, 0, payload);
    return count;
}

int ns_list_new(ns_list_filler *filler, void *key, unsigned filter,
                netsession_configuration_list **list)
{
    return new_list(filler, key, filter, 0, list);
}

int ns_list_borrow(ns_list_filler *filler, void *key, unsigned filter,
                   netsession_configuration_list **list)
{
    return new_list(filler, key, filter, NS_LIST_BORROWED, list);
}

void ns_list_release(netsession_configuration_list *list)
{
    ns_unpin(&ns_lists, ns_invalidate(&ns_lists, list));
}

int netsession_configuration_list_size(netsession_configuration_list *handle)
{
    NS_GUARD(-ECHILD);
    NS_PIN(list, list, handle);
    if (!list)
        return -EBADF;
    return list->count;
}

netsession_configuration *
netsession_configuration_list_at(netsession_configuration_list *handle, int index)
{
    struct ns_slot *slot;
    NS_GUARD(NULL);
    NS_PIN(list, list, handle);
    if (!list || index < 0 || index >= list->count)
        return NULL;
    slot = list->elements[index];
    return ns_handle(&ns_configs, slot, ns_word(slot));
}

int netsession_configuration_list_free(netsession_configuration_list *handle)
{
    NS_GUARD(-ECHILD);
    NS_PIN(list, list, handle);
    if (!list)
        return -EBADF;
    if (ns_word(&list->slot) & NS_LIST_BORROWED)
        return -EPERM;
    if (!ns_invalidate(&ns_lists, handle))
        return -EBADF;
    ns_list_unpin(list); /* the pin of ns_invalidate */
    return 0;
}
