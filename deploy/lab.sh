#!/bin/bash
# deploy/lab.sh - a pair of DHCP servers' machines and their clients, as network namespaces.
#
# Sourced by deploy/quickstart, run as a command by tests/net:
#
#   lab.sh up PREFIX                            the switch and both servers' machines
#   lab.sh machine PREFIX NAME BRIDGE [IP/LEN]  one more machine, its eth0 on BRIDGE
#   lab.sh attach PREFIX NAME IF BRIDGE [IP/LEN]  a further interface of a machine
#   lab.sh move PREFIX NAME IF BRIDGE           plug an interface into another network
#   lab.sh down PREFIX                          remove all of it, ending what still runs inside
#
# Every machine is a namespace PREFIX-NAME.  PREFIX-sw holds the bridges and nothing else:
#
#   lan   10.77.0.0/16  clients; the servers are a (10.77.0.2) and b (10.77.0.3)
#   lan2  10.79.0.0/16  clients behind a relay (10.79.0.1 where a test makes one)
#   peers 10.78.0.0/24  between the peers only: a is .1, b is .2
#
# Nothing is made in the machine's own namespace.

lab_in() { # PREFIX NAME COMMAND...
    local ns=$1-$2
    shift 2
    ip netns exec "$ns" "$@"
}

lab_namespace() { # PREFIX NAME
    ip netns add "$1-$2" || return
    # Only IPv4 is looked at here; router solicitations would only be noise.  A bridge is a wire
    # here: where the machine hands bridged packets to its packet filter, that costs more than
    # the wire itself.
    # shellcheck disable=SC2016  # expanded by the inner shell
    ip netns exec "$1-$2" sh -c 'set_if_there() { [ ! -e "$2" ] || echo "$1" >"$2"; }
        for setting in all default; do
            set_if_there 1 /proc/sys/net/ipv6/conf/$setting/disable_ipv6
        done
        set_if_there 0 /proc/sys/net/bridge/bridge-nf-call-iptables'
    ip -n "$1-$2" link set lo up
}

lab_attach() { # PREFIX NAME IF BRIDGE [IP/LEN]
    ip link add "$3" netns "$1-$2" type veth peer name "$2.$3" netns "$1-sw" &&
        ip -n "$1-sw" link set "$2.$3" master "$4" up &&
        ip -n "$1-$2" link set "$3" up || return
    [ -z "${5:-}" ] || ip -n "$1-$2" addr add "$5" brd + dev "$3"
}

lab_machine() { # PREFIX NAME BRIDGE [IP/LEN]
    lab_namespace "$1" "$2" && lab_attach "$1" "$2" eth0 "$3" "${4:-}"
}

lab_move() { # PREFIX NAME IF BRIDGE
    ip -n "$1-sw" link set "$2.$3" master "$4"
}

lab_up() { # PREFIX
    local bridge
    lab_namespace "$1" sw || return
    for bridge in lan lan2 peers; do
        ip -n "$1-sw" link add name "$bridge" type bridge forward_delay 0 mcast_snooping 0 &&
            ip -n "$1-sw" link set "$bridge" up || return
    done
    lab_machine "$1" a lan 10.77.0.2/16 && lab_attach "$1" a eth1 peers 10.78.0.1/24 || return
    lab_machine "$1" b lan 10.77.0.3/16 && lab_attach "$1" b eth1 peers 10.78.0.2/24 || return
    ip -n "$1-a" route add 10.79.0.0/16 via 10.77.0.4 &&
        ip -n "$1-b" route add 10.79.0.0/16 via 10.77.0.4
}

lab_namespaces() { # PREFIX
    ip netns list | awk -v prefix="$1-" 'index($1, prefix) == 1 { print $1 }'
}

lab_down() { # PREFIX
    local ns pids
    for ns in $(lab_namespaces "$1"); do
        pids=$(ip netns pids "$ns" 2>/dev/null)
        # shellcheck disable=SC2086  # one word a process
        [ -z "$pids" ] || kill -KILL $pids 2>/dev/null
        ip netns delete "$ns"
    done
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    case ${1:-} in
    up | machine | attach | move | down)
        command=lab_$1
        shift
        "$command" "$@"
        ;;
    *)
        sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
    esac
fi
