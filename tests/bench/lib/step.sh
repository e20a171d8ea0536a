# tests/bench/lib/step.sh - one step: a fresh pair under a fixed rate for a few seconds.  Sourced.
# shellcheck shell=bash disable=SC2154,SC2034  # variables are shared with perfdhcp
#
# A product is four functions: NAME_configure, NAME_start NODE, NAME_ready NODE and NAME_forget,
# where NODE is a or b, the machine of deploy/lab.sh that it runs on.

step_seconds=3
# Half of the addresses belong to each server; more than a run of steps can use.
bench_subnet=10.64.0.0/12
bench_pool=(10.64.16.0-10.69.255.255 10.70.0.0-10.75.255.254)

network_up() {
    lab_up "$prefix" && lab_machine "$prefix" relay lan 10.77.0.4/16
}

network_down() {
    lab_down "$prefix"
}

# True when none of the servers runs any more.
servers_gone() {
    local pid
    for pid in "${server_pids[@]}"; do
        ! kill -0 "$pid" 2>/dev/null || return 1
    done
}

end_servers() {
    local pid
    for pid in "${server_pids[@]}"; do
        kill -TERM "$pid" 2>/dev/null
    done
    await 20 servers_gone || {
        for pid in "${server_pids[@]}"; do
            kill -KILL "$pid" 2>/dev/null
        done
    }
    for pid in "${server_pids[@]}"; do
        wait "$pid" 2>/dev/null
    done
    server_pids=()
}

# Wait until a command succeeds, for at most so many seconds.
await() { # SECONDS COMMAND...
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}

# In machine NODE, in the background, output to the log that die() shows.
start_server() { # NODE COMMAND...
    local node=$1
    shift
    ip netns exec "$prefix-$node" "$@" >>"$work/$node.log" 2>&1 </dev/null &
    server_pids+=($!)
}

start_pair() { # PRODUCT
    local node
    "$1_forget"
    rm -f "$work"/[ab].log
    for node in a b; do
        "$1_start" "$node"
    done
    for node in a b; do
        await 40 "$1_ready" "$node" || die "$1 on machine $node does not get ready"
    done
}

# CPU time of the pair so far, all threads, user and kernel, in clock ticks.
cpu_ticks() {
    local pid ticks=0 fields
    for pid in "${server_pids[@]}"; do
        # Past the name, which stands in brackets: field 14 is then the 12th.
        fields=$(cat "/proc/$pid/stat") || return
        read -r -a fields <<<"${fields##*) }"
        ticks=$((ticks + fields[11] + fields[12]))
    done
    echo "$ticks"
}

# perfdhcp as a relay with the address 10.77.0.4.  A relay sends what it hears to both servers; perfdhcp
# knows one destination, so it sends to 255.255.255.255 on their common network ("all").
generate() { # RATE FILE [OPTIONS]
    local rate=$1 file=$2
    shift 2
    timeout $((step_seconds * 4 + 20)) ip netns exec "$prefix-relay" \
        env "LD_PRELOAD=$work/wide_socket.so" \
        perfdhcp -4 -g single -r "$rate" -p "$step_seconds" -W 1000000 -R 10000000 "$@" \
        -l eth0 all >"$file" 2>&1 </dev/null
    # 3: some exchanges were not completed.
    case $? in 0 | 3) ;; *) die "perfdhcp: $(tail -n 20 "$file")" ;; esac
}

# What perfdhcp says of one kind of exchange.
reported() { # FILE SECTION LINE
    awk -v section="***Statistics for: $2***" -v line="$3: " '
        index($0, "***") == 1 { inside = $0 == section }
        inside && index($0, line) == 1 { sub(/ ms$/, ""); value = substr($0, length(line) + 1) }
        END { print value }' "$1"
}

# One step from empty lease databases: step_sent (DISCOVERs), step_done (DHCPACKs), step_cpu
# (ticks), step_latency (DO avg, RA avg).
run_step() { # PRODUCT RATE [OPTIONS]
    local product=$1 rate=$2 before after
    shift 2
    start_pair "$product"
    before=$(cpu_ticks) || die "a server of $product has ended"
    generate "$rate" "$work/report" "$@"
    after=$(cpu_ticks) || die "a server of $product has ended"
    step_cpu=$((after - before))
    end_servers
    step_sent=$(reported "$work/report" DISCOVER-OFFER 'sent packets')
    step_done=$(reported "$work/report" REQUEST-ACK 'received packets')
    step_latency="$(reported "$work/report" DISCOVER-OFFER 'avg delay')"
    step_latency="$step_latency $(reported "$work/report" REQUEST-ACK 'avg delay')"
    [[ $step_sent =~ ^[0-9]+$ && $step_done =~ ^[0-9]+$ ]] || die "perfdhcp: $(cat "$work/report")"
}
