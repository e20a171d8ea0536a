/* Lease files of Kea and ISC dhcpd. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ctl/import/lease_file.h"

struct fixture {
    struct import run;
    struct lease_file file;
};

static void set_up(struct fixture *f, const char *origin)
{
    import_init(&f->run, origin, "test");
    f->file = (struct lease_file){.run = &f->run};
}

static void tear_down(struct fixture *f)
{
    lease_file_deinit(&f->file);
    import_deinit(&f->run);
}

static void read_kea(struct fixture *f, const char *text)
{
    set_up(f, "kea");
    assert_true(lease_file_kea(&f->file, text, strlen(text)));
    lease_file_settle(&f->file);
}

static void read_isc(struct fixture *f, const char *text)
{
    set_up(f, "isc");
    assert_true(lease_file_isc(&f->file, text, strlen(text)));
    lease_file_settle(&f->file);
}

#define NAMES                                                                                  \
    "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,"     \
    "state,user_context,pool_id\n"

static void a_line_of_kea_is_a_lease(void **state)
{
    struct fixture f;

    (void)state;
    read_kea(&f, NAMES "10.0.0.9,1a:1b:1c:1d:1e:1f,01:1a:1b,3600,1795467600,1,0,0,db1&#x2cx,0,"
                       "{ \"ISC\": { \"relay-agent-info\": { \"sub-options\": \"0x01026162\" } "
                       "} },0\r\n");
    assert_int_equal(f.file.count, 1);
    const struct lease_row *row = &f.file.rows[0];
    assert_int_equal(row->address.value, 0x0a000009);
    assert_int_equal(row->state, LEASE_ACTIVE);
    assert_int_equal(row->expires, 1795467600);
    assert_string_equal(row->hw_address, "1a:1b:1c:1d:1e:1f");
    assert_string_equal(row->client_id, "01:1a:1b");
    assert_string_equal(row->host_name, "db1,x");
    assert_string_equal(row->relay_info, "01:02:61:62");
    tear_down(&f);
}

/* Kea appends; a lifetime of 0 takes a lease back. */
static void the_last_line_of_an_address_counts(void **state)
{
    struct fixture f;

    (void)state;
    read_kea(&f, NAMES "10.0.0.9,1a:1b:1c:1d:1e:1f,,60,100,1,0,0,,0,,0\n"
                       "10.0.0.8,1a:1b:1c:1d:1e:1f,,60,100,1,0,0,,0,,0\n"
                       "10.0.0.9,1a:1b:1c:1d:1e:20,,60,200,1,0,0,,0,,0\n"
                       "10.0.0.8,1a:1b:1c:1d:1e:1f,,0,100,1,0,0,,0,,0\n");
    assert_int_equal(f.file.count, 1);
    assert_int_equal(f.file.rows[0].expires, 200);
    tear_down(&f);
}

static void states_of_kea_are_told_apart(void **state)
{
    struct fixture f;

    (void)state;
    read_kea(&f, NAMES "10.0.0.1,,,86400,100,1,0,0,,1,,0\n"
                       "10.0.0.2,1a:1b:1c:1d:1e:1f,,60,100,1,0,0,,2,,0\n"
                       "10.0.0.3,1a:1b:1c:1d:1e:1f,,4294967295,100,1,0,0,,0,,0\n");
    assert_int_equal(f.file.count, 2);
    assert_int_equal(f.file.rows[0].state, LEASE_ABANDONED);
    assert_int_equal(f.file.rows[1].expires, INT64_C(8589934591));
    tear_down(&f);
}

static void what_is_no_line_of_kea_is_counted(void **state)
{
    static const char no_names[] = "10.0.0.1,a,b\n";
    struct fixture f;

    (void)state;
    read_kea(&f, NAMES "10.0.0,,,60,100,1,0,0,,0,,0\n\n10.0.0.1,,,60,soon,1,0,0,,0,,0\n"
                       "10.0.0.1\n,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n");
    assert_int_equal(f.file.count, 0);
    assert_int_equal(f.file.bad, 4);
    tear_down(&f);
    set_up(&f, "kea");
    assert_false(lease_file_kea(&f.file, no_names, strlen(no_names)));
    assert_string_equal(f.run.problem, "test:1:1: the first line is not the names of Kea's "
                                       "columns (address, hwaddr, ..., expire, ...)");
    tear_down(&f);
}

/* Older versions have fewer columns, in their own order. */
static void columns_are_found_by_name(void **state)
{
    struct fixture f;

    (void)state;
    read_kea(&f, "hwaddr,expire,address,valid_lifetime\n1a:1b:1c:1d:1e:1f,100,10.0.0.1,60\n");
    assert_int_equal(f.file.count, 1);
    assert_int_equal(f.file.rows[0].expires, 100);
    tear_down(&f);
}

static void a_lease_of_dhcpd_is_read(void **state)
{
    struct fixture f;

    (void)state;
    read_isc(&f, "# comment\nauthoring-byte-order little-endian;\n"
                 "server-duid \"\\000\\001\\352\";\n"
                 "lease 10.0.0.9 {\n  starts 1 2026/11/23 20:00:00;\n"
                 "  ends 1 2026/11/23 21:00:00;\n  cltt 1 2026/11/23 20:00:00;\n"
                 "  binding state active;\n  next binding state free;\n"
                 "  hardware ethernet 1a:1b:1c:1d:1e:1f;\n  uid \"\\001\\032\\\"x\";\n"
                 "  set vendor-class-identifier = \"udhcp 1.36\";\n"
                 "  option agent.circuit-id \"eth7\";\n  option agent.remote-id 1:2;\n"
                 "  client-hostname \"db1\";\n}\n");
    assert_int_equal(f.file.count, 1);
    const struct lease_row *row = &f.file.rows[0];
    assert_int_equal(row->expires, 1795467600);
    assert_string_equal(row->hw_address, "1a:1b:1c:1d:1e:1f");
    assert_string_equal(row->client_id, "01:1a:22:78");
    assert_string_equal(row->relay_info, "01:04:65:74:68:37:02:02:01:02");
    assert_string_equal(row->vendor_class, "udhcp 1.36");
    assert_string_equal(row->host_name, "db1");
    tear_down(&f);
}

static void times_of_dhcpd_come_in_three_forms(void **state)
{
    struct fixture f;

    (void)state;
    read_isc(&f,
             "lease 10.0.0.1 { ends epoch 1795467600; # Mon Nov 23\n binding state active; }\n"
             "lease 10.0.0.2 { ends never; binding state active; }\n"
             "lease 10.0.0.3 { ends someday; binding state active; }\n");
    assert_int_equal(f.file.count, 2);
    assert_int_equal(f.file.rows[0].expires, 1795467600);
    assert_int_equal(f.file.rows[1].expires, INT64_C(8589934591));
    assert_int_equal(f.file.bad, 1);
    tear_down(&f);
}

static void states_of_dhcpd_are_told_apart(void **state)
{
    struct fixture f;

    (void)state;
    read_isc(&f, "lease 10.0.0.1 { ends never; binding state free; }\n"
                 "lease 10.0.0.2 { ends never; binding state abandoned; }\n"
                 "lease 10.0.0.3 { ends never; binding state active; }\n"
                 "lease 10.0.0.3 { ends never; binding state expired; }\n"
                 "lease 10.0.0.4 { binding state active; }\n"
                 "host x { dynamic; }\n"
                 "failover peer \"x\" state { my state normal at never; }\n");
    assert_int_equal(f.file.count, 1);
    assert_int_equal(f.file.rows[0].state, LEASE_ABANDONED);
    assert_int_equal(f.file.others, 1);
    tear_down(&f);
}

/* A file that is cut short while dhcpd writes it: what is whole is not trusted alone. */
static void a_lease_without_an_end_is_an_error(void **state)
{
    static const char text[] = "lease 10.0.0.1 { ends never;\n  binding state";
    struct fixture f;

    (void)state;
    set_up(&f, "isc");
    assert_false(lease_file_isc(&f.file, text, strlen(text)));
    assert_string_equal(f.run.problem,
                        "test:2:3: the statement does not end: a ; or { is missing");
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_of_kea_is_a_lease),
        cmocka_unit_test(the_last_line_of_an_address_counts),
        cmocka_unit_test(states_of_kea_are_told_apart),
        cmocka_unit_test(what_is_no_line_of_kea_is_counted),
        cmocka_unit_test(columns_are_found_by_name),
        cmocka_unit_test(a_lease_of_dhcpd_is_read),
        cmocka_unit_test(times_of_dhcpd_come_in_three_forms),
        cmocka_unit_test(states_of_dhcpd_are_told_apart),
        cmocka_unit_test(a_lease_without_an_end_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
