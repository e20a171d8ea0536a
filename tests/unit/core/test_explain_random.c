/* Explaining a packet changes nothing, and says what then happens: random packets at servers
 * under random faults, from a seed that a failure prints.  SEEDS=n and FIRST=s run others. */
#include "help_random.h"
#include "help_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "daemon/core/explain.h"
#include "tests/everything.h"

#define STEPS    400
#define PROBE_MS 600 /* longer than any probe waits */

/* Few features, so that most packets have an answer. */
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
    bool alone;
    uint64_t seed;
    struct dice dice;
    uint64_t answered, verdicts[EXPLAIN_ENDS + 1];
    uint64_t probed; /* offers of addresses that were looked for on the network */
    uint64_t rapid;  /* DHCPDISCOVERs acknowledged */
    uint64_t seen[16];
};

/* What explanations have to come by where everything is configured: the name of a step, or part
 * of its text or of the verdict's. */
static const char *const features[] = {
    "limit",
    "renew-cache",
    "made while running",
    "another's lease of it may stand",
    "a machine was found to use it",
    "allow, deny or require keep the client out",
    "no pool of the client's link has a free address for it",
    "another address is reserved for this client",
    "the client can do without an IPv4 address",
    "(option 116)",
    "BOOTP: 10.",
    "is acknowledged for without end",
    "cannot be given without end now",
    "BOOTP, without a reservation",
};
_Static_assert(ARRAY_SIZE(features) <= 16, "world.seen");

static void fail_seed(const struct world *w, const char *what, const struct explain *e)
{
    fail_msg("seed %llu: %s; explained as %s: %s", (unsigned long long)w->seed, what,
             explain_verdict_name(e->verdict), e->why);
}

static bool tells_of(const struct explain *e, const char *feature)
{
    if (strstr(e->why, feature) != NULL)
        return true;
    for (size_t i = 0; i < e->count; i++) {
        if (strcmp(e->steps[i].name, feature) == 0 || strstr(e->steps[i].text, feature) != NULL)
            return true;
    }
    return false;
}

static void note_features(struct world *w, const struct ask *ask, const struct explain *e)
{
    for (size_t i = 0; i < ARRAY_SIZE(features); i++)
        w->seen[i] += tells_of(e, features[i]);
    w->verdicts[e->verdict]++;
    w->rapid += ask->type == DHCP4_DISCOVER && e->verdict == EXPLAIN_ACKS;
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

/* The first since `before` that is for this packet; a leasequery's is about another client. */
static const struct sent_reply *find_reply(const struct node *node, size_t before,
                                           const struct datagram *datagram)
{
    for (size_t i = before; i < node->reply_count; i++) {
        const struct sent_reply *sent = &node->replies[i % REPLIES_MAX];

        if (memcmp(sent->bytes + 4, datagram->payload.data + 4, 4) == 0 &&
            (sent->packet.type >= DHCP4_LEASEUNASSIGNED ||
             memcmp(sent->bytes + 28, datagram->payload.data + 28, 16) == 0))
            return sent;
    }
    return NULL;
}

/* Late, a DHCPACK is cut to the MCLT, but a BOOTP reply is not sent at all. */
static bool is_in_time(const struct world *w, enum role role, struct span payload)
{
    return !w->pair->hold_frames && writes(&w->pair->nodes[role]) &&
           (!is_bootp(payload) || writes(&w->pair->nodes[1 - role]));
}

static void check_explanation(struct world *w, struct node *node,
                              const struct datagram *datagram, struct explain *e)
{
    const uint64_t state = server_state_hash(node->server);

    explain_init(e);
    server_explain(node->server, w->pair->now, datagram, e);
    if (server_state_hash(node->server) != state)
        fail_seed(w, "the explanation changed the server", e);
    if (e->has_reply != explain_is_answered(e->verdict))
        fail_seed(w, "verdict and reply do not go together", e);
}

static void check_outcome(struct world *w, struct node *node, size_t before,
                          const struct datagram *datagram, bool in_time,
                          const struct explain *e)
{
    const struct sent_reply *sent = find_reply(node, before, datagram);

    if (e->verdict == EXPLAIN_OFFERS || e->verdict == EXPLAIN_NAKS ||
        e->verdict == EXPLAIN_TELLS || (e->verdict == EXPLAIN_ACKS && in_time)) {
        if (sent == NULL) { /* what gathers, or waits for the partner */
            pair_run(w->pair, 100);
            sent = find_reply(node, before, datagram);
        }
        if (sent == NULL)
            fail_seed(w, "no reply came", e);
        compare_reply(w, sent, e);
        w->answered++;
    } else if (!explain_is_answered(e->verdict) && sent != NULL) {
        fail_seed(w, "a reply came", e);
    }
}

static struct ip4 promised(const struct explain *e)
{
    static struct dhcp4_packet packet;
    static struct dhcp4_scratch scratch;

    if (!e->has_reply)
        return ip4(0);
    assert_int_equal(dhcp4_decode(e->reply.packet, &scratch, &packet), DHCP4_DECODED);
    return packet.yiaddr;
}

/* Something has come of the probe of `address`, for which the client asks next. */
static void explain_again(struct world *w, struct node *node, struct ask ask,
                          struct ip4 address)
{
    static struct explain e;
    uint8_t bytes[1500];
    struct datagram datagram;

    ask.type = DHCP4_DISCOVER;
    ask.requested = address;
    datagram = random_datagram(&w->dice, &ask, node->role, bytes);
    check_explanation(w, node, &datagram, &e);
    note_features(w, &ask, &e);
}

/* If no machine answers, what else happens meanwhile may leave the client without an answer,
 * but not with another address. */
static void check_probed(struct world *w, struct node *node, size_t before,
                         const struct datagram *datagram, const struct ask *ask,
                         const struct explain *e)
{
    const struct sent_reply *sent = find_reply(node, before, datagram);

    if (sent != NULL)
        fail_seed(w, "a reply came before the address was looked for", e);
    if (dice_throw(&w->dice, 2) == 0) {
        random_probe_answer(&w->dice, w->pair, node->role);
        explain_again(w, node, *ask, promised(e));
        return;
    }
    pair_run(w->pair, PROBE_MS);
    sent = find_reply(node, before, datagram);
    if (sent == NULL)
        return;
    if (!ip4_equal(sent->packet.yiaddr, promised(e)))
        fail_seed(w, "another address was found good", e);
    w->probed++;
}

static void explain_and_ask(struct world *w, enum role role, const struct ask *ask)
{
    static struct explain e;
    struct node *node = &w->pair->nodes[role];
    const size_t before = node->reply_count;
    uint8_t bytes[1500];
    const struct datagram datagram = random_datagram(&w->dice, ask, role, bytes);
    const bool in_time = is_in_time(w, role, datagram.payload);

    if (node->server == NULL)
        return;
    check_explanation(w, node, &datagram, &e);
    server_receive(node->server, w->pair->now, &datagram, &node->fx);
    server_flush(node->server, w->pair->now, &node->fx);
    pair_settle(w->pair);
    note_features(w, ask, &e);
    if (e.probes)
        check_probed(w, node, before, &datagram, ask, &e);
    else
        check_outcome(w, node, before, &datagram, in_time, &e);
}

/* Replies of before must not be taken for the answer. */
static void calm_down(struct world *w)
{
    pair_run(w->pair, 200);
    pair_forget(w->pair);
}

static void run_steps(struct world *w)
{
    for (int i = 0; i < STEPS; i++) {
        const struct ask ask = random_ask(&w->dice, w->pair);

        if (dice_throw(&w->dice, 12) == 0)
            random_fault(&w->dice, w->pair, w->alone);
        if (dice_throw(&w->dice, 10) == 0)
            pair_run(w->pair, dice_throw(&w->dice, 2) == 0 ? 5000 : 90000);
        for (int role = 0; role < (w->alone ? 1 : 2); role++) {
            random_event(&w->dice, w->pair);
            calm_down(w);
            explain_and_ask(w, (enum role)role, &ask);
        }
    }
}

static void run_seeds(struct world *w, const char *yaml, bool alone, uint64_t most)
{
    const char *seeds = getenv("SEEDS");
    const char *first = getenv("FIRST");
    const uint64_t from = first != NULL ? strtoull(first, NULL, 10) : 1;
    const uint64_t count = seeds != NULL ? strtoull(seeds, NULL, 10) : most;

    *w = (struct world){.alone = alone};
    for (uint64_t seed = from; seed < from + count; seed++) {
        w->seed = seed;
        w->dice.state = seed * 7919 + 1;
        w->pair = alone ? pair_alone(yaml) : pair_new("1m", yaml);
        run_steps(w);
        pair_free(w->pair);
    }
}

/* `except`: what cannot come of this configuration. */
static void expect_all_verdicts(const struct world *w, unsigned except)
{
    if (getenv("SEEDS") != NULL)
        return; /* perhaps a few */
    for (int verdict = 0; verdict <= EXPLAIN_ENDS; verdict++) {
        if (w->verdicts[verdict] == 0 && (except >> verdict & 1) == 0)
            fail_msg("%s never came", explain_verdict_name((enum explain_verdict)verdict));
    }
    assert_true(w->answered > 500);
}

static void expect_all_features(const struct world *w)
{
    if (getenv("SEEDS") != NULL)
        return;
    for (size_t i = 0; i < ARRAY_SIZE(features); i++) {
        if (w->seen[i] == 0)
            fail_msg("nothing was explained by: %s", features[i]);
    }
    assert_true(w->probed > 0);
    assert_true(w->rapid > 0);
}

static void an_explanation_changes_nothing_and_comes_true(void **state)
{
    static struct world w;

    (void)state;
    run_seeds(&w, lan, false, 10);
    expect_all_verdicts(&w, 0);
}

static void so_it_does_with_everything_configured(void **state)
{
    static struct world w;

    (void)state;
    run_seeds(&w, EVERYTHING, false, 20);
    expect_all_verdicts(&w, 0);
    expect_all_features(&w);
}

static void so_it_does_without_a_partner(void **state)
{
    static struct world w;

    (void)state;
    run_seeds(&w, EVERYTHING, true, 20);
    expect_all_verdicts(&w, 1u << EXPLAIN_PARTNER | 1u << EXPLAIN_ASKS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_explanation_changes_nothing_and_comes_true),
        cmocka_unit_test(so_it_does_with_everything_configured),
        cmocka_unit_test(so_it_does_without_a_partner),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
