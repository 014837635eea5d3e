#!/bin/sh
# Linux: an IPv6 route loses its preferred source address without a word.
#
# Seen with: Linux 6.18, iproute2 6.1.0-3.
# One would guess: with the address that it names as "src" a route goes and is
# announced to have gone, as for IPv4; or that a route which stays and is another
# than before is announced with what it now is.
# What happens: the IPv6 route stays, loses its "src", packets take another source
# address, and nothing announces the change. Who keeps a table by listening has a
# wrong one from then on.
# Source: fib6_remove_prefsrc() in the kernel's net/ipv6/route.c clears the field and
# tells nobody; ip-route(8) says of "src" only that it is the address to prefer.
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
for number in 1 2; do
    ip address add 10.0.$number.1/24 dev cable
    ip address add fd00:$number::1/64 dev cable nodad
done
ip route add 203.0.113.0/24 via 10.0.1.2 src 10.0.2.1
ip -6 route add 2001:db8::/32 via fd00:1::2 dev cable src fd00:2::1
source_to() { ip -6 route get "$1" | sed -n 's/.* src \([^ ]*\).*/\1/p'; }
expect "source by the IPv6 route before" "$(source_to 2001:db8::9)" fd00:2::1
listen
ip address del 10.0.2.1/24 dev cable
ip address del fd00:2::1/64 dev cable
heard
expect "IPv4 routes" "$(ip route show 203.0.113.0/24 | wc -l)" 0
expect "IPv4 routes announced to have gone" "$(grep -c 'ROUTE.Deleted 203.0.113.0/24' /run/said)" 1
expect "IPv6 routes" "$(ip -6 route show 2001:db8::/32 | wc -l)" 1
expect "IPv6 routes with a source" "$(ip -6 route show 2001:db8::/32 | grep -c src)" 0
expect "source by the IPv6 route after" "$(source_to 2001:db8::9)" fd00:1::1
expect "announcements of the IPv6 route" "$(grep -c '2001:db8::/32' /run/said)" 0
exit $changed
