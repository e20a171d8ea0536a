/* config/load_special.c - values that need more than the schema table says. */
#include "config/loader.h"

/* ---- lease time ---- */

static uint32_t written_or(uint32_t written, uint32_t otherwise)
{
    return written != 0 ? written : otherwise;
}

/* What is written stands; what is not written is what holds above, bent to what is. */
static struct config_lease_time bend(const struct config_lease_time *written,
                                     const struct config_lease_time *above)
{
    struct config_lease_time time = {written_or(written->default_s, above->default_s),
                                     written_or(written->min_s, above->min_s),
                                     written_or(written->max_s, above->max_s)};

    if (written->default_s == 0) {
        if (written->min_s != 0 && time.default_s < time.min_s)
            time.default_s = time.min_s;
        if (written->max_s != 0 && time.default_s > time.max_s)
            time.default_s = time.max_s;
    }
    if (written->min_s == 0 && time.min_s > time.default_s)
        time.min_s = time.default_s;
    if (written->max_s == 0 && time.max_s < time.default_s)
        time.max_s = time.default_s;
    return time;
}

static void check_order(struct loader *l, const struct section *section,
                        const struct config_lease_time *written)
{
    const struct node *first = section_value(section, "default");
    const struct node *min = section_value(section, "min");
    const struct node *max = section_value(section, "max");

    if (written->min_s != 0 && written->max_s != 0 && written->min_s > written->max_s)
        complain(l, min, "lease-time: min %s is above max %s; write min <= default <= max",
                 min->text, max->text);
    else if (written->default_s != 0 && written->default_s < written->min_s)
        complain(l, first,
                 "lease-time: default %s is below min %s; write min <= default <= max",
                 first->text, min->text);
    else if (written->default_s != 0 && written->max_s != 0 &&
             written->default_s > written->max_s)
        complain(l, first,
                 "lease-time: default %s is above max %s; write min <= default <= max",
                 first->text, max->text);
}

void load_lease_time(struct loader *l, const struct node *node,
                     const struct config_lease_time *above, struct config_lease_time *out,
                     struct config_lease_time *effective)
{
    struct config_lease_time written = {0, 0, 0}, time;

    if (node != NULL && node->kind == NODE_SCALAR) {
        struct schema_key key = schema_lease_time.keys[0];

        key.name = "lease-time";
        load_value(l, &key, node, &written);
    } else if (node != NULL) {
        struct section section =
            section_read(l, &schema_lease_time, "lease-time", node, &written);

        if (section.map != NULL)
            check_order(l, &section, &written);
    }
    time = bend(&written, above);
    /* Set at this level: what is written, and what had to give way to it. */
    out->default_s = time.default_s != above->default_s ? time.default_s : written.default_s;
    out->min_s = time.min_s != above->min_s ? time.min_s : written.min_s;
    out->max_s = time.max_s != above->max_s ? time.max_s : written.max_s;
    if (effective != NULL)
        *effective = time;
}

/* ---- ranges ---- */

bool load_range(struct loader *l, const char *key, const struct node *node,
                struct ip4_range *out)
{
    const char *text = load_text(l, key, node);
    char network_text[NETWORK_TEXT_SIZE], range_text[RANGE_TEXT_SIZE];
    struct network network;
    struct ip4_range range;

    if (text == NULL)
        return false;
    switch (range_parse(text, &range, &network)) {
    case RANGE_MALFORMED:
        complain(l, node, "%s: %s is not a range; write %s", key, quoted(l, text),
                 schema_type_name(SCHEMA_RANGE));
        return false;
    case RANGE_NETWORK:
        if (!ip4_equal(network.address, range.first)) {
            network.address = range.first;
            complain(l, node, "%s: %s has host bits set; write %s", key, quoted(l, text),
                     network_format(network, network_text));
            return false;
        }
        break;
    case RANGE_TWO:
        if (range.first.value > range.last.value) {
            range = (struct ip4_range){range.last, range.first};
            complain(l, node, "%s: %s runs backwards; write %s", key, quoted(l, text),
                     range_format(range, range_text));
            return false;
        }
        break;
    case RANGE_ONE:
        break;
    }
    *out = range;
    return true;
}
