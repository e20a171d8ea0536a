/* daemon/api/query.h - what a client of the API asks for, parsed and checked.
 *
 * Every parser is pure, returns false with status 400 and a text for a person in `error`, and
 * changes `*out` only on success. */
#ifndef TWINDHCP_DAEMON_API_QUERY_H
#define TWINDHCP_DAEMON_API_QUERY_H

#include "daemon/explain/question.h"
#include "daemon/lease/table.h"

/* One argument of the query (?name=value); `value` is "" when there is none. */
struct api_argument {
    const char *name, *value;
};

/* Why a request cannot be answered, for {"error": ..., "hint": ...}. */
struct api_error {
    unsigned status;
    const char *allow;
    char text[512];
    char hint[256]; /* what to do instead; "" = nothing to add */
};

/* Fill `error`; false, so that a parser can return it. */
bool api_error_set(struct api_error *error, unsigned status, const char *hint,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

#define LEASES_PAGE_DEFAULT 1000
#define LEASES_PAGE_MAX     10000
#define NAKS_DEFAULT        100
#define NAKS_MAX            1000

/* Which leases, and which page of them. */
struct lease_query {
    struct ip4_range
        range;          /* of `subnet`, `address`, `after` together; empty when first > last */
    bool none;          /* the range is empty: there is nothing to list */
    bool next_page;     /* `after` was given */
    const char *client; /* as given, borrowed from the request; NULL = any */
    uint8_t hw_address[16]; /* `client` read as a hardware address; size 0: it is none */
    size_t hw_address_size;
    unsigned states; /* one bit for each enum binding_state */
    size_t limit;
};

MUST_USE bool lease_query_parse(const struct api_argument *arguments, size_t count,
                                struct lease_query *out, struct api_error *error);

/* Which reservations, and which page of them. */
struct reservation_query {
    struct ip4 address; /* 0.0.0.0: any */
    const char *client; /* as listed, borrowed from the request; NULL: any */
    bool has_source, runtime;
    size_t from, limit;
};
MUST_USE bool reservation_query_parse(const struct api_argument *arguments, size_t count,
                                      struct reservation_query *out, struct api_error *error);

/* ?limit= alone. */
MUST_USE bool limit_query_parse(const struct api_argument *arguments, size_t count,
                                size_t *limit, struct api_error *error);

/* For what takes no arguments at all. */
MUST_USE bool no_query_parse(const struct api_argument *arguments, size_t count,
                             struct api_error *error);

/* The body of /v1/explain. */
MUST_USE bool explain_parse(struct span body, struct question *question,
                            struct api_error *error);

/* {"force": true}; an empty body is {}. */
MUST_USE bool partner_down_parse(struct span body, bool *force, struct api_error *error);

#endif
