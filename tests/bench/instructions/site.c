#include "tests/bench/instructions/site.h"

#include <stdio.h>
#include <stdlib.h>

#include "config/load.h"
#include "tests/bench/instructions/counted.h"

#define TICK_MAX_MS 100 /* see server_tick() */
#define FRAMES_MAX  256 /* on their way to one server */
#define LINK_BYTES  (1 << 20)
#define MEET_MS     1000 /* for the handshake of two empty servers */

struct node {
    struct server *server;
    struct config *config;
    struct effects fx;
    struct datagram datagrams[SITE_TURN];
    size_t datagram_count;
    struct span frames[FRAMES_MAX]; /* in `link` */
    size_t frame_count;
    uint8_t *link;
    size_t link_used;
    uint64_t committed; /* number of the batch that the store has; 0: none */
    struct instant ticked;
};

struct site {
    struct instant now;
    site_receiver *receiver;
    void *context;
    bool counting;
    size_t count;
    struct node nodes[2];
};

static const char pair_section[] = "pair:\n"
                                   "  name: instructions\n"
                                   "  nodes:\n"
                                   "    primary: {name: a, link: \"tcp://10.78.0.1:6470\"}\n"
                                   "    secondary: {name: b, link: \"tcp://10.78.0.2:6470\"}\n"
                                   "  security: none\n";

static const char sections[] =
    "server: {interfaces: [eth0]}\n"
    "lease-time: 1h\n"
    "options:\n"
    "  domain-name-servers: [10.0.0.53, 10.0.1.53]\n"
    "  domain-name: dc1.example.net\n"
    "subnets:\n"
    "  - subnet: 10.77.0.0/16\n"
    "    pools: [{range: 10.77.16.0-10.77.255.254}]\n"
    "    options: {routers: [10.77.0.1], ntp-servers: [10.0.0.123]}\n";

static struct config *load(bool pair)
{
    struct config_problems problems = {0};
    char text[2048];
    int size = snprintf(text, sizeof text, "%s%s", pair ? pair_section : "", sections);
    struct config *config =
        config_load_text("instructions", text, (size_t)size, "a", &problems);

    config_problems_print(&problems, "instructions", stderr);
    config_problems_free(&problems);
    ASSERT(config != NULL);
    return config;
}

/* ---- effects ---- */

static void deliver(struct node *to, struct span frame)
{
    uint8_t *copy = to->link + to->link_used;

    ASSERT(to->frame_count < FRAMES_MAX && frame.size <= LINK_BYTES - to->link_used);
    memcpy(copy, frame.data, frame.size);
    to->link_used += frame.size;
    to->frames[to->frame_count++] = span_of(copy, frame.size);
}

static void carry_out_one(struct site *site, struct node *node, const struct effect *effect)
{
    switch (effect->type) {
    case EFFECT_COMMIT:
        ASSERT(node->committed == 0);
        node->committed = effect->batch->number;
        break;
    case EFFECT_SEND:
        ASSERT(site->count == 2);
        deliver(&site->nodes[node == &site->nodes[0]], effect->bytes);
        break;
    case EFFECT_LINK_RESET:
        UNREACHABLE("the servers of a site fell out");
    case EFFECT_REPLY:
        site->receiver(site->context, effect->reply.packet);
        break;
    case EFFECT_PROBE:
        UNREACHABLE("this site's file does not probe, and its servers have met");
    case EFFECT_EVENT:
        if (effect->event.severity >= EVENT_WARNING)
            fprintf(stderr, "%s: %s\n", effect->event.name, effect->event.text);
        break;
    }
}

static bool has_input(const struct node *node)
{
    return node->datagram_count + node->frame_count > 0 || node->committed != 0;
}

/* What lies ready for the server, and what it makes of it. */
static void come_round(struct site *site, struct node *node, bool tick)
{
    struct turn turn = {
        .datagrams = node->datagrams,
        .datagram_count = node->datagram_count,
        .frames = node->frames,
        .frame_count = node->frame_count,
        .durable = node->committed,
        .tick = tick,
    };
    size_t count;

    node->committed = 0;
    count =
        (site->counting ? counted_turn : turn_take)(node->server, site->now, &turn, &node->fx);
    node->datagram_count = node->frame_count = node->link_used = 0;
    for (size_t i = 0; i < count; i++)
        carry_out_one(site, node, &node->fx.items[i]);
}

void site_settle(struct site *site)
{
    bool busy = true;

    while (busy) {
        busy = false;
        for (size_t i = 0; i < site->count; i++) {
            if (!has_input(&site->nodes[i]))
                continue;
            come_round(site, &site->nodes[i], false);
            busy = true;
        }
    }
}

static bool is_due(const struct site *site, const struct node *node)
{
    return !instant_before(site->now, server_wakeup(node->server)) ||
           site->now.ms - node->ticked.ms >= TICK_MAX_MS;
}

void site_run(struct site *site, int64_t ms)
{
    for (int64_t i = 0; i < ms; i++) {
        site->now = instant_add_ms(site->now, 1);
        for (size_t k = 0; k < site->count; k++) {
            struct node *node = &site->nodes[k];

            if (!is_due(site, node))
                continue;
            node->ticked = site->now;
            come_round(site, node, true);
        }
        site_settle(site);
    }
}

/* ---- start and end ---- */

static void start(struct site *site, enum role role)
{
    struct node *node = &site->nodes[role];
    struct ip4 address = site_address(role);
    uint8_t seed[32] = {(uint8_t)(role + 1)};

    node->config = load(site->count == 2);
    node->link = malloc(LINK_BYTES);
    ASSERT(node->link != NULL);
    effects_init(&node->fx);
    node->server = server_new(node->config, role, &address, 1);
    server_start(node->server, site->now, seed, &node->fx);
}

/* The first effects come before the first turn. */
static void carry_out_first(struct site *site, struct node *node)
{
    for (size_t i = 0; i < node->fx.count; i++)
        carry_out_one(site, node, &node->fx.items[i]);
    effects_clear(&node->fx);
}

static void meet(struct site *site)
{
    for (size_t i = 0; i < 2; i++)
        server_link_up(site->nodes[i].server, site->now, &site->nodes[i].fx);
    for (size_t i = 0; i < 2; i++)
        carry_out_first(site, &site->nodes[i]);
    site_run(site, MEET_MS);
    for (size_t i = 0; i < 2; i++) {
        struct server_status status;

        server_status(site->nodes[i].server, &status);
        ASSERT(status.failover.state == FO_NORMAL);
    }
}

struct site *site_new(bool pair, site_receiver *receiver, void *context)
{
    struct site *site = calloc(1, sizeof *site);

    ASSERT(site != NULL);
    site->now = instant_ms(INT64_C(1790000000000));
    site->receiver = receiver;
    site->context = context;
    site->count = pair ? 2 : 1;
    for (size_t i = 0; i < site->count; i++)
        start(site, (enum role)i);
    for (size_t i = 0; i < site->count; i++)
        carry_out_first(site, &site->nodes[i]);
    if (pair)
        meet(site);
    return site;
}

void site_free(struct site *site)
{
    for (size_t i = 0; i < site->count; i++) {
        server_free(site->nodes[i].server);
        effects_deinit(&site->nodes[i].fx);
        config_free(site->nodes[i].config);
        free(site->nodes[i].link);
    }
    free(site);
}

size_t site_servers(const struct site *site)
{
    return site->count;
}

struct ip4 site_address(enum role role)
{
    return ip4(role == ROLE_PRIMARY ? 0x0a4d0002 : 0x0a4d0003);
}

void site_send(struct site *site, enum role role, struct ip4 source, uint16_t port,
               struct span payload)
{
    struct node *node = &site->nodes[role];

    ASSERT(role < site->count && node->datagram_count < SITE_TURN);
    node->datagrams[node->datagram_count++] = (struct datagram){
        .source = source,
        .destination = site_address(role),
        .local = site_address(role),
        .source_port = port,
        .interface = 2,
        .payload = payload,
    };
}

void site_begin_counting(struct site *site)
{
    site->counting = true;
}
