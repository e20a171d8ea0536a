/* Encoding: the size limit, overload, splitting, what is left out, the places of the times. */
#include "help_packets.h"

static uint8_t out[DHCP4_MAX_SIZE];
static struct dhcp4_packet packet;
static struct dhcp4_writer w;

static const uint8_t filler[2000] = {0xf1, 0xf2, 0xf3};

static struct span fill(size_t size)
{
    return span_of(filler, size);
}

static void start(uint16_t client_max)
{
    static const struct dhcp4_reply_header header = {.htype = 1, .hlen = 6};

    dhcp4_writer_init(&w, &header, client_max);
    dhcp4_writer_add_u8(&w, OPTION_MESSAGE_TYPE, DHCP4_ACK);
}

/* Finishes and reads the packet back, from exactly its bytes. */
static size_t finish(void)
{
    static struct dhcp4_scratch scratch;
    const size_t size = dhcp4_writer_finish(&w, out, sizeof out);

    assert_int_equal(dhcp4_decode(span_of(out, size), &scratch, &packet), DHCP4_DECODED);
    return size;
}

static void a_small_reply_is_padded_to_300_bytes(void **state)
{
    (void)state;
    start(0);
    assert_int_equal(finish(), 300);
    help_assert_bytes(out + 240, 60, "350105 ff 00*56");
}

/* Not all of it is cleared first: an option overwrites each byte from its own on. */
static void a_reply_shows_nothing_of_what_its_memory_held(void **state)
{
    static uint8_t clean[DHCP4_MAX_SIZE];

    (void)state;
    for (size_t filled = 0; filled <= 1400; filled += 50) {
        size_t size;

        memset(out, 0, sizeof out);
        start(1500);
        dhcp4_writer_add(&w, 200, fill(filled));
        size = finish();
        memcpy(clean, out, size);
        memset(out, 0xee, sizeof out);
        start(1500);
        dhcp4_writer_add(&w, 200, fill(filled));
        assert_int_equal(finish(), size);
        assert_memory_equal(out, clean, size);
    }
}

static void options_keep_the_order_of_adding(void **state)
{
    (void)state;
    start(0);
    dhcp4_writer_add_u8(&w, 200, 1);
    dhcp4_writer_add_u8(&w, 23, 2);
    dhcp4_writer_add_u8(&w, 100, 3);
    finish();
    help_assert_bytes(out + 240, 13, "350105 c80101 170102 640103 ff");
}

static void the_first_value_of_a_code_stays(void **state)
{
    (void)state;
    start(0);
    dhcp4_writer_add_u8(&w, 23, 1);
    dhcp4_writer_add_u8(&w, 23, 2);
    finish();
    help_assert_bytes(out + 240, 7, "350105 170101 ff");
    assert_int_equal(w.dropped, 0);
}

static void what_was_added_is_known(void **state)
{
    (void)state;
    start(0);
    assert_true(dhcp4_writer_has(&w, OPTION_MESSAGE_TYPE));
    assert_false(dhcp4_writer_has(&w, OPTION_ROUTERS));
    assert_false(dhcp4_writer_has(&w, OPTION_RELAY_AGENT_INFORMATION));
    dhcp4_writer_add_ip4(&w, OPTION_ROUTERS, ip4(1));
    dhcp4_writer_add(&w, OPTION_RELAY_AGENT_INFORMATION, fill(0));
    assert_true(dhcp4_writer_has(&w, OPTION_ROUTERS));
    assert_true(dhcp4_writer_has(&w, OPTION_RELAY_AGENT_INFORMATION));
}

static void an_empty_value_is_sent(void **state)
{
    (void)state;
    start(0);
    dhcp4_writer_add(&w, 80, (struct span){NULL, 0});
    finish();
    help_assert_bytes(out + 240, 6, "350105 5000 ff");
}

/* Pad, overload and End belong to the layout; a configuration that names them must not break
 * it. */
static void codes_of_the_layout_are_not_taken(void **state)
{
    (void)state;
    start(0);
    dhcp4_writer_add_u8(&w, OPTION_PAD, 1);
    dhcp4_writer_add_u8(&w, OPTION_OVERLOAD, 3);
    dhcp4_writer_add_u8(&w, OPTION_END, 1);
    finish();
    help_assert_bytes(out + 240, 4, "350105 ff");
    assert_int_equal(w.dropped, 3);
}

static void the_size_limit_follows_option_57(void **state)
{
    static const struct {
        uint16_t client_max;
        size_t max_size;
    } cases[] = {
        {0, 548}, {1, 548}, {575, 548}, {576, 548}, {1000, 972}, {1500, 1472}, {65535, 1472},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        start(cases[i].client_max);
        assert_int_equal(w.max_size, cases[i].max_size);
    }
    assert_int_equal(DHCP4_DEFAULT_MAX, 548);
}

/* 548 - 240 - 1 - 3 leaves 304: two options of 150 bytes each with their heads. */
static void the_limit_can_be_filled_to_the_last_byte(void **state)
{
    (void)state;
    start(0);
    dhcp4_writer_add(&w, 200, fill(150));
    dhcp4_writer_add(&w, 201, fill(150));
    assert_int_equal(finish(), 548);
    assert_int_equal(out[547], OPTION_END);
    assert_false(dhcp4_has(&packet, OPTION_OVERLOAD));
}

static void one_byte_too_much_goes_to_the_file_field(void **state)
{
    (void)state;
    start(0);
    dhcp4_writer_add(&w, 200, fill(151));
    dhcp4_writer_add(&w, 201, fill(100));
    dhcp4_writer_add(&w, 202, fill(48));
    assert_true(finish() <= 548);
    assert_int_equal(packet.option[OPTION_OVERLOAD].data[0], 1);
    help_assert_bytes(out + 240, 6, "350105 340101");
    help_assert_bytes(out + 108, 5, "ca30 f1f2f3");
    assert_int_equal(out[108 + 50], OPTION_END);
    assert_int_equal(w.dropped, 0);
    assert_int_equal(packet.option[202].size, 48);
}

static void then_the_sname_field_is_used(void **state)
{
    (void)state;
    start(0);
    dhcp4_writer_add(&w, 200, fill(255));
    dhcp4_writer_add(&w, 201, fill(125));
    dhcp4_writer_add(&w, 202, fill(61));
    finish();
    assert_int_equal(w.dropped, 0);
    assert_int_equal(packet.option[OPTION_OVERLOAD].data[0], 3);
    help_assert_bytes(out + 108, 2, "c97d");
    assert_int_equal(out[108 + 127], OPTION_END);
    help_assert_bytes(out + 44, 2, "ca3d");
    assert_int_equal(out[44 + 63], OPTION_END);
}

static void only_fields_that_carry_options_are_named(void **state)
{
    struct dhcp4_reply_header header = {.file = "ipxe.efi"};

    (void)state;
    dhcp4_writer_init(&w, &header, 0);
    dhcp4_writer_add_u8(&w, OPTION_MESSAGE_TYPE, DHCP4_ACK);
    dhcp4_writer_add(&w, 200, fill(255));
    dhcp4_writer_add(&w, 201, fill(50));
    finish();
    assert_int_equal(packet.option[OPTION_OVERLOAD].data[0], 2);
    assert_int_equal(w.dropped, 0);
}

static void fields_with_text_are_not_overloaded(void **state)
{
    struct dhcp4_reply_header header = {.file = "ipxe.efi", .sname = "boot"};

    (void)state;
    dhcp4_writer_init(&w, &header, 0);
    dhcp4_writer_add_u8(&w, OPTION_MESSAGE_TYPE, DHCP4_ACK);
    dhcp4_writer_add(&w, 200, fill(255));
    dhcp4_writer_add(&w, 201, fill(50));
    finish();
    assert_false(dhcp4_has(&packet, OPTION_OVERLOAD));
    assert_false(dhcp4_has(&packet, 201));
    assert_int_equal(w.dropped, 1);
    help_assert_bytes(out + 44, 5, "'boot' 00");
    help_assert_bytes(out + 108, 9, "'ipxe.efi' 00");
}

static void empty_text_leaves_the_field_to_overload(void **state)
{
    struct dhcp4_reply_header header = {.file = "", .sname = ""};

    (void)state;
    dhcp4_writer_init(&w, &header, 0);
    dhcp4_writer_add(&w, 200, fill(255));
    dhcp4_writer_add(&w, 201, fill(50));
    finish();
    assert_int_equal(w.dropped, 0);
    assert_int_equal(packet.option[201].size, 50);
}

/* Without a message type in front, option 52 comes first. */
static void overload_comes_first_without_a_message_type(void **state)
{
    struct dhcp4_reply_header header = {.htype = 1};

    (void)state;
    dhcp4_writer_init(&w, &header, 0);
    dhcp4_writer_add(&w, 200, fill(255));
    dhcp4_writer_add(&w, 201, fill(100));
    finish();
    help_assert_bytes(out + 240, 5, "340101 c8ff");
}

static void what_fits_nowhere_is_left_out_and_counted(void **state)
{
    (void)state;
    start(0);
    dhcp4_writer_add(&w, 200, fill(255));
    dhcp4_writer_add(&w, 201, fill(200));
    finish();
    assert_int_equal(w.dropped, 1);
    assert_true(dhcp4_has(&packet, 200));
    assert_false(dhcp4_has(&packet, 201));
    /* Overload would not have helped, so its three bytes are not spent. */
    assert_false(dhcp4_has(&packet, OPTION_OVERLOAD));
}

static void a_later_option_that_fits_still_goes_in(void **state)
{
    (void)state;
    start(0);
    dhcp4_writer_add(&w, 200, fill(255));
    dhcp4_writer_add(&w, 201, fill(200));
    dhcp4_writer_add(&w, 202, fill(20));
    finish();
    assert_int_equal(w.dropped, 1);
    assert_true(dhcp4_has(&packet, 200));
    assert_false(dhcp4_has(&packet, 201));
    assert_true(dhcp4_has(&packet, 202));
}

static void the_last_added_of_equals_is_left_out(void **state)
{
    (void)state;
    start(0);
    for (uint8_t code = 200; code < 205; code++)
        dhcp4_writer_add(&w, code, fill(120));
    finish();
    assert_int_equal(w.dropped, 2);
    assert_true(dhcp4_has(&packet, 200));
    assert_true(dhcp4_has(&packet, 201));
    assert_true(dhcp4_has(&packet, 202));
    assert_false(dhcp4_has(&packet, 203));
    assert_false(dhcp4_has(&packet, 204));
}

/* RFC 3396: 600 bytes go as 255, 255 and 90 under the same code. */
static void a_long_value_is_split(void **state)
{
    (void)state;
    start(1500);
    dhcp4_writer_add(&w, 121, fill(600));
    finish();
    help_assert_bytes(out + 243, 5, "79ff f1f2f3");
    help_assert_bytes(out + 243 + 257, 3, "79ff 00");
    help_assert_bytes(out + 243 + 514, 3, "795a 00");
    assert_int_equal(out[243 + 514 + 92], OPTION_END);
    assert_int_equal(packet.option[121].size, 600);
    assert_memory_equal(packet.option[121].data, filler, 600);
}

static void the_split_starts_above_255_bytes(void **state)
{
    (void)state;
    start(1500);
    dhcp4_writer_add(&w, 43, fill(255));
    dhcp4_writer_add(&w, 44, fill(256));
    finish();
    help_assert_bytes(out + 243, 2, "2bff");
    help_assert_bytes(out + 243 + 257, 2, "2cff");
    help_assert_bytes(out + 243 + 514, 4, "2c0100 ff");
}

static void a_value_larger_than_any_packet_is_left_out(void **state)
{
    (void)state;
    start(65535);
    dhcp4_writer_add(&w, 43, fill(1400));
    dhcp4_writer_add_u8(&w, 23, 1);
    finish();
    assert_int_equal(w.dropped, 1);
    assert_true(dhcp4_has(&packet, 23));
}

/* RFC 3046 2.2: echoed as the last option, and never cut. */
static void relay_information_comes_last_and_keeps_its_room(void **state)
{
    size_t size;

    (void)state;
    start(0);
    dhcp4_writer_add(&w, OPTION_RELAY_AGENT_INFORMATION, fill(100));
    for (uint8_t code = 200; code < 208; code++)
        dhcp4_writer_add(&w, code, fill(58));
    size = finish();
    assert_true(size <= 548);
    assert_true(w.dropped > 0);
    assert_int_equal(packet.option[OPTION_RELAY_AGENT_INFORMATION].size, 100);
    assert_ptr_equal(packet.option[OPTION_RELAY_AGENT_INFORMATION].data + 100, out + size - 1);
    assert_int_equal(out[size - 1], OPTION_END);
}

static void relay_information_that_cannot_fit_is_counted(void **state)
{
    (void)state;
    start(0);
    dhcp4_writer_add(&w, OPTION_RELAY_AGENT_INFORMATION, fill(305));
    dhcp4_writer_add_u8(&w, 23, 1);
    finish();
    assert_int_equal(w.dropped, 1);
    assert_false(dhcp4_has(&packet, OPTION_RELAY_AGENT_INFORMATION));
    assert_true(dhcp4_has(&packet, 23));
}

/* However late they are added: clients look for these in the options field only. */
static void times_and_server_stay_in_the_options_field(void **state)
{
    (void)state;
    start(0);
    dhcp4_writer_add(&w, 200, fill(255));
    dhcp4_writer_add(&w, 201, fill(30));
    dhcp4_writer_add_ip4(&w, OPTION_SERVER_IDENTIFIER, ip4(0x0a000001));
    dhcp4_writer_add_u32(&w, OPTION_LEASE_TIME, 600);
    dhcp4_writer_add_u32(&w, OPTION_RENEWAL_TIME, 300);
    dhcp4_writer_add_u32(&w, OPTION_REBINDING_TIME, 525);
    finish();
    assert_int_equal(w.dropped, 0);
    assert_true(w.lease_time_at > 240);
    assert_true(w.renewal_time_at > 240);
    assert_true(w.rebinding_time_at > 240);
    assert_ptr_equal(packet.option[OPTION_LEASE_TIME].data, out + w.lease_time_at);
    assert_ptr_equal(packet.option[OPTION_RENEWAL_TIME].data, out + w.renewal_time_at);
    assert_ptr_equal(packet.option[OPTION_REBINDING_TIME].data, out + w.rebinding_time_at);
    assert_true(packet.option[OPTION_SERVER_IDENTIFIER].data > out + 240);
    assert_true(packet.option[201].data < out + 240);
}

static void places_of_absent_times_are_zero(void **state)
{
    (void)state;
    start(0);
    dhcp4_writer_add_u32(&w, OPTION_LEASE_TIME, 600);
    finish();
    assert_int_equal(w.lease_time_at, 245);
    assert_int_equal(w.renewal_time_at, 0);
    assert_int_equal(w.rebinding_time_at, 0);
}

static void a_finished_packet_takes_other_times(void **state)
{
    const struct dhcp4_lease_times times = {UINT32_MAX, 0x01020304, 7};

    (void)state;
    start(0);
    dhcp4_writer_add_u32(&w, OPTION_LEASE_TIME, 1);
    dhcp4_writer_add_u32(&w, OPTION_RENEWAL_TIME, 2);
    dhcp4_writer_add_u32(&w, OPTION_REBINDING_TIME, 3);
    finish();
    dhcp4_patch_lease_time(out, w.lease_time_at, w.renewal_time_at, w.rebinding_time_at, times);
    assert_int_equal(dhcp4_option_u32(&packet, OPTION_LEASE_TIME), UINT32_MAX);
    assert_int_equal(dhcp4_option_u32(&packet, OPTION_RENEWAL_TIME), 0x01020304);
    assert_int_equal(dhcp4_option_u32(&packet, OPTION_REBINDING_TIME), 7);
}

/* Its vendor field is as long as what it sent, and it knows no option 52. */
static void a_bootp_client_gets_no_more_than_it_reads(void **state)
{
    (void)state;
    start(0);
    dhcp4_writer_init_bootp(&w, &(struct dhcp4_reply_header){.htype = 1}, 240);
    dhcp4_writer_add(&w, 200, fill(50));
    dhcp4_writer_add(&w, 201, fill(50));
    dhcp4_writer_add(&w, 202, fill(4));
    assert_int_equal(finish(), DHCP4_MIN_SIZE);
    assert_true(dhcp4_has(&packet, 200));
    assert_false(dhcp4_has(&packet, 201));
    assert_true(dhcp4_has(&packet, 202));
    assert_false(dhcp4_has(&packet, OPTION_OVERLOAD));
    assert_int_equal(w.dropped, 1);
}

static void patching_touches_only_what_is_there(void **state)
{
    uint8_t before[DHCP4_MAX_SIZE];

    (void)state;
    start(0);
    finish();
    memcpy(before, out, sizeof out);
    dhcp4_patch_lease_time(out, 0, 0, 0, (struct dhcp4_lease_times){77, 7, 8});
    assert_memory_equal(out, before, sizeof out);
}

static void more_options_than_the_writer_holds_are_counted(void **state)
{
    (void)state;
    start(1500);
    for (unsigned code = 120; code < 254; code++)
        dhcp4_writer_add(&w, (uint8_t)code, fill(1));
    finish();
    assert_int_equal(w.dropped, 134 - (DHCP4_WRITER_OPTIONS - 1));
}

static void more_fixed_values_than_the_writer_holds_are_counted(void **state)
{
    (void)state;
    start(1500);
    for (unsigned code = 120; code < 184; code++)
        dhcp4_writer_add_u8(&w, (uint8_t)code, (uint8_t)code);
    finish();
    assert_int_equal(w.dropped, 1);
    assert_int_equal(packet.option[182].data[0], 182);
    assert_false(dhcp4_has(&packet, 183));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_reply_is_padded_to_300_bytes),
        cmocka_unit_test(a_reply_shows_nothing_of_what_its_memory_held),
        cmocka_unit_test(options_keep_the_order_of_adding),
        cmocka_unit_test(the_first_value_of_a_code_stays),
        cmocka_unit_test(what_was_added_is_known),
        cmocka_unit_test(an_empty_value_is_sent),
        cmocka_unit_test(codes_of_the_layout_are_not_taken),
        cmocka_unit_test(the_size_limit_follows_option_57),
        cmocka_unit_test(the_limit_can_be_filled_to_the_last_byte),
        cmocka_unit_test(one_byte_too_much_goes_to_the_file_field),
        cmocka_unit_test(then_the_sname_field_is_used),
        cmocka_unit_test(only_fields_that_carry_options_are_named),
        cmocka_unit_test(fields_with_text_are_not_overloaded),
        cmocka_unit_test(empty_text_leaves_the_field_to_overload),
        cmocka_unit_test(overload_comes_first_without_a_message_type),
        cmocka_unit_test(what_fits_nowhere_is_left_out_and_counted),
        cmocka_unit_test(a_later_option_that_fits_still_goes_in),
        cmocka_unit_test(the_last_added_of_equals_is_left_out),
        cmocka_unit_test(a_long_value_is_split),
        cmocka_unit_test(the_split_starts_above_255_bytes),
        cmocka_unit_test(a_value_larger_than_any_packet_is_left_out),
        cmocka_unit_test(relay_information_comes_last_and_keeps_its_room),
        cmocka_unit_test(relay_information_that_cannot_fit_is_counted),
        cmocka_unit_test(times_and_server_stay_in_the_options_field),
        cmocka_unit_test(places_of_absent_times_are_zero),
        cmocka_unit_test(a_finished_packet_takes_other_times),
        cmocka_unit_test(a_bootp_client_gets_no_more_than_it_reads),
        cmocka_unit_test(patching_touches_only_what_is_there),
        cmocka_unit_test(more_options_than_the_writer_holds_are_counted),
        cmocka_unit_test(more_fixed_values_than_the_writer_holds_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
