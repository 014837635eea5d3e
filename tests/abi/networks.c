/* networks.c - the service networks of an application. */
#include "play.h"

static netsession_configuration *find(netsession_manager *m, const char *identifier)
{
    netsession_configuration *config;
    CHECK_INT(netsession_manager_configuration_from_identifier(m, identifier, &config), 0);
    return config;
}

/* Defines a network of at most four access points; the last may be NULL. */
static int define(netsession_manager *m, const char *identifier, const char *a, const char *b)
{
    netsession_configuration *children[2] = {a ? find(m, a) : NULL, b ? find(m, b) : NULL};
    const netsession_service_network network = {
        .struct_size = sizeof network,
        .identifier = identifier,
        .children = children,
        .children_count = (size_t)!!a + !!b,
    };
    char why[256];
    int result = netsession_manager_define_service_network(m, &network, NULL, why, sizeof why);
    if (result < 0)
        printf("# %s\n", why);
    for (int i = 0; i < 2; i++)
        netsession_configuration_free(children[i]);
    return result;
}

static const char *const office = "access-point eth0 bearer=ethernet state=active address=192.0.2.1/24\n"
                                  "access-point wlan0 bearer=wlan\n"
                                  "access-point lte0 bearer=lte\n"
                                  "on refresh\n    remove wlan0\n"
                                  "on refresh\n    access-point wlan0 bearer=wlan state=active address=192.0.2.2/24\n";

/* The usual calls of an application. */
static void define_and_use(void)
{
    netsession_manager *m = play(office), *other;
    netsession_configuration *children[] = {find(m, "wlan0"), find(m, "lte0"), find(m, "wlan0")};
    const netsession_service_network network = {
        .struct_size = sizeof network,
        .identifier = "office",
        .name = "The office",
        .purpose = NETSESSION_PURPOSE_PRIVATE,
        .children = children,
        .children_count = 3,
    };
    netsession_configuration *config, *found;
    netsession_configuration_list *list;
    netsession *s;

    other = play_from_file(play_files[play_file_count - 1]);
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    netsession_manager_set_callbacks(other, &play_manager_callbacks);
    CHECK_INT(netsession_manager_define_service_network(m, &network, &config, NULL, 0), 0);
    for (int i = 0; i < 3; i++)
        netsession_configuration_free(children[i]);
    CHECK(play_await(m, "added network:office"));
    CHECK(play_await(other, "added network:office"));

    CHECK_STR(netsession_configuration_identifier(config), "network:office");
    CHECK_STR(netsession_configuration_name(config), "The office");
    CHECK_INT(netsession_configuration_type(config), NETSESSION_CONFIGURATION_TYPE_SERVICE_NETWORK);
    CHECK_INT(netsession_configuration_purpose(config), NETSESSION_PURPOSE_PRIVATE);
    CHECK_INT(netsession_configuration_state(config), NETSESSION_CONFIGURATION_STATE_DISCOVERED);
    CHECK_INT(netsession_configuration_is_roaming_available(config), 1);
    CHECK_INT(netsession_configuration_bearer_type(config), NETSESSION_BEARER_UNKNOWN);
    CHECK_STR(netsession_configuration_bearer_type_name(config), "");
    CHECK_STR(netsession_configuration_interface(config), "");
    CHECK_INT(netsession_configuration_connect_timeout(config), 30000);

    CHECK_INT(netsession_configuration_children(config, &list), 2);
    CHECK_STR(netsession_configuration_identifier(netsession_configuration_list_at(list, 0)), "lte0");
    CHECK_STR(netsession_configuration_identifier(netsession_configuration_list_at(list, 1)), "wlan0");
    netsession_configuration_list_free(list);
    CHECK_INT(netsession_manager_configurations(other, 0, &list), 5);
    CHECK_STR(netsession_configuration_identifier(netsession_configuration_list_at(list, 3)), "netsession:internet");
    CHECK(netsession_configuration_equal(netsession_configuration_list_at(list, 4), config) == 1);
    netsession_configuration_list_free(list);

    CHECK_INT(netsession_new(m, config, &s), 0);
    netsession_set_callbacks(s, &play_callbacks);
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 1);
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "wlan0");
    CHECK_STR(netsession_interface(s), "wlan0");
    CHECK_INT(netsession_configuration_state(config), NETSESSION_CONFIGURATION_STATE_ACTIVE);

    play_clear();
    CHECK_INT(netsession_manager_remove_service_network(other, config), 0);
    CHECK(play_await(m, "InvalidConfigurationError"));
    CHECK(strstr(play_events(), "removed network:office") != NULL);
    CHECK_INT(netsession_state(s), NETSESSION_STATE_INVALID);
    CHECK_INT(netsession_configuration_is_valid(config), 0);
    CHECK_STR(netsession_configuration_identifier(config), "network:office");
    CHECK_INT(netsession_manager_remove_service_network(m, config), -ENOENT);
    found = find(m, "network:office");
    CHECK_INT(netsession_configuration_is_valid(found), 0);

    CHECK_INT(define(other, "office", "eth0", NULL), 0);
    CHECK_INT(netsession_configuration_is_valid(config), 1);
    CHECK(play_await(m, "Connected"));
    netsession_configuration_free(found);
    netsession_configuration_free(config);
    netsession_free(s);
    netsession_manager_free(other);
    netsession_manager_free(m);
}

static void children_added_and_removed(void)
{
    netsession_manager *m = play(office);
    netsession_configuration *network;
    netsession_configuration_list *list;
    CHECK_INT(define(m, "office", "wlan0", "lte0"), 0);
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    network = find(m, "network:office");
    play_clear();
    CHECK(play_step(m));
    CHECK_INT(netsession_configuration_children(network, &list), 1);
    CHECK_INT(netsession_configuration_is_roaming_available(network), 0);
    netsession_configuration_list_free(list);
    CHECK(play_step(m));
    CHECK_INT(netsession_configuration_children(network, &list), 2);
    CHECK_INT(netsession_configuration_is_roaming_available(network), 1);
    CHECK_INT(netsession_configuration_state(network), NETSESSION_CONFIGURATION_STATE_ACTIVE);
    netsession_configuration_list_free(list);
    CHECK_STR(play_events(), "changed network:office, removed wlan0, updated, "
                           "added wlan0, changed network:office, updated");
    netsession_configuration_free(network);
    netsession_manager_free(m);
}

/* Definitions last as long as the engine, which outlives its managers. */
static void networks_survive_their_manager(void)
{
    netsession_manager *m = play(office);
    netsession_configuration *network;
    CHECK_INT(define(m, "office", "lte0", NULL), 0);
    netsession_manager_free(m);
    m = play_from_file(play_files[play_file_count - 1]);
    network = find(m, "network:office");
    CHECK_INT(netsession_configuration_is_valid(network), 1);
    CHECK_INT(netsession_manager_remove_service_network(m, network), 0);
    netsession_configuration_free(network);
    netsession_manager_free(m);
}

/* Redefining changes name, purpose and children of the same configuration. */
static void redefine(void)
{
    netsession_manager *m = play(office);
    netsession_configuration *network, *child;
    netsession_service_network again = {.struct_size = sizeof again, .identifier = "office", .name = ""};
    CHECK_INT(define(m, "office", "eth0", NULL), 0);
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    network = find(m, "network:office");
    CHECK_INT(netsession_configuration_state(network), NETSESSION_CONFIGURATION_STATE_ACTIVE);
    CHECK_STR(netsession_configuration_name(network), "office");
    child = find(m, "lte0");
    again.name = "Elsewhere";
    again.children = &child;
    again.children_count = 1;
    play_clear();
    CHECK_INT(netsession_manager_define_service_network(m, &again, NULL, NULL, 0), 0);
    CHECK(play_await(m, "changed network:office"));
    CHECK_STR(netsession_configuration_name(network), "Elsewhere");
    CHECK_INT(netsession_configuration_state(network), NETSESSION_CONFIGURATION_STATE_DISCOVERED);
    netsession_configuration_free(child);
    netsession_configuration_free(network);
    netsession_manager_free(m);
}

/* A definition that must be refused, and a part of the error text. */
struct refusal {
    const char *identifier, *child;
    int purpose, error;
    const char *why;
};

static void refuse(netsession_manager *m, const struct refusal *r)
{
    netsession_configuration *child = find(m, r->child), *config = child;
    const netsession_service_network network = {
        .struct_size = sizeof network,
        .identifier = r->identifier,
        .purpose = r->purpose,
        .children = &child,
        .children_count = 1,
    };
    char why[256] = "";
    CHECK_INT(netsession_manager_define_service_network(m, &network, &config, why, sizeof why), r->error);
    CHECK(config == NULL);
    if (!CHECK(strstr(why, r->why) != NULL))
        printf("#   is \"%s\", expected \"%s\"\n", why, r->why);
    netsession_configuration_free(child);
}

static void bad_definitions(void)
{
    static const struct refusal refusals[] = {
        {NULL, "eth0", 0, -EINVAL, "no identifier"},
        {"", "eth0", 0, -EINVAL, "no identifier"},
        {"my office", "eth0", 0, -EINVAL, "spaces"},
        {"tab\t", "eth0", 0, -EINVAL, "spaces"},
        {"network:office", "eth0", 0, -EINVAL, "by itself"},
        {"\xff", "eth0", 0, -EILSEQ, "UTF-8"},
        {"office", "eth0", 4, -EINVAL, "purpose 4"},
        {"office", "eth0", -1, -EINVAL, "purpose"},
        {"office", "network:office", 0, -EINVAL, "its own child"},
        {"office", "netsession:internet", 0, -EINVAL, "service network netsession:internet"},
        {"office", "netsession:user-choice", 0, -EINVAL, "user choice"},
        {"office", "nothing", 0, -EINVAL, "no such access point"},
        {"office", "", 0, -EINVAL, "stands for none"},
    };
    netsession_manager *m = play(office);
    CHECK_INT(define(m, "office", "lte0", NULL), 0);
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    play_clear();
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        refuse(m, &refusals[i]);
    CHECK(play_step(m)); /* only the events of the step */
    CHECK_STR(play_events(), "removed wlan0, updated");
    netsession_manager_free(m);
}

static void bad_arguments(void)
{
    netsession_manager *m = play(office);
    netsession_configuration *eth0 = find(m, "eth0"), *wlan0 = find(m, "wlan0"), *stale = find(m, "lte0");
    netsession_configuration *children[] = {eth0, stale};
    netsession_service_network n = {.struct_size = sizeof n, .identifier = "office", .children = children};
    struct {
        netsession_service_network known;
        void *unknown;
    } newer = {.known = {.struct_size = sizeof newer, .identifier = "office", .children = children, .children_count = 1}};
    char why[256];

    netsession_configuration_free(stale);
    CHECK_INT(netsession_manager_define_service_network(m, NULL, NULL, why, sizeof why), -EINVAL);
    CHECK_INT(netsession_manager_define_service_network(m, &n, NULL, why, sizeof why), -EINVAL);
    CHECK(strstr(why, "no children") != NULL);
    n.children_count = 2;
    CHECK_INT(netsession_manager_define_service_network(m, &n, NULL, why, sizeof why), -EBADF);
    CHECK(strstr(why, "Child 1") != NULL);
    n.children_count = (size_t)-1;
    CHECK_INT(netsession_manager_define_service_network(m, &n, NULL, why, sizeof why), -EINVAL);
    n.children = NULL;
    n.children_count = 1;
    CHECK_INT(netsession_manager_define_service_network(m, &n, NULL, why, sizeof why), -EINVAL);
    n.children = children;
    n.struct_size = 3;
    CHECK_INT(netsession_manager_define_service_network(m, &n, NULL, why, sizeof why), -EINVAL);
    n.struct_size = sizeof n;
    CHECK_INT(netsession_manager_define_service_network((void *)eth0, &n, NULL, why, sizeof why), -EBADF);
    CHECK(strstr(why, "manager") != NULL);
    CHECK_INT(netsession_manager_define_service_network(NULL, &n, NULL, NULL, 0), -EBADF);
    CHECK_INT(netsession_manager_define_service_network(m, &newer.known, NULL, why, sizeof why), 0);
    newer.unknown = &newer;
    CHECK_INT(netsession_manager_define_service_network(m, &newer.known, NULL, why, sizeof why), -E2BIG);
    CHECK(strstr(why, "newer") != NULL);

    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    CHECK(play_step(m)); /* removes wlan0 */
    children[0] = wlan0;
    CHECK_INT(netsession_manager_define_service_network(m, &n, NULL, why, sizeof why), -EINVAL);
    CHECK(strstr(why, "no such access point") != NULL);

    CHECK_INT(netsession_manager_remove_service_network(m, NULL), -EBADF);
    CHECK_INT(netsession_manager_remove_service_network(m, stale), -EBADF);
    CHECK_INT(netsession_manager_remove_service_network(NULL, eth0), -EBADF);
    CHECK_INT(netsession_manager_remove_service_network(m, eth0), -EINVAL);
    stale = find(m, "netsession:internet");
    CHECK_INT(netsession_manager_remove_service_network(m, stale), -EINVAL);
    netsession_configuration_free(stale);
    stale = find(m, "nothing");
    CHECK_INT(netsession_manager_remove_service_network(m, stale), -EINVAL);
    netsession_configuration_free(stale);
    netsession_configuration_free(eth0);
    netsession_configuration_free(wlan0);
    netsession_manager_free(m);
}

static void on_added(netsession_manager *m, netsession_configuration *c, void *data)
{
    play_on_added(m, c, data);
    CHECK_INT(netsession_manager_remove_service_network(m, c), 0);
    netsession_manager_free(m);
}

/* A callback may remove the network that it reports, and free the manager. */
static void removed_in_its_own_event(void)
{
    netsession_manager *m = play(office), *witness = play_from_file(play_files[play_file_count - 1]);
    netsession_manager_callbacks callbacks = play_manager_callbacks;
    netsession_manager_set_callbacks(witness, &callbacks);
    callbacks.configuration_added = on_added;
    netsession_manager_set_callbacks(m, &callbacks);
    CHECK_INT(define(m, "office", "eth0", NULL), 0);
    CHECK(play_await(m, "added network:office"));
    CHECK(play_await(witness, "removed network:office"));
    netsession_manager_free(witness);
}

int main(void)
{
    RUN(define_and_use);
    RUN(children_added_and_removed);
    RUN(networks_survive_their_manager);
    RUN(redefine);
    RUN(bad_definitions);
    RUN(bad_arguments);
    RUN(removed_in_its_own_event);
    return check_result();
}
