/* proto/binding.c - what a binding is: names, the implied record, comparison, hash. */
#include "proto/binding.h"

#include <endian.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

int version_compare(struct version a, struct version b)
{
    if (a.ms != b.ms)
        return a.ms < b.ms ? -1 : 1;
    if (a.counter != b.counter)
        return a.counter < b.counter ? -1 : 1;
    if (a.writer != b.writer)
        return a.writer < b.writer ? -1 : 1;
    return 0;
}

const char *binding_state_name(enum binding_state state)
{
    switch (state) {
    case BINDING_FREE:
        return "FREE";
    case BINDING_ACTIVE:
        return "ACTIVE";
    case BINDING_RELEASED:
        return "RELEASED";
    case BINDING_ABANDONED:
        return "ABANDONED";
    }
    return "unknown";
}

const char *role_name(enum role role)
{
    switch (role) {
    case ROLE_PRIMARY:
        return "primary";
    case ROLE_SECONDARY:
        return "secondary";
    }
    return "unknown";
}

enum role implied_owner(struct ip4 address)
{
    return __builtin_parity(address.value) ? ROLE_SECONDARY : ROLE_PRIMARY;
}

/* How many of 0 .. end-1 have an odd number of bits: of 2k and 2k+1 it is always exactly one.
 */
static uint64_t odd_below(uint64_t end)
{
    uint64_t odd = end / 2;

    if (end % 2 != 0 && __builtin_parityll(end - 1))
        odd++;
    return odd;
}

uint64_t implied_owner_count(struct ip4 first, struct ip4 last, enum role role)
{
    ASSERT(first.value <= last.value);
    const uint64_t end = (uint64_t)last.value + 1;
    const uint64_t odd = odd_below(end) - odd_below(first.value);

    return role == ROLE_SECONDARY ? odd : end - first.value - odd;
}

struct binding binding_implied(struct ip4 address)
{
    return (struct binding){
        .address = address,
        .state = BINDING_FREE,
        .owner = implied_owner(address),
    };
}

bool binding_same_contents(const struct binding *a, const struct binding *b)
{
    return ip4_equal(a->address, b->address) && a->state == b->state && a->owner == b->owner &&
           a->cltt.ms == b->cltt.ms && a->expires.ms == b->expires.ms && a->htype == b->htype &&
           a->hlen == b->hlen && memcmp(a->chaddr, b->chaddr, a->hlen) == 0 &&
           span_equal(a->client, b->client) && span_equal(a->reserved, b->reserved) &&
           span_equal(a->host_name, b->host_name) && span_equal(a->relay_info, b->relay_info) &&
           span_equal(a->vendor_class, b->vendor_class) && span_equal(a->names, b->names);
}

/* Little-endian on every machine. */
static uint8_t *put_u32(uint8_t *at, uint32_t value)
{
    const uint32_t little = htole32(value);

    memcpy(at, &little, sizeof(little));
    return at + sizeof(little);
}

static uint8_t *put_u64(uint8_t *at, uint64_t value)
{
    const uint64_t little = htole64(value);

    memcpy(at, &little, sizeof(little));
    return at + sizeof(little);
}

/* The fixed part in a fixed layout, so that two machines agree, with the size of every span, so
 * that no bytes can move from one span to the next; then the spans.  Names come last: a record
 * without them has the hash that it had before there were any. */
uint64_t binding_hash(const struct binding *b)
{
    const struct span spans[] = {b->client, b->reserved, b->host_name, b->relay_info,
                                 b->vendor_class};
    uint8_t fixed[4 + 4 + 8 + 8 + 16 + ARRAY_SIZE(spans) * 4];
    uint8_t *at = fixed;

    ASSERT(b->hlen <= sizeof(b->chaddr));
    memset(fixed, 0, sizeof(fixed));
    at = put_u32(at, b->address.value);
    *at++ = (uint8_t)b->state;
    *at++ = (uint8_t)b->owner;
    *at++ = b->htype;
    *at++ = b->hlen;
    at = put_u64(at, (uint64_t)b->cltt.ms);
    at = put_u64(at, (uint64_t)b->expires.ms);
    memcpy(at, b->chaddr, b->hlen);
    at += sizeof(b->chaddr);
    for (size_t i = 0; i < ARRAY_SIZE(spans); i++)
        at = put_u32(at, (uint32_t)spans[i].size);

    uint64_t hash = XXH3_64bits(fixed, sizeof(fixed));

    for (size_t i = 0; i < ARRAY_SIZE(spans); i++) {
        if (spans[i].size > 0)
            hash = XXH3_64bits_withSeed(spans[i].data, spans[i].size, hash);
    }
    if (b->names.size > 0)
        hash = XXH3_64bits_withSeed(b->names.data, b->names.size, ~hash);
    return hash;
}
