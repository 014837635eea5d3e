/* strings.c - encoding, lifetime and memory of strings, as arguments and as results. */
#include "play.h"
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

static const char script[] =
    "access-point eth0 name=\"B\303\274ro\" bearer=ethernet state=active address=192.0.2.1/24\n"
    "start eth0 succeeds\n"
    "on refresh\n"
    "    set eth0 name=\"Labor\"\n"
    "on refresh\n"
    "    remove eth0\n";

static const char *const not_utf8[] = {
    "\x80",             /* a continuation byte without a lead byte */
    "a\xC3",            /* truncated */
    "\xE2\x82",         /* truncated */
    "\xF0\x9F\x98",     /* truncated */
    "\xC3(",            /* no continuation byte */
    "\xC0\xAF",         /* overlong */
    "\xC1\xBF",         /* overlong */
    "\xE0\x80\xAF",     /* overlong */
    "\xF0\x80\x80\xAF", /* overlong */
    "\xED\xA0\x80",     /* a surrogate */
    "\xF4\x90\x80\x80", /* beyond Unicode */
    "\xF5\x80\x80\x80", /* beyond Unicode */
    "\xFE",
    "\xFF",
};

static const char *const utf8[] = {
    "",
    "plain",
    "\x7F",
    "\xC2\x80",
    "\xDF\xBF",
    "\xE0\xA0\x80",
    "\xED\x9F\xBF",
    "\xEE\x80\x80",
    "\xEF\xBF\xBF",
    "\xF0\x90\x80\x80",
    "\xF4\x8F\xBF\xBF",
};

enum {
    BAD_TEXTS = sizeof not_utf8 / sizeof *not_utf8,
    GOOD_TEXTS = sizeof utf8 / sizeof *utf8
};

static void bad_utf8_is_refused(void)
{
    netsession_manager *m = play(script);
    netsession *s = play_session(m, "eth0", NULL);
    for (int i = 0; i < BAD_TEXTS; i++) {
        netsession_configuration *c = (void *)1;
        CHECK_INT(netsession_manager_configuration_from_identifier(m, not_utf8[i], &c), -EILSEQ);
        CHECK(c == NULL);
        CHECK_INT(netsession_set_property(s, not_utf8[i], "value"), -EILSEQ);
        CHECK_INT(netsession_set_property(s, "key", not_utf8[i]), -EILSEQ);
        CHECK_STR(netsession_property(s, not_utf8[i]), "");
    }
    CHECK_STR(netsession_property(s, "key"), "");
    netsession_free(s);
    netsession_manager_free(m);
}

static void bad_utf8_in_options(void)
{
    for (int i = 0; i < 5 * BAD_TEXTS; i++) {
        netsession_options options = {.struct_size = sizeof options};
        const char **const members[] = {&options.backend, &options.script, &options.dbus_address,
                                        &options.default_configuration, &options.close};
        netsession_manager *m = (void *)1;
        char why[100];
        *members[i % 5] = not_utf8[i / 5];
        CHECK_INT(netsession_manager_new(&options, &m, why, sizeof why), -EILSEQ);
        CHECK(m == NULL);
        CHECK_STR(why, "An option is not valid UTF-8.");
    }
}

static void good_utf8_is_taken(void)
{
    netsession_manager *m = play(script);
    netsession *s = play_session(m, "eth0", NULL);
    for (int i = 0; i < GOOD_TEXTS; i++) {
        CHECK_INT(netsession_set_property(s, "key", utf8[i]), 0);
        CHECK_STR(netsession_property(s, "key"), utf8[i]);
        CHECK_INT(netsession_set_property(s, utf8[i], "value"), 0);
        CHECK_STR(netsession_property(s, utf8[i]), "value");
    }
    netsession_free(s);
    netsession_manager_free(m);
}

static void null_strings(void)
{
    netsession_manager *m = play(script);
    netsession *s = play_session(m, "eth0", NULL);
    netsession_configuration *c;
    CHECK_INT(netsession_manager_configuration_from_identifier(m, NULL, &c), -EINVAL);
    CHECK_INT(netsession_set_property(s, NULL, "value"), -EINVAL);
    CHECK_STR(netsession_property(s, NULL), "");
    netsession_free(s);
    netsession_manager_free(m);
}

static void same_text_same_address(void)
{
    netsession_manager *m = play(script);
    netsession *s = play_session(m, "eth0", NULL);
    netsession_configuration *c;
    const char *name, *interface;
    netsession_get_configuration(s, &c);
    name = netsession_configuration_name(c);
    interface = netsession_interface(s);
    for (int i = 0; i < 100; i++) {
        CHECK(netsession_configuration_name(c) == name);
        CHECK(netsession_interface(s) == interface);
        CHECK(netsession_configuration_identifier(c) == netsession_configuration_identifier(c));
    }
    netsession_configuration_free(c);
    netsession_free(s);
    netsession_manager_free(m);
}

static void text_is_valid_until_next_call(void)
{
    netsession_manager *m = play(script);
    netsession *s = play_session(m, "eth0", NULL);
    netsession_configuration *c;
    const char *identifier, *name, *interface, *value;
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    netsession_set_property(s, "key", "value");
    netsession_get_configuration(s, &c);
    identifier = netsession_configuration_identifier(c);
    name = netsession_configuration_name(c);
    interface = netsession_configuration_interface(c);
    value = netsession_property(s, "key");
    CHECK_STR(interface, "eth0");
    play_step(m);
    netsession_set_property(s, "key", "another value");
    play_step(m);
    CHECK_INT(netsession_configuration_is_valid(c), 0);
    netsession_manager_free(m);
    CHECK_STR(identifier, "eth0");
    CHECK_STR(name, "B\303\274ro");
    CHECK_STR(interface, "eth0");
    CHECK_STR(value, "value");
    CHECK_STR(netsession_configuration_interface(c), "");
    CHECK_STR(netsession_property(s, "key"), "another value");
    CHECK_STR(name, "B\303\274ro"); /* calls of the two other functions do not affect this string */
    netsession_configuration_free(c);
    netsession_free(s);
}

/* Calls on another thread do not affect the strings of this one. */
static void *get_strings_again(void *session)
{
    netsession_set_property(session, "key", "another value");
    CHECK_STR(netsession_property(session, "key"), "another value");
    return NULL;
}

static void valid_for_each_thread(void)
{
    netsession_manager *m = play(script);
    netsession *s = play_session(m, "eth0", NULL);
    const char *value;
    pthread_t thread;
    netsession_set_property(s, "key", "value");
    value = netsession_property(s, "key");
    CHECK_INT(pthread_create(&thread, NULL, get_strings_again, s), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_STR(value, "value");
    CHECK_STR(netsession_property(s, "key"), "another value");
    netsession_free(s);
    netsession_manager_free(m);
}

/* The resident memory of the process in KiB. */
static long resident(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void *get_strings_once(void *session)
{
    CHECK(*netsession_property(session, "key") != '\0');
    return NULL;
}

/* Changing values and short-lived threads do not make memory grow. */
static void memory_is_bounded(void)
{
    static char value[1001];
    netsession_manager *m = play(script);
    netsession *s = play_session(m, "eth0", NULL);
    long before = 0;
    const int many = getenv("VARIANT") ? 2000 : 100000; /* a library with a detector is slow */
    memset(value, 'x', sizeof value - 1);
    for (int i = 0; i < many; i++) {
        char number[16];
        snprintf(number, sizeof number, "%06d", i);
        memcpy(value, number, 6);
        CHECK_INT(netsession_set_property(s, "key", value), 0);
        if (!CHECK_STR(netsession_property(s, "key"), value))
            break;
        before = i == many / 10 ? resident() : before;
    }
    for (int i = 0; i < many / 100; i++) {
        pthread_t thread;
        CHECK_INT(pthread_create(&thread, NULL, get_strings_once, s), 0);
        CHECK_INT(pthread_join(thread, NULL), 0);
    }
    CHECK(resident() - before < 20000); /* all values together have 100 MB */
    netsession_free(s);
    netsession_manager_free(m);
}

static void long_texts(void)
{
    static char text[100001], key[100001];
    netsession_manager *m = play(script);
    netsession *s = play_session(m, "eth0", NULL);
    memset(text, 'x', sizeof text - 1);
    memset(key, 'k', sizeof key - 1);
    CHECK_INT(netsession_set_property(s, key, text), 0);
    CHECK_STR(netsession_property(s, key), text);
    for (int length = 250; length < 260; length++) {
        text[length] = '\0';
        CHECK_INT(netsession_set_property(s, "key", text), 0);
        CHECK_STR(netsession_property(s, "key"), text);
        text[length] = 'x';
    }
    netsession_free(s);
    netsession_manager_free(m);
}

static void properties(void)
{
    netsession_manager *m = play(script);
    netsession *s = play_session(m, "eth0", NULL);
    CHECK_STR(netsession_property(s, "AutoCloseSessionTimeout"), "-1");
    CHECK_INT(netsession_set_property(s, "AutoCloseSessionTimeout", "soon"), -EINVAL);
    CHECK_INT(netsession_set_property(s, "AutoCloseSessionTimeout", "60000"), 0);
    CHECK_STR(netsession_property(s, "AutoCloseSessionTimeout"), "60000");
    CHECK_INT(netsession_set_property(s, "AutoCloseSessionTimeout", NULL), 0);
    CHECK_STR(netsession_property(s, "AutoCloseSessionTimeout"), "-1");
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "");
    CHECK_INT(netsession_set_property(s, "ActiveConfiguration", "eth7"), 0);
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "");
    netsession_open(s);
    CHECK_INT(netsession_wait_for_opened(s, PLAY_TIMEOUT), 1);
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "eth0");
    CHECK_STR(netsession_property(s, "unheard of"), "");
    CHECK_INT(netsession_set_property(s, "mine", "1"), 0);
    CHECK_INT(netsession_set_property(s, "mine", NULL), 0);
    CHECK_STR(netsession_property(s, "mine"), "");
    netsession_free(s);
    netsession_manager_free(m);
}

static void names(void)
{
    CHECK_STR(netsession_state_name(NETSESSION_STATE_ROAMING), "Roaming");
    CHECK_STR(netsession_error_name(NETSESSION_ERROR_SESSION_ABORTED), "SessionAbortedError");
    CHECK_STR(netsession_configuration_type_name(NETSESSION_CONFIGURATION_TYPE_SERVICE_NETWORK), "ServiceNetwork");
    CHECK_STR(netsession_configuration_state_name(NETSESSION_CONFIGURATION_STATE_ACTIVE), "Active");
    for (int bad = -3; bad < 100; bad += 34) {
        CHECK_STR(netsession_state_name(bad), "unknown");
        CHECK_STR(netsession_error_name(bad), "unknown");
        CHECK_STR(netsession_configuration_type_name(bad), "unknown");
        CHECK_STR(netsession_configuration_state_name(bad), "unknown");
    }
    CHECK_INT(netsession_version(), NETSESSION_VERSION);
    CHECK_STR(netsession_version_string(), VERSION_STRING);
}

int main(void)
{
    RUN(bad_utf8_is_refused);
    RUN(bad_utf8_in_options);
    RUN(good_utf8_is_taken);
    RUN(null_strings);
    RUN(same_text_same_address);
    RUN(text_is_valid_until_next_call);
    RUN(valid_for_each_thread);
    RUN(memory_is_bounded);
    RUN(long_texts);
    RUN(properties);
    RUN(names);
    return check_result();
}
