#!/bin/sh
# ifconfig: to change the netmask drops the default route without a word.
#
# Seen with: Linux 6.18, Busybox 1:1.35.0-4+deb12u1, iproute2 6.1.0-3.
# One would guess: "ifconfig LINK netmask MASK" changes the length of the prefix of the
# address, and a default route stays whose gateway the old and the new prefix hold.
# What happens: the address is removed and added again, and if it is the link's only
# one, all routes by the link go in between. The connected one is made again, and
# the default route, which nobody announces to have gone, is not. With a second
# address on the link it stays.
# Source: SIOCSIFNETMASK in devinet_ioctl() in the kernel's net/ipv4/devinet.c deletes
# and inserts the address; when the last one goes, fib_disable_ip() in
# net/ipv4/fib_frontend.c flushes the link's routes. netdevice(7) only says that it
# sets the network mask, "busybox ifconfig --help" the same.
set -eu
packages="iproute2=6.1.0-3 libbpf1=1:1.1.2-0+deb12u1 libelf1=0.188-2.1 libmnl0=1.0.4-3 libbsd0=0.11.7-2 libmd0=1.0.4-2 busybox=1:1.35.0-4+deb12u1+b1"
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
ip address add 10.0.0.2/24 dev cable
ip route add default via 10.0.0.1
listen
busybox ifconfig cable netmask 255.255.254.0
heard
expect "address" "$(ip -4 -brief address show cable | tr -s ' ' | cut -d ' ' -f 3)" 10.0.0.2/23
expect "addresses announced to have gone" "$(grep -c 'ADDR.Deleted.*inet 10.0.0.2/24' /run/said)" 1
expect "default routes" "$(ip route show default | wc -l)" 0
expect "default routes announced to have gone" "$(grep -c 'Deleted default' /run/said)" 0
ip address add 10.7.0.1/24 dev cable
ip route add default via 10.0.0.1
busybox ifconfig cable netmask 255.255.255.0
expect "default routes, with a second address there" "$(ip route show default | wc -l)" 1
exit $changed
