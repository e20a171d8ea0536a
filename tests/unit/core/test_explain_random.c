/* Explaining a packet changes nothing, and says what then happens: random packets at two
 * servers under random faults, from a seed that a failure prints.  SEEDS=n and FIRST=s run
 * others. */
#include "help_pair.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "daemon/core/server_internal.h"
#include "daemon/lease/table_internal.h"

#define CLIENTS 12
#define STEPS   400

static const char lan[] =
    "lease-time: {default: 5m, min: 1m, max: 10m}\n"
    "leasequery: {allow: [10.80.0.1]}\n"
    "options: {domain-name-servers: [10.0.0.53]}\n"
    "classes:\n"
    "  - {name: short, match: {option-57: \"02:58\"}, lease-time: {max: 2m}}\n"
    "shared-networks:\n"
    "  - name: row-b\n"
    "    subnets:\n"
    "      - subnet: 10.81.0.0/24\n"
    "        limits: [{per: client, leases: 1}]\n"
    "        pools: [{range: 10.81.0.16-10.81.0.17, allocation: random}]\n"
    "      - subnet: 10.82.0.0/24\n"
    "        rapid-commit: true\n"
    "        pools: [{range: 10.82.0.16-10.82.0.19, allocation: sequential}]\n"
    "subnets:\n"
    "  - subnet: 10.77.0.0/16\n"
    "    renew-cache: 50%\n"
    "    bootp: dynamic\n"
    "    pools: [{range: 10.77.16.0-10.77.16.9}]\n"
    "    options: {routers: [10.77.0.1]}\n"
    "    reservations:\n"
    "      - {hw-address: \"02:00:00:00:00:02\", address: 10.77.16.5}\n"
    "      - {hw-address: \"02:00:00:00:00:03\", address: 10.77.0.33, host-name: db1}\n"
    "  - subnet: 10.80.0.0/24\n"
    "    pools: [{range: 10.80.0.16-10.80.0.18}]\n";

struct world {
    struct pair *pair;
    uint64_t seed, random;
    uint64_t answered, verdicts[EXPLAIN_ENDS + 1];
};

static uint32_t dice(struct world *w, uint32_t sides)
{
    w->random = w->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(w->random >> 33) % sides;
}

static void fail_seed(const struct world *w, const char *what, const struct explain *e)
{
    fail_msg("seed %llu: %s; explained as %s: %s", (unsigned long long)w->seed, what,
             explain_verdict_name(e->verdict), e->why);
}

/* ---- all that a server keeps ---- */

static uint64_t hash(uint64_t before, const void *bytes, size_t size)
{
    return XXH3_64bits_withSeed(bytes, size, before);
}

static uint64_t hash_table(uint64_t h, const struct lease_table *t)
{
    h = hash(h, t, offsetof(struct lease_table, blocks));
    for (uint32_t i = 0; i < t->entries.count; i++) {
        const struct binding b = lease_binding_of(&lease_entry(t, i)->lease);
        const uint64_t record = binding_hash(&b);

        h = hash(h, lease_entry(t, i), sizeof(struct entry));
        h = hash(h, &record, sizeof(record));
    }
    for (uint32_t i = 0; i < t->offers.count; i++)
        h = hash(h, segments_get(&t->offers, sizeof(struct offer), i), sizeof(struct offer));
    return hash(h, t->pools, t->config->pool_count * sizeof(*t->pools));
}

/* Everything but the memory that a packet is worked on in. */
static uint64_t hash_server(const struct server *s)
{
    uint64_t h = hash(0, s, offsetof(struct server, scratch));

    h = hash(h, s->recent, malloc_usable_size(s->recent));
    for (size_t i = 0; i < ARRAY_SIZE(s->batches); i++)
        h = hash(h, s->batches[i].bytes, s->batches[i].size);
    h = hash(h, s->held.ring, HELD_MAX * sizeof(*s->held.ring));
    return hash_table(h, s->leases);
}

/* ---- what is asked ---- */

static struct ip4 some_address(struct world *w)
{
    switch (dice(w, 8)) {
    case 0:
        return ip4(0);
    case 1:
        return ip4(0x0a500010 + dice(w, 4));
    case 2:
        return ip4(0x0a4d0021);
    case 3:
        return ip4(0xc0000201);
    default:
        return ip4(0x0a4d1000 + dice(w, 12));
    }
}

/* What the client is known to have, where it has anything: else a walk of chance seldom renews.
 */
static struct ip4 own_address(struct world *w, uint8_t client)
{
    const uint8_t key[8] = {0, 1, 2, 0, 0, 0, 0, client};
    const struct node *node = &w->pair->nodes[dice(w, 2)];

    if (node->server != NULL && dice(w, 4) != 0) {
        struct lease_table *leases = server_leases(node->server);
        const struct config_subnet *subnet = &server_config(node->server)->subnets[0];
        const struct lease *lease =
            lease_table_find_client(leases, subnet, span_of(key, sizeof(key)));
        struct lease_offer offer;

        if (lease != NULL && dice(w, 2) == 0)
            return lease->binding.address;
        if (lease_table_offer_to(leases, subnet, span_of(key, sizeof(key)), w->pair->now,
                                 &offer))
            return offer.address;
    }
    return some_address(w);
}

static struct ask some_ask(struct world *w)
{
    static const enum dhcp4_type types[] = {DHCP4_DISCOVER, DHCP4_DISCOVER,   DHCP4_REQUEST,
                                            DHCP4_REQUEST,  DHCP4_REQUEST,    DHCP4_REQUEST,
                                            DHCP4_RELEASE,  DHCP4_DECLINE,    DHCP4_INFORM,
                                            DHCP4_OFFER,    DHCP4_LEASEQUERY, DHCP4_NONE};
    static const uint32_t relays[] = {0xc0000201, 0x0a500001, 0x0a510001, 0x0a520001};
    static const uint8_t wanted[] = {1, 3, 6, 12, 15, 28};
    struct ask ask = {.type = types[dice(w, ARRAY_SIZE(types))],
                      .client = (uint8_t)dice(w, CLIENTS),
                      .xid = 1 + dice(w, 6),
                      .secs = (uint16_t)(dice(w, 4) * 2)};

    if (dice(w, 3) == 0)
        ask.requested = own_address(w, ask.client);
    if (dice(w, 3) == 0)
        ask.ciaddr = own_address(w, ask.client);
    if (ask.type == DHCP4_REQUEST && ask.ciaddr.value == 0 && ask.requested.value == 0)
        ask.requested = own_address(w, ask.client);
    if (dice(w, 2) == 0)
        ask.server = dice(w, 8) == 0 ? some_address(w) : node_address((enum role)dice(w, 2));
    if (dice(w, 5) == 0)
        ask.giaddr = ip4(relays[dice(w, ARRAY_SIZE(relays))]);
    else if (dice(w, 3) == 0)
        ask.to = node_address((enum role)dice(w, 2));
    if (dice(w, 2) == 0)
        ask.parameters = span_of(wanted, sizeof(wanted));
    if (dice(w, 4) == 0)
        ask.max_size = 600;
    ask.rapid_commit = dice(w, 3) == 0;
    return ask;
}

/* ---- the two properties ---- */

static bool is_degraded(const struct sent_reply *sent, const struct explain *e)
{
    static struct dhcp4_packet packet;
    static struct dhcp4_scratch scratch;

    assert_int_equal(dhcp4_decode(e->reply.packet, &scratch, &packet), DHCP4_DECODED);
    return dhcp4_option_u32(&sent->packet, OPTION_LEASE_TIME) <
           dhcp4_option_u32(&packet, OPTION_LEASE_TIME);
}

static void compare_reply(const struct world *w, const struct sent_reply *sent,
                          const struct explain *e)
{
    if (sent->reply.way != e->reply.way || !ip4_equal(sent->reply.address, e->reply.address) ||
        sent->reply.port != e->reply.port || sent->reply.interface != e->reply.interface ||
        !ip4_equal(sent->reply.source, e->reply.source))
        fail_seed(w, "the reply went another way", e);
    if (!span_equal(sent->reply.packet, e->reply.packet) && !is_degraded(sent, e))
        fail_seed(w, "the reply is another", e);
}

static bool writes(const struct node *node)
{
    return !node->hold_store && !node->full_store && node->pending == NULL;
}

static bool is_bootp(struct span bytes)
{
    static struct dhcp4_packet packet;
    static struct dhcp4_scratch scratch;

    return dhcp4_decode(bytes, &scratch, &packet) == DHCP4_DECODED && packet.type == DHCP4_NONE;
}

static void explain_and_ask(struct world *w, enum role role, const struct ask *ask)
{
    static struct explain e;
    struct node *node = &w->pair->nodes[role];
    const size_t before = node->reply_count;
    uint8_t bytes[1500];
    struct datagram datagram = {
        .source = ask->giaddr.value != 0 ? ask->giaddr : ask->ciaddr,
        .destination = ask->to.value != 0 ? ask->to : ip4(UINT32_MAX),
        .local = node_address(role),
        .source_port = DHCP4_CLIENT_PORT,
        .interface = 2,
    };
    uint64_t state;
    bool in_time;

    if (node->server == NULL)
        return;
    datagram.payload = span_of(bytes, ask_encode(ask, bytes));
    if (dice(w, 20) == 0)
        datagram.payload.size = dice(w, (uint32_t)datagram.payload.size);
    /* Late, a DHCPACK is cut to the MCLT, but a BOOTP reply is not sent at all. */
    in_time = !w->pair->hold_frames && writes(node) &&
              (!is_bootp(datagram.payload) || writes(&w->pair->nodes[1 - role]));
    state = hash_server(node->server);
    explain_init(&e);
    server_explain(node->server, w->pair->now, &datagram, &e);
    if (hash_server(node->server) != state)
        fail_seed(w, "the explanation changed the server", &e);
    w->verdicts[e.verdict]++;
    if (e.has_reply != explain_is_answered(e.verdict))
        fail_seed(w, "verdict and reply do not go together", &e);
    server_receive(node->server, w->pair->now, &datagram, &node->fx);
    server_flush(node->server, w->pair->now, &node->fx);
    pair_settle(w->pair);
    if (e.probes)
        return; /* it waits for what the network says */
    if (e.verdict == EXPLAIN_OFFERS || e.verdict == EXPLAIN_NAKS ||
        e.verdict == EXPLAIN_TELLS || (e.verdict == EXPLAIN_ACKS && in_time)) {
        if (node->reply_count == before) /* what gathers, or waits for the partner */
            pair_run(w->pair, 100);
        if (node->reply_count == before)
            fail_seed(w, "no reply came", &e);
        compare_reply(w, &node->replies[before % REPLIES_MAX], &e);
        w->answered++;
    } else if (!explain_is_answered(e.verdict) && node->reply_count != before) {
        fail_seed(w, "a reply came", &e);
    }
}

static void fault_step(struct world *w)
{
    const enum role role = (enum role)dice(w, 2);
    struct node *node = &w->pair->nodes[role];
    const char *why;

    switch (dice(w, 10)) {
    case 0:
        if (node->server != NULL)
            pair_kill(w->pair, role);
        break;
    case 1:
        pair_cut(w->pair);
        break;
    case 2:
        node->hold_store = true;
        break;
    case 3:
        w->pair->hold_frames = true;
        break;
    case 4:
        if (node->server != NULL &&
            server_partner_down(node->server, w->pair->now, false, &why, &node->fx) == TD_OK)
            pair_settle(w->pair);
        break;
    case 5:
        node->full_store = true;
        break;
    default:
        pair_mend(w->pair);
        w->pair->hold_frames = false;
        for (int i = 0; i < 2; i++) {
            w->pair->nodes[i].hold_store = w->pair->nodes[i].full_store = false;
            if (w->pair->nodes[i].server == NULL)
                pair_start(w->pair, (enum role)i);
        }
        break;
    }
}

/* Replies of before must not be taken for the answer. */
static void calm_down(struct world *w)
{
    pair_run(w->pair, 200);
    pair_forget(w->pair);
}

static void run_seed(struct world *w, uint64_t seed)
{
    w->seed = seed;
    w->random = seed * 7919 + 1;
    w->pair = pair_new("1m", lan);
    for (int i = 0; i < STEPS; i++) {
        const struct ask ask = some_ask(w);

        if (dice(w, 12) == 0)
            fault_step(w);
        if (dice(w, 10) == 0)
            pair_run(w->pair, dice(w, 2) == 0 ? 5000 : 90000);
        calm_down(w);
        explain_and_ask(w, ROLE_PRIMARY, &ask);
        calm_down(w);
        explain_and_ask(w, ROLE_SECONDARY, &ask);
    }
    pair_free(w->pair);
}

static void an_explanation_changes_nothing_and_comes_true(void **state)
{
    const char *seeds = getenv("SEEDS");
    const char *first = getenv("FIRST");
    const uint64_t from = first != NULL ? strtoull(first, NULL, 10) : 1;
    const uint64_t count = seeds != NULL ? strtoull(seeds, NULL, 10) : 10;
    static struct world w;

    (void)state;
    for (uint64_t seed = from; seed < from + count; seed++)
        run_seed(&w, seed);
    if (count < 10)
        return;
    assert_true(w.answered > 500);
    for (int verdict = 0; verdict <= EXPLAIN_ENDS; verdict++) {
        if (w.verdicts[verdict] == 0)
            fail_msg("%s never came", explain_verdict_name((enum explain_verdict)verdict));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_explanation_changes_nothing_and_comes_true),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
