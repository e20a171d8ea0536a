/* What is done first when more comes than can be done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/io/intake.h"

#define SIZE 300

struct turn {
    struct intake intake;
    struct datagram datagrams[INTAKE_MAX];
    uint8_t bytes[INTAKE_MAX][SIZE];
    size_t count;
    uint16_t order[INTAKE_MAX];
};

static int set_up(void **state)
{
    static struct turn turn;

    memset(&turn, 0, sizeof(turn));
    *state = &turn;
    return 0;
}

/* A message of `client`; `pads` before option 53, for it may stand anywhere. */
static void add(struct turn *turn, enum dhcp4_type type, uint8_t client, uint8_t xid,
                size_t pads)
{
    uint8_t *p = turn->bytes[turn->count];

    p[7] = xid;
    p[33] = client;
    p[240 + pads] = OPTION_HOST_NAME;
    p[241 + pads] = 2;
    p[244 + pads] = OPTION_MESSAGE_TYPE;
    p[245 + pads] = 1;
    p[246 + pads] = (uint8_t)type;
    p[247 + pads] = OPTION_END;
    turn->datagrams[turn->count].payload = span_of(p, SIZE);
    turn->count++;
}

static size_t order(struct turn *turn, bool full)
{
    return intake_order(&turn->intake, turn->datagrams, turn->count, full, turn->order);
}

static void what_is_not_too_much_is_done_as_it_came(void **state)
{
    struct turn *turn = *state;

    add(turn, DHCP4_DISCOVER, 1, 1, 0);
    add(turn, DHCP4_REQUEST, 2, 1, 0);
    add(turn, DHCP4_DISCOVER, 1, 1, 0);
    assert_int_equal(order(turn, false), 3);
    for (uint16_t i = 0; i < 3; i++)
        assert_int_equal(turn->order[i], i);
}

static void in_a_flood_first_contacts_come_last_and_the_newest_first(void **state)
{
    static const uint16_t expected[] = {1, 3, 4, 5, 2, 0};
    struct turn *turn = *state;

    add(turn, DHCP4_DISCOVER, 1, 1, 0);
    add(turn, DHCP4_REQUEST, 2, 1, 7);
    add(turn, DHCP4_DISCOVER, 3, 1, 3);
    add(turn, DHCP4_RELEASE, 4, 1, 0);
    add(turn, DHCP4_REQUEST, 5, 1, 0);
    add(turn, DHCP4_DISCOVER, 6, 1, 0);
    assert_int_equal(order(turn, true), 6);
    assert_memory_equal(turn->order, expected, sizeof(expected));
    assert_int_equal(turn->intake.shed, 0);
}

static void of_copies_the_newest_is_done(void **state)
{
    static const uint16_t expected[] = {3, 1, 2};
    struct turn *turn = *state;

    add(turn, DHCP4_REQUEST, 2, 1, 0);
    add(turn, DHCP4_REQUEST, 2, 2, 0);
    add(turn, DHCP4_DISCOVER, 2, 1, 0);
    add(turn, DHCP4_REQUEST, 2, 1, 0);
    assert_int_equal(order(turn, true), 3);
    assert_int_equal(turn->order[0], expected[1]);
    assert_int_equal(turn->order[1], expected[0]);
    assert_int_equal(turn->order[2], expected[2]);
    assert_int_equal(turn->intake.duplicates, 1);
}

static void fill(struct turn *turn, size_t requests)
{
    turn->count = 0;
    for (size_t i = 0; i < INTAKE_MAX; i++)
        add(turn, i < requests ? DHCP4_REQUEST : DHCP4_DISCOVER, (uint8_t)i, (uint8_t)(i >> 8),
            0);
}

/* A burst is no flood: nothing is shed before it has lasted. */
static void a_flood_that_lasts_sheds_the_oldest_first_contacts(void **state)
{
    struct turn *turn = *state;

    fill(turn, 10);
    for (int i = 0; i < INTAKE_TURNS; i++)
        assert_int_equal(order(turn, true), INTAKE_MAX);
    assert_int_equal(order(turn, true), INTAKE_SHARE);
    assert_int_equal(turn->intake.shed, INTAKE_MAX - INTAKE_SHARE);
    for (uint16_t i = 0; i < 10; i++)
        assert_int_equal(turn->order[i], i);
    assert_int_equal(turn->order[10], INTAKE_MAX - 1);
    assert_int_equal(order(turn, false), INTAKE_MAX); /* over */
    assert_int_equal(order(turn, true), INTAKE_MAX);
}

static void what_is_no_dhcp_is_left_to_the_core(void **state)
{
    static uint8_t end[260];
    struct turn *turn = *state;

    memset(end, 0xff, sizeof(end));
    end[240] = OPTION_HOST_NAME;
    end[241] = 200; /* beyond the end */
    turn->datagrams[0].payload = span_of(end, 0);
    turn->datagrams[1].payload = span_of(end, 100);
    turn->datagrams[2].payload = span_of(end, 260);
    turn->datagrams[3].payload = span_of(end, 242);
    turn->count = 4;
    assert_int_equal(order(turn, true), 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(what_is_not_too_much_is_done_as_it_came),
        TEST(in_a_flood_first_contacts_come_last_and_the_newest_first),
        TEST(of_copies_the_newest_is_done),
        TEST(a_flood_that_lasts_sheds_the_oldest_first_contacts),
        TEST(what_is_no_dhcp_is_left_to_the_core),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
