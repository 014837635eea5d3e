/* api_manager.h - the slot behind the handle of a manager. */
#ifndef NS_API_MANAGER_H
#define NS_API_MANAGER_H

#include <netsession.h>

#include "event_queue.h"
#include "event_thread.h"
#include "handle_table.h"

struct ns_manager {
    struct ns_slot slot;
    struct ns_queue *queue;   /* counted */
    void *key;                /* of the Go object */
    pthread_mutex_t lock;     /* guards the members below */
    struct ns_thread *thread; /* the dispatching thread; NULL: none */
    int freed;                /* no thread may be started */
};

/* Pins the slot of a handle; NULL if the handle is not live. */
struct ns_manager *ns_manager_pin(netsession_manager *manager);
void ns_manager_unpin(struct ns_manager *manager);
NS_PIN_TYPE(manager)

#endif
