/* event_thread.c - the thread that dispatches for a host without a loop. */
#include "event_thread.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct ns_thread {
    pthread_t id;
    struct ns_queue *queue; /* counted */
    int fd;                 /* of the queue */
    int stop_fd;
    int stopped; /* by a callback; only the thread itself touches it */
};

static void destroy(struct ns_thread *t)
{
    close(t->stop_fd);
    ns_queue_unref(t->queue);
    free(t);
}

static int should_stop(const struct ns_thread *t, int timeout)
{
    struct pollfd stop = {.fd = t->stop_fd, .events = POLLIN};
    return poll(&stop, 1, timeout) > 0;
}

static void *run(void *argument)
{
    struct ns_thread *t = argument;
    struct pollfd fds[] = {
        {.fd = t->fd, .events = POLLIN},
        {.fd = t->stop_fd, .events = POLLIN},
    };
    while (!t->stopped) {
        if (poll(fds, 2, -1) < 0)
            continue;
        if (fds[1].revents)
            return NULL;
        /* While the host itself dispatches, try again a little later. */
        if (ns_queue_dispatch(t->queue) == -EBUSY && should_stop(t, 1))
            return NULL;
    }
    destroy(t);
    return NULL;
}

static int create(struct ns_thread *t)
{
    sigset_t all, before;
    int err;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    err = pthread_create(&t->id, NULL, run, t);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (err == 0)
        pthread_setname_np(t->id, "netsession");
    return -err;
}

int ns_thread_start(struct ns_queue *queue, struct ns_thread **thread)
{
    struct ns_thread *t = calloc(1, sizeof *t);
    int err;
    if (!t)
        return -ENOMEM;
    t->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (t->stop_fd < 0) {
        free(t);
        return -errno;
    }
    ns_queue_ref(queue);
    t->queue = queue;
    t->fd = queue->fd;
    *thread = t;
    err = create(t);
    if (err < 0) {
        *thread = NULL;
        destroy(t);
    }
    return err;
}

void ns_thread_stop(struct ns_thread *t)
{
    const uint64_t one = 1;
    if (pthread_equal(t->id, pthread_self())) {
        t->stopped = 1;
        pthread_detach(t->id);
        return;
    }
    while (write(t->stop_fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
    pthread_join(t->id, NULL);
    destroy(t);
}
