/* tests/unit/api/test_http.c - requests over real sockets */
#include "tests/unit/api/help_server.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/api/request.h"

static int start_pair(void **state)
{
    *state = help_api_start(help_server_new(true));
    return 0;
}

static int start_alone(void **state)
{
    *state = help_api_start(help_server_new(false));
    return 0;
}

static int stop(void **state)
{
    help_api_stop(*state);
    return 0;
}

/* An error has a text and a hint, whatever it is. */
static void assert_error(struct help_answer *answer, long status, const char *text)
{
    assert_int_equal(answer->status, status);
    assert_string_equal(answer->type, "application/json");
    help_text(answer->value, "hint");
    const char *error = help_text(answer->value, "error");
    if (strstr(error, text) == NULL)
        fail_msg("no \"%s\" in \"%s\"", text, error);
    help_answer_free(answer);
}

static void reading_works_by_unix_socket_and_tcp(void **state)
{
    static const char *const paths[] = {"/v1/status", "/v1/leases", "/v1/pools", "/v1/naks",
                                        "/healthz"};

    for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
        for (int tcp = 0; tcp < 2; tcp++) {
            struct help_answer answer = help_ask(*state, tcp, NULL, paths[i], NULL);
            assert_int_equal(answer.status, 200);
            assert_string_equal(answer.type, "application/json");
            assert_true(json_is_object(answer.value));
            help_answer_free(&answer);
        }
}

static void the_status_is_put_together_from_the_server(void **state)
{
    struct help_api *api = *state;
    struct binding reserved = help_active("10.77.0.20", "52:54:00:00:00:20", NOW_MS + 1000);

    lease_table_put(api->server->leases, &reserved, 1);
    struct binding pooled = help_active("10.77.16.1", "52:54:00:00:00:01", NOW_MS + 1000);
    lease_table_put(api->server->leases, &pooled, 2);
    struct help_answer answer = help_ask(api, false, NULL, "/v1/status", NULL);
    assert_string_equal(help_text(answer.value, "node"), "dhcp-a");
    assert_string_equal(help_text(answer.value, "version"), "0.1.0");
    assert_int_equal(help_int(answer.value, "leases.active"), 2);
    assert_int_equal(help_int(answer.value, "clock.wall_difference_ms"), 12);
    assert_int_equal(help_int(answer.value, "loop.busy_us"), 1500000);
    assert_int_equal(help_int(answer.value, "loop.longest_turn_us"), 1250);
    const json_t *pools = help_at(answer.value, "pools");
    assert_int_equal(help_int(json_array_get(pools, 0), "active"), 1);
    assert_int_equal(help_int(json_array_get(pools, 0), "free_partner_says"), 7);
    assert_true(json_is_null(help_at(json_array_get(pools, 1), "free_partner_says")));
    help_answer_free(&answer);
}

static void head_gets_the_status_without_a_body(void **state)
{
    struct help_answer answer = help_ask(*state, false, "HEAD", "/healthz", NULL);

    assert_int_equal(answer.status, 200);
    assert_null(answer.text);
    help_answer_free(&answer);
}

static void an_unknown_path_is_not_found(void **state)
{
    struct help_answer answer = help_ask(*state, false, NULL, "/v1/statuses", NULL);

    assert_error(&answer, 404, "/v1/statuses");
}

static void a_wrong_method_is_told_the_right_ones(void **state)
{
    struct help_answer answer = help_ask(*state, false, "DELETE", "/v1/leases", NULL);

    assert_string_equal(answer.allow, "GET, HEAD");
    assert_error(&answer, 405, "DELETE");
    answer = help_ask(*state, false, NULL, "/v1/pair/partner-down", NULL);
    assert_string_equal(answer.allow, "POST");
    assert_error(&answer, 405, "GET");
}

static void bad_arguments_are_explained(void **state)
{
    struct help_answer answer = help_ask(*state, false, NULL, "/v1/leases?sbnet=1", NULL);

    assert_error(&answer, 400, "sbnet");
    answer = help_ask(*state, false, NULL, "/v1/status?x", NULL);
    assert_error(&answer, 400, "x");
    answer = help_ask(*state, false, NULL, "/v1/leases?client=a%00b", NULL);
    assert_error(&answer, 400, "NUL");
    answer = help_ask(*state, false, NULL, "/v1/leases?a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q&r&s&t",
                      NULL);
    assert_error(&answer, 400, "too many");
}

static void arguments_are_unescaped(void **state)
{
    struct help_answer answer =
        help_ask(*state, false, NULL, "/v1/leases?subnet=10.77.0.0%2F16&client=id%2001", NULL);

    assert_int_equal(answer.status, 200);
    help_answer_free(&answer);
}

static void naks_are_the_newest_asked_for(void **state)
{
    struct help_answer answer = help_ask(*state, false, NULL, "/v1/naks?limit=2", NULL);

    assert_int_equal(answer.status, 200);
    assert_int_equal(json_array_size(help_at(answer.value, "naks")), 2);
    help_answer_free(&answer);
}

static void conflicts_are_listed(void **state)
{
    struct help_api *api = *state;

    api->server->status.counters.conflicts = 9;
    struct help_answer answer = help_ask(api, true, NULL, "/v1/conflicts?limit=2", NULL);
    assert_int_equal(answer.status, 200);
    assert_int_equal(json_integer_value(help_at(answer.value, "count")), 9);
    assert_int_equal(json_array_size(help_at(answer.value, "conflicts")), 1);
    help_answer_free(&answer);
}

static void an_unhealthy_server_is_unavailable(void **state)
{
    struct help_api *api = *state;

    api->server->status.serving = false;
    api->server->status.failover.reason = "the store is new";
    struct help_answer answer = help_ask(api, true, NULL, "/healthz?from=balancer", NULL);
    assert_int_equal(answer.status, 503);
    assert_string_equal(help_text(answer.value, "why"), "the store is new");
    help_answer_free(&answer);
}

static void the_partner_is_declared_down_and_the_effects_performed(void **state)
{
    struct help_api *api = *state;
    struct help_answer answer =
        help_ask(api, false, "POST", "/v1/pair/partner-down", "{\"force\": true}");

    assert_int_equal(answer.status, 200);
    assert_true(json_is_true(help_at(answer.value, "accepted")));
    assert_string_equal(help_text(answer.value, "state"), "PARTNER-DOWN");
    assert_int_equal(api->server->declared, 1);
    assert_int_equal(api->server->forced, 1);
    assert_int_equal(api->server->performed, 1);
    help_answer_free(&answer);

    answer = help_ask(api, false, "POST", "/v1/pair/partner-down", "");
    assert_int_equal(answer.status, 200);
    assert_int_equal(api->server->declared, 2);
    assert_int_equal(api->server->forced, 1);
    help_answer_free(&answer);
}

static void a_refused_declaration_is_a_conflict_with_its_reason(void **state)
{
    struct help_api *api = *state;

    api->server->partner_down_result = TD_REFUSED;
    api->server->partner_down_why = "the partner is up";
    struct help_answer answer = help_ask(api, false, "POST", "/v1/pair/partner-down", "{}");
    assert_error(&answer, 409, "the partner is up");
}

static void a_body_that_is_not_understood_declares_nothing(void **state)
{
    struct help_api *api = *state;
    struct help_answer answer =
        help_ask(api, false, "POST", "/v1/pair/partner-down", "force=true");

    assert_error(&answer, 400, "not JSON");
    assert_int_equal(api->server->declared, 0);
}

static void a_body_that_is_too_large_declares_nothing(void **state)
{
    struct help_api *api = *state;
    char body[API_BODY_MAX + 2];

    memset(body, ' ', sizeof(body));
    body[sizeof(body) - 1] = '\0';
    struct help_answer answer = help_ask(api, false, "POST", "/v1/pair/partner-down", body);
    assert_error(&answer, 413, "larger");
    assert_int_equal(api->server->declared, 0);
}

static void a_packet_is_explained(void **state)
{
    struct help_answer answer = help_ask(*state, false, "POST", "/v1/explain",
                                         "{\"packet\": \"01:01 06\", \"source\": null}");

    assert_int_equal(answer.status, 200);
    assert_string_equal(help_text(answer.value, "verdict"), "no-subnet");
    assert_true(json_is_false(help_at(answer.value, "answered")));
    assert_string_equal(help_text(json_array_get(help_at(answer.value, "steps"), 0), "text"),
                        "3 bytes at a4d0002");
    help_answer_free(&answer);
}

static void a_question_that_is_none_is_refused(void **state)
{
    struct help_answer answer = help_ask(*state, false, "POST", "/v1/explain", "{}");

    assert_error(&answer, 400, "hexadecimal");
    answer = help_ask(*state, false, "POST", "/v1/explain", "{\"packet\": \"0\"}");
    assert_error(&answer, 400, "hexadecimal");
    answer = help_ask(*state, false, "POST", "/v1/explain",
                      "{\"packet\": \"00\", \"local\": \"10.0.0\"}");
    assert_error(&answer, 400, "local");
    answer = help_ask(*state, false, "POST", "/v1/explain", "{\"packet\": \"00\", \"to\": 1}");
    assert_error(&answer, 400, "to");
    answer = help_ask(*state, false, "POST", "/v1/explain", "[]");
    assert_error(&answer, 400, "hexadecimal");
    answer = help_ask(*state, true, "POST", "/v1/explain", "{\"packet\": \"00\"}");
    assert_error(&answer, 403, "TCP");
}

static void a_handover_and_a_return_reach_the_server(void **state)
{
    struct help_api *api = *state;
    struct help_answer answer = help_ask(api, false, "POST", "/v1/pair/return", "{}");

    assert_error(&answer, 409, "not in this state");
    answer = help_ask(api, false, "POST", "/v1/pair/handover", "{}");
    assert_int_equal(answer.status, 200);
    assert_string_equal(help_text(answer.value, "state"), "SHUTDOWN");
    help_answer_free(&answer);
    answer = help_ask(api, false, "POST", "/v1/pair/return", "{}");
    assert_int_equal(answer.status, 200);
    assert_string_equal(help_text(answer.value, "state"), "NORMAL");
    help_answer_free(&answer);
}

static void what_an_operator_knows_of_the_store_reaches_the_server(void **state)
{
    struct help_api *api = *state;
    struct help_answer answer = help_ask(api, false, "POST", "/v1/pair/end-wait", "{}");

    assert_error(&answer, 409, "not in this state");
    answer = help_ask(api, false, "POST", "/v1/pair/restored", "{}");
    assert_int_equal(answer.status, 200);
    assert_string_equal(help_text(answer.value, "state"), "RECOVER");
    help_answer_free(&answer);
    api->server->status.failover.state = FO_RECOVER_WAIT;
    answer = help_ask(api, false, "POST", "/v1/pair/end-wait", "{}");
    assert_int_equal(answer.status, 200);
    help_answer_free(&answer);
    answer = help_ask(api, true, "POST", "/v1/pair/restored", "{}");
    assert_error(&answer, 403, "TCP");
}

/* Nobody proves over TCP who they are. */
static void commands_are_not_taken_over_tcp(void **state)
{
    struct help_api *api = *state;
    struct help_answer answer = help_ask(api, true, "POST", "/v1/pair/partner-down", "{}");

    assert_error(&answer, 403, "TCP");
    assert_int_equal(api->server->declared, 0);
}

static void a_server_alone_has_no_partner_to_declare_down(void **state)
{
    struct help_api *api = *state;
    struct help_answer answer = help_ask(api, false, "POST", "/v1/pair/partner-down", "{}");

    assert_error(&answer, 409, "alone");
    assert_int_equal(api->server->declared, 0);
    answer = help_ask(api, false, NULL, "/v1/status", NULL);
    assert_string_equal(help_text(answer.value, "state"), "ALONE");
    help_answer_free(&answer);
}

/* A client that stops in the middle of its request holds up nobody else. */
static void a_stuck_client_does_not_stop_others(void **state)
{
    struct help_api *api = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", api->socket);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(write(fd, "GET /v1/st", 10), 10);
    for (int i = 0; i < 20; i++) {
        struct help_answer answer = help_ask(api, false, NULL, "/healthz", NULL);
        assert_int_equal(answer.status, 200);
        help_answer_free(&answer);
    }
    close(fd);
}

static void a_full_page_arrives_whole(void **state)
{
    struct help_api *api = *state;
    struct binding binding = help_active("10.77.64.0", "52:54:00:00:00:01", NOW_MS + 60000);

    for (uint32_t i = 0; i < 10001; i++) {
        lease_table_put(api->server->leases, &binding, i + 1);
        binding.address = ip4(binding.address.value + 1);
    }
    struct help_answer answer = help_ask(api, false, NULL, "/v1/leases?limit=10000", NULL);
    assert_int_equal(answer.status, 200);
    assert_int_equal(json_array_size(help_at(answer.value, "leases")), 10000);
    assert_string_equal(help_text(answer.value, "next"), "10.77.103.15");
    help_answer_free(&answer);
}

/* ---- reservations ---- */

/* The answer waits for the disk, and others are answered meanwhile. */
static void a_reservation_is_answered_when_it_is_durable(void **state)
{
    struct help_api *api = *state;
    struct help_answer answer = help_ask(api, false, "POST", "/v1/reservations",
                                         "{client-id: '01', address: 10.77.0.9}");

    assert_int_equal(answer.status, 200);
    assert_true(json_is_true(help_at(answer.value, "durable")));
    assert_true(json_is_true(help_at(answer.value, "partner_has_it")));
    assert_int_equal(api->server->asked, 3);
    assert_string_equal(api->server->reserved, "{client-id: '01', address: 10.77.0.9}");
    help_answer_free(&answer);
    answer = help_ask(api, false, "DELETE", "/v1/reservations", "{client-id: '01'}");
    assert_int_equal(answer.status, 200);
    assert_string_equal(api->server->reserved, "");
    help_answer_free(&answer);
}

static void a_refused_reservation_says_why(void **state)
{
    struct help_api *api = *state;
    struct help_answer answer;

    api->server->reserve_result = TD_REFUSED;
    answer = help_ask(api, false, "PUT", "/v1/reservations", "{}");
    assert_error(&answer, 409, "not like that");
    api->server->reserve_result = TD_MALFORMED;
    answer = help_ask(api, false, "POST", "/v1/reservations", "{}");
    assert_error(&answer, 400, "not like that");
    api->server->reserve_result = TD_NOT_FOUND;
    answer = help_ask(api, false, "DELETE", "/v1/reservations", "{}");
    assert_error(&answer, 404, "not like that");
    answer = help_ask(api, true, "POST", "/v1/reservations", "{}");
    assert_error(&answer, 403, "TCP");
}

static void reservations_are_listed_with_what_they_wait_for(void **state)
{
    struct help_api *api = *state;
    struct help_answer answer;
    const json_t *list;

    strcpy(api->server->reserved, "odd");
    answer = help_ask(api, true, NULL, "/v1/reservations", NULL);
    list = help_at(answer.value, "reservations");
    assert_int_equal(json_array_size(list), 2);
    assert_string_equal(help_text(json_array_get(list, 0), "address"), "10.77.0.20");
    assert_string_equal(help_text(json_array_get(list, 0), "client"), "52:54:00:00:00:20");
    assert_string_equal(help_text(json_array_get(list, 0), "state"), "waiting");
    assert_string_equal(help_text(json_array_get(list, 0), "leased_to"), "52:54:00:00:00:21");
    assert_string_equal(help_text(json_array_get(list, 0), "leased_until"),
                        "2026-11-23T21:01:00Z");
    assert_string_equal(help_text(json_array_get(list, 1), "source"), "runtime");
    assert_string_equal(help_text(json_array_get(list, 1), "state"), "not understood");
    assert_string_equal(help_text(json_array_get(list, 1), "text"), "odd");
    help_answer_free(&answer);
    answer = help_ask(api, true, NULL, "/v1/reservations?source=file&limit=1", NULL);
    assert_int_equal(json_array_size(help_at(answer.value, "reservations")), 1);
    assert_int_equal(help_int(answer.value, "next"), 1);
    help_answer_free(&answer);
    answer = help_ask(api, true, NULL, "/v1/reservations?address=10.77.0.21", NULL);
    assert_int_equal(json_array_size(help_at(answer.value, "reservations")), 0);
    help_answer_free(&answer);
    answer = help_ask(api, true, NULL, "/v1/reservations?source=here", NULL);
    assert_error(&answer, 400, "source");
}

#define PAIR(test)  cmocka_unit_test_setup_teardown(test, start_pair, stop)
#define ALONE(test) cmocka_unit_test_setup_teardown(test, start_alone, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAIR(reading_works_by_unix_socket_and_tcp),
        PAIR(the_status_is_put_together_from_the_server),
        PAIR(head_gets_the_status_without_a_body),
        PAIR(an_unknown_path_is_not_found),
        PAIR(a_wrong_method_is_told_the_right_ones),
        PAIR(bad_arguments_are_explained),
        PAIR(arguments_are_unescaped),
        PAIR(naks_are_the_newest_asked_for),
        PAIR(an_unhealthy_server_is_unavailable),
        PAIR(the_partner_is_declared_down_and_the_effects_performed),
        PAIR(a_refused_declaration_is_a_conflict_with_its_reason),
        PAIR(a_body_that_is_not_understood_declares_nothing),
        PAIR(a_body_that_is_too_large_declares_nothing),
        PAIR(a_packet_is_explained),
        PAIR(a_question_that_is_none_is_refused),
        PAIR(a_handover_and_a_return_reach_the_server),
        PAIR(what_an_operator_knows_of_the_store_reaches_the_server),
        PAIR(conflicts_are_listed),
        PAIR(commands_are_not_taken_over_tcp),
        ALONE(a_server_alone_has_no_partner_to_declare_down),
        PAIR(a_reservation_is_answered_when_it_is_durable),
        PAIR(a_refused_reservation_says_why),
        PAIR(reservations_are_listed_with_what_they_wait_for),
        PAIR(a_stuck_client_does_not_stop_others),
        PAIR(a_full_page_arrives_whole),
    };

    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
