/* daemon/core/match.c - whether conditions hold, each by one of its values. */
#include "daemon/core/match.h"

/* `*` matches any run of bytes, `?` any one.  Linear in practice: one point to go back to. */
static bool glob_matches(struct span pattern, struct span text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, star_text = 0;

    while (t < text.size) {
        if (p < pattern.size && pattern.data[p] == '*') {
            star = p++;
            star_text = t;
        } else if (p < pattern.size &&
                   (pattern.data[p] == '?' || pattern.data[p] == text.data[t])) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++star_text;
        } else {
            return false;
        }
    }
    while (p < pattern.size && pattern.data[p] == '*')
        p++;
    return p == pattern.size;
}

/* Most patterns are a text and `*`: what is literal is compared at once. */
static bool pattern_matches(const struct config_value *pattern, struct span value)
{
    const size_t literal = pattern->literal;

    return value.size >= literal && memcmp(pattern->bytes.data, value.data, literal) == 0 &&
           glob_matches(span_of(pattern->bytes.data + literal, pattern->bytes.size - literal),
                        span_of(value.data + literal, value.size - literal));
}

static bool begins_with(struct span prefix, struct span value)
{
    return value.size >= prefix.size && memcmp(value.data, prefix.data, prefix.size) == 0;
}

/* Numbers and addresses of one size, in network order. */
static bool is_between(struct span first, struct span last, struct span value)
{
    return value.size == first.size && memcmp(value.data, first.data, first.size) >= 0 &&
           memcmp(value.data, last.data, last.size) <= 0;
}

/* One whole value, or one element of a list. */
static bool one_matches(const struct config_value *wanted, struct span value)
{
    switch (wanted->kind) {
    case VALUE_EQUAL:
        return span_equal(wanted->bytes, value);
    case VALUE_PREFIX:
        return begins_with(wanted->bytes, value);
    case VALUE_GLOB:
        return pattern_matches(wanted, value);
    case VALUE_RANGE:
        return is_between(wanted->bytes, wanted->last, value);
    }
    return false;
}

static bool one_of_elements(const struct config_value *wanted, struct span value, size_t size)
{
    for (size_t at = 0; at + size <= value.size; at += size) {
        if (one_matches(wanted, span_of(value.data + at, size)))
            return true;
    }
    return false;
}

bool match_user_class(struct span wanted, struct span value)
{
    for (size_t at = 0; at < value.size;) {
        const size_t size = 1 + (size_t)value.data[at];

        if (size > value.size - at)
            break;
        if (span_equal(wanted, span_of(value.data + at, size)))
            return true;
        at += size;
    }
    return wanted.size > 1 && span_equal(span_of(wanted.data + 1, wanted.size - 1), value);
}

/* Prefixes and patterns are of the texts, which have their size before them in the packet. */
static bool one_of_tuples(const struct config_value *wanted, struct span value)
{
    if (wanted->kind == VALUE_EQUAL)
        return match_user_class(wanted->bytes, value);
    for (size_t at = 0; at < value.size;) {
        const size_t size = value.data[at];

        if (size > value.size - at - 1)
            break;
        if (one_matches(wanted, span_of(value.data + at + 1, size)))
            return true;
        at += 1 + size;
    }
    return one_matches(wanted, value);
}

static bool value_matches(const struct config_condition *c, const struct config_value *wanted,
                          struct span value)
{
    if (c->type == OPTION_TYPE_TUPLES)
        return one_of_tuples(wanted, value);
    return c->element_size > 0 ? one_of_elements(wanted, value, c->element_size)
                               : one_matches(wanted, value);
}

static struct span subject_of(const struct config_condition *c, const struct facts *facts,
                              uint8_t room[static FACT_ROOM])
{
    switch (c->subject) {
    case SUBJECT_OPTION:
        return fact_option(facts, c->code);
    case SUBJECT_SUBOPTION:
        return dhcp4_suboption(fact_option(facts, c->code), c->sub);
    case SUBJECT_FIELD:
        return fact_field(facts, c->field, room);
    case SUBJECT_CLASS:
        break;
    }
    return span_of(NULL, 0);
}

static bool in_one_of(const struct config_class_list *classes, const struct facts *facts)
{
    for (size_t i = 0; i < classes->count; i++)
        if (fact_in_class(facts, classes->numbers[i]))
            return true;
    return false;
}

static bool is_one_of_values(const struct config_condition *c, struct span value)
{
    if (value.data == NULL)
        return false;
    for (size_t i = 0; i < c->value_count; i++) {
        if (value_matches(c, &c->values[i], value))
            return true;
    }
    return false;
}

static bool any_value_matches(const struct config_condition *c, const struct facts *facts)
{
    uint8_t room[FACT_ROOM];

    if (c->subject == SUBJECT_CLASS)
        return in_one_of(&c->classes, facts);
    return is_one_of_values(c, subject_of(c, facts, room));
}

static bool is_present(const struct config_condition *c, const struct facts *facts)
{
    uint8_t room[FACT_ROOM];

    return subject_of(c, facts, room).data != NULL;
}

static bool condition_holds(const struct config_condition *c, const struct facts *facts);

/* Whether one of the conditions inside `c` is `wanted`.  It calls itself as deep as the file
 * nests, at most MATCH_DEPTH_MAX. */
static bool one_inside_is(bool wanted, const struct config_condition *c,
                          const struct facts *facts)
{
    for (size_t at = 1; at < c->extent; at += c[at].extent)
        if (condition_holds(&c[at], facts) == wanted)
            return true;
    return false;
}

static bool condition_holds(const struct config_condition *c, const struct facts *facts)
{
    switch (c->kind) {
    case CONDITION_ANY_VALUE:
        return any_value_matches(c, facts);
    case CONDITION_PRESENT:
        return is_present(c, facts);
    case CONDITION_ABSENT:
        return !is_present(c, facts);
    case CONDITION_ALL:
        return !one_inside_is(false, c, facts);
    case CONDITION_ANY:
        return one_inside_is(true, c, facts);
    case CONDITION_NOT:
        return one_inside_is(false, c, facts);
    }
    return false;
}

/* The values of an option: what most files have, a hundred times. */
static bool is_plain(const struct config_condition *c)
{
    return c->kind == CONDITION_ANY_VALUE && c->subject == SUBJECT_OPTION;
}

bool match_holds(const struct config_condition *conditions, size_t count,
                 const struct facts *facts)
{
    for (size_t at = 0; at < count; at += conditions[at].extent) {
        const struct config_condition *c = &conditions[at];
        const bool holds = is_plain(c) ? is_one_of_values(c, fact_option(facts, c->code))
                                       : condition_holds(c, facts);

        if (!holds)
            return false;
    }
    return true;
}
