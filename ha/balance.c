/* ha/balance.c - the richer gives; nobody asks, nobody waits. */
#include "ha/balance.h"

#define TOLERATED_PERCENT 5
#define KEPT_AT_LEAST     2

uint64_t balance_surplus(uint64_t own_free, uint64_t partner_free, uint32_t own_percent)
{
    const uint64_t total = own_free + partner_free;
    uint64_t target = total * own_percent / 100;
    uint64_t surplus;

    if (target < KEPT_AT_LEAST)
        target = KEPT_AT_LEAST;
    if (own_free <= target || partner_free >= BALANCE_ENOUGH)
        return 0;
    surplus = own_free - target;
    if (surplus * 100 <= total * TOLERATED_PERCENT && partner_free > 0)
        return 0;
    if (surplus > BALANCE_ENOUGH - partner_free)
        surplus = BALANCE_ENOUGH - partner_free;
    return surplus;
}
