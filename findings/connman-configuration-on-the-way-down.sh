#!/bin/sh
# ConnMan: a service that is disconnected says that it is being configured.
#
# Seen with: ConnMan 1.41-3.
# One would guess: a service that is taken down goes from "ready" over "disconnect" to
# "idle", and "configuration", in which the address is asked for, belongs to the way
# up alone.
# What happens: the first that is told on the way down is "configuration", as on the way
# up, and only then "disconnect" and "idle"; alike where the service is disconnected
# and where the cable is pulled out. Who shows "configuration" as connecting tells
# people that what they have just ended begins.
# Source: a service has a state for IPv4 and one for IPv6, which here, where no router
# answers, stays "configuration". combine_state() in ConnMan's src/service.c leaves
# out the one that has ended. Without IPv6 it is as one would guess.
set -eu
packages="iproute2=6.1.0-3 libbpf1=1:1.1.2-0+deb12u1 libelf1=0.188-2.1 libmnl0=1.0.4-3 libbsd0=0.11.7-2 libmd0=1.0.4-2 dbus-daemon=1.14.10-1~deb12u1 dbus-bin=1.14.10-1~deb12u1 libdbus-1-3=1.14.10-1~deb12u1 libapparmor1=3.0.8-3 dnsmasq-base=2.90-4~deb12u2 connman=1.41-3 libxtables12=1.8.9-2 ethtool=1:6.1-1"
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

mkdir -p /var/lib/connman /run/connman
cat >/run/connman.conf <<END
[General]
EnableOnlineCheck=false
AllowHostnameUpdates=false
AllowDomainnameUpdates=false
NetworkInterfaceBlacklist=router
END
ip link add cable type veth peer name router
ip address add 10.1.0.1/24 dev router
ethtool -K router tx off >/dev/null # its DHCP client wants checksums
connmand --nodaemon --nodnsproxy --nobacktrace --config=/run/connman.conf >/run/connman.log 2>&1 &
until_true 'connmanctl state 2>/dev/null | grep -q State'
dnsmasq --no-daemon --no-ping --port=0 --conf-file=/dev/null --pid-file= --interface=router --dhcp-authoritative \
    --dhcp-range=10.1.0.10,10.1.0.99 --dhcp-leasefile=/run/leases >/run/dnsmasq.log 2>&1 &
until_true '[ -e /run/leases ]'
dbus-monitor --system "interface='net.connman.Service',member='PropertyChanged'" \
    "interface='net.connman.Manager',member='ServicesChanged'" >/run/said &
until_true 'grep -q NameAcquired /run/said'

# told: all states that were told; states: those since the last "forget", which has
# what was told before be written first.
told() { grep -A 1 '^   string "State"' /run/said | sed -n 's/^   variant *string "\(.*\)"/\1/p'; }
marks=0
forget() {
    marks=$((marks + 1))
    dbus-send --system --type=signal / net.connman.Service.PropertyChanged "string:mark$marks"
    until_true "grep -q mark$marks /run/said"
    from=$(told | wc -l)
}
states() { told | tail -n "+$((from + 1))" | tr '\n' ' '; }
ends() {
    for _ in $(seq 600); do
        [ "$(told | tail -n 1)" != "$1" ] || return 0
        sleep 0.05
    done
    echo "in vain waited for the state $1"
    exit 1
}

ip link set router up
# Before ConnMan has told of a new service it tells nothing of its properties.
until_true 'grep -q "object path.*_cable" /run/said'
until_true 'connmanctl services | grep -q "^.A[RO] .*_cable"'
service=$(connmanctl services | grep -o 'ethernet_.*_cable')
# ipv6 METHOD: has the service, which is ready, use IPv6 or not.
ipv6() {
    connmanctl config "$service" ipv6 "$1" >/run/config.log
    until_true "connmanctl services $service | grep -q 'IPv6.Configuration.*Method=$1'"
}
disconnect() {
    connmanctl disconnect "$service" >/run/disconnect.log
    ends idle
}
connect() {
    connmanctl connect "$service" >/run/connect.log
    ends ready
}

forget
disconnect
expect "disconnected" "$(states)" "configuration disconnect idle "
forget
connect
expect "connected" "$(states)" "configuration ready "
ipv6 off
forget
disconnect
expect "disconnected, without IPv6" "$(states)" "disconnect idle "
connect
ipv6 auto
forget
ip link set router down
ends idle
expect "pulled out" "$(states)" "configuration disconnect idle "
exit $changed
