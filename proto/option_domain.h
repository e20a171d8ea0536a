/* proto/option_domain.h - domain names in wire form (RFC 1035 3.1, 4.1.4), for option.h alone.
 */
#ifndef TWINDHCP_PROTO_OPTION_DOMAIN_H
#define TWINDHCP_PROTO_OPTION_DOMAIN_H

#include "proto/types.h"

#define DOMAIN_TEXT_SIZE 256 /* the longest name as text, and the terminator */

/* Append `text` ("example.net", a final dot is fine, "." is the root) to `out`, of which
 * `*used` bytes are in use.  With `compress`, a tail that stands in `out` already is pointed
 * to: offsets count from the start of the option (RFC 3397 2).  TD_MALFORMED: labels of 1..63
 * letters, digits,
 * '-' and '_', 255 bytes in all, is what we take.  Nothing changes but on TD_OK. */
MUST_USE enum td_err domain_encode(const char *text, bool compress, uint8_t *out,
                                   size_t capacity, size_t *used);

/* Read the name at `*at` of `bytes` and move `*at` behind it.  Each pointer must lead to before
 * the place that it was reached from, so there are no loops.  False if it is no name that
 * domain_encode() would take; then `*at` and `out` are unspecified. */
MUST_USE bool domain_decode(struct span bytes, size_t *at, char out[static DOMAIN_TEXT_SIZE]);

#endif
