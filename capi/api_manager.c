/* api_manager.c - making and freeing managers, and dispatching their events. */
#include "api_manager.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "_cgo_export.h"
#include "api_struct.h"
#include "handle_string.h"
#include "rt_fork.h"
#include "rt_signals.h"

static void destroy(struct ns_slot *slot)
{
    struct ns_manager *manager = (void *)slot;
    NS_GO(ns_go_unref(manager->key));
    ns_queue_unref(manager->queue);
    pthread_mutex_destroy(&manager->lock);
}

static uint64_t words[NS_MANAGERS];

struct ns_table ns_managers = {
    .kind = NS_MANAGER,
    .size = sizeof(struct ns_manager),
    .capacity = NS_MANAGERS,
    .words = words,
    .destroy = destroy,
    .lock = PTHREAD_MUTEX_INITIALIZER,
};

struct ns_manager *ns_manager_pin(netsession_manager *manager)
{
    return ns_pin(&ns_managers, manager);
}

void ns_manager_unpin(struct ns_manager *manager)
{
    ns_unpin(&ns_managers, manager);
}

static const char *error_message(int err)
{
    switch (err) {
    case -EINVAL:
        return "The options are wrong: struct_size is not the size of a netsession_options.";
    case -E2BIG:
        return "The options are from a newer header and set what this library does not know.";
    case -EILSEQ:
        return "An option is not valid UTF-8.";
    case -EMFILE:
    case -ENFILE:
        return "There is no descriptor left for the manager's events; "
               "close some, or raise the limit.";
    }
    return strerror(-err);
}

static int check_options(const netsession_options *o)
{
    const char *const strings[] = {o->backend, o->script, o->dbus_address, o->default_configuration,
                                 o->close};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        if (strings[i] && ns_check_utf8(strings[i]) < 0)
            return -EILSEQ;
    return 0;
}

/* Makes the Go side of a new manager. */
static int go_new(const netsession_options *o, struct ns_queue *queue, void **key, char *error_text,
                  int error_size)
{
    const char *environment = secure_getenv("NETSESSION_OPTIONS");
    const char *bus = secure_getenv("DBUS_SYSTEM_BUS_ADDRESS");
    if ((environment && ns_check_utf8(environment) < 0) || (bus && ns_check_utf8(bus) < 0))
        return -EILSEQ;
    return NS_GO(ns_go_manager_new((char *)o->backend, (char *)o->script, (char *)o->dbus_address,
                                   (char *)o->default_configuration, (char *)o->close,
                                   (char *)environment, (char *)bus,
                                   secure_getenv("XDG_RUNTIME_DIR"), queue, key,
                                   error_text, error_size));
}

/* The arguments for a new manager. */
struct origin {
    const struct ns_manager *original; /* of a copy; NULL: the members below count */
    const netsession_options *options;
    char *error_text;
    int error_size;
};

static int attach(const struct origin *origin, struct ns_queue *queue, void **key)
{
    if (origin->original)
        return NS_GO(ns_go_manager_copy(origin->original->key, origin->original->queue, queue,
                                        key));
    return go_new(origin->options, queue, key, origin->error_text, origin->error_size);
}

static int new_manager(const struct origin *origin, netsession_manager **out)
{
    struct ns_manager *manager;
    struct ns_queue *queue;
    void *slot, *key;
    int err = ns_queue_new(&queue);
    if (err < 0)
        return err;
    err = ns_reserve(&ns_managers, &slot, 1);
    if (err < 0) {
        ns_queue_unref(queue);
        return err;
    }
    queue->manager = ns_next_handle(&ns_managers, slot);
    err = attach(origin, queue, &key);
    if (err < 0) {
        ns_unreserve(&ns_managers, slot);
        ns_queue_unref(queue);
        return err;
    }
    manager = slot;
    manager->queue = queue;
    manager->key = key;
    manager->thread = NULL;
    manager->freed = 0;
    pthread_mutex_init(&manager->lock, NULL);
    *out = ns_publish(&ns_managers, manager, 0, 0);
    return 0;
}

static int create(const netsession_options *options, netsession_manager **out, char *error_text,
                  int error_size)
{
    netsession_options o;
    const struct origin origin = {
        .options = &o, .error_text = error_text, .error_size = error_size,
    };
    int err = ns_copy_struct(&o, sizeof o, options, sizeof o.struct_size);
    if (err < 0 || (err = check_options(&o)) < 0)
        return err;
    return new_manager(&origin, out);
}

int netsession_manager_new(const netsession_options *options, netsession_manager **manager,
                           char *error_text, size_t error_size)
{
    char message[1024] = "";
    int err;
    ns_copy_string(error_text, error_size, "");
    if (manager)
        *manager = NULL;
    NS_GUARD(-ECHILD);
    if (!manager)
        return -EINVAL;
    err = create(options, manager, message, sizeof message);
    if (err < 0)
        ns_copy_string(error_text, error_size, *message ? message : error_message(err));
    return err;
}

int netsession_manager_copy(netsession_manager *handle, netsession_manager **copy)
{
    struct origin origin = {.options = NULL};
    if (copy)
        *copy = NULL;
    NS_GUARD(-ECHILD);
    if (!copy)
        return -EINVAL;
    NS_PIN(manager, original, handle);
    if (!original)
        return -EBADF;
    origin.original = original;
    return new_manager(&origin, copy);
}

/* Removes the manager's thread, so that the caller can stop it. */
static struct ns_thread *take_thread(struct ns_manager *manager, int freed)
{
    struct ns_thread *thread;
    pthread_mutex_lock(&manager->lock);
    thread = manager->thread;
    manager->thread = NULL;
    manager->freed |= freed;
    pthread_mutex_unlock(&manager->lock);
    return thread;
}

int netsession_manager_free(netsession_manager *handle)
{
    struct ns_manager *manager;
    struct ns_thread *thread;
    NS_GUARD(-ECHILD);
    manager = ns_invalidate(&ns_managers, handle);
    if (!manager)
        return -EBADF;
    thread = take_thread(manager, 1);
    if (thread)
        ns_thread_stop(thread);
    ns_queue_close(manager->queue);
    NS_GO(ns_go_manager_detach(manager->key));
    ns_manager_unpin(manager);
    return 0;
}

int netsession_manager_set_callbacks(netsession_manager *handle,
                                     const netsession_manager_callbacks *callbacks)
{
    netsession_manager_callbacks c;
    int err;
    NS_GUARD(-ECHILD);
    NS_PIN(manager, manager, handle);
    if (!manager)
        return -EBADF;
    err = ns_copy_struct(&c, sizeof c, callbacks,
                         offsetof(netsession_manager_callbacks, configuration_added));
    if (err == 0)
        ns_queue_set_callbacks(manager->queue, &c);
    return err;
}

int netsession_manager_fd(netsession_manager *handle)
{
    NS_GUARD(-ECHILD);
    NS_PIN(manager, manager, handle);
    if (!manager)
        return -EBADF;
    return manager->queue->fd;
}

int netsession_manager_dispatch(netsession_manager *handle)
{
    struct ns_manager *manager;
    struct ns_queue *queue;
    int delivered;
    NS_GUARD(-ECHILD);
    manager = ns_manager_pin(handle);
    if (!manager)
        return -EBADF;
    queue = manager->queue;
    ns_queue_ref(queue);
    ns_manager_unpin(manager); /* a callback may free the manager */
    delivered = ns_queue_dispatch(queue);
    ns_queue_unref(queue);
    return delivered;
}

int netsession_manager_start_thread(netsession_manager *handle)
{
    int err = -EALREADY;
    NS_GUARD(-ECHILD);
    NS_PIN(manager, manager, handle);
    if (!manager)
        return -EBADF;
    pthread_mutex_lock(&manager->lock);
    if (manager->freed)
        err = -EBADF;
    else if (!manager->thread)
        err = ns_thread_start(manager->queue, &manager->thread);
    pthread_mutex_unlock(&manager->lock);
    return err;
}

int netsession_manager_stop_thread(netsession_manager *handle)
{
    struct ns_thread *thread;
    NS_GUARD(-ECHILD);
    NS_PIN(manager, manager, handle);
    if (!manager)
        return -EBADF;
    thread = take_thread(manager, 0);
    if (thread)
        ns_thread_stop(thread);
    return thread ? 0 : -ESRCH;
}
