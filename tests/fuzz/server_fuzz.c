/* tests/fuzz/server_fuzz.c - datagrams of any bytes to a whole server: whatever they are, it
 * answers or counts, and keeps its own rules (ASSERT).
 *
 * An input is a sequence of packets: two bytes of how each arrives, two of its size, its bytes.
 * What the server writes is durable at once; time passes between packets as they say. */
#include <stdio.h>
#include <stdlib.h>

#include "config/load.h"
#include "daemon/core/dns.h"
#include "daemon/core/server.h"
#include "tests/everything.h"

#define PACKETS_MAX 64
#define OPTIONS_MAX 1200

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char file[] = "server: {interfaces: [eth0]}\n" EVERYTHING;

static const struct ip4 own = {0x0a4d0002};

struct fuzz {
    struct server *server;
    struct effects fx;
    struct instant now;
};

/* Every other one is in use. */
static void answer(struct fuzz *f, const struct probe *probe)
{
    const struct probe_result result = {
        .number = probe->number, .address = probe->address, .outcome = PROBE_ANSWERED};

    if (probe->number % 2 == 0)
        server_probe_result(f->server, f->now, &result, &f->fx);
}

/* Every fourth job is done by no server. */
static void work_for_dns(struct fuzz *f)
{
    struct dns_job job;

    while (server_dns_next(f->server, f->now, &job, &f->fx)) {
        server_flush(f->server, f->now, &f->fx);
        server_dns_done(f->server, f->now, &job, (enum dns_outcome)(job.id % 4), "no answer",
                        &f->fx);
    }
}

static void carry_out(struct fuzz *f)
{
    for (int turn = 0; turn < 4; turn++) {
        uint64_t durable = 0;
        struct probe probe = {.number = 1};

        server_flush(f->server, f->now, &f->fx);
        for (size_t i = 0; i < f->fx.count; i++) {
            const struct effect *effect = &f->fx.items[i];

            if (effect->type == EFFECT_COMMIT)
                durable = effect->batch->number;
            if (effect->type == EFFECT_REPLY)
                ASSERT(effect->reply.packet.size >= DHCP4_HEADER_SIZE);
            if (effect->type == EFFECT_PROBE)
                probe = effect->probe;
        }
        effects_clear(&f->fx);
        answer(f, &probe);
        work_for_dns(f);
        if (durable == 0)
            break;
        server_durable(f->server, f->now, durable, &f->fx);
    }
}

/* Any packet can be explained, and nothing comes of it (test_explain_random.c says the rest).
 */
static void explain(const struct fuzz *f, const struct datagram *datagram)
{
    static struct explain e;
    struct server_status before, after;

    server_status(f->server, &before);
    explain_init(&e);
    server_explain(f->server, f->now, datagram, &e);
    server_status(f->server, &after);
    ASSERT(before.digest == after.digest && before.seq == after.seq &&
           before.offers == after.offers && before.held == after.held);
    ASSERT(memcmp(&before.counters, &after.counters, sizeof(before.counters)) == 0);
    ASSERT(e.has_reply == explain_is_answered(e.verdict));
}

static void receive(struct fuzz *f, const uint8_t how[2], struct span payload)
{
    const struct datagram datagram = {
        .source = ip4((how[0] & 1) != 0 ? 0x0a500001 : 0),
        .destination = (how[0] & 2) != 0 ? own : ip4(UINT32_MAX),
        .local = own,
        .source_port = (how[0] & 4) != 0 ? 1067 : 67,
        .interface = 2,
        .interface_name = (how[0] & 8) != 0 ? "eth1" : "eth0",
        .payload = payload,
    };

    f->now = instant_add_ms(f->now, (int64_t)how[1] * how[1]);
    server_tick(f->server, f->now, &f->fx);
    explain(f, &datagram);
    server_receive(f->server, f->now, &datagram, &f->fx);
    carry_out(f);
}

static void query(struct fuzz *f, struct span payload)
{
    static uint8_t out[4 * BULK_ROOM];
    struct bulk_query bulk = {.running = false};

    if (!server_bulk_begin(f->server, f->now, payload, &bulk))
        return;
    while (bulk.running)
        ASSERT(server_bulk_next(f->server, f->now, &bulk, out, sizeof(out)) <= sizeof(out));
}

/* The header of a good request, the rest of it from the input: an empty corpus is enough to get
 * somewhere. */
static struct span wrap(struct span bytes)
{
    static uint8_t whole[DHCP4_HEADER_SIZE + OPTIONS_MAX];
    const size_t fields = bytes.size < 36 ? bytes.size : 36;
    const size_t left = bytes.size - fields;
    const size_t options = left < OPTIONS_MAX ? left : OPTIONS_MAX;

    memset(whole, 0, sizeof(whole));
    if (bytes.size > 0) {
        memcpy(whole, bytes.data, fields);
        memcpy(whole + DHCP4_HEADER_SIZE, bytes.data + fields, options);
    }
    memcpy(whole, (uint8_t[]){DHCP4_BOOTREQUEST, 1, 6}, 3);
    memcpy(whole + 236, (uint8_t[]){0x63, 0x82, 0x53, 0x63}, 4);
    return span_of(whole, DHCP4_HEADER_SIZE + options);
}

/* By hand, for two clients that an input comes by easily. */
static void reserve(struct fuzz *f)
{
    static const char *const texts[] = {
        "{hw-address: '00:00:00:00:00:01', address: 10.77.0.26, host-name: made}",
        "{circuit-id: 'text:e', address: 10.80.1.17}"};
    struct reservation_change done;
    char why[200];

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        ASSERT(server_reservation(f->server, f->now, RESERVATION_ADD,
                                  span_of(texts[i], strlen(texts[i])), &done, why, sizeof(why),
                                  &f->fx) == TD_OK);
    carry_out(f);
}

static const struct config *config_once(void)
{
    static struct config *config;
    struct config_problems problems = {NULL, 0};

    if (config == NULL)
        config = config_load_text("fuzz", file, sizeof(file) - 1, NULL, &problems);
    if (config == NULL) {
        config_problems_print(&problems, "fuzz", stderr);
        abort();
    }
    config_problems_free(&problems); /* warnings */
    return config;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t seed[32] = {1, 2, 3};
    struct fuzz f = {.now = instant_ms(INT64_C(1700000000000))};

    effects_init(&f.fx);
    f.server = server_new(config_once(), ROLE_PRIMARY, &own, 1);
    server_start(f.server, f.now, seed, &f.fx);
    carry_out(&f);
    reserve(&f);
    for (int i = 0; i < PACKETS_MAX && size >= 4; i++) {
        const uint8_t how[2] = {data[0], data[1]};
        size_t one = (size_t)(data[2] & 7) << 8 | data[3];

        data += 4;
        size -= 4;
        one = one < size ? one : size;
        if ((how[0] & 16) != 0)
            query(&f, (how[0] & 32) != 0 ? wrap(span_of(data, one)) : span_of(data, one));
        else
            receive(&f, how,
                    (how[0] & 32) != 0 ? wrap(span_of(data, one)) : span_of(data, one));
        data += one;
        size -= one;
    }
    server_free(f.server);
    effects_deinit(&f.fx);
    return 0;
}
