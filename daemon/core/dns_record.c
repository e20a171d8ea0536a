/* daemon/core/dns_record.c - what one record says that is to be done to the DNS. */
#include "daemon/core/dns_internal.h"

bool dns_is_wanted(const struct binding *b, const struct names *names,
                   const struct name_entry *entry)
{
    return b->state == BINDING_ACTIVE && (names->forward || names->reverse) &&
           span_equal(entry->client, b->client) && span_equal(entry->name, names->name);
}

static bool wants_name(const struct binding *b, const struct names *names)
{
    return b->state == BINDING_ACTIVE && names->name.size > 0 &&
           (names->forward || names->reverse);
}

static bool lacks(const struct names *names, const struct name_entry *entry)
{
    return (names->forward && !entry->forward) || (names->reverse && !entry->reverse);
}

/* What may stand and shall not. */
static bool too_much(const struct binding *b, const struct names *names,
                     const struct name_entry *entry, bool *forward, bool *reverse)
{
    const bool wanted = dns_is_wanted(b, names, entry);

    *forward = entry->forward && !(wanted && names->forward);
    *reverse = entry->reverse && !(wanted && names->reverse);
    return *forward || *reverse;
}

struct dns_step dns_step_of(const struct binding *b, struct names *names)
{
    struct dns_step step = {.work = DNS_NOTHING};
    struct name_entry *entry;

    for (size_t i = 0; i < names->count; i++) {
        step.entry = entry = &names->entry[i];
        if (too_much(b, names, entry, &step.forward, &step.reverse)) {
            step.work = entry->state == NAME_MAYBE ? DNS_REMOVE : DNS_INTEND;
            return step;
        }
    }
    if (!wants_name(b, names))
        return step;
    step.entry = entry = names_find(names, b->client, names->name);
    step.forward = names->forward;
    step.reverse = names->reverse;
    if (entry == NULL)
        step.work = names->count < NAMES_ENTRIES_OK ? DNS_INTEND : DNS_NOTHING;
    else if (lacks(names, entry))
        step.work = DNS_INTEND;
    else if (entry->state == NAME_MAYBE)
        step.work = DNS_ADD;
    return step;
}

bool dns_announce(const struct binding *b, struct names *names)
{
    struct name_entry *entry;
    bool forward, reverse, changed = false;

    for (size_t i = 0; i < names->count; i++) {
        entry = &names->entry[i];
        if (entry->state != NAME_MAYBE && too_much(b, names, entry, &forward, &reverse)) {
            entry->state = NAME_MAYBE;
            changed = true;
        }
    }
    if (!wants_name(b, names))
        return changed;
    entry = names_find(names, b->client, names->name);
    if (entry == NULL) {
        const struct name_entry fresh = {NAME_MAYBE, names->forward, names->reverse, b->client,
                                         names->name};

        return (names->count < NAMES_ENTRIES_OK && names_add(names, &fresh)) || changed;
    }
    if (!lacks(names, entry))
        return changed;
    entry->state = NAME_MAYBE;
    entry->forward |= names->forward;
    entry->reverse |= names->reverse;
    return true;
}

bool dns_is_settled(struct span bytes)
{
    struct names names;

    return bytes.size == 0 || (names_decode(bytes, &names) && names.count == 0);
}
