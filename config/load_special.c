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

/* ---- clients (keys as of dhcp4_client_key()) ---- */

enum { HTYPE_ETHERNET = 1, CHADDR_MAX = 16, ETHERNET_SIZE = 6 };
#define CLIENT_ID_MAX 255

static bool load_hardware(struct loader *l, const struct node *node, struct span *key)
{
    const char *text = load_text(l, "hw-address", node);
    const char *slash, *address = text;
    uint8_t bytes[2 + CHADDR_MAX] = {0, HTYPE_ETHERNET};
    size_t size = CHADDR_MAX;
    uint32_t type = HTYPE_ETHERNET;
    char digits[4] = "";

    if (text == NULL)
        return false;
    slash = strchr(text, '/');
    if (slash != NULL) {
        if ((size_t)(slash - text) < sizeof(digits))
            memcpy(digits, text, (size_t)(slash - text));
        if (!number_parse(digits, UINT8_MAX, &type) || type == 0) {
            complain(l, node, "hw-address: %s has no hardware type before '/'; write 1 to 255",
                     quoted(l, text));
            return false;
        }
        address = slash + 1;
    }
    if (!hex_parse(address, bytes + 2, &size) || size == 0) {
        complain(l, node, "hw-address: %s is not %s", quoted(l, text),
                 schema_type_name(SCHEMA_HARDWARE));
        return false;
    }
    if (type == HTYPE_ETHERNET && size != ETHERNET_SIZE) {
        complain(l, node, "hw-address: %s has %zu bytes; an Ethernet address has 6",
                 quoted(l, text), size);
        return false;
    }
    bytes[1] = (uint8_t)type;
    *key = arena_span(l->arena, span_of(bytes, 2 + size));
    return true;
}

static bool load_client_id(struct loader *l, const struct node *node, struct span *key)
{
    static const char prefix[] = "text:";
    const char *text = load_text(l, "client-id", node);
    uint8_t bytes[1 + CLIENT_ID_MAX] = {1};
    size_t size = CLIENT_ID_MAX;

    if (text == NULL)
        return false;
    if (strncmp(text, prefix, sizeof(prefix) - 1) == 0) {
        text += sizeof(prefix) - 1;
        size = strlen(text);
        if (size == 0 || size > CLIENT_ID_MAX) {
            complain(l, node, "client-id: the text has %zu bytes; write 1 to %d", size,
                     CLIENT_ID_MAX);
            return false;
        }
        memcpy(bytes + 1, text, size);
    } else if (!hex_parse(text, bytes + 1, &size) || size == 0) {
        complain(l, node, "client-id: %s is not %s", quoted(l, text),
                 schema_type_name(SCHEMA_CLIENT_ID));
        return false;
    }
    *key = arena_span(l->arena, span_of(bytes, 1 + size));
    return true;
}

bool load_client(struct loader *l, const struct section *reservation, struct span *key)
{
    const struct node *hardware = section_value(reservation, "hw-address");
    const struct node *identifier = section_value(reservation, "client-id");

    if (hardware != NULL)
        return load_hardware(l, hardware, key);
    return identifier != NULL && load_client_id(l, identifier, key);
}
