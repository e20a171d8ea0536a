# tests/bench/lib/search.sh - the search for the highest rate, latencies, the summary.  Sourced.
# shellcheck shell=bash disable=SC2154,SC2034  # variables are shared with perfdhcp

first_rate=500
last_rate=64000

# Judge the last step: "lost" (1 % of the exchanges or more unanswered), "short" (answered, but
# perfdhcp did not send the rate asked for), or "full".
verdict() { # RATE
    if [ $(((step_sent - step_done) * 100)) -ge "$step_sent" ]; then
        echo lost
    elif [ $((step_sent * 100)) -lt $(($1 * step_seconds * 90)) ]; then
        echo short
    else
        echo full
    fi
}

keep_if_best() {
    local rate=$((step_done / step_seconds))
    [ "$rate" -gt "$best_rate" ] || return 0
    best_rate=$rate
    best_latency=$step_latency
    best_cpu=$(cpu_per_10k)
}

# CPU seconds of both servers per 10,000 exchanges of the last step.
cpu_per_10k() {
    awk -v ticks="$step_cpu" -v hz="$(getconf CLK_TCK)" -v n="$step_done" \
        'BEGIN { if (n > 0) printf "%.2f", ticks / hz * 10000 / n; else print "-" }'
}

# A failed step is tried once more: a disturbed second is no property of the server.
try_rate() { # PRODUCT RATE -> $outcome
    local try
    for try in 1 2; do
        run_step "$1" "$2"
        outcome=$(verdict "$2")
        [ ! -t 2 ] || printf '\r%s: %s/s %s, %s of %s      \r' "$1" "$2" "$outcome" \
            "$step_done" "$step_sent" >&2
        [ -z "$steps" ] || echo "$1 $2/s, try $try: $outcome, $step_done of $step_sent," \
            "$(cpu_per_10k) CPU s/10k, avg ms $step_latency" >>"$steps"
        [ "$outcome" = lost ] || break
    done
    [ "$outcome" = lost ] || keep_if_best
}

# Sets best_rate, best_cpu, best_latency, and best_limit: ">=" when the generator gave up first.
search() { # PRODUCT
    local good=0 bad=0 rate=$first_rate finer=110 middle
    [ "$quick" = no ] || finer=130
    best_rate=0 best_cpu=- best_latency="- -" best_limit=
    "$1_configure"
    while [ "$bad" = 0 ]; do
        try_rate "$1" "$rate"
        case $outcome in
        lost) bad=$rate ;;
        short) best_limit=">=" && return ;;
        full)
            good=$rate
            rate=$((rate * 2))
            [ "$rate" -le "$last_rate" ] || { best_limit=">=" && return; }
            ;;
        esac
    done
    [ "$good" -gt 0 ] || die "$1 does not even serve $first_rate/s"
    while [ $((bad * 100)) -gt $((good * finer)) ]; do
        middle=$(((good + bad) / 2))
        try_rate "$1" "$middle"
        case $outcome in
        lost) bad=$middle ;;
        short) best_limit=">=" && return ;;
        full) good=$middle ;;
        esac
    done
}

# The value below which P percent of the delays of a kind lie, in ms.
percentile() { # FILE SECTION P
    awk -v section="***Timestamps for packets: $2***" '
        index($0, "***") == 1 { inside = $0 == section }
        inside && /^sent \/ received:/ && NF == 6 { printf "%.3f\n", ($6 - $4) * 1000 }' "$1" |
        sort -n | awk -v p="$3" '{ v[NR] = $1 }
            END { if (NR == 0) print "-"; else { i = int((NR - 1) * p / 100 + .5) + 1; print v[i] } }'
}

best_of() { # ROUND PRODUCT
    printf '%s\n' "${results[@]}" | awk -v r="$1" -v p="$2" '$1 == r && $2 == p { print $3 }'
}

# Both pairs at the same two rates: half of what Kea reached in this round, and all of it.
latencies() { # ROUND
    local kea rate product
    kea=$(best_of "$1" kea)
    for rate in $((kea / 2)) "$kea"; do
        for product in twindhcp kea; do
            network_up || die "network"
            "${product}_configure"
            run_step "$product" "$rate" -x t
            network_down
            printf '%-6s %-9s at %5s/s: DO p50 %s p99 %s, RA p50 %s p99 %s ms, %s CPU s/10k, %s of %s\n' \
                "$1" "$product" "$rate" \
                "$(percentile "$work/report" DISCOVER-OFFER 50)" \
                "$(percentile "$work/report" DISCOVER-OFFER 99)" \
                "$(percentile "$work/report" REQUEST-ACK 50)" \
                "$(percentile "$work/report" REQUEST-ACK 99)" \
                "$(cpu_per_10k)" "$step_done" "$step_sent"
        done
    done
}

median() { # numbers on standard input
    sort -n | awk '{ v[NR] = $1 }
        END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# Field 3 of `results` is the rate; after it stands ">=" or nothing, so CPU is counted from the end.
median_of() { # PRODUCT rate|cpu
    printf '%s\n' "${results[@]}" | awk -v p="$1" -v what="$2" '
        $2 == p { print what == "rate" ? $3 : $(NF - 2) }' | median
}

summary() {
    local product
    local -A rate cpu
    echo
    for product in twindhcp kea; do
        rate[$product]=$(median_of "$product" rate)
        cpu[$product]=$(median_of "$product" cpu)
        printf 'median %-9s %8s DORA/s  %6s CPU s/10k\n' \
            "$product" "${rate[$product]}" "${cpu[$product]}"
    done
    awk -v tr="${rate[twindhcp]}" -v kr="${rate[kea]}" -v tc="${cpu[twindhcp]}" -v kc="${cpu[kea]}" \
        'BEGIN { printf "twindhcp / Kea: rate %.1f, CPU per exchange %.3f (1/%.1f)\n",
            tr / kr, tc / kc, kc / tc }'
    if printf '%s\n' "${results[@]}" | grep -q '>='; then
        echo ">=: perfdhcp could not send faster, and the pair answered: the true rate is higher."
    fi
}
