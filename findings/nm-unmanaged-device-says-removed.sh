#!/bin/sh
# NetworkManager: a device that is set unmanaged says that it was removed, and one that
# is removed says that it is now unmanaged.
#
# Seen with: NetworkManager 1.42.4-1+deb12u1.
# One would guess: the D-Bus signal StateChanged gives reason 3 where the user has a
# device not managed any more, and 36 where the device has gone: the API's
# documentation of NMDeviceStateReason calls 3 NOW_UNMANAGED, "the device is now
# unmanaged", and 36 REMOVED, "the device was removed".
# What happens: after "nmcli device set LINK managed no" the reason is 36, and the link
# and the device are still there; when the link itself is deleted it is 3. In both
# cases the new state is 10, unmanaged.
# Source: NMDeviceStateReason in NetworkManager's D-Bus API says otherwise. The setter of
# "Managed" in src/core/devices/nm-device.c gives REMOVED where it becomes false.
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

for name in leaves goes; do
    ip link add $name type veth peer name $name.peer
    ip link set $name.peer up
done
start_nm interface-name:*.peer
until_true '[ "$(state leaves)" = disconnected ] && [ "$(state goes)" = disconnected ]'
path_of() { dbus-send --system --print-reply=literal --dest=org.freedesktop.NetworkManager \
    /org/freedesktop/NetworkManager org.freedesktop.NetworkManager.GetDeviceByIpIface string:"$1" | tr -d ' '; }
leaves=$(path_of leaves)
goes=$(path_of goes)
dbus-monitor --system "interface='org.freedesktop.NetworkManager.Device',member='StateChanged'" >/run/said &
until_true 'grep -q NameAcquired /run/said'

# told PATH: the new state and the reason of the device's last signal.
told() { grep -A 3 "path=$1;" /run/said | sed -n 's/.*uint32 //p' | tail -n 3 | sed '2d' | tr '\n' ' '; }

# written: has the signals that were sent before be written.
written() {
    dbus-send --system --type=signal / org.freedesktop.NetworkManager.Device.StateChanged "string:mark$1"
    until_true "grep -q 'mark$1' /run/said"
}

nmcli device set leaves managed no
until_true '[ "$(state leaves)" = unmanaged ]'
written 1
expect "set unmanaged: new state, reason" "$(told "$leaves")" "10 36 "
expect "set unmanaged: links and devices of that name" "$(ip -o link show dev leaves | wc -l) $(nmcli -t -f DEVICE device | grep -cx leaves)" "1 1"
ip link del goes
until_true '[ -z "$(nmcli -t -f DEVICE device | grep -x goes)" ]'
written 2
expect "link deleted: new state, reason" "$(told "$goes")" "10 3 "
exit $changed
