/* proto/option_internal.h - what the files that turn option values into text and back share. */
#ifndef TWINDHCP_PROTO_OPTION_INTERNAL_H
#define TWINDHCP_PROTO_OPTION_INTERNAL_H

#include "proto/option.h"

/* ---- to wire ---- */

/* Where the wire form goes. */
struct sink {
    uint8_t *out;
    size_t capacity;
    size_t *used;
};

MUST_USE enum td_err sink_append(struct sink *sink, const void *bytes, size_t size);

/* The low `size` bytes of `value` in network order. */
MUST_USE enum td_err sink_append_number(struct sink *sink, uint64_t value, size_t size);

/* Decimal, or hexadecimal after "0x"; no sign, no leading zeros in decimal. */
MUST_USE bool number_from_text(const char *text, uint64_t max, uint64_t *out);

/* The next word of `*text`, which moves behind it: up to a blank, or between double quotes.
 * TD_NOT_FOUND when there is none; TD_MALFORMED when a quote does not end; TD_NO_SPACE. */
#define WORD_SIZE 1024
MUST_USE enum td_err next_word(const char **text, char out[static WORD_SIZE]);

/* "10.0.0.1,10.0.0.2": the addresses alone, at most `max`. */
MUST_USE enum td_err encode_comma_ips(struct sink *sink, const char *text, size_t max);

/* One element; each leaves `sink` as it is unless the result is TD_OK. */
MUST_USE enum td_err encode_sip(struct sink *sink, const char *text);
MUST_USE enum td_err encode_dnr(struct sink *sink, const char *text);
MUST_USE enum td_err encode_record(const struct option_record *record, struct sink *sink,
                                   const char *text);

/* ---- to text ---- */

/* Text in the making.  What does not fit is left out, and nothing comes after it. */
struct text {
    char *out;
    size_t capacity, used;
    bool cut;
    bool fresh; /* a list begins here: no separator yet */
};

void put(struct text *t, const char *bytes, size_t size);
void put_text(struct text *t, const char *s);
void put_separator(struct text *t); /* before every element of a list */
void put_number(struct text *t, uint64_t value);
void put_ip(struct text *t, uint32_t value);
void put_raw(struct text *t, struct span wire); /* "0xaabbcc" */

/* Valid UTF-8 without control characters? */
bool is_text(struct span bytes);
void put_characters(struct text *t, struct span bytes);

/* False if `wire` is no value of the type; then `t` is unspecified. */
MUST_USE bool put_plain(struct text *t, enum option_type type, struct span wire);
MUST_USE bool put_sip(struct text *t, struct span wire);
MUST_USE bool put_dnr(struct text *t, struct span wire);
MUST_USE bool put_client_fqdn(struct text *t, struct span wire);
MUST_USE bool put_counted_ips(struct text *t, struct span wire);
MUST_USE bool put_structured(struct text *t, const struct option_definition *definition,
                             struct span wire);

/* A value within another: bytes where it does not fit its type. */
void put_nested(struct text *t, const struct option_definition *definition, struct span wire);

#endif
