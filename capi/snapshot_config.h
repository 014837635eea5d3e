/* snapshot_config.h - what C knows of each configuration: one record for each, which
 * handles, sessions and events refer to.
 *
 * Go makes and writes records. Their memory is never unmapped, so that a reader
 * that comes too late reads nonsense, and then sees that its handle is stale.
 */
#ifndef NS_SNAPSHOT_CONFIG_H
#define NS_SNAPSHOT_CONFIG_H

#include <netsession.h>
#include <stddef.h>
#include <stdint.h>

/* A configuration's numbers, all of which Go writes at once. */
union ns_config_view {
    netsession_configuration_view view;
    uint64_t whole __attribute__((aligned(8))); /* atomic */
};

struct ns_config_ref {
    union ns_config_view shown;
    uint32_t refs;          /* atomic; see below */
    int32_t timeout;        /* atomic; connect timeout in ms */
    uint32_t index;         /* constant */
    char *id;               /* constant while in use */
    void *key;              /* of the Go object; NULL for ns_no_config */
    const struct ns_wakeup *bell; /* of its engine */
    struct ns_config_ref *next; /* in the list of free ones */
};

/* The references to a record, in steps of NS_ONE_REF, and whether the
 * configuration exists. They are one number, because a record goes when neither
 * is left. */
enum { NS_LISTED = 1, NS_ONE_REF = 2 };

/* What stands for a configuration that never existed. */
extern struct ns_config_ref ns_no_config;

/* Shows, in a forked child, that no configuration exists. */
void ns_config_views_reset(void);

/* The texts of a record that Go gives. */
enum { NS_CONFIG_NAME, NS_CONFIG_INTERFACE };

/* Whether both stand for the same configuration, or both for none. */
int ns_config_ref_equal(const struct ns_config_ref *a, const struct ns_config_ref *b);

/* Makes a record without references; NULL where there is no memory. */
struct ns_config_ref *ns_config_ref_new(const char *id, size_t length);
void ns_config_ref_free(struct ns_config_ref *record);

/* Adds a reference for somebody who already has one. */
void ns_config_ref_acquire(struct ns_config_ref *record);

/* Takes one away. A configuration that was removed goes with its last one. */
void ns_config_ref_release(struct ns_config_ref *record);

/* Takes a reference away unless it is the last one to a removed configuration:
 * returns 0 then, and Go decides with its own lock held. */
int ns_config_ref_try_release(struct ns_config_ref *record);

#endif
