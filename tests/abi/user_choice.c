/* user_choice.c - sessions on the user choice, and the choose callback. */
#include "play.h"
#include <pthread.h>

static const char *const choice = "netsession:user-choice";

static const char *const network =
    "access-point eth0 bearer=ethernet state=active address=192.0.2.1/24 default-route=yes\n"
    "access-point wlan0 bearer=wlan address=192.0.2.2/24\n"
    "access-point wlan1 bearer=wlan state=defined\n"
    "access-point lte0 bearer=lte\n"
    "start lte0 fails aborted \"No credit.\"\n"
    "on refresh\n    set wlan0 state=defined\n";

/* The behaviour of on_choose, which each test sets. */
static struct {
    const char *answer;  /* the candidate that the callback chooses; NULL: the test answers later */
    int refuses;         /* the callback refuses */
    int result;          /* result of the last netsession_choose */
    netsession *session; /* session of the last callback */
    netsession_configuration_list *list;
    netsession_manager *frees;
    netsession *ends;
} chooser;

static netsession_configuration *find(netsession_manager *m, const char *identifier)
{
    netsession_configuration *config;
    CHECK_INT(netsession_manager_configuration_from_identifier(m, identifier, &config), 0);
    return config;
}

static int choose(netsession_manager *m, netsession *s, const char *identifier)
{
    netsession_configuration *config = find(m, identifier);
    int result = netsession_choose(s, config);
    netsession_configuration_free(config);
    return result;
}

static void on_choose(netsession_manager *m, netsession *s, netsession_configuration_list *list, void *data)
{
    char line[160] = "choose";
    const int size = netsession_configuration_list_size(list);
    (void)m, (void)data;
    for (int i = 0; i < size; i++)
        snprintf(line + strlen(line), sizeof line - strlen(line), " %s",
                 netsession_configuration_identifier(netsession_configuration_list_at(list, i)));
    play_record("%s", line);
    CHECK_INT(netsession_configuration_list_free(list), -EPERM);
    chooser.session = s;
    chooser.list = list;
    for (int i = 0; i < size && chooser.answer; i++) {
        netsession_configuration *config = netsession_configuration_list_at(list, i);
        if (strcmp(netsession_configuration_identifier(config), chooser.answer) == 0)
            chooser.result = netsession_choose(s, config);
    }
    if (chooser.refuses)
        chooser.result = netsession_choose(s, NULL);
    if (chooser.ends)
        CHECK_INT(netsession_free(chooser.ends), 0);
    if (chooser.frees)
        CHECK_INT(netsession_manager_free(chooser.frees), 0);
}

static const netsession_manager_callbacks asking = {
    .struct_size = sizeof asking,
    .choose = on_choose,
    .update_completed = play_on_updated,
};

#define ALL "choose eth0 wlan0 lte0 netsession:internet"

/* Makes a manager with a choose callback, and a session on the user choice. */
static netsession_manager *start(netsession **session)
{
    netsession_manager *m = play(network);
    memset(&chooser, 0, sizeof chooser);
    netsession_manager_set_callbacks(m, &asking);
    *session = play_session(m, choice, &play_callbacks);
    play_clear();
    return m;
}

static void finish(netsession_manager *m, netsession *s)
{
    CHECK_INT(netsession_free(s), 0);
    CHECK_INT(netsession_manager_free(m), 0);
}

static void found_but_not_listed(void)
{
    netsession_manager *m = play(network);
    netsession_configuration *config = find(m, choice);
    netsession_configuration_list *list;
    CHECK_INT(netsession_configuration_type(config), NETSESSION_CONFIGURATION_TYPE_USER_CHOICE);
    CHECK_INT(netsession_configuration_state(config), NETSESSION_CONFIGURATION_STATE_ACTIVE);
    CHECK_INT(netsession_configuration_is_valid(config), 1);
    CHECK_INT(netsession_configuration_is_roaming_available(config), 0);
    CHECK_STR(netsession_configuration_identifier(config), choice);
    CHECK_STR(netsession_configuration_bearer_type_name(config), "");
    CHECK_INT(netsession_configuration_children(config, &list), 0);
    netsession_configuration_list_free(list);
    CHECK_INT(netsession_manager_configurations(m, 0, &list), 5);
    for (int i = 0; i < 5; i++)
        CHECK(!netsession_configuration_equal(netsession_configuration_list_at(list, i), config));
    netsession_configuration_list_free(list);
    netsession_configuration_free(config);
    netsession_manager_free(m);
}

static void answered_in_the_callback(void)
{
    netsession *s;
    netsession_manager *m = start(&s);
    chooser.answer = "wlan0";
    CHECK_STR(netsession_property(s, "UserChoiceConfiguration"), "");
    netsession_open(s);
    CHECK_INT(netsession_is_opening(s), 1);
    CHECK(play_await(m, "Connected"));
    CHECK_STR(play_events(), "Connecting, " ALL ", opened, Connected");
    CHECK_INT(chooser.result, 0);
    CHECK(chooser.session == s);
    CHECK_INT(netsession_configuration_list_size(chooser.list), -EBADF);
    CHECK_STR(netsession_property(s, "UserChoiceConfiguration"), "wlan0");
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "wlan0");
    CHECK_STR(netsession_interface(s), "wlan0");
    netsession_close(s);
    CHECK(play_await(m, "Connected")); /* eth0 is up independently of this session */
    CHECK_STR(netsession_property(s, "UserChoiceConfiguration"), "");
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "");
    finish(m, s);
}

static void answered_later(void)
{
    netsession *s;
    netsession_manager *m = start(&s);
    netsession_open(s);
    CHECK(play_await(m, ALL));
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTING);
    CHECK_INT(choose(m, s, "wlan0"), 0);
    CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 1);
    CHECK_STR(netsession_property(s, "UserChoiceConfiguration"), "wlan0");
    finish(m, s);
}

/* If the user chooses a service network, the session roams in it. */
static void a_service_network(void)
{
    netsession *s;
    netsession_manager *m = start(&s);
    chooser.answer = "netsession:internet";
    netsession_open(s);
    CHECK(play_await(m, "opened"));
    CHECK_STR(netsession_property(s, "UserChoiceConfiguration"), "netsession:internet");
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "eth0");
    finish(m, s);
}

static void refused_by_the_user(void)
{
    netsession *s;
    netsession_manager *m = start(&s);
    chooser.refuses = 1;
    netsession_open(s);
    CHECK(play_await(m, "SessionAbortedError"));
    CHECK_STR(play_events(), "Connecting, " ALL ", Connected, SessionAbortedError");
    CHECK_INT(chooser.result, 0);
    CHECK(strstr(netsession_error_string(s), "the user chose no network") != NULL);
    CHECK_INT(netsession_is_open(s), 0);
    finish(m, s);
}

static void chosen_configuration_fails(void)
{
    netsession *s;
    netsession_manager *m = start(&s);
    chooser.answer = "lte0";
    netsession_open(s);
    CHECK(play_await(m, "SessionAbortedError"));
    CHECK(strstr(netsession_error_string(s), "No credit.") != NULL);
    netsession_open(s); /* the callback runs again */
    chooser.answer = "eth0";
    CHECK(play_await(m, "opened"));
    finish(m, s);
}

static void no_choose_callback(void)
{
    netsession *s;
    netsession_manager *m = start(&s);
    netsession_set_property(s, "ConnectInBackground", "true");
    netsession_open(s);
    CHECK(play_await(m, "opened"));
    CHECK_STR(netsession_property(s, "UserChoiceConfiguration"), "eth0");
    netsession_close(s);
    netsession_set_property(s, "ConnectInBackground", "false");
    netsession_open(s);
    CHECK(play_await(m, ALL));
    netsession_close(s);
    netsession_manager_set_callbacks(m, NULL);
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 1);
    CHECK_INT(choose(m, s, "wlan0"), -EALREADY);
    finish(m, s);
}

static void never_answered(void)
{
    netsession *s;
    netsession_manager *m = start(&s);
    netsession_configuration *config = find(m, choice);
    CHECK_INT(netsession_configuration_set_connect_timeout(config, 20), 0);
    netsession_open(s);
    CHECK(play_await(m, "UnknownSessionError"));
    CHECK_STR(play_events(), "Connecting, " ALL ", Connected, UnknownSessionError");
    CHECK(strstr(netsession_error_string(s), "Nobody chose") != NULL);
    CHECK_INT(choose(m, s, "wlan0"), -EALREADY);
    netsession_configuration_free(config);
    finish(m, s);
}

static void bad_answers(void)
{
    netsession *s, *other, *freed;
    netsession_manager *m = start(&s);
    netsession_configuration *config = find(m, "eth0"), *stale = find(m, "lte0"), *none = find(m, "nothing");
    netsession_configuration_free(stale);
    other = play_session(m, "eth0", NULL);
    freed = play_session(m, choice, NULL);
    netsession_free(freed);
    CHECK_INT(netsession_choose(s, config), -ESRCH);
    CHECK_INT(netsession_choose(s, NULL), -ESRCH);
    CHECK_INT(netsession_choose(other, config), -ESRCH);
    netsession_open(s);
    CHECK(play_await(m, ALL));
    CHECK_INT(netsession_choose(s, stale), -EBADF);
    CHECK_INT(netsession_choose(s, (netsession_configuration *)(void *)s), -EBADF);
    CHECK_INT(netsession_choose(s, none), -EINVAL);
    CHECK_INT(choose(m, s, "wlan1"), -EINVAL); /* out of reach */
    CHECK_INT(choose(m, s, choice), -EINVAL);
    CHECK_INT(netsession_choose(freed, config), -EBADF);
    CHECK_INT(netsession_choose(NULL, config), -EBADF);
    CHECK_INT(netsession_choose((netsession *)(void *)m, config), -EBADF);
    CHECK(play_step(m));
    CHECK_INT(choose(m, s, "wlan0"), -EINVAL); /* out of reach since the callback ran */
    CHECK_INT(netsession_state(s), NETSESSION_STATE_CONNECTING);
    CHECK_INT(netsession_choose(s, config), 0);
    CHECK_INT(netsession_choose(s, config), -EALREADY);
    CHECK_INT(netsession_choose(s, NULL), -EALREADY);
    CHECK(play_await(m, "opened"));
    CHECK_STR(netsession_property(s, "UserChoiceConfiguration"), "eth0");
    netsession_configuration_free(config);
    netsession_configuration_free(none);
    netsession_free(other);
    finish(m, s);
}

static void withdrawn(void)
{
    netsession *s;
    netsession_manager *m = start(&s);
    netsession_open(s);
    netsession_close(s); /* before the callback runs */
    CHECK_INT(netsession_is_opening(s), 0);
    CHECK(play_await(m, "Connected"));
    CHECK_STR(play_events(), "Connecting, Connected");
    netsession_open(s);
    CHECK(play_await(m, ALL));
    netsession_stop(s);
    CHECK(play_await(m, "Connected"));
    CHECK_INT(choose(m, s, "eth0"), -EALREADY);
    netsession_open(s);
    CHECK(play_await(m, ALL));
    finish(m, s);
}

/* A choice whose callback cannot run any more fails; a choice whose callback has run is
 * still pending. */
static void choosing_manager_is_freed(void)
{
    netsession *s;
    netsession_manager *m = start(&s);
    netsession_open(s);
    CHECK_INT(netsession_is_opening(s), 1); /* the choice is pending */
    netsession_manager_set_callbacks(m, NULL);
    CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 1);
    CHECK_STR(netsession_property(s, "UserChoiceConfiguration"), "eth0");
    netsession_close(s);
    netsession_manager_set_callbacks(m, &asking);
    netsession_open(s);
    CHECK_INT(netsession_is_opening(s), 1);
    netsession_manager_free(m);
    CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 1);
    CHECK_STR(netsession_property(s, "UserChoiceConfiguration"), "eth0");
    CHECK_INT(netsession_free(s), 0);

    m = start(&s);
    netsession_open(s);
    CHECK(play_await(m, ALL));
    netsession_manager_set_callbacks(m, NULL);
    CHECK_INT(choose(m, s, "wlan0"), 0);
    CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 1);
    netsession_close(s);
    CHECK_INT(netsession_is_opening(s), 0);
    finish(m, s);
}

/* Only the session's own manager runs the callback, not another one of the same engine. */
static void choose_callback_of_another_manager(void)
{
    netsession *s;
    netsession_manager *other = play(network), *m = play_from_file(play_files[play_file_count - 1]);
    memset(&chooser, 0, sizeof chooser);
    netsession_manager_set_callbacks(other, &asking);
    s = play_session(m, choice, &play_callbacks);
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 1);
    CHECK(chooser.session == NULL);
    netsession_manager_free(other);
    finish(m, s);
}

static void freed_in_choose_callback(void)
{
    netsession *s;
    netsession_manager *m = start(&s);
    chooser.ends = s;
    chooser.frees = m;
    netsession_open(s);
    while (!chooser.session)
        play_dispatch(m, play_now() + PLAY_TIMEOUT);
    CHECK_INT(netsession_state(s), -EBADF);
    CHECK_INT(netsession_manager_is_online(m), -EBADF);
}

static void the_default_configuration(void)
{
    const netsession_options options = {
        .struct_size = sizeof options, .backend = "script", .script = play_file(network),
        .default_configuration = "user-choice",
    };
    netsession_manager *m;
    netsession_configuration *config;
    CHECK_INT(netsession_manager_new(&options, &m, NULL, 0), 0);
    CHECK_INT(netsession_manager_default_configuration(m, &config), 0);
    CHECK_STR(netsession_configuration_identifier(config), choice);
    netsession_configuration_free(config);
    netsession_manager_free(m);
}

static void *answer_until_done(void *session)
{
    const netsession_options options = {
        .struct_size = sizeof options, .backend = "script", .script = play_files[play_file_count - 1],
    };
    netsession_manager *m; /* a manager of its own: those of play.h are for one thread */
    CHECK_INT(netsession_manager_new(&options, &m, NULL, 0), 0);
    while (choose(m, session, "eth0") == -ESRCH)
        ;
    netsession_manager_free(m);
    return NULL;
}

/* Several threads answer while the session is opened and closed. */
static void answers_on_other_threads(void)
{
    netsession *s;
    netsession_manager *m = start(&s);
    for (int round = 0; round < 10; round++) {
        pthread_t threads[3];
        netsession_open(s);
        CHECK(play_await(m, ALL));
        for (int i = 0; i < 3; i++)
            pthread_create(&threads[i], NULL, answer_until_done, s);
        CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 1);
        for (int i = 0; i < 3; i++)
            pthread_join(threads[i], NULL);
        netsession_close(s);
        CHECK(play_await(m, "closed"));
    }
    finish(m, s);
}

int main(void)
{
    RUN(found_but_not_listed);
    RUN(answered_in_the_callback);
    RUN(answered_later);
    RUN(a_service_network);
    RUN(refused_by_the_user);
    RUN(chosen_configuration_fails);
    RUN(no_choose_callback);
    RUN(never_answered);
    RUN(bad_answers);
    RUN(withdrawn);
    RUN(choosing_manager_is_freed);
    RUN(choose_callback_of_another_manager);
    RUN(freed_in_choose_callback);
    RUN(the_default_configuration);
    RUN(answers_on_other_threads);
    return check_result();
}
