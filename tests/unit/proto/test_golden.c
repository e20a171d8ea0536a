/* Whole packets: what real clients send, and what a reply looks like on the wire. */
#include "help_packets.h"

static struct dhcp4_packet packet;

static void assert_option(uint8_t code, const char *text)
{
    assert_true(dhcp4_has(&packet, code));
    help_assert_bytes(packet.option[code].data, packet.option[code].size, text);
}

static void dhclient_discover_is_understood(void **state)
{
    (void)state;
    assert_int_equal(help_decode_whole(help_dhclient_discover, &packet), DHCP4_DECODED);
    assert_int_equal(packet.type, DHCP4_DISCOVER);
    assert_int_equal(packet.xid, 0xa1b2c3d4);
    assert_int_equal(packet.secs, 3);
    assert_int_equal(packet.hlen, 6);
    assert_int_equal(dhcp4_option_ip4(&packet, OPTION_REQUESTED_ADDRESS).value, 0x0a4d0014);
    assert_option(OPTION_HOST_NAME, "'db1'");
    assert_option(OPTION_PARAMETER_REQUEST_LIST, "01 1c 02 03 0f 06 77 0c 2c 2f 1a 79 2a");
    assert_false(dhcp4_has(&packet, OPTION_CLIENT_IDENTIFIER));
}

static void dhclient_request_names_its_server(void **state)
{
    (void)state;
    assert_int_equal(help_decode_whole(help_dhclient_request, &packet), DHCP4_DECODED);
    assert_int_equal(packet.type, DHCP4_REQUEST);
    assert_int_equal(dhcp4_option_ip4(&packet, OPTION_SERVER_IDENTIFIER).value, 0x0a4d0001);
    assert_int_equal(dhcp4_option_ip4(&packet, OPTION_REQUESTED_ADDRESS).value, 0x0a4d0014);
}

static void udhcpc_discover_is_understood(void **state)
{
    uint8_t key[CLIENT_KEY_MAX];

    (void)state;
    assert_int_equal(help_decode_whole(help_udhcpc_discover, &packet), DHCP4_DECODED);
    assert_int_equal(packet.type, DHCP4_DISCOVER);
    assert_int_equal(dhcp4_option_u16(&packet, OPTION_MAX_MESSAGE_SIZE), 576);
    assert_option(OPTION_VENDOR_CLASS_IDENTIFIER, "'udhcp 1.35.0'");
    help_assert_bytes(dhcp4_client_key(&packet, key).data, dhcp4_client_key(&packet, key).size,
                      " 01 01 02420a4d0063");
}

static void udhcpc_renewal_carries_its_address(void **state)
{
    (void)state;
    assert_int_equal(help_decode_whole(help_udhcpc_renew, &packet), DHCP4_DECODED);
    assert_int_equal(packet.type, DHCP4_REQUEST);
    assert_int_equal(packet.ciaddr.value, 0x0a4d0063);
    assert_false(dhcp4_has(&packet, OPTION_REQUESTED_ADDRESS));
    assert_false(dhcp4_has(&packet, OPTION_SERVER_IDENTIFIER));
}

static void pxe_discover_is_understood(void **state)
{
    (void)state;
    assert_int_equal(help_decode_whole(help_pxe_discover, &packet), DHCP4_DECODED);
    assert_int_equal(packet.type, DHCP4_DISCOVER);
    assert_int_equal(packet.flags, DHCP4_FLAG_BROADCAST);
    assert_int_equal(dhcp4_option_u16(&packet, OPTION_CLIENT_SYSTEM), 7);
    assert_option(OPTION_CLIENT_NDI, "010310");
    assert_option(OPTION_UUID_GUID, "00 a1b2c3d4e5f60718293a4b5c6d7e8f90");
    assert_option(OPTION_VENDOR_CLASS_IDENTIFIER, "'PXEClient:Arch:00007:UNDI:003016'");
    assert_int_equal(packet.option[OPTION_PARAMETER_REQUEST_LIST].size, 35);
}

static void relayed_discover_is_understood(void **state)
{
    (void)state;
    assert_int_equal(help_decode_whole(help_relayed_discover, &packet), DHCP4_DECODED);
    assert_int_equal(packet.giaddr.value, 0x0a4e0301);
    assert_int_equal(packet.hops, 1);
    assert_int_equal(packet.option[OPTION_RELAY_AGENT_INFORMATION].size, 28);
    help_assert_bytes(dhcp4_relay_suboption(&packet, 1).data,
                      dhcp4_relay_suboption(&packet, 1).size, "'eth0/1/7:5'");
    help_assert_bytes(dhcp4_relay_suboption(&packet, 5).data,
                      dhcp4_relay_suboption(&packet, 5).size, "0a4e0300");
}

static void bootp_request_has_no_type(void **state)
{
    (void)state;
    assert_int_equal(help_decode_whole(help_bootp_request, &packet), DHCP4_DECODED);
    assert_int_equal(packet.type, DHCP4_NONE);
}

static void overloaded_ack_is_joined(void **state)
{
    (void)state;
    assert_int_equal(help_decode_whole(help_overloaded_ack, &packet), DHCP4_DECODED);
    assert_int_equal(packet.op, DHCP4_BOOTREPLY);
    assert_int_equal(packet.type, DHCP4_ACK);
    assert_option(OPTION_DOMAIN_NAME, "'dc1.example.net'");
    assert_option(OPTION_HOST_NAME, "'db1'");
    assert_option(OPTION_DOMAIN_NAME_SERVERS, "0a000035");
}

static const struct dhcp4_reply_header to_db1 = {
    .htype = 1,
    .hlen = 6,
    .xid = 0xa1b2c3d4,
    .secs = 3,
    .yiaddr = {0x0a4d0014},
    .siaddr = {0x0a4d0001},
    .chaddr = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56},
};

static void an_ack_is_these_bytes(void **state)
{
    static const uint8_t domain[] = "dc1.example.net";
    struct dhcp4_writer w;
    uint8_t out[DHCP4_MAX_SIZE];

    (void)state;
    dhcp4_writer_init(&w, &to_db1, 0);
    dhcp4_writer_add_u8(&w, OPTION_MESSAGE_TYPE, DHCP4_ACK);
    dhcp4_writer_add_ip4(&w, OPTION_SERVER_IDENTIFIER, ip4(0x0a4d0001));
    dhcp4_writer_add_u32(&w, OPTION_LEASE_TIME, 43200);
    dhcp4_writer_add_ip4(&w, OPTION_SUBNET_MASK, ip4(0xffff0000));
    dhcp4_writer_add_ip4(&w, OPTION_ROUTERS, ip4(0x0a4d0001));
    dhcp4_writer_add(&w, OPTION_DOMAIN_NAME, span_of(domain, 15));
    help_assert_bytes(out, dhcp4_writer_finish(&w, out, sizeof out),
                      " 02 01 06 00 a1b2c3d4 0003 0000 00000000 0a4d0014 0a4d0001 00000000"
                      " 525400123456 00*10 00*64 00*128 63825363"
                      " 35 01 05"
                      " 36 04 0a4d0001"
                      " 33 04 0000a8c0"
                      " 01 04 ffff0000"
                      " 03 04 0a4d0001"
                      " 0f 0f 'dc1.example.net'"
                      " ff 00*15");
    assert_int_equal(w.dropped, 0);
}

static void a_relayed_nak_is_these_bytes(void **state)
{
    static const uint8_t message[] = "wrong network";
    struct dhcp4_reply_header header = {
        .htype = 1,
        .hlen = 6,
        .xid = 0x5e0c77aa,
        .flags = DHCP4_FLAG_BROADCAST,
        .giaddr = {0x0a4e0301},
        .chaddr = {0x52, 0x54, 0x00, 0x12, 0x34, 0x57},
    };
    struct dhcp4_writer w;
    uint8_t out[DHCP4_MAX_SIZE];

    (void)state;
    assert_int_equal(help_decode_whole(help_relayed_discover, &packet), DHCP4_DECODED);
    dhcp4_writer_init(&w, &header, 0);
    dhcp4_writer_add_u8(&w, OPTION_MESSAGE_TYPE, DHCP4_NAK);
    dhcp4_writer_add(&w, OPTION_RELAY_AGENT_INFORMATION,
                     packet.option[OPTION_RELAY_AGENT_INFORMATION]);
    dhcp4_writer_add_ip4(&w, OPTION_SERVER_IDENTIFIER, ip4(0x0a4d0001));
    dhcp4_writer_add(&w, OPTION_MESSAGE, span_of(message, 13));
    help_assert_bytes(out, dhcp4_writer_finish(&w, out, sizeof out),
                      " 02 01 06 00 5e0c77aa 0000 8000 00*12 0a4e0301"
                      " 525400123457 00*10 00*64 00*128 63825363"
                      " 35 01 06"
                      " 36 04 0a4d0001"
                      " 38 0d 'wrong network'"
                      " 52 1c 01 0a 'eth0/1/7:5' 02 06 0050569a0001 05 04 0a4e0300 0c 00"
                      " ff 00*5");
}

static void a_boot_reply_fills_sname_and_file(void **state)
{
    struct dhcp4_reply_header header = to_db1;
    struct dhcp4_writer w;
    uint8_t out[DHCP4_MAX_SIZE];

    (void)state;
    header.sname = "boot.example.net";
    header.file = "ipxe.efi";
    dhcp4_writer_init(&w, &header, 0);
    dhcp4_writer_add_u8(&w, OPTION_MESSAGE_TYPE, DHCP4_OFFER);
    help_assert_bytes(out, dhcp4_writer_finish(&w, out, sizeof out),
                      " 02 01 06 00 a1b2c3d4 0003 0000 00000000 0a4d0014 0a4d0001 00000000"
                      " 525400123456 00*10 'boot.example.net' 00*48 'ipxe.efi' 00*120 63825363"
                      " 35 01 02 ff 00*56");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dhclient_discover_is_understood),
        cmocka_unit_test(dhclient_request_names_its_server),
        cmocka_unit_test(udhcpc_discover_is_understood),
        cmocka_unit_test(udhcpc_renewal_carries_its_address),
        cmocka_unit_test(pxe_discover_is_understood),
        cmocka_unit_test(relayed_discover_is_understood),
        cmocka_unit_test(bootp_request_has_no_type),
        cmocka_unit_test(overloaded_ack_is_joined),
        cmocka_unit_test(an_ack_is_these_bytes),
        cmocka_unit_test(a_relayed_nak_is_these_bytes),
        cmocka_unit_test(a_boot_reply_fills_sname_and_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
