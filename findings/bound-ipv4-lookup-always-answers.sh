#!/bin/sh
# Linux: a look-up of an IPv4 route out of one link never fails.
#
# Seen with: Linux 6.18, iproute2 6.1.0-3.
# One would guess: "ip route get ADDRESS oif LINK" fails where no route by that link
# leads to the address, or where a route forbids it, as it does without "oif", and
# as IPv6 does.
# What happens: IPv4 answers that the address is on the link itself. The link need
# not have an address or a route, and a prohibit route is passed over. Only asked
# which entry of the table matches (RTM_F_FIB_MATCH, "fibmatch") does it say that
# there is none.
# Source: ip-route(8) says only that "oif" forces the output device. The reason is in
# the kernel's net/ipv4/route.c, in the comment on a failed look-up in
# ip_route_output_key_hash_rcu(); net/ipv6/route.c has nothing like it.
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

# answer ARGUMENT...: what "ip route get" says, in a word.
answer() {
    if words=$(ip "$1" route get $2 2>&1); then
        case $words in *" via "*) echo "by a gateway" ;; *) echo "directly on the link" ;; esac
    else
        echo "${words#RTNETLINK answers: }"
    fi
}

ip link add cable type veth peer name end
ip link set cable up
ip link set end up
expect "IPv4, no route" "$(answer -4 192.0.2.9)" "Network is unreachable"
expect "IPv4, no route, out of the link" "$(answer -4 '192.0.2.9 oif cable')" "directly on the link"
expect "IPv6, no route, out of the link" "$(answer -6 '2001:db8::9 oif cable')" "Network is unreachable"
ip route add prohibit 192.0.2.0/24
expect "IPv4, prohibited" "$(answer -4 192.0.2.9)" "Permission denied"
expect "IPv4, prohibited, out of the link" "$(answer -4 '192.0.2.9 oif cable')" "directly on the link"
expect "IPv4, which entry, out of the link" "$(answer -4 'fibmatch 192.0.2.9 oif cable')" "No route to host"
exit $changed
