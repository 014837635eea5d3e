#!/bin/sh
# Linux: an IPv6 route that has expired is still listed, and goes half a minute later.
#
# Seen with: Linux 6.18, iproute2 6.1.0-3. It takes up to 40 seconds.
# One would guess: a route's "expires" runs out as the lifetime of an address does,
# which is removed and announced within a second; what "ip route show" lists is in
# use.
# What happens: packets do not take the route any more at once, while it is still
# listed, with a negative "expires", and no RTM_DELROUTE comes until the collector of
# garbage runs, up to net.ipv6.route.gc_interval (30 seconds) later.
# Source: ip-route(8) says that the route will be deleted after the expires time. Look-ups
# leave an expired route out (rt6_check_expired() in the kernel's net/ipv6/route.c);
# it is removed by fib6_age(), which the timer of fib6_run_gc() in
# net/ipv6/ip6_fib.c calls.
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
ip address add fd00::1/64 dev cable nodad
listen
ip address add fd07::1/64 dev cable nodad valid_lft 5 preferred_lft 5
ip -6 route add default via fd00::2 dev cable expires 2
expect "packets can leave before" "$(ip -6 route get 2001:db8::9 >/dev/null 2>&1 && echo yes || echo no)" yes
until_true 'grep -q "ADDR.Deleted.*fd07::1" /run/said'
expect "the address has gone, packets can leave" "$(ip -6 route get 2001:db8::9 >/dev/null 2>&1 && echo yes || echo no)" no
expect "default routes listed" "$(ip -6 route show default | wc -l)" 1
expect "default routes listed as expired" "$(ip -6 route show default | grep -c 'expires -')" 1
expect "default routes announced to have gone" "$(grep -c 'ROUTE.Deleted default' /run/said)" 0
limit=60 until_true 'grep -q "ROUTE.Deleted default" /run/said'
expect "default routes listed after the announcement" "$(ip -6 route show default | wc -l)" 0
exit $changed
