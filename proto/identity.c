/* proto/identity.c - see identity.h */
#include "proto/identity.h"

#define RELAY_CIRCUIT_ID 1
#define RELAY_REMOTE_ID  2

/* RFC 4361 6.1: type 255, IAID, DUID; a DUID has a type of two bytes and something more. */
#define DUID_MARK   255
#define DUID_BEFORE 5
#define DUID_MIN    3

#define HARDWARE_BEFORE 2 /* tag and type; nothing more is nobody's address */

const char *identity_name(enum identity kind)
{
    switch (kind) {
    case IDENTITY_HW_ADDRESS:
        return "hw-address";
    case IDENTITY_CLIENT_ID:
        return "client-id";
    case IDENTITY_CIRCUIT_ID:
        return "circuit-id";
    case IDENTITY_REMOTE_ID:
        return "remote-id";
    case IDENTITY_DUID:
        return "duid";
    case IDENTITY_FLEX_ID:
        return "flex-id";
    }
    return "?";
}

static struct span tagged(enum identity kind, struct span bytes,
                          uint8_t out[static CLIENT_KEY_MAX])
{
    if (bytes.size == 0 || bytes.size >= CLIENT_KEY_MAX)
        return span_of(NULL, 0);
    out[0] = (uint8_t)kind;
    memcpy(out + 1, bytes.data, bytes.size);
    return span_of(out, 1 + bytes.size);
}

struct span identity_key(const struct client_names *names, enum identity kind,
                         uint8_t out[static CLIENT_KEY_MAX])
{
    const bool has_id = names->key.size > 0 && names->key.data[0] == IDENTITY_CLIENT_ID;
    const struct span id =
        has_id ? span_of(names->key.data + 1, names->key.size - 1) : span_of(NULL, 0);

    switch (kind) {
    case IDENTITY_HW_ADDRESS:
        if (names->hardware_key.size <= HARDWARE_BEFORE)
            return span_of(NULL, 0);
        return tagged(kind, span_of(names->hardware_key.data + 1, names->hardware_key.size - 1),
                      out);
    case IDENTITY_CLIENT_ID:
        return tagged(kind, id, out);
    case IDENTITY_CIRCUIT_ID:
        return tagged(kind, dhcp4_suboption(names->relay_info, RELAY_CIRCUIT_ID), out);
    case IDENTITY_REMOTE_ID:
        return tagged(kind, dhcp4_suboption(names->relay_info, RELAY_REMOTE_ID), out);
    case IDENTITY_DUID:
        if (id.size < DUID_BEFORE + DUID_MIN || id.data[0] != DUID_MARK)
            return span_of(NULL, 0);
        return tagged(kind, span_of(id.data + DUID_BEFORE, id.size - DUID_BEFORE), out);
    case IDENTITY_FLEX_ID:
        return tagged(kind, names->flex_id, out);
    }
    return span_of(NULL, 0);
}

bool identity_is_of(const struct client_names *names, struct span key)
{
    uint8_t bytes[CLIENT_KEY_MAX];

    return key.size > 0 && key.data[0] < IDENTITIES &&
           span_equal(identity_key(names, (enum identity)key.data[0], bytes), key);
}
