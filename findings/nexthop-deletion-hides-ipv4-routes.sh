#!/bin/sh
# Linux: a nexthop object that is deleted takes IPv4 routes with it without a word.
#
# Seen with: Linux 6.18, iproute2 6.1.0-3.
# One would guess: each route that goes with "ip nexthop del" is announced by an
# RTM_DELROUTE, as Documentation/networking/ip-sysctl.rst says of nexthop_compat_mode,
# which is on by default: deletes of a nexthop generate route notifications for each
# entry that uses it.
# What happens: that is so for IPv6 alone. Of IPv4 only RTM_DELNEXTHOP tells.
# Source: __remove_nexthop_fib() in the kernel's net/ipv4/nexthop.c deletes IPv6 routes
# one by one, with a notification that the setting governs; IPv4 ones it marks dead
# and has fib_flush() remove, which announces none.
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

# listen: lets "ip monitor" write what the kernel announces into /run/said. A link
# that is made afterwards shows that all that was before it has been written.
listen() {
    ip monitor all >/run/said &
    until_true 'ip link add begin type bridge && ip link del begin && grep -q begin /run/said'
}
heard() {
    ip link add end type bridge
    until_true 'grep -q ": end:" /run/said'
}

ip link add cable type veth peer name cable.peer
ip link set cable up
ip link set cable.peer up
ip address add 10.0.0.1/24 dev cable
ip address add fd00::1/64 dev cable nodad
ip nexthop add id 4 via 10.0.0.2 dev cable
ip nexthop add id 6 via fd00::2 dev cable
ip route add 203.0.113.0/24 nhid 4
ip -6 route add 2001:db8::/32 nhid 6
expect "compatible notifications are" "$(cat /proc/sys/net/ipv4/nexthop_compat_mode)" 1
listen
ip nexthop del id 4
ip nexthop del id 6
heard
expect "IPv4 routes by it" "$(ip route show 203.0.113.0/24 | wc -l)" 0
expect "IPv6 routes by it" "$(ip -6 route show 2001:db8::/32 | wc -l)" 0
expect "nexthops announced to have gone" "$(grep -c 'NEXTHOP.Deleted' /run/said)" 2
expect "IPv4 routes announced to have gone" "$(grep -c 'ROUTE.Deleted 203.0.113.0/24' /run/said)" 0
expect "IPv6 routes announced to have gone" "$(grep -c 'ROUTE.Deleted 2001:db8::/32' /run/said)" 1
exit $changed
