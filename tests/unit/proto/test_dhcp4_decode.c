/* Decoding: joining, overload, and every reason to drop a datagram. */
#include "help_packets.h"

#include <stdlib.h>

static struct dhcp4_packet packet;

static void assert_option(uint8_t code, const char *text)
{
    assert_true(dhcp4_has(&packet, code));
    help_assert_bytes(packet.option[code].data, packet.option[code].size, text);
}

static void header_fields_are_read(void **state)
{
    (void)state;
    assert_int_equal(
        help_decode_whole("02 06 10 03 01020304 0506 8007 0a000001 0a000002 0a000003"
                          " 0a000004 000102030405060708090a0b0c0d0e0f 's'  00*63"
                          " 'f' 00*127 63825363",
                          &packet),
        DHCP4_DECODED);
    assert_int_equal(packet.op, DHCP4_BOOTREPLY);
    assert_int_equal(packet.htype, 6);
    assert_int_equal(packet.hlen, 16);
    assert_int_equal(packet.hops, 3);
    assert_int_equal(packet.xid, 0x01020304);
    assert_int_equal(packet.secs, 0x0506);
    assert_int_equal(packet.flags, 0x8007);
    assert_int_equal(packet.ciaddr.value, 0x0a000001);
    assert_int_equal(packet.yiaddr.value, 0x0a000002);
    assert_int_equal(packet.siaddr.value, 0x0a000003);
    assert_int_equal(packet.giaddr.value, 0x0a000004);
    assert_int_equal(packet.chaddr[15], 15);
    assert_int_equal(packet.sname.size, 64);
    assert_int_equal(packet.sname.data[0], 's');
    assert_int_equal(packet.file.size, 128);
    assert_int_equal(packet.file.data[0], 'f');
    assert_int_equal(packet.type, DHCP4_NONE);
}

static void pads_are_skipped(void **state)
{
    (void)state;
    assert_int_equal(help_decode("00*5 350101 00 0c0161 00", &packet), DHCP4_DECODED);
    assert_int_equal(packet.type, DHCP4_DISCOVER);
    assert_option(OPTION_HOST_NAME, "'a'");
    assert_false(dhcp4_has(&packet, OPTION_PAD));
}

static void bytes_after_end_are_ignored(void **state)
{
    (void)state;
    assert_int_equal(help_decode("350101 ff 0c7f 99", &packet), DHCP4_DECODED);
    assert_false(dhcp4_has(&packet, OPTION_HOST_NAME));
    assert_false(dhcp4_has(&packet, OPTION_END));
}

static void end_may_be_missing(void **state)
{
    (void)state;
    assert_int_equal(help_decode("350103", &packet), DHCP4_DECODED);
    assert_int_equal(packet.type, DHCP4_REQUEST);
}

static void an_empty_option_is_present(void **state)
{
    (void)state;
    assert_int_equal(help_decode("350101 5000", &packet), DHCP4_DECODED);
    assert_true(dhcp4_has(&packet, 80));
    assert_int_equal(packet.option[80].size, 0);
}

/* RFC 3396 5. */
static void parts_of_an_option_are_joined_in_order(void **state)
{
    (void)state;
    assert_int_equal(help_decode("350101 0f03'dc1' 0c0161 0f01'.' 0f00 0f03'net' ff", &packet),
                     DHCP4_DECODED);
    assert_option(OPTION_DOMAIN_NAME, "'dc1.net'");
    assert_option(OPTION_HOST_NAME, "'a'");
}

static void several_options_may_come_in_parts(void **state)
{
    (void)state;
    assert_int_equal(help_decode("0f0161 0c0178 0f0162 0c0179 0f0163 0c017a", &packet),
                     DHCP4_DECODED);
    assert_option(OPTION_DOMAIN_NAME, "'abc'");
    assert_option(OPTION_HOST_NAME, "'xyz'");
}

/* The order is options, file, sname whatever their order in the packet (RFC 3396 5). */
static void parts_are_joined_across_fields(void **state)
{
    (void)state;
    assert_int_equal(help_decode_whole("01 01 06 00 00*24 00*16"
                                       " 0f013c ff 00*60"
                                       " 0f013b 00 0c0162 ff 99*120"
                                       " 63825363 350101 340103 0f013a",
                                       &packet),
                     DHCP4_DECODED);
    assert_option(OPTION_DOMAIN_NAME, "3a3b3c");
    assert_option(OPTION_HOST_NAME, "'b'");
    assert_int_equal(packet.file.size, 0);
    assert_int_equal(packet.sname.size, 0);
}

static void overload_of_one_field_leaves_the_other_a_text(void **state)
{
    (void)state;
    assert_int_equal(help_decode_whole("01 01 06 00 00*24 00*16 's' 00*63 0c0162 00*125"
                                       " 63825363 340101",
                                       &packet),
                     DHCP4_DECODED);
    assert_option(OPTION_HOST_NAME, "'b'");
    assert_int_equal(packet.file.size, 0);
    assert_int_equal(packet.sname.size, 64);

    assert_int_equal(help_decode_whole("01 01 06 00 00*24 00*16 0c0163 00*61 'f' 00*127"
                                       " 63825363 340102",
                                       &packet),
                     DHCP4_DECODED);
    assert_option(OPTION_HOST_NAME, "'c'");
    assert_int_equal(packet.file.size, 128);
    assert_int_equal(packet.sname.size, 0);
}

static void without_overload_the_fields_are_not_options(void **state)
{
    (void)state;
    assert_int_equal(help_decode_whole("01 01 06 00 00*24 00*16 0cff 00*62 0cff 00*126"
                                       " 63825363 350101",
                                       &packet),
                     DHCP4_DECODED);
    assert_false(dhcp4_has(&packet, OPTION_HOST_NAME));
}

/* Only the options field decides where options are. */
static void an_overload_option_inside_a_field_is_ignored(void **state)
{
    (void)state;
    assert_int_equal(help_decode_whole("01 01 06 00 00*24 00*16 0c0163 00*61"
                                       " 340103 3403999999 ff 00*119"
                                       " 63825363 340101",
                                       &packet),
                     DHCP4_DECODED);
    assert_option(OPTION_OVERLOAD, "01");
    assert_false(dhcp4_has(&packet, OPTION_HOST_NAME));
}

static void short_is_dropped(void **state)
{
    struct help_bytes bytes = help_hex(HELP_HEADER);
    struct dhcp4_scratch scratch;

    (void)state;
    assert_int_equal(dhcp4_decode((struct span){NULL, 0}, &scratch, &packet), DHCP4_DROP_SHORT);
    assert_int_equal(dhcp4_decode(span_of(bytes.data, 239), &scratch, &packet),
                     DHCP4_DROP_SHORT);
    assert_int_equal(dhcp4_decode(span_of(bytes.data, 240), &scratch, &packet), DHCP4_DECODED);
}

static void oversized_is_dropped(void **state)
{
    const struct help_bytes header = help_hex(HELP_HEADER);
    struct dhcp4_scratch scratch;
    uint8_t *bytes = calloc(1, 65508);

    (void)state;
    assert_non_null(bytes);
    memcpy(bytes, header.data, header.size);
    assert_int_equal(dhcp4_decode(span_of(bytes, 65507), &scratch, &packet), DHCP4_DECODED);
    assert_int_equal(dhcp4_decode(span_of(bytes, 65508), &scratch, &packet),
                     DHCP4_DROP_OVERSIZED);
    free(bytes);
}

/* The scratch holds 4096 joined bytes: 16 parts of 255 and one of 16, and no byte more. */
static void more_to_join_than_the_scratch_holds_is_dropped(void **state)
{
    const struct help_bytes header = help_hex(HELP_HEADER);
    struct dhcp4_scratch scratch;
    uint8_t bytes[240 + 17 * 257] = {0};
    size_t at = header.size;

    (void)state;
    memcpy(bytes, header.data, header.size);
    for (int part = 0; part < 17; part++) {
        bytes[at] = OPTION_VENDOR_ENCAPSULATED;
        bytes[at + 1] = part < 16 ? 255 : 16;
        at += 2 + (size_t)bytes[at + 1];
    }
    assert_int_equal(dhcp4_decode(span_of(bytes, at), &scratch, &packet), DHCP4_DECODED);
    assert_int_equal(packet.option[OPTION_VENDOR_ENCAPSULATED].size, sizeof scratch.joined);
    bytes[at - 17] = 17;
    assert_int_equal(dhcp4_decode(span_of(bytes, at + 1), &scratch, &packet),
                     DHCP4_DROP_OVERSIZED);
}

static void a_bad_op_is_dropped(void **state)
{
    (void)state;
    assert_int_equal(help_decode_whole("00 00*235 63825363", &packet), DHCP4_DROP_BAD_OP);
    assert_int_equal(help_decode_whole("03 00*235 63825363", &packet), DHCP4_DROP_BAD_OP);
}

static void a_bad_cookie_is_dropped(void **state)
{
    (void)state;
    assert_int_equal(help_decode_whole("01 00*235 63825364", &packet), DHCP4_DROP_BAD_COOKIE);
}

static void a_hardware_address_above_16_bytes_is_dropped(void **state)
{
    (void)state;
    assert_int_equal(help_decode_whole("010110 00*233 63825363", &packet), DHCP4_DECODED);
    assert_int_equal(help_decode_whole("010111 00*233 63825363", &packet), DHCP4_DROP_BAD_HLEN);
}

static void an_option_beyond_its_field_is_dropped(void **state)
{
    (void)state;
    assert_int_equal(help_decode("350101 0c0261", &packet), DHCP4_DROP_TRUNCATED);
    assert_int_equal(help_decode("350101 0c", &packet), DHCP4_DROP_TRUNCATED);
    assert_int_equal(help_decode_whole("01 01 06 00 00*24 00*16 00*64 00*126 0c01"
                                       " 63825363 340101",
                                       &packet),
                     DHCP4_DROP_TRUNCATED);
    assert_int_equal(help_decode_whole("01 01 06 00 00*24 00*16 00*63 0c 00*128"
                                       " 63825363 340102",
                                       &packet),
                     DHCP4_DROP_TRUNCATED);
}

static void a_bad_overload_is_dropped(void **state)
{
    (void)state;
    assert_int_equal(help_decode("340100", &packet), DHCP4_DROP_BAD_OVERLOAD);
    assert_int_equal(help_decode("340104", &packet), DHCP4_DROP_BAD_OVERLOAD);
    assert_int_equal(help_decode("3400", &packet), DHCP4_DROP_BAD_OVERLOAD);
    assert_int_equal(help_decode("34020101", &packet), DHCP4_DROP_BAD_OVERLOAD);
    assert_int_equal(help_decode("340101 340101", &packet), DHCP4_DROP_BAD_OVERLOAD);
}

static void a_bad_message_type_is_dropped(void **state)
{
    (void)state;
    assert_int_equal(help_decode("350100", &packet), DHCP4_DROP_BAD_TYPE);
    assert_int_equal(help_decode("350112", &packet), DHCP4_DECODED);
    assert_int_equal(help_decode("350113", &packet), DHCP4_DROP_BAD_TYPE);
    assert_int_equal(help_decode("3500", &packet), DHCP4_DROP_BAD_TYPE);
    assert_int_equal(help_decode("35020101", &packet), DHCP4_DROP_BAD_TYPE);
    assert_int_equal(help_decode("350101 350101", &packet), DHCP4_DROP_BAD_TYPE);
}

static void a_fixed_size_option_of_another_size_is_dropped(void **state)
{
    (void)state;
    assert_int_equal(help_decode("32030a0000", &packet), DHCP4_DROP_BAD_OPTION);
    assert_int_equal(help_decode("3305 00*5", &packet), DHCP4_DROP_BAD_OPTION);
    assert_int_equal(help_decode("3600", &packet), DHCP4_DROP_BAD_OPTION);
    assert_int_equal(help_decode("390105", &packet), DHCP4_DROP_BAD_OPTION);
    assert_int_equal(help_decode("7602 0a0a", &packet), DHCP4_DROP_BAD_OPTION);
    assert_int_equal(
        help_decode("32040a000001 33040000003c 36040a000002 39020240 76040a000000", &packet),
        DHCP4_DECODED);
}

/* Two clients whose long identifiers differ at their ends must not share a key. */
static void a_client_identifier_above_255_bytes_is_dropped(void **state)
{
    (void)state;
    assert_int_equal(help_decode("3dff 41*255", &packet), DHCP4_DECODED);
    assert_int_equal(help_decode("3dff 41*255 3d0142", &packet), DHCP4_DROP_BAD_OPTION);
}

static void every_result_has_a_name_of_its_own(void **state)
{
    (void)state;
    assert_string_equal(dhcp4_decode_name(DHCP4_DECODED), "ok");
    assert_string_equal(dhcp4_decode_name(DHCP4_DROP_BAD_COOKIE), "bad-cookie");
    for (int i = 0; i < DHCP4_DROP_REASONS; i++) {
        for (int j = 0; j < i; j++)
            assert_string_not_equal(dhcp4_decode_name((enum dhcp4_decode)i),
                                    dhcp4_decode_name((enum dhcp4_decode)j));
    }
    assert_string_equal(dhcp4_decode_name(DHCP4_DROP_REASONS), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_fields_are_read),
        cmocka_unit_test(pads_are_skipped),
        cmocka_unit_test(bytes_after_end_are_ignored),
        cmocka_unit_test(end_may_be_missing),
        cmocka_unit_test(an_empty_option_is_present),
        cmocka_unit_test(parts_of_an_option_are_joined_in_order),
        cmocka_unit_test(several_options_may_come_in_parts),
        cmocka_unit_test(parts_are_joined_across_fields),
        cmocka_unit_test(overload_of_one_field_leaves_the_other_a_text),
        cmocka_unit_test(without_overload_the_fields_are_not_options),
        cmocka_unit_test(an_overload_option_inside_a_field_is_ignored),
        cmocka_unit_test(short_is_dropped),
        cmocka_unit_test(oversized_is_dropped),
        cmocka_unit_test(more_to_join_than_the_scratch_holds_is_dropped),
        cmocka_unit_test(a_bad_op_is_dropped),
        cmocka_unit_test(a_bad_cookie_is_dropped),
        cmocka_unit_test(a_hardware_address_above_16_bytes_is_dropped),
        cmocka_unit_test(an_option_beyond_its_field_is_dropped),
        cmocka_unit_test(a_bad_overload_is_dropped),
        cmocka_unit_test(a_bad_message_type_is_dropped),
        cmocka_unit_test(a_fixed_size_option_of_another_size_is_dropped),
        cmocka_unit_test(a_client_identifier_above_255_bytes_is_dropped),
        cmocka_unit_test(every_result_has_a_name_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
