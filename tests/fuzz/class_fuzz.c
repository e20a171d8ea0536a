/* tests/fuzz/class_fuzz.c - options of any bytes, looked at by every kind of test of a class.
 */
#include "daemon/core/builtin.h"
#include "daemon/core/evaluate.h"
#include "daemon/core/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const expressions[] = {
    "relay4[1].hex + relay4[2].hex + option[82].option[6].hex == vendor[*].option[1].hex",
    "vendor.enterprise == 4491 or vendor-class[4491].data[2] == vendor-class[*].data",
    "vendor[4491].option[1].exists and not vendor-class[9].exists",
    "hexstring(option[60].hex, option[12].hex) == split(option[60].hex, option[12].hex, 2)",
    "concat(option[60].hex, option[60].hex) + option[60].hex == lcase(ucase(option[43].hex))",
    "substring(option[60].hex, -3, 2) == substring(option[61].hex, 2, -9)",
    "addrtotext(option[3].hex) == uint16totext(option[93].hex) + int8totext(option[19].hex)",
    "option[51].text == option[50].text or option[43].option[6].exists",
};
#define EXPRESSIONS ARRAY_SIZE(expressions)

static const struct config_value values[] = {
    {.kind = VALUE_GLOB, .bytes = {(const uint8_t *)"a*b?c*", 6}, .literal = 1},
    {.kind = VALUE_PREFIX, .bytes = {(const uint8_t *)"eth", 3}},
    {.kind = VALUE_RANGE,
     .bytes = {(const uint8_t *)"\0\1", 2},
     .last = {(const uint8_t *)"\0\x09", 2}},
    {.kind = VALUE_EQUAL, .bytes = {(const uint8_t *)"\4iPXE", 5}},
};

/* Every way to take a value apart, of every option. */
static void match_all(const struct facts *facts)
{
    static const uint8_t sizes[] = {0, 2, 0, 4};
    static const enum option_type types[] = {OPTION_TYPE_STRING, OPTION_TYPE_U16_LIST,
                                             OPTION_TYPE_TUPLES, OPTION_TYPE_IP_LIST};

    for (unsigned code = 1; code < 255; code++) {
        for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
            const struct config_condition c = {.subject = i % 2 == 0 ? SUBJECT_OPTION
                                                                     : SUBJECT_SUBOPTION,
                                               .code = (uint8_t)code,
                                               .sub = (uint8_t)(i + 1),
                                               .element_size = sizes[i],
                                               .type = types[i],
                                               .values = values,
                                               .value_count = ARRAY_SIZE(values),
                                               .extent = 1};

            (void)match_holds(&c, 1, facts);
        }
    }
}

static void compile(struct expression out[static EXPRESSIONS])
{
    static struct arena arena; /* for as long as the process lives */
    struct expression_error error;

    for (size_t i = 0; i < EXPRESSIONS; i++)
        if (!expression_compile(&arena, expressions[i], EXPRESSION_TEST, NULL, &out[i], &error))
            UNREACHABLE("a wrong expression");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct expression compiled[EXPRESSIONS];
    static uint8_t whole[DHCP4_HEADER_SIZE + 4096] = {
        DHCP4_BOOTREQUEST, 1, 6, [236] = 0x63, 0x82, 0x53, 0x63};
    static struct dhcp4_packet packet;
    static struct dhcp4_scratch scratch;
    const struct datagram datagram = {.interface_name = NULL};
    const struct facts facts = {.packet = &packet, .datagram = &datagram};

    if (compiled[0].count == 0)
        compile(compiled);
    if (size > 4096)
        size = 4096;
    memcpy(whole + DHCP4_HEADER_SIZE, data, size);
    if (dhcp4_decode(span_of(whole, DHCP4_HEADER_SIZE + size), &scratch, &packet) !=
        DHCP4_DECODED)
        return 0;
    for (size_t i = 0; i < EXPRESSIONS; i++)
        (void)evaluate_test(&compiled[i], &facts);
    for (enum config_builtin i = 0; i < CONFIG_BUILTINS; i++)
        (void)builtin_holds(i, &facts);
    match_all(&facts);
    return 0;
}
