#!/bin/sh
# systemd-networkd: "renew" of a lease whose address has gone answers that all is well,
# and does nothing.
#
# Seen with: systemd 252.39-1~deb12u2.
# One would guess: after another program has removed the address of a DHCP lease,
# "networkctl renew LINK" asks the server and puts the address on the link again, or
# fails. networkctl(1): "Renew dynamic configurations e.g. addresses received from
# DHCP server."
# What happens: it succeeds, but the server is not asked, and the link stays without an
# address, "configured" as before. "networkctl reconfigure" brings it back. With the
# address still there "renew" does ask.
# Source: networkctl(1), as above, says nothing of it.
set -eu
packages="iproute2=6.1.0-3 libbpf1=1:1.1.2-0+deb12u1 libelf1=0.188-2.1 libmnl0=1.0.4-3 libbsd0=0.11.7-2 libmd0=1.0.4-2 dbus-daemon=1.14.10-1~deb12u1 dbus-bin=1.14.10-1~deb12u1 libdbus-1-3=1.14.10-1~deb12u1 libapparmor1=3.0.8-3 dnsmasq-base=2.90-4~deb12u2 systemd=252.39-1~deb12u2 libsystemd-shared=252.39-1~deb12u2"
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
# What the daemon writes outside of $root and /run would be an error.
mount --bind "$root" "$root"
mount -o remount,bind,ro /
mount -t tmpfs tmpfs /var/lib
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

cat >"$root/bus.conf" <<END
<busconfig><type>system</type><listen>unix:path=/run/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/>
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/></policy></busconfig>
END
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/bus
dbus-daemon --config-file="$root/bus.conf" --nofork 2>/run/bus.log &
until_true '[ -S /run/bus ]'

# cover FILE: shows what comes by the standard input in place of a file of the machine's.
cover() {
    cat >"/run/$(basename "$1")"
    mount --bind "/run/$(basename "$1")" "$1"
}
# There is no user here but 0, to which systemd-networkd gives its rights away.
{ grep -v '^systemd-network:' /etc/passwd; echo 'systemd-network:x:0:0::/:/bin/false'; } | cover /etc/passwd
[ ! -e /etc/machine-id ] || echo 0123456789abcdef0123456789abcdef | cover /etc/machine-id
for folder in /etc/systemd/network /usr/lib/systemd/network; do
    [ ! -d $folder ] || mount -t tmpfs tmpfs $folder
done
mkdir -p /run/systemd/network
LD_LIBRARY_PATH=$(echo "$root"/usr/lib/*-linux-gnu/systemd):$LD_LIBRARY_PATH
start_networkd() {
    SYSTEMD_LOG_TARGET=console "$root/lib/systemd/systemd-networkd" >/run/networkd.log 2>&1 &
    until_true 'dbus-send --system --print-reply=literal --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.network1 2>/dev/null | grep -q true'
}

ip netns add office
inside() { nsenter --net=/run/netns/office "$@"; }
ip link add cable type veth peer name router netns office
inside ip address add 10.1.0.1/24 dev router
inside ip link set router up
cat >/run/systemd/network/10-cable.network <<END
[Match]
Name=cable
[Network]
DHCP=ipv4
LinkLocalAddressing=no
[DHCPv4]
UseHostname=no
END
inside dnsmasq --no-daemon --no-ping --port=0 --conf-file=/dev/null --pid-file= --dhcp-authoritative \
    --dhcp-range=10.1.0.10,10.1.0.99 --dhcp-leasefile=/run/leases >/run/said 2>&1 &
until_true '[ -e /run/leases ]'
start_networkd
addresses() { ip -4 -o address show cable | wc -l; }
asked() { grep -c DHCPREQUEST /run/said; }
until_true 'networkctl list --no-pager --no-legend cable | grep -q "routable *configured"'
expect "times that the server was asked for the lease" "$(asked)" 1
networkctl renew cable
until_true '[ "$(grep -c DHCPACK /run/said)" = 2 ]'
expect "times asked after a renew" "$(asked)" 2

ip -4 address flush dev cable
until_true 'networkctl list --no-pager --no-legend cable | grep -q "carrier *configured"'
expect "renew without the address" "$(networkctl renew cable && echo succeeds)" succeeds
echo "watching for 5 seconds whether anything follows"
sleep 5
expect "times asked" "$(asked)" 2
expect "addresses" "$(addresses)" 0
expect "states" "$(networkctl list --no-pager --no-legend cable | awk '{ print $4, $5 }')" "carrier configured"
networkctl reconfigure cable
until_true 'networkctl list --no-pager --no-legend cable | grep -q "routable *configured"'
expect "addresses after a reconfigure" "$(addresses)" 1
exit $changed
