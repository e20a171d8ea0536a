/* Names of clients, and option 81 as RFC 4702 has it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/fqdn.h"

#define TEXT(text) span_of((text), sizeof(text) - 1)

static void assert_name(const struct name *name, const char *want)
{
    assert_int_equal(name->size, strlen(want));
    assert_memory_equal(name->text, want, name->size);
}

static void what_a_host_name_may_not_have_becomes_a_hyphen(void **state)
{
    static const struct {
        const char *text, *name;
    } cases[] = {
        {"db1", "db1"},
        {"DB1", "db1"},
        {"Joe's_Phone", "joe-s-phone"},
        {"-a-", "a"},
        {"...", ""},
        {"a..b", "a.b"},
        {"\xc3\xa4"
         "a",
         "a"},
        {"a.b.", "a.b"},
        {"!!!", ""},
        {"", ""},
        {"1", "1"},
        {" a b ", "a-b"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct name name = {.size = 0};

        assert_true(name_add_text(&name, span_of(cases[i].text, strlen(cases[i].text))));
        assert_name(&name, cases[i].name);
    }
}

static void a_label_has_63_bytes_and_a_name_253(void **state)
{
    struct name name = {.size = 0};
    char text[300];

    (void)state;
    memset(text, 'a', sizeof(text));
    for (size_t i = 0; i < 3; i++)
        assert_true(name_add_label(&name, span_of(text, sizeof(text))));
    assert_int_equal(name.size, 3 * 63 + 2);
    assert_false(name_add_label(&name, span_of(text, 63)));
    assert_int_equal(name.size, 3 * 63 + 2);
    assert_true(name_add_label(&name, span_of(text, 61)));
    assert_int_equal(name.size, NAME_SIZE_MAX);
}

static void a_name_lies_in_a_domain_by_whole_labels(void **state)
{
    struct name name = {.size = 0};

    (void)state;
    assert_true(name_add_text(&name, TEXT("db1.dc1.net")));
    assert_true(name_lies_in(&name, TEXT("dc1.net")));
    assert_true(name_lies_in(&name, TEXT("db1.dc1.net")));
    assert_false(name_lies_in(&name, TEXT("c1.net")));
    assert_false(name_lies_in(&name, TEXT("a.db1.dc1.net")));
    assert_false(name_lies_in(&name, TEXT("")));
}

struct asked {
    struct span option;
    bool good, qualified;
    const char *name;
};

static void both_encodings_are_read(void **state)
{
    static const struct asked cases[] = {
        {{(const uint8_t *)"\5\0\0\3db1\3net\0", 12}, true, true, "db1.net"},
        {{(const uint8_t *)"\5\0\0\3db1", 7}, true, false, "db1"},
        {{(const uint8_t *)"\4\0\0", 3}, true, false, ""},
        {{(const uint8_t *)"\4\0\0\0", 4}, true, false, ""},
        {{(const uint8_t *)"\1\0\0db1.net", 10}, true, true, "db1.net"},
        {{(const uint8_t *)"\1\0\0DB1\0", 7}, true, false, "db1"},
        {{(const uint8_t *)"\1\0", 2}, false, false, ""},
        {{(const uint8_t *)"\4\0\0\5db1", 7}, false, false, ""},         /* beyond the end */
        {{(const uint8_t *)"\4\0\0\xc0\0", 5}, false, false, ""},        /* a pointer */
        {{(const uint8_t *)"\4\0\0\3db1\0\3net", 12}, false, false, ""}, /* more than a name */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct fqdn fqdn = {.name = {.size = 0}};

        assert_int_equal(fqdn_decode(cases[i].option, &fqdn), cases[i].good);
        if (!cases[i].good)
            continue;
        assert_name(&fqdn.name, cases[i].name);
        assert_int_equal(fqdn.qualified, cases[i].qualified);
    }
}

static void the_answer_is_in_the_clients_encoding(void **state)
{
    struct fqdn fqdn = {.server_updates = true, .wire = true};
    uint8_t out[FQDN_SIZE_MAX];
    size_t size;

    (void)state;
    assert_true(name_add_text(&fqdn.name, TEXT("db1.net")));
    size = fqdn_encode(&fqdn, out);
    assert_true(span_equal(span_of(out, size), TEXT("\5\xff\xff\3db1\3net\0")));
    fqdn.wire = false;
    size = fqdn_encode(&fqdn, out);
    assert_true(span_equal(span_of(out, size), TEXT("\1\xff\xff"
                                                    "db1.net")));
}

/* RFC 4702 4: S says who writes the A record, O that this is not what was asked, N that
 * nothing is written at all, and then S is 0. */
static void the_flags_say_who_writes_what(void **state)
{
    static const struct {
        bool asked_s, forward, reverse;
        bool s, o, n;
    } table[] = {
        /* asked, done:       S      O      N */
        {true, true, true, true, false, false},    {true, false, true, false, true, false},
        {true, false, false, false, true, true},   {false, true, true, true, true, false},
        {false, false, true, false, false, false}, {false, false, false, false, false, true},
        {true, true, false, true, false, false},   {false, true, false, true, true, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
        const struct fqdn asked = {.server_updates = table[i].asked_s, .wire = true};
        const struct fqdn answer = fqdn_answer(&asked, table[i].forward, table[i].reverse);

        assert_int_equal(answer.server_updates, table[i].s);
        assert_int_equal(answer.overridden, table[i].o);
        assert_int_equal(answer.no_updates, table[i].n);
        assert_true(answer.wire);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_host_name_may_not_have_becomes_a_hyphen),
        cmocka_unit_test(a_label_has_63_bytes_and_a_name_253),
        cmocka_unit_test(a_name_lies_in_a_domain_by_whole_labels),
        cmocka_unit_test(both_encodings_are_read),
        cmocka_unit_test(the_answer_is_in_the_clients_encoding),
        cmocka_unit_test(the_flags_say_who_writes_what),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
