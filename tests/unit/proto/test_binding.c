/* What a binding is: versions, the implied record, equality of contents and its hash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "proto/binding.h"

#define TEXT_SPAN(text) span_of((text), sizeof(text) - 1)

static struct binding some_binding(void)
{
    return (struct binding){
        .address = ip4(0x0a4d1010),
        .state = BINDING_ACTIVE,
        .owner = ROLE_SECONDARY,
        .term = 3,
        .version = {1000, 2, ROLE_PRIMARY},
        .cltt = {900},
        .expires = {5000},
        .client = TEXT_SPAN("\x00\x01\x52\x54\x00\x12\x34\x56"),
        .reserved = TEXT_SPAN("\x01zz"),
        .htype = 1,
        .hlen = 6,
        .chaddr = {0x52, 0x54, 0, 0x12, 0x34, 0x56},
        .host_name = TEXT_SPAN("db1"),
        .relay_info = TEXT_SPAN("\x01\x04port"),
        .vendor_class = TEXT_SPAN("PXEClient"),
        .names = TEXT_SPAN("\x00\x07\x03\x03"
                           "db1"),
    };
}

static void versions_are_ordered_by_time_then_counter_then_writer(void **state)
{
    const struct version ascending[] = {
        {0, 0, ROLE_PRIMARY}, {1, 0, ROLE_PRIMARY},   {1, 0, ROLE_SECONDARY},
        {1, 1, ROLE_PRIMARY}, {1, 1, ROLE_SECONDARY}, {2, 0, ROLE_PRIMARY},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(ascending); i++) {
        for (size_t j = 0; j < ARRAY_SIZE(ascending); j++) {
            const int want = i < j ? -1 : i > j ? 1 : 0;

            assert_int_equal(version_compare(ascending[i], ascending[j]), want);
        }
    }
}

static void an_untouched_address_is_free_and_nobodys(void **state)
{
    const struct binding implied = binding_implied(ip4(0x0a000007));

    (void)state;
    assert_int_equal(implied.address.value, 0x0a000007);
    assert_int_equal(implied.state, BINDING_FREE);
    assert_int_equal(implied.owner, ROLE_SECONDARY); /* five bits are set */
    assert_int_equal(implied.version.ms, 0);
    assert_int_equal(implied.client.size, 0);
    assert_int_equal(implied.reserved.size, 0);
}

/* Of every aligned block each peer owns one half. */
static void each_peer_owns_half_of_every_aligned_block(void **state)
{
    (void)state;
    for (uint32_t bits = 1; bits <= 12; bits++) {
        const uint32_t size = UINT32_C(1) << bits;
        const uint32_t first = UINT32_C(0xc0a85000) / size * size;
        const struct ip4 last = ip4(first + size - 1);

        assert_int_equal(implied_owner_count(ip4(first), last, ROLE_PRIMARY), size / 2);
        assert_int_equal(implied_owner_count(ip4(first), last, ROLE_SECONDARY), size / 2);
    }
}

static void owner_counts_agree_with_counting(void **state)
{
    const uint32_t bases[] = {0, 1, 0x0a4d1000, 0x7fffffc0, 0xffffff00};

    (void)state;
    for (size_t b = 0; b < ARRAY_SIZE(bases); b++) {
        for (uint32_t from = 0; from < 70; from++) {
            uint64_t counted[2] = {0, 0};

            for (uint32_t to = from; to < 130; to++) {
                const struct ip4 first = ip4(bases[b] + from), last = ip4(bases[b] + to);

                counted[implied_owner(last)]++;
                assert_int_equal(implied_owner_count(first, last, ROLE_PRIMARY), counted[0]);
                assert_int_equal(implied_owner_count(first, last, ROLE_SECONDARY), counted[1]);
            }
        }
    }
}

static void owner_counts_of_all_addresses_do_not_overflow(void **state)
{
    const uint64_t half = UINT64_C(1) << 31;

    (void)state;
    assert_int_equal(implied_owner_count(ip4(0), ip4(UINT32_MAX), ROLE_PRIMARY), half);
    assert_int_equal(implied_owner_count(ip4(0), ip4(UINT32_MAX), ROLE_SECONDARY), half);
    assert_int_equal(implied_owner_count(ip4(UINT32_MAX), ip4(UINT32_MAX), ROLE_PRIMARY), 1);
}

static void version_term_and_unsent_are_no_contents(void **state)
{
    const struct binding a = some_binding();
    struct binding b = a;

    (void)state;
    b.version = (struct version){77, 7, ROLE_SECONDARY};
    b.term = 9;
    b.unsent = true;
    assert_true(binding_same_contents(&a, &b));
    assert_int_equal(binding_hash(&a), binding_hash(&b));
}

static void bytes_of_chaddr_beyond_hlen_are_no_contents(void **state)
{
    const struct binding a = some_binding();
    struct binding b = a;

    (void)state;
    b.chaddr[6] = 0xff;
    assert_true(binding_same_contents(&a, &b));
    assert_int_equal(binding_hash(&a), binding_hash(&b));
}

static void change_address(struct binding *b)
{
    b->address.value++;
}

static void change_state(struct binding *b)
{
    b->state = BINDING_RELEASED;
}

static void change_owner(struct binding *b)
{
    b->owner = ROLE_PRIMARY;
}

static void change_cltt(struct binding *b)
{
    b->cltt.ms++;
}

static void change_expires(struct binding *b)
{
    b->expires.ms++;
}

static void change_client(struct binding *b)
{
    b->client.size--;
}

static void change_reserved(struct binding *b)
{
    b->reserved = TEXT_SPAN("");
}

static void change_htype(struct binding *b)
{
    b->htype = 6;
}

static void change_hlen(struct binding *b)
{
    b->hlen = 7;
}

static void change_chaddr(struct binding *b)
{
    b->chaddr[5] ^= 1;
}

static void change_host_name(struct binding *b)
{
    b->host_name = TEXT_SPAN("db2");
}

static void change_relay_info(struct binding *b)
{
    b->relay_info = TEXT_SPAN("\x01\x04porT");
}

static void change_vendor_class(struct binding *b)
{
    b->vendor_class = TEXT_SPAN("PXEClient:");
}

static void change_names(struct binding *b)
{
    b->names = TEXT_SPAN("\x00\x07\x01\x03"
                         "db1");
}

static void drop_names(struct binding *b)
{
    b->names = span_of(NULL, 0);
}

/* The same bytes, but the border between two spans moved. */
static void change_border(struct binding *b)
{
    b->host_name = TEXT_SPAN("db1\x01");
    b->relay_info = TEXT_SPAN("\x04port");
}

static void every_change_of_contents_changes_the_hash(void **state)
{
    static void (*const change[])(struct binding *) = {
        change_address,      change_state,  change_owner,     change_cltt,
        change_expires,      change_client, change_reserved,  change_htype,
        change_hlen,         change_chaddr, change_host_name, change_relay_info,
        change_vendor_class, change_border, change_names,     drop_names,
    };
    uint64_t hashes[ARRAY_SIZE(change) + 1];
    const struct binding original = some_binding();

    (void)state;
    hashes[ARRAY_SIZE(change)] = binding_hash(&original);
    for (size_t i = 0; i < ARRAY_SIZE(change); i++) {
        struct binding changed = original;

        change[i](&changed);
        assert_false(binding_same_contents(&original, &changed));
        hashes[i] = binding_hash(&changed);
    }
    for (size_t i = 0; i < ARRAY_SIZE(hashes); i++) {
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(hashes[i], hashes[j]);
    }
}

/* Both peers compute it, whatever they are built with: a change of this value is a change of
 * the protocol. */
static void the_hash_of_a_known_binding_stays_as_it_is(void **state)
{
    struct binding b = some_binding();
    const struct binding implied = binding_implied(ip4(0x0a000007));

    (void)state;
    b.names = span_of(NULL, 0); /* as of a peer that knows of none */
    assert_int_equal(binding_hash(&b), UINT64_C(0x13d6a8f8fde9aeef));
    assert_int_equal(binding_hash(&implied), UINT64_C(0x05540834c6a9eefa));
}

static void every_state_and_role_has_its_name(void **state)
{
    (void)state;
    assert_string_equal(binding_state_name(BINDING_FREE), "FREE");
    assert_string_equal(binding_state_name(BINDING_ACTIVE), "ACTIVE");
    assert_string_equal(binding_state_name(BINDING_RELEASED), "RELEASED");
    assert_string_equal(binding_state_name(BINDING_ABANDONED), "ABANDONED");
    assert_string_equal(role_name(ROLE_PRIMARY), "primary");
    assert_string_equal(role_name(ROLE_SECONDARY), "secondary");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_are_ordered_by_time_then_counter_then_writer),
        cmocka_unit_test(an_untouched_address_is_free_and_nobodys),
        cmocka_unit_test(each_peer_owns_half_of_every_aligned_block),
        cmocka_unit_test(owner_counts_agree_with_counting),
        cmocka_unit_test(owner_counts_of_all_addresses_do_not_overflow),
        cmocka_unit_test(version_term_and_unsent_are_no_contents),
        cmocka_unit_test(bytes_of_chaddr_beyond_hlen_are_no_contents),
        cmocka_unit_test(every_change_of_contents_changes_the_hash),
        cmocka_unit_test(the_hash_of_a_known_binding_stays_as_it_is),
        cmocka_unit_test(every_state_and_role_has_its_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
