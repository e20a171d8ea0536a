/* Every option type from a configuration to the bytes of an OFFER.  The bytes are written down
 * from the RFCs, not by our own encoder. */
#include "help_option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define EXAMPLE_NET "07 'example' 03 'net' 00"

/* What the rows define themselves. */
static const char definitions[] =
    "option-definitions:\n"
    "- {name: rack-id, code: 230, type: u32}\n"
    "- {name: tuning, code: 231, type: record, fields: [ip, u16, string]}\n"
    "- {name: rack-ids, code: 232, type: u32, array: true}\n"
    "- {name: phone-server, space: acme, code: 1, type: ip}\n"
    "- {name: phones, space: acme, code: 2, type: empty, encapsulates: lines}\n"
    "- {name: line, space: lines, code: 5, type: u8}\n"
    "- {name: acme-stuff, code: 233, type: empty, encapsulates: acme}\n"
    "- {name: boot-mode, space: vendor-4491, code: 3, type: u8}\n"
    "- {name: boost, space: ipxe, code: 200, type: u16}\n"
    "- {name: big, code: 234, type: u64}\n"
    "- {name: small, code: 235, type: i8}\n"
    "- {name: middle, code: 236, type: i16}\n"
    "- {name: offsets, code: 237, type: i32, array: true}\n"
    "- {name: switches, code: 238, type: bool, array: true}\n"
    "- {name: gateway6, code: 239, type: ip6}\n"
    "- {name: servers6, code: 240, type: ip6, array: true}\n"
    "- {name: names, code: 241, type: fqdn, array: true}\n"
    "- {name: flag, code: 242, type: empty}\n"
    "- {name: peers, code: 243, type: record, fields: [ip, u16], array: true}\n"
    "- {name: group, code: 244, type: record, fields: [u8, 'ip[]']}\n"
    "- {name: bytes, code: 245, type: u8, array: true}\n"
    "- {name: labels, code: 246, type: record, fields: [tuples, string]}\n"
    "- {name: own-wpad, code: 252, type: tuples}\n";

static const struct {
    const char *option; /* as under `options:` */
    uint8_t code;
    const char *wire;
} rows[] = {
    /* RFC 2132 */
    {"swap-server: 10.0.0.9", 16, "0a000009"},
    {"time-offset: -3600", 2, "fffff1f0"},
    {"routers: [10.77.0.1, 10.77.0.2]", 3, "0a4d0001 0a4d0002"},
    {"domain-name-servers: 10.0.0.53", 6, "0a000035"},
    {"domain-name: dc1.example.net", 15, "'dc1.example.net'"},
    {"ip-forwarding: true", 19, "01"},
    {"policy-filter: '10.1.0.0 255.255.0.0'", 21, "0a010000 ffff0000"},
    {"default-ip-ttl: 64", 23, "40"},
    {"path-mtu-plateau-table: [68, 1492]", 25, "0044 05d4"},
    {"interface-mtu: 9000", 26, "2328"},
    {"static-routes: [[10.1.0.0, 10.77.0.1], '10.2.0.0 10.77.0.2']", 33,
     "0a010000 0a4d0001 0a020000 0a4d0002"},
    {"arp-cache-timeout: 3600", 35, "00000e10"},
    {"vendor-encapsulated-options: '01:02:03'", 43, "010203"},
    {"netbios-node-type: 8", 46, "08"},
    {"tftp-server-name: boot.example.net", 66, "'boot.example.net'"},
    {"boot-file-name: http://b/x", 67, "'http://b/x'"},
    {"bootfile-name: pxelinux.0", 67, "'pxelinux.0'"},
    /* RFC 3004 */
    {"user-class: [iPXE, lab]", 77, "04 'iPXE' 03 'lab'"},
    /* RFC 4578 */
    {"client-system: [0, 7]", 93, "0000 0007"},
    {"client-ndi: [1, 3, 16]", 94, "01 03 10"},
    /* RFC 8925 */
    {"v6-only-preferred: 1800", 108, "00000708"},
    /* RFC 8910 */
    {"v4-captive-portal: https://login.example.net/", 114, "'https://login.example.net/'"},
    {"captive-portal: https://login.example.net/", 114, "'https://login.example.net/'"},
    /* RFC 2937 */
    {"name-service-search: [6, 0]", 117, "0006 0000"},
    /* RFC 3397: what stood before is pointed to from the start of the option */
    {"domain-search: [eng.example.net, example.net, mkt.example.net]", 119,
     "03 'eng' " EXAMPLE_NET " c004 03 'mkt' c004"},
    /* RFC 3361: encoding 1 is addresses, 0 is names */
    {"sip-servers: [10.0.0.1, 10.0.0.2]", 120, "01 0a000001 0a000002"},
    {"sip-servers: [sip.example.net, example.net]", 120,
     "00 03 'sip' " EXAMPLE_NET EXAMPLE_NET},
    /* RFC 3442: only the octets that the width reaches */
    {"classless-static-route: [default via 10.77.0.1, 10.17.0.0/16 via 10.77.0.2, "
     "10.27.129.0/25 via 10.77.0.3, 10.0.0.7/32 via 0.0.0.0]",
     121, "00 0a4d0001 10 0a11 0a4d0002 19 0a1b8100 0a4d0003 20 0a000007 00000000"},
    {"ms-classless-static-route: 10.0.0.0/8 via 10.77.0.1", 249, "08 0a 0a4d0001"},
    /* RFC 3925: enterprise, size, value */
    {"vivco-suboptions: {4491: docsis3.0, 9: '0x0102'}", 124,
     "00000009 02 0102 0000118b 09 'docsis3.0'"},
    {"vivso-suboptions: {4491: {boot-mode: 2, option-7: '0a'}, 9: {option-1: 'text:ab'}}", 125,
     "00000009 04 01 02 'ab' 0000118b 06 03 01 02 07 01 0a"},
    {"vivso: {311: '0x0a0b'}", 125, "00000137 02 0a0b"},
    /* RFC 5223, 5417, 5986 */
    {"v4-lost: lost.example.net", 137, "04 'lost' " EXAMPLE_NET},
    {"capwap-ac-v4: [10.0.0.1, 10.0.0.2]", 138, "0a000001 0a000002"},
    {"v4-access-domain: example.net", 213, EXAMPLE_NET},
    /* RFC 8572: sizes of two bytes */
    {"v4-sztp-redirect: ['https://a.net/', 'https://b.net/']", 143,
     "000e 'https://a.net/' 000e 'https://b.net/'"},
    /* RFC 6731: preference, two servers, names */
    {"rdnss-selection: [1, 10.0.0.1, 10.0.0.2, example.net, corp]", 146,
     "01 0a000001 0a000002 " EXAMPLE_NET " 04 'corp' 00"},
    /* RFC 5859 */
    {"tftp-server-address: [10.0.0.5, 10.0.0.6]", 150, "0a000005 0a000006"},
    /* RFC 8520 */
    {"mud-url: https://mud.example.net/x", 161, "'https://mud.example.net/x'"},
    /* RFC 9463: size, priority, name, addresses, parameters in order of key */
    {"v4-dnr: [1 dot.example.net 10.0.0.53 port=853 alpn=dot]", 162,
     "0027 0001 11 03 'dot' " EXAMPLE_NET " 04 0a000035 0001 0004 03 'dot' 0003 0002 0355"},
    {"v4-dnr: [[1, dot.example.net, '10.0.0.1,10.0.0.2', 'dohpath=/q'], [2, doh.example.net]]",
     162,
     "0023 0001 11 03 'dot' " EXAMPLE_NET " 08 0a000001 0a000002 0007 0002 '/q'"
     " 0014 0002 11 03 'doh' " EXAMPLE_NET},
    /* iPXE, PXE */
    {"ipxe-encap-opts: {username: joe, priority: -5, keep-san: 1, ipxe.no-pxedhcp: 1}", 175,
     "01 01 fb 08 01 01 b0 01 01 be 03 'joe'"},
    {"ipxe-encap-opts: {boost: 7}", 175, "c8 02 0007"},
    {"ipxe-encap-opts: '0x010105'", 175, "010105"},
    {"vendor-encapsulated-options: {pxe.discovery-control: 3, pxe.boot-server: [[0, "
     "'10.0.0.5,10.0.0.6']], pxe.boot-menu: [[0, Local boot]], pxe.menu-prompt: [10, Press "
     "F8]}",
     43,
     "06 01 03 08 0b 0000 02 0a000005 0a000006 09 0d 0000 0a 'Local boot' 0a 09 0a 'Press F8' "
     "ff"},
    /* RFC 5071 */
    {"pxelinux-magic: f1:00:74:7e", 208, "f100747e"},
    {"pxelinux-config-file: pxe/default", 209, "'pxe/default'"},
    {"pxelinux-path-prefix: /tftp/", 210, "'/tftp/'"},
    {"pxelinux-reboot-time: 30", 211, "0000001e"},
    /* RFC 5969 */
    {"option-6rd: [14, 32, '2001:db8::', 10.0.0.1]", 212,
     "0e 20 20010db8000000000000000000000000 0a000001"},
    /* RFC 6607 */
    {"virtual-subnet-selection: [0, 'text:red']", 221, "00 'red'"},
    {"virtual-subnet-selection: [255]", 221, "ff"},
    /* by number, also where the code has a name */
    {"option-3: '0a4d0001'", 3, "0a4d0001"},
    {"option-224: text:x", 224, "'x'"},
    {"option-230: '00000007'", 230, "00000007"},
    /* own definitions */
    {"rack-id: 7", 230, "00000007"},
    {"tuning: [10.0.0.1, 8, fast]", 231, "0a000001 0008 'fast'"},
    {"tuning: 10.0.0.1 8 \"very fast\"", 231, "0a000001 0008 'very fast'"},
    {"rack-ids: [1, 2]", 232, "00000001 00000002"},
    {"acme-stuff: {phone-server: 10.0.0.9, phones: {line: 3}}", 233,
     "01 04 0a000009 02 03 05 01 03"},
    {"vendor-encapsulated-options: {acme.option-9: '0a0b', acme.phone-server: 10.0.0.9}", 43,
     "01 04 0a000009 09 02 0a0b"},
    {"big: 4294967296", 234, "0000000100000000"},
    {"small: -1", 235, "ff"},
    {"middle: -2", 236, "fffe"},
    {"offsets: [-1, 2]", 237, "ffffffff 00000002"},
    {"switches: [true, false]", 238, "01 00"},
    {"gateway6: 'fe80::1'", 239, "fe800000000000000000000000000001"},
    {"servers6: ['2001:db8::1', '::ffff:10.0.0.1']", 240,
     "20010db8000000000000000000000001 00000000000000000000ffff0a000001"},
    {"names: [example.net, a.example.net]", 241, EXAMPLE_NET " 01 'a' " EXAMPLE_NET},
    {"flag: ''", 242, ""},
    {"peers: [[10.0.0.1, 8], 10.0.0.2 9]", 243, "0a000001 0008 0a000002 0009"},
    {"group: [1, 10.0.0.1, 10.0.0.2]", 244, "01 0a000001 0a000002"},
    {"bytes: [1, 2, 255]", 245, "0102ff"},
    {"labels: [row a, rack 7]", 246, "05 'row a' 'rack 7'"},
    {"own-wpad: [x]", 252, "01 'x'"},
};

static struct pair *pair_of(const char *options, const char *more)
{
    char yaml[8192];

    (void)snprintf(yaml, sizeof(yaml),
                   "%soptions: {%s}\n%s"
                   "subnets: [{subnet: 10.77.0.0/16, pools: [{range: "
                   "10.77.16.0-10.77.16.255}]}]\n",
                   definitions, options, more);
    return pair_new("1h", yaml);
}

static struct ask asking(struct span parameters)
{
    return (struct ask){
        .type = DHCP4_DISCOVER, .client = 7, .secs = 9, .parameters = parameters};
}

static void note_types(const struct option_definition *definition, bool seen[])
{
    seen[definition->type] = true;
    for (size_t i = 0; definition->record != NULL && i < definition->record->count; i++)
        seen[definition->record->fields[i]] = true;
}

static void an_option_of_every_type_is_sent_byte_for_byte(void **state)
{
    bool seen[OPTION_TYPES] = {false};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct pair *pair = pair_of(rows[i].option, "");
        const struct ask ask = asking(span_of(&rows[i].code, 1));
        const struct sent_reply *reply = help_answer(pair, &ask, span_of(NULL, 0));
        const struct option_definition *definition =
            config_option_definition(pair->nodes[ROLE_PRIMARY].config, rows[i].code);

        assert_non_null(reply);
        assert_int_equal(reply->packet.type, DHCP4_OFFER);
        help_assert_wire(rows[i].option, reply->packet.option[rows[i].code], rows[i].wire);
        if (definition != NULL)
            note_types(definition, seen);
        pair_free(pair);
    }
    /* Inside PXE's space alone; of clients alone. */
    seen[OPTION_TYPE_COUNTED_IPS] = seen[OPTION_TYPE_CLIENT_FQDN] = true;
    for (size_t type = 0; type < OPTION_TYPES; type++)
        if (!seen[type])
            fail_msg("no row has a value of type %zu", type);
}

/* What an operator may set and has a structure is in a row. */
static void every_structured_option_has_a_row(void **state)
{
    const struct option_definition *d;

    (void)state;
    for (size_t i = 0; (d = option_at(i)) != NULL; i++) {
        bool found = false;

        if (d->setter != OPTION_BY_OPERATOR ||
            (d->type < OPTION_TYPE_FQDN_LIST && d->type != OPTION_TYPE_IP_PAIRS) ||
            d->type == OPTION_TYPE_BINARY)
            continue;
        for (size_t j = 0; j < ARRAY_SIZE(rows); j++)
            found = found || rows[j].code == d->code;
        if (!found)
            fail_msg("option %s has no row", d->name);
    }
}

/* RFC 3396: more than 255 bytes go into options of the same code, one after the other. */
static void a_long_option_is_split(void **state)
{
    char options[2048] = "classless-static-route: [";
    struct pair *pair;
    struct ask ask = asking(span_of("\x79", 1));
    const struct sent_reply *reply;
    const uint8_t *first = NULL;

    (void)state;
    for (int i = 0; i < 40; i++) {
        const size_t used = strlen(options);

        (void)snprintf(options + used, sizeof(options) - used, "%s10.1.%d.0/24 via 10.77.0.1",
                       i == 0 ? "" : ", ", i);
    }
    (void)snprintf(options + strlen(options), 2, "]");
    pair = pair_of(options, "");
    ask.max_size = 1500;
    reply = help_answer(pair, &ask, span_of(NULL, 0));
    assert_non_null(reply);
    assert_int_equal(reply->packet.option[121].size, 40 * 8);
    for (size_t at = DHCP4_HEADER_SIZE; first == NULL; at += 2 + (size_t)reply->bytes[at + 1])
        first = reply->bytes[at] == 121 ? reply->bytes + at : NULL;
    assert_int_equal(first[1], 255);
    help_assert_wire("121", span_of(first + 2, 8), "18 0a0100 0a4d0001");
    assert_int_equal(first[257], 121);
    assert_int_equal(first[258], 40 * 8 - 255);
    pair_free(pair);
}

#define LONG_TEXT                                                                              \
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567" \
    "890123456789"

/* RFC 2131 4.1: what has no room in the options field goes into `file`, then `sname`; option 52
 * says so before it. */
static void a_full_packet_overloads_file_and_sname(void **state)
{
    struct pair *pair = pair_of("root-path: " LONG_TEXT ", extensions-path: " LONG_TEXT
                                ", merit-dump: " LONG_TEXT ", domain-name: example.net",
                                "");
    const struct ask ask = asking(span_of("\x11\x12\x0e\x0f", 4));
    const struct sent_reply *reply = help_answer(pair, &ask, span_of(NULL, 0));

    (void)state;
    assert_non_null(reply);
    help_assert_wire("type and overload", span_of(reply->bytes + DHCP4_HEADER_SIZE, 6),
                     "35 01 02 34 01 01");
    help_assert_wire("file", span_of(reply->bytes + 108, 2), "0e 64");
    assert_int_equal(reply->bytes[108 + 102], OPTION_END);
    help_assert_wire("14", reply->packet.option[14], "'" LONG_TEXT "'");
    help_assert_wire("15", reply->packet.option[15], "'example.net'");
    pair_free(pair);
}

/* A header field that says something is no room for options. */
static void a_boot_file_keeps_its_field(void **state)
{
    struct pair *pair =
        pair_of("root-path: " LONG_TEXT ", extensions-path: " LONG_TEXT
                ", merit-dump: " LONG_TEXT ", boot-file-name: option, tftp-server-name: option",
                "next-server: 10.0.0.5\nboot-file-name: field\nserver-name: sname\n");
    const struct ask ask = asking(span_of("\x11\x12\x0e", 3));
    const struct sent_reply *reply = help_answer(pair, &ask, span_of(NULL, 0));

    (void)state;
    assert_non_null(reply);
    assert_int_equal(reply->packet.siaddr.value, 0x0a000005);
    assert_string_equal((const char *)reply->bytes + 108, "field");
    assert_string_equal((const char *)reply->bytes + 44, "sname");
    assert_false(dhcp4_has(&reply->packet, OPTION_OVERLOAD));
    assert_false(dhcp4_has(&reply->packet, 14));
    pair_free(pair);
}

/* The fields are always filled; the options only on request. */
static void boot_options_are_sent_when_asked_for(void **state)
{
    struct pair *pair = pair_of("boot-file-name: option, tftp-server-name: tftp, "
                                "tftp-server-address: 10.0.0.6",
                                "boot-file-name: field\n");
    struct ask ask = asking(span_of("\x03", 1));
    const struct sent_reply *reply = help_answer(pair, &ask, span_of(NULL, 0));

    (void)state;
    assert_string_equal((const char *)reply->bytes + 108, "field");
    assert_false(dhcp4_has(&reply->packet, OPTION_BOOT_FILE_NAME));
    ask.parameters = span_of("\x42\x43\x96", 3);
    reply = help_answer(pair, &ask, span_of(NULL, 0));
    assert_string_equal((const char *)reply->bytes + 108, "field");
    help_assert_wire("66", reply->packet.option[66], "'tftp'");
    help_assert_wire("67", reply->packet.option[67], "'option'");
    help_assert_wire("150", reply->packet.option[150], "0a000006");
    pair_free(pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_option_of_every_type_is_sent_byte_for_byte),
        cmocka_unit_test(every_structured_option_has_a_row),
        cmocka_unit_test(a_long_option_is_split),
        cmocka_unit_test(a_full_packet_overloads_file_and_sname),
        cmocka_unit_test(a_boot_file_keeps_its_field),
        cmocka_unit_test(boot_options_are_sent_when_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
