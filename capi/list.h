/* list.h - handles to lists of configurations. */
#ifndef NS_LIST_H
#define NS_LIST_H

#include <netsession.h>

#include "handles.h"
#include "records.h"

struct ns_list {
    struct ns_slot slot;
    int count;
    void **elements; /* slots of the configurations */
};

/* Fills records with at most room configurations, each with a reference for
 * the caller, and returns how many there are; if that is more than room, none
 * was filled in. */
typedef int ns_list_filler(void *key, unsigned filter, struct ns_record **records, int room);

/* Makes a list. Stores it, or NULL; returns the number of elements or -ENOMEM. */
int ns_list_give(ns_list_filler *filler, void *key, unsigned filter, netsession_config_list **list);

#endif
