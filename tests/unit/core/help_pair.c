/* help_pair.c - carrying out the effects of two servers without a world. */
#include "help_pair.h"

#include "proto/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char header[] = "pair:\n"
                             "  name: test\n"
                             "  mclt: %s\n"
                             "  nodes:\n"
                             "    primary: {name: a, link: \"tcp://10.78.0.1:6470\"}\n"
                             "    secondary: {name: b, link: \"tcp://10.78.0.2:6470\"}\n"
                             "  security: none\n"
                             "server:\n"
                             "  interfaces: [eth0]\n";
static const char alone_header[] = "server: {interfaces: [eth0]}\n";

struct ip4 node_address(enum role role)
{
    return ip4(role == ROLE_PRIMARY ? 0x0a4d0002 : 0x0a4d0003);
}

/* `mclt` NULL: without a partner. */
static struct config *load(const char *mclt, const char *yaml)
{
    struct config_problems problems = {0};
    char text[16384];
    const int before = mclt != NULL ? snprintf(text, sizeof(text), header, mclt)
                                    : snprintf(text, sizeof(text), "%s", alone_header);
    const int size =
        before + snprintf(text + before, sizeof(text) - (size_t)before, "%s", yaml);
    struct config *config =
        config_load_text("test", text, (size_t)size, mclt != NULL ? "a" : NULL, &problems);

    if (config == NULL)
        config_problems_print(&problems, "test", stderr);
    config_problems_free(&problems);
    assert_non_null(config);
    return config;
}

struct pair *pair_make(const char *mclt, const char *yaml)
{
    struct pair *pair = calloc(1, sizeof(*pair));

    pair->now = instant_ms(INT64_C(1790000000000));
    pair->seed = 12345;
    for (int i = 0; i < 2; i++) {
        pair->nodes[i].role = (enum role)i;
        pair->nodes[i].config = load(mclt, yaml);
        effects_init(&pair->nodes[i].fx);
        pair->nodes[i].inbox = calloc(4096, sizeof(uint8_t *));
        pair->nodes[i].inbox_size = calloc(4096, sizeof(size_t));
    }
    return pair;
}

static void clear_inbox(struct node *node)
{
    for (size_t i = 0; i < node->inbox_count; i++)
        free(node->inbox[i]);
    node->inbox_count = 0;
}

static void drop_store(struct node *node)
{
    for (size_t i = 0; i < node->store_count; i++)
        free(node->store[i].value);
    node->store_count = 0;
}

void pair_free(struct pair *pair)
{
    for (int i = 0; i < 2; i++) {
        struct node *node = &pair->nodes[i];

        server_free(node->server);
        effects_deinit(&node->fx);
        config_free(node->config);
        clear_inbox(node);
        drop_store(node);
        free(node->store);
        free(node->inbox);
        free(node->inbox_size);
    }
    free(pair);
}

/* ---- effects ---- */

static void keep(struct node *node, struct span key, struct span value)
{
    struct kept *kept = NULL;

    assert_true(key.size <= sizeof(kept->key));
    for (size_t i = 0; i < node->store_count; i++) {
        if (span_equal(span_of(node->store[i].key, node->store[i].key_size), key))
            kept = &node->store[i];
    }
    if (kept == NULL) {
        if (node->store_count == node->store_capacity) {
            node->store_capacity = 2 * node->store_capacity + 64;
            node->store = realloc(node->store, node->store_capacity * sizeof(*node->store));
        }
        kept = &node->store[node->store_count++];
        memset(kept, 0, sizeof(*kept));
        memcpy(kept->key, key.data, key.size);
        kept->key_size = key.size;
    }
    free(kept->value);
    kept->value = malloc(value.size + 1);
    memcpy(kept->value, value.data, value.size);
    kept->size = value.size;
}

static void keep_batch(struct node *node, const struct store_batch *batch)
{
    struct span key, value;
    size_t at = 0;

    while (store_batch_next(batch, &at, &key, &value))
        keep(node, key, value);
    node->commits++;
}

static void note_reply(struct node *node, const struct reply *reply)
{
    struct sent_reply *sent = &node->replies[node->reply_count % REPLIES_MAX];

    node->reply_count++;
    sent->reply = *reply;
    memcpy(sent->bytes, reply->packet.data, reply->packet.size);
    sent->reply.packet = span_of(sent->bytes, reply->packet.size);
    assert_int_equal(dhcp4_decode(sent->reply.packet, &sent->scratch, &sent->packet),
                     DHCP4_DECODED);
}

static void link_drop(struct pair *pair)
{
    pair->linked = false;
    for (int i = 0; i < 2; i++)
        clear_inbox(&pair->nodes[i]);
}

/* TRACE=2: what the peers say. */
static void trace_frame(const struct pair *pair, enum role from, struct span bytes)
{
    static uint8_t arena[1 << 20];
    struct frame f;

    if (getenv("TRACE") == NULL || getenv("TRACE")[0] != '2' ||
        frame_decode(bytes, arena, sizeof(arena), &f) != TD_OK || f.type == FRAME_HEARTBEAT)
        return;
    printf("%lld %s: %s", (long long)pair->now.ms % 100000000, role_name(from),
           frame_type_name(f.type));
    if (f.type == FRAME_UPDATE) {
        printf(" last %llu number %llu:", (unsigned long long)f.update.last_seq,
               (unsigned long long)f.update.number);
        for (size_t i = 0; i < f.update.count; i++)
            printf(" %x %s %lld", f.update.bindings[i].address.value,
                   binding_state_name(f.update.bindings[i].state),
                   (long long)f.update.bindings[i].version.ms % 100000000);
    } else if (f.type == FRAME_ACK) {
        printf(" last %llu number %llu", (unsigned long long)f.ack.last_seq,
               (unsigned long long)f.ack.number);
    } else if (f.type == FRAME_HELLO) {
        printf(" seq %llu applied %llu state %u", (unsigned long long)f.hello.seq,
               (unsigned long long)f.hello.applied_seq, f.hello.state);
    } else if (f.type == FRAME_SYNC_END) {
        printf(" last %llu", (unsigned long long)f.mark.last_seq);
    }
    printf("\n");
}

/* True if anything was done. */
static bool carry_out(struct pair *pair, struct node *node)
{
    const size_t count = node->fx.count;
    struct node *other = &pair->nodes[1 - node->role];
    bool reset = false;

    for (size_t i = 0; i < count; i++) {
        const struct effect *effect = &node->fx.items[i];

        switch (effect->type) {
        case EFFECT_COMMIT:
            assert_null(node->pending);
            node->pending = effect->batch;
            break;
        case EFFECT_SEND:
            trace_frame(pair, node->role, effect->bytes);
            if (pair->linked && !reset && other->server != NULL) {
                assert_true(other->inbox_count < 4096);
                other->inbox[other->inbox_count] = malloc(effect->bytes.size);
                memcpy(other->inbox[other->inbox_count], effect->bytes.data,
                       effect->bytes.size);
                other->inbox_size[other->inbox_count++] = effect->bytes.size;
            }
            break;
        case EFFECT_LINK_RESET:
            reset = true;
            break;
        case EFFECT_REPLY:
            note_reply(node, &effect->reply);
            break;
        case EFFECT_PROBE:
            node->probes[node->probe_count++ % PROBES_KEPT] = effect->probe;
            break;
        case EFFECT_EVENT:
            snprintf(node->events[node->event_count++ % EVENTS_MAX], 256, "%.60s: %.180s",
                     effect->event.name, effect->event.text);
            if (getenv("TRACE") != NULL)
                printf("%lld %s: %s: %s\n", (long long)pair->now.ms % 100000000,
                       role_name(node->role), effect->event.name, effect->event.text);
            break;
        }
    }
    effects_clear(&node->fx);
    if (reset) {
        link_drop(pair);
        for (int i = 0; i < 2; i++) {
            if (pair->nodes[i].server != NULL)
                server_link_down(pair->nodes[i].server, pair->now, &pair->nodes[i].fx);
        }
    }
    return count > 0;
}

static bool finish_store(struct pair *pair, struct node *node)
{
    const struct store_batch *batch = node->pending;

    if (batch == NULL || node->hold_store || node->server == NULL)
        return false;
    node->pending = NULL;
    if (node->full_store) {
        server_store_failed(node->server, pair->now, "No space left on device", &node->fx);
    } else {
        keep_batch(node, batch);
        if (node->commits_until_hold > 0 && --node->commits_until_hold == 0)
            node->hold_store = true;
        server_durable(node->server, pair->now, batch->number, &node->fx);
    }
    return true;
}

static bool deliver(struct pair *pair, struct node *node)
{
    uint8_t *bytes;
    size_t size;

    if (node->inbox_count == 0 || node->server == NULL || pair->hold_frames)
        return false;
    bytes = node->inbox[0];
    size = node->inbox_size[0];
    node->inbox_count--;
    memmove(&node->inbox[0], &node->inbox[1], node->inbox_count * sizeof(node->inbox[0]));
    memmove(&node->inbox_size[0], &node->inbox_size[1],
            node->inbox_count * sizeof(node->inbox_size[0]));
    server_frame(node->server, pair->now, span_of(bytes, size), &node->fx);
    server_flush(node->server, pair->now, &node->fx);
    free(bytes);
    return true;
}

static void connect_if_possible(struct pair *pair)
{
    if (pair->linked || pair->cut || pair->nodes[0].server == NULL ||
        pair->nodes[1].server == NULL)
        return;
    pair->linked = true;
    for (int i = 0; i < 2; i++)
        server_link_up(pair->nodes[i].server, pair->now, &pair->nodes[i].fx);
}

void pair_settle(struct pair *pair)
{
    bool busy = true;

    for (int rounds = 0; busy; rounds++) {
        busy = false;
        assert_true(rounds < 100000);
        for (int i = 0; i < 2; i++) {
            struct node *node = &pair->nodes[i];

            busy |= carry_out(pair, node);
            busy |= finish_store(pair, node);
            busy |= deliver(pair, node);
        }
    }
}

void pair_run(struct pair *pair, int64_t ms)
{
    for (int64_t passed = 0; passed < ms; passed += 10) {
        pair->now = instant_add_ms(pair->now, 10);
        if (passed % 50 == 0)
            connect_if_possible(pair);
        for (int i = 0; i < 2; i++) {
            if (pair->nodes[i].server != NULL)
                server_tick(pair->nodes[i].server, pair->now, &pair->nodes[i].fx);
        }
        pair_settle(pair);
    }
}

void pair_start(struct pair *pair, enum role role)
{
    struct node *node = &pair->nodes[role];
    const struct ip4 address = node_address(role);
    uint8_t seed[32];

    assert_null(node->server);
    node->server = server_new(node->config, role, &address, 1);
    for (size_t i = 0; i < node->store_count; i++)
        assert_int_equal(server_load(node->server,
                                     span_of(node->store[i].key, node->store[i].key_size),
                                     span_of(node->store[i].value, node->store[i].size)),
                         TD_OK);
    for (size_t i = 0; i < sizeof(seed); i++)
        seed[i] =
            (uint8_t)((pair->seed = pair->seed * 6364136223846793005u + 1442695040888963407u) >>
                      33);
    server_start(node->server, pair->now, seed, &node->fx);
    pair_settle(pair);
}

void pair_kill(struct pair *pair, enum role role)
{
    struct node *node = &pair->nodes[role];

    server_free(node->server);
    node->server = NULL;
    node->pending = NULL;
    effects_clear(&node->fx);
    if (pair->linked) {
        link_drop(pair);
        node = &pair->nodes[1 - role];
        if (node->server != NULL)
            server_link_down(node->server, pair->now, &node->fx);
    }
    pair_settle(pair);
}

void pair_lose_store(struct pair *pair, enum role role)
{
    assert_null(pair->nodes[role].server);
    drop_store(&pair->nodes[role]);
}

void pair_cut(struct pair *pair)
{
    pair->cut = true;
    if (pair->linked) {
        link_drop(pair);
        for (int i = 0; i < 2; i++) {
            if (pair->nodes[i].server != NULL)
                server_link_down(pair->nodes[i].server, pair->now, &pair->nodes[i].fx);
        }
    }
    pair_settle(pair);
}

void pair_mend(struct pair *pair)
{
    pair->cut = false;
}

struct pair *pair_new(const char *mclt, const char *yaml)
{
    struct pair *pair = pair_make(mclt, yaml);

    pair_start(pair, ROLE_PRIMARY);
    pair_start(pair, ROLE_SECONDARY);
    pair_run(pair, 1000);
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_PRIMARY)), "NORMAL");
    assert_string_equal(fo_state_name(pair_state(pair, ROLE_SECONDARY)), "NORMAL");
    pair_forget(pair);
    return pair;
}

struct pair *pair_alone(const char *yaml)
{
    struct pair *pair = pair_make(NULL, yaml);

    pair_start(pair, ROLE_PRIMARY);
    pair_run(pair, 1000);
    pair_forget(pair);
    return pair;
}

enum fo_state pair_state(const struct pair *pair, enum role role)
{
    struct server_status status;

    server_status(pair->nodes[role].server, &status);
    return status.failover.state;
}

bool pair_equal(const struct pair *pair)
{
    struct server_status a, b;

    server_status(pair->nodes[0].server, &a);
    server_status(pair->nodes[1].server, &b);
    return a.digest == b.digest;
}

/* ---- clients ---- */

static void put(uint8_t *out, size_t *at, uint8_t code, const void *data, size_t size)
{
    out[(*at)++] = code;
    out[(*at)++] = (uint8_t)size;
    if (size > 0)
        memcpy(out + *at, data, size);
    *at += size;
}

static void put_u32(uint8_t *out, size_t at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        out[at + i] = (uint8_t)(value >> (24 - 8 * i));
}

static void put_ip(uint8_t *out, size_t *at, uint8_t code, struct ip4 value)
{
    uint8_t bytes[4];

    put_u32(bytes, 0, value.value);
    if (value.value != 0)
        put(out, at, code, bytes, 4);
}

size_t ask_encode(const struct ask *ask, uint8_t out[static 1500])
{
    static const uint8_t hardware[6] = {2, 0, 0, 0, 0, 0};
    const uint8_t type = (uint8_t)ask->type;
    const uint8_t max_size[2] = {(uint8_t)(ask->max_size >> 8), (uint8_t)ask->max_size};
    size_t at = DHCP4_HEADER_SIZE;

    memset(out, 0, 1500);
    out[0] = 1;
    out[1] = 1;
    out[2] = 6;
    put_u32(out, 4, ask->xid != 0 ? ask->xid : 0x1000u + ask->client);
    out[8] = (uint8_t)(ask->secs >> 8);
    out[9] = (uint8_t)ask->secs;
    out[10] = (uint8_t)(ask->flags >> 8);
    put_u32(out, 12, ask->ciaddr.value);
    put_u32(out, 24, ask->giaddr.value);
    memcpy(out + 28, hardware, 6);
    out[33] = ask->client;
    put_u32(out, 236, 0x63825363);
    if (ask->type != DHCP4_NONE)
        put(out, &at, OPTION_MESSAGE_TYPE, &type, 1);
    if (ask->rapid_commit)
        put(out, &at, OPTION_RAPID_COMMIT, NULL, 0);
    if (ask->host_name.size > 0)
        put(out, &at, OPTION_HOST_NAME, ask->host_name.data, ask->host_name.size);
    put_ip(out, &at, OPTION_REQUESTED_ADDRESS, ask->requested);
    put_ip(out, &at, OPTION_SERVER_IDENTIFIER, ask->server);
    put_ip(out, &at, OPTION_LEASE_TIME, ip4(ask->lease_time));
    if (ask->max_size != 0)
        put(out, &at, OPTION_MAX_MESSAGE_SIZE, max_size, 2);
    if (ask->client_id.size > 0)
        put(out, &at, OPTION_CLIENT_IDENTIFIER, ask->client_id.data, ask->client_id.size);
    if (ask->parameters.size > 0)
        put(out, &at, OPTION_PARAMETER_REQUEST_LIST, ask->parameters.data,
            ask->parameters.size);
    if (ask->relay_info.size > 0)
        put(out, &at, OPTION_RELAY_AGENT_INFORMATION, ask->relay_info.data,
            ask->relay_info.size);
    if (ask->options.size > 0)
        memcpy(out + at, ask->options.data, ask->options.size);
    at += ask->options.size;
    out[at++] = OPTION_END;
    return at;
}

void pair_tell(struct pair *pair, enum role role, const struct ask *ask)
{
    struct node *node = &pair->nodes[role];
    uint8_t bytes[1500];
    struct datagram datagram = {
        .source = ask->giaddr.value != 0 ? ask->giaddr : ask->ciaddr,
        .destination = ask->to.value != 0 ? ask->to : ip4(UINT32_MAX),
        .local = ask->local.value != 0 ? ask->local : node_address(role),
        .source_port = DHCP4_CLIENT_PORT,
        .interface = 2,
    };

    if (node->server == NULL)
        return;
    datagram.payload = span_of(bytes, ask_encode(ask, bytes));
    server_receive(node->server, pair->now, &datagram, &node->fx);
    server_flush(node->server, pair->now, &node->fx);
}

void pair_broadcast(struct pair *pair, const struct ask *ask)
{
    pair_tell(pair, ROLE_PRIMARY, ask);
    pair_tell(pair, ROLE_SECONDARY, ask);
    pair_settle(pair);
}

const struct sent_reply *pair_last(const struct pair *pair, enum role role)
{
    const struct node *node = &pair->nodes[role];

    return node->reply_count == 0 ? NULL
                                  : &node->replies[(node->reply_count - 1) % REPLIES_MAX];
}

size_t pair_replies(const struct pair *pair)
{
    return pair->nodes[0].reply_count + pair->nodes[1].reply_count;
}

void pair_forget(struct pair *pair)
{
    for (int i = 0; i < 2; i++)
        pair->nodes[i].reply_count = pair->nodes[i].event_count = pair->nodes[i].probe_count =
            0;
}

const struct sent_reply *pair_only(const struct pair *pair, enum role *by)
{
    const enum role role = pair->nodes[0].reply_count > 0 ? ROLE_PRIMARY : ROLE_SECONDARY;

    assert_int_equal(pair_replies(pair), 1);
    if (by != NULL)
        *by = role;
    return pair_last(pair, role);
}

struct ip4 pair_bind(struct pair *pair, uint8_t client, enum role *by)
{
    struct ask ask = {.type = DHCP4_DISCOVER, .client = client};
    const struct sent_reply *reply;
    enum role role;
    struct ip4 address;

    pair_forget(pair);
    pair_broadcast(pair, &ask);
    if (pair_replies(pair) == 0)
        pair_run(pair, 600); /* the address is probed */
    reply = pair_only(pair, &role);
    assert_int_equal(reply->packet.type, DHCP4_OFFER);
    address = reply->packet.yiaddr;
    ask.type = DHCP4_REQUEST;
    ask.requested = address;
    ask.server = node_address(role);
    pair_forget(pair);
    pair_broadcast(pair, &ask);
    if (pair_replies(pair) == 0)
        pair_run(pair, 100);
    reply = pair_only(pair, &role);
    assert_int_equal(reply->packet.type, DHCP4_ACK);
    assert_int_equal(reply->packet.yiaddr.value, address.value);
    if (by != NULL)
        *by = role;
    return address;
}

struct binding pair_binding(struct pair *pair, enum role role, struct ip4 address)
{
    return lease_table_binding(server_leases(pair->nodes[role].server), address);
}

bool pair_had_event(const struct pair *pair, enum role role, const char *name)
{
    const struct node *node = &pair->nodes[role];

    for (size_t i = 0; i < node->event_count && i < EVENTS_MAX; i++) {
        if (strncmp(node->events[i], name, strlen(name)) == 0)
            return true;
    }
    return false;
}
