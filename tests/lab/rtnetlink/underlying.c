/* underlying.c - what real links run over. */
#include "lab.h"
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>

/* The identifiers of what a configuration runs over. */
static const char *below(const char *identifier)
{
    static char text[256];
    netsession_configuration *config;
    netsession_configuration_list *list;
    size_t length = 0;
    netsession_manager_configuration_from_identifier(lab_manager, identifier, &config);
    int count = netsession_configuration_underlying(config, &list);
    text[0] = '\0';
    for (int i = 0; i < count; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", i ? " " : "",
                                   netsession_configuration_identifier(netsession_configuration_list_at(list, i)));
    netsession_configuration_list_free(list);
    netsession_configuration_free(config);
    return text;
}

/* Waits until that is so: what a link runs over may be found out after the link. */
static int runs_over(const char *identifier, const char *wanted)
{
    for (long end = lab_now() + LAB_TIMEOUT; strcmp(below(identifier), wanted) != 0;) {
        struct pollfd fd = {.fd = netsession_manager_fd(lab_manager), .events = POLLIN};
        if (lab_now() > end) {
            printf("# %s runs over \"%s\", not over \"%s\"\n", identifier, below(identifier), wanted);
            return 0;
        }
        poll(&fd, 1, 10);
        netsession_manager_dispatch(lab_manager);
    }
    return 1;
}

/* A link of a kind over one cable: how it comes, that it must be up, and goes. */
static void over_a_cable(const char *kind)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    CHECK(lab_await("changed link:cable Active"));
    lab_run("ip address add 192.0.2.2/32 dev cable.peer");
    CHECK(lab_await("changed link:cable.peer Active"));
    CHECK_STR(below("link:cable"), ""); /* a veth link names its other end, but runs over nothing */
    lab_run("ip link add link cable name upper type %s && ip address add 198.51.100.1/24 dev upper", kind);
    CHECK(lab_await("added link:upper"));
    CHECK_STR(below("link:upper"), ""); /* it is down */
    lab_run("ip link set upper up");
    CHECK(lab_await("changed link:upper Active"));
    CHECK(runs_over("link:upper", "link:cable"));
    lab_run("ip address flush dev cable");
    CHECK(lab_await("changed link:cable Discovered"));
    CHECK(runs_over("link:upper", "")); /* what is under it is in use for nothing else */
    lab_run("ip address add 192.0.2.1/24 dev cable");
    CHECK(runs_over("link:upper", "link:cable"));
    lab_run("ip link set cable down && ip link set cable name wire && ip link set wire up && ip link set upper up");
    CHECK(runs_over("link:upper", "link:wire"));
    lab_run("ip link delete wire");
    CHECK(lab_await("removed link:upper"));
    CHECK_STR(below("link:upper"), "");
}

static void vlan(void)
{
    over_a_cable("vlan id 5");
}

static void macvlan(void)
{
    over_a_cable("macvlan");
}

static void ipvlan(void)
{
    over_a_cable("ipvlan");
}

/* A port carries no IP itself, and is no configuration: nothing is under what has it. */
static void gathers(const char *kind)
{
    lab_plug("cable");
    CHECK(lab_await("added link:cable"));
    lab_run("ip link add gather type %s && ip link set cable down && ip link set cable master gather &&"
            " ip link set gather up && ip link set cable up && ip address add 192.0.2.1/24 dev gather", kind);
    CHECK(lab_await("removed link:cable"));
    CHECK(lab_await("changed link:gather Active"));
    lab_sync();
    CHECK_STR(below("link:gather"), "");
    lab_run("ip link set cable nomaster");
    CHECK(lab_await("changed link:gather Defined")); /* it leads nowhere without one */
    lab_run("ip link delete cable && ip link delete gather");
    CHECK(lab_await("removed link:gather"));
}

static void bridge(void)
{
    gathers("bridge");
}

static void bond(void)
{
    gathers("bond mode active-backup miimon 10");
}

/* A tunnel runs over the link by which its other end is reached. */
static void tunnel(const char *kind)
{
    lab_plug_with_address("alpha", "192.0.2.1/24");
    lab_plug_with_address("beta", "198.51.100.1/24");
    lab_run("ip route add 203.0.113.9 dev alpha");
    lab_run("ip link add tunnel type %s && ip address add 10.8.0.1/24 dev tunnel && ip link set tunnel up", kind);
    CHECK(lab_await("changed link:tunnel Active"));
    CHECK(runs_over("link:tunnel", "link:alpha"));
    lab_run("ip route replace 203.0.113.9 dev beta");
    CHECK(runs_over("link:tunnel", "link:beta"));
    lab_run("ip link delete beta");
    CHECK(lab_await("removed link:beta"));
    CHECK(runs_over("link:tunnel", ""));
    lab_run("ip link delete tunnel && ip link delete alpha");
    CHECK(lab_await("removed link:alpha"));
}

static void ipip(void)
{
    tunnel("ipip local 192.0.2.1 remote 203.0.113.9");
}

static void gre(void)
{
    tunnel("gre local 192.0.2.1 remote 203.0.113.9");
}

static void sit(void)
{
    tunnel("sit local 192.0.2.1 remote 203.0.113.9");
}

static void geneve(void)
{
    tunnel("geneve id 7 remote 203.0.113.9");
}

static void vxlan(void)
{
    tunnel("vxlan id 7 remote 203.0.113.9 dstport 4789");
}

/* Where the packets of a program's tunnel go, or of WireGuard's, no kernel tells: by the
 * best way out that is no tunnel, whichever has the default route. The link vpn0 is one. */
static void over_whatever_leads_out(void)
{
    lab_run("ip address add 10.8.0.1/24 dev vpn0 && ip link set vpn0 up");
    CHECK(lab_await("changed link:vpn0 Active"));
    CHECK_STR(below("link:vpn0"), "");
    lab_plug_with_address("alpha", "192.0.2.1/24");
    lab_plug_with_address("beta", "198.51.100.1/24");
    CHECK(lab_await("changed link:beta Active"));
    lab_sync();
    CHECK_STR(below("link:vpn0"), ""); /* neither leads out */
    lab_run("ip route add default dev alpha metric 200");
    CHECK(runs_over("link:vpn0", "link:alpha"));
    lab_run("ip route add default dev vpn0 metric 50 && ip route add default dev beta metric 100");
    CHECK(runs_over("link:vpn0", "link:beta"));
    CHECK_INT(netsession_manager_transport(lab_manager), NETSESSION_TRANSPORT_ETHERNET);
    lab_run("ip link delete beta");
    CHECK(runs_over("link:vpn0", "link:alpha"));
}

static void gone(void)
{
    CHECK(lab_await("removed link:vpn0"));
    CHECK_STR(below("link:vpn0"), "");
    lab_run("ip link delete alpha");
    CHECK(lab_await("removed link:alpha"));
}

static void vpn(void)
{
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    strcpy(request.ifr_name, "vpn0");
    CHECK_INT(ioctl(fd, TUNSETIFF, &request), 0);
    over_whatever_leads_out();
    close(fd);
    gone();
}

static void wireguard(void)
{
    lab_run("ip link add vpn0 type wireguard");
    over_whatever_leads_out();
    lab_run("ip link delete vpn0");
    gone();
}

int main(void)
{
    lab_begin();
    LAB_RUN_WITH("vlan id 5", vlan);
    RUN(macvlan);
    LAB_RUN_WITH("ipvlan", ipvlan);
    RUN(bridge);
    LAB_RUN_WITH("bond", bond);
    LAB_RUN_WITH("ipip remote 203.0.113.9", ipip);
    LAB_RUN_WITH("gre remote 203.0.113.9", gre);
    LAB_RUN_WITH("sit remote 203.0.113.9", sit);
    LAB_RUN_WITH("geneve id 7 remote 203.0.113.9", geneve);
    LAB_RUN_WITH("vxlan id 7 dstport 4789", vxlan);
    LAB_RUN_WITH("wireguard", wireguard);
    if (access("/dev/net/tun", R_OK | W_OK) == 0)
        RUN(vpn);
    else
        SKIP(vpn, "this user may make no tun link");
    netsession_manager_free(lab_manager);
    return check_result();
}
