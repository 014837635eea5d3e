/* api_configuration_list.h - handles to lists of configurations. */
#ifndef NS_API_CONFIGURATION_LIST_H
#define NS_API_CONFIGURATION_LIST_H

#include <netsession.h>

#include "handle_table.h"
#include "snapshot_config.h"

/* The payload of the slot: whether the library frees the handle, not the host. */
enum { NS_LIST_BORROWED = 1 };

struct ns_list {
    struct ns_slot slot;
    int count;
    void **elements; /* slots of the configurations */
};

/* Pins the slot of a handle; NULL if the handle is not live. */
struct ns_list *ns_list_pin(netsession_configuration_list *list);
void ns_list_unpin(struct ns_list *list);
NS_PIN_TYPE(list)

/* Fills refs with at most room configurations, each with a reference for the
 * caller, and returns how many there are; if that is more than room, none was
 * filled in. A negative errno says why there is no list. */
typedef int ns_list_filler(void *key, unsigned filter, struct ns_config_ref **refs, int room);

/* Makes a list that the host owns. Stores it, or NULL; returns the number of
 * elements, the errno of the filler, or -ENOMEM. */
int ns_list_new(ns_list_filler *filler, void *key, unsigned filter,
                netsession_configuration_list **list);

/* The same for a list that the host borrows. ns_list_release frees it. */
int ns_list_borrow(ns_list_filler *filler, void *key, unsigned filter,
                   netsession_configuration_list **list);
void ns_list_release(netsession_configuration_list *list);

#endif
