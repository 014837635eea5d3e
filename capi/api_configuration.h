/* api_configuration.h - handles to configurations. */
#ifndef NS_API_CONFIGURATION_H
#define NS_API_CONFIGURATION_H

#include <netsession.h>

#include "handle_table.h"
#include "snapshot_config.h"

/* The payload of the slot: whether the library frees the handle, not the host. */
enum { NS_CONFIG_BORROWED = 1 };

struct ns_config {
    struct ns_slot slot;
    struct ns_config_ref *ref; /* counted */
};

#pragma GCC visibility push(hidden)

/* The words of all configurations, apart from the slots, so that a state is one load away. */
extern uint64_t ns_config_words[NS_CONFIGS];

/* Makes a handle that the host owns. Consumes the reference. Stores the handle, or
 * NULL, and returns 0 or -ENOMEM. */
int ns_config_new(struct ns_config_ref *ref, netsession_configuration **configuration);

/* Makes a handle that the host borrows, with a reference of its own; NULL if there
 * is no memory. ns_config_release frees it. */
netsession_configuration *ns_config_borrow(struct ns_config_ref *ref);
void ns_config_release(netsession_configuration *configuration);

/* The slot of a handle, or NULL if it is not a live one. Who reads it asks ns_is_current
 * afterwards whether it still was the handle's. */
static inline struct ns_config *ns_config_lookup(netsession_configuration *configuration)
{
    return ns_lookup(&ns_configs, NS_CONFIG, ns_config_words, NS_CONFIGS, sizeof(struct ns_config),
                     configuration);
}

/* Pins the slot of a handle; NULL if the handle is not live. */
struct ns_config *ns_config_pin(netsession_configuration *configuration);
void ns_config_unpin(struct ns_config *config);
NS_PIN_TYPE(config)

#pragma GCC visibility pop

#endif
