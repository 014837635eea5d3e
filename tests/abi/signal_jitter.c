/* signal_jitter.c - the signals of thirty access points jitter for minutes, ten times a
 * second. A session with application-level roaming gets at most one offer for each
 * lasting change, and a session with forced roaming does not flap. The script plays a
 * minute in a second.
 */
#include "play.h"

enum { POINTS = 30, TICKS = 600, JITTER = 4 /* percent, either way */ };

/* By how much wlan7 is stronger than the others, in each minute. */
static const int levels[] = {0, 20, 0, 8};
enum { MINUTES = sizeof levels / sizeof *levels };

static char script[POINTS * 128 + MINUTES * TICKS * (POINTS * 32 + 16)];
static size_t length;

__attribute__((format(printf, 1, 2))) static void add(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    length += (size_t)vsnprintf(script + length, sizeof script - length, format, arguments);
    va_end(arguments);
}

/* A pseudo-random number less than below, the same in each run. */
static int random_below(unsigned below)
{
    static unsigned state = 1;
    state = state * 1103515245 + 12345;
    return (int)((state >> 16) % below);
}

static void add_tick(int level)
{
    add("after 1ms\n");
    for (int i = 0; i < POINTS; i++)
        add("set wlan%d strength=%d\n", i, 50 + (i == 7 ? level : 0) - JITTER + random_below(2 * JITTER + 1));
}

static void write_script(void)
{
    for (int i = 0; i < POINTS; i++)
        add("access-point wlan%d bearer=wlan state=active strength=50 address=192.0.2.%d/24\n", i, i + 1);
    for (int minute = 0; minute < MINUTES; minute++) {
        add("on refresh\n");
        for (int tick = 0; tick < TICKS; tick++)
            add_tick(levels[minute]);
        add("access-point minute%d state=defined\n", minute);
    }
}

static int count(const char *prefix)
{
    int n = 0;
    for (int i = 0; i < play_count; i++)
        n += strncmp(play_lines[i], prefix, strlen(prefix)) == 0;
    return n;
}

/* Plays the next minute, and counts the events in it that begin with what. */
static int play_minute(netsession_manager *m, int number, const char *what)
{
    char line[32];
    play_clear();
    CHECK(play_step(m));
    snprintf(line, sizeof line, "added minute%d", number);
    CHECK(play_await(m, line));
    return count(what);
}

static netsession *open_internet(netsession_manager *m, const netsession_callbacks *callbacks)
{
    netsession_manager_set_callbacks(m, &play_manager_callbacks);
    netsession *s = play_session(m, "netsession:internet", callbacks);
    netsession_open(s);
    CHECK(play_await(m, "opened"));
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "wlan0");
    return s;
}

static void preferred_configuration_is_offered_once(void)
{
    netsession_manager *m = play(script);
    netsession *s = open_internet(m, &play_roaming_callbacks);
    CHECK_INT(play_minute(m, 0, "prefer"), 0);
    CHECK_INT(play_minute(m, 1, "prefer wlan7"), 1); /* the application has not answered yet */
    netsession_migrate(s);
    CHECK(play_await(m, "activated"));
    netsession_accept(s);
    CHECK_INT(play_minute(m, 2, "prefer"), 0); /* the offer is no longer better than the others */
    netsession_free(s);
    netsession_manager_free(m);
}

/* Close to the threshold of an offer, the jitter decides when the offer is made; but an
 * offer stays valid. */
static void offer_stays_valid(void)
{
    netsession_manager *m = play(script);
    netsession *s = open_internet(m, &play_roaming_callbacks);
    for (int i = 0; i < 3; i++)
        play_minute(m, i, "");
    netsession_ignore(s);
    netsession_close(s);
    netsession_open(s);
    CHECK(play_await(m, "opened"));
    CHECK(strcmp(netsession_property(s, "ActiveConfiguration"), "wlan7") != 0);
    CHECK_INT(play_minute(m, 3, "prefer wlan7"), 1);
    CHECK_INT(count("prefer"), 1);
    netsession_free(s);
    netsession_manager_free(m);
}

static void sessions_do_not_flap(void)
{
    netsession_manager *m = play(script);
    netsession *s = open_internet(m, &play_callbacks);
    CHECK_INT(play_minute(m, 0, "activated"), 0);
    CHECK_INT(play_minute(m, 1, "activated"), 1);
    CHECK_STR(netsession_property(s, "ActiveConfiguration"), "wlan7");
    CHECK_INT(play_minute(m, 2, "activated"), 0);
    CHECK_INT(play_minute(m, 3, "activated"), 0);
    CHECK_INT(count("changed"), 0); /* a change of strength has no event */
    netsession_free(s);
    netsession_manager_free(m);
}

int main(void)
{
    write_script();
    RUN(preferred_configuration_is_offered_once);
    RUN(offer_stays_valid);
    RUN(sessions_do_not_flap);
    return check_result();
}
