/* A store into a server: with no record, one, many; and with one that cannot be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "config/load.h"
#include "daemon/core/load.h"
#include "daemon/io/store_load.h"
#include "help_io.h"
#include "proto/binding.h"

#define FIRST UINT32_C(0x0a400001) /* 10.64.0.1 */
/* Far more batches than are under way at once, and the last of them not full. */
#define MANY ((uint32_t)(20 * LOAD_BATCH_BINDINGS + 7))

struct fixture {
    struct config *config;
    struct server *server;
    struct store_db *db;
    char *path;
    char error[STORE_ERROR_SIZE];
};

static struct server *make_server(const struct fixture *f)
{
    return server_new(f->config, ROLE_PRIMARY, NULL, 0);
}

static int setup(void **state)
{
    static const char text[] = "server: {interfaces: [eth0]}\n"
                               "subnets:\n"
                               "  - subnet: 10.64.0.0/10\n"
                               "    pools: [{range: 10.64.0.1-10.127.255.254}]\n";
    struct config_problems problems = {NULL, 0};
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    f->config = config_load_text("test", text, sizeof text - 1, "a", &problems);
    assert_non_null(f->config);
    f->server = make_server(f);
    f->path = help_directory_make();
    f->db = store_db_open(f->path, f->error);
    assert_non_null(f->db);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    store_db_close(f->db);
    server_free(f->server);
    config_free(f->config);
    help_directory_remove(f->path);
    free(f);
    return 0;
}

static struct ip4 address_of(uint32_t at, uint32_t step)
{
    return ip4(FIRST + at * step);
}

static void put_lease(struct store_batch *batch, struct ip4 address)
{
    const uint32_t a = address.value;
    const uint8_t key[5] = {'b', (uint8_t)(a >> 24), (uint8_t)(a >> 16), (uint8_t)(a >> 8),
                            (uint8_t)a};
    const struct stored_binding stored = {.binding = {.address = address,
                                                      .state = BINDING_ACTIVE,
                                                      .version = {1000, 0, ROLE_PRIMARY},
                                                      .expires = instant_ms(2000),
                                                      .client = span_of(key, sizeof key)},
                                          .seq = a};
    uint8_t value[256];

    store_batch_put(batch, span_of(key, sizeof key),
                    span_of(value, stored_binding_encode(&stored, value, sizeof value)));
}

static void write_out(struct fixture *f, struct store_batch *batch)
{
    assert_int_equal(store_db_write(f->db, batch, f->error), TD_OK);
    help_batch_free(batch);
}

/* So many leases, so many addresses from one to the next. */
static void write_leases(struct fixture *f, uint32_t count, uint32_t step)
{
    struct store_batch batch = {.number = 1};

    for (uint32_t at = 0; at < count; at++)
        put_lease(&batch, address_of(at, step));
    write_out(f, &batch);
}

static void assert_loads(struct fixture *f, uint32_t count, uint32_t step)
{
    struct lease_table *leases = server_leases(f->server);

    assert_int_equal(store_load(f->db, f->server, f->error), TD_OK);
    assert_int_equal(lease_table_size(leases), count);
    for (uint32_t at = 0; at < count; at++) {
        const struct lease *lease = lease_table_find(leases, address_of(at, step));

        assert_non_null(lease);
        assert_int_equal(lease->seq, address_of(at, step).value);
        assert_int_equal(lease_client(lease).size, 5);
    }
}

static void an_empty_store_gives_nothing(void **state)
{
    assert_loads(*state, 0, 1);
}

static void one_record_is_loaded(void **state)
{
    write_leases(*state, 1, 1);
    assert_loads(*state, 1, 1);
}

static void a_batch_that_is_just_full_is_loaded(void **state)
{
    write_leases(*state, LOAD_BATCH_BINDINGS, 1);
    assert_loads(*state, LOAD_BATCH_BINDINGS, 1);
}

static void neighbours_are_all_loaded(void **state)
{
    write_leases(*state, MANY, 1);
    assert_loads(*state, MANY, 1);
}

static void addresses_far_apart_are_all_loaded(void **state)
{
    write_leases(*state, MANY, 397);
    assert_loads(*state, MANY, 397);
}

/* Part in table files, part in the log, and some records in both. */
static void what_was_written_before_and_after_a_restart_is_loaded(void **state)
{
    struct fixture *f = *state;

    write_leases(f, MANY, 2);
    store_db_close(f->db);
    f->db = store_db_open(f->path, f->error);
    assert_non_null(f->db);
    write_leases(f, 2 * MANY - 1, 1);
    assert_loads(f, 2 * MANY - 1, 1);
}

static void assert_refused(struct fixture *f, const char *hex)
{
    struct server *server = make_server(f);
    char wanted[STORE_ERROR_SIZE];

    snprintf(wanted, sizeof wanted,
             "%s: the record with the key %s is not one that this version can read", f->path,
             hex);
    assert_int_equal(store_load(f->db, server, f->error), TD_MALFORMED);
    assert_string_equal(f->error, wanted);
    server_free(server);
}

/* The first one by key is named, wherever it stands: here from the last batch to the first. */
static void a_record_that_cannot_be_read_is_named(void **state)
{
    static const struct {
        const char *key, *hex;
    } bad[] = {{"zz", "7a:7a"}, {"b\x0a\x40\x08\x00", "62:0a:40:08:00"}, {"A", "41"}};
    struct fixture *f = *state;

    write_leases(f, MANY, 1);
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        struct store_batch batch = {.number = 2 + i};
        const size_t size = bad[i].key[0] == 'b' ? 5 : strlen(bad[i].key);

        store_batch_put(&batch, span_of(bad[i].key, size), help_span("\xff"));
        write_out(f, &batch);
        assert_refused(f, bad[i].hex);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_store_gives_nothing),
        TEST(one_record_is_loaded),
        TEST(a_batch_that_is_just_full_is_loaded),
        TEST(neighbours_are_all_loaded),
        TEST(addresses_far_apart_are_all_loaded),
        TEST(what_was_written_before_and_after_a_restart_is_loaded),
        TEST(a_record_that_cannot_be_read_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
