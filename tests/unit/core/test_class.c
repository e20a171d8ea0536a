/* When a class matches: every condition holds, each by one of its values. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define FIRST_CODE 224 /* the class of row i sends option FIRST_CODE + i */
#define ROWS_MAX   20

struct row {
    const char *match;       /* as written in a file */
    const char *matches[4];  /* values of the option that it matches ... */
    const char *refuses[10]; /* ... and some that it does not */
};

/* A pair whose classes are the rows, and a client that asks for all of their options. */
static struct pair *pair_of(const struct row *rows, size_t count)
{
    char yaml[4096];
    size_t used = (size_t)snprintf(yaml, sizeof(yaml),
                                   "subnets: [{subnet: 10.77.0.0/16, pools: "
                                   "[{range: 10.77.16.0/24}]}]\nclasses:\n");

    assert_true(count <= ROWS_MAX);
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(yaml + used, sizeof(yaml) - used,
                                 "- {name: c%zu, match: {%s}, options: {option-%zu: '01'}}\n",
                                 i, rows[i].match, FIRST_CODE + i);
    assert_true(used < sizeof(yaml));
    return pair_new("1h", yaml);
}

/* Whether a client that sends option `code` with this value is in the class of row `i`. */
static bool is_in(struct pair *pair, size_t i, uint8_t code, struct span value)
{
    const uint8_t wanted = (uint8_t)(FIRST_CODE + i);
    const struct ask ask = {
        .type = DHCP4_DISCOVER, .client = 7, .secs = 9, .parameters = span_of(&wanted, 1)};
    struct node *node = &pair->nodes[ROLE_PRIMARY];
    uint8_t bytes[1500];
    size_t size = ask_encode(&ask, bytes);
    struct datagram datagram = {
        .destination = ip4(UINT32_MAX), .local = node_address(ROLE_PRIMARY), .interface = 2};

    bytes[size - 1] = code; /* in place of End, which may be missing */
    bytes[size++] = (uint8_t)value.size;
    if (value.size > 0)
        memcpy(bytes + size, value.data, value.size);
    datagram.payload = span_of(bytes, size + value.size);
    pair_forget(pair);
    server_receive(node->server, pair->now, &datagram, &node->fx);
    server_flush(node->server, pair->now, &node->fx);
    pair_settle(pair);
    assert_non_null(pair_last(pair, ROLE_PRIMARY));
    return dhcp4_has(&pair_last(pair, ROLE_PRIMARY)->packet, wanted);
}

static void patterns_match_whole_texts(void **state)
{
    static const struct row rows[] = {
        {"option-60: '41'", {"A"}, {"", "a", "AA"}},
        {"vendor-class-identifier: PXE", {"PXE"}, {"PX", "PXEC", "pxe", ""}},
        {"vendor-class-identifier: 'PXE*'", {"PXE", "PXEC", "PXE*"}, {"PX", "aPXE", "PX*"}},
        {"vendor-class-identifier: '*PXE'", {"PXE", "aPXE", "PXEPXE"}, {"PXEa", "PX", ""}},
        {"vendor-class-identifier: '*'", {"", "a", "PXE"}, {NULL}},
        {"vendor-class-identifier: '?'", {"a", "*"}, {"", "ab"}},
        {"vendor-class-identifier: 'a?c'", {"abc", "a?c", "acc"}, {"ac", "abbc", "bbc", "abd"}},
        {"vendor-class-identifier: 'a*c'", {"ac", "abc", "acc"}, {"a", "c", "acb", "bc"}},
        {"vendor-class-identifier: 'a*b*c'", {"abc", "abbc", "axbxc"}, {"acb", "ac", "abcx"}},
        {"vendor-class-identifier: 'a*?'", {"ab", "abc", "aa"}, {"a", "", "ba"}},
        {"vendor-class-identifier: '**a**'", {"a", "bab", "aa"}, {"", "b"}},
        {"vendor-class-identifier: 'aab*aab'", {"aabaab", "aabaabaab"}, {"aab", "aabab"}},
        {"vendor-class-identifier: [x, 'y*']", {"x", "y", "yx"}, {"xy", "", "z"}},
    };
    struct pair *pair = pair_of(rows, ARRAY_SIZE(rows));

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        for (size_t j = 0; j < ARRAY_SIZE(rows[i].matches) && rows[i].matches[j] != NULL; j++)
            assert_true(is_in(pair, i, OPTION_VENDOR_CLASS_IDENTIFIER,
                              span_of(rows[i].matches[j], strlen(rows[i].matches[j]))));
        for (size_t j = 0; j < ARRAY_SIZE(rows[i].refuses) && rows[i].refuses[j] != NULL; j++)
            assert_false(is_in(pair, i, OPTION_VENDOR_CLASS_IDENTIFIER,
                               span_of(rows[i].refuses[j], strlen(rows[i].refuses[j]))));
    }
    pair_free(pair);
}

/* Of a list in the packet any element will do, and no half of one. */
static void an_element_of_a_list_is_enough(void **state)
{
    static const struct row rows[] = {{.match = "client-system: [7, 0x0100]"}};
    struct pair *pair = pair_of(rows, 1);

    (void)state;
    assert_true(is_in(pair, 0, OPTION_CLIENT_SYSTEM, span_of("\0\7", 2)));
    assert_true(is_in(pair, 0, OPTION_CLIENT_SYSTEM, span_of("\0\1\0\7", 4)));
    assert_true(is_in(pair, 0, OPTION_CLIENT_SYSTEM, span_of("\1\0", 2)));
    assert_false(is_in(pair, 0, OPTION_CLIENT_SYSTEM, span_of("\0\0\7\0", 4)));
    assert_false(is_in(pair, 0, OPTION_CLIENT_SYSTEM, span_of("\7", 1)));
    assert_false(is_in(pair, 0, OPTION_CLIENT_SYSTEM, span_of("", 0)));
    pair_free(pair);
}

/* RFC 3004, and iPXE, which sends the bare text. */
static void a_user_class_is_one_of_the_tuples_or_all_of_it(void **state)
{
    static const struct row rows[] = {{.match = "user-class: iPXE"}};
    struct pair *pair = pair_of(rows, 1);

    (void)state;
    assert_true(is_in(pair, 0, OPTION_USER_CLASS, span_of("iPXE", 4)));
    assert_true(is_in(pair, 0, OPTION_USER_CLASS, span_of("\4iPXE", 5)));
    assert_true(is_in(pair, 0, OPTION_USER_CLASS, span_of("\1x\4iPXE", 7)));
    assert_false(is_in(pair, 0, OPTION_USER_CLASS, span_of("\5iPXEx", 6)));
    assert_false(is_in(pair, 0, OPTION_USER_CLASS, span_of("\7iPXE", 5)));
    pair_free(pair);
}

static void every_condition_has_to_hold(void **state)
{
    static const struct row rows[] = {
        {.match = "vendor-class-identifier: 'a*', dhcp-parameter-request-list: 224"},
        {.match = "vendor-class-identifier: 'a*', dhcp-parameter-request-list: 224"},
        {.match = "vendor-class-identifier: 'a*', host-name: x"},
    };
    struct pair *pair = pair_of(rows, ARRAY_SIZE(rows));
    const struct span a = span_of("a", 1);

    (void)state;
    assert_true(is_in(pair, 0, OPTION_VENDOR_CLASS_IDENTIFIER, a));
    assert_false(is_in(pair, 0, OPTION_VENDOR_CLASS_IDENTIFIER, span_of("b", 1)));
    assert_false(is_in(pair, 0, OPTION_HOST_NAME, a));
    assert_false(is_in(pair, 1, OPTION_VENDOR_CLASS_IDENTIFIER, a)); /* it asks for 225 */
    assert_false(is_in(pair, 2, OPTION_VENDOR_CLASS_IDENTIFIER, a)); /* it has no name */
    pair_free(pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_whole_texts),
        cmocka_unit_test(an_element_of_a_list_is_enough),
        cmocka_unit_test(a_user_class_is_one_of_the_tuples_or_all_of_it),
        cmocka_unit_test(every_condition_has_to_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
