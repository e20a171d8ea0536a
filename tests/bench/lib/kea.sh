# tests/bench/lib/kea.sh - a pair of Kea DHCPv4 servers with the HA hook, load-balancing.  Sourced.
# shellcheck shell=bash disable=SC2154  # variables are shared with perfdhcp
#
# As its manual recommends for speed: memfile, multi-threading, a listener of its own for HA, no
# look-ups of host reservations, a pool for each server.  Logging only warnings, where the packaged
# configuration would write lines for every lease.  Heartbeats every second instead of ten, so
# that a fresh pair gets ready in seconds; all else as Kea does it untuned.

kea_hooks=/usr/lib/$(uname -m)-linux-gnu/kea/hooks

kea_address() { # NODE
    case $1 in a) echo 10.78.0.1 ;; b) echo 10.78.0.2 ;; esac
}

kea_configure() {
    local node
    for node in a b; do
        mkdir -p "$work/kea-$node"
        cat >"$work/kea-$node/conf" <<END
{"Dhcp4": {
  "interfaces-config": {"interfaces": ["eth0"], "dhcp-socket-type": "raw"},
  "lease-database": {"type": "memfile", "persist": true, "name": "$work/kea-$node/leases.csv", "lfc-interval": 3600},
  "valid-lifetime": 3600,
  "reservations-global": false, "reservations-in-subnet": false, "reservations-out-of-pool": false,
  "multi-threading": {"enable-multi-threading": true, "thread-pool-size": 4, "packet-queue-size": 64},
  "hooks-libraries": [
    {"library": "$kea_hooks/libdhcp_lease_cmds.so"},
    {"library": "$kea_hooks/libdhcp_ha.so", "parameters": {"high-availability": [{
      "this-server-name": "$node", "mode": "load-balancing", "heartbeat-delay": 1000,
      "multi-threading": {"enable-multi-threading": true, "http-dedicated-listener": true,
                          "http-listener-threads": 4, "http-client-threads": 4},
      "peers": [
        {"name": "a", "url": "http://$(kea_address a):8000/", "role": "primary"},
        {"name": "b", "url": "http://$(kea_address b):8000/", "role": "secondary"}]}]}}],
  "option-data": [{"name": "domain-name-servers", "data": "10.77.0.53"}],
  "subnet4": [{
    "subnet": "$bench_subnet",
    "pools": [{"pool": "${bench_pool[0]}", "client-class": "HA_a"},
              {"pool": "${bench_pool[1]}", "client-class": "HA_b"}],
    "option-data": [{"name": "routers", "data": "10.77.0.1"}]}],
  "loggers": [{"name": "kea-dhcp4", "severity": "WARN", "output_options": [{"output": "stdout"}]}]
}}
END
        kea-dhcp4 -t "$work/kea-$node/conf" >"$work/check.log" 2>&1 || die "the configuration of Kea"
    done
}

kea_start() { # NODE
    KEA_PIDFILE_DIR=$work/kea-$1 KEA_LOCKFILE_DIR=$work/kea-$1 \
        start_server "$1" kea-dhcp4 -c "$work/kea-$1/conf"
}

kea_ready() { # NODE
    ip netns exec "$prefix-$1" curl -s -m 2 -H 'Content-Type: application/json' \
        -d '{"command": "ha-heartbeat", "service": ["dhcp4"]}' "http://$(kea_address "$1"):8000/" |
        grep -q '"state": "load-balancing"'
}

kea_forget() {
    rm -f "$work"/kea-?/leases.csv*
}
