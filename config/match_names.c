#include "config/match_names.h"

/* RFC 3046, 3527, 3993, 5010, 5107, 6925, ... */
static const struct {
    const char *name;
    uint8_t sub;
    enum option_type type;
} relay_names[] = {
    {"circuit-id", 1, OPTION_TYPE_BINARY},       {"remote-id", 2, OPTION_TYPE_BINARY},
    {"docsis-device-class", 4, OPTION_TYPE_U32}, {"link-selection", 5, OPTION_TYPE_IP},
    {"subscriber-id", 6, OPTION_TYPE_BINARY},    {"relay-flags", 10, OPTION_TYPE_U8},
    {"server-id-override", 11, OPTION_TYPE_IP},  {"relay-id", 12, OPTION_TYPE_BINARY},
};

bool match_relay_name(const char *name, uint8_t *sub, enum option_type *type)
{
    for (size_t i = 0; i < ARRAY_SIZE(relay_names); i++) {
        if (strcmp(relay_names[i].name, name) == 0) {
            *sub = relay_names[i].sub;
            *type = relay_names[i].type;
            return true;
        }
    }
    return false;
}

const char *match_relay_name_at(size_t i)
{
    return i < ARRAY_SIZE(relay_names) ? relay_names[i].name : NULL;
}

static const struct match_field fields[] = {
    {"giaddr", FIELD_GIADDR, FIELD_ADDRESS, 0},
    {"ciaddr", FIELD_CIADDR, FIELD_ADDRESS, 0},
    {"hw-address", FIELD_HW_TEXT, FIELD_HARDWARE, 0},
    {"hw-type", FIELD_HW_TYPE, FIELD_NUMBER, UINT8_MAX},
    {"secs", FIELD_SECS, FIELD_NUMBER, UINT16_MAX},
    {"flags", FIELD_FLAGS, FIELD_NUMBER, UINT16_MAX},
    {"broadcast", FIELD_BROADCAST, FIELD_FLAG, 0},
    {"hops", FIELD_HOPS, FIELD_NUMBER, UINT8_MAX},
    {"message-type", FIELD_MESSAGE_TYPE, FIELD_NUMBER, UINT8_MAX},
    {"interface", FIELD_INTERFACE, FIELD_TEXT, 0},
    {"source", FIELD_SOURCE, FIELD_ADDRESS, 0},
    {"destination", FIELD_DESTINATION, FIELD_ADDRESS, 0},
    {"size", FIELD_SIZE, FIELD_NUMBER, UINT16_MAX},
};

const struct match_field *match_field_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

const struct match_field *match_field_at(size_t i)
{
    return i < ARRAY_SIZE(fields) ? &fields[i] : NULL;
}

bool match_field_is_of_first_contact(enum packet_field field)
{
    switch (field) {
    case FIELD_HW_ADDRESS:
    case FIELD_HW_TEXT:
    case FIELD_HW_TYPE:
    case FIELD_HW_LENGTH:
    case FIELD_INTERFACE:
        return false;
    case FIELD_GIADDR:
    case FIELD_CIADDR:
    case FIELD_YIADDR:
    case FIELD_SIADDR:
    case FIELD_SECS:
    case FIELD_FLAGS:
    case FIELD_BROADCAST:
    case FIELD_HOPS:
    case FIELD_MESSAGE_TYPE:
    case FIELD_TRANSACTION:
    case FIELD_SOURCE:
    case FIELD_DESTINATION:
    case FIELD_SIZE:
        return true;
    }
    return true;
}
