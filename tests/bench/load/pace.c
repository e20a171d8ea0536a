#include "tests/bench/load/pace.h"

#include "tests/bench/load/clock.h"

void pace_begin(struct pace *pace, const struct pace_options *options, uint64_t now_ns)
{
    *pace = (struct pace){.options = *options, .begin_ns = now_ns};
}

/* When the n-th exchange (from 0) is to start. */
static uint64_t start_of(const struct pace *pace, uint64_t n)
{
    return pace->begin_ns + (uint64_t)((double)n * 1e9 / pace->options.rate);
}

static uint64_t remaining(const struct pace *pace)
{
    return pace->options.count > 0 ? pace->options.count - pace->started : UINT64_MAX;
}

bool pace_is_over(const struct pace *pace, uint64_t now_ns)
{
    if (remaining(pace) == 0)
        return true;
    return pace->options.span_ns > 0 && now_ns >= pace->begin_ns + pace->options.span_ns;
}

uint64_t pace_due(const struct pace *pace, uint64_t now_ns, uint32_t busy)
{
    uint64_t due;

    if (pace_is_over(pace, now_ns))
        return 0;
    if (pace->options.rate > 0) {
        double passed = (double)clock_elapsed_ns(pace->begin_ns, now_ns);

        due = (uint64_t)(passed * pace->options.rate / 1e9) + 1;
        due = due > pace->started ? due - pace->started : 0;
    } else {
        due = busy < pace->options.window ? pace->options.window - busy : 0;
    }
    return due < remaining(pace) ? due : remaining(pace);
}

void pace_started(struct pace *pace, uint64_t count, uint64_t now_ns)
{
    uint64_t lag;

    if (count > 0 && pace->options.rate > 0) {
        lag = clock_elapsed_ns(start_of(pace, pace->started), now_ns);
        if (lag > pace->lag_ns)
            pace->lag_ns = lag;
    }
    pace->started += count;
}

uint64_t pace_next_ns(const struct pace *pace, uint64_t now_ns)
{
    uint64_t end = UINT64_MAX, next = UINT64_MAX;

    if (pace_is_over(pace, now_ns))
        return UINT64_MAX;
    if (pace->options.span_ns > 0)
        end = pace->begin_ns + pace->options.span_ns;
    if (pace->options.rate > 0) {
        next = start_of(pace, pace->started);
        if (next < now_ns + PACE_TICK_NS)
            next = now_ns + PACE_TICK_NS;
    }
    return next < end ? next : end;
}
