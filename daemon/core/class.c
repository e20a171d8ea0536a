/* daemon/core/class.c - which classes a client belongs to. */
#include "daemon/core/server_internal.h"

#include <stdio.h>
#include <stdlib.h>

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

static bool one_of_elements(struct span wanted, struct span value, size_t size)
{
    for (size_t at = 0; at + size <= value.size; at += size) {
        if (span_equal(wanted, span_of(value.data + at, size)))
            return true;
    }
    return false;
}

/* User class (RFC 3004): one of the length-prefixed classes, or, as iPXE sends it, the bare
 * text. */
static bool one_of_tuples(struct span wanted, struct span value)
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

/* Most patterns are a text and `*`: what is literal is compared at once. */
static bool pattern_matches(const struct config_value *pattern, struct span value)
{
    const size_t literal = pattern->literal;

    return value.size >= literal && memcmp(pattern->bytes.data, value.data, literal) == 0 &&
           glob_matches(span_of(pattern->bytes.data + literal, pattern->bytes.size - literal),
                        span_of(value.data + literal, value.size - literal));
}

static bool value_matches(const struct config_condition *c, const struct config_value *wanted,
                          struct span value)
{
    if (wanted->glob)
        return pattern_matches(wanted, value);
    if (c->type == OPTION_TYPE_TUPLES)
        return one_of_tuples(wanted->bytes, value);
    return c->element_size > 0 ? one_of_elements(wanted->bytes, value, c->element_size)
                               : span_equal(wanted->bytes, value);
}

static bool condition_holds(const struct config_condition *c, const struct dhcp4_packet *p)
{
    if (!dhcp4_has(p, c->code))
        return false;
    for (size_t i = 0; i < c->value_count; i++) {
        if (value_matches(c, &c->values[i], p->option[c->code]))
            return true;
    }
    return false;
}

static bool class_matches(const struct config_class *class, const struct dhcp4_packet *p)
{
    for (size_t i = 0; i < class->condition_count; i++) {
        if (!condition_holds(&class->conditions[i], p))
            return false;
    }
    return true;
}

bool class_explain(const struct config_class *class, const struct dhcp4_packet *p, char *text,
                   size_t size)
{
    for (size_t i = 0; i < class->condition_count; i++) {
        const struct config_condition *c = &class->conditions[i];
        const struct option_definition *known = option_find_code(c->code);
        char value[128];

        if (condition_holds(c, p))
            continue;
        option_wire_to_text(c->type, p->option[c->code], value, sizeof(value));
        if (dhcp4_has(p, c->code))
            snprintf(text, size, "%s (option %u) is \"%s\", which is none of the values wanted",
                     known != NULL ? known->name : "it", c->code, value);
        else
            snprintf(text, size, "%s (option %u) is not sent",
                     known != NULL ? known->name : "it", c->code);
        return false;
    }
    snprintf(text, size, "matches");
    return true;
}

void classes_init(struct classes *classes, size_t class_count)
{
    *classes = (struct classes){.count = 0};
    classes->matched = calloc(class_count + 1, sizeof(struct config_class *));
    ASSERT(classes->matched != NULL);
}

void classes_deinit(struct classes *classes)
{
    free(classes->matched);
}

static void add_class(struct classes *classes, const struct config_class *class)
{
    classes->matched[classes->count++] = class;
    option_codes_add_all(&classes->codes, &class->terms.options->codes);
    classes->send = classes->send || class->terms.send != NULL;
    if (classes->lease_time == NULL && config_lease_time_is_set(&class->terms.lease_time))
        classes->lease_time = &class->terms.lease_time;
    if (classes->shares.renew.unit == CONFIG_SHARE_UNSET)
        classes->shares.renew = class->terms.care.renew;
    if (classes->shares.rebind.unit == CONFIG_SHARE_UNSET)
        classes->shares.rebind = class->terms.care.rebind;
}

/* The reservation puts its client into it; the classes of both are in the order of the file. */
static bool is_given(const struct config_reservation *reservation, size_t class, size_t *next)
{
    if (reservation == NULL || *next == reservation->class_count ||
        reservation->classes[*next] != class)
        return false;
    (*next)++;
    return true;
}

const struct classes *classes_of(struct server *s, const struct request *r)
{
    struct classes *classes = &s->classes;
    size_t next_given = 0;

    if (classes->known)
        return classes;
    classes->known = true;
    classes->count = 0;
    classes->codes = (struct option_codes){{0}};
    classes->lease_time = NULL;
    classes->shares = (struct lease_shares){{CONFIG_SHARE_UNSET, 0}, {CONFIG_SHARE_UNSET, 0}};
    classes->send = false;
    for (size_t i = 0; i < s->config->class_count; i++) {
        if (is_given(r->reservation, i, &next_given) ||
            class_matches(&s->config->classes[i], r->packet))
            add_class(classes, &s->config->classes[i]);
    }
    return classes;
}
