#include "daemon/core/facts.h"

#include "daemon/core/builtin.h"
#include "ha/hash.h"

static struct span number(uint32_t value, uint8_t room[static FACT_ROOM])
{
    room[0] = (uint8_t)(value >> 24);
    room[1] = (uint8_t)(value >> 16);
    room[2] = (uint8_t)(value >> 8);
    room[3] = (uint8_t)value;
    return span_of(room, 4);
}

static struct span hardware_text(const struct dhcp4_packet *p, uint8_t room[static FACT_ROOM])
{
    _Static_assert(sizeof(p->chaddr) * 3 <= FACT_ROOM, "two digits and a colon each");
    hex_format(span_of(p->chaddr, p->hlen), (char *)room, FACT_ROOM);
    return span_of(room, p->hlen > 0 ? (size_t)p->hlen * 3 - 1 : 0);
}

static struct span text(const char *value)
{
    return value != NULL ? span_of(value, strlen(value)) : span_of("", 0);
}

struct span fact_field(const struct facts *facts, enum packet_field field,
                       uint8_t room[static FACT_ROOM])
{
    const struct dhcp4_packet *p = facts->packet;

    switch (field) {
    case FIELD_GIADDR:
        return number(p->giaddr.value, room);
    case FIELD_CIADDR:
        return number(p->ciaddr.value, room);
    case FIELD_YIADDR:
        return number(p->yiaddr.value, room);
    case FIELD_SIADDR:
        return number(p->siaddr.value, room);
    case FIELD_HW_ADDRESS:
        return span_of(p->chaddr, p->hlen);
    case FIELD_HW_TEXT:
        return hardware_text(p, room);
    case FIELD_HW_TYPE:
        return number(p->htype, room);
    case FIELD_HW_LENGTH:
        return number(p->hlen, room);
    case FIELD_SECS:
        return number(hash_client_secs(p->secs), room);
    case FIELD_FLAGS:
        return number(p->flags, room);
    case FIELD_BROADCAST:
        return number((p->flags & DHCP4_FLAG_BROADCAST) != 0, room);
    case FIELD_HOPS:
        return number(p->hops, room);
    case FIELD_MESSAGE_TYPE:
        return number(p->type, room);
    case FIELD_TRANSACTION:
        return number(p->xid, room);
    case FIELD_INTERFACE:
        return text(facts->datagram->interface_name);
    case FIELD_SOURCE:
        return number(facts->datagram->source.value, room);
    case FIELD_DESTINATION:
        return number(facts->datagram->destination.value, room);
    case FIELD_SIZE:
        return number((uint32_t)facts->datagram->payload.size, room);
    }
    UNREACHABLE("every field has a value");
}

bool fact_in_class(const struct facts *facts, uint32_t class)
{
    if (class < CONFIG_BUILTINS)
        return builtin_holds((enum config_builtin) class, facts);
    class -= CONFIG_BUILTINS;
    return facts->classes != NULL && (facts->classes[class / 64] >> class % 64 & 1) != 0;
}
