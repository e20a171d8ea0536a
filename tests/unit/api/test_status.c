/* tests/unit/api/test_status.c - status, health, pools and NAKs as JSON */
#include "tests/unit/api/help_site.h"

#include <stdlib.h>

#include "daemon/api/status.h"

struct fixture {
    struct config *config;
    struct server_status server;
    struct pool_view pools[2];
    struct status_view view;
};

static struct fixture *new_fixture(bool pair)
{
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    f->config = help_config(pair);
    for (size_t i = 0; i < 2; i++)
        f->pools[i].pool = &f->config->pools[i];
    f->server.store_ok = true;
    f->server.store_problem = "";
    f->server.serving = true;
    f->view = (struct status_view){
        .node = "dhcp-a",
        .version = "0.1.0",
        .role = ROLE_PRIMARY,
        .config = f->config,
        .server = &f->server,
        .now = instant_ms(NOW_MS),
        .pools = f->pools,
    };
    return f;
}

static int set_up_pair(void **state)
{
    struct fixture *f = new_fixture(true);

    f->server.failover = (struct failover_status){
        .state = FO_NORMAL,
        .since = instant_ms(NOW_MS - 61000),
        .reason = "both caught up",
        .advice = "",
        .term = 3,
        .link = FO_LINK_UP,
        .heard = instant_ms(NOW_MS - 120),
        .partner_known = true,
        .partner_state = FO_NORMAL,
        .clock_difference_ms = -7,
        .clocks_agree = true,
        .mclt_ms = 3600000,
        .config_difference = "",
        .last_problem = "",
    };
    *state = f;
    return 0;
}

static int set_up_alone(void **state)
{
    struct fixture *f = new_fixture(false);

    f->server.alone = true;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    config_free(f->config);
    free(f);
    return 0;
}

static json_t *status_of(const struct fixture *f)
{
    struct writer json = {0};

    render_status(&json, &f->view);
    return help_parse(&json);
}

static void a_pair_in_normal_shows_both_peers(void **state)
{
    json_t *status = status_of(*state);

    assert_string_equal(help_text(status, "node"), "dhcp-a");
    assert_string_equal(help_text(status, "version"), "0.1.0");
    assert_string_equal(help_text(status, "role"), "primary");
    assert_string_equal(help_text(status, "pair"), "dc1-row-a");
    assert_string_equal(help_text(status, "mode"), "load-balancing");
    assert_true(json_is_true(help_at(status, "serving")));
    assert_string_equal(help_text(status, "state"), "NORMAL");
    assert_string_equal(help_text(status, "since"), "2026-11-23T20:58:59Z");
    assert_int_equal(help_int(status, "since_seconds"), (NOW_MS - 61000) / 1000);
    assert_int_equal(help_int(status, "seconds_in_state"), 61);
    assert_string_equal(help_text(status, "reason"), "both caught up");
    assert_int_equal(help_int(status, "term"), 3);
    assert_int_equal(help_int(status, "mclt_seconds"), 3600);
    assert_true(json_is_null(help_at(status, "wait_until")));
    assert_string_equal(help_text(status, "link.state"), fo_link_name(FO_LINK_UP));
    assert_int_equal(help_int(status, "link.heard_ms_ago"), 120);
    assert_int_equal(help_int(status, "link.clock_difference_ms"), -7);
    assert_string_equal(help_text(status, "partner.name"), "dhcp-b");
    assert_string_equal(help_text(status, "partner.role"), "secondary");
    assert_string_equal(help_text(status, "partner.state"), "NORMAL");
    json_decref(status);
}

/* What was never heard is unknown, not zero. */
static void a_partner_never_heard_is_unknown(void **state)
{
    struct fixture *f = *state;

    f->server.failover.partner_known = false;
    f->server.failover.heard = instant_ms(0);
    f->view.role = ROLE_SECONDARY;
    json_t *status = status_of(f);
    assert_string_equal(help_text(status, "partner.name"), "dhcp-a");
    assert_string_equal(help_text(status, "partner.state"), "unknown");
    assert_true(json_is_null(help_at(status, "partner.durable_seq")));
    assert_true(json_is_null(help_at(status, "link.heard_ms_ago")));
    assert_true(json_is_null(help_at(status, "link.clock_difference_ms")));
    assert_true(json_is_null(help_at(status, "replication.partner_lag")));
    json_decref(status);
}

static void lags_are_what_is_not_yet_acked_or_applied(void **state)
{
    struct fixture *f = *state;

    f->server.seq = 100;
    f->server.durable_seq = 98;
    f->server.acked_seq = 90;
    f->server.partner_durable_seq = 55;
    f->server.partner_applied = 50;
    f->server.own_unsent = 4;
    json_t *status = status_of(f);
    assert_int_equal(help_int(status, "replication.seq"), 100);
    assert_int_equal(help_int(status, "replication.durable"), 98);
    assert_int_equal(help_int(status, "replication.acked"), 90);
    assert_int_equal(help_int(status, "replication.lag"), 10);
    assert_int_equal(help_int(status, "replication.partner_lag"), 5);
    assert_int_equal(help_int(status, "replication.unsent"), 4);
    assert_int_equal(help_int(status, "partner.durable_seq"), 55);
    json_decref(status);
}

/* After a lost store the partner has heard of more than is remembered here. */
static void a_lag_is_never_negative(void **state)
{
    struct fixture *f = *state;

    f->server.acked_seq = 5;
    f->server.partner_applied = 7;
    json_t *status = status_of(f);
    assert_int_equal(help_int(status, "replication.lag"), 0);
    assert_int_equal(help_int(status, "replication.partner_lag"), 0);
    json_decref(status);
}

static void assert_digests(const struct fixture *f, const char *expected)
{
    json_t *status = status_of(f);

    assert_string_equal(help_text(status, "digest"), "00000000000000ff");
    assert_string_equal(help_text(status, "digests"), expected);
    json_decref(status);
}

static void digests_are_equal_differ_or_are_unknown(void **state)
{
    struct fixture *f = *state;

    f->server.digest = f->server.partner_digest = 255;
    assert_digests(f, "unknown");
    f->server.partner_digest_known = true;
    assert_digests(f, "equal");
    f->server.partner_digest = 256;
    assert_digests(f, "differ");
}

static void what_to_do_and_until_when_is_said(void **state)
{
    struct fixture *f = *state;

    f->server.failover.state = FO_PARTNER_DOWN;
    f->server.failover.advice = "start dhcp-b again";
    f->server.failover.wait_until = instant_ms(NOW_MS + 3600000);
    f->server.failover.config_difference = "pools, options";
    f->server.failover.last_problem = "another pair name";
    json_t *status = status_of(f);
    assert_string_equal(help_text(status, "state"), "PARTNER-DOWN");
    assert_string_equal(help_text(status, "advice"), "start dhcp-b again");
    assert_string_equal(help_text(status, "wait_until"), "2026-11-23T22:00:00Z");
    assert_string_equal(help_text(status, "config_difference"), "pools, options");
    assert_string_equal(help_text(status, "last_problem"), "another pair name");
    json_decref(status);
}

static void pools_are_counted_by_owner(void **state)
{
    struct fixture *f = *state;

    f->pools[0].counts =
        (struct pool_counts){.free = {100, 50}, .active = 90, .released = 10, .abandoned = 6};
    f->pools[0].partner_free_known = true;
    f->pools[0].low = true;
    f->pools[0].partner_free = 49;
    json_t *status = status_of(f);
    const json_t *pools = help_at(status, "pools");
    assert_int_equal(json_array_size(pools), 2);
    const json_t *pool = json_array_get(pools, 0);
    assert_string_equal(help_text(pool, "range"), "10.77.16.0-10.77.16.255");
    assert_string_equal(help_text(pool, "subnet"), "10.77.0.0/16");
    assert_int_equal(help_int(pool, "size"), 256);
    assert_int_equal(help_int(pool, "active"), 90);
    assert_int_equal(help_int(pool, "released"), 10);
    assert_int_equal(help_int(pool, "abandoned"), 6);
    assert_int_equal(help_int(pool, "free.primary"), 100);
    assert_int_equal(help_int(pool, "free.secondary"), 50);
    assert_int_equal(help_int(pool, "free_partner_says"), 49);
    assert_true(json_is_null(help_at(json_array_get(pools, 1), "free_partner_says")));
    assert_true(json_is_true(help_at(pool, "low")));
    assert_true(json_is_false(help_at(json_array_get(pools, 1), "low")));
    json_decref(status);
}

static void counters_have_the_names_of_the_field(void **state)
{
    struct fixture *f = *state;

    f->server.counters.received[DHCP4_DISCOVER] = 11;
    f->server.counters.sent[DHCP4_ACK] = 12;
    f->server.counters.malformed[DHCP4_DROP_BAD_COOKIE] = 13;
    f->server.counters.acks_degraded = 14;
    f->server.counters.conflicts = 15;
    json_t *status = status_of(f);
    assert_int_equal(help_int(status, "counters.received.DHCPDISCOVER"), 11);
    assert_int_equal(help_int(status, "counters.received.BOOTP"), 0);
    assert_int_equal(help_int(status, "counters.sent.DHCPACK"), 12);
    assert_int_equal(help_int(status, "counters.malformed.bad-cookie"), 13);
    assert_int_equal(help_int(status, "counters.acks_degraded"), 14);
    assert_int_equal(help_int(status, "counters.conflicts"), 15);
    json_decref(status);
}

static void numbers_of_leases_and_the_clock_are_shown(void **state)
{
    struct fixture *f = *state;

    f->server.bindings = 5;
    f->server.offers = 4;
    f->server.held = 3;
    f->server.probes_pending = 6;
    f->server.probes_all = true;
    f->server.counters.probes_sent = 20;
    f->server.counters.probes_in_use = 7;
    f->server.counters.probes_silent = 8;
    f->server.counters.probes_dropped = 9;
    f->server.counters.probes_stray = 10;
    f->view.active = 2;
    f->view.wall_clock_difference_ms = -9000;
    json_t *status = status_of(f);
    assert_int_equal(help_int(status, "leases.bindings"), 5);
    assert_int_equal(help_int(status, "leases.active"), 2);
    assert_int_equal(help_int(status, "leases.offers"), 4);
    assert_int_equal(help_int(status, "leases.held"), 3);
    assert_int_equal(help_int(status, "probes.pending"), 6);
    assert_true(json_is_true(help_at(status, "probes.every_address")));
    assert_int_equal(help_int(status, "counters.probes.sent"), 20);
    assert_int_equal(help_int(status, "counters.probes.in_use"), 7);
    assert_int_equal(help_int(status, "counters.probes.silent"), 8);
    assert_int_equal(help_int(status, "counters.probes.dropped"), 9);
    assert_int_equal(help_int(status, "counters.probes.stray"), 10);
    assert_int_equal(help_int(status, "clock.wall_difference_ms"), -9000);
    assert_string_equal(help_text(status, "clock.now"), "2026-11-23T21:00:00Z");
    json_decref(status);
}

/* A program that reads the status of a pair finds the same keys when there is none. */
static void a_server_alone_has_the_same_keys(void **state)
{
    static const char *const none[] = {"pair",    "since",       "term",       "link",
                                       "partner", "replication", "wait_until", "digests"};
    json_t *status = status_of(*state);

    assert_string_equal(help_text(status, "state"), "ALONE");
    assert_string_equal(help_text(status, "role"), "alone");
    assert_string_equal(help_text(status, "mode"), "alone");
    assert_string_equal(help_text(status, "advice"), "");
    assert_string_equal(help_text(status, "digest"), "0000000000000000");
    for (size_t i = 0; i < ARRAY_SIZE(none); i++)
        assert_true(json_is_null(help_at(status, none[i])));
    assert_int_equal(json_array_size(help_at(status, "pools")), 2);
    json_decref(status);
}

/* Serving, but nothing can be made durable: no DHCPACK leaves, so that is not healthy. */
static void a_store_that_cannot_be_written_is_unwell(void **state)
{
    struct fixture *f = *state;
    struct writer json = {0};

    assert_null(status_unwell(&f->server));
    f->server.store_ok = false;
    f->server.store_problem = "No space left on device";
    assert_string_equal(status_unwell(&f->server), "No space left on device");
    json_t *status = status_of(f);
    assert_true(json_is_false(help_at(status, "store.ok")));
    assert_string_equal(help_text(status, "store.problem"), "No space left on device");
    json_decref(status);

    render_health(&json, &f->server);
    json_t *health = help_parse(&json);
    assert_string_equal(help_text(health, "status"), "unwell");
    assert_string_equal(help_text(health, "why"), "No space left on device");
    json_decref(health);
}

static void a_state_that_serves_nothing_is_unwell_and_says_why(void **state)
{
    struct fixture *f = *state;
    struct writer json = {0};

    f->server.serving = false;
    f->server.failover.state = FO_RECOVER_WAIT;
    f->server.failover.reason = "the store is new";
    f->server.failover.advice = "wait, or twinctl partner-down --force";
    render_health(&json, &f->server);
    json_t *health = help_parse(&json);
    assert_string_equal(help_text(health, "state"), "RECOVER-WAIT");
    assert_string_equal(help_text(health, "why"), "the store is new");
    assert_string_equal(help_text(health, "advice"), "wait, or twinctl partner-down --force");
    json_decref(health);
}

static void health_of_a_serving_server_is_short(void **state)
{
    struct fixture *f = *state;
    struct writer json = {0};

    render_health(&json, &f->server);
    json_t *health = help_parse(&json);
    assert_string_equal(help_text(health, "status"), "serving");
    assert_null(json_object_get(health, "why"));
    json_decref(health);
}

static void naks_say_who_refused_what_and_why(void **state)
{
    const struct nak_record naks[] = {{.when = instant_ms(NOW_MS),
                                       .address = ip4(0x0a4d1001),
                                       .key = {0, 1, 0x52, 0x54, 0, 0, 0, 1},
                                       .key_size = 8,
                                       .xid = 0xdeadbeef,
                                       .reason = "not on this link",
                                       .by = ROLE_SECONDARY}};
    struct writer json = {0};

    (void)state;
    render_naks(&json, naks, 1);
    json_t *value = help_parse(&json);
    const json_t *nak = json_array_get(help_at(value, "naks"), 0);
    assert_string_equal(help_text(nak, "when"), "2026-11-23T21:00:00Z");
    assert_string_equal(help_text(nak, "address"), "10.77.16.1");
    assert_string_equal(help_text(nak, "client"), "52:54:00:00:00:01");
    assert_string_equal(help_text(nak, "xid"), "0xdeadbeef");
    assert_string_equal(help_text(nak, "reason"), "not on this link");
    assert_string_equal(help_text(nak, "by"), "secondary");
    json_decref(value);
}

static void a_conflict_says_who_keeps_the_address_and_why(void **state)
{
    const struct conflict_record conflicts[] = {
        {.when = instant_ms(NOW_MS),
         .address = ip4(0x0a4d1001),
         .keeps = {{0, 1, 0x52, 0x54, 0, 0, 0, 1}, 8, BINDING_ACTIVE, {NOW_MS}, ROLE_PRIMARY},
         .loses =
             {{0, 1, 0x52, 0x54, 0, 0, 0, 2}, 8, BINDING_ABANDONED, {NOW_MS}, ROLE_SECONDARY},
         .cause = "both served"}};
    struct writer json = {0};

    (void)state;
    render_conflicts(&json, 7, conflicts, 1);
    json_t *value = help_parse(&json);
    const json_t *conflict = json_array_get(help_at(value, "conflicts"), 0);
    assert_int_equal(json_integer_value(help_at(value, "count")), 7);
    assert_string_equal(help_text(conflict, "address"), "10.77.16.1");
    assert_string_equal(help_text(conflict, "keeps.client"), "52:54:00:00:00:01");
    assert_string_equal(help_text(conflict, "keeps.given_by"), "primary");
    assert_string_equal(help_text(conflict, "keeps.expires"), "2026-11-23T21:00:00Z");
    assert_string_equal(help_text(conflict, "loses.client"), "52:54:00:00:00:02");
    assert_string_equal(help_text(conflict, "loses.state"), "ABANDONED");
    assert_string_equal(help_text(conflict, "cause"), "both served");
    json_decref(value);
}

static void what_differs_is_listed(void **state)
{
    static const struct differences differences = {
        .named = true,
        .total = 2,
        .count = 2,
        .items = {{PART_POOLS, false, {0x0a4d0000}, 16, DIFFERS},
                  {.part = PART_OPTIONS, .of_file = true}}};
    struct fixture *f = *state;

    f->server.failover.differences = &differences;
    json_t *status = status_of(f);
    const json_t *list = help_at(status, "config_differences");
    assert_int_equal(json_array_size(list), 2);
    assert_string_equal(help_text(json_array_get(list, 0), "part"), "pools");
    assert_string_equal(help_text(json_array_get(list, 0), "subnet"), "10.77.0.0/16");
    assert_string_equal(help_text(json_array_get(list, 0), "where"), "differs");
    assert_true(json_is_null(help_at(json_array_get(list, 1), "subnet")));
    json_decref(status);
}

static void assert_line(const char *text, const char *line)
{
    for (const char *at = text; (at = strstr(at, line)) != NULL; at++) {
        if ((at == text || at[-1] == '\n') && at[strlen(line)] == '\n')
            return;
    }
    fail_msg("no line \"%s\" in:\n%s", line, text);
}

static void metrics_say_how_the_pair_is(void **state)
{
    static const struct differences differences = {
        .named = true,
        .total = 1,
        .count = 1,
        .items = {{PART_POOLS, false, {0x0a4d0000}, 16, ONLY_HERE}}};
    struct fixture *f = *state;
    struct writer out = {0};
    size_t size;

    f->server.failover.state = FO_PARTNER_DOWN;
    f->server.failover.differences = &differences;
    f->server.failover.config_difference = "pools";
    f->server.failover.partner_known = true;
    f->server.failover.clock_difference_ms = -1250;
    f->view.busy_us = 12000042;
    f->view.longest_turn_us = 1250;
    f->server.counters.conflicts = 3;
    f->server.counters.received[DHCP4_DISCOVER] = 11;
    f->pools[0].counts = (struct pool_counts){.active = 4, .free = {5, 6}};
    render_metrics(&out, &f->view);
    char *text = writer_take(&out, &size);
    assert_non_null(text);
    assert_line(text, "twindhcp_failover_state{state=\"PARTNER-DOWN\"} 1");
    assert_line(text, "twindhcp_failover_state{state=\"NORMAL\"} 0");
    assert_line(text, "twindhcp_config_differs 1");
    assert_line(text, "twindhcp_config_difference{part=\"pools\",where=\"only "
                      "here\",subnet=\"10.77.0.0/16\"} 1");
    assert_line(text, "twindhcp_partner_clock_difference_seconds -1.250");
    assert_line(text, "twindhcp_loop_busy_seconds_total 12.000042");
    assert_line(text, "twindhcp_loop_longest_turn_seconds 0.001250");
    assert_line(text, "twindhcp_conflicts_total 3");
    assert_line(text, "twindhcp_dhcp_received_total{type=\"DHCPDISCOVER\"} 11");
    assert_line(text, "# TYPE twindhcp_dhcp_received_total counter");
    free(text);
}

#define WITH_PAIR(test)  cmocka_unit_test_setup_teardown(test, set_up_pair, tear_down)
#define WITH_ALONE(test) cmocka_unit_test_setup_teardown(test, set_up_alone, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PAIR(a_pair_in_normal_shows_both_peers),
        WITH_PAIR(a_partner_never_heard_is_unknown),
        WITH_PAIR(lags_are_what_is_not_yet_acked_or_applied),
        WITH_PAIR(a_lag_is_never_negative),
        WITH_PAIR(digests_are_equal_differ_or_are_unknown),
        WITH_PAIR(what_to_do_and_until_when_is_said),
        WITH_PAIR(pools_are_counted_by_owner),
        WITH_PAIR(counters_have_the_names_of_the_field),
        WITH_PAIR(numbers_of_leases_and_the_clock_are_shown),
        WITH_ALONE(a_server_alone_has_the_same_keys),
        WITH_PAIR(a_store_that_cannot_be_written_is_unwell),
        WITH_PAIR(a_state_that_serves_nothing_is_unwell_and_says_why),
        WITH_PAIR(health_of_a_serving_server_is_short),
        cmocka_unit_test(naks_say_who_refused_what_and_why),
        cmocka_unit_test(a_conflict_says_who_keeps_the_address_and_why),
        WITH_PAIR(what_differs_is_listed),
        WITH_PAIR(metrics_say_how_the_pair_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
