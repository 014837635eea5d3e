# cables.sh - shell functions for tests in the lab, which source it.
# shellcheck shell=sh

if [ ! -e /run/netsession-lab ]; then
    echo "$0 works in the lab only: run it with tests/lab/tools/enter" >&2
    exit 1
fi

# far COMMAND...: ip in the network namespace with the other ends of the cables: the
# namespace LAB_FAR, or the current one where it is not set.
far() { ip ${LAB_FAR:+-n "$LAB_FAR"} "$@"; }

# cable NAME [ADDRESS...]: plugs in a cable: a link NAME that is up, with its
# other end NAME.peer.
cable() {
    ip link add "$1" type veth peer name "$1.peer" ${LAB_FAR:+netns "$LAB_FAR"}
    far link set "$1.peer" up
    ip link set "$1" up
    link=$1
    shift
    for address; do
        case $address in
        *:*) ip address add "$address" dev "$link" nodad ;;
        *) ip address add "$address" dev "$link" ;;
        esac
    done
}

# unplug NAME, plug NAME: unplug the cable and plug it in.
unplug() { far link set "$1.peer" down; }
plug() { far link set "$1.peer" up; }

# default_route NAME [METRIC]: adds a default route over this link.
default_route() { ip route add default dev "$1" metric "${2-100}"; }
