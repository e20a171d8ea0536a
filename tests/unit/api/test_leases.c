/* tests/unit/api/test_leases.c - listing the lease table */
#include "tests/unit/api/help_site.h"

#include <stdlib.h>

#include "daemon/api/leases.h"

struct fixture {
    struct config *config;
    struct lease_table *table;
    struct lease_snapshot snapshot;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    f->config = help_config(true);
    f->table = lease_table_new(f->config);
    lease_table_loaded(f->table);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    lease_snapshot_free(&f->snapshot);
    lease_table_free(f->table);
    config_free(f->config);
    free(f);
    return 0;
}

/* The page that name=value pairs, ended by NULL, ask for. */
static json_t *list(struct fixture *f, ...)
{
    struct api_argument arguments[8];
    struct api_error error = {0};
    struct lease_query query;
    struct writer json = {0};
    size_t count = 0;
    va_list pairs;

    va_start(pairs, f);
    for (const char *name; (name = va_arg(pairs, const char *)) != NULL; count++)
        arguments[count] = (struct api_argument){name, va_arg(pairs, const char *)};
    va_end(pairs);
    if (!lease_query_parse(arguments, count, &query, &error))
        fail_msg("%s", error.text);
    render_leases(&json, f->table, &f->snapshot, f->config, &query, instant_ms(NOW_MS));
    return help_parse(&json);
}

/* Takes `page`; `expected` is its addresses with spaces between, then "-> NEXT" if there is
 * more. */
static void assert_page(json_t *page, const char *expected)
{
    char text[512] = "";
    size_t size = 0;
    const json_t *lease;
    size_t i;

    json_array_foreach(help_at(page, "leases"), i, lease)
    {
        size += (size_t)snprintf(text + size, sizeof(text) - size, "%s%s", i == 0 ? "" : " ",
                                 help_text(lease, "address"));
        assert_true(size < sizeof(text));
    }
    if (!json_is_null(help_at(page, "next")))
        snprintf(text + size, sizeof(text) - size, "%s-> %s", size == 0 ? "" : " ",
                 help_text(page, "next"));
    assert_string_equal(text, expected);
    json_decref(page);
}

static void put(struct fixture *f, const char *address, const char *mac,
                enum binding_state binding_state)
{
    static uint64_t seq;
    struct binding binding = help_active(address, mac, NOW_MS + 60000);

    binding.state = binding_state;
    lease_table_put(f->table, &binding, ++seq);
}

static void put_some(struct fixture *f)
{
    put(f, "10.77.16.9", "52:54:00:00:00:09", BINDING_ACTIVE);
    put(f, "10.77.0.20", "52:54:00:00:00:20", BINDING_ACTIVE);
    put(f, "10.77.16.5", "52:54:00:00:00:05", BINDING_RELEASED);
    put(f, "10.77.64.1", "52:54:00:00:00:09", BINDING_FREE);
    put(f, "10.77.16.7", "52:54:00:00:00:07", BINDING_ABANDONED);
}

static void leases_are_listed_in_order_of_address_without_free_ones(void **state)
{
    put_some(*state);
    assert_page(list(*state, NULL), "10.77.0.20 10.77.16.5 10.77.16.7 10.77.16.9");
    assert_page(list(*state, "state", "all", NULL),
                "10.77.0.20 10.77.16.5 10.77.16.7 10.77.16.9 10.77.64.1");
}

static void an_empty_table_is_an_empty_list(void **state)
{
    assert_page(list(*state, NULL), "");
    assert_page(list(*state, "subnet", "10.77.16.0/24", NULL), "");
    assert_page(list(*state, "address", "10.77.16.5", NULL), "");
}

static void filters_narrow_the_list(void **state)
{
    put_some(*state);
    assert_page(list(*state, "subnet", "10.77.16.0/24", NULL),
                "10.77.16.5 10.77.16.7 10.77.16.9");
    assert_page(list(*state, "subnet", "10.0.0.0/8", "state", "active", NULL),
                "10.77.0.20 10.77.16.9");
    assert_page(list(*state, "state", "RELEASED,ABANDONED", NULL), "10.77.16.5 10.77.16.7");
    assert_page(list(*state, "address", "10.77.16.7", NULL), "10.77.16.7");
    assert_page(list(*state, "address", "10.77.16.8", NULL), "");
    assert_page(list(*state, "address", "10.77.16.7", "subnet", "10.78.0.0/16", NULL), "");
}

static void a_client_is_found_by_hardware_address_in_any_spelling(void **state)
{
    put_some(*state);
    assert_page(list(*state, "client", "52:54:00:00:00:09", NULL), "10.77.16.9 10.77.64.1");
    assert_page(list(*state, "client", "5254.0000.0009", NULL), "10.77.16.9 10.77.64.1");
    assert_page(list(*state, "client", "52:54:00:00:00:0A", NULL), "");
}

static void a_client_is_found_by_its_identifier_as_listed(void **state)
{
    struct fixture *f = *state;
    struct binding binding = help_active("10.77.16.3", "52:54:00:00:00:03", NOW_MS);

    binding.client = span_of("\1\xff\xab\xcd", 4);
    lease_table_put(f->table, &binding, 1);
    assert_page(list(f, "client", "id FF:ab:CD", NULL), "10.77.16.3");
    assert_page(list(f, "client", "52:54:00:00:00:03", NULL), "10.77.16.3");
    assert_page(list(f, "client", "id ff:ab", NULL), "");
}

static void pages_go_on_where_the_one_before_ended(void **state)
{
    put_some(*state);
    assert_page(list(*state, "limit", "3", NULL),
                "10.77.0.20 10.77.16.5 10.77.16.7 -> 10.77.16.7");
    assert_page(list(*state, "limit", "3", "after", "10.77.16.7", NULL), "10.77.16.9");
    assert_page(list(*state, "limit", "3", "after", "10.77.16.9", NULL), "");
    assert_page(list(*state, "limit", "2", "subnet", "10.77.16.0/24", NULL),
                "10.77.16.5 10.77.16.7 -> 10.77.16.7");
    assert_page(
        list(*state, "limit", "2", "subnet", "10.77.16.0/24", "after", "10.77.16.7", NULL),
        "10.77.16.9");
    assert_page(list(*state, "after", "255.255.255.255", NULL), "");
}

/* A list that is read anew must show a lease given a moment ago. */
static void a_new_list_shows_new_leases(void **state)
{
    put_some(*state);
    assert_page(list(*state, "limit", "1", NULL), "10.77.0.20 -> 10.77.0.20");
    put(*state, "10.77.0.3", "52:54:00:00:00:03", BINDING_ACTIVE);
    assert_page(list(*state, "limit", "2", NULL), "10.77.0.3 10.77.0.20 -> 10.77.0.20");
}

/* An address that was only offered has nothing to show. */
static void an_offered_address_is_no_lease(void **state)
{
    struct fixture *f = *state;
    struct ip4 address;

    assert_true(ip4_parse("10.77.16.50", &address));
    lease_table_offer(f->table, address, span_of("\0\1abcdef", 8), instant_ms(NOW_MS + 60000));
    assert_page(list(f, "state", "all", NULL), "");
    assert_page(list(f, "address", "10.77.16.50", NULL), "");
}

/* One client among many: each request looks at so many addresses and no more, and the pages
 * together find it. */
static void a_rare_client_is_found_over_short_pages(void **state)
{
    struct fixture *f = *state;
    struct binding binding = help_active("10.77.64.0", "52:54:00:00:00:01", NOW_MS + 60000);
    const uint32_t first = binding.address.value;
    const uint32_t count = LEASES_LOOKED_AT_MAX * 2 + 100;
    char after[IP4_TEXT_SIZE];

    for (uint32_t i = 0; i < count; i++) {
        binding.address = ip4(first + i);
        lease_table_put(f->table, &binding, i + 1);
    }
    binding = help_active("10.77.64.0", "52:54:00:00:00:99", NOW_MS + 60000);
    binding.address = ip4(first + count - 1);
    lease_table_put(f->table, &binding, count + 1);

    ip4_format(ip4(first + LEASES_LOOKED_AT_MAX - 1), after);
    json_t *page = list(f, "client", "52:54:00:00:00:99", NULL);
    assert_int_equal(json_array_size(help_at(page, "leases")), 0);
    assert_string_equal(help_text(page, "next"), after);
    json_decref(page);

    size_t pages = 0, found = 0;
    for (bool more = true; more; pages++) {
        page = list(f, "client", "52:54:00:00:00:99", "after", after, NULL);
        found += json_array_size(help_at(page, "leases"));
        more = !json_is_null(help_at(page, "next"));
        if (more)
            snprintf(after, sizeof(after), "%s", help_text(page, "next"));
        json_decref(page);
    }
    assert_int_equal(pages, 2);
    assert_int_equal(found, 1);
}

/* Clients may send much: a page ends by its size too. */
static void a_page_of_large_leases_is_short(void **state)
{
    static uint8_t large[4096];
    struct fixture *f = *state;
    struct binding binding = help_active("10.77.64.0", "52:54:00:00:00:01", NOW_MS);

    memset(large, 0xff, sizeof(large));
    binding.relay_info = binding.vendor_class = binding.host_name =
        span_of(large, sizeof(large));
    for (uint32_t i = 0; i < 400; i++) {
        binding.address = ip4(binding.address.value + 1);
        lease_table_put(f->table, &binding, i + 1);
    }
    json_t *page = list(f, NULL);
    assert_in_range(json_array_size(help_at(page, "leases")), 1, 399);
    assert_true(json_is_string(help_at(page, "next")));
    json_decref(page);
}

static void a_lease_says_everything_about_its_client(void **state)
{
    struct fixture *f = *state;
    struct binding binding = help_active("10.77.16.3", "52:54:00:00:00:03", NOW_MS + 90500);

    binding.host_name = span_of("db\x1b", 3);
    binding.vendor_class = span_of("MSFT 5.0", 8);
    binding.relay_info = span_of("\1\2ab", 4);
    binding.owner = ROLE_SECONDARY;
    binding.term = 4;
    lease_table_put(f->table, &binding, 1)->acked_expires = instant_ms(NOW_MS + 60000);
    json_t *page = list(f, NULL);
    const json_t *lease = json_array_get(help_at(page, "leases"), 0);
    assert_string_equal(help_text(lease, "subnet"), "10.77.0.0/16");
    assert_string_equal(help_text(lease, "state"), "ACTIVE");
    assert_string_equal(help_text(lease, "client"), "52:54:00:00:00:03");
    assert_string_equal(help_text(lease, "hw_address"), "52:54:00:00:00:03");
    assert_string_equal(help_text(lease, "host_name"), "db\x1b");
    assert_string_equal(help_text(lease, "vendor_class"), "MSFT 5.0");
    assert_string_equal(help_text(lease, "relay_info"), "01:02:61:62");
    assert_string_equal(help_text(lease, "last_heard"), "2026-11-23T20:59:59Z");
    assert_string_equal(help_text(lease, "expires"), "2026-11-23T21:01:30Z");
    assert_int_equal(help_int(lease, "expires_in_seconds"), 90);
    assert_string_equal(help_text(lease, "owner"), "secondary");
    assert_string_equal(help_text(lease, "written_by"), "primary");
    assert_string_equal(help_text(lease, "partner_holds_until"), "2026-11-23T21:01:00Z");
    assert_int_equal(help_int(lease, "term"), 4);
    assert_true(json_is_null(help_at(lease, "reserved_for")));
    json_decref(page);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(leases_are_listed_in_order_of_address_without_free_ones),
        TEST(an_empty_table_is_an_empty_list),
        TEST(filters_narrow_the_list),
        TEST(a_client_is_found_by_hardware_address_in_any_spelling),
        TEST(a_client_is_found_by_its_identifier_as_listed),
        TEST(pages_go_on_where_the_one_before_ended),
        TEST(a_new_list_shows_new_leases),
        TEST(an_offered_address_is_no_lease),
        TEST(a_rare_client_is_found_over_short_pages),
        TEST(a_page_of_large_leases_is_short),
        TEST(a_lease_says_everything_about_its_client),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
