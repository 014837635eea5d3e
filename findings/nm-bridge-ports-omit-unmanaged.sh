#!/bin/sh
# NetworkManager: the ports of a bridge are only those that it manages.
#
# Seen with: NetworkManager 1.42.4-1+deb12u1.
# One would guess: the property Ports of a device, in the D-Bus API "devices which are
# currently set as port of this device", lists the bridge's ports, of whatever
# management: for a bridge that others made NetworkManager shows the addresses and
# routes that it finds, and it knows the device of the port.
# What happens: a port whose device is unmanaged is not in the list. A bridge that
# carries a machine's traffic by such a port looks as if it had none.
# Source: the documentation of org.freedesktop.NetworkManager.Device says otherwise.
set -eu
packages="iproute2=6.1.0-3 libbpf1=1:1.1.2-0+deb12u1 libelf1=0.188-2.1 libmnl0=1.0.4-3 libbsd0=0.11.7-2 libmd0=1.0.4-2 dbus-daemon=1.14.10-1~deb12u1 dbus-bin=1.14.10-1~deb12u1 libdbus-1-3=1.14.10-1~deb12u1 libapparmor1=3.0.8-3 network-manager=1.42.4-1+deb12u1 libnm0=1.42.4-1+deb12u1 libndp0=1.8-1+deb12u1"
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

# start_nm UNMANAGED: starts NetworkManager, which leaves alone what is named.
start_nm() {
    mkdir /var/lib/NetworkManager "$root/profiles" "$root/none"
    cat >"$root/nm.conf" <<END
[main]
plugins=keyfile
dns=none
no-auto-default=*
auth-polkit=false
hostname-mode=none
[keyfile]
path=$root/profiles
unmanaged-devices=$1
[device]
match-device=*
managed=1
[connectivity]
enabled=false
END
    NetworkManager --debug --config="$root/nm.conf" --config-dir="$root/none" --system-config-dir="$root/none" \
        --intern-config="$root/intern.conf" --state-file="$root/state" --pid-file=/run/nm.pid >/run/nm.log 2>&1 &
    until_true 'nmcli -t -f RUNNING general 2>/dev/null | grep -q "^running"'
}

# state LINK: NetworkManager's word for the link's state.
cat >"$root/bin/state" <<'END'
#!/bin/sh
nmcli -t -f GENERAL.STATE device show "$1" 2>/dev/null | sed 's/.*(\(.*\))/\1/'
END
chmod +x "$root/bin/state"

ip link add bridge type bridge
ip link set bridge up
for name in tended free; do
    ip link add $name type veth peer name $name.peer
    ip link set $name.peer up
    ip link set $name up
    ip link set $name master bridge
done
ip address add 10.0.0.1/24 dev bridge
start_nm 'interface-name:*.peer;interface-name:free'
device_of() { dbus-send --system --print-reply=literal --dest=org.freedesktop.NetworkManager \
    /org/freedesktop/NetworkManager org.freedesktop.NetworkManager.GetDeviceByIpIface string:"$1" | tr -d ' '; }
until_true 'state bridge | grep -q externally && state tended | grep -q externally'
tended=$(device_of tended)
cat >"$root/bin/ports" <<END
#!/bin/sh
dbus-send --system --print-reply=literal --dest=org.freedesktop.NetworkManager $(device_of bridge) \
    org.freedesktop.DBus.Properties.Get string:org.freedesktop.NetworkManager.Device string:Ports |
    grep -o '/org/freedesktop/NetworkManager/Devices/[0-9]*'
END
chmod +x "$root/bin/ports"
until_true 'ports | grep -q Devices'
expect "ports by the kernel" "$(ip -o link show master bridge | wc -l)" 2
expect "state of the other port" "$(state free)" unmanaged
expect "ports by NetworkManager" "$(ports)" "$tended"
ip link set tended nomaster
until_true "! ports | grep -q $tended"
expect "ports by the kernel" "$(ip -o link show master bridge | wc -l)" 1
expect "carrier of the bridge" "$(cat /sys/class/net/bridge/carrier)" 1
expect "ports by NetworkManager" "$(ports)" ""
exit $changed
