/* options.c - structs of other sizes and versions, and the values of options. */
#include "play.h"
#include <errno.h>
#include <stdint.h>

static const char script[] = "access-point eth0 bearer=ethernet state=active address=192.0.2.1/24\n";

/* A struct as a later header may define it. */
struct newer_options {
    netsession_options known;
    const char *unknown[2];
};

static int make(const netsession_options *options, netsession_manager **m, char *why, size_t size)
{
    *m = (void *)1;
    int err = netsession_manager_new(options, m, why, size);
    CHECK((err < 0) == (*m == NULL));
    return err;
}

static void older_struct(void)
{
    netsession_options options = {
        .struct_size = offsetof(netsession_options, default_configuration),
        .backend = "script",
        .script = play_file(script),
        .default_configuration = "not looked at",
        .close = (const char *)(uintptr_t)1,
    };
    netsession_manager *m;
    CHECK_INT(make(&options, &m, NULL, 0), 0);
    CHECK_INT(netsession_manager_free(m), 0);
}

static void newer_struct(void)
{
    struct newer_options options = {
        .known = {.struct_size = sizeof options, .backend = "script", .script = play_file(script)},
    };
    netsession_manager *m;
    char why[200];
    CHECK_INT(make(&options.known, &m, NULL, 0), 0);
    CHECK_INT(netsession_manager_free(m), 0);
    options.unknown[1] = "set";
    CHECK_INT(make(&options.known, &m, why, sizeof why), -E2BIG);
    CHECK(strstr(why, "newer header") != NULL);
}

static void impossible_sizes(void)
{
    const size_t sizes[] = {0, 1, sizeof(size_t) - 1, sizeof(size_t) + 1, sizeof(netsession_options) - 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        netsession_options options = {.struct_size = sizes[i]};
        netsession_manager *m;
        char why[200];
        CHECK_INT(make(&options, &m, why, sizeof why), -EINVAL);
        CHECK(strstr(why, "struct_size") != NULL);
    }
    const netsession_options never_set = {.struct_size = (size_t)-1};
    netsession_manager *m;
    CHECK_INT(make(&never_set, &m, NULL, 0), -E2BIG);
}

static void callbacks_of_other_versions(void)
{
    struct {
        netsession_callbacks known;
        void (*unknown)(void);
    } newer = {.known = play_callbacks};
    netsession_callbacks older = play_callbacks;
    netsession_manager *m = play(script);
    netsession *s = play_session(m, "eth0", NULL);
    newer.known.struct_size = sizeof newer;
    CHECK_INT(netsession_set_callbacks(s, &newer.known), 0);
    newer.unknown = (void (*)(void))callbacks_of_other_versions;
    CHECK_INT(netsession_set_callbacks(s, &newer.known), -E2BIG);
    older.struct_size = offsetof(netsession_callbacks, closed);
    CHECK_INT(netsession_set_callbacks(s, &older), 0);
    older.struct_size = offsetof(netsession_callbacks, user_data);
    CHECK_INT(netsession_set_callbacks(s, &older), -EINVAL);
    older.struct_size = 0;
    CHECK_INT(netsession_set_callbacks(s, &older), -EINVAL);
    play_clear();
    netsession_open(s);
    CHECK(play_await(m, "opened"));
    netsession_close(s);
    CHECK_INT(netsession_set_callbacks(s, NULL), 0);
    netsession_free(s);
    netsession_manager_free(m);
}

/* Checks the error text for a bad option. */
static void refused(netsession_options options, int err, const char *text)
{
    netsession_manager *m;
    char why[400] = "";
    options.struct_size = sizeof options;
    CHECK_INT(make(&options, &m, why, sizeof why), err);
    if (!CHECK(strstr(why, text) != NULL))
        printf("#   is \"%s\", expected \"%s\"\n", why, text);
}

static void refusals(void)
{
    refused((netsession_options){.backend = "wicd"}, -EINVAL,
            "The option backend has no value \"wicd\"; it can be auto, rtnetlink, ");
    refused((netsession_options){.close = "never"}, -EINVAL,
            "The option close has no value \"never\"; it can be counted or literal.");
    refused((netsession_options){.default_configuration = "best"}, -EINVAL,
            "The option default has no value \"best\"; it can be access-point, service-network or user-choice.");
    refused((netsession_options){.backend = "script"}, -EINVAL, "the option script names none.");
    refused((netsession_options){.dbus_address = "nonsense"}, -EINVAL, "The bus address \"nonsense\" cannot be used");
    refused((netsession_options){.backend = "script", .script = "/nowhere/net.play"}, -ENOENT, "/nowhere/net.play");
    refused((netsession_options){.backend = "script", .script = "/"}, -EISDIR, "directory");
    refused((netsession_options){.backend = "script", .script = play_file("access-point eth0 speed=9\n")},
            -EPROTO, ":1: ");
}

static void error_text_is_cut(void)
{
    const netsession_options options = {.struct_size = sizeof options, .backend = "\303\274\303\274"};
    netsession_manager *m;
    char whole[300], cut[300];
    CHECK_INT(make(&options, &m, whole, sizeof whole), -EINVAL);
    for (size_t size = 1; size <= strlen(whole) + 1; size++) {
        memset(cut, '!', sizeof cut);
        CHECK_INT(make(&options, &m, cut, size), -EINVAL);
        CHECK(strlen(cut) < size && strncmp(cut, whole, strlen(cut)) == 0);
        CHECK((whole[strlen(cut)] & 0xC0) != 0x80); /* no character is cut */
        CHECK(cut[size] == '!');
    }
    CHECK_INT(make(&options, &m, cut, 0), -EINVAL);
    CHECK_INT(make(&options, &m, NULL, sizeof cut), -EINVAL);
}

/* The Go runtime has a copy of the environment from the start of the program. */
static void environment_set_late(void)
{
    char list[200];
    netsession_manager *m;
    netsession_configuration *c;
    snprintf(list, sizeof list, "backend=script, script=%s,default=service-network", play_file(script));
    setenv("NETSESSION_OPTIONS", list, 1);
    CHECK_INT(make(NULL, &m, NULL, 0), 0);
    netsession_manager_default_configuration(m, &c);
    CHECK_STR(netsession_configuration_identifier(c), "netsession:internet");
    netsession_configuration_free(c);
    netsession_manager_free(m);
    unsetenv("NETSESSION_OPTIONS");
}

static void options_override_environment(void)
{
    netsession_options options = {
        .struct_size = sizeof options,
        .script = play_file(script),
        .default_configuration = "access-point",
    };
    netsession_manager *m;
    netsession_configuration *c;
    setenv("NETSESSION_OPTIONS", "backend=script,default=service-network,script=/nowhere", 1);
    CHECK_INT(make(&options, &m, NULL, 0), 0);
    netsession_manager_default_configuration(m, &c);
    CHECK_STR(netsession_configuration_identifier(c), "eth0");
    netsession_configuration_free(c);
    netsession_manager_free(m);
    unsetenv("NETSESSION_OPTIONS");
}

static void bad_environment(void)
{
    const netsession_options none = {.struct_size = 0};
    setenv("NETSESSION_OPTIONS", "backend=wicd", 1);
    refused(none, -EINVAL, "The option backend has no value \"wicd\" in NETSESSION_OPTIONS;");
    setenv("NETSESSION_OPTIONS", "backends=script", 1);
    refused(none, -EINVAL, "NETSESSION_OPTIONS has no option \"backends\"; there are");
    setenv("NETSESSION_OPTIONS", "script", 1);
    refused(none, -EINVAL, "name=value");
    setenv("NETSESSION_OPTIONS", "backend=\xFF", 1);
    refused(none, -EILSEQ, "UTF-8");
    unsetenv("NETSESSION_OPTIONS");
}

int main(void)
{
    unsetenv("NETSESSION_OPTIONS");
    RUN(older_struct);
    RUN(newer_struct);
    RUN(impossible_sizes);
    RUN(callbacks_of_other_versions);
    RUN(refusals);
    RUN(error_text_is_cut);
    RUN(environment_set_late);
    RUN(options_override_environment);
    RUN(bad_environment);
    return check_result();
}
