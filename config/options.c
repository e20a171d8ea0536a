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

/* Take the lowest code out of `word`, which is not 0. */
static unsigned take_lowest(uint64_t *word)
{
    const unsigned lowest = (unsigned)__builtin_ctzll(*word);

    *word &= *word - 1;
    return lowest;
}

static size_t size_of_values(const struct option_values *values)
{
    size_t size = 0;

    for (unsigned i = 0; i < ARRAY_SIZE(values->codes.word); i++) {
        for (uint64_t word = values->codes.word[i]; word != 0;)
            size += values->value[64 * i + take_lowest(&word)].size;
    }
    return size;
}

static void append(struct config_options *set, uint8_t code, struct span value, size_t at)
{
    set->entries[set->count++] =
        (struct config_option_entry){(uint32_t)at, (uint16_t)value.size, code};
    if (value.size > 0)
        memcpy((uint8_t *)set + at, value.data, value.size);
}

const struct config_options *options_pack(struct arena *arena,
                                          const struct option_values *values)
{
    struct config_options *set;
    size_t count = 0, at;

    for (unsigned i = 0; i < ARRAY_SIZE(values->codes.word); i++)
        count += bit_count(values->codes.word[i]);
    if (count == 0)
        return &config_no_options;
    at = sizeof(*set) + count * sizeof(set->entries[0]);
    set = arena_alloc(arena, at + size_of_values(values));
    set->codes = values->codes;
    for (unsigned i = 0; i < ARRAY_SIZE(set->codes.word); i++) {
        set->before[i] = (uint8_t)set->count;
        for (uint64_t word = set->codes.word[i]; word != 0;) {
            const uint8_t code = (uint8_t)(64 * i + take_lowest(&word));

            append(set, code, values->value[code], at);
            at += values->value[code].size;
        }
    }
    return set;
}
