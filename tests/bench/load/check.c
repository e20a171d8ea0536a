#include "tests/bench/load/check.h"

/* A server may answer the transactions before this one late, but not those of long ago. */
#define LATE_GENERATIONS 8

static const char *const names[VERDICTS] = {
    [VERDICT_GOOD] = "good",
    [VERDICT_REFUSED] = "refused",
    [VERDICT_LATE] = "late",
    [VERDICT_MALFORMED] = "malformed",
    [VERDICT_UNKNOWN_CLIENT] = "unknown client",
    [VERDICT_WRONG_XID] = "wrong xid",
    [VERDICT_WRONG_TYPE] = "wrong message type",
    [VERDICT_WRONG_RELAY] = "wrong giaddr",
    [VERDICT_WRONG_ADDRESS] = "wrong address",
    [VERDICT_WRONG_SERVER] = "wrong server",
    [VERDICT_NO_LEASE_TIME] = "no lease time",
    [VERDICT_NO_SERVER_ID] = "no server identifier",
    [VERDICT_NO_SUBNET_MASK] = "no subnet mask",
    [VERDICT_DUPLICATE_ADDRESS] = "duplicate address",
};

const char *verdict_name(enum verdict verdict)
{
    ASSERT(verdict < VERDICTS);
    return names[verdict];
}

uint32_t check_xid(uint32_t client, uint32_t generation)
{
    uint64_t mixed = ((uint64_t)client << 32 | generation) + 0x9e3779b97f4a7c15ULL;

    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebULL;
    return (uint32_t)(mixed >> 32);
}

static bool is_earlier_xid(const struct expectation *expected, uint32_t xid)
{
    for (uint32_t back = 1; back <= LATE_GENERATIONS && back <= expected->generation; back++)
        if (xid == check_xid(expected->client, expected->generation - back))
            return true;
    return false;
}

/* What every OFFER and DHCPACK must say, whether anyone still waits for it or not. */
static enum verdict check_contents(const struct reply *reply)
{
    if (!reply->has_server_id || reply->server_id.value == 0)
        return VERDICT_NO_SERVER_ID;
    if (!reply->has_lease_time || reply->lease_time_s == 0)
        return VERDICT_NO_LEASE_TIME;
    if (!reply->has_subnet_mask || reply->subnet_mask.value == 0)
        return VERDICT_NO_SUBNET_MASK;
    if (reply->yiaddr.value == 0)
        return VERDICT_WRONG_ADDRESS;
    return VERDICT_GOOD;
}

static enum verdict check_ack(const struct expectation *expected, const struct reply *reply,
                              const struct holders *holders, uint64_t now_s)
{
    uint32_t holder = holders_find(holders, reply->yiaddr, now_s);

    if (!ip4_equal(reply->yiaddr, expected->address))
        return VERDICT_WRONG_ADDRESS;
    if (expected->server.value != 0 && !ip4_equal(reply->server_id, expected->server))
        return VERDICT_WRONG_SERVER;
    if (holder != HOLDERS_NOBODY && holder != expected->client)
        return VERDICT_DUPLICATE_ADDRESS;
    return VERDICT_GOOD;
}

/* An OFFER or DHCPACK with the xid of the present transaction. */
static enum verdict check_current(const struct expectation *expected, const struct reply *reply,
                                  const struct holders *holders, uint64_t now_s)
{
    bool offer = reply->type == DHCP4_OFFER;

    if (!ip4_equal(reply->giaddr, expected->relay))
        return VERDICT_WRONG_RELAY;
    if (offer && !expected->discovered)
        return VERDICT_WRONG_TYPE;
    switch (expected->waiting) {
    case CHECK_WAITS_NOT:
        return VERDICT_LATE;
    case CHECK_WAITS_OFFER:
        return offer ? VERDICT_GOOD : VERDICT_WRONG_TYPE;
    case CHECK_WAITS_ACK:
        return offer ? VERDICT_LATE : check_ack(expected, reply, holders, now_s);
    }
    UNREACHABLE("what a client waits for");
}

enum verdict check_reply(const struct expectation *expected, const struct reply *reply,
                         const struct holders *holders, uint64_t now_s)
{
    bool current = reply->xid == check_xid(expected->client, expected->generation);
    enum verdict verdict;

    ASSERT(reply->client == expected->client);
    if (reply->op != DHCP4_BOOTREPLY)
        return VERDICT_MALFORMED;
    if (!current && !is_earlier_xid(expected, reply->xid))
        return VERDICT_WRONG_XID;
    if (reply->type != DHCP4_OFFER && reply->type != DHCP4_ACK && reply->type != DHCP4_NAK)
        return VERDICT_WRONG_TYPE;
    if (reply->type == DHCP4_NAK)
        return current && expected->waiting == CHECK_WAITS_ACK ? VERDICT_REFUSED : VERDICT_LATE;
    verdict = check_contents(reply);
    if (verdict != VERDICT_GOOD)
        return verdict;
    return current ? check_current(expected, reply, holders, now_s) : VERDICT_LATE;
}

enum verdict check_echo(const struct expectation *expected, const struct reply *reply)
{
    enum dhcp4_type sent =
        expected->waiting == CHECK_WAITS_OFFER ? DHCP4_DISCOVER : DHCP4_REQUEST;

    ASSERT(reply->client == expected->client);
    if (reply->xid != check_xid(expected->client, expected->generation))
        return is_earlier_xid(expected, reply->xid) ? VERDICT_LATE : VERDICT_WRONG_XID;
    if (reply->op != DHCP4_BOOTREQUEST)
        return VERDICT_MALFORMED;
    if (expected->waiting == CHECK_WAITS_NOT || reply->type != sent)
        return VERDICT_LATE;
    return VERDICT_GOOD;
}
