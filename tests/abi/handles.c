/* handles.c - every call with a handle that is not a live handle of the right kind
 * returns an error and has no other effect.
 */
#include "play.h"
#include <netsession_private.h>
#include <errno.h>
#include <stdint.h>

static netsession_manager *manager;
static netsession_configuration *config;
static netsession_configuration_list *list;
static netsession *session;

static void make_all(void)
{
    manager = play("access-point eth0 bearer=ethernet state=active address=192.0.2.1/24\n");
    CHECK_INT(netsession_manager_default_configuration(manager, &config), 0);
    CHECK_INT(netsession_manager_configurations(manager, 0, &list), 2);
    CHECK_INT(netsession_new(manager, config, &session), 0);
}

static void free_all(void)
{
    CHECK_INT(netsession_free(session), 0);
    CHECK_INT(netsession_configuration_list_free(list), 0);
    CHECK_INT(netsession_configuration_free(config), 0);
    CHECK_INT(netsession_manager_free(manager), 0);
}

#define BAD(call) CHECK_INT((call), -EBADF)

/* A call that stores through an out parameter must store NULL. */
#define BAD_OUT(type, call)                 \
    do {                                    \
        type *out = (type *)(uintptr_t)1;   \
        CHECK_INT((call), -EBADF);          \
        CHECK(out == NULL);                 \
    } while (0)

static void bad_manager(netsession_manager *m)
{
    netsession_service_network network = {
        .struct_size = sizeof network, .identifier = "office", .children = &config, .children_count = 1,
    };
    BAD(netsession_manager_free(m));
    BAD(netsession_manager_set_callbacks(m, NULL));
    BAD(netsession_manager_fd(m));
    BAD(netsession_manager_dispatch(m));
    BAD(netsession_manager_start_thread(m));
    BAD(netsession_manager_stop_thread(m));
    BAD(netsession_manager_capabilities(m));
    BAD(netsession_manager_is_online(m));
    BAD(netsession_manager_reachability(m));
    BAD(netsession_manager_is_behind_captive_portal(m));
    BAD(netsession_manager_transport(m));
    BAD(netsession_manager_is_metered(m));
    BAD(netsession_manager_update_configurations(m));
    BAD_OUT(netsession_configuration_list, netsession_manager_configurations(m, 0, &out));
    BAD_OUT(netsession_configuration, netsession_manager_default_configuration(m, &out));
    BAD_OUT(netsession_configuration, netsession_manager_configuration_from_identifier(m, "eth0", &out));
    BAD_OUT(netsession, netsession_new(m, config, &out));
    BAD_OUT(netsession_manager, netsession_manager_copy(m, &out));
    BAD_OUT(netsession_configuration,
            netsession_manager_define_service_network(m, &network, &out, NULL, 0));
    BAD(netsession_manager_remove_service_network(m, config));
    BAD(netsession_set_manager(session, m));
}

static void bad_config(netsession_configuration *c)
{
    BAD(netsession_configuration_free(c));
    BAD_OUT(netsession_configuration, netsession_configuration_copy(c, &out));
    BAD(netsession_configuration_equal(c, c));
    BAD(netsession_configuration_equal(c, config));
    BAD(netsession_configuration_equal(config, c));
    BAD(netsession_configuration_is_valid(c));
    CHECK_STR(netsession_configuration_identifier(c), "");
    CHECK_STR(netsession_configuration_name(c), "");
    BAD(netsession_configuration_type(c));
    BAD(netsession_configuration_state(c));
    BAD(netsession_configuration_purpose(c));
    BAD(netsession_configuration_bearer_type(c));
    BAD(netsession_configuration_bearer_type_family(c));
    CHECK_STR(netsession_configuration_bearer_type_name(c), "");
    BAD(netsession_configuration_is_roaming_available(c));
    BAD(netsession_configuration_signal_strength(c));
    CHECK_STR(netsession_configuration_interface(c), "");
    CHECK_INT(netsession_configuration_view_of(c)->type, NETSESSION_CONFIGURATION_TYPE_INVALID);
    CHECK_INT(netsession_configuration_view_of(c)->state, NETSESSION_CONFIGURATION_STATE_UNDEFINED);
    BAD(netsession_configuration_connect_timeout(c));
    BAD(netsession_configuration_set_connect_timeout(c, 1));
    BAD_OUT(netsession_configuration_list, netsession_configuration_children(c, &out));
    BAD_OUT(netsession_configuration_list, netsession_configuration_underlying(c, &out));
    BAD_OUT(netsession, netsession_new(manager, c, &out));
    BAD(netsession_manager_remove_service_network(manager, c));
}

static void bad_list(netsession_configuration_list *l)
{
    BAD(netsession_configuration_list_size(l));
    CHECK(netsession_configuration_list_at(l, 0) == NULL);
    BAD(netsession_configuration_list_free(l));
}

static void bad_session(netsession *s)
{
    BAD(netsession_free(s));
    BAD(netsession_set_callbacks(s, NULL));
    BAD_OUT(netsession_configuration, netsession_get_configuration(s, &out));
    BAD(netsession_open(s));
    BAD(netsession_close(s));
    BAD(netsession_stop(s));
    BAD(netsession_migrate(s));
    BAD(netsession_ignore(s));
    BAD(netsession_accept(s));
    BAD(netsession_reject(s));
    BAD(netsession_choose(s, config));
    BAD(netsession_wait_for_opened(s, -1));
    BAD(netsession_is_opening(s));
    BAD(netsession_set_manager(s, manager));
    BAD(netsession_state(s));
    BAD(netsession_is_open(s));
    BAD(netsession_error(s));
    CHECK_STR(netsession_error_string(s), "");
    BAD(netsession_usage_policies(s));
    CHECK_INT(netsession_view_of(s)->state, NETSESSION_STATE_INVALID);
    CHECK_INT(netsession_view_of(s)->error, NETSESSION_ERROR_INVALID_CONFIGURATION);
    CHECK_STR(netsession_interface(s), "");
    BAD(netsession_interface_index(s));
    BAD(netsession_bind_socket(s, 0));
    BAD(netsession_bytes_received(s));
    BAD(netsession_bytes_written(s));
    BAD(netsession_active_time(s));
    CHECK_STR(netsession_property(s, "ConnectInBackground"), "");
    BAD(netsession_set_property(s, "key", "value"));
}

static void bad_everything(void *p)
{
    bad_manager(p);
    bad_config(p);
    bad_list(p);
    bad_session(p);
}

static void null_handles(void)
{
    make_all();
    bad_everything(NULL);
    free_all();
}

static void handles_of_another_kind(void)
{
    make_all();
    bad_config((void *)manager);
    bad_list((void *)manager);
    bad_session((void *)manager);
    bad_manager((void *)config);
    bad_list((void *)config);
    bad_session((void *)config);
    bad_manager((void *)list);
    bad_config((void *)list);
    bad_session((void *)list);
    bad_manager((void *)session);
    bad_config((void *)session);
    bad_list((void *)session);
    free_all();
}

static void freed_handles(void)
{
    netsession_manager *m;
    netsession_configuration *c, *element;
    netsession_configuration_list *l;
    netsession *s;
    make_all();
    m = play("access-point eth1 bearer=ethernet\n");
    netsession_manager_default_configuration(m, &c);
    netsession_manager_configurations(m, 0, &l);
    element = netsession_configuration_list_at(l, 0);
    CHECK_INT(netsession_new(m, c, &s), 0);
    CHECK_INT(netsession_free(s), 0);
    CHECK_INT(netsession_configuration_list_free(l), 0);
    CHECK_INT(netsession_configuration_free(c), 0);
    CHECK_INT(netsession_manager_free(m), 0);
    bad_session(s);
    bad_list(l);
    bad_config(c);
    bad_config(element);
    bad_manager(m);
    free_all();
}

/* The slot is reused, but the old handle stays invalid. */
static void stale_handles(void)
{
    netsession_configuration *old, *new;
    make_all();
    CHECK_INT(netsession_configuration_copy(config, &old), 0);
    netsession_configuration_free(old);
    for (int i = 0; i < 5000; i++) {
        CHECK_INT(netsession_configuration_copy(config, &new), 0);
        if (new == old)
            break;
        netsession_configuration_free(new);
    }
    CHECK(new != old);
    bad_config(old);
    free_all();
}

static void made_up_addresses(void)
{
    static char here[64];
    char *const heap = malloc(64);
    make_all();
    bad_everything(here);
    bad_everything(heap);
    bad_everything((void *)(uintptr_t)1);
    bad_everything((void *)(uintptr_t)8);
    bad_everything((void *)UINTPTR_MAX);
    bad_everything((void *)(UINTPTR_MAX - 7));
    bad_everything((void *)make_all);
    free(heap);
    free_all();
}

static void misaligned_addresses(void)
{
    static char here[64];
    make_all();
    for (int i = 1; i < 16; i++)
        bad_everything(here + i);
    free_all();
}

/* A live handle with one bit flipped is invalid, or another live handle. */
static void one_bit_flipped(void)
{
    make_all();
    for (unsigned bit = 0; bit < 8 * sizeof(uintptr_t); bit++) {
        const uintptr_t turned = (uintptr_t)1 << bit;
        bad_manager((void *)((uintptr_t)manager ^ turned));
        bad_session((void *)((uintptr_t)session ^ turned));
        bad_list((void *)((uintptr_t)list ^ turned));
    }
    free_all();
}

static uint64_t seed = 0x9E3779B97F4A7C15;

static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static void random_numbers(void)
{
    make_all();
    for (int i = 0; i < 20000; i++) {
        void *p = (void *)(uintptr_t)next_random();
        BAD(netsession_state(p));
        BAD(netsession_configuration_state(p));
        BAD(netsession_manager_is_online(p));
        BAD(netsession_configuration_list_size(p));
    }
    free_all();
}

static void null_out_parameters(void)
{
    make_all();
    CHECK_INT(netsession_manager_new(NULL, NULL, NULL, 0), -EINVAL);
    CHECK_INT(netsession_manager_configurations(manager, 0, NULL), -EINVAL);
    CHECK_INT(netsession_manager_default_configuration(manager, NULL), -EINVAL);
    CHECK_INT(netsession_manager_configuration_from_identifier(manager, "eth0", NULL), -EINVAL);
    CHECK_INT(netsession_configuration_copy(config, NULL), -EINVAL);
    CHECK_INT(netsession_configuration_children(config, NULL), -EINVAL);
    CHECK_INT(netsession_configuration_underlying(config, NULL), -EINVAL);
    CHECK_INT(netsession_new(manager, config, NULL), -EINVAL);
    CHECK_INT(netsession_get_configuration(session, NULL), -EINVAL);
    free_all();
}

static void ten_thousand_cycles(void)
{
    enum { KEPT = 64 };
    netsession *old[KEPT] = {0};
    make_all();
    for (int i = 0; i < 10000; i++) {
        netsession *s;
        CHECK_INT(netsession_new(manager, config, &s), 0);
        CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTED);
        for (int j = 0; j < KEPT; j++)
            CHECK(old[j] != s);
        BAD(netsession_state(old[i % KEPT]));
        CHECK_INT(netsession_free(s), 0);
        BAD(netsession_free(s));
        old[i % KEPT] = s;
    }
    free_all();
}

static void borrowed_handles_cannot_be_freed(void)
{
    netsession_configuration *element;
    make_all();
    element = netsession_configuration_list_at(list, 1);
    CHECK_STR(netsession_configuration_identifier(element), "netsession:internet");
    CHECK_INT(netsession_configuration_free(element), -EPERM);
    CHECK_INT(netsession_configuration_is_valid(element), 1);
    CHECK(netsession_configuration_list_at(list, 2) == NULL);
    CHECK(netsession_configuration_list_at(list, -1) == NULL);
    free_all();
}

int main(void)
{
    RUN(null_handles);
    RUN(handles_of_another_kind);
    RUN(freed_handles);
    RUN(stale_handles);
    RUN(made_up_addresses);
    RUN(misaligned_addresses);
    RUN(one_bit_flipped);
    RUN(random_numbers);
    RUN(null_out_parameters);
    RUN(ten_thousand_cycles);
    RUN(borrowed_handles_cannot_be_freed);
    return check_result();
}
