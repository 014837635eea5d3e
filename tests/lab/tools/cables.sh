# Shell functions for tests that run in a network of their own; to be sourced.
# shellcheck shell=sh

if [ ! -e /run/netsession-lab ]; then
    echo "$0 works in the lab only: run it by tests/lab/tools/enter" >&2
    exit 1
fi

# far COMMAND...: ip, where the other ends of cables are: in the network
# namespace that LAB_FAR names, else in place.
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

# unplug NAME, plug NAME: pulls the cable out, and puts it in again.
unplug() { far link set "$1.peer" down; }
plug() { far link set "$1.peer" up; }

# default_route NAME [METRIC]: sends everything by that link.
default_route() { ip route add default dev "$1" metric "${2-100}"; }
