/* daemon/core/pace.c - see pace.h */
#include "daemon/core/pace.h"

#define ONE         256 /* of `rate` */
#define RATE_MIN    12  /* records a millisecond: below, nothing waits */
#define GATHER_MAX  3   /* ms */
#define BATCH_FULL  512
#define INTERVAL_MS 100 /* what came before is forgotten */

/* One millisecond for each RATE_MIN of the rate: a wait gathers at least that many. */
static int64_t gather_ms(const struct pace *pace)
{
    const int64_t wait = pace->rate / (RATE_MIN * ONE);

    return wait < GATHER_MAX ? wait : GATHER_MAX;
}

struct instant pace_due(const struct pace *pace, struct instant now, size_t count)
{
    return count >= BATCH_FULL ? now : instant_add_ms(pace->round, gather_ms(pace));
}

void pace_note(struct pace *pace, struct instant now, size_t count)
{
    int64_t interval = now.ms - pace->handed_over.ms;
    uint64_t rate;

    if (interval < 1)
        interval = 1;
    rate = (uint64_t)count * ONE / (uint64_t)interval;
    pace->rate = interval >= INTERVAL_MS ? (uint32_t)rate
                                         : (uint32_t)((3 * (uint64_t)pace->rate + rate) / 4);
    pace->handed_over = now;
}

void pace_went_out(struct pace *pace, struct instant now)
{
    pace->round = now;
}
