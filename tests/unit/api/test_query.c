/* tests/unit/api/test_query.c - what clients of the API may ask for */
#include "tests/unit/api/help_site.h"

#include "daemon/api/query.h"

static struct ip4 at(const char *text)
{
    struct ip4 address;

    assert_true(ip4_parse(text, &address));
    return address;
}

/* Parse one argument that is good. */
static struct lease_query good(const char *name, const char *value)
{
    const struct api_argument argument = {name, value};
    struct api_error error = {0};
    struct lease_query query;

    if (!lease_query_parse(&argument, 1, &query, &error))
        fail_msg("%s=%s: %s", name, value, error.text);
    return query;
}

/* One argument that is bad: 400, with `text` in the error or hint. */
static void bad(const char *name, const char *value, const char *text)
{
    const struct api_argument argument = {name, value};
    struct api_error error = {0};
    struct lease_query query;

    assert_false(lease_query_parse(&argument, 1, &query, &error));
    assert_int_equal(error.status, 400);
    if (strstr(error.text, text) == NULL && strstr(error.hint, text) == NULL)
        fail_msg("no \"%s\" in \"%s\" (%s)", text, error.text, error.hint);
}

static void nothing_asked_is_every_lease_but_free_ones(void **state)
{
    struct api_error error = {0};
    struct lease_query query;

    (void)state;
    assert_true(lease_query_parse(NULL, 0, &query, &error));
    assert_int_equal(query.range.first.value, 0);
    assert_int_equal(query.range.last.value, UINT32_MAX);
    assert_int_equal(query.limit, LEASES_PAGE_DEFAULT);
    assert_null(query.client);
    assert_int_equal(query.states,
                     1u << BINDING_ACTIVE | 1u << BINDING_RELEASED | 1u << BINDING_ABANDONED);
}

static void a_subnet_is_its_range(void **state)
{
    struct lease_query query = good("subnet", "10.77.0.0/16");

    (void)state;
    assert_int_equal(query.range.first.value, at("10.77.0.0").value);
    assert_int_equal(query.range.last.value, at("10.77.255.255").value);
    query = good("subnet", "0.0.0.0/0");
    assert_int_equal(query.range.last.value, UINT32_MAX);
    query = good("subnet", "10.0.0.1/32");
    assert_int_equal(query.range.first.value, query.range.last.value);
}

static void a_subnet_that_is_none_is_refused(void **state)
{
    (void)state;
    bad("subnet", "10.77.0.0", "10.0.0.0/16");
    bad("subnet", "10.77.0.0/", "10.0.0.0/16");
    bad("subnet", "10.77.0.0/33", "10.0.0.0/16");
    bad("subnet", "10.77.0.0/-1", "10.0.0.0/16");
    bad("subnet", "/16", "10.0.0.0/16");
    bad("subnet", "10.77.0.0.0.0.0.0.0/16", "10.0.0.0/16");
    bad("subnet", "10.77.1.0/16", "10.77.0.0/16");
}

static void one_address_or_client_shows_free_ones_too(void **state)
{
    struct lease_query query = good("address", "10.77.16.1");

    (void)state;
    assert_int_equal(query.range.first.value, at("10.77.16.1").value);
    assert_int_equal(query.range.last.value, at("10.77.16.1").value);
    assert_true((query.states & 1u << BINDING_FREE) != 0);
    query = good("client", "52:54:00:00:00:01");
    assert_true((query.states & 1u << BINDING_FREE) != 0);
    bad("address", "10.77.16", "not an IPv4 address");
}

static void a_client_may_be_a_hardware_address_in_any_spelling(void **state)
{
    static const char *const spellings[] = {"52:54:00:AB:cd:01", "5254.00ab.cd01"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(spellings); i++) {
        struct lease_query query = good("client", spellings[i]);
        assert_int_equal(query.hw_address_size, 6);
        assert_memory_equal(query.hw_address, "\x52\x54\x00\xab\xcd\x01", 6);
    }
    assert_int_equal(good("client", "id 01:52:54").hw_address_size, 0);
    bad("client", "", "empty");
}

static void states_are_read_in_any_case_and_number(void **state)
{
    (void)state;
    assert_int_equal(good("state", "active").states, 1u << BINDING_ACTIVE);
    assert_int_equal(good("state", "FREE,Abandoned").states,
                     1u << BINDING_FREE | 1u << BINDING_ABANDONED);
    assert_int_equal(good("state", "all").states, (1u << BINDING_STATES) - 1);
    bad("state", "", "no state");
    bad("state", "ACTIVE,", "no state");
    bad("state", "ACTIV", "RELEASED");
    bad("state", "ACTIVEX", "no state");
}

static void a_limit_is_within_its_bounds(void **state)
{
    (void)state;
    assert_int_equal(good("limit", "1").limit, 1);
    assert_int_equal(good("limit", "10000").limit, LEASES_PAGE_MAX);
    bad("limit", "0", "1 to 10000");
    bad("limit", "10001", "1 to 10000");
    bad("limit", "-1", "1 to 10000");
    bad("limit", "99999999999999999999", "1 to 10000");
    bad("limit", "", "1 to 10000");
}

static void after_begins_at_the_next_address(void **state)
{
    struct lease_query query = good("after", "10.77.16.255");

    (void)state;
    assert_int_equal(query.range.first.value, at("10.77.17.0").value);
    assert_true(query.next_page);
    assert_true(good("after", "255.255.255.255").none);
}

static void filters_that_exclude_each_other_list_nothing(void **state)
{
    const struct api_argument arguments[] = {{"subnet", "10.77.0.0/16"},
                                             {"address", "10.78.0.1"}};
    struct api_error error = {0};
    struct lease_query query;

    (void)state;
    assert_true(lease_query_parse(arguments, 2, &query, &error));
    assert_true(query.none);
}

static void unknown_and_doubled_arguments_are_refused(void **state)
{
    const struct api_argument doubled[] = {{"limit", "1"}, {"limit", "2"}};
    struct api_error error = {0};
    struct lease_query query;
    size_t limit;

    (void)state;
    bad("sbnet", "10.77.0.0/16", "unknown argument");
    assert_false(lease_query_parse(doubled, 2, &query, &error));
    assert_non_null(strstr(error.text, "twice"));
    assert_false(limit_query_parse(doubled, 2, &limit, &error));
    assert_false(no_query_parse(doubled, 1, &error));
    assert_true(no_query_parse(NULL, 0, &error));
}

static void naks_have_a_limit_of_their_own(void **state)
{
    const struct api_argument most = {"limit", "1000"}, more = {"limit", "1001"};
    struct api_error error = {0};
    size_t limit;

    (void)state;
    assert_true(limit_query_parse(NULL, 0, &limit, &error));
    assert_int_equal(limit, NAKS_DEFAULT);
    assert_true(limit_query_parse(&most, 1, &limit, &error));
    assert_int_equal(limit, 1000);
    assert_false(limit_query_parse(&more, 1, &limit, &error));
}

/* -1: refused. */
static int forced(const char *body)
{
    struct api_error error = {0};
    bool force = false;

    if (!partner_down_parse(span_of(body, strlen(body)), &force, &error)) {
        assert_int_equal(error.status, 400);
        assert_true(error.text[0] != '\0');
        return -1;
    }
    return force;
}

static void force_is_only_what_says_so(void **state)
{
    (void)state;
    assert_int_equal(forced(""), 0);
    assert_int_equal(forced(" \r\n"), 0);
    assert_int_equal(forced("{}"), 0);
    assert_int_equal(forced("{\"force\": false}"), 0);
    assert_int_equal(forced("{\"force\": true}"), 1);
    assert_int_equal(forced("{\"force\": 1}"), -1);
    assert_int_equal(forced("{\"forse\": true}"), -1);
    assert_int_equal(forced("{\"force\": true, \"force\": false}"), -1);
    assert_int_equal(forced("[]"), -1);
    assert_int_equal(forced("true"), -1);
    assert_int_equal(forced("{\"force\": true"), -1);
    assert_int_equal(forced("force=true"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_asked_is_every_lease_but_free_ones),
        cmocka_unit_test(a_subnet_is_its_range),
        cmocka_unit_test(a_subnet_that_is_none_is_refused),
        cmocka_unit_test(one_address_or_client_shows_free_ones_too),
        cmocka_unit_test(a_client_may_be_a_hardware_address_in_any_spelling),
        cmocka_unit_test(states_are_read_in_any_case_and_number),
        cmocka_unit_test(a_limit_is_within_its_bounds),
        cmocka_unit_test(after_begins_at_the_next_address),
        cmocka_unit_test(filters_that_exclude_each_other_list_nothing),
        cmocka_unit_test(unknown_and_doubled_arguments_are_refused),
        cmocka_unit_test(naks_have_a_limit_of_their_own),
        cmocka_unit_test(force_is_only_what_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
