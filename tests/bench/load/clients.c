#include "tests/bench/load/clients.h"

#include <stdlib.h>

#include "tests/bench/load/clock.h"
#include "tests/bench/load/ring.h"
#include "tests/bench/load/timers.h"

#define LONGEST_DOUBLING 4 /* RFC 2131 4.1: 4, 8, 16, 32, 64 s */
#define REQUEST_TRIES    5 /* then the client forgets the offer and discovers anew */

struct client {
    uint64_t started_ns; /* of the exchange */
    uint64_t sent_ns;    /* first transmission of the message that waits for its answer */
    uint64_t waited_ns;  /* for the answers to the messages before it */
    uint32_t generation; /* of the xid */
    struct ip4 address;  /* held or asked for */
    struct ip4 server;   /* that offered it, or gave it last */
    enum exchange exchange;
    enum check_waiting waiting;
    uint8_t tries; /* transmissions of the message */
    bool resent;   /* in this exchange something was sent again or refused */
    bool bound;
};

struct clients {
    struct clients_options options;
    struct holders *holders;
    struct wire *wire;
    struct stats *stats;
    struct timers *timers;
    struct client *client;
    uint32_t fresh; /* clients from this one on have never done anything */
    uint32_t busy;
    uint64_t random;
    struct ring bound, unbound; /* idle ones; those never used are in neither */
};

struct clients *clients_new(const struct clients_options *options, struct holders *holders,
                            uint64_t now_ns)
{
    struct clients *c = calloc(1, sizeof *c);

    ASSERT(c != NULL);
    c->options = *options;
    c->holders = holders;
    c->timers = timers_new(options->count, now_ns);
    c->client = calloc(options->count, sizeof *c->client);
    ASSERT(c->client != NULL);
    ring_init(&c->bound, options->count);
    ring_init(&c->unbound, options->count);
    return c;
}

void clients_free(struct clients *c)
{
    if (c == NULL)
        return;
    ring_deinit(&c->bound);
    ring_deinit(&c->unbound);
    timers_free(c->timers);
    free(c->client);
    free(c);
}

void clients_use(struct clients *c, struct wire *wire, struct stats *stats)
{
    c->wire = wire;
    c->stats = stats;
}

uint32_t clients_busy(const struct clients *c)
{
    return c->busy;
}

size_t clients_bound(const struct clients *c)
{
    return c->bound.count;
}

static uint32_t number_of(const struct clients *c, uint32_t id)
{
    return c->options.first_number + id;
}

static struct ip4 relay_of(const struct clients *c, uint32_t id)
{
    if (c->options.relay.value == 0)
        return ip4(0);
    return ip4(c->options.relay.value + id % c->options.relay_count * c->options.relay_step);
}

static bool begins_with_discover(enum exchange exchange)
{
    return exchange == EXCHANGE_DORA || exchange == EXCHANGE_ECHO;
}

static enum request_kind kind_of(const struct client *client)
{
    switch (client->exchange) {
    case EXCHANGE_RENEW:
        return REQUEST_RENEWING;
    case EXCHANGE_REBIND:
        return REQUEST_REBINDING;
    case EXCHANGE_REBOOT:
        return REQUEST_REBOOTING;
    case EXCHANGE_RELEASE:
        return REQUEST_RELEASE;
    case EXCHANGE_DORA:
    case EXCHANGE_ECHO:
        return client->waiting == CHECK_WAITS_OFFER ? REQUEST_DISCOVER : REQUEST_SELECTING;
    case EXCHANGES:
        break;
    }
    UNREACHABLE("an exchange");
}

/* xorshift64: only spreads retransmissions. */
static uint64_t next_random(struct clients *c)
{
    c->random = c->random != 0 ? c->random : 0x2545f4914f6cdd1dULL;
    c->random ^= c->random << 13;
    c->random ^= c->random >> 7;
    c->random ^= c->random << 17;
    return c->random;
}

/* The interval doubles, with a quarter of the first one more or less at random. */
static void wait_for_answer(struct clients *c, uint32_t id, uint64_t now_ns)
{
    unsigned int doubling = c->client[id].tries - 1U;
    uint64_t first = c->options.retransmit_ns;
    uint64_t interval = first << (doubling < LONGEST_DOUBLING ? doubling : LONGEST_DOUBLING);

    interval += next_random(c) % (first / 2) - first / 4;
    timers_set(c->timers, id, now_ns + interval);
}

/* How long the client has been trying, as it says in its message. */
static uint16_t secs_of(const struct client *client, uint64_t now_ns)
{
    uint64_t secs = clock_elapsed_ns(client->started_ns, now_ns) / NS_PER_S;

    return secs < UINT16_MAX ? (uint16_t)secs : UINT16_MAX;
}

static struct datagram *put_datagram(struct clients *c, uint32_t id, uint64_t now_ns)
{
    const struct client *client = &c->client[id];
    struct datagram *d = wire_next(c->wire);
    struct request request = {
        .kind = kind_of(client),
        .client = number_of(c, id),
        .xid = check_xid(number_of(c, id), client->generation),
        .secs = secs_of(client, now_ns),
        .address = client->address,
        .server = client->server,
    };

    d->unicast = request.kind == REQUEST_RENEWING || request.kind == REQUEST_RELEASE;
    request.relay = d->unicast ? ip4(0) : relay_of(c, id);
    d->from = d->unicast ? client->address : request.relay;
    d->client = request.client;
    d->server = client->server;
    d->sent_at = NULL;
    message_write(&request, d->bytes);
    return d;
}

/* The next message of an exchange, for the first time. */
static void send_first(struct clients *c, uint32_t id, uint64_t now_ns)
{
    struct client *client = &c->client[id];

    client->tries = 1;
    client->sent_ns = now_ns;
    put_datagram(c, id, now_ns)->sent_at = &client->sent_ns;
    c->stats->exchange[client->exchange].sent++;
    if (client->exchange != EXCHANGE_RELEASE)
        wait_for_answer(c, id, now_ns);
}

/* The wait for an answer is over; only such waits count, not the time in between. */
static uint64_t end_wait(struct client *client, uint64_t at_ns)
{
    uint64_t waited = clock_elapsed_ns(client->sent_ns, at_ns);

    client->waited_ns += waited;
    return waited;
}

static bool take_idle(struct clients *c, enum exchange exchange, uint32_t *id)
{
    bool fresh = begins_with_discover(exchange);

    if (fresh && c->fresh < c->options.count)
        *id = c->fresh++;
    else if (fresh && c->unbound.count > 0)
        *id = ring_take(&c->unbound);
    else if (!fresh && c->bound.count > 0)
        *id = ring_take(&c->bound);
    else
        return false;
    return true;
}

static void become_idle(struct clients *c, uint32_t id)
{
    struct client *client = &c->client[id];

    timers_cancel(c->timers, id);
    client->waiting = CHECK_WAITS_NOT;
    c->busy--;
    ring_put(client->bound ? &c->bound : &c->unbound, id);
}

static void lose_lease(struct clients *c, uint32_t id)
{
    holders_clear(c->holders, c->client[id].address, number_of(c, id));
    c->client[id].bound = false;
}

/* A RELEASE has no answer: the client is done with it. */
static void end_release(struct clients *c, uint32_t id)
{
    c->stats->exchange[EXCHANGE_RELEASE].done++;
    c->stats->exchange[EXCHANGE_RELEASE].clean++;
    lose_lease(c, id);
    become_idle(c, id);
}

bool clients_start(struct clients *c, enum exchange exchange, uint64_t now_ns)
{
    struct client *client;
    uint32_t id;

    if (!take_idle(c, exchange, &id))
        return false;
    client = &c->client[id];
    c->busy++;
    c->stats->exchange[exchange].started++;
    client->exchange = exchange;
    client->started_ns = now_ns;
    client->waited_ns = 0;
    client->resent = false;
    client->generation++;
    client->waiting = begins_with_discover(exchange) ? CHECK_WAITS_OFFER : CHECK_WAITS_ACK;
    send_first(c, id, now_ns);
    if (exchange == EXCHANGE_RELEASE)
        end_release(c, id);
    return true;
}

static void discover_again(struct clients *c, uint32_t id, uint64_t now_ns)
{
    struct client *client = &c->client[id];

    (void)end_wait(client, now_ns);
    client->resent = true;
    client->generation++;
    client->waiting = CHECK_WAITS_OFFER;
    send_first(c, id, now_ns);
}

static void on_refused(struct clients *c, uint32_t id, uint64_t at_ns)
{
    struct client *client = &c->client[id];

    c->stats->exchange[client->exchange].refused++;
    if (client->exchange == EXCHANGE_DORA) {
        discover_again(c, id, at_ns);
        return;
    }
    lose_lease(c, id);
    become_idle(c, id);
}

static void on_offer(struct clients *c, uint32_t id, const struct reply *reply, uint64_t at_ns)
{
    struct client *client = &c->client[id];

    histogram_add(&c->stats->offer, end_wait(client, at_ns));
    client->address = reply->yiaddr;
    client->server = reply->server_id;
    client->waiting = CHECK_WAITS_ACK;
    send_first(c, id, at_ns);
}

static void on_done(struct clients *c, uint32_t id, uint64_t at_ns)
{
    struct client *client = &c->client[id];
    uint64_t waited = end_wait(client, at_ns);
    struct outcome outcome = {
        .exchange = client->exchange,
        .started_ns = client->started_ns,
        .done_ns = at_ns,
        .waited_ns = client->waited_ns,
        .clean = !client->resent,
    };

    if (begins_with_discover(client->exchange))
        histogram_add(&c->stats->ack, waited);
    stats_count_done(c->stats, &outcome);
    become_idle(c, id);
}

static void on_ack(struct clients *c, uint32_t id, const struct reply *reply, uint64_t at_ns)
{
    struct client *client = &c->client[id];

    client->server = reply->server_id;
    client->bound = true;
    holders_set(c->holders, reply->yiaddr, number_of(c, id),
                at_ns / NS_PER_S + reply->lease_time_s);
    stats_count_ack(c->stats, reply->server_id);
    on_done(c, id, at_ns);
}

static struct expectation expectation_of(const struct clients *c, uint32_t id)
{
    const struct client *client = &c->client[id];
    bool selecting = client->exchange == EXCHANGE_DORA;

    return (struct expectation){
        .client = number_of(c, id),
        .generation = client->generation,
        .waiting = client->waiting,
        .address = client->address,
        .server = selecting ? client->server : ip4(0),
        .relay = client->exchange == EXCHANGE_RENEW ? ip4(0) : relay_of(c, id),
        .discovered = begins_with_discover(client->exchange),
    };
}

static enum verdict judge(const struct clients *c, uint32_t id, const struct reply *reply,
                          uint64_t at_ns)
{
    struct expectation expected = expectation_of(c, id);

    return c->client[id].exchange == EXCHANGE_ECHO
               ? check_echo(&expected, reply)
               : check_reply(&expected, reply, c->holders, at_ns / NS_PER_S);
}

static void accept_reply(struct clients *c, uint32_t id, const struct reply *reply,
                         uint64_t at_ns)
{
    const struct client *client = &c->client[id];

    if (client->waiting == CHECK_WAITS_OFFER)
        on_offer(c, id, reply, at_ns);
    else if (client->exchange == EXCHANGE_ECHO)
        on_done(c, id, at_ns);
    else
        on_ack(c, id, reply, at_ns);
}

/* A reply whose client is none of this run's that has sent something. */
static enum verdict judge_stranger(const struct clients *c, const struct reply *reply)
{
    /* The run before this one did not wait for it. */
    return reply->client < c->options.first_number ? VERDICT_LATE : VERDICT_UNKNOWN_CLIENT;
}

void clients_receive(void *context, struct span bytes, uint64_t at_ns)
{
    struct clients *c = context;
    enum verdict verdict;
    struct reply reply;
    uint32_t id;

    if (!message_read(bytes, &reply)) {
        c->stats->verdicts[VERDICT_MALFORMED]++;
        return;
    }
    id = reply.client - c->options.first_number;
    if (reply.client < c->options.first_number || id >= c->fresh) {
        c->stats->verdicts[judge_stranger(c, &reply)]++;
        return;
    }
    verdict = judge(c, id, &reply, at_ns);
    c->stats->verdicts[verdict]++;
    if (verdict == VERDICT_GOOD)
        accept_reply(c, id, &reply, at_ns);
    else if (verdict == VERDICT_REFUSED)
        on_refused(c, id, at_ns);
}

struct firing {
    struct clients *clients;
    uint64_t now_ns;
};

static void on_timer(void *context, uint32_t id)
{
    const struct firing *firing = context;
    struct clients *c = firing->clients;
    struct client *client = &c->client[id];

    if (client->exchange == EXCHANGE_DORA && client->waiting == CHECK_WAITS_ACK &&
        client->tries == REQUEST_TRIES) {
        discover_again(c, id, firing->now_ns);
        return;
    }
    client->resent = true;
    c->stats->exchange[client->exchange].resent++;
    client->tries = (uint8_t)(client->tries < UINT8_MAX ? client->tries + 1 : UINT8_MAX);
    (void)put_datagram(c, id, firing->now_ns);
    wait_for_answer(c, id, firing->now_ns);
}

void clients_run_timers(struct clients *c, uint64_t now_ns)
{
    struct firing firing = {c, now_ns};

    timers_run(c->timers, now_ns, on_timer, &firing);
}

void clients_give_up(struct clients *c)
{
    for (uint32_t id = 0; id < c->fresh; id++) {
        if (c->client[id].waiting == CHECK_WAITS_NOT)
            continue;
        stats_count_unanswered(c->stats, c->client[id].started_ns);
        become_idle(c, id);
    }
}
