/* Records, options within options and the service options, as text. */
#include "tests/unit/proto/help_packets.h"

static const struct option_definition *named(const char *name)
{
    const struct option_definition *definition = option_find_name(name);

    assert_non_null(definition);
    return definition;
}

static void assert_shown(const struct option_definition *definition, const char *wire,
                         const char *expected)
{
    const struct help_bytes bytes = help_hex(wire);
    char text[1024];

    assert_true(option_format(definition, help_span(&bytes), text, sizeof text));
    assert_string_equal(text, expected);
}

static enum td_err encode(const struct option_definition *definition, const char *text,
                          struct help_bytes *out)
{
    return option_encode(definition, text, out->data, sizeof out->data, &out->size);
}

/* `text` gives `wire`, and `wire` is shown as `text`. */
static void assert_both(const char *name, const char *text, const char *wire)
{
    struct help_bytes out = {.size = 0};

    assert_int_equal(encode(named(name), text, &out), TD_OK);
    help_assert_bytes(out.data, out.size, wire);
    assert_shown(named(name), wire, text);
}

static void assert_refused(const char *name, const char *text)
{
    struct help_bytes out = {.size = 0};

    assert_int_equal(encode(named(name), text, &out), TD_MALFORMED);
    assert_int_equal(out.size, 0);
}

static void fields_have_blanks_between_them(void **state)
{
    (void)state;
    assert_both("client-ndi", "1 3 16", "01 03 10");
    assert_both("rdnss-selection", "1 10.0.0.1 10.0.0.2 a.net corp",
                "01 0a000001 0a000002 01 'a' 03 'net' 00 04 'corp' 00");
    assert_both("option-6rd", "14 32 2001:db8:: 10.0.0.1 10.0.0.2",
                "0e 20 20010db8 00*12 0a000001 0a000002");
    assert_both("authenticate", "1 2 0 4294967296 aa:bb", "01 02 00 0000000100000000 aabb");
    assert_both("virtual-subnet-selection", "0 \"text:a b\"", "00 'a b'");
}

static void a_last_field_may_be_missing_where_the_record_says_so(void **state)
{
    (void)state;
    assert_both("virtual-subnet-selection", "255", "ff");
    assert_both("status-code", "0", "00");
    assert_refused("client-ndi", "1 3");
    assert_refused("rdnss-selection", "1 10.0.0.1 10.0.0.2");
}

static void fields_too_many_or_badly_quoted_are_refused(void **state)
{
    (void)state;
    assert_refused("client-ndi", "1 3 16 2");
    assert_refused("client-ndi", "1 3 256");
    assert_refused("status-code", "1 \"no end");
    assert_refused("status-code", "1 \"a\"b");
    assert_refused("client-ndi", "");
}

static void damaged_records_are_shown_as_bytes(void **state)
{
    (void)state;
    assert_shown(named("client-ndi"), "01 03", "0x0103");
    assert_shown(named("client-ndi"), "01 03 10 00", "0x01031000");
    assert_shown(named("rdnss-selection"), "01 0a000001 0a000002 05 'a'",
                 "0x010a0000010a0000020561");
    assert_shown(named("status-code"), "01 'a\"b'", "0x01612262");
}

static void lists_of_records(void **state)
{
    const struct option_definition *menu =
        option_space_find_name(&option_space_pxe, "boot-menu");
    const struct option_definition *server =
        option_space_find_name(&option_space_pxe, "boot-server");

    (void)state;
    assert_shown(menu, "0000 05 'Local' 0001 07 'Install'", "0 Local, 1 Install");
    assert_shown(menu, "0000 09 'Local'", "0x0000094c6f63616c");
    assert_shown(server, "0000 02 0a000001 0a000002", "0 10.0.0.1,10.0.0.2");
    assert_shown(server, "0000 00", "0 ");
}

/* RFC 3046: what relays add. */
static void relay_information_is_shown_by_name(void **state)
{
    const struct option_definition *d = named("dhcp-agent-options");

    (void)state;
    assert_shown(d, "01 06 'eth7/1' 02 03 010203 05 04 0a4d0000 13 00 c8 01 07",
                 "circuit-id: text:eth7/1, remote-id: 01:02:03, link-selection: 10.77.0.0, "
                 "relay-port, option-200: 07");
    assert_shown(
        d, "97 04 00 'red' 09 08 0000118b 03 01 01 05",
        "virtual-subnet-selection: 0 text:red, vendor-specific: {4491: {option-1: 05}}");
    assert_shown(d, "01 06 'eth'", "0x0106657468");
    /* A sub-option that does not fit its type does not hide the others. */
    assert_shown(d, "05 02 0a4d 01 01 'x'", "link-selection: 0x0a4d, circuit-id: text:x");
}

static void vendors_are_shown_by_enterprise(void **state)
{
    (void)state;
    assert_shown(named("vivco-suboptions"), "0000118b 03 'abc' 00000009 02 0102",
                 "4491: text:abc, 9: 01:02");
    assert_shown(named("vivso-suboptions"), "0000118b 04 01 02 0a0b",
                 "4491: {option-1: 0a:0b}");
    assert_shown(named("vivso-suboptions"), "0000118b 03 01 02 0a", "4491: {0x01020a}");
    assert_shown(named("vivso-suboptions"), "0000118b 09 01", "0x0000118b0901");
}

static void sip_servers_are_of_one_kind(void **state)
{
    struct help_bytes out = {.size = 0};

    (void)state;
    assert_both("sip-servers", "10.0.0.1", "01 0a000001");
    assert_both("sip-servers", "a.net", "00 01 'a' 03 'net' 00");
    assert_int_equal(encode(named("sip-servers"), "a.net", &out), TD_OK);
    assert_int_equal(encode(named("sip-servers"), "10.0.0.1", &out), TD_MALFORMED);
    assert_int_equal(encode(named("sip-servers"), "b.net", &out), TD_OK);
    help_assert_bytes(out.data, out.size, "00 01 'a' 03 'net' 00 01 'b' 03 'net' 00");
    assert_refused("sip-servers", "10.0.0.300");
    assert_shown(named("sip-servers"), "01 0a0000", "0x010a0000");
    assert_shown(named("sip-servers"), "02 0a000001", "0x020a000001");
}

/* RFC 9463 5.1: without addresses nothing but the name is sent. */
static void resolvers(void **state)
{
    (void)state;
    assert_both("v4-dnr", "2 a.net", "000a 0002 07 01 'a' 03 'net' 00");
    assert_both("v4-dnr", "1 a.net 10.0.0.1,10.0.0.2",
                "0013 0001 07 01 'a' 03 'net' 00 08 "
                "0a000001 0a000002");
    assert_both("v4-dnr", "1 a.net 10.0.0.1 alpn=h2,dot port=853 dohpath=/q{?dns} key99=aa",
                "0031 0001 07 01 'a' 03 'net' 00 04 0a000001 0001 0007 02 'h2' 03 'dot' "
                "0003 0002 0355 0007 0008 '/q{?dns}' 0063 0001 aa");
}

static void resolvers_badly_written_are_refused(void **state)
{
    (void)state;
    assert_refused("v4-dnr", "a.net 10.0.0.1");
    assert_refused("v4-dnr", "1");
    assert_refused("v4-dnr", "1 a.net alpn=dot");
    assert_refused("v4-dnr", "1 a.net 10.0.0.1 alpn=");
    assert_refused("v4-dnr", "1 a.net 10.0.0.1 port=853 port=853");
    assert_refused("v4-dnr", "1 a.net 10.0.0.1 port=99999");
    assert_refused("v4-dnr", "1 a.net 10.0.0.1 mandatory=alpn");
    assert_refused("v4-dnr", "1 a.net 10.0.0.1 key4=0a000001");
    assert_shown(named("v4-dnr"), "0009 0001 07 01 'a' 03 'net' 00",
                 "0x0009000107016103"
                 "6e657400");
}

/* RFC 4702: with E the name is in wire form, and may lack its end. */
static void the_clients_name(void **state)
{
    (void)state;
    assert_shown(named("fqdn"), "05 00 00 02 'h1' 03 'net' 00", "[SE] h1.net");
    assert_shown(named("fqdn"), "04 ff ff 02 'h1'", "[E] h1");
    assert_shown(named("fqdn"), "08 00 00 'h1.net'", "[N] h1.net");
    assert_shown(named("fqdn"), "01 00 00", "[S]");
    assert_shown(named("fqdn"), "01 00", "0x0100");
    assert_shown(named("fqdn"), "04 00 00 09 'h1'", "0x040000096831");
}

static void ipv6_addresses(void **state)
{
    static const struct {
        const char *text, *canonical;
    } right[] = {
        {"::", "::"},
        {"::1", "::1"},
        {"1::", "1::"},
        {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
        {"::ffff:10.0.0.1", "::ffff:a00:1"},
        {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
        {"1:2:3:4:5:6:10.0.0.1", "1:2:3:4:5:6:a00:1"},
    };
    static const char *const wrong[] = {"",
                                        ":",
                                        "1",
                                        "1:2:3:4:5:6:7",
                                        "1::2::3",
                                        "12345::",
                                        ":1::2",
                                        "1:2:3:4:5:6:7:8:9",
                                        "::g",
                                        "1:",
                                        "1:::2",
                                        "1:2:3:4:5:6:7:10.0.0.1",
                                        "1:2:3:4::5:6:7:8"};
    uint8_t address[16];
    char text[IP6_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(right); i++) {
        assert_true(ip6_parse(right[i].text, address));
        assert_string_equal(ip6_format(address, text), right[i].canonical);
    }
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        if (ip6_parse(wrong[i], address))
            fail_msg("%s was taken", wrong[i]);
}

static void records_are_cut_whole(void **state)
{
    const struct help_bytes bytes = help_hex("01 06 'eth7/1' 05 04 0a4d0000");
    char text[128];
    char whole[128];

    (void)state;
    assert_true(
        option_format(named("dhcp-agent-options"), help_span(&bytes), whole, sizeof whole));
    for (size_t capacity = 1; capacity <= strlen(whole); capacity++) {
        assert_false(
            option_format(named("dhcp-agent-options"), help_span(&bytes), text, capacity));
        assert_int_equal(strncmp(text, whole, strlen(text)), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_have_blanks_between_them),
        cmocka_unit_test(a_last_field_may_be_missing_where_the_record_says_so),
        cmocka_unit_test(fields_too_many_or_badly_quoted_are_refused),
        cmocka_unit_test(damaged_records_are_shown_as_bytes),
        cmocka_unit_test(lists_of_records),
        cmocka_unit_test(relay_information_is_shown_by_name),
        cmocka_unit_test(vendors_are_shown_by_enterprise),
        cmocka_unit_test(sip_servers_are_of_one_kind),
        cmocka_unit_test(resolvers),
        cmocka_unit_test(resolvers_badly_written_are_refused),
        cmocka_unit_test(the_clients_name),
        cmocka_unit_test(ipv6_addresses),
        cmocka_unit_test(records_are_cut_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
