/* What the store holds, given back record by record and in batches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "config/load.h"
#include "daemon/core/load.h"
#include "proto/frame.h"

#define FIRST UINT32_C(0x0a4d1000) /* 10.77.16.0 */

struct fixture {
    struct config *config;
    struct server *server;
    struct load_batch *batch;
};

static int setup(void **state)
{
    static const char text[] = "server: {interfaces: [eth0]}\n"
                               "subnets:\n"
                               "  - subnet: 10.77.0.0/16\n"
                               "    pools: [{range: 10.77.16.0-10.77.255.254}]\n";
    struct config_problems problems = {NULL, 0};
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    f->config = config_load_text("test", text, sizeof(text) - 1, "a", &problems);
    assert_non_null(f->config);
    f->server = server_new(f->config, ROLE_PRIMARY, NULL, 0);
    f->batch = load_batch_new();
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    load_batch_free(f->batch);
    server_free(f->server);
    config_free(f->config);
    free(f);
    return 0;
}

/* A stored pair of key and value. */
struct record {
    uint8_t key[5];
    uint8_t value[16384];
    size_t key_size, size;
};

static struct span key_of(const struct record *r)
{
    return span_of(r->key, r->key_size);
}

static struct span value_of(const struct record *r)
{
    return span_of(r->value, r->size);
}

/* The lease of FIRST + `at`, of the client `at`, with a vendor class of that size. */
static const struct record *lease_record(uint32_t at, size_t vendor_class_size)
{
    static struct record r;
    static const uint8_t vendor_class[BINDING_ATTRIBUTE_MAX];
    const uint32_t address = FIRST + at;
    const uint8_t key[5] = {'b', (uint8_t)(address >> 24), (uint8_t)(address >> 16),
                            (uint8_t)(address >> 8), (uint8_t)address};
    const struct stored_binding stored = {
        .binding = {.address = ip4(address),
                    .state = BINDING_ACTIVE,
                    .version = {5000 + at, 0, ROLE_PRIMARY},
                    .cltt = instant_ms(5000),
                    .expires = instant_ms(5000000 + at),
                    .client = span_of(key, sizeof(key)),
                    .vendor_class = span_of(vendor_class, vendor_class_size)},
        .seq = at + 1};

    memcpy(r.key, key, sizeof(key));
    r.key_size = sizeof(key);
    r.size = stored_binding_encode(&stored, r.value, sizeof(r.value));
    return &r;
}

static const struct record *progress_record(int64_t clock_ms)
{
    static struct record r = {.key = "q", .key_size = 1};
    const struct progress_record progress = {.seq = 77, .acked_seq = 7, {clock_ms}};

    r.size = progress_record_encode(&progress, r.value, sizeof(r.value));
    return &r;
}

static void add(struct fixture *f, const struct record *r)
{
    assert_int_equal(load_batch_add(f->batch, key_of(r), value_of(r)), TD_OK);
}

static void assert_lease(struct fixture *f, uint32_t at, size_t vendor_class_size)
{
    const struct lease *lease = lease_table_find(server_leases(f->server), ip4(FIRST + at));
    struct binding b;

    assert_non_null(lease);
    b = lease_binding_of(lease);
    assert_int_equal(b.state, BINDING_ACTIVE);
    assert_int_equal(b.expires.ms, 5000000 + at);
    assert_int_equal(b.client.size, 5);
    assert_int_equal(b.client.data[4], (uint8_t)(FIRST + at));
    assert_int_equal(b.vendor_class.size, vendor_class_size);
    assert_int_equal(lease->seq, at + 1);
}

static void a_batch_gives_the_server_what_its_records_say(void **state)
{
    struct fixture *f = *state;

    add(f, lease_record(1, 60));
    add(f, progress_record(123456));
    add(f, lease_record(0, 0));
    assert_int_equal(lease_table_size(server_leases(f->server)), 0);
    server_load_batch(f->server, f->batch);
    assert_int_equal(lease_table_size(server_leases(f->server)), 2);
    assert_lease(f, 0, 0);
    assert_lease(f, 1, 60);
    assert_int_equal(server_kept_clock(f->server).ms, 123456);
}

/* What went with one batch must not come back with the next. */
static void a_batch_is_empty_once_it_was_taken(void **state)
{
    struct fixture *f = *state;

    add(f, lease_record(0, 0));
    add(f, progress_record(1000));
    server_load_batch(f->server, f->batch);
    assert_int_equal(
        server_load(f->server, key_of(progress_record(2000)), value_of(progress_record(2000))),
        TD_OK);
    server_load_batch(f->server, f->batch);
    assert_int_equal(server_kept_clock(f->server).ms, 2000);
    assert_int_equal(lease_table_size(server_leases(f->server)), 1);
}

static void a_full_batch_says_so_and_keeps_what_it_has(void **state)
{
    struct fixture *f = *state;
    const uint32_t count = LOAD_BATCH_BINDINGS;
    const struct record *r;

    for (uint32_t at = 0; at < count; at++)
        add(f, lease_record(at, 0));
    r = lease_record(count, 0);
    assert_int_equal(load_batch_add(f->batch, key_of(r), value_of(r)), TD_NO_SPACE);
    server_load_batch(f->server, f->batch);
    assert_int_equal(lease_table_size(server_leases(f->server)), count);
    for (uint32_t at = 0; at < count; at++)
        assert_lease(f, at, 0);
    add(f, r);
}

/* The largest records fill a batch by their bytes, and none overwrites another's. */
static void large_records_fill_a_batch_sooner(void **state)
{
    struct fixture *f = *state;
    uint32_t count = 0;

    for (;;) {
        const struct record *r = lease_record(count, BINDING_ATTRIBUTE_MAX);

        if (load_batch_add(f->batch, key_of(r), value_of(r)) == TD_NO_SPACE)
            break;
        count++;
    }
    assert_in_range(count, 10, 100);
    server_load_batch(f->server, f->batch);
    assert_int_equal(lease_table_size(server_leases(f->server)), count);
    for (uint32_t at = 0; at < count; at++)
        assert_lease(f, at, BINDING_ATTRIBUTE_MAX);
}

static void assert_malformed(struct fixture *f, const char *key, size_t key_size,
                             struct span value)
{
    assert_int_equal(load_batch_add(f->batch, span_of(key, key_size), value), TD_MALFORMED);
    assert_int_equal(server_load(f->server, span_of(key, key_size), value), TD_MALFORMED);
}

static void what_no_version_wrote_is_malformed_either_way(void **state)
{
    struct fixture *f = *state;
    const struct span lease = value_of(lease_record(0, 0)), junk = span_of("\xff", 1);
    static const uint8_t huge[512 * 1024];

    assert_malformed(f, "", 0, lease);
    assert_malformed(f, "z", 1, lease);
    assert_malformed(f, "qq", 2, value_of(progress_record(1)));
    assert_malformed(f, "b\x0a\x4d\x10", 4, lease);
    assert_malformed(f, "b\x0a\x4d\x10\x01", 5, lease); /* the record is of another address */
    assert_malformed(f, "b\x0a\x4d\x10\x00", 5, junk);
    assert_malformed(f, "b\x0a\x4d\x10\x00", 5, span_of(huge, sizeof(huge)));
    assert_malformed(f, "p", 1, junk);
    assert_malformed(f, "a", 1, junk);
    assert_malformed(f, "q", 1, junk);
    server_load_batch(f->server, f->batch);
    assert_int_equal(lease_table_size(server_leases(f->server)), 0);
    assert_int_equal(server_kept_clock(f->server).ms, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_batch_gives_the_server_what_its_records_say),
        TEST(a_batch_is_empty_once_it_was_taken),
        TEST(a_full_batch_says_so_and_keeps_what_it_has),
        TEST(large_records_fill_a_batch_sooner),
        TEST(what_no_version_wrote_is_malformed_either_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
