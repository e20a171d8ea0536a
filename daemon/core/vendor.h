/* daemon/core/vendor.h - data that vendors have put into options 124 and 125 (RFC 3925): for
 * each an enterprise number, a size and that many bytes.
 *
 * Enterprise 0 stands for any.  Of a damaged option what is before the damage counts. */
#ifndef TWINDHCP_DAEMON_CORE_VENDOR_H
#define TWINDHCP_DAEMON_CORE_VENDOR_H

#include "proto/types.h"

/* The `index`-th data of the enterprise; data NULL when there is none. */
struct span vendor_data(struct span option, uint32_t enterprise, size_t index);

/* The first sub-option `sub` in any data of the enterprise. */
struct span vendor_suboption(struct span option, uint32_t enterprise, uint8_t sub);

/* The first enterprise number, four bytes; data NULL when there is none. */
struct span vendor_first(struct span option);

#endif
