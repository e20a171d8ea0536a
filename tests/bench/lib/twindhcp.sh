# tests/bench/lib/twindhcp.sh - a pair of twindhcpd.  Sourced.
# shellcheck shell=bash disable=SC2154  # variables are shared with perfdhcp

twindhcp_configure() {
    local node
    cat >"$work/twindhcp.yaml" <<END
pair:
  name: bench
  mode: load-balancing
  nodes:
    primary:   {name: dhcp-a, link: "tcp://10.78.0.1:6470"}
    secondary: {name: dhcp-b, link: "tcp://10.78.0.2:6470"}
  security: none

server:
  interfaces: [eth0]
  store: "$work/store-{node}"
  api: {socket: "$work/{node}.sock"}

lease-time: 1h
options:
  domain-name-servers: [10.77.0.53]

subnets:
  - subnet: $bench_subnet
    pools:
      - range: ${bench_pool[0]}
      - range: ${bench_pool[1]}
    options: {routers: [10.77.0.1]}
END
    for node in a b; do
        "$build/daemon/twindhcpd" --check --config "$work/twindhcp.yaml" --node "dhcp-$node" \
            >"$work/check.log" 2>&1 || die "the configuration of twindhcp"
    done
}

twindhcp_start() { # NODE
    start_server "$1" "$build/daemon/twindhcpd" --config "$work/twindhcp.yaml" --node "dhcp-$1"
}

twindhcp_ready() { # NODE
    "$build/daemon/ctl/twinctl" --socket "$work/dhcp-$1.sock" --json status 2>/dev/null |
        grep -q '"state": *"NORMAL"'
}

twindhcp_forget() {
    rm -rf "$work"/store-*
}
