#include "help_random.h"

#include <stdio.h>

#include "daemon/core/dns.h"

uint32_t dice_throw(struct dice *dice, uint32_t sides)
{
    dice->state = dice->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(dice->state >> 33) % sides;
}

#define TEXT(bytes)                                                                            \
    {                                                                                          \
        (const uint8_t *)(bytes), sizeof(bytes) - 1                                            \
    }

static struct span one_of(struct dice *dice, const struct span *spans, size_t count)
{
    return spans[dice_throw(dice, (uint32_t)count)];
}

/* ---- addresses ---- */

static struct ip4 any_address(struct dice *dice, const struct config *config)
{
    const struct config_pool *pool =
        &config->pools[dice_throw(dice, (uint32_t)config->pool_count)];

    switch (dice_throw(dice, 8)) {
    case 0:
        return ip4(0);
    case 1:
        return ip4(0x0a4d0009 + dice_throw(dice, 3)); /* reserved, outside of the pools */
    case 2:
        return ip4(0xc0000201); /* on no link */
    default:
        return ip4(pool->range.first.value +
                   dice_throw(dice, pool->range.last.value - pool->range.first.value + 2));
    }
}

/* What the client is known to have, where it has anything: else a walk of chance seldom renews.
 */
static struct ip4 own_address(struct dice *dice, struct pair *pair, const struct ask *ask)
{
    const struct node *node = &pair->nodes[dice_throw(dice, 2)];
    const struct config *config = pair->nodes[0].config;
    const struct config_subnet *subnet =
        &config
             ->subnets[dice_throw(dice, 2) * dice_throw(dice, (uint32_t)config->subnet_count)];
    const uint8_t hardware[8] = {0, 1, 2, 0, 0, 0, 0, ask->client};
    uint8_t identifier[64] = {1};
    struct span key = span_of(hardware, sizeof(hardware));
    const struct lease *lease;
    struct lease_offer offer;

    if (node->server == NULL || dice_throw(dice, 4) == 0)
        return any_address(dice, config);
    if (ask->client_id.size > 0) {
        memcpy(identifier + 1, ask->client_id.data, ask->client_id.size);
        key = span_of(identifier, 1 + ask->client_id.size);
    }
    lease = lease_table_find_client(server_leases(node->server), subnet, key);
    if (lease != NULL && dice_throw(dice, 2) == 0)
        return lease->binding.address;
    if (lease_table_offer_to(server_leases(node->server), subnet, key, pair->now, &offer))
        return offer.address;
    return any_address(dice, config);
}

/* ---- a message ---- */

static const struct span relay_infos[] = {
    TEXT("\1\2e7"),
    TEXT("\1\2e8\2\2r1"),
    TEXT("\2\2r1"),
    TEXT("\1\2f1\2\2r2"),
    TEXT("\5\4\x0a\x4d\0\0"),
    TEXT("\x0b\4\x0a\x50\0\2"),
    TEXT("\1\2e9\x13\0"),
    TEXT("\1\4e"),
    TEXT("\5\4\x0a\x50\1\0\2\2r3"),
};

static const struct span client_ids[] = {
    TEXT("\0one"),
    TEXT("\0two"),
    TEXT("\xff\0\0\0\1\0\3\0\1\2\0"),
};

static const struct span options[] = {
    TEXT("\x3c\x0bHTTPClient:"),
    TEXT("\x3c\x11PXEClient/1/02000"),
    TEXT("\x4d\5\4iPXE"),
    TEXT("\x4d\4iPXE"),
    TEXT("\x0c\3web"),
    TEXT("\x0c\5We_b1"),
    TEXT("\x51\7\1\0\0web1"),
    TEXT("\x51\x0e\5\0\0\3web\4file\3net"),
    TEXT("\x51\6\x0c\0\0\2ab"),
    TEXT("\x51\1\0"),
    TEXT("\x74\1\1"),
    TEXT("\xe6\4\0\0\0\7"),
    TEXT("\x5d\2\0\7\x3c\x09PXEClient"),
    TEXT("\x76\4\x0a\x50\0\0"),
    TEXT("\x7c\x0e\0\0\0\x09\x09"
         "docsis3.0"),
};

static const struct span wishes[] = {
    TEXT("\1\3\6\x0c\x0f\x1c"),
    TEXT("\1\3\6\x0f\x6c\x77"),
    TEXT("\x2a\x77\x2b\x3a\x3b\x42\x43\x7c\x7d\xaf\xe6\xe7\xe8\xe9\x51"),
    TEXT("\x6c"),
};

static enum dhcp4_type random_type(struct dice *dice)
{
    static const enum dhcp4_type types[] = {DHCP4_DISCOVER, DHCP4_DISCOVER,   DHCP4_REQUEST,
                                            DHCP4_REQUEST,  DHCP4_REQUEST,    DHCP4_REQUEST,
                                            DHCP4_RELEASE,  DHCP4_DECLINE,    DHCP4_INFORM,
                                            DHCP4_OFFER,    DHCP4_LEASEQUERY, DHCP4_NONE};

    return types[dice_throw(dice, ARRAY_SIZE(types))];
}

/* Who asks, and what it says of itself. */
static void introduce(struct dice *dice, struct ask *ask)
{
    if (dice_throw(dice, 4) == 0)
        ask->client_id = one_of(dice, client_ids, ARRAY_SIZE(client_ids));
    if (dice_throw(dice, 2) == 0)
        ask->parameters = one_of(dice, wishes, ARRAY_SIZE(wishes));
    if (dice_throw(dice, 2) == 0)
        ask->options = one_of(dice, options, ARRAY_SIZE(options));
    if (dice_throw(dice, 4) == 0)
        ask->max_size = 600;
    if (dice_throw(dice, 6) == 0)
        ask->lease_time = dice_throw(dice, 2) == 0 ? UINT32_MAX : dice_throw(dice, 900);
    ask->rapid_commit = dice_throw(dice, 3) == 0;
}

struct ask random_ask(struct dice *dice, struct pair *pair)
{
    static const uint32_t relays[] = {0xc0000201, 0xc0000263, 0x0a500001,
                                      0x0a500101, 0x0a510001, 0x0a520001,
                                      0x0a530001, 0x0a540001, 0x0a500101};
    struct ask ask = {.type = random_type(dice),
                      .client = (uint8_t)dice_throw(dice, RANDOM_CLIENTS),
                      .xid = 1 + dice_throw(dice, 6),
                      .secs = (uint16_t)(dice_throw(dice, 4) * 2)};

    introduce(dice, &ask);
    if (dice_throw(dice, 3) == 0)
        ask.requested = own_address(dice, pair, &ask);
    if (dice_throw(dice, 3) == 0)
        ask.ciaddr = own_address(dice, pair, &ask);
    if (ask.type == DHCP4_DECLINE ||
        (ask.type == DHCP4_REQUEST && ask.ciaddr.value == 0 && ask.requested.value == 0))
        ask.requested = own_address(dice, pair, &ask);
    if (ask.type == DHCP4_RELEASE)
        ask.ciaddr = own_address(dice, pair, &ask);
    if (ask.type == DHCP4_RELEASE || ask.type == DHCP4_DECLINE || dice_throw(dice, 2) == 0)
        ask.server = dice_throw(dice, 8) == 0   ? any_address(dice, pair->nodes[0].config)
                     : dice_throw(dice, 8) == 0 ? ip4(0x0a500002)
                                                : node_address((enum role)dice_throw(dice, 2));
    if (dice_throw(dice, 3) == 0) {
        ask.giaddr = ip4(relays[dice_throw(dice, ARRAY_SIZE(relays))]);
        if (dice_throw(dice, 2) == 0)
            ask.relay_info = one_of(dice, relay_infos, ARRAY_SIZE(relay_infos));
    } else if (dice_throw(dice, 3) == 0) {
        ask.to = node_address((enum role)dice_throw(dice, 2));
    }
    return ask;
}

struct datagram random_datagram(struct dice *dice, const struct ask *ask, enum role role,
                                uint8_t bytes[static 1500])
{
    struct datagram datagram = {
        .source = ask->giaddr.value != 0 ? ask->giaddr : ask->ciaddr,
        .destination = ask->to.value != 0 ? ask->to : ip4(UINT32_MAX),
        .local = node_address(role),
        .source_port = DHCP4_CLIENT_PORT,
        .interface = 2,
        .interface_name = dice_throw(dice, 6) == 0 ? "eth1" : "eth0",
        .payload = span_of(bytes, ask_encode(ask, bytes)),
    };

    if (dice_throw(dice, 20) == 0)
        datagram.payload.size = dice_throw(dice, (uint32_t)datagram.payload.size);
    return datagram;
}

/* ---- the world ---- */

static void mend(struct pair *pair, bool alone)
{
    pair_mend(pair);
    pair->hold_frames = false;
    for (int i = 0; i < (alone ? 1 : 2); i++) {
        pair->nodes[i].hold_store = pair->nodes[i].full_store = false;
        if (pair->nodes[i].server == NULL)
            pair_start(pair, (enum role)i);
    }
}

void random_fault(struct dice *dice, struct pair *pair, bool alone)
{
    const enum role role = (enum role)dice_throw(dice, alone ? 1 : 2);
    struct node *node = &pair->nodes[role];
    const char *why;

    switch (dice_throw(dice, 10)) {
    case 0:
        if (node->server != NULL)
            pair_kill(pair, role);
        break;
    case 1:
        pair_cut(pair);
        break;
    case 2:
        node->hold_store = true;
        break;
    case 3:
        pair->hold_frames = true;
        break;
    case 4:
        if (node->server != NULL &&
            server_partner_down(node->server, pair->now, false, &why, &node->fx) == TD_OK)
            pair_settle(pair);
        break;
    case 5:
        node->full_store = true;
        break;
    default:
        mend(pair, alone);
        break;
    }
}

static void reserve(struct dice *dice, struct pair *pair, struct node *node)
{
    const enum reservation_command command = (enum reservation_command)dice_throw(dice, 3);
    const struct ip4 address = any_address(dice, node->config);
    struct reservation_change done;
    char text[200], why[512], at[IP4_TEXT_SIZE];
    int size = snprintf(text, sizeof(text), "{hw-address: '02:00:00:00:00:%02x'",
                        dice_throw(dice, RANDOM_CLIENTS));

    if (dice_throw(dice, 4) == 0)
        size = snprintf(text, sizeof(text), "{circuit-id: 'text:e%u'", dice_throw(dice, 10));
    if (address.value != 0)
        size += snprintf(text + size, sizeof(text) - (size_t)size, ", address: %s",
                         ip4_format(address, at));
    if (command != RESERVATION_REMOVE)
        size += snprintf(text + size, sizeof(text) - (size_t)size, ", host-name: made");
    size += snprintf(text + size, sizeof(text) - (size_t)size, "}");
    if (server_reservation(node->server, pair->now, command, span_of(text, (size_t)size), &done,
                           why, sizeof(why), &node->fx) == TD_OK)
        server_flush(node->server, pair->now, &node->fx);
}

static void work_for_dns(struct dice *dice, struct pair *pair, struct node *node)
{
    struct dns_job job;

    for (int i = 0; i < 3 && server_dns_next(node->server, pair->now, &job, &node->fx); i++) {
        server_flush(node->server, pair->now, &node->fx);
        server_dns_done(node->server, pair->now, &job, (enum dns_outcome)dice_throw(dice, 4),
                        "no answer", &node->fx);
        server_flush(node->server, pair->now, &node->fx);
    }
}

void random_event(struct dice *dice, struct pair *pair)
{
    struct node *node = &pair->nodes[dice_throw(dice, 2)];

    if (node->server == NULL)
        return;
    switch (dice_throw(dice, 12)) {
    case 0:
        reserve(dice, pair, node);
        break;
    case 1:
    case 2:
        if (server_config(node->server)->ddns != NULL)
            work_for_dns(dice, pair, node);
        break;
    default:
        break;
    }
    pair_settle(pair);
}

void random_probe_answer(struct dice *dice, struct pair *pair, enum role role)
{
    struct node *node = &pair->nodes[role];
    const size_t kept = node->probe_count < PROBES_KEPT ? node->probe_count : PROBES_KEPT;
    struct probe_result result = {.outcome = PROBE_ANSWERED};

    if (kept == 0 || node->server == NULL)
        return;
    result.number = node->probes[dice_throw(dice, (uint32_t)kept)].number;
    for (size_t i = 0; i < kept; i++)
        if (node->probes[i].number == result.number)
            result.address = node->probes[i].address;
    if (dice_throw(dice, 3) == 0)
        result.outcome = dice_throw(dice, 2) == 0 ? PROBE_NO_WAY : PROBE_NOT_SENT;
    if (result.outcome == PROBE_ANSWERED && dice_throw(dice, 2) == 0) {
        result.hlen = 6;
        memcpy(result.hardware, (uint8_t[]){2, 0, 0, 0, 0, 1}, 6);
    }
    server_probe_result(node->server, pair->now, &result, &node->fx);
    server_flush(node->server, pair->now, &node->fx);
    pair_settle(pair);
}
