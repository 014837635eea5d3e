/* api_configuration.h - handles to configurations. */
#ifndef NS_API_CONFIGURATION_H
#define NS_API_CONFIGURATION_H

#include <netsession.h>

#include "handle_table.h"
#include "snapshot_config.h"

/* The payload of a configuration's slot. */
enum { NS_CONFIG_BORROWED = 1 };

struct ns_config {
    struct ns_slot slot;
    struct ns_config_ref *record; /* referred to */
};

/* Makes a handle for the caller of the library, taking the reference to the
 * record over. Stores it, or NULL, and returns 0 or -ENOMEM. */
int ns_config_new(struct ns_config_ref *record, netsession_configuration **config);

/* Makes a borrowed handle, and frees it. NULL where there is no memory. */
netsession_configuration *ns_config_borrow(struct ns_config_ref *record);
void ns_config_release(netsession_configuration *config);

/* Pins the slot of a handle. */
struct ns_config *ns_config_pin(netsession_configuration *config);
void ns_config_unpin(struct ns_config *config);

#endif
