/* config/scalar.h - texts of one value: durations, networks, ranges, endpoints. */
#ifndef TWINDHCP_CONFIG_SCALAR_H
#define TWINDHCP_CONFIG_SCALAR_H

#include "config/model.h"

enum duration_result {
    DURATION_OK,
    DURATION_NO_UNIT,   /* a bare number */
    DURATION_MALFORMED, /* anything else, also units twice or not from large to small */
    DURATION_TOO_LONG,  /* above what any key allows */
};

/* "90s", "1h30m", "250ms" in milliseconds. */
enum duration_result duration_parse(const char *text, int64_t *ms);

/* "1h30m"; at most 48 characters and the terminator. */
#define DURATION_TEXT_SIZE 49
char *duration_format(int64_t ms, char out[static DURATION_TEXT_SIZE]);

/* Decimal digits alone, at most `max`. */
MUST_USE bool number_parse(const char *text, uint32_t max, uint32_t *out);

struct network {
    struct ip4 address; /* as written: host bits may be set */
    uint8_t prefix_length;
};

/* "10.77.0.0/16" */
MUST_USE bool network_parse(const char *text, struct network *out);
struct ip4 network_first(struct network network);
struct ip4 network_last(struct network network);

/* "10.77.0.0/16"; at most 18 characters and the terminator. */
#define NETWORK_TEXT_SIZE 19
char *network_format(struct network network, char out[static NETWORK_TEXT_SIZE]);

/* "FIRST-LAST" with or without spaces around the hyphen, one address or a network; the order of
 * the two and the host bits of a network are the caller's to check. */
enum range_kind { RANGE_MALFORMED, RANGE_ONE, RANGE_TWO, RANGE_NETWORK };
enum range_kind range_parse(const char *text, struct ip4_range *out, struct network *network);

/* "10.0.0.1-10.0.0.9", or one address when both are the same. */
#define RANGE_TEXT_SIZE 32
char *range_format(struct ip4_range range, char out[static RANGE_TEXT_SIZE]);

/* "10.0.0.1:6470" */
MUST_USE bool endpoint_parse(const char *text, struct ip4 *address, uint16_t *port);

/* "tcp://" and an endpoint. */
MUST_USE bool link_parse(const char *text, struct ip4 *address, uint16_t *port);

/* Letters, digits, '-', '_', '.', of which neither '-' nor '.' comes first; 1 to 63. */
MUST_USE bool name_valid(const char *text);

/* What the kernel takes as the name of a network interface. */
MUST_USE bool interface_valid(const char *name);

#endif
