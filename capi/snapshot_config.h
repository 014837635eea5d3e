/* snapshot_config.h - what Go publishes about each configuration: one block of
 * memory, which handles, sessions and events refer to.
 *
 * Go makes and writes the blocks. Their memory is never unmapped, so that a reader
 * that is too late reads garbage, and then sees that its handle is stale.
 */
#ifndef NS_SNAPSHOT_CONFIG_H
#define NS_SNAPSHOT_CONFIG_H

#include <netsession_private.h>
#include <stddef.h>
#include <stdint.h>

/* A configuration's numbers, all of which Go writes at once. */
union ns_config_view {
    netsession_configuration_view view;
    uint64_t whole __attribute__((aligned(8))); /* atomic */
};

struct ns_config_ref {
    union ns_config_view view;
    uint32_t refs;          /* atomic: NS_LISTED and steps of NS_ONE_REF */
    int32_t timeout;        /* atomic; connect timeout in ms */
    uint32_t index;         /* constant */
    char *id;               /* constant while in use */
    void *key;              /* of the Go object; NULL: ns_no_config */
    const struct ns_wakeup *wakeup; /* of its engine */
    struct ns_config_ref *next; /* in the free list */
};

/* Whether the configuration exists, and the references to it. They are one number,
 * because a block is freed when both are gone. */
enum { NS_LISTED = 1, NS_ONE_REF = 2 };

/* The configuration that never existed. */
extern struct ns_config_ref ns_no_config;

/* Publishes, in a forked child, that no configuration exists. */
void ns_config_views_reset(void);

/* The strings that ns_go_config_string returns. */
enum { NS_CONFIG_NAME, NS_CONFIG_INTERFACE };

/* Whether both are the same configuration, or both are none. */
int ns_config_ref_equal(const struct ns_config_ref *a, const struct ns_config_ref *b);

/* Makes a block without references; NULL if there is no memory. */
struct ns_config_ref *ns_config_ref_new(const char *id, size_t length);
void ns_config_ref_free(struct ns_config_ref *ref);

/* Adds a reference; the caller has one already. */
void ns_config_ref_acquire(struct ns_config_ref *ref);

/* Drops a reference. The last one to a removed configuration frees it. */
void ns_config_ref_release(struct ns_config_ref *ref);

/* Drops a reference and returns 1, unless it is the last one to a removed
 * configuration: returns 0 then, and Go decides with its own lock held. */
int ns_config_ref_try_release(struct ns_config_ref *ref);

#endif
