/* tests/sim/stranger.c - machines that sit on an address without a lease, probes that look for
 * them, and the promise that no address is offered which a probe has found.
 *
 * Clients answer for the addresses that they have.  On the servers' LAN the hardware address is
 * known of who answers, behind the relay it is not. */
#include "tests/sim/sim.h"

#include <stdlib.h>

#define TIE_MS     5 /* an answer so close to the deadline may come before or after it */
#define DEFAULT_MS 500
#define FOUND_MS   11000 /* with a tick's time */

struct answer {
    struct probe_result result;
    int index; /* of the address */
};

/* The strangers leave with the faults: then every address is owed to a client. */
static bool has_stranger(const struct sim *sim, int index)
{
    for (uint32_t i = 0; !sim->healed && i < sim->settings.strangers; i++) {
        if (sim->strangers[i] == index)
            return true;
    }
    return false;
}

bool stranger_has(const struct sim *sim, struct ip4 address)
{
    return has_stranger(sim, address_index(address));
}

void strangers_make(struct sim *sim)
{
    struct rng rng = rng_fork(sim->seed, 4);

    for (uint32_t i = 0; i < sim->settings.strangers; i++) {
        const int subnet = sim->settings.pool_size[1] > 0 && rng_percent(&rng, 30);
        const uint32_t at = 16 + rng_below(&rng, sim->settings.pool_size[subnet]);

        sim->strangers[i] = address_index(ip4((subnet == 0 ? 0x0a4d0000u : 0x0a4e0000u) + at));
        trace(sim, "world", "a stranger has %s",
              address_text(address_of_index((uint32_t)sim->strangers[i])));
    }
}

static bool must_probe(const struct sim *sim, const struct node *node)
{
    return sim->settings.probe || node->lone;
}

/* It says so itself too when it was declared alone before it had started alone. */
bool probes_all(const struct sim *sim, const struct node *node)
{
    struct server_status status;

    server_status(node->server, &status);
    return must_probe(sim, node) || status.probes_all;
}

/* A stranger has it, or somebody had who answered lately. */
bool stranger_hides(const struct sim *sim, enum role role, struct ip4 address)
{
    const struct node *node = &sim->nodes[role];
    const int index = address_index(address);

    return index >= 0 && probes_all(sim, node) &&
           (has_stranger(sim, index) || sim->now < node->asked[index].found_until);
}

int64_t probe_longest_ms(const struct sim *sim, const struct node *node)
{
    const int64_t once = sim->settings.probe ? sim->settings.probe_wait_ms : DEFAULT_MS;

    return probes_all(sim, node) ? once * (1 + STRANGERS_MAX) : 0;
}

/* ---- the network ---- */

static bool is_there(const struct sim *sim, const struct probe *probe, uint8_t hardware[6])
{
    const int index = address_index(probe->address);

    memcpy(hardware, (uint8_t[]){2, 0xee, 0, 0, 0, (uint8_t)index}, 6);
    if (has_stranger(sim, index))
        return true;
    for (size_t i = 0; i < sim->client_count; i++) {
        const struct client *c = &sim->clients[i];

        if (ip4_equal(c->address, probe->address) && sim->now < c->lease_until &&
            c->subnet == c->lease_subnet) {
            memcpy(hardware, c->hardware, 6);
            return true;
        }
    }
    return false;
}

static void hear_answer(struct sim *sim, struct happening *event)
{
    struct node *node = &sim->nodes[event->who];
    const struct answer *answer = event->data;
    struct asked *asked = &node->asked[answer->index];

    if (event->n != node->epoch || node->server == NULL)
        return;
    if (asked->number == answer->result.number &&
        (node->fenced || sim->now < node->deaf_until || node->stopped))
        asked->excused = true;
    if (node->fenced || sim->now < node->deaf_until) {
        covered(sim, THING_PROBE_LOST);
        return;
    }
    if (node_put_by(sim, node->role, event))
        return;
    asked->found_until = sim->now + FOUND_MS;
    server_probe_result(node->server, node_now(sim, node), &answer->result, &node->fx);
    node_touched(sim, node->role);
}

static void answer_probe(struct sim *sim, struct node *node, const struct probe *probe,
                         int64_t takes, const uint8_t hardware[6])
{
    struct answer *answer = malloc(sizeof(*answer));

    ASSERT(answer != NULL);
    *answer = (struct answer){{.number = probe->number,
                               .address = probe->address,
                               .outcome = PROBE_ANSWERED,
                               .hlen = probe->interface != 0 ? 6 : 0},
                              address_index(probe->address)};
    if (probe->interface != 0)
        memcpy(answer->result.hardware, hardware, 6);
    if (takes >= probe->wait_ms)
        covered(sim, THING_PROBE_LATE);
    sim_at(sim, sim->now + takes, hear_answer, (int)node->role, node->epoch, answer);
}

void net_probe(struct sim *sim, enum role role, const struct probe *probe)
{
    struct node *node = &sim->nodes[role];
    const int index = address_index(probe->address);
    const bool heard = !node->fenced && sim->now >= node->mute_until;
    const int64_t there = net_passage(sim), back = net_passage(sim);
    uint8_t hardware[6];

    trace(sim, role_name(role), "probes %s", address_text(probe->address));
    ASSERT(index >= 0);
    if (has_stranger(sim, index))
        covered(sim, node->lone ? THING_PROBED_ALONE : THING_PROBED);
    node->asked[index] = (struct asked){.epoch = node->epoch,
                                        .number = probe->number,
                                        .at = sim->now,
                                        .excused = !heard || there < 0 || back < 0 ||
                                                   there + back >= probe->wait_ms - TIE_MS};
    if (!heard || there < 0 || back < 0) {
        covered(sim, THING_PROBE_LOST);
        return;
    }
    if (is_there(sim, probe, hardware))
        answer_probe(sim, node, probe, there + back, hardware);
}

/* ---- the promise ---- */

/* It was leased unprobed, or when the probe's answer was lost. */
static bool is_own_lease(const struct sim *sim, const struct node *node,
                         const struct dhcp4_packet *offer)
{
    const struct binding b = lease_table_binding(server_leases(node->server), offer->yiaddr);

    for (size_t i = 0; b.state == BINDING_ACTIVE && i < sim->client_count; i++) {
        const struct client *c = &sim->clients[i];

        if (key_hash(b.client) == c->key && memcmp(c->hardware, offer->chaddr, 6) == 0)
            return true;
    }
    return false;
}

void check_offer(struct sim *sim, enum role by, const struct dhcp4_packet *offer)
{
    const struct node *node = &sim->nodes[by];
    const int64_t recheck =
        sim->settings.probe ? 1000 * sim->settings.probe_recheck_s : INT64_C(3600000);
    const int index = address_index(offer->yiaddr);
    const struct asked *asked;

    if (index < 0 || !has_stranger(sim, index) || !must_probe(sim, node) ||
        is_own_lease(sim, node, offer))
        return;
    asked = &node->asked[index];
    if (asked->epoch != node->epoch || asked->number == 0)
        sim_violation(sim, "probe", "the %s offers %s, where a stranger is, without a probe",
                      role_name(by), address_text(offer->yiaddr));
    else if (!asked->excused)
        sim_violation(
            sim, "probe", "the %s offers %s although its probe of %lld ms ago found a stranger",
            role_name(by), address_text(offer->yiaddr), (long long)(sim->now - asked->at));
    else if (sim->now - asked->at > recheck + 2 * probe_longest_ms(sim, node))
        sim_violation(
            sim, "probe", "the %s offers %s by a probe of %lld ms ago, beyond recheck",
            role_name(by), address_text(offer->yiaddr), (long long)(sim->now - asked->at));
}

void strangers_watch(struct node *node, enum fo_state from, enum fo_link link)
{
    if (from == FO_STARTUP && node->state == FO_INTERRUPTED && link != FO_LINK_UP &&
        link != FO_LINK_SYNC)
        node->lone = true;
    if (link == FO_LINK_UP || link == FO_LINK_SYNC ||
        (node->state != FO_INTERRUPTED && node->state != FO_PARTNER_DOWN))
        node->lone = false;
}
