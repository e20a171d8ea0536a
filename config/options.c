/* config/options.c - sets of options: packed once, looked up for every packet. */
#include "config/options.h"

/* Options in all words before. */
_Static_assert(UINT8_MAX >= 3 * 64, "struct config_options.before");

const struct config_options config_no_options = {.count = 0};

static unsigned bit_count(uint64_t bits)
{
    /* In halves of two, four and eight bits, whose sums the multiplication adds up. */
    bits -= bits >> 1 & 0x5555555555555555u;
    bits = (bits & 0x3333333333333333u) + (bits >> 2 & 0x3333333333333333u);
    bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (unsigned)(bits * 0x0101010101010101u >> 56);
}

static struct span value_of(const struct config_options *set,
                            const struct config_option_entry *entry)
{
    return span_of((const uint8_t *)set + entry->at, entry->size);
}

struct span config_options_find(const struct config_options *set, uint8_t code)
{
    const uint64_t word = set->codes.word[code / 64];
    const uint64_t bit = (uint64_t)1 << code % 64;

    if ((word & bit) == 0)
        return span_of(NULL, 0);
    return value_of(set, &set->entries[set->before[code / 64] + bit_count(word & (bit - 1))]);
}

struct config_option config_options_at(const struct config_options *set, size_t i)
{
    ASSERT(i < set->count);
    return (struct config_option){set->entries[i].code, value_of(set, &set->entries[i])};
}

/* ---- making one ---- */

void option_values_put(struct option_values *values, uint8_t code, struct span value)
{
    ASSERT(value.data != NULL && value.size <= UINT16_MAX);
    option_codes_add(&values->codes, code);
    values->value[code] = value;
}

const struct config_options *options_pack(struct arena *arena,
                                          const struct option_values *values)
{
    struct config_options *set;
    size_t count = 0, size = 0, at;

    for (unsigned code = 0; code < ARRAY_SIZE(values->value); code++) {
        if (option_codes_have(&values->codes, (uint8_t)code)) {
            count++;
            size += values->value[code].size;
        }
    }
    if (count == 0)
        return &config_no_options;
    at = sizeof(*set) + count * sizeof(set->entries[0]);
    set = arena_alloc(arena, at + size);
    set->codes = values->codes;
    for (unsigned code = 0; code < ARRAY_SIZE(values->value); code++) {
        const struct span value = values->value[code];

        if (code % 64 == 0)
            set->before[code / 64] = (uint8_t)set->count;
        if (!option_codes_have(&values->codes, (uint8_t)code))
            continue;
        set->entries[set->count++] =
            (struct config_option_entry){(uint32_t)at, (uint16_t)value.size, (uint8_t)code};
        if (value.size > 0)
            memcpy((uint8_t *)set + at, value.data, value.size);
        at += value.size;
    }
    return set;
}
