/* Counting leases and offers (lease/limits.h): against counting all records anew, for writes
 * and offers in any order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/load.h"
#include "daemon/lease/limits.h"

#define ADDRESSES 24
#define CLIENTS   6
#define STEPS     20000

static const char file[] = "server: {interfaces: eth0}\n"
                           "classes: [{name: b, match: {relay.circuit-id: b}}]\n"
                           "limits: [{per: client, leases: 3}, {class: b, leases: 4}]\n"
                           "subnets:\n"
                           "- {subnet: 10.0.0.0/24, pools: [{range: 10.0.0.16-10.0.0.31}],\n"
                           "   limits: [{per: circuit-id, leases: 2}]}\n"
                           "- {subnet: 10.0.1.0/24, pools: [{range: 10.0.1.16-10.0.1.23}]}\n";

struct world {
    struct config *config;
    struct lease_table *table;
    uint64_t seed;
    int64_t clock;
};

static uint32_t below(struct world *w, uint32_t sides)
{
    w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(w->seed >> 33) % sides;
}

/* In class "b" is who comes by port 2. */
static void classify(void *context, const struct binding *record,
                     const struct config_limit *const limits[], size_t count, bool in[])
{
    const struct world *w = context;

    assert_int_equal(count, 1);
    assert_ptr_equal(limits[0], &w->config->terms.care.limits->items[1]);
    in[0] = record->relay_info.size == 3 && record->relay_info.data[2] == 'b';
}

static int set_up(void **state)
{
    static struct world world;
    struct config_problems problems = {0};

    world = (struct world){.clock = 1000, .seed = 7};
    world.config = config_load_text("f", file, sizeof(file) - 1, NULL, &problems);
    assert_non_null(world.config);
    world.table = lease_table_new(world.config);
    lease_limits_classify(world.table, classify, &world);
    lease_table_seed(world.table, 99);
    lease_table_loaded(world.table);
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    lease_table_free(w->table);
    config_free(w->config);
    return 0;
}

static struct ip4 address(uint32_t i)
{
    return ip4(i < 16 ? 0x0a000010 + i : 0x0a000110 + i - 16);
}

/* Client `c` at port `p`; port 0: no option 82. */
static struct lease_holder holder(uint32_t c, uint32_t p)
{
    static const uint8_t keys[CLIENTS] = {1, 2, 3, 4, 5, 6};
    static const uint8_t hardware[6] = {2};
    static const uint8_t ports[3][3] = {{1, 1, 'a'}, {1, 1, 'b'}, {1, 1, 'c'}};

    static struct binding records[4]; /* by port, as far as it tells the class */

    records[p].relay_info = p == 0 ? span_of(NULL, 0) : span_of(ports[p - 1], 3);
    return (struct lease_holder){span_of(&keys[c], 1),  1,          6, hardware,
                                 records[p].relay_info, &records[p]};
}

static void put(struct world *w, uint32_t i)
{
    const struct lease_holder h = holder(below(w, CLIENTS), below(w, 4));
    struct binding b = lease_table_binding(w->table, address(i));

    b.state = below(w, 3) == 0 ? BINDING_FREE : BINDING_ACTIVE;
    b.client = h.client;
    b.relay_info = h.relay_info;
    b.htype = h.htype;
    b.hlen = h.hlen;
    memcpy(b.chaddr, h.chaddr, h.hlen);
    b.version = (struct version){w->clock, 0, ROLE_PRIMARY};
    b.expires = b.cltt = instant_ms(w->clock);
    lease_table_put(w->table, &b, (uint64_t)w->clock++);
}

/* ---- counted anew ---- */

static bool in_first_subnet(uint32_t i)
{
    return i < 16;
}

struct offers {
    bool live[ADDRESSES];
    uint32_t client[ADDRESSES], port[ADDRESSES];
};

static bool full(struct world *w, const struct offers *offers, uint32_t c, uint32_t p,
                 bool first)
{
    const struct lease_holder h = holder(c, p);
    uint32_t of_client = 0, of_port = 0, of_class = 0;

    for (uint32_t i = 0; i < ADDRESSES; i++) {
        const struct binding b = lease_table_binding(w->table, address(i));
        const bool own =
            offers->live[i] && offers->client[i] == c && in_first_subnet(i) == first;

        if (b.state == BINDING_ACTIVE) {
            of_client += span_equal(b.client, h.client);
            of_port += in_first_subnet(i) && p != 0 && span_equal(b.relay_info, h.relay_info);
            of_class += p == 2 && span_equal(b.relay_info, h.relay_info);
        }
        if (offers->live[i] && !own) {
            of_client += offers->client[i] == c;
            of_port += in_first_subnet(i) && p != 0 && offers->port[i] == p;
            of_class += p == 2 && offers->port[i] == p;
        }
    }
    return of_client >= 3 || of_class >= 4 || (first && of_port >= 2);
}

static void offer(struct world *w, struct offers *offers, uint32_t i)
{
    const uint32_t c = below(w, CLIENTS), p = below(w, 4);
    const struct lease_holder h = holder(c, p);

    for (uint32_t j = 0; j < ADDRESSES; j++) {
        if (offers->live[j] && offers->client[j] == c &&
            in_first_subnet(i) == in_first_subnet(j))
            offers->live[j] = false; /* one offer a client and link */
    }
    lease_table_offer(w->table, address(i), h.client, instant_ms(1000000000));
    lease_limits_offered(w->table, address(i), &h);
    offers->live[i] = true;
    offers->client[i] = c;
    offers->port[i] = p;
}

static void counting_on_is_as_good_as_counting_anew(void **state)
{
    struct world *w = *state;
    struct offers offers = {.live = {false}};
    unsigned refused = 0;

    for (int step = 0; step < STEPS; step++) {
        const uint32_t i = below(w, ADDRESSES), c = below(w, CLIENTS), p = below(w, 4);
        const bool first = below(w, 2) == 0;
        const struct lease_holder h = holder(c, p);
        bool expected;

        switch (below(w, 4)) {
        case 0:
            offer(w, &offers, i);
            break;
        case 1:
            lease_table_offer_end(w->table, address(i));
            offers.live[i] = false;
            break;
        default:
            put(w, i);
            break;
        }
        expected = full(w, &offers, c, p, first);
        refused += expected;
        assert_int_equal(lease_limits_full(w->table, &w->config->subnets[first ? 0 : 1], &h) !=
                             NULL,
                         expected);
    }
    assert_in_range(refused, STEPS / 20, STEPS - STEPS / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counting_on_is_as_good_as_counting_anew, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
