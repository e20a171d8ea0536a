/* What time brings is done bit by bit: no tick stops the server because it has a lot to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "config/load.h"
#include "daemon/core/server.h"

#define LEASES   20000
#define RESERVED 1000 /* of them set aside for a client whose reservation is no more */
#define START_MS INT64_C(1700000000000)
#define PER_TICK 256 /* records that one kind of upkeep writes in one tick */

static const char yaml[] = "server: {interfaces: [lo]}\n"
                           "subnets:\n"
                           "  - subnet: 10.4.0.0/16\n"
                           "    reservations: [{hw-address: \"02:00:00:00:00:02\", address: "
                           "10.4.0.7}]\n"
                           "  - subnet: 10.3.0.0/16\n"
                           "    pools: [{range: 10.3.0.1-10.3.255.254}]\n"
                           "    reservations: [{hw-address: \"02:00:00:00:00:01\", address: "
                           "10.3.0.7}]\n";

static const uint8_t old_key[] = {0, 1, 2, 0, 0, 0, 0, 99};

struct fixture {
    struct config *config;
    struct server *server;
    struct effects fx;
    int64_t now;
};

static struct ip4 address_of(uint32_t n)
{
    return ip4(UINT32_C(0x0a030010) + n);
}

static void load(struct server *server, const struct stored_binding *stored)
{
    const uint32_t a = stored->binding.address.value;
    const uint8_t key[] = {'b', (uint8_t)(a >> 24), (uint8_t)(a >> 16), (uint8_t)(a >> 8),
                           (uint8_t)a};
    uint8_t value[512];
    const size_t size = stored_binding_encode(stored, value, sizeof(value));

    assert_int_equal(server_load(server, span_of(key, sizeof(key)), span_of(value, size)),
                     TD_OK);
}

/* `reserved` records at the end are set aside; all leases end at `expires_ms`. */
static void start(struct fixture *f, uint32_t reserved, int64_t expires_ms)
{
    const uint8_t seed[32] = {1};

    for (uint32_t n = 0; n < LEASES; n++) {
        const uint8_t key[] = {0,         1, 2, 1, 0, (uint8_t)(n >> 16), (uint8_t)(n >> 8),
                               (uint8_t)n};
        struct stored_binding stored = {binding_implied(address_of(n)), n + 1};

        stored.binding.version.ms = START_MS;
        if (n >= LEASES - reserved) {
            stored.binding.reserved = span_of(old_key, sizeof(old_key));
        } else {
            stored.binding.state = BINDING_ACTIVE;
            stored.binding.client = span_of(key, sizeof(key));
            stored.binding.expires = instant_ms(expires_ms);
        }
        load(f->server, &stored);
    }
    f->now = START_MS;
    server_start(f->server, instant_ms(f->now), seed, &f->fx);
}

/* One tick, when the server wants it, and the disk takes what it brought; returns how many
 * records. */
static size_t tick(struct fixture *f)
{
    const int64_t wait = server_wakeup(f->server).ms - f->now;
    size_t written = 0;

    f->now += wait < 1 ? 1 : wait < 100 ? wait : 100;
    server_tick(f->server, instant_ms(f->now), &f->fx);
    for (;;) {
        const struct store_batch *batch = NULL;

        for (size_t i = 0; i < f->fx.count; i++) {
            if (f->fx.items[i].type == EFFECT_COMMIT)
                batch = f->fx.items[i].batch;
        }
        effects_clear(&f->fx);
        if (batch == NULL)
            return written;

        struct span key, value;
        size_t at = 0;

        while (store_batch_next(batch, &at, &key, &value))
            written += key.data[0] == 'b';
        server_durable(f->server, instant_ms(f->now), batch->number, &f->fx);
    }
}

static size_t still_set_aside(const struct fixture *f)
{
    size_t count = 0;

    for (uint32_t n = LEASES - RESERVED; n < LEASES; n++)
        count += lease_table_binding(server_leases(f->server), address_of(n)).reserved.size > 0;
    return count;
}

static void reservations_that_are_no_more_are_withdrawn_over_many_ticks(void **state)
{
    struct fixture *f = *state;
    size_t written = 0, ticks = 0;

    start(f, RESERVED, START_MS + INT64_C(1000000000));
    while (still_set_aside(f) > 0) {
        const size_t before = still_set_aside(f);

        written += tick(f);
        assert_true(before - still_set_aside(f) <= PER_TICK);
        assert_true(++ticks < 1000);
    }
    /* And then those that are. */
    for (int i = 0; i < 10; i++)
        written += tick(f);
    assert_int_equal(written, RESERVED + 2);

    const struct ip4 reserved[] = {ip4(0x0a040007), ip4(0x0a030007)};

    for (size_t i = 0; i < ARRAY_SIZE(reserved); i++) {
        const struct config_reservation *r = config_reservation_at(f->config, reserved[i]);

        assert_true(span_equal(
            lease_table_binding(server_leases(f->server), reserved[i]).reserved, r->key));
    }
}

static void leases_that_end_together_are_freed_over_many_ticks(void **state)
{
    struct fixture *f = *state;
    struct instant due;
    size_t freed = 0;

    start(f, 0, START_MS + 1000);
    for (int i = 0; i < 2000 && lease_table_earliest(server_leases(f->server), &due); i++) {
        const size_t written = tick(f);

        assert_true(written <=
                    2 * PER_TICK); /* the one batch, and the one gathered meanwhile */
        freed += written;
    }
    assert_null(lease_table_earliest(server_leases(f->server), &due));
    assert_true(freed >= LEASES);
    /* Their addresses are wanted again: all are free half a second after the skew is over. */
    assert_true(f->now <= START_MS + 1000 + 5000 + 500);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct config_problems problems;

    assert_non_null(f);
    f->config = config_load_text("test", yaml, sizeof(yaml) - 1, "test", &problems);
    assert_non_null(f->config);
    config_problems_free(&problems);
    f->server = server_new(f->config, ROLE_PRIMARY, NULL, 0);
    effects_init(&f->fx);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    effects_deinit(&f->fx);
    server_free(f->server);
    config_free(f->config);
    free(f);
    return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reservations_that_are_no_more_are_withdrawn_over_many_ticks),
        TEST(leases_that_end_together_are_freed_over_many_ticks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
