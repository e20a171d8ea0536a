/* Whose a name is, as RFC 4701 3.6 shows it. */
#include "daemon/ddns/dhcid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ldns/ldns.h>

#define KEY(bytes) span_of((bytes), sizeof(bytes) - 1)

static void assert_dhcid(struct span key, const char *name, const char *base64)
{
    ldns_rdf *want = ldns_rdf_new_frm_str(LDNS_RDF_TYPE_B64, base64);
    uint8_t got[DHCID_SIZE];

    assert_non_null(want);
    assert_int_equal(ldns_rdf_size(want), DHCID_SIZE);
    dhcid_make(key, name, got);
    assert_memory_equal(got, ldns_rdf_data(want), DHCID_SIZE);
    ldns_rdf_deep_free(want);
}

static void a_client_with_a_duid_is_known_by_it(void **state)
{
    (void)state;
    /* The DUID of 3.6.1, in a client identifier as of RFC 4361. */
    assert_dhcid(KEY("\x01\xff\x12\x34\x56\x78\x00\x01\x00\x06\x41\x2d\xf1\x66\x01\x02\x03\x04"
                     "\x05\x06"),
                 "chi6.example.com", "AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=");
}

static void a_client_with_an_identifier_is_known_by_it(void **state)
{
    (void)state;
    assert_dhcid(KEY("\x01\x01\x07\x08\x09\x0a\x0b\x0c"), "chi.example.com",
                 "AAEBOSD+XR3Os/0LozeXVqcNc7FwCfQdWL3b/NaiUDlW2No=");
}

static void any_other_is_known_by_its_hardware(void **state)
{
    (void)state;
    assert_dhcid(KEY("\x00\x01\x01\x02\x03\x04\x05\x06"), "client.example.com",
                 "AAABxLmlskllE0MVjd57zHcWmEH3pCQ6VytcKD//7es/deY=");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_with_a_duid_is_known_by_it),
        cmocka_unit_test(a_client_with_an_identifier_is_known_by_it),
        cmocka_unit_test(any_other_is_known_by_its_hardware),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
