/* several_libraries.c - several copies of the library in one process: one is linked, and
 * independent parts of the program load the others; and another library written in Go.
 */
#define _GNU_SOURCE
#include "play.h"
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

enum { COPIES = 3, ROUNDS = 200, GOROUTINES = 100 };

#define OTHER "build/other/libother.so"

/* A copy of the library, and its functions that the test uses. */
struct copy {
    void *library; /* NULL: the linked copy */
    __typeof__(netsession_manager_new) *manager_new;
    __typeof__(netsession_manager_free) *manager_free;
    __typeof__(netsession_manager_fd) *fd;
    __typeof__(netsession_manager_dispatch) *dispatch;
    __typeof__(netsession_manager_is_online) *is_online;
    __typeof__(netsession_manager_default_configuration) *default_configuration;
    __typeof__(netsession_configuration_is_valid) *is_valid;
    __typeof__(netsession_configuration_bearer_type_name) *bearer_type_name;
    __typeof__(netsession_configuration_free) *config_free;
    __typeof__(netsession_new) *new;
    __typeof__(netsession_free) *free;
    __typeof__(netsession_set_callbacks) *set_callbacks;
    __typeof__(netsession_open) *open;
    __typeof__(netsession_close) *close;
    __typeof__(netsession_wait_for_opened) *wait_for_opened;
    int (*fault)(void);
};

#define FIND(member, name) (*(void **)&copy->member = dlsym(from, #name))

static void find_functions(struct copy *copy)
{
    void *from = copy->library ? copy->library : RTLD_DEFAULT;
    FIND(manager_new, netsession_manager_new);
    FIND(manager_free, netsession_manager_free);
    FIND(fd, netsession_manager_fd);
    FIND(dispatch, netsession_manager_dispatch);
    FIND(is_online, netsession_manager_is_online);
    FIND(default_configuration, netsession_manager_default_configuration);
    FIND(is_valid, netsession_configuration_is_valid);
    FIND(bearer_type_name, netsession_configuration_bearer_type_name);
    FIND(config_free, netsession_configuration_free);
    FIND(new, netsession_new);
    FIND(free, netsession_free);
    FIND(set_callbacks, netsession_set_callbacks);
    FIND(open, netsession_open);
    FIND(close, netsession_close);
    FIND(wait_for_opened, netsession_wait_for_opened);
    FIND(fault, netsession_hook_fault);
}

static struct copy copies[COPIES];
static char folder[] = "/tmp/netsession-test.XXXXXX";
static const char *path;

static void load(int i)
{
    char file[64], command[256];
    snprintf(file, sizeof file, "%s/%d.so", folder, i);
    snprintf(command, sizeof command, "cp build/hooks/libnetsession.so.0 %s", file);
    CHECK_INT(system(command), 0);
    copies[i].library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!copies[i].library)
        printf("# %s\n", dlerror());
    unlink(file);
}

static void on_opened(netsession *s, void *data)
{
    (void)s, ++*(int *)data;
}

static void open_and_close(const struct copy *copy)
{
    const netsession_options options = {.struct_size = sizeof options, .backend = "script", .script = path};
    int opened = 0;
    const netsession_callbacks callbacks = {.struct_size = sizeof callbacks, .user_data = &opened, .opened = on_opened};
    netsession_manager *m;
    netsession_configuration *c;
    netsession *s;
    CHECK_INT(copy->manager_new(&options, &m, NULL, 0), 0);
    CHECK_INT(copy->is_online(m), 1);
    copy->default_configuration(m, &c);
    CHECK_INT(copy->is_valid(c), 1);
    CHECK_STR(copy->bearer_type_name(c), "Ethernet");
    CHECK_INT(copy->new(m, c, &s), 0);
    copy->set_callbacks(s, &callbacks);
    copy->open(s);
    CHECK_INT(copy->wait_for_opened(s, PLAY_TIMEOUT), 1);
    struct pollfd fd = {.fd = copy->fd(m), .events = POLLIN};
    CHECK_INT(poll(&fd, 1, PLAY_TIMEOUT), 1);
    copy->dispatch(m);
    CHECK_INT(opened, 1);
    copy->close(s);
    CHECK_INT(copy->free(s), 0);
    CHECK_INT(copy->config_free(c), 0);
    CHECK_INT(copy->manager_free(m), 0);
}

static void load_all(void)
{
    CHECK(mkdtemp(folder) != NULL);
    path = play_file("access-point eth0 bearer=ethernet state=active address=192.0.2.1/24 default-route=yes\n");
    for (int i = 1; i < COPIES; i++)
        load(i);
    for (int i = 0; i < COPIES; i++)
        find_functions(&copies[i]);
    for (int i = 1; i < COPIES; i++)
        CHECK(copies[i].open != NULL && copies[i].open != copies[i - 1].open);
    rmdir(folder);
}

static void one_copy_at_a_time(void)
{
    for (int i = 0; i < ROUNDS; i++)
        open_and_close(&copies[i % COPIES]);
}

static void *run(void *copy)
{
    for (int i = 0; i < ROUNDS; i++)
        open_and_close(copy);
    return NULL;
}

static void all_copies_concurrently(void)
{
    pthread_t threads[COPIES];
    for (int i = 0; i < COPIES; i++)
        pthread_create(&threads[i], NULL, run, &copies[i]);
    for (int i = 0; i < COPIES; i++)
        pthread_join(threads[i], NULL);
}

/* To one copy a handle of another copy is an arbitrary number: it may be the number of
 * a live handle, but the call never crashes. */
static void handles_of_another_copy(void)
{
    const netsession_options options = {.struct_size = sizeof options, .backend = "script", .script = path};
    netsession_manager *m;
    CHECK_INT(copies[1].manager_new(&options, &m, NULL, 0), 0);
    CHECK_INT(copies[0].is_online(m), -EBADF);
    CHECK_INT(copies[1].manager_free(m), 0);
}

/* Each Go runtime handles the faults of its own code, in any order of loading. */
static void faults_in_go(void)
{
    for (int i = 0; i < COPIES; i++)
        CHECK_INT(copies[i].fault(), -EIO);
}

static void *other;

static void beside_another_library_in_go(void)
{
    other = dlopen(OTHER, RTLD_NOW | RTLD_LOCAL);
    CHECK(other != NULL);
    if (!other) {
        printf("# %s; make %s\n", dlerror(), OTHER);
        return;
    }
    int (*work)(int), (*panic)(void);
    *(void **)&work = dlsym(other, "other_work");
    *(void **)&panic = dlsym(other, "other_panic");
    for (int i = 0; i < 20; i++) {
        CHECK_INT(work(GOROUTINES), GOROUTINES);
        open_and_close(&copies[i % COPIES]);
        CHECK_INT(panic(), 1);
    }
    faults_in_go();
}

/* A fault in the host's own code still kills the host. */
static void fault_of_host(void)
{
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        alarm(30);
        *(volatile int *)8 = 1;
    }
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

int main(void)
{
    CHECK_INT(netsession_version(), NETSESSION_VERSION); /* this call links the library */
    RUN(load_all);
    RUN(one_copy_at_a_time);
    RUN(all_copies_concurrently);
    RUN(handles_of_another_copy);
    RUN(faults_in_go);
    RUN(beside_another_library_in_go);
    RUN(fault_of_host);
    return check_result();
}
