/* ha/hlc.h - versions of records: a hybrid logical clock. */
#ifndef TWINDHCP_HA_HLC_H
#define TWINDHCP_HA_HLC_H

#include "proto/binding.h"

/* The highest version seen, whoever wrote it. */
struct hlc {
    struct version last;
};

/* Take note of a version read from the store or heard from the partner. */
static inline void hlc_observe(struct hlc *hlc, struct version seen)
{
    if (version_compare(seen, hlc->last) > 0)
        hlc->last = seen;
}

/* A version above all that were seen, by `writer`. */
static inline struct version hlc_next(struct hlc *hlc, struct instant now, enum role writer)
{
    struct version next = {now.ms, 0, writer};

    if (now.ms <= hlc->last.ms) {
        next.ms = hlc->last.ms;
        next.counter = hlc->last.counter + 1;
    }
    hlc->last = next;
    return next;
}

#endif
