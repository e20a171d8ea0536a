/* The option values of a reply: what is asked for, in that order, from the nearest level that
 * says it (reservation, class, pool, subnet, file). */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Each name says where it came from.  Clients: 01 has a reservation, 02 a reservation that says
 * nothing; a vendor class "boot..." makes the classes. */
static const char lan[] =
    "options: {domain-name: file.net, root-path: /file, merit-dump: /file, tftp-server-name: "
    "file,"
    " boot-file-name: file}\n"
    "lease-time: {default: 12h, min: 1m, max: 24h}\n"
    "next-server: 10.0.0.1\n"
    "server-name: file\n"
    "boot-file-name: file\n"
    "classes:\n"
    "  - name: first\n"
    "    match: {vendor-class-identifier: \"boot*\"}\n"
    "    options: {domain-name: class.net, root-path: /class}\n"
    "    boot-file-name: class\n"
    "  - name: second\n"
    "    match: {vendor-class-identifier: \"boot?efi\"}\n"
    "    options: {domain-name: second.net, merit-dump: /second}\n"
    "    lease-time: {default: 2h}\n"
    "subnets:\n"
    "  - subnet: 10.77.0.0/16\n"
    "    options: {domain-name: subnet.net, root-path: /subnet, merit-dump: /subnet,"
    " tftp-server-name: subnet, routers: [10.77.0.1]}\n"
    "    server-name: subnet\n"
    "    pools:\n"
    "      - range: 10.77.16.0-10.77.16.255\n"
    "        options: {domain-name: pool.net, root-path: /pool, merit-dump: /pool}\n"
    "    reservations:\n"
    "      - hw-address: \"02:00:00:00:00:01\"\n"
    "        address: 10.77.16.1\n"
    "        options: {domain-name: reservation.net}\n"
    "        next-server: 10.0.0.9\n"
    "        host-name: db1\n"
    "      - {hw-address: \"02:00:00:00:00:02\", address: 10.77.16.2}\n";

#define KEY(text)  span_of((text), sizeof(text) - 1)
#define MERIT_DUMP 14
#define ROOT_PATH  17

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

/* A question to the primary with a vendor class, if not NULL, and what it answers. */
static const struct dhcp4_packet *answer_to(struct pair *pair, const struct ask *ask,
                                            const char *vendor_class)
{
    struct node *node = &pair->nodes[ROLE_PRIMARY];
    uint8_t bytes[1500];
    size_t size = ask_encode(ask, bytes);
    struct datagram datagram = {
        .destination = ip4(UINT32_MAX),
        .local = node_address(ROLE_PRIMARY),
        .interface = 2,
    };

    if (vendor_class != NULL) {
        bytes[size - 1] = OPTION_VENDOR_CLASS_IDENTIFIER;
        bytes[size++] = (uint8_t)strlen(vendor_class);
        memcpy(bytes + size, vendor_class, strlen(vendor_class));
        size += strlen(vendor_class);
        bytes[size++] = OPTION_END;
    }
    datagram.payload = span_of(bytes, size);
    pair_forget(pair);
    server_receive(node->server, pair->now, &datagram, &node->fx);
    server_flush(node->server, pair->now, &node->fx);
    pair_settle(pair);
    assert_non_null(pair_last(pair, ROLE_PRIMARY));
    return &pair_last(pair, ROLE_PRIMARY)->packet;
}

static struct ask discover(uint8_t client)
{
    return (struct ask){.type = DHCP4_DISCOVER, .client = client, .secs = 9};
}

static const struct dhcp4_packet *offer(struct pair *pair, uint8_t client,
                                        const char *vendor_class)
{
    const struct ask ask = discover(client);

    return answer_to(pair, &ask, vendor_class);
}

static void assert_text(const struct dhcp4_packet *p, uint8_t code, const char *text)
{
    assert_true(dhcp4_has(p, code));
    assert_int_equal(p->option[code].size, strlen(text));
    assert_memory_equal(p->option[code].data, text, strlen(text));
}

/* ---- levels ---- */

static void a_reservation_counts_before_all(void **state)
{
    assert_text(offer(*state, 1, "bootXefi"), OPTION_DOMAIN_NAME, "reservation.net");
}

static void a_class_counts_before_the_pool(void **state)
{
    assert_text(offer(*state, 2, "boot"), OPTION_DOMAIN_NAME, "class.net");
    assert_text(offer(*state, 7, "boot"), ROOT_PATH, "/class");
}

static void the_first_class_that_says_it_counts(void **state)
{
    const struct dhcp4_packet *p = offer(*state, 7, "bootXefi");

    assert_text(p, OPTION_DOMAIN_NAME, "class.net");
    assert_text(p, MERIT_DUMP, "/second");
}

static void a_pool_counts_before_the_subnet(void **state)
{
    assert_text(offer(*state, 7, NULL), OPTION_DOMAIN_NAME, "pool.net");
    assert_text(offer(*state, 7, "no boot"), OPTION_DOMAIN_NAME, "pool.net");
}

static void a_subnet_counts_before_the_file(void **state)
{
    assert_text(offer(*state, 7, NULL), OPTION_TFTP_SERVER_NAME, "subnet");
}

static void what_no_level_below_says_comes_from_the_file(void **state)
{
    assert_text(offer(*state, 7, NULL), OPTION_BOOT_FILE_NAME, "file");
}

/* The same way down, for the fields of the header. */
static void header_fields_follow_the_same_levels(void **state)
{
    const struct dhcp4_packet *p = offer(*state, 1, "boot");

    assert_int_equal(p->siaddr.value, 0x0a000009);
    assert_string_equal((const char *)p->sname.data, "subnet");
    assert_string_equal((const char *)p->file.data, "class");
    p = offer(*state, 7, NULL);
    assert_int_equal(p->siaddr.value, 0x0a000001);
    assert_string_equal((const char *)p->file.data, "file");
}

/* As for options: the first class that says it.  The first one here says nothing of lease
 * times. */
static void the_first_class_with_a_lease_time_sets_it(void **state)
{
    assert_int_equal(dhcp4_option_u32(offer(*state, 7, "bootXefi"), OPTION_LEASE_TIME), 7200);
}

/* ---- what is asked for ---- */

/* The codes of the options field after what every reply begins with. */
static size_t codes_of(const struct pair *pair, uint8_t out[static 64])
{
    const uint8_t *bytes = pair_last(pair, ROLE_PRIMARY)->bytes;
    size_t count = 0;

    for (size_t at = DHCP4_HEADER_SIZE; bytes[at] != OPTION_END;) {
        switch (bytes[at]) {
        case OPTION_PAD:
            at++;
            continue;
        case OPTION_MESSAGE_TYPE:
        case OPTION_SERVER_IDENTIFIER:
        case OPTION_LEASE_TIME:
        case OPTION_RENEWAL_TIME:
        case OPTION_REBINDING_TIME:
            break;
        default:
            assert_true(count < 64);
            out[count++] = bytes[at];
        }
        at += 2 + (size_t)bytes[at + 1];
    }
    return count;
}

static void assert_codes(struct pair *pair, struct span list, struct span expected)
{
    struct ask ask = discover(7);
    uint8_t codes[64];
    size_t count;

    ask.parameters = list;
    answer_to(pair, &ask, NULL);
    count = codes_of(pair, codes);
    assert_int_equal(count, expected.size);
    assert_memory_equal(codes, expected.data, count);
}

static void the_order_of_the_parameter_request_list_is_kept(void **state)
{
    assert_codes(*state, KEY("\x0f\x01\x03"), KEY("\x0f\x01\x03"));
    assert_codes(*state, KEY("\x03\x0f\x01"), KEY("\x03\x0f\x01"));
}

static void what_is_not_asked_for_is_not_sent(void **state)
{
    assert_codes(*state, KEY("\x03"), KEY("\x03"));
}

static void what_is_asked_for_twice_is_sent_once(void **state)
{
    assert_codes(*state, KEY("\x03\x0f\x03"), KEY("\x03\x0f"));
}

/* Pad, End, what the server sets itself, and what nobody configured. */
static void what_cannot_be_answered_is_left_out(void **state)
{
    assert_codes(*state, KEY("\x00\x33\x35\x36\x37\x3a\x3b\x52\x63\xff\x03"), KEY("\x03"));
}

static void without_a_list_everything_configured_is_sent(void **state)
{
    const struct dhcp4_packet *p = offer(*state, 7, NULL);

    assert_true(dhcp4_has(p, OPTION_SUBNET_MASK));
    assert_true(dhcp4_has(p, OPTION_ROUTERS));
    assert_true(dhcp4_has(p, OPTION_DOMAIN_NAME));
    assert_true(dhcp4_has(p, ROOT_PATH));
}

/* ---- pools of other links ---- */

/* A DHCPINFORM may come from one link with an address of another: what its link says is right
 * there, what a pool elsewhere says is not. */
static void a_pool_of_another_link_says_nothing(void **state)
{
    struct pair *pair =
        pair_new("1h", "subnets:\n"
                       "- subnet: 10.77.0.0/16\n"
                       "  options: {domain-name: here.net}\n"
                       "- subnet: 10.78.0.0/16\n"
                       "  pools:\n"
                       "  - range: 10.78.1.0-10.78.1.255\n"
                       "    options: {domain-name: there.net, root-path: /there}\n"
                       "    next-server: 10.78.0.9\n");
    const struct ask ask = {.type = DHCP4_INFORM,
                            .client = 7,
                            .secs = 9,
                            .giaddr = ip4(0x0a4d0001),
                            .ciaddr = ip4(0x0a4e0107)};
    const struct dhcp4_packet *p = answer_to(pair, &ask, NULL);

    (void)state;
    assert_int_equal(p->type, DHCP4_ACK);
    assert_text(p, OPTION_DOMAIN_NAME, "here.net");
    assert_false(dhcp4_has(p, ROOT_PATH));
    assert_int_equal(p->siaddr.value, 0);
    pair_free(pair);
}

/* ---- what follows from the subnet and the reservation ---- */

static void mask_and_broadcast_follow_from_the_subnet(void **state)
{
    const struct dhcp4_packet *p = offer(*state, 7, NULL);

    assert_int_equal(dhcp4_option_ip4(p, OPTION_SUBNET_MASK).value, 0xffff0000);
    assert_int_equal(dhcp4_option_ip4(p, OPTION_BROADCAST_ADDRESS).value, 0x0a4dffff);
}

static void the_host_name_follows_from_the_reservation(void **state)
{
    assert_text(offer(*state, 1, NULL), OPTION_HOST_NAME, "db1");
    assert_false(dhcp4_has(offer(*state, 2, NULL), OPTION_HOST_NAME));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_reservation_counts_before_all),
        TEST(a_class_counts_before_the_pool),
        TEST(the_first_class_that_says_it_counts),
        TEST(a_pool_counts_before_the_subnet),
        TEST(a_subnet_counts_before_the_file),
        TEST(what_no_level_below_says_comes_from_the_file),
        TEST(header_fields_follow_the_same_levels),
        TEST(the_first_class_with_a_lease_time_sets_it),
        TEST(the_order_of_the_parameter_request_list_is_kept),
        TEST(what_is_not_asked_for_is_not_sent),
        TEST(what_is_asked_for_twice_is_sent_once),
        TEST(what_cannot_be_answered_is_left_out),
        TEST(without_a_list_everything_configured_is_sent),
        cmocka_unit_test(a_pool_of_another_link_says_nothing),
        TEST(mask_and_broadcast_follow_from_the_subnet),
        TEST(the_host_name_follows_from_the_reservation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
