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

/* Makes a handle that the host owns. Consumes the reference. Stores the handle, or
 * NULL, and returns 0 or -ENOMEM. */
int ns_config_new(struct ns_config_ref *ref, netsession_configuration **config);

/* Makes a handle that the host borrows, with a reference of its own; NULL if there
 * is no memory. ns_config_release frees it. */
netsession_configuration *ns_config_borrow(struct ns_config_ref *ref);
void ns_config_release(netsession_configuration *config);

/* Pins the slot of a handle; NULL if the handle is not live. */
struct ns_config *ns_config_pin(netsession_configuration *config);
void ns_config_unpin(struct ns_config *config);
NS_PIN_TYPE(config)

#endif
