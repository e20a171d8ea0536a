/* ha/difference.c - see difference.h */
#include "ha/difference.h"

#include <stdio.h>

void differences_begin(struct differences *d, const struct digests *own,
                       const struct digests *theirs)
{
    memset(d, 0, sizeof(*d));
    d->pair = own->pair != theirs->pair;
    for (enum config_part part = 0; part < CONFIG_PARTS; part++)
        d->part[part] = own->part[part] != theirs->part[part];
}

bool differences_by_part(const struct differences *d)
{
    for (enum config_part part = 0; part < CONFIG_PARTS; part++) {
        if (d->part[part])
            return true;
    }
    return false;
}

bool differences_exist(const struct differences *d)
{
    return d->pair || differences_by_part(d);
}

static void add(struct differences *d, struct difference difference)
{
    d->total++;
    if (d->count < DIFFERENCES_MAX)
        d->items[d->count++] = difference;
}

static void add_whole(struct differences *d, const struct subnet_digests *subnet,
                      enum difference_where where)
{
    add(d, (struct difference){PART_SUBNETS, false, subnet->network, subnet->prefix_length,
                               where});
}

static int compare(const struct subnet_digests *a, const struct subnet_digests *b)
{
    if (a->network.value != b->network.value)
        return a->network.value < b->network.value ? -1 : 1;
    return (int)a->prefix_length - (int)b->prefix_length;
}

/* Both lists ascend: walk them side by side. */
static void hear_subnet(struct differences *d, const struct config *config,
                        const struct subnet_digests *theirs)
{
    const struct subnet_digests *own = config->subnet_digests;

    while (d->next < config->subnet_count && compare(&own[d->next], theirs) < 0)
        add_whole(d, &own[d->next++], ONLY_HERE);
    if (d->next == config->subnet_count || compare(&own[d->next], theirs) > 0) {
        add_whole(d, theirs, ONLY_THERE);
        return;
    }
    for (enum config_part part = 0; part < CONFIG_PARTS; part++) {
        if (own[d->next].part[part] != theirs->part[part])
            add(d, (struct difference){part, false, theirs->network, theirs->prefix_length,
                                       DIFFERS});
    }
    d->next++;
}

bool differences_hear(struct differences *d, const struct config *config,
                      const struct frame *parts)
{
    if (d->named)
        return false;
    for (size_t i = 0; i < parts->parts.count; i++) {
        if (i > 0 && compare(&parts->parts.subnets[i - 1], &parts->parts.subnets[i]) >= 0)
            return false;
        hear_subnet(d, config, &parts->parts.subnets[i]);
    }
    if (parts->parts.more)
        return true;
    while (d->next < config->subnet_count)
        add_whole(d, &config->subnet_digests[d->next++], ONLY_HERE);
    for (enum config_part part = 0; part < CONFIG_PARTS; part++) {
        if (config->file_digests.part[part] != parts->parts.file.part[part])
            add(d, (struct difference){.part = part, .of_file = true});
    }
    d->named = true;
    return true;
}

bool differences_spare_link(const struct differences *d, const struct config_subnet *subnet,
                            const struct config_subnet *of_address)
{
    if (!d->part[PART_SUBNETS])
        return true;
    if (!d->named || d->total > d->count)
        return false;
    for (size_t i = 0; i < d->count; i++) {
        const struct difference *difference = &d->items[i];

        if (difference->part != PART_SUBNETS || difference->of_file)
            continue;
        if (difference->where == ONLY_THERE ? of_address == NULL
                                            : ip4_equal(difference->network, subnet->network))
            return false;
        if (of_address != NULL && ip4_equal(difference->network, of_address->network))
            return false;
    }
    return true;
}

const char *difference_part_name(enum config_part part)
{
    switch (part) {
    case PART_SUBNETS:
        return "subnets";
    case PART_POOLS:
        return "pools";
    case PART_RESERVATIONS:
        return "reservations";
    case PART_OPTIONS:
        return "options";
    }
    return "unknown";
}

const char *difference_where_name(enum difference_where where)
{
    switch (where) {
    case DIFFERS:
        return "differs";
    case ONLY_HERE:
        return "only here";
    case ONLY_THERE:
        return "only there";
    }
    return "unknown";
}

/* ---- text ---- */

#define ITEM_TEXT_MAX 80
#define MORE_TEXT_MAX 32

static const char *difference_of(enum config_part part)
{
    switch (part) {
    case PART_SUBNETS:
        return "subnet";
    case PART_POOLS:
        return "pools of";
    case PART_RESERVATIONS:
        return "reservations of";
    case PART_OPTIONS:
        return "options of";
    }
    return "unknown part of";
}

static void item_text(const struct difference *item, char out[static ITEM_TEXT_MAX])
{
    char network[IP4_TEXT_SIZE];

    if (item->of_file && item->part == PART_SUBNETS)
        snprintf(out, ITEM_TEXT_MAX, "lease times outside of subnets");
    else if (item->of_file)
        snprintf(out, ITEM_TEXT_MAX, "%s outside of subnets", difference_part_name(item->part));
    else
        snprintf(out, ITEM_TEXT_MAX, "%s %s/%u%s", difference_of(item->part),
                 ip4_format(item->network, network), item->prefix_length,
                 item->where == DIFFERS     ? ""
                 : item->where == ONLY_HERE ? " (only here)"
                                            : " (only there)");
}

struct text {
    char *out;
    size_t size, used, left_out;
};

static void append(struct text *text, const char *item)
{
    const size_t needed = strlen(item) + 2;

    if (text->left_out > 0 || text->used + needed + MORE_TEXT_MAX > text->size) {
        text->left_out++;
        return;
    }
    text->used += (size_t)snprintf(text->out + text->used, text->size - text->used, "%s%s",
                                   text->used > 0 ? ", " : "", item);
}

void differences_text(const struct differences *d, char *out, size_t size)
{
    struct text text = {out, size, 0, 0};
    char item[ITEM_TEXT_MAX];

    ASSERT(size > MORE_TEXT_MAX);
    out[0] = '\0';
    if (d->pair)
        append(&text, "pair");
    for (enum config_part part = 0; !d->named && part < CONFIG_PARTS; part++) {
        if (d->part[part])
            append(&text, difference_part_name(part));
    }
    for (size_t i = 0; i < d->count && d->named; i++) {
        item_text(&d->items[i], item);
        append(&text, item);
    }
    text.left_out += d->named ? d->total - d->count : 0;
    if (text.left_out > 0)
        snprintf(out + text.used, size - text.used, " and %zu more", text.left_out);
}
