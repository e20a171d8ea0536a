/* Values of a decoded packet, sub-options of option 82, the client's key. */
#include "help_packets.h"

static struct dhcp4_packet packet;

static void assert_key(const char *options, const char *key)
{
    uint8_t out[CLIENT_KEY_MAX];

    assert_int_equal(help_decode(options, &packet), DHCP4_DECODED);
    const struct span got = dhcp4_client_key(&packet, out);
    help_assert_bytes(got.data, got.size, key);
}

static void numbers_and_addresses_are_read(void **state)
{
    (void)state;
    assert_int_equal(help_decode("32040a4d0014 33040000003c 39020240", &packet), DHCP4_DECODED);
    assert_int_equal(dhcp4_option_ip4(&packet, OPTION_REQUESTED_ADDRESS).value, 0x0a4d0014);
    assert_int_equal(dhcp4_option_u32(&packet, OPTION_LEASE_TIME), 60);
    assert_int_equal(dhcp4_option_u16(&packet, OPTION_MAX_MESSAGE_SIZE), 576);
}

static void absent_or_of_another_size_is_zero(void **state)
{
    (void)state;
    assert_int_equal(help_decode("0c03414243", &packet), DHCP4_DECODED);
    assert_int_equal(dhcp4_option_ip4(&packet, OPTION_HOST_NAME).value, 0);
    assert_int_equal(dhcp4_option_u32(&packet, OPTION_HOST_NAME), 0);
    assert_int_equal(dhcp4_option_u16(&packet, OPTION_HOST_NAME), 0);
    assert_int_equal(dhcp4_option_u16(&packet, OPTION_MAX_MESSAGE_SIZE), 0);
}

static void the_key_is_the_client_identifier_if_there_is_one(void **state)
{
    (void)state;
    assert_key("3d0701525400999999", "01 01525400999999");
    assert_key("3dff 41*255", "01 41*255");
}

static void the_key_is_the_hardware_address_otherwise(void **state)
{
    (void)state;
    assert_key("350101", "00 01 525400123456");
}

/* RFC 2132 9.14 asks for 2 bytes; less tells nobody apart, and is still echoed (RFC 6842). */
static void a_client_identifier_of_no_use_counts_as_absent(void **state)
{
    (void)state;
    assert_key("3d00", "00 01 525400123456");
    assert_true(dhcp4_has(&packet, OPTION_CLIENT_IDENTIFIER));
    assert_key("3d01ff", "00 01 525400123456");
    assert_int_equal(packet.option[OPTION_CLIENT_IDENTIFIER].size, 1);
    assert_key("3d020000", "01 0000");
}

/* An identifier of the bytes of a hardware key is not that client. */
static void the_two_kinds_of_key_never_meet(void **state)
{
    (void)state;
    assert_key("3d0800 01525400123456", "01 00 01525400123456");
}

static void a_client_with_neither_has_two_bytes_of_key(void **state)
{
    uint8_t out[CLIENT_KEY_MAX];

    (void)state;
    assert_int_equal(help_decode_whole("012000 00*233 63825363", &packet), DHCP4_DECODED);
    const struct span key = dhcp4_client_key(&packet, out);
    help_assert_bytes(key.data, key.size, "0020");
}

static void assert_key_text(const char *key, const char *text)
{
    const struct help_bytes bytes = help_hex(key);
    char out[128];

    assert_string_equal(client_key_format(help_span(&bytes), out, sizeof out), text);
}

static void a_key_reads_as_text(void **state)
{
    (void)state;
    assert_key_text("00 01 525400123456", "52:54:00:12:34:56");
    assert_key_text("00 06 0a0b", "hw 6/0a:0b");
    assert_key_text("00 20 0a0b", "hw 32/0a:0b");
    assert_key_text("00 c8 0a", "hw 200/0a");
    assert_key_text("00 01", "hw 1/");
    assert_key_text("01 01525400123456", "id 01:52:54:00:12:34:56");
    assert_key_text("", "");
    assert_key_text("00", "00");
    assert_key_text("07 08", "07:08");
}

static void a_key_as_text_is_cut_and_terminated(void **state)
{
    const struct help_bytes id = help_hex("01 aabbcc");
    char out[16];

    (void)state;
    for (size_t capacity = 0; capacity <= sizeof out; capacity++) {
        memset(out, 'x', sizeof out);
        client_key_format(help_span(&id), out, capacity);
        for (size_t i = capacity; i < sizeof out; i++)
            assert_int_equal(out[i], 'x');
        if (capacity > 0)
            assert_int_equal(strncmp(out, "id aa:bb:cc", strlen(out)), 0);
    }
    assert_string_equal(client_key_format(help_span(&id), out, 8), "id aa");
}

static void relay_suboptions_are_found(void **state)
{
    (void)state;
    assert_int_equal(help_decode("520a 0102'ab' 0c00 02026364", &packet), DHCP4_DECODED);
    help_assert_bytes(dhcp4_relay_suboption(&packet, 1).data,
                      dhcp4_relay_suboption(&packet, 1).size, "'ab'");
    help_assert_bytes(dhcp4_relay_suboption(&packet, 2).data,
                      dhcp4_relay_suboption(&packet, 2).size, "'cd'");
    assert_non_null(dhcp4_relay_suboption(&packet, 12).data);
    assert_int_equal(dhcp4_relay_suboption(&packet, 12).size, 0);
    assert_null(dhcp4_relay_suboption(&packet, 5).data);
}

static void what_follows_a_damaged_suboption_is_absent(void **state)
{
    (void)state;
    assert_int_equal(help_decode("5208 010161 020a 050101", &packet), DHCP4_DECODED);
    assert_int_equal(dhcp4_relay_suboption(&packet, 1).size, 1);
    assert_null(dhcp4_relay_suboption(&packet, 2).data);
    assert_null(dhcp4_relay_suboption(&packet, 5).data);
    assert_int_equal(help_decode("5204 010161 02", &packet), DHCP4_DECODED);
    assert_null(dhcp4_relay_suboption(&packet, 2).data);
}

static void without_option_82_there_are_no_suboptions(void **state)
{
    (void)state;
    assert_int_equal(help_decode("350101", &packet), DHCP4_DECODED);
    assert_null(dhcp4_relay_suboption(&packet, 1).data);
}

static void message_types_have_names(void **state)
{
    (void)state;
    assert_string_equal(dhcp4_type_name(DHCP4_NONE), "BOOTP");
    assert_string_equal(dhcp4_type_name(DHCP4_DISCOVER), "DHCPDISCOVER");
    assert_string_equal(dhcp4_type_name(DHCP4_OFFER), "DHCPOFFER");
    assert_string_equal(dhcp4_type_name(DHCP4_REQUEST), "DHCPREQUEST");
    assert_string_equal(dhcp4_type_name(DHCP4_DECLINE), "DHCPDECLINE");
    assert_string_equal(dhcp4_type_name(DHCP4_ACK), "DHCPACK");
    assert_string_equal(dhcp4_type_name(DHCP4_NAK), "DHCPNAK");
    assert_string_equal(dhcp4_type_name(DHCP4_RELEASE), "DHCPRELEASE");
    assert_string_equal(dhcp4_type_name(DHCP4_INFORM), "DHCPINFORM");
    assert_string_equal(dhcp4_type_name(DHCP4_LEASEQUERY), "DHCPLEASEQUERY");
    assert_string_equal(dhcp4_type_name(DHCP4_LEASEACTIVE), "DHCPLEASEACTIVE");
    assert_string_equal(dhcp4_type_name(DHCP4_LEASEQUERYDONE), "DHCPLEASEQUERYDONE");
    assert_string_equal(dhcp4_type_name((enum dhcp4_type)16), "UNKNOWN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_addresses_are_read),
        cmocka_unit_test(absent_or_of_another_size_is_zero),
        cmocka_unit_test(the_key_is_the_client_identifier_if_there_is_one),
        cmocka_unit_test(the_key_is_the_hardware_address_otherwise),
        cmocka_unit_test(a_client_identifier_of_no_use_counts_as_absent),
        cmocka_unit_test(the_two_kinds_of_key_never_meet),
        cmocka_unit_test(a_client_with_neither_has_two_bytes_of_key),
        cmocka_unit_test(a_key_reads_as_text),
        cmocka_unit_test(a_key_as_text_is_cut_and_terminated),
        cmocka_unit_test(relay_suboptions_are_found),
        cmocka_unit_test(what_follows_a_damaged_suboption_is_absent),
        cmocka_unit_test(without_option_82_there_are_no_suboptions),
        cmocka_unit_test(message_types_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
