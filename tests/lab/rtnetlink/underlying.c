/* underlying.c - the links below real links. */
#include "lab.h"
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>

/* The identifiers of a configuration's underlying configurations. */
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

/* Waits until below() has the wanted value: the library may find the links below a link
 * after the link. */
static int runs_over(const char *identifier, const char *wanted)
{
    for (long end = lab_now() + LAB_TIMEOUT; strcmp(below(identifier), wanted) != 0;) {
        struct pollfd fd = {.fd = netsession_manager_fd(lab_manager), .events = POLLIN};
        if (lab_now() > end) {
            printf("# %s runs over \"%s\", expected \"%s\"\n", identifier, below(identifier), wanted);
            return 0;
        }
        poll(&fd, 1, 10);
        netsession_manager_dispatch(lab_manager);
    }
    return 1;
}

/* A link of a kind over one cable: added, up, and removed. */
static void over_a_cable(const char *kind)
{
    lab_plug_with_address("cable", "192.0.2.1/24");
    CHECK(lab_await("changed link:cable Active"));
    lab_run("ip address add 192.0.2.2/32 dev cable.peer");
    CHECK(lab_await("changed link:cable.peer Active"));
    CHECK_STR(below("link:cable"), ""); /* a veth link refers to its peer, but has no underlying link */
    lab_run("ip link add link cable name upper type %s && ip address add 198.51.100.1/24 dev upper", kind);
    CHECK(lab_await("added link:upper"));
    CHECK_STR(below("link:upper"), ""); /* upper is down */
    lab_run("ip link set upper up");
    CHECK(lab_await("changed link:upper Active"));
    CHECK(runs_over("link:upper", "link:cable"));
    lab_run("ip address flush dev cable");
    CHECK(lab_await("changed link:cable Discovered"));
    CHECK(runs_over("link:upper", "")); /* the underlying link is not in use otherwise */
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

/* A port has no IP of its own and no configuration, so the list is empty. */
static void over_ports(const char *kind)
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
    CHECK(lab_await("changed link:gather Defined")); /* the link is not usable without a port */
    lab_run("ip link delete cable && ip link delete gather");
    CHECK(lab_await("removed link:gather"));
}

static void bridge(void)
{
    over_ports("bridge");
}

static void bond(void)
{
    over_ports("bond mode active-backup miimon 10");
}

/* A tunnel runs over the link with the route to its remote end. */
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

/* The kernel does not report the underlying link of a TUN or WireGuard link. The library
 * uses the link with the best route to the internet that is no tunnel. The link vpn0 is
 * such a tunnel. */
static void over_internet_route(void)
{
    lab_run("ip address add 10.8.0.1/24 dev vpn0 && ip link set vpn0 up");
    CHECK(lab_await("changed link:vpn0 Active"));
    CHECK_STR(below("link:vpn0"), "");
    lab_plug_with_address("alpha", "192.0.2.1/24");
    lab_plug_with_address("beta", "198.51.100.1/24");
    CHECK(lab_await("changed link:beta Active"));
    lab_sync();
    CHECK_STR(below("link:vpn0"), ""); /* no link has a route to the internet */
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
    over_internet_route();
    close(fd);
    gone();
}

static void wireguard(void)
{
    lab_run("ip link add vpn0 type wireguard");
    over_internet_route();
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
