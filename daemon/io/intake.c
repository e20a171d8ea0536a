#include "daemon/io/intake.h"

#define XID_AT      4
#define CHADDR_AT   28
#define CHADDR_SIZE 16
#define OPTIONS_AT  240
#define SLOTS       2048 /* a power of two, well above INTAKE_MAX */

/* The message type of option 53, wherever it stands; 0 when there is none. */
static uint8_t peek_type(struct span p)
{
    size_t at = OPTIONS_AT;

    while (at + 2 < p.size && p.data[at] != OPTION_END) {
        if (p.data[at] == OPTION_PAD) {
            at++;
            continue;
        }
        if (p.data[at] == OPTION_MESSAGE_TYPE)
            return p.data[at + 2];
        at += 2U + p.data[at + 1];
    }
    return 0;
}

/* FNV-1a over xid, chaddr and type. */
static uint32_t hash_of(struct span p, uint8_t type)
{
    uint32_t hash = (2166136261U ^ type) * 16777619U;

    for (size_t i = XID_AT; i < XID_AT + 4; i++)
        hash = (hash ^ p.data[i]) * 16777619U;
    for (size_t i = CHADDR_AT; i < CHADDR_AT + CHADDR_SIZE; i++)
        hash = (hash ^ p.data[i]) * 16777619U;
    return hash ^ hash >> 15;
}

static bool same_message(struct span a, struct span b)
{
    return memcmp(a.data + XID_AT, b.data + XID_AT, 4) == 0 &&
           memcmp(a.data + CHADDR_AT, b.data + CHADDR_AT, CHADDR_SIZE) == 0 &&
           peek_type(a) == peek_type(b);
}

/* Has the turn a later copy of this message?  Remembers it otherwise.  Called from the newest
 * to the oldest: the newest copy counts, for its `secs` say how long the client has waited. */
static bool is_old_copy(uint16_t slots[static SLOTS], const struct datagram *datagrams,
                        uint16_t index, uint8_t type)
{
    uint32_t at = hash_of(datagrams[index].payload, type) % SLOTS;

    for (; slots[at] != 0; at = (at + 1) % SLOTS) {
        if (same_message(datagrams[slots[at] - 1].payload, datagrams[index].payload))
            return true;
    }
    slots[at] = (uint16_t)(index + 1);
    return false;
}

/* First all but DHCPDISCOVERs in the order in which they came, then those, the newest first. */
static size_t order_by_worth(struct intake *intake, const struct datagram *datagrams,
                             size_t count, uint16_t order[static INTAKE_MAX])
{
    uint16_t slots[SLOTS] = {0}, discovers[INTAKE_MAX] = {0};
    size_t others = 0, discover_count = 0, first;

    for (size_t i = count; i-- > 0;) {
        const struct span p = datagrams[i].payload;
        const uint8_t type = p.size > OPTIONS_AT ? peek_type(p) : 0;

        if (type != 0 && is_old_copy(slots, datagrams, (uint16_t)i, type)) {
            intake->duplicates++;
        } else if (type == DHCP4_DISCOVER) {
            discovers[discover_count++] = (uint16_t)i;
        } else {
            others++;
            order[INTAKE_MAX - others] = (uint16_t)i;
        }
    }
    first = INTAKE_MAX - others;
    memmove(order, order + first, others * sizeof(order[0]));
    memcpy(order + others, discovers, discover_count * sizeof(order[0]));
    return others + discover_count;
}

size_t intake_order(struct intake *intake, const struct datagram *datagrams, size_t count,
                    bool full, uint16_t order[static INTAKE_MAX])
{
    size_t kept;

    ASSERT(count <= INTAKE_MAX);
    if (!full) {
        intake->full_turns = 0;
        for (size_t i = 0; i < count; i++)
            order[i] = (uint16_t)i;
        return count;
    }
    kept = order_by_worth(intake, datagrams, count, order);
    if (++intake->full_turns <= INTAKE_TURNS || kept <= INTAKE_SHARE)
        return kept;
    intake->shed += kept - INTAKE_SHARE;
    return INTAKE_SHARE;
}
