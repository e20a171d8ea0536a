/* daemon/core/class.c - which classes a client belongs to. */
#include "daemon/core/server_internal.h"

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

static bool condition_holds(const struct config_condition *c, const struct dhcp4_packet *p)
{
    if (!dhcp4_has(p, c->code))
        return false;
    for (size_t i = 0; i < c->value_count; i++) {
        if (c->glob[i] ? glob_matches(c->values[i], p->option[c->code])
                       : span_equal(c->values[i], p->option[c->code]))
            return true;
    }
    return false;
}

bool class_matches(const struct config_class *class, const struct dhcp4_packet *p)
{
    for (size_t i = 0; i < class->condition_count; i++) {
        if (!condition_holds(&class->conditions[i], p))
            return false;
    }
    return true;
}

const struct config_class *class_of(const struct server *s, const struct dhcp4_packet *p)
{
    for (size_t i = 0; i < s->config->class_count; i++) {
        if (class_matches(&s->config->classes[i], p))
            return &s->config->classes[i];
    }
    return NULL;
}
