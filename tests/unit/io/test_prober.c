/* The sockets that probe addresses, on the loopback.  Where raw sockets are not allowed the
 * tests that need them are skipped. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/io/prober.h"

#define LOOPBACK_INDEX 1

static struct prober *open_prober(void)
{
    char error[256] = "";
    struct prober *prober = prober_open(error, sizeof error);

    if (prober == NULL) {
        assert_non_null(strstr(error, "CAP_NET_RAW"));
        skip();
    }
    return prober;
}

static struct probe probe_of(uint32_t address)
{
    return (struct probe){.number = 1, .address = {address}, .icmp = true, .wait_ms = 500};
}

static bool next_within(struct prober *prober, int ms, struct probe_result *out)
{
    struct pollfd fds[PROBER_SOCKETS];

    if (prober_next(prober, out))
        return true;
    for (size_t i = 0; i < PROBER_SOCKETS; i++)
        fds[i] = (struct pollfd){.fd = prober_fd(prober, i), .events = POLLIN};
    return poll(fds, PROBER_SOCKETS, ms) > 0 && prober_next(prober, out);
}

static void a_machine_that_is_there_answers_an_echo(void **state)
{
    struct prober *prober = open_prober();
    struct probe probe = probe_of(0x7f000001);
    struct probe_result result;

    (void)state;
    probe.number = UINT64_C(0x123456789a);
    prober_send(prober, &probe);
    prober_flush(prober);
    assert_true(next_within(prober, 2000, &result));
    assert_int_equal(result.outcome, PROBE_ANSWERED);
    assert_true(result.number == probe.number);
    assert_int_equal(result.address.value, probe.address.value);
    assert_int_equal(result.hlen, 0);
    prober_close(prober);
}

/* The loopback is no Ethernet. */
static void where_no_arp_is_spoken_an_echo_is_sent_if_it_may(void **state)
{
    struct prober *prober = open_prober();
    struct probe probe = probe_of(0x7f000001);
    struct probe_result result;

    (void)state;
    probe.arp = true;
    probe.interface = LOOPBACK_INDEX;
    prober_send(prober, &probe);
    prober_flush(prober);
    assert_true(next_within(prober, 2000, &result));
    assert_int_equal(result.outcome, PROBE_ANSWERED);
    probe.icmp = false;
    prober_send(prober, &probe);
    prober_flush(prober);
    assert_true(prober_next(prober, &result));
    assert_int_equal(result.outcome, PROBE_NO_WAY);
    prober_close(prober);
}

static void answers_to_another_prober_are_strays(void **state)
{
    struct prober *one = open_prober(), *two = open_prober();
    const struct probe probe = probe_of(0x7f000001);
    struct probe_result result;

    (void)state;
    prober_send(one, &probe);
    prober_flush(one);
    assert_true(next_within(one, 2000, &result));
    assert_false(next_within(two, 100, &result));
    assert_int_equal(prober_counters(two).strays, 1);
    prober_close(one);
    prober_close(two);
}

static void whoever_may_not_ask_says_that_there_is_no_way(void **state)
{
    struct prober *prober = prober_without_sockets();
    const struct probe probe = probe_of(0x7f000001);
    struct probe_result result;

    (void)state;
    prober_send(prober, &probe);
    prober_flush(prober);
    assert_true(prober_next(prober, &result));
    assert_int_equal(result.outcome, PROBE_NO_WAY);
    assert_int_equal(result.number, 1);
    assert_false(prober_next(prober, &result));
    prober_close(prober);
}

/* What is beyond the limit is said to be unsent, each of it. */
static void not_more_than_a_limit_leaves_at_once(void **state)
{
    struct prober *prober = open_prober();
    const struct probe probe = probe_of(0x7f000001);
    struct probe_result result;
    size_t asked = 0, unsent = 0;

    (void)state;
    while (prober_counters(prober).dropped < 10 && asked < 1000000) {
        prober_send(prober, &probe);
        asked++;
    }
    prober_flush(prober);
    assert_int_equal(prober_counters(prober).sent, asked - 10);
    while (prober_next(prober, &result))
        unsent += result.outcome == PROBE_NOT_SENT;
    assert_int_equal(unsent, 10);
    prober_close(prober);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_that_is_there_answers_an_echo),
        cmocka_unit_test(where_no_arp_is_spoken_an_echo_is_sent_if_it_may),
        cmocka_unit_test(answers_to_another_prober_are_strays),
        cmocka_unit_test(whoever_may_not_ask_says_that_there_is_no_way),
        cmocka_unit_test(not_more_than_a_limit_leaves_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
