/* ha/balance.h - how many free addresses of a pool to give to the partner (README, section 7).
 */
#ifndef TWINDHCP_HA_BALANCE_H
#define TWINDHCP_HA_BALANCE_H

#include "proto/types.h"

/* Nobody needs more than this many free addresses of one pool at hand: moving more would only
 * touch records. */
#define BALANCE_ENOUGH 4096

/* `own_free` and `partner_free` addresses of a pool; `own_percent` is the own target share.  0
 * when the pool is balanced well enough.  Never leaves this peer fewer than 2. */
uint64_t balance_surplus(uint64_t own_free, uint64_t partner_free, uint32_t own_percent);

#endif
