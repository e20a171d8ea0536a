/* Two concurrent records, each of which may be the only one to know of a name in the DNS. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ha/merge.h"

#define TEXT(text) span_of((text), sizeof(text) - 1)

/* A record of `client` with one entry for `name`, or none for NULL. */
static struct binding record(const char *client, const char *name, enum name_state state,
                             int64_t version, uint8_t out[static NAMES_SIZE_MAX])
{
    struct binding b = {
        .address = ip4(1),
        .state = BINDING_ACTIVE,
        .version = {version, 0, version % 2 != 0 ? ROLE_PRIMARY : ROLE_SECONDARY},
        .expires = instant_ms(1000),
        .client = span_of(client, strlen(client))};
    struct names names = {.name = TEXT("now.net")};

    if (name != NULL) {
        const struct name_entry entry = {state, true, true, b.client,
                                         span_of(name, strlen(name))};

        assert_true(names_add(&names, &entry));
    }
    b.names = names_encode(&names, out);
    return b;
}

static struct merge_outcome join(const struct binding *own, const struct binding *received,
                                 uint8_t buffer[static NAMES_SIZE_MAX], struct binding *out)
{
    const struct merge_outcome outcome = merge(own, received, MERGE_UNSEEN, out);

    return merge_names(own, received, MERGE_UNSEEN, outcome, buffer, out);
}

static uint8_t a_bytes[NAMES_SIZE_MAX], b_bytes[NAMES_SIZE_MAX], buffer[NAMES_SIZE_MAX],
    other[NAMES_SIZE_MAX];

static void the_loser_of_an_address_leaves_its_name(void **state)
{
    struct binding own = record("aa", "old.net", NAME_ADDED, 1, a_bytes), out;
    const struct binding received = record("bb", "new.net", NAME_ADDED, 2, b_bytes);
    struct names names;

    (void)state;
    own.state = BINDING_RELEASED;
    assert_int_equal(join(&own, &received, buffer, &out).result, MERGE_REWRITE);
    assert_true(span_equal(out.client, received.client));
    assert_true(names_decode(out.names, &names));
    assert_int_equal(names.count, 2);
    assert_true(span_equal(names.entry[1].client, own.client));
}

static void both_sides_make_the_same(void **state)
{
    const struct binding a = record("aa", "one.net", NAME_ADDED, 1, a_bytes);
    const struct binding b = record("aa", "two.net", NAME_MAYBE, 2, b_bytes);
    struct binding out, mirrored;

    (void)state;
    (void)join(&a, &b, buffer, &out);
    (void)join(&b, &a, other, &mirrored);
    assert_true(binding_same_contents(&out, &mirrored));
}

/* The counter-write of a join is taken by the other side as it is: it ends there. */
static void a_join_is_joined_once(void **state)
{
    const struct binding a = record("aa", "one.net", NAME_ADDED, 1, a_bytes);
    const struct binding b = record("aa", NULL, NAME_MAYBE, 2, b_bytes);
    struct binding out, again;

    (void)state;
    assert_int_equal(join(&a, &b, buffer, &out).result, MERGE_REWRITE);
    out.version.ms = 3;
    assert_int_equal(join(&b, &out, other, &again).result, MERGE_TOOK);
    assert_true(binding_same_contents(&out, &again));
}

static void what_was_written_in_knowledge_stands(void **state)
{
    const struct binding own = record("aa", "one.net", NAME_ADDED, 1, a_bytes);
    const struct binding received = record("aa", NULL, NAME_MAYBE, 2, b_bytes);
    struct binding out;
    struct merge_outcome outcome = merge(&own, &received, MERGE_SEEN, &out);

    (void)state;
    outcome = merge_names(&own, &received, MERGE_SEEN, outcome, buffer, &out);
    assert_int_equal(outcome.result, MERGE_TOOK);
    assert_true(span_equal(out.names, received.names));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_loser_of_an_address_leaves_its_name),
        cmocka_unit_test(both_sides_make_the_same),
        cmocka_unit_test(a_join_is_joined_once),
        cmocka_unit_test(what_was_written_in_knowledge_stands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
