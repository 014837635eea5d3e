/* api_service_network.c - the service networks of the application. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "_cgo_export.h"
#include "api_configuration.h"
#include "api_manager.h"
#include "api_struct.h"
#include "handle_string.h"
#include "rt_fork.h"
#include "rt_signals.h"

/* A larger children_count is treated as an error of the caller. */
enum { MAX_CHILDREN = NS_CONFIGS };

struct children {
    struct ns_config **pinned;
    void **keys; /* of the Go objects */
    size_t count;
};

static void unpin_children(struct children *c)
{
    for (size_t i = 0; i < c->count; i++)
        ns_config_unpin(c->pinned[i]);
    free(c->pinned);
    free(c->keys);
}

static int bad_child(size_t index, const char *what, int err, char *error_text, size_t error_size)
{
    snprintf(error_text, error_size, "Child %zu of the service network %s.", index, what);
    return err;
}

static int pin_children(const netsession_service_network *n, struct children *c,
                        char *error_text, size_t error_size)
{
    c->count = 0;
    c->pinned = calloc(n->children_count + 1, sizeof *c->pinned);
    c->keys = calloc(n->children_count + 1, sizeof *c->keys);
    if (!c->pinned || !c->keys)
        return -ENOMEM;
    for (size_t i = 0; i < n->children_count; i++) {
        struct ns_config *child = ns_config_pin(n->children[i]);
        if (!child)
            return bad_child(i, "is not the handle of a configuration, or was freed", -EBADF,
                             error_text, error_size);
        c->pinned[c->count] = child;
        c->keys[c->count++] = child->ref->key;
        if (!child->ref->key)
            return bad_child(i, "is the configuration that stands for none", -EINVAL,
                             error_text, error_size);
    }
    return 0;
}

static const char *error_message(int err)
{
    switch (err) {
    case -EBADF:
        return "The manager is not the handle of one, or was freed.";
    case -EINVAL:
        return "The description of the service network is missing, "
               "or its struct_size, purpose or children are wrong.";
    case -E2BIG:
        return "The description is from a newer header and sets what this library does not know.";
    case -EILSEQ:
        return "The identifier or the name of the service network is not valid UTF-8.";
    }
    return strerror(-err);
}

static int check(const netsession_service_network *n)
{
    if ((n->identifier && ns_check_utf8(n->identifier) < 0) ||
        (n->name && ns_check_utf8(n->name) < 0))
        return -EILSEQ;
    if (n->purpose < 0 || n->purpose > 255 || n->children_count > MAX_CHILDREN ||
        (n->children_count > 0 && !n->children))
        return -EINVAL;
    return 0;
}

/* Defines a service network with a pinned manager; stores a reference to it. */
static int define(struct ns_manager *manager, const netsession_service_network *network,
                  struct ns_config_ref **ref, char *error_text, size_t error_size)
{
    netsession_service_network n;
    struct children children;
    int err = network ? 0 : -EINVAL;
    if (err == 0)
        err = ns_copy_struct(&n, sizeof n, network, sizeof n.struct_size);
    if (err == 0)
        err = check(&n);
    if (err < 0)
        return err;
    err = pin_children(&n, &children, error_text, error_size);
    if (err == 0)
        err = NS_GO(ns_go_manager_define(manager->key, (char *)n.identifier, (char *)n.name,
                                         n.purpose, children.keys, (int)children.count, ref,
                                         error_text, (int)error_size));
    unpin_children(&children);
    return err;
}

int netsession_manager_define_service_network(netsession_manager *handle,
                                              const netsession_service_network *network,
                                              netsession_configuration **configuration,
                                              char *error_text, size_t error_size)
{
    struct ns_config_ref *ref = NULL;
    char message[1024] = "";
    int err = -EBADF;
    ns_copy_string(error_text, error_size, "");
    if (configuration)
        *configuration = NULL;
    NS_GUARD(-ECHILD);
    NS_PIN(manager, manager, handle);
    if (manager)
        err = define(manager, network, &ref, message, sizeof message);
    if (err == 0 && configuration)
        err = ns_config_new(ref, configuration);
    else if (err == 0)
        ns_config_ref_release(ref);
    if (err < 0)
        ns_copy_string(error_text, error_size, *message ? message : error_message(err));
    return err;
}

int netsession_manager_remove_service_network(netsession_manager *manager_handle,
                                              netsession_configuration *configuration)
{
    int err = -EBADF;
    NS_GUARD(-ECHILD);
    NS_PIN(manager, manager, manager_handle);
    NS_PIN(config, config, configuration);
    if (manager && config)
        err = config->ref->key ? NS_GO(ns_go_manager_undefine(manager->key, config->ref->key))
                               : -EINVAL;
    return err;
}
