/* tests/sim/client.c - a DHCP client after RFC 2131 4.4, in shorter times: its states, its
 * retransmissions, and what it believes it was promised. */
#include "tests/sim/sim.h"

#define DISCOVER_TRIES 6
#define REQUEST_TRIES  4
#define REBOOT_TRIES   3

static void on_timer(struct sim *sim, struct happening *event);

void client_timer(struct sim *sim, struct client *c, int64_t at)
{
    sim_at(sim, at, on_timer, c->number, ++c->epoch, NULL);
}

static void retransmit_later(struct sim *sim, struct client *c)
{
    const int64_t base = c->tries < 4 ? 700 * (int64_t)c->tries : 3000;

    client_timer(sim, c, sim->now + rng_between(&c->rng, base, base + 1000));
}

static void enter(struct sim *sim, struct client *c, enum client_state state)
{
    c->state = state;
    c->xid = (uint32_t)rng_next(&c->rng) | 1u;
    c->asked_at = sim->now;
    c->tries = 0;
    c->has_offer = false;
    memset(c->unheard, 0, sizeof(c->unheard));
}

bool client_refuses(const struct client *c, struct ip4 address)
{
    for (size_t i = 0; i < c->declined_count; i++) {
        if (ip4_equal(c->declined[i], address))
            return true;
    }
    return false;
}

/* ---- what it says ---- */

static void say(struct sim *sim, struct client *c)
{
    struct ask ask = {.type = DHCP4_REQUEST};

    c->tries++;
    switch (c->state) {
    case CLIENT_SELECTING:
        ask.type = DHCP4_DISCOVER;
        break;
    case CLIENT_REQUESTING:
        ask.requested = c->offered;
        ask.server = node_address(c->offerer);
        break;
    case CLIENT_REBOOTING:
        ask.requested = c->address;
        break;
    case CLIENT_RENEWING:
        ask.unicast = true;
        ask.to = c->server;
        ask.ciaddr = c->address;
        break;
    case CLIENT_REBINDING:
        ask.ciaddr = c->address;
        break;
    case CLIENT_OFF:
    case CLIENT_INIT:
    case CLIENT_BOUND:
        return;
    }
    net_ask(sim, c, &ask);
}

void client_discover(struct sim *sim, struct client *c)
{
    enter(sim, c, CLIENT_SELECTING);
    c->began_at = sim->now;
    say(sim, c);
    retransmit_later(sim, c);
}

static void request_offer(struct sim *sim, struct client *c)
{
    if (sim->now - c->offered_at > 1000 * sim->settings.offer_hold_s)
        covered(sim, THING_OFFER_OUTLIVED);
    enter(sim, c, CLIENT_REQUESTING);
    c->address = ip4(0); /* whatever it had it gives up for this */
    say(sim, c);
    retransmit_later(sim, c);
}

void client_reboot(struct sim *sim, struct client *c)
{
    covered(sim, THING_REBOOTED);
    enter(sim, c, CLIENT_REBOOTING);
    c->began_at = sim->now;
    say(sim, c);
    retransmit_later(sim, c);
}

/* The next message while renewing: before the phase ends, and not too often. */
static void renew_again_later(struct sim *sim, struct client *c)
{
    const int64_t phase_end = c->state == CLIENT_RENEWING
                                  ? c->lease_from + (c->lease_until - c->lease_from) * 7 / 8
                                  : c->lease_until;
    const int64_t again = sim->now + rng_between(&c->rng, 700, 2200);

    client_timer(sim, c, again < phase_end ? again : phase_end);
}

void client_renew(struct sim *sim, struct client *c, bool broadcast)
{
    covered(sim, broadcast ? THING_RENEWED_BROADCAST : THING_RENEWED_UNICAST);
    if (8 * (c->lease_until - sim->now) <= c->lease_until - c->lease_from)
        covered(sim, THING_RENEWED_LATE);
    if (sim->now - c->lease_from <= 1500)
        covered(sim, THING_RENEWED_EARLY);
    enter(sim, c, broadcast ? CLIENT_REBINDING : CLIENT_RENEWING);
    c->began_at = sim->now;
    say(sim, c);
    renew_again_later(sim, c);
}

static void lease_is_over(struct sim *sim, struct client *c)
{
    trace(sim, client_name(c), "its lease of %s is over", address_text(c->address));
    covered(sim, THING_LEASE_RAN_OUT);
    c->address = ip4(0);
    c->state = CLIENT_INIT;
    client_timer(sim, c, sim->now + rng_between(&c->rng, 1, 500));
}

static void renewal_timer(struct sim *sim, struct client *c)
{
    const int64_t t2 = c->lease_from + (c->lease_until - c->lease_from) * 7 / 8;

    if (sim->now >= c->lease_until) {
        lease_is_over(sim, c);
    } else if (c->state == CLIENT_RENEWING && sim->now >= t2) {
        client_renew(sim, c, true);
    } else {
        say(sim, c);
        renew_again_later(sim, c);
    }
}

static void discover_timer(struct sim *sim, struct client *c)
{
    if (c->has_offer) {
        request_offer(sim, c);
    } else if (c->tries >= DISCOVER_TRIES) {
        const int64_t began = c->began_at;

        client_discover(sim, c);
        c->began_at = began;
    } else {
        say(sim, c);
        retransmit_later(sim, c);
    }
}

bool client_on_lease_link(const struct sim *sim, const struct client *c)
{
    return sim->settings.shared_network || c->subnet == c->lease_subnet;
}

static void request_timer(struct sim *sim, struct client *c)
{
    const uint32_t most = c->state == CLIENT_REBOOTING ? REBOOT_TRIES : REQUEST_TRIES;

    if (c->tries < most) {
        say(sim, c);
        retransmit_later(sim, c);
    } else if (c->state == CLIENT_REBOOTING && client_on_lease_link(sim, c) &&
               sim->now < c->lease_until && rng_percent(&c->rng, 50)) {
        c->state = CLIENT_BOUND; /* RFC 2131 3.2: it may use it for the rest of the lease */
        client_live(sim, c);
    } else {
        c->address = ip4(0);
        client_discover(sim, c);
    }
}

static void on_timer(struct sim *sim, struct happening *event)
{
    struct client *c = &sim->clients[event->who];

    if (event->n != c->epoch || sim->silent)
        return;
    switch (c->state) {
    case CLIENT_OFF:
    case CLIENT_INIT:
        client_discover(sim, c);
        break;
    case CLIENT_SELECTING:
        discover_timer(sim, c);
        break;
    case CLIENT_REQUESTING:
    case CLIENT_REBOOTING:
        request_timer(sim, c);
        break;
    case CLIENT_BOUND:
        client_act(sim, c);
        break;
    case CLIENT_RENEWING:
    case CLIENT_REBINDING:
        renewal_timer(sim, c);
        break;
    }
}

/* ---- what it hears ---- */

static void hear_offer(struct sim *sim, struct client *c, enum role from,
                       const struct dhcp4_packet *packet)
{
    int64_t thinks = rng_between(&c->rng, 0, 30);

    if (c->state != CLIENT_SELECTING || client_refuses(c, packet->yiaddr))
        return;
    if (c->has_offer && rng_percent(&c->rng, 70))
        return;
    if (c->kind == KIND_SLOW)
        thinks = rng_between(&c->rng, 500, 15000);
    if (!c->has_offer)
        client_timer(sim, c, sim->now + thinks);
    c->has_offer = true;
    c->offered = packet->yiaddr;
    c->offered_at = sim->now;
    c->offerer = from;
}

static bool awaits_answer(const struct client *c)
{
    return c->state == CLIENT_REQUESTING || c->state == CLIENT_REBOOTING ||
           c->state == CLIENT_RENEWING || c->state == CLIENT_REBINDING;
}

static void note_lease(struct sim *sim, const struct client *c)
{
    bool reserved[CONFIGS];

    sim->coverage.kinds[c->kind]++;
    for (int i = 0; i < CONFIGS; i++) {
        const struct config_reservation *r =
            config_reservation_at(sim->configs[0][i], c->address);

        reserved[i] = r != NULL && key_hash(r->key) == c->key;
    }
    if (reserved[0])
        covered(sim, THING_RESERVED_TAKEN);
    else if (reserved[1])
        covered(sim, THING_LATE_RESERVED_TAKEN);
    if (guest_is_served(sim, c))
        covered(sim, THING_GUEST_SERVED);
    for (size_t i = 0; c->kind == KIND_CLONE && i < sim->client_count; i++) {
        const struct client *twin = &sim->clients[i];

        if (twin != c && twin->key == c->key && ip4_equal(twin->address, c->address) &&
            sim->now < twin->lease_until)
            covered(sim, THING_TWIN_SHARES);
    }
}

static void hear_ack(struct sim *sim, struct client *c, enum role from,
                     const struct dhcp4_packet *packet)
{
    const int64_t seconds = dhcp4_option_u32(packet, OPTION_LEASE_TIME);
    const bool committed =
        c->state == CLIENT_SELECTING && dhcp4_has(packet, OPTION_RAPID_COMMIT);

    if (!awaits_answer(c) && (!committed || client_refuses(c, packet->yiaddr)))
        return;
    if (committed)
        covered(sim, THING_COMMITTED_AT_ONCE);
    sim->acks++;
    c->acks++;
    c->address = packet->yiaddr;
    c->lease_subnet = c->subnet;
    c->server = from;
    c->lease_from = c->asked_at;
    c->lease_until = c->asked_at + seconds * 1000;
    c->state = CLIENT_BOUND;
    trace(sim, client_name(c), "has %s for %lld s", address_text(c->address),
          (long long)seconds);
    note_lease(sim, c);
    if (sim->now >= c->lease_until) {
        lease_is_over(sim, c);
        return;
    }
    check_bound(sim, c);
    check_reserved(sim, c);
    client_live(sim, c);
}

static void hear_nak(struct sim *sim, struct client *c)
{
    if (!awaits_answer(c))
        return;
    sim->naks++;
    c->naks++;
    trace(sim, client_name(c), "is refused %s",
          address_text(c->state == CLIENT_REQUESTING ? c->offered : c->address));
    if (c->state != CLIENT_REQUESTING)
        check_refused(sim, c);
    c->address = ip4(0);
    c->state = CLIENT_INIT;
    client_timer(sim, c, sim->now + rng_between(&c->rng, 1, 1000));
}

void client_receive(struct sim *sim, struct client *c, enum role from,
                    const struct dhcp4_packet *packet)
{
    if (packet->xid != c->xid || sim->silent)
        return;
    if (packet->type == DHCP4_OFFER)
        hear_offer(sim, c, from, packet);
    else if (packet->type == DHCP4_ACK)
        hear_ack(sim, c, from, packet);
    else if (packet->type == DHCP4_NAK)
        hear_nak(sim, c);
}
