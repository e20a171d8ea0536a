/* Reservations made while the servers run: checked as in the file, durable, the same on both
 * peers whatever happens between them, and obeyed like those of the file. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char site[] = "lease-time: {default: 10m, min: 1m, max: 10m}\n"
                           "subnets:\n"
                           "  - subnet: 10.77.0.0/16\n"
                           "    pools: [{range: 10.77.16.0-10.77.16.31}]\n"
                           "    reservations:\n"
                           "      - {hw-address: \"02:00:00:00:00:63\", address: 10.77.0.99}\n"
                           "      - {hw-address: \"02:00:00:00:00:62\", address: 10.77.16.4}\n";

static char why[512];

static int set_up(void **state)
{
    *state = pair_new("1m", site);
    return 0;
}

static int tear_down(void **state)
{
    pair_free(*state);
    return 0;
}

static enum td_err tell(struct pair *pair, enum role role, enum reservation_command command,
                        const char *text, struct reservation_change *done)
{
    struct node *node = &pair->nodes[role];
    const enum td_err result =
        server_reservation(node->server, pair->now, command, span_of(text, strlen(text)), done,
                           why, sizeof(why), &node->fx);

    pair_settle(pair);
    return result;
}

static void change(struct pair *pair, enum role role, enum reservation_command command,
                   const char *text)
{
    struct reservation_change done;

    assert_int_equal(tell(pair, role, command, text, &done), TD_OK);
}

static void expect_refusal(struct pair *pair, enum reservation_command command,
                           const char *text, enum td_err result, const char *expected)
{
    struct reservation_change done;

    assert_int_equal(tell(pair, ROLE_PRIMARY, command, text, &done), result);
    assert_string_equal(why, expected);
}

static uint64_t digest(const struct pair *pair, enum role role)
{
    return server_reservation_digest(pair->nodes[role].server);
}

static void assert_same(const struct pair *pair)
{
    assert_int_equal(digest(pair, ROLE_PRIMARY), digest(pair, ROLE_SECONDARY));
}

/* The one made while running that `role` knows at `index` behind those of the file. */
static struct reservation_view view(struct pair *pair, enum role role, size_t index)
{
    struct reservation_view view;

    assert_true(server_reservation_view(pair->nodes[role].server, 2 + index, &view));
    assert_true(view.runtime);
    return view;
}

#define ONE  "{hw-address: '02:00:00:00:00:01', address: 10.77.0.11}"
#define MORE "{hw-address: '02:00:00:00:00:01', address: 10.77.0.12, host-name: db1}"
#define TWO  "{hw-address: '02:00:00:00:00:02', address: 10.77.0.11}"

/* ---- what is made ---- */

static void it_holds_on_both_at_once(void **state)
{
    struct pair *pair = *state;
    struct reservation_change done;
    enum reservation_reach reach;

    assert_int_equal(tell(pair, ROLE_PRIMARY, RESERVATION_ADD, ONE, &done), TD_OK);
    pair_run(pair, 100);
    assert_true(server_reservation_done(pair->nodes[0].server, &done, &reach));
    assert_int_equal(reach, RESERVATION_ON_BOTH);
    assert_same(pair);
    assert_int_equal(pair_bind(pair, 1, NULL).value, 0x0a4d000b);
    for (enum role role = ROLE_PRIMARY; role <= ROLE_SECONDARY; role++) {
        assert_int_equal(view(pair, role, 0).use, RESERVATION_LEASED);
        assert_int_equal(pair_binding(pair, role, ip4(0x0a4d000b)).reserved.size, 8);
    }
}

static void it_is_not_done_before_it_is_durable(void **state)
{
    struct pair *pair = *state;
    struct reservation_change done;
    enum reservation_reach reach;

    pair->nodes[0].hold_store = true;
    pair_run(pair, 100);
    assert_int_equal(tell(pair, ROLE_PRIMARY, RESERVATION_ADD, ONE, &done), TD_OK);
    assert_false(server_reservation_done(pair->nodes[0].server, &done, &reach));
    assert_int_equal(reach, RESERVATION_HERE_ONLY);
    assert_int_equal(digest(pair, ROLE_SECONDARY), 0); /* nor told to the partner */
}

static void it_is_changed_and_removed(void **state)
{
    struct pair *pair = *state;

    change(pair, ROLE_PRIMARY, RESERVATION_ADD, ONE);
    pair_run(pair, 100);
    change(pair, ROLE_SECONDARY, RESERVATION_EDIT, MORE);
    pair_run(pair, 100);
    assert_same(pair);
    assert_int_equal(pair_bind(pair, 1, NULL).value, 0x0a4d000c);
    assert_int_equal(pair_binding(pair, ROLE_PRIMARY, ip4(0x0a4d000b)).reserved.size, 0);
    change(pair, ROLE_PRIMARY, RESERVATION_REMOVE, "{hw-address: '02:00:00:00:00:01'}");
    pair_run(pair, 100);
    assert_int_equal(digest(pair, ROLE_PRIMARY), 0);
    assert_int_equal(digest(pair, ROLE_SECONDARY), 0);
    assert_int_equal(pair_binding(pair, ROLE_SECONDARY, ip4(0x0a4d000c)).reserved.size, 0);
}

/* ---- what is refused ---- */

static void it_is_checked_as_in_the_file(void **state)
{
    struct pair *pair = *state;

    expect_refusal(
        pair, RESERVATION_ADD, "{client-id: '01', address: 10.78.0.1}", TD_MALFORMED,
        "line 1, column 28: address: 10.78.0.1 is in no subnet; write one of a subnet of "
        "this configuration");
    expect_refusal(
        pair, RESERVATION_ADD, "{hw-address: '02:00:00:00:00:63', address: 10.77.0.5}",
        TD_REFUSED,
        "the reservation at test:15 is for the same client, 02:00:00:00:00:63; change it "
        "there");
    expect_refusal(
        pair, RESERVATION_ADD, "{client-id: '01', address: 10.77.0.99}", TD_REFUSED,
        "the reservation at test:15 is for the same address, 10.77.0.99; change it there");
    change(pair, ROLE_PRIMARY, RESERVATION_ADD, ONE);
    expect_refusal(pair, RESERVATION_ADD, MORE, TD_REFUSED,
                   "there is a reservation for 02:00:00:00:00:01 already; edit or remove it");
    expect_refusal(
        pair, RESERVATION_ADD, TWO, TD_REFUSED,
        "another reservation, for 02:00:00:00:00:01, has the address 10.77.0.11; remove "
        "that first");
    expect_refusal(pair, RESERVATION_EDIT, "{client-id: '01', address: 10.77.0.5}",
                   TD_NOT_FOUND, "no reservation for id 01 was made while running");
    expect_refusal(pair, RESERVATION_REMOVE, "{client-id: '01'}", TD_NOT_FOUND,
                   "no reservation for id 01 was made while running");
}

/* ---- restarts and separation ---- */

static void it_survives_restarts_and_lost_stores(void **state)
{
    struct pair *pair = *state;

    change(pair, ROLE_PRIMARY, RESERVATION_ADD, ONE);
    pair_run(pair, 100);
    pair_kill(pair, ROLE_PRIMARY);
    pair_start(pair, ROLE_PRIMARY);
    assert_int_equal(view(pair, ROLE_PRIMARY, 0).reservation->address.value, 0x0a4d000b);
    pair_run(pair, 2000);
    pair_kill(pair, ROLE_SECONDARY);
    pair_lose_store(pair, ROLE_SECONDARY);
    pair_start(pair, ROLE_SECONDARY);
    pair_run(pair, 2000);
    assert_int_not_equal(digest(pair, ROLE_PRIMARY), 0);
    assert_same(pair);
}

/* One peer was away while a reservation was made, and one removed. */
static void a_peer_that_was_away_catches_up(void **state)
{
    struct pair *pair = *state;

    change(pair, ROLE_PRIMARY, RESERVATION_ADD, ONE);
    pair_run(pair, 100);
    pair_kill(pair, ROLE_SECONDARY);
    pair_run(pair, 2000);
    change(pair, ROLE_PRIMARY, RESERVATION_REMOVE, ONE);
    change(pair, ROLE_PRIMARY, RESERVATION_ADD, "{client-id: '0102', address: 10.77.0.13}");
    pair_run(pair, 1000);
    pair_start(pair, ROLE_SECONDARY);
    pair_run(pair, 2000);
    assert_same(pair);
    assert_int_equal(view(pair, ROLE_SECONDARY, 1).reservation->address.value, 0x0a4d000d);
}

/* Apart, both give one address away to different clients: the later holds, on both, and the
 * other is shown as replaced. */
static void of_two_for_one_address_the_later_holds(void **state)
{
    struct pair *pair = *state;

    pair_cut(pair);
    pair_run(pair, 2000);
    change(pair, ROLE_PRIMARY, RESERVATION_ADD, ONE);
    pair_run(pair, 1000);
    change(pair, ROLE_SECONDARY, RESERVATION_ADD, TWO);
    pair_mend(pair);
    pair_run(pair, 3000);
    assert_same(pair);
    assert_int_equal(view(pair, ROLE_PRIMARY, 0).state, RUNTIME_REPLACED);
    assert_int_equal(view(pair, ROLE_PRIMARY, 1).state, RUNTIME_HOLDS);
    assert_int_equal(view(pair, ROLE_SECONDARY, 0).state, RUNTIME_HOLDS);
    assert_int_equal(view(pair, ROLE_SECONDARY, 1).state, RUNTIME_REPLACED);
    assert_int_equal(pair_bind(pair, 2, NULL).value, 0x0a4d000b);
}

/* More than one frame holds, and more than are in flight at once. */
static void many_reach_a_partner_that_comes_back(void **state)
{
    struct pair *pair = *state;
    char text[96];

    pair_kill(pair, ROLE_SECONDARY);
    pair_run(pair, 2000);
    for (unsigned i = 0; i < 700; i++) {
        (void)snprintf(text, sizeof(text), "{client-id: '07%04x', address: 10.77.2%u.%u}", i,
                       i / 250, 1 + i % 250);
        change(pair, ROLE_PRIMARY, RESERVATION_ADD, text);
    }
    pair_start(pair, ROLE_SECONDARY);
    pair_run(pair, 3000);
    assert_int_not_equal(digest(pair, ROLE_PRIMARY), 0);
    assert_same(pair);
}

/* ---- an old lease in the way ---- */

/* The former holder is refused at its next renewal; the client waits until that lease has
 * ended, and gets an address of the pool until then. */
static void a_new_reservation_waits_for_the_old_lease(void **state)
{
    struct pair *pair = *state;
    enum role by;
    const struct ip4 address = pair_bind(pair, 9, &by);
    char text[96], dotted[IP4_TEXT_SIZE];

    (void)snprintf(text, sizeof(text), "{hw-address: '02:00:00:00:00:01', address: %s}",
                   ip4_format(address, dotted));
    change(pair, ROLE_PRIMARY, RESERVATION_ADD, text);
    pair_run(pair, 200);
    for (enum role role = ROLE_PRIMARY; role <= ROLE_SECONDARY; role++) {
        assert_int_equal(view(pair, role, 0).use, RESERVATION_WAITING);
        assert_int_equal(view(pair, role, 0).binding.client.data[7], 9);
    }
    assert_int_not_equal(pair_bind(pair, 1, NULL).value, address.value);
    pair_forget(pair);
    pair_broadcast(pair, &(struct ask){.type = DHCP4_REQUEST, .client = 9, .ciaddr = address});
    pair_run(pair, 100);
    assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_NAK);
    assert_int_not_equal(pair_bind(pair, 9, NULL).value, address.value);
    pair_run(pair, 620 * 1000);
    assert_int_equal(pair_bind(pair, 1, NULL).value, address.value);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(it_holds_on_both_at_once),
        TEST(it_is_not_done_before_it_is_durable),
        TEST(it_is_changed_and_removed),
        TEST(it_is_checked_as_in_the_file),
        TEST(it_survives_restarts_and_lost_stores),
        TEST(a_peer_that_was_away_catches_up),
        TEST(of_two_for_one_address_the_later_holds),
        TEST(many_reach_a_partner_that_comes_back),
        TEST(a_new_reservation_waits_for_the_old_lease),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
