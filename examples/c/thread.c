/* thread.c - for a program without an event loop: the library's thread dispatches,
 * while main waits on a condition variable. Opens the default configuration and
 * prints the result.
 */
#include <netsession.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct outcome {
    pthread_mutex_t lock; /* guards the rest: callbacks run on another thread */
    pthread_cond_t changed;
    int over;
    int opened;
};

static void finish(struct outcome *o, int opened)
{
    pthread_mutex_lock(&o->lock);
    o->over = 1;
    o->opened = opened;
    pthread_cond_signal(&o->changed);
    pthread_mutex_unlock(&o->lock);
}

static void on_opened(netsession *session, void *data)
{
    printf("opened on %s\n", netsession_interface(session));
    finish(data, 1);
}

static void on_state(netsession *session, netsession_state_t state, void *data)
{
    (void)session, (void)data;
    printf("state is %s\n", netsession_state_name(state));
}

static void on_error(netsession *session, netsession_error_t error, const char *text, void *data)
{
    (void)session;
    printf("%s: %s\n", netsession_error_name(error), text);
    finish(data, 0);
}

static int open_and_wait(netsession *session)
{
    struct outcome o = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};
    const netsession_callbacks callbacks = {
        .struct_size = sizeof callbacks,
        .user_data = &o,
        .opened = on_opened,
        .state_changed = on_state,
        .error = on_error,
    };
    netsession_set_callbacks(session, &callbacks);
    netsession_open(session);
    pthread_mutex_lock(&o.lock);
    while (!o.over)
        pthread_cond_wait(&o.changed, &o.lock);
    pthread_mutex_unlock(&o.lock);
    netsession_set_callbacks(session, NULL); /* o goes out of scope */
    return o.opened;
}

int main(void)
{
    netsession_manager *manager;
    netsession_configuration *configuration = NULL;
    netsession *session = NULL;
    char why[256];
    int err = netsession_manager_new(NULL, &manager, why, sizeof why);
    if (err < 0) {
        fprintf(stderr, "thread: %s\n", why);
        return 1;
    }
    int status = 1;
    err = netsession_manager_default_configuration(manager, &configuration);
    if (err == 0)
        err = netsession_new(manager, configuration, &session);
    if (err == 0)
        err = netsession_manager_start_thread(manager);
    if (err < 0)
        fprintf(stderr, "thread: %s\n", strerror(-err));
    else
        status = open_and_wait(session) ? 0 : 2;
    netsession_free(session);
    netsession_configuration_free(configuration);
    netsession_manager_free(manager);
    return status;
}
