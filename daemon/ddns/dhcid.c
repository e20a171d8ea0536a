/* daemon/ddns/dhcid.c - the DHCID record (RFC 4701 3). */
#include "daemon/ddns/dhcid.h"

#include <ldns/ldns.h>

#define NAME_WIRE_MAX 255
#define KEY_MAX       256

/* RFC 4701 3.3: what names the client, and of which kind that is. */
enum { OF_HARDWARE = 0, OF_CLIENT_ID = 1, OF_DUID = 2 };
#define DIGEST_SHA256 1

#define TAG_CLIENT_ID  1   /* of a client key */
#define TYPE_WITH_DUID 255 /* RFC 4361 6.1: then IAID (4), DUID */
#define BEFORE_DUID    5

static struct span identifier_of(struct span key, uint8_t *type)
{
    struct span id;

    ASSERT(key.size > 1);
    id = span_of(key.data + 1, key.size - 1);
    *type = key.data[0] == TAG_CLIENT_ID ? OF_CLIENT_ID : OF_HARDWARE;
    if (*type == OF_CLIENT_ID && id.data[0] == TYPE_WITH_DUID && id.size > BEFORE_DUID) {
        *type = OF_DUID;
        id = span_of(id.data + BEFORE_DUID, id.size - BEFORE_DUID);
    }
    return id;
}

/* Labels with their lengths, and the root. */
static size_t put_wire(const char *name, uint8_t *out)
{
    size_t at = 0;

    for (;;) {
        const size_t label = strcspn(name, ".");

        ASSERT(at + label + 2 <= NAME_WIRE_MAX);
        out[at++] = (uint8_t)label;
        memcpy(out + at, name, label);
        at += label;
        if (name[label] == '\0')
            break;
        name += label + 1;
    }
    out[at++] = 0;
    return at;
}

void dhcid_make(struct span key, const char *name, uint8_t out[static DHCID_SIZE])
{
    uint8_t data[KEY_MAX + NAME_WIRE_MAX];
    const struct span id = identifier_of(key, &out[1]);

    ASSERT(id.size <= KEY_MAX);
    memcpy(data, id.data, id.size);
    out[0] = 0;
    out[2] = DIGEST_SHA256;
    (void)ldns_sha256(data, (unsigned)(id.size + put_wire(name, data + id.size)), out + 3);
}
