/* signal_flood.c - NetworkManager sends ten thousand signals a second, for FLOOD seconds
 * (3 by default): the last state of every profile is correct, memory is bounded, and the
 * library answers calls meanwhile.
 *
 * The NetworkManager in this test is a simulation (see mock), because a real one does not
 * send so many signals.
 */
#include "daemon.h"
#include "kernel.h"

#define NM "org.freedesktop.NetworkManager"

enum { WIRES = 100, RATE = 10000 /* a second */ };

static int reported[WIRES]; /* the state of the last event */
static int sent[WIRES];     /* the state of the simulation's last signal */
static long changes, reports;

static const char *identifier(int i)
{
    static char text[64];
    snprintf(text, sizeof text, "nm:00000000-0000-4000-8000-%012d", i);
    return text;
}

/* The state of a profile in the simulation's signal number k. */
static int flooded(long k)
{
    return ((unsigned long long)k * 2654435761ULL >> 16) & 1 ? NETSESSION_CONFIGURATION_STATE_DISCOVERED : NETSESSION_CONFIGURATION_STATE_DEFINED;
}

static void on_changed(netsession_manager *m, netsession_configuration *c, void *data)
{
    int i;
    (void)m, (void)data;
    if (sscanf(netsession_configuration_identifier(c), "nm:00000000-0000-4000-8000-%d", &i) != 1)
        return;
    reported[i] = netsession_configuration_state(c);
    reports++;
}

/* Records the states that the simulation sends. */
static void count_changes(long signals)
{
    for (long k = 0; k < signals; k++) {
        changes += sent[k % WIRES] != flooded(k);
        sent[k % WIRES] = flooded(k);
    }
}

static int all_states_are_current(void)
{
    for (int i = 0; i < WIRES; i++)
        if (reported[i] != sent[i] || lab_config_state(identifier(i)) != sent[i])
            return 0;
    return 1;
}

static void dispatch(int ms)
{
    struct pollfd fd = {.fd = netsession_manager_fd(lab_manager), .events = POLLIN};
    poll(&fd, 1, ms);
    CHECK_NOT_BLOCKING(netsession_manager_dispatch(lab_manager));
}

/* Makes the simulation send signals, and dispatches until the last states have been
 * reported. Returns the maximal resident memory meanwhile, in kB. */
static long flood(long signals)
{
    long most = 0;
    char command[256];
    count_changes(signals);
    snprintf(command, sizeof command, "dbus-send --system --print-reply --reply-timeout=600000 --dest=" NM
             " /org/freedesktop org.freedesktop.DBus.Mock.Flood int32:%ld int32:%d", signals, RATE);
    FILE *sender = popen(command, "r");
    CHECK(sender != NULL);
    struct pollfd over = {.fd = fileno(sender), .events = POLLIN};
    while (poll(&over, 1, 0) == 0) {
        dispatch(10);
        CHECK_NOT_BLOCKING(CHECK(netsession_manager_capabilities(lab_manager) >= 0));
        most = kernel_resident(getpid()) > most ? kernel_resident(getpid()) : most;
    }
    for (const long end = lab_now() + LAB_TIMEOUT; !all_states_are_current() && lab_now() < end;)
        dispatch(20);
    pclose(sender);
    return most;
}

static void last_reported_state_is_current(void)
{
    const netsession_manager_callbacks callbacks = {.struct_size = sizeof callbacks, .configuration_changed = on_changed};
    const long signals = (getenv("FLOOD") ? atol(getenv("FLOOD")) : 3) * RATE / WIRES * WIRES;
    lab_run("dbus-send --system --print-reply --dest=" NM " /org/freedesktop org.freedesktop.DBus.Mock.AddWires int32:%d >/dev/null", WIRES);
    for (int i = 0; i < WIRES; i++) {
        reported[i] = sent[i] = NETSESSION_CONFIGURATION_STATE_DEFINED;
        CHECK(daemon_await(identifier(i), sent[i]));
    }
    netsession_manager_set_callbacks(lab_manager, &callbacks);
    flood(10 * WIRES);
    const long before = kernel_resident(getpid()), most = flood(signals);
    CHECK(all_states_are_current());
    CHECK(most - before < 10 * 1024);
    /* A host that dispatches late does not get superseded events. */
    CHECK(reports <= changes && reports > changes / 100);
    printf("# %ld changes, %ld of which were reported; memory grew by %ld kB at most\n", changes, reports, most - before);
    lab_run("sed 's/^/# /' $LAB_MOCK/log | grep signals");
}

int main(void)
{
    lab_begin();
    RUN(last_reported_state_is_current);
    netsession_manager_free(lab_manager);
    return check_result();
}
