/* proto/binding.c - what a binding is: names, the implied record, comparison, hash. */
#include "proto/binding.h"

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
           span_equal(a->vendor_class, b->vendor_class);
}

static uint8_t *put_little(uint8_t *at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)(value >> (8 * i));
    return at + size;
}

/* The fixed part in a fixed layout, so that two machines agree, with the size of every span, so
 * that no bytes can move from one span to the next; then the spans. */
uint64_t binding_hash(const struct binding *b)
{
    const struct span spans[] = {b->client, b->reserved, b->host_name, b->relay_info,
                                 b->vendor_class};
    uint8_t fixed[4 + 4 + 8 + 8 + 16 + ARRAY_SIZE(spans) * 4];
    uint8_t *at = fixed;

    ASSERT(b->hlen <= sizeof(b->chaddr));
    memset(fixed, 0, sizeof(fixed));
    at = put_little(at, b->address.value, 4);
    at = put_little(at, (uint64_t)b->state, 1);
    at = put_little(at, (uint64_t)b->owner, 1);
    at = put_little(at, b->htype, 1);
    at = put_little(at, b->hlen, 1);
    at = put_little(at, (uint64_t)b->cltt.ms, 8);
    at = put_little(at, (uint64_t)b->expires.ms, 8);
    memcpy(at, b->chaddr, b->hlen);
    at += sizeof(b->chaddr);
    for (size_t i = 0; i < ARRAY_SIZE(spans); i++)
        at = put_little(at, spans[i].size, 4);

    uint64_t hash = XXH3_64bits(fixed, sizeof(fixed));

    for (size_t i = 0; i < ARRAY_SIZE(spans); i++) {
        if (spans[i].size > 0)
            hash = XXH3_64bits_withSeed(spans[i].data, spans[i].size, hash);
    }
    return hash;
}
