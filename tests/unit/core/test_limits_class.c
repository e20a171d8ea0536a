/* `limits` of a class: counted are the records whose client is in it, on both peers. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Clients 16 and up are guests by hardware address; whoever is at a port of row 7 is of the
 * row; phones say so in option 60. */
static const char lan[] =
    "offer-hold: 10s\n"
    "classes:\n"
    "  - name: guests\n"
    "    match:\n"
    "      packet.hw-address: {prefix: '02:00:00'}\n"
    "      not: {packet.hw-address: {glob: '02:00:00:00:00:0*'}}\n"
    "  - {name: row, match: {relay.circuit-id: {prefix: 'row7/'}}}\n"
    "  - {name: phones, expression: \"option[60].hex == 'phone' and option[60].exists\"}\n"
    "  - {name: silent, expression: \"not option[60].exists\"}\n"
    "limits: [{class: guests, leases: 2}]\n"
    "subnets:\n"
    "  - subnet: 10.77.0.0/16\n"
    "    limits: [{class: row, leases: 2}, {class: phones, leases: 1}, {class: silent, leases: "
    "4}]\n"
    "    pools: [{range: 10.77.16.0-10.77.16.255}]\n"
    "    reservations:\n"
    "      - {hw-address: '02:00:00:00:00:39', address: 10.77.0.12}\n"
    "  - subnet: 10.78.0.0/16\n"
    "    limits: [{class: all, leases: 3}]\n"
    "    pools: [{range: 10.78.16.0-10.78.16.255}]\n";

#define RELAY_77 ip4(0x0a4d0001)
#define RELAY_78 ip4(0x0a4e0001)

#define BYTES(text) span_of(text, sizeof(text) - 1)
#define ELSEWHERE                                                                              \
    BYTES("\x01\x06"                                                                           \
          "row8/1")
#define ROW_PORT(n)                                                                            \
    BYTES("\x01\x06"                                                                           \
          "row7/" n)
#define PRINTER                                                                                \
    BYTES("\x3c\x07"                                                                           \
          "printer")
#define PHONE                                                                                  \
    BYTES("\x3c\x05"                                                                           \
          "phone")

static int set_up(void **state)
{
    *state = pair_new("1h", lan);
    pair_run(*state, 1000);
    return 0;
}

static int tear_down(void **state)
{
    pair_free(*state);
    return 0;
}

struct who {
    uint8_t client;
    struct span port, options;
    struct ip4 relay;
};

static struct ask ask_of(struct who who, enum dhcp4_type type)
{
    return (struct ask){.type = type,
                        .client = who.client,
                        .relay_info = who.port,
                        .giaddr = who.relay,
                        .options = who.options};
}

/* What the peer whose turn it is offers; 0.0.0.0: nothing. */
static struct ip4 offer(struct pair *pair, struct who who, enum role *by)
{
    const struct ask ask = ask_of(who, DHCP4_DISCOVER);

    pair_forget(pair);
    pair_broadcast(pair, &ask);
    return pair_replies(pair) == 0 ? ip4(0) : pair_only(pair, by)->packet.yiaddr;
}

static enum dhcp4_type request(struct pair *pair, struct who who, struct ip4 address,
                               enum role to)
{
    struct ask ask = ask_of(who, DHCP4_REQUEST);

    ask.requested = address;
    ask.server = node_address(to);
    pair_forget(pair);
    pair_broadcast(pair, &ask);
    pair_run(pair, 100);
    return pair_replies(pair) == 0 ? DHCP4_NONE : pair_only(pair, NULL)->packet.type;
}

/* 0.0.0.0: it was not offered one. */
static struct ip4 bind_who(struct pair *pair, struct who who)
{
    enum role by = ROLE_PRIMARY;
    const struct ip4 address = offer(pair, who, &by);

    if (address.value != 0)
        assert_int_equal(request(pair, who, address, by), DHCP4_ACK);
    pair_run(pair, 1000); /* both know it */
    return address;
}

static struct who printer(uint8_t client, struct span port)
{
    return (struct who){client, port, PRINTER, RELAY_77};
}

static struct ip4 bind_printer(struct pair *pair, uint8_t client, struct span port)
{
    return bind_who(pair, printer(client, port));
}

static void release(struct pair *pair, uint8_t client, struct ip4 address)
{
    pair_broadcast(pair, &(struct ask){.type = DHCP4_RELEASE,
                                       .client = client,
                                       .ciaddr = address,
                                       .server = node_address(ROLE_PRIMARY)});
    pair_run(pair, 1000);
}

static uint64_t over_limit(const struct pair *pair)
{
    struct server_status status[2];

    for (int role = 0; role < 2; role++)
        server_status(pair->nodes[role].server, &status[role]);
    return status[0].counters.over_limit + status[1].counters.over_limit;
}

static void a_class_of_hardware_gets_as_many_as_it_may(void **state)
{
    struct pair *pair = *state;
    const struct ip4 first = bind_printer(pair, 0x11, ELSEWHERE);

    assert_int_not_equal(first.value, 0);
    assert_int_not_equal(bind_printer(pair, 0x12, ELSEWHERE).value, 0);
    assert_int_equal(bind_printer(pair, 0x13, ELSEWHERE).value, 0);
    assert_int_equal(over_limit(pair), 1);
    release(pair, 0x11, first);
    assert_int_not_equal(bind_printer(pair, 0x13, ELSEWHERE).value, 0);
}

static void a_class_of_ports_gets_as_many_as_it_may(void **state)
{
    struct pair *pair = *state;
    const struct ip4 first = bind_printer(pair, 1, ROW_PORT("1"));

    assert_int_not_equal(first.value, 0);
    assert_int_not_equal(bind_printer(pair, 2, ROW_PORT("2")).value, 0);
    assert_int_equal(bind_printer(pair, 3, ROW_PORT("3")).value, 0);
    release(pair, 1, first);
    assert_int_not_equal(bind_printer(pair, 3, ROW_PORT("3")).value, 0);
}

static void who_is_in_no_limited_class_is_not_counted(void **state)
{
    struct pair *pair = *state;

    for (uint8_t client = 1; client < 9; client++)
        assert_int_not_equal(bind_printer(pair, client, ELSEWHERE).value, 0);
    assert_int_not_equal(bind_printer(pair, 0x11, ELSEWHERE).value, 0);
    assert_int_equal(over_limit(pair), 0);
}

/* Also what the partner has given, whoever answers. */
static void both_peers_count_the_whole(void **state)
{
    struct pair *pair = *state;
    unsigned given = 0;

    for (uint8_t client = 0x40; client < 0x60; client++)
        given += bind_printer(pair, client, ELSEWHERE).value != 0;
    assert_int_equal(given, 2);
    assert_int_equal(over_limit(pair), 30);
}

static void what_a_client_has_it_may_renew(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = bind_printer(pair, 0x11, ELSEWHERE);
    enum role by = ROLE_PRIMARY;

    bind_printer(pair, 0x12, ELSEWHERE);
    assert_int_equal(offer(pair, printer(0x11, ELSEWHERE), &by).value, address.value);
    assert_int_equal(request(pair, printer(0x11, ELSEWHERE), address, by), DHCP4_ACK);
    assert_int_equal(over_limit(pair), 0);
}

/* A direct renewal has no option 82; the record still has it, so that it still counts. */
static void a_direct_renewal_stays_in_the_class(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = bind_printer(pair, 1, ROW_PORT("1"));

    bind_printer(pair, 2, ROW_PORT("2"));
    pair_forget(pair);
    pair_tell(pair, ROLE_PRIMARY,
              &(struct ask){.type = DHCP4_REQUEST,
                            .client = 1,
                            .xid = 5,
                            .ciaddr = address,
                            .to = node_address(ROLE_PRIMARY)});
    pair_run(pair, 1000);
    assert_int_equal(pair_only(pair, NULL)->packet.type, DHCP4_ACK);
    assert_int_equal(bind_printer(pair, 3, ROW_PORT("3")).value, 0);
}

/* It keeps its address beyond the limit, and counts where it is now. */
static void who_moves_into_a_class_keeps_its_lease(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = bind_printer(pair, 1, ELSEWHERE);
    enum role by = ROLE_PRIMARY;

    bind_printer(pair, 2, ROW_PORT("2"));
    bind_printer(pair, 3, ROW_PORT("3"));
    assert_int_equal(offer(pair, printer(1, ROW_PORT("1")), &by).value, address.value);
    assert_int_equal(request(pair, printer(1, ROW_PORT("1")), address, by), DHCP4_ACK);
    pair_run(pair, 1000);
    assert_int_equal(bind_printer(pair, 4, ROW_PORT("4")).value, 0);
    assert_int_equal(bind_printer(pair, 1, ELSEWHERE).value, address.value);
}

static void an_offer_counts_until_it_ends(void **state)
{
    struct pair *pair = *state;
    unsigned offers[2] = {0, 0};

    for (uint8_t client = 0x40; client < 0x60; client++) {
        enum role by = ROLE_PRIMARY;

        if (offer(pair, printer(client, ELSEWHERE), &by).value != 0)
            offers[by]++;
    }
    /* Each peer knows only its own offers. */
    assert_int_equal(offers[0], 2);
    assert_int_equal(offers[1], 2);
    pair_run(pair, 11000);
    assert_int_not_equal(bind_printer(pair, 0x11, ELSEWHERE).value, 0);
}

/* Each peer has offered what it may; what the other has bound since is one too many. */
static void a_request_beyond_the_limit_starts_over(void **state)
{
    struct pair *pair = *state;
    struct ip4 address[2][2] = {{{0}, {0}}, {{0}, {0}}};
    uint8_t client[2][2] = {{0, 0}, {0, 0}};
    unsigned count[2] = {0, 0};

    for (uint8_t c = 0x40; c < 0x60; c++) {
        enum role by = ROLE_PRIMARY;
        const struct ip4 got = offer(pair, printer(c, ELSEWHERE), &by);

        if (got.value == 0)
            continue;
        client[by][count[by]] = c;
        address[by][count[by]++] = got;
    }
    assert_int_equal(count[0], 2);
    assert_int_equal(count[1], 2);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(
            request(pair, printer(client[0][i], ELSEWHERE), address[0][i], ROLE_PRIMARY),
            DHCP4_ACK);
    pair_run(pair, 1000);
    assert_int_equal(
        request(pair, printer(client[1][0], ELSEWHERE), address[1][0], ROLE_SECONDARY),
        DHCP4_NAK);
}

static void an_expression_tells_a_class_too(void **state)
{
    struct pair *pair = *state;
    const struct who phone = {1, ELSEWHERE, PHONE, RELAY_77};
    const struct who other = {2, ELSEWHERE, PHONE, RELAY_77};

    assert_int_not_equal(bind_who(pair, phone).value, 0);
    assert_int_equal(bind_who(pair, other).value, 0);
    assert_int_not_equal(bind_printer(pair, 2, ELSEWHERE).value, 0);
}

/* An option that a record has not is one that the packet had not, on either peer. */
static void what_is_absent_tells_a_class_too(void **state)
{
    struct pair *pair = *state;
    unsigned given = 0;

    for (uint8_t client = 1; client < 9; client++)
        given +=
            bind_who(pair, (struct who){client, ELSEWHERE, span_of(NULL, 0), RELAY_77}).value !=
            0;
    assert_int_equal(given, 4);
    assert_int_not_equal(bind_printer(pair, 9, ELSEWHERE).value, 0);
}

/* The address of a phone that has gone is asked for by who does not say what it is. */
static void the_last_holder_says_nothing_of_the_next(void **state)
{
    struct pair *pair = *state;
    const struct ip4 address = bind_who(pair, (struct who){1, ELSEWHERE, PHONE, RELAY_77});

    release(pair, 1, address);
    assert_int_not_equal(bind_who(pair, (struct who){2, ELSEWHERE, PHONE, RELAY_77}).value, 0);
    for (uint8_t client = 3; client < 7; client++) {
        const struct who who = {client, ELSEWHERE, span_of(NULL, 0), RELAY_77};
        struct ask ask = ask_of(who, DHCP4_DISCOVER);

        ask.requested = address;
        pair_forget(pair);
        pair_broadcast(pair, &ask);
        assert_int_equal(pair_replies(pair), 1);
    }
    assert_int_equal(over_limit(pair), 0);
}

static void all_is_everybody_of_the_level(void **state)
{
    struct pair *pair = *state;
    unsigned given = 0;

    for (uint8_t client = 1; client < 9; client++)
        given += bind_who(pair, (struct who){client, ELSEWHERE, PRINTER, RELAY_78}).value != 0;
    assert_int_equal(given, 3);
    assert_int_not_equal(bind_printer(pair, 9, ELSEWHERE).value, 0);
}

static void a_reserved_address_is_always_given_and_counts(void **state)
{
    struct pair *pair = *state;

    bind_printer(pair, 0x11, ELSEWHERE);
    assert_int_equal(bind_printer(pair, 0x39, ELSEWHERE).value, 0x0a4d000c);
    assert_int_equal(bind_printer(pair, 0x12, ELSEWHERE).value, 0);
}

/* What was counted before is counted anew from the records. */
static void a_restart_forgets_nothing(void **state)
{
    struct pair *pair = *state;

    bind_printer(pair, 0x11, ELSEWHERE);
    bind_printer(pair, 0x12, ELSEWHERE);
    for (int role = 0; role < 2; role++)
        pair_kill(pair, (enum role)role);
    for (int role = 0; role < 2; role++)
        pair_start(pair, (enum role)role);
    pair_run(pair, 3000);
    assert_int_equal(pair_state(pair, ROLE_PRIMARY), FO_NORMAL);
    for (uint8_t client = 0x40; client < 0x50; client++)
        assert_int_equal(bind_printer(pair, client, ELSEWHERE).value, 0);
    assert_int_not_equal(bind_printer(pair, 0x11, ELSEWHERE).value, 0);
}

static void the_log_names_the_class(void **state)
{
    struct pair *pair = *state;
    bool told = false, named = false;

    bind_printer(pair, 0x11, ELSEWHERE);
    bind_printer(pair, 0x12, ELSEWHERE);
    offer(pair, printer(0x13, ELSEWHERE), NULL);
    for (int role = 0; role < 2; role++) {
        const struct node *node = &pair->nodes[role];

        told |= pair_had_event(pair, (enum role)role, "limit-reached");
        for (size_t i = 0; i < node->event_count && i < EVENTS_MAX; i++)
            named |= strstr(node->events[i],
                            "the limit of 2 leases of class guests is reached") != NULL;
    }
    assert_true(told && named);
}

#define IN_PAIR(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PAIR(a_class_of_hardware_gets_as_many_as_it_may),
        IN_PAIR(a_class_of_ports_gets_as_many_as_it_may),
        IN_PAIR(who_is_in_no_limited_class_is_not_counted),
        IN_PAIR(both_peers_count_the_whole),
        IN_PAIR(what_a_client_has_it_may_renew),
        IN_PAIR(a_direct_renewal_stays_in_the_class),
        IN_PAIR(who_moves_into_a_class_keeps_its_lease),
        IN_PAIR(an_offer_counts_until_it_ends),
        IN_PAIR(a_request_beyond_the_limit_starts_over),
        IN_PAIR(an_expression_tells_a_class_too),
        IN_PAIR(what_is_absent_tells_a_class_too),
        IN_PAIR(the_last_holder_says_nothing_of_the_next),
        IN_PAIR(all_is_everybody_of_the_level),
        IN_PAIR(a_reserved_address_is_always_given_and_counts),
        IN_PAIR(a_restart_forgets_nothing),
        IN_PAIR(the_log_names_the_class),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
