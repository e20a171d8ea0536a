/* POST /v1/leases/import: what a body says, and the way over the socket. */
#include "tests/unit/api/help_server.h"

#include <stdlib.h>

#include "daemon/api/import.h"
#include "daemon/api/request.h"

static struct span text_span(const char *text)
{
    return span_of(text, strlen(text));
}

static void a_lease_is_read_with_all_that_it_says(void **state)
{
    static const char body[] =
        "{\"dry_run\": true, \"leases\": [{\"address\": \"10.77.16.9\", \"expires\": "
        "1795470000, "
        "\"hw_address\": \"52:54:00:00:00:09\", \"client_id\": \"01:52:54:00:00:00:09\", "
        "\"host_name\": \"db1\", \"relay_info\": \"01:02:61:62\", \"vendor_class\": "
        "\"udhcp\"}, "
        "{\"address\": \"10.77.16.10\", \"expires\": 0, \"state\": \"ABANDONED\"}]}";
    struct api_import import;
    struct api_error error;

    (void)state;
    assert_true(api_import_parse(text_span(body), &import, &error));
    assert_true(import.dry_run);
    assert_int_equal(import.count, 2);
    const struct imported_lease *lease = &import.leases[0].lease;
    assert_int_equal(lease->address.value, 0x0a4d1009);
    assert_int_equal(lease->expires.ms, INT64_C(1795470000000));
    assert_int_equal(lease->htype, 1);
    assert_int_equal(lease->hlen, 6);
    assert_int_equal(lease->chaddr[5], 9);
    assert_int_equal(lease->client_id.size, 7);
    assert_memory_equal(lease->host_name.data, "db1", 3);
    assert_int_equal(lease->relay_info.size, 4);
    assert_memory_equal(lease->vendor_class.data, "udhcp", 5);
    assert_false(lease->abandoned);
    assert_true(import.leases[1].lease.abandoned);
    api_import_free(&import);
}

/* A misspelt key must not pass for one that was left out. */
static void what_is_wrong_is_named_with_its_place(void **state)
{
    static const struct {
        const char *body, *error;
    } cases[] = {
        {"", "not JSON"},
        {"[]", "has no \"leases\""},
        {"{\"leases\": {}}", "no list"},
        {"{\"leases\": [], \"dryrun\": true}", "unknown key \"dryrun\""},
        {"{\"leases\": [], \"dry_run\": 1}", "neither true nor false"},
        {"{\"leases\": [1]}", "leases[0].: not an object"},
        {"{\"leases\": [{\"expires\": 1}]}", "leases[0].address: is missing"},
        {"{\"leases\": [{\"address\": \"10.0.0.1\"}]}", "leases[0].expires: is missing"},
        {"{\"leases\": [{\"address\": \"10.0.0\"}]}", "leases[0].address: no IPv4 address"},
        {"{\"leases\": [{\"expires\": \"soon\"}]}", "leases[0].expires: no Unix time"},
        {"{\"leases\": [{\"expires\": 9999999999}]}", "leases[0].expires: no Unix time"},
        {"{\"leases\": [{\"hw_address\": \"x\"}]}", "leases[0].hw_address: no hexadecimal"},
        {"{\"leases\": [{\"hw_type\": 256}]}", "leases[0].hw_type: no number"},
        {"{\"leases\": [{\"state\": \"FREE\"}]}", "leases[0].state: neither"},
        {"{\"leases\": [{\"host_name\": 1}]}", "leases[0].host_name: no text"},
        {"{\"leases\": [{\"hwaddr\": \"\"}]}", "leases[0].hwaddr: there is no such key"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct api_import import;
        struct api_error error = {0};
        assert_false(api_import_parse(text_span(cases[i].body), &import, &error));
        assert_int_equal(error.status, 400);
        if (strstr(error.text, cases[i].error) == NULL)
            fail_msg("\"%s\" is not in \"%s\"", cases[i].error, error.text);
    }
}

/* `count` leases in one body, which the caller frees. */
static char *many(size_t count)
{
    char *body = malloc(count * 64 + 32);
    size_t used;

    assert_non_null(body);
    used = (size_t)sprintf(body, "{\"leases\": [");
    for (size_t i = 0; i < count; i++)
        used +=
            (size_t)sprintf(body + used, "%s{\"address\":\"10.77.%zu.%zu\",\"expires\":%u}",
                            i == 0 ? "" : ",", i / 256, i % 256, i % 2 == 0 ? 1795470000u : 1u);
    sprintf(body + used, "]}");
    return body;
}

static void a_thousand_leases_go_in_one_request(void **state)
{
    struct help_api *api = help_api_start(help_server_new(true));
    char *body = many(API_IMPORT_MAX);

    (void)state;
    assert_true(strlen(body) > API_BODY_MAX);
    struct help_answer answer = help_ask(api, false, "POST", "/v1/leases/import", body);
    assert_int_equal(answer.status, 200);
    const json_t *results = help_at(answer.value, "results");
    assert_int_equal(json_array_size(results), API_IMPORT_MAX);
    assert_string_equal(json_string_value(json_array_get(results, 0)), "written");
    assert_string_equal(json_string_value(json_array_get(results, 1)), "ended");
    assert_int_equal(api->server->imported, API_IMPORT_MAX);
    assert_int_equal(api->server->imported_last.value, 0x0a4d03e7);
    help_answer_free(&answer);
    free(body);
    body = many(API_IMPORT_MAX + 1);
    answer = help_ask(api, false, "POST", "/v1/leases/import", body);
    assert_int_equal(answer.status, 400);
    help_answer_free(&answer);
    free(body);
    help_api_stop(api);
}

static void leases_are_not_taken_over_tcp(void **state)
{
    struct help_api *api = help_api_start(help_server_new(true));
    struct help_answer answer =
        help_ask(api, true, "POST", "/v1/leases/import", "{\"leases\": []}");

    (void)state;
    assert_int_equal(answer.status, 403);
    assert_int_equal(api->server->imported, 0);
    help_answer_free(&answer);
    help_api_stop(api);
}

/* The largest body of this path is another than of all others. */
static void a_body_beyond_the_limit_of_its_path_is_refused(void **state)
{
    static const char *const paths[] = {"/v1/leases/import", "/v1/pair/partner-down"};
    struct help_api *api = help_api_start(help_server_new(true));

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
        const size_t size = api_body_max(paths[i]) + 1;
        char *body = malloc(size + 1);
        assert_non_null(body);
        memset(body, ' ', size);
        body[size] = '\0';
        struct help_answer answer = help_ask(api, false, "POST", paths[i], body);
        assert_int_equal(answer.status, 413);
        help_answer_free(&answer);
        free(body);
    }
    help_api_stop(api);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lease_is_read_with_all_that_it_says),
        cmocka_unit_test(what_is_wrong_is_named_with_its_place),
        cmocka_unit_test(a_thousand_leases_go_in_one_request),
        cmocka_unit_test(leases_are_not_taken_over_tcp),
        cmocka_unit_test(a_body_beyond_the_limit_of_its_path_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
