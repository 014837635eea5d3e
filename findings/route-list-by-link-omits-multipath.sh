#!/bin/sh
# iproute2: the routes by a link do not include those by several links.
#
# Seen with: Linux 6.18, iproute2 6.1.0-3.
# One would guess: "ip route show dev LINK" lists a route one of whose nexthops is that
# link. ip-route(8) says that it only lists routes going via this device, and does
# not say that it leaves some out.
# What happens: a route with several nexthops is listed by none of its links, for IPv4
# and IPv6 alike: a link that carries the default route seems to have none. One
# nexthop alone, written as a nexthop, is listed.
# Source: filter_nlmsg() in iproute2's ip/iproute.c compares the filter with RTA_OIF,
# which a message about several nexthops (RTA_MULTIPATH) does not have.
set -eu
packages="iproute2=6.1.0-3 libbpf1=1:1.1.2-0+deb12u1 libelf1=0.188-2.1 libmnl0=1.0.4-3 libbsd0=0.11.7-2 libmd0=1.0.4-2"
if [ "${1-}" != inside ]; then
    root=$(mktemp -d)
    trap 'rm -rf "$root"' EXIT
    trap 'exit 130' INT TERM
    chmod 755 "$root"
    # shellcheck disable=SC2086 # a list of packages
    if ! (cd "$root" && apt-get download $packages >log 2>&1 && for deb in *.deb; do dpkg -x "$deb" .; done); then
        cat "$root/log" >&2
        exit 77
    fi
    unshare --user --map-root-user --net --mount --pid --fork --kill-child sh "$0" inside "$root"
    exit
fi
root=$2
mount -t proc proc /proc
mount -t sysfs -o ro sysfs /sys
mount -t tmpfs tmpfs /run
PATH=$root/bin:$root/usr/sbin:$root/usr/bin:$PATH
LD_LIBRARY_PATH=$(echo "$root"/usr/lib/*-linux-gnu "$root"/lib/*-linux-gnu | tr ' ' :)
export PATH LD_LIBRARY_PATH
ip link set lo up
changed=0

# expect WHAT SEEN FOUND: prints what was seen, and notes where it is not what was found.
expect() {
    echo "$1: $2"
    [ "$2" = "$3" ] || { echo "    this has changed, it was: $3"; changed=1; }
}

# until_true COMMAND: waits until a command of the shell succeeds.
until_true() {
    timeout "${limit-30}" sh -c "until $1; do sleep 0.05; done" 2>/dev/null || { echo "in vain waited for: $1"; exit 1; }
}

for number in 1 2; do
    ip link add cable$number type veth peer name end$number
    ip link set cable$number up
    ip link set end$number up
    ip address add 10.0.$number.1/24 dev cable$number
    ip address add fd00:$number::1/64 dev cable$number nodad
done
ip route add default nexthop via 10.0.1.2 nexthop via 10.0.2.2
ip -6 route add default nexthop via fd00:1::2 nexthop via fd00:2::2
ip route add 203.0.113.0/24 nexthop via 10.0.1.2
for family in -4 -6; do
    expect "$family, default routes" "$(ip $family route show default | grep -c ^default)" 1
    expect "$family, links that they use" "$(ip $family route show default | grep -c 'dev cable')" 2
    for number in 1 2; do
        expect "$family, default routes by cable$number" "$(ip $family route show default dev cable$number | wc -l)" 0
    done
done
expect "-4, routes with one nexthop by cable1" "$(ip -4 route show 203.0.113.0/24 dev cable1 | wc -l)" 1
exit $changed
