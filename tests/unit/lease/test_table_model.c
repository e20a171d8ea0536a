/* The lease table against the model of help_model.h, through long random lives. */
#include "help_model.h"

#define STEPS      10000
#define KEYS       24
#define FULL_CHECK 50 /* steps from one comparison of everything to the next */

struct life {
    struct model model;
    struct lease_table *table;
    uint64_t random;
    struct instant now;
    uint64_t seq;
    int64_t version;
    struct span keys[KEYS];
    uint64_t picked, refused;
};

static const uint8_t noise[512] =
    "the bytes that host names and relay information are cut from";

static uint64_t below(struct life *life, uint64_t end)
{
    return help_random(&life->random) % end;
}

static struct span some_bytes(struct life *life, size_t max)
{
    const size_t size = below(life, max + 1);

    return span_of(noise + below(life, 64), size);
}

static struct ip4 some_address(struct life *life)
{
    return life->model.at[below(life, MODEL_ADDRESSES)].binding.address;
}

static struct span some_key(struct life *life)
{
    return life->keys[below(life, KEYS)];
}

static void put(struct life *life, const struct binding *b)
{
    const uint64_t seq = below(life, 3) > 0 ? ++life->seq : 0;

    model_put(&life->model, b, seq); /* first: `b` may borrow from the table */

    const struct lease *lease = lease_table_put(life->table, b, seq);

    assert_int_equal(lease->seq, seq);
}

/* They say their own size; the rest is nothing to the table. */
static struct span some_names(struct life *life)
{
    static uint8_t bytes[64];
    const size_t size = 4 + below(life, 60);

    memset(bytes, (int)below(life, 256), sizeof(bytes));
    bytes[0] = 0;
    bytes[1] = (uint8_t)size;
    return span_of(bytes, size);
}

static void put_some_record(struct life *life)
{
    struct binding b = {
        .address = some_address(life),
        .state = (enum binding_state)below(life, BINDING_STATES),
        .owner = (enum role)below(life, 2),
        .version = {++life->version, 0, ROLE_PRIMARY},
        .cltt = life->now,
        .expires = instant_ms((int64_t)below(life, 40)), /* many are equal */
        .client = below(life, 8) > 0 ? some_key(life) : span_of(NULL, 0),
        .reserved = below(life, 10) == 0 ? some_key(life) : span_of(NULL, 0),
        .hlen = (uint8_t)below(life, 17),
        .chaddr = {(uint8_t)below(life, 256)},
        .host_name = some_bytes(life, 20),
        .relay_info = below(life, 4) == 0 ? some_bytes(life, 200) : span_of(NULL, 0),
        .vendor_class = some_bytes(life, 10),
        .names = below(life, 3) == 0 ? some_names(life) : span_of(NULL, 0),
    };

    put(life, &b);
}

/* As a renewal or release does: most of the record is the old one, in the table's own memory.
 */
static void put_changed_record(struct life *life)
{
    struct binding b = lease_table_binding(life->table, some_address(life));

    b.version.ms = ++life->version;
    b.expires = instant_add_ms(life->now, (int64_t)below(life, 100));
    if (below(life, 3) == 0)
        b.state = (enum binding_state)below(life, BINDING_STATES);
    if (below(life, 4) == 0)
        b.host_name = b.client; /* borrowed from another place of the same record */
    if (below(life, 4) == 0)
        b.client = some_key(life);
    if (below(life, 4) == 0)
        b.reserved = span_of(NULL, 0);
    put(life, &b);
}

static void put_back_to_implied(struct life *life)
{
    struct binding b = binding_implied(some_address(life));

    b.version.ms = ++life->version;
    put(life, &b);
}

static void offer_some_address(struct life *life)
{
    const struct ip4 address = some_address(life);
    const struct span key = some_key(life);
    const struct instant until = instant_add_ms(life->now, 30);

    model_offer(&life->model, address, key, until);
    lease_table_offer(life->table, address, key, until);
}

static void end_some_offer(struct life *life)
{
    const struct ip4 address = some_address(life);

    model_offer_end(&life->model, model_find(&life->model, address));
    lease_table_offer_end(life->table, address);
}

static void let_time_pass(struct life *life)
{
    life->now = instant_add_ms(life->now, (int64_t)below(life, 8));
    model_offers_expire(&life->model, life->now);
    lease_table_offers_expire(life->table, life->now);
}

/* Refuses by address, differently for every pick. */
static bool give_some(void *context, const struct binding *b, uint64_t seq)
{
    const uint64_t *salt = context;

    return ((b->address.value * UINT32_C(2654435769) ^ seq ^ *salt) >> 8) % 8 < *salt % 9;
}

static void pick_some_address(struct life *life)
{
    const struct config_pool *pool = POOL(below(life, 3));
    const enum role owner = (enum role)below(life, 2);
    uint64_t salt = help_random(&life->random);
    struct ip4 want = {0}, got = {0}, peeked = {0};
    const bool found = model_pick(&life->model, pool, owner, give_some, &salt, &want);

    assert_int_equal(lease_table_peek_for(life->table, pool, owner, span_of(NULL, 0), give_some,
                                          &salt, &peeked),
                     found);
    assert_int_equal(lease_table_pick(life->table, pool, owner, give_some, &salt, &got), found);
    life->picked += found;
    life->refused += !found;
    if (!found)
        return;
    assert_int_equal(got.value, want.value);
    assert_int_equal(peeked.value, want.value);

    const struct span key = some_key(life);
    const struct instant until = instant_add_ms(life->now, 30);

    if (below(life, 4) == 0)
        return; /* it was of no use after all */
    model_offer(&life->model, got, key, until);
    lease_table_offer(life->table, got, key, until);
}

static void postpone_the_earliest(struct life *life)
{
    struct instant due;
    struct lease *lease = lease_table_earliest(life->table, &due);

    if (lease == NULL)
        return;
    due = instant_add_ms(due, (int64_t)below(life, 50));
    model_find(&life->model, lease->binding.address)->due = due;
    lease_table_postpone(life->table, lease, due);
}

static void (*const operations[])(struct life *) = {
    put_some_record,     put_some_record,    put_changed_record, put_changed_record,
    put_back_to_implied, offer_some_address, end_some_offer,     let_time_pass,
    pick_some_address,   pick_some_address,  pick_some_address,  postpone_the_earliest,
};

static void live(uint64_t seed)
{
    static struct life life;
    static uint8_t keys[KEYS][40];

    life = (struct life){.random = seed, .now = {1000}};
    for (size_t i = 0; i < KEYS; i++) {
        memset(keys[i], (int)i, sizeof(keys[i]));
        life.keys[i] = span_of(keys[i], 1 + i * 39 / KEYS);
    }
    model_init(&life.model);
    life.table = lease_table_new(&help_config);
    lease_table_loaded(life.table);
    for (int step = 0; step < STEPS; step++) {
        operations[below(&life, ARRAY_SIZE(operations))](&life);
        model_compare_sums(&life.model, life.table);
        if (step % FULL_CHECK == 0)
            model_compare_all(&life.model, life.table, life.now, life.keys, KEYS);
    }
    model_compare_all(&life.model, life.table, life.now, life.keys, KEYS);
    assert_true(life.picked > 100 && life.refused > 100);
    lease_table_free(life.table);
}

static void the_table_does_what_the_model_does(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++)
        live(seed * UINT64_C(0x9e3779b97f4a7c15));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_does_what_the_model_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
