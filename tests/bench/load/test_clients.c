#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

#include "tests/bench/load/clients.h"
#include "tests/bench/load/clock.h"

#define BEGIN  (1000 * NS_PER_S)
#define LEASED ip4(0x0a401001)
#define SERVER ip4(0x0a4d0002)
#define RELAY  ip4(0x0a4d0004)

static void send_nothing(struct wire *wire)
{
    (void)wire;
}

static const struct wire_ops ops = {.send = send_nothing};

/* One client, and a wire that keeps what it last sent. */
struct fixture {
    struct holders *holders;
    struct clients *clients;
    struct wire wire;
    struct stats stats;
};

static int setup(void **state)
{
    const struct clients_options options = {
        .count = 1, .relay = RELAY, .relay_count = 1, .retransmit_ns = 4 * NS_PER_S};
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    f->wire.ops = &ops;
    f->holders = holders_new();
    f->clients = clients_new(&options, f->holders, BEGIN);
    clients_use(f->clients, &f->wire, &f->stats);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    clients_free(f->clients);
    holders_free(f->holders);
    free(f);
    return 0;
}

/* The server's answer to the n-th transaction of the client. */
static void answer(struct fixture *f, enum dhcp4_type type, uint32_t n, struct ip4 giaddr)
{
    struct dhcp4_reply_header header = {.htype = 1,
                                        .hlen = 6,
                                        .xid = check_xid(0, n),
                                        .yiaddr = LEASED,
                                        .giaddr = giaddr,
                                        .chaddr = {2}};
    uint8_t bytes[DHCP4_MAX_SIZE];
    struct dhcp4_writer writer;

    dhcp4_writer_init(&writer, &header, 0);
    dhcp4_writer_add_u8(&writer, OPTION_MESSAGE_TYPE, (uint8_t)type);
    dhcp4_writer_add_ip4(&writer, OPTION_SERVER_IDENTIFIER, SERVER);
    dhcp4_writer_add_u32(&writer, OPTION_LEASE_TIME, 3600);
    dhcp4_writer_add_ip4(&writer, OPTION_SUBNET_MASK, ip4(0xffc00000));
    clients_receive(f->clients,
                    span_of(bytes, dhcp4_writer_finish(&writer, bytes, sizeof bytes)), BEGIN);
}

static void bind_client(struct fixture *f)
{
    assert_true(clients_start(f->clients, EXCHANGE_DORA, BEGIN));
    answer(f, DHCP4_OFFER, 1, RELAY);
    answer(f, DHCP4_ACK, 1, RELAY);
}

static void first_contact_takes_two_answers(void **state)
{
    struct fixture *f = *state;

    assert_true(clients_start(f->clients, EXCHANGE_DORA, BEGIN));
    assert_false(clients_start(f->clients, EXCHANGE_DORA, BEGIN)); /* it is not idle */
    answer(f, DHCP4_OFFER, 1, RELAY);
    assert_int_equal(clients_busy(f->clients), 1);
    answer(f, DHCP4_ACK, 1, RELAY);
    assert_int_equal(clients_busy(f->clients), 0);
    assert_int_equal(clients_bound(f->clients), 1);
    assert_int_equal(f->stats.exchange[EXCHANGE_DORA].clean, 1);
}

/* Between two steps of a run: the next one finds its clients idle, with their leases, and does
 * not count what the one before began. */
static void exchange_that_is_given_up_leaves_the_lease(void **state)
{
    struct fixture *f = *state;

    bind_client(f);
    assert_true(clients_start(f->clients, EXCHANGE_RENEW, BEGIN));
    clients_give_up(f->clients);
    assert_int_equal(clients_busy(f->clients), 0);
    assert_int_equal(clients_bound(f->clients), 1);
    answer(f, DHCP4_ACK, 2, ip4(0));
    assert_int_equal(f->stats.verdicts[VERDICT_LATE], 1);
    assert_int_equal(f->stats.exchange[EXCHANGE_RENEW].done, 0);
    /* Nothing is sent again. */
    clients_run_timers(f->clients, BEGIN + 60 * NS_PER_S);
    assert_int_equal(f->stats.exchange[EXCHANGE_RENEW].resent, 0);

    assert_true(clients_start(f->clients, EXCHANGE_RENEW, BEGIN));
    answer(f, DHCP4_ACK, 3, ip4(0));
    assert_int_equal(f->stats.exchange[EXCHANGE_RENEW].done, 1);
    assert_int_equal(stats_wrong(&f->stats), 0);
}

static void what_was_given_up_after_the_mark_was_unanswered(void **state)
{
    struct fixture *f = *state;

    f->stats.gap.mark_ns = BEGIN;
    assert_true(clients_start(f->clients, EXCHANGE_DORA, BEGIN + 5));
    clients_give_up(f->clients);
    assert_int_equal(f->stats.gap.affected, 1);
    assert_int_equal(f->stats.gap.last_unanswered_ns, BEGIN + 5);
    assert_int_equal(clients_bound(f->clients), 0);
    /* Without a lease it begins anew. */
    assert_true(clients_start(f->clients, EXCHANGE_DORA, BEGIN + 9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(first_contact_takes_two_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(exchange_that_is_given_up_leaves_the_lease, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_was_given_up_after_the_mark_was_unanswered, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
