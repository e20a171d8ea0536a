/* How clients are named: by themselves, by their reservation, by the server; and what they hear
 * of it. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "proto/fqdn.h"

static const char lan[] =
    "options: {domain-name: file.net}\n"
    "names: {replace: when-absent}\n"
    "ddns:\n"
    "  zones: [{zone: file.net, server: 10.0.0.53}, {zone: 77.10.in-addr.arpa, server: "
    "10.0.0.53}]\n"
    "subnets:\n"
    "  - subnet: 10.77.0.0/16\n"
    "    pools: [{range: 10.77.16.0-10.77.16.255}]\n"
    "    reservations:\n"
    "      - {hw-address: \"02:00:00:00:00:01\", address: 10.77.0.20, host-name: DB1}\n"
    "  - subnet: 10.78.0.0/16\n"
    "    names: {source: none}\n"
    "    pools: [{range: 10.78.16.0-10.78.16.255}]\n"
    "  - subnet: 10.79.0.0/16\n"
    "    names: {replace: always, generated: \"x-{hw}\", suffix: other.net}\n"
    "    pools: [{range: 10.79.16.0-10.79.16.255}]\n"
    "  - subnet: 10.80.0.0/16\n"
    "    names: {client-updates: override}\n"
    "    pools: [{range: 10.80.16.0-10.80.16.255}]\n"
    "  - subnet: 10.81.0.0/16\n"
    "    names: {client-updates: ignore, replace: never}\n"
    "    pools: [{range: 10.81.16.0-10.81.16.255}]\n";

#define OPTIONS(bytes) span_of((bytes), sizeof(bytes) - 1)

static int set_up(void **state)
{
    *state = pair_new("1h", lan);
    return 0;
}

static int tear_down(void **state)
{
    pair_free(*state);
    return 0;
}

/* First contact of a client in 10.NET.0.0/16 with these options: the DHCPACK. */
static const struct sent_reply *bind_in(struct pair *pair, uint8_t net, uint8_t client,
                                        struct span options)
{
    static const uint8_t asked[] = {OPTION_HOST_NAME};
    struct ask ask = {.type = DHCP4_DISCOVER,
                      .client = client,
                      .giaddr = ip4(0x0a000001u | (uint32_t)net << 16),
                      .parameters = span_of(asked, sizeof(asked)),
                      .options = options};
    enum role role;

    pair_forget(pair);
    pair_broadcast(pair, &ask);
    ask.requested = pair_only(pair, &role)->packet.yiaddr;
    ask.type = DHCP4_REQUEST;
    ask.server = node_address(role);
    pair_forget(pair);
    pair_broadcast(pair, &ask);
    pair_run(pair, 100);
    assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_ACK);
    return pair_only(pair, NULL);
}

static void assert_option(const struct sent_reply *reply, uint8_t code, struct span want)
{
    assert_true(dhcp4_has(&reply->packet, code));
    assert_true(span_equal(reply->packet.option[code], want));
}

/* Both peers know the name, and what the pair writes of it. */
static void assert_named(struct pair *pair, const struct sent_reply *reply, const char *name,
                         bool forward, bool reverse)
{
    for (enum role role = ROLE_PRIMARY; role <= ROLE_SECONDARY; role++) {
        const struct binding b = pair_binding(pair, role, reply->packet.yiaddr);
        struct names names;

        assert_true(names_decode(b.names, &names));
        assert_true(span_equal(names.name, span_of(name, strlen(name))));
        assert_int_equal(names.forward, forward);
        assert_int_equal(names.reverse, reverse);
        assert_int_equal(names.count, forward || reverse);
    }
}

static void a_host_name_is_made_good_and_completed(void **state)
{
    const struct sent_reply *ack = bind_in(*state, 77, 2, OPTIONS("\x0c\7Web_1.x"));

    assert_option(ack, OPTION_HOST_NAME, OPTIONS("web-1.x"));
    assert_named(*state, ack, "web-1.x.file.net", true, true);
    assert_false(dhcp4_has(&ack->packet, OPTION_CLIENT_FQDN));
}

static void the_reservation_goes_before_the_client(void **state)
{
    const struct sent_reply *ack = bind_in(*state, 77, 1, OPTIONS("\x0c\3web"));

    assert_option(ack, OPTION_HOST_NAME, OPTIONS("DB1")); /* the option, as configured */
    assert_named(*state, ack, "db1.file.net", true, true);
}

static void who_says_nothing_gets_a_name_of_its_address(void **state)
{
    const struct sent_reply *ack = bind_in(*state, 77, 3, span_of(NULL, 0));
    struct ip4 at = ack->packet.yiaddr;
    char name[64];

    (void)snprintf(name, sizeof(name), "dhcp-10-77-16-%u", at.value & 255);
    assert_option(ack, OPTION_HOST_NAME, span_of(name, strlen(name)));
    strcat(name, ".file.net");
    assert_named(*state, ack, name, true, true);
}

static void nobody_is_named_where_that_is_said(void **state)
{
    const struct sent_reply *ack =
        bind_in(*state, 78, 4, OPTIONS("\x0c\3web\x51\7\5\0\0\3web"));

    assert_false(dhcp4_has(&ack->packet, OPTION_HOST_NAME));
    assert_false(dhcp4_has(&ack->packet, OPTION_CLIENT_FQDN));
    assert_named(*state, ack, "", false, false);
}

/* The name has a domain that no zone of the file holds, and the address lies in none either. */
static void a_generated_name_replaces_what_the_client_says(void **state)
{
    const struct sent_reply *ack = bind_in(*state, 79, 5, OPTIONS("\x0c\3web"));

    assert_option(ack, OPTION_HOST_NAME, OPTIONS("x-020000000005"));
    assert_named(*state, ack, "x-020000000005.other.net", false, false);
}

static void option_81_is_answered_by_itself(void **state)
{
    const struct sent_reply *ack = bind_in(*state, 77, 6, OPTIONS("\x51\7\5\0\0\3Web"));

    assert_option(ack, OPTION_CLIENT_FQDN, OPTIONS("\5\xff\xff\3web\4file\3net\0"));
    assert_false(dhcp4_has(&ack->packet, OPTION_HOST_NAME));
    assert_named(*state, ack, "web.file.net", true, true);
}

static void a_client_may_write_its_own_address(void **state)
{
    const struct sent_reply *ack = bind_in(*state, 77, 7, OPTIONS("\x51\7\4\0\0\3web"));

    assert_option(ack, OPTION_CLIENT_FQDN, OPTIONS("\4\xff\xff\3web\4file\3net\0"));
    assert_named(*state, ack, "web.file.net", false, true);
}

static void a_client_may_want_nothing_written(void **state)
{
    const struct sent_reply *ack = bind_in(*state, 77, 8, OPTIONS("\x51\7\x0c\0\0\3web"));

    assert_option(ack, OPTION_CLIENT_FQDN, OPTIONS("\x0c\xff\xff\3web\4file\3net\0"));
    assert_named(*state, ack, "web.file.net", false, false);
}

static void what_the_client_wants_may_be_overridden(void **state)
{
    const struct sent_reply *ack = bind_in(*state, 80, 9, OPTIONS("\x51\7\x0c\0\0\3web"));

    assert_option(ack, OPTION_CLIENT_FQDN, OPTIONS("\7\xff\xff\3web\4file\3net\0"));
    assert_named(*state, ack, "web.file.net", true, false); /* 80.10 is no zone of the file */
}

static void option_81_may_be_ignored(void **state)
{
    const struct sent_reply *ack =
        bind_in(*state, 81, 10, OPTIONS("\x0c\3web\x51\7\5\0\0\3xyz"));

    assert_false(dhcp4_has(&ack->packet, OPTION_CLIENT_FQDN));
    assert_named(*state, ack, "web.file.net", true, false);
}

static void a_damaged_option_81_is_counted_and_not_answered(void **state)
{
    struct pair *pair = *state;
    const struct sent_reply *ack = bind_in(pair, 77, 11, OPTIONS("\x51\5\5\0\0\x3f!"));
    struct server_status one, two;

    assert_false(dhcp4_has(&ack->packet, OPTION_CLIENT_FQDN));
    server_status(pair->nodes[0].server, &one);
    server_status(pair->nodes[1].server, &two);
    assert_true(one.counters.fqdn_malformed + two.counters.fqdn_malformed >= 2);
}

static void the_domain_itself_is_nobodys_name(void **state)
{
    const struct sent_reply *ack =
        bind_in(*state, 77, 12, OPTIONS("\x51\x0d\5\0\0\4file\3net\0"));

    assert_named(*state, ack, "", false, false);
}

/* A renewal that says no name leaves the one there is. */
static void a_renewal_without_a_name_changes_nothing(void **state)
{
    struct pair *pair = *state;
    const struct sent_reply *ack = bind_in(pair, 81, 13, OPTIONS("\x0c\3web"));
    const struct ask ask = {.type = DHCP4_REQUEST,
                            .client = 13,
                            .xid = 99,
                            .ciaddr = ack->packet.yiaddr,
                            .giaddr = ip4(0x0a510001)};

    pair_forget(pair);
    pair_broadcast(pair, &ask);
    pair_run(pair, 100);
    assert_named(pair, pair_only(pair, NULL), "web.file.net", true, false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_host_name_is_made_good_and_completed),
        TEST(the_reservation_goes_before_the_client),
        TEST(who_says_nothing_gets_a_name_of_its_address),
        TEST(nobody_is_named_where_that_is_said),
        TEST(a_generated_name_replaces_what_the_client_says),
        TEST(option_81_is_answered_by_itself),
        TEST(a_client_may_write_its_own_address),
        TEST(a_client_may_want_nothing_written),
        TEST(what_the_client_wants_may_be_overridden),
        TEST(option_81_may_be_ignored),
        TEST(a_damaged_option_81_is_counted_and_not_answered),
        TEST(the_domain_itself_is_nobodys_name),
        TEST(a_renewal_without_a_name_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
