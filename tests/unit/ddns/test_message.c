/* Updates on the wire, and what comes back. */
#include "daemon/ddns/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ldns/ldns.h>

static const struct config_ddns_key key = {.name = "k1", .algorithm = TSIG_HMAC_SHA256};
static const struct config_ddns_zone plain = {.zone = "b.net"};
static const struct config_ddns_zone keyed = {.zone = "b.net", .key_name = "k1", .key = &key};
static const char secret[] = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
static const struct dns_job job = {.address = {0x0a070009},
                                   .add = true,
                                   .forward = true,
                                   .reverse = true,
                                   .client_size = 8,
                                   .client = {0, 1, 1, 2, 3, 4, 5, 6},
                                   .name_size = 7,
                                   .name = "a.b.net"};

static struct ddns_query query_of(enum ddns_message_type type,
                                  const struct config_ddns_zone *zone)
{
    const struct ddns_message message = {.type = type,
                                         .zone = zone,
                                         .secret = zone->key != NULL ? secret : NULL,
                                         .job = &job,
                                         .ttl_s = 3600,
                                         .id = 0x1234};
    struct ddns_query query;

    assert_int_equal(ddns_message_make(&message, &query), TD_OK);
    return query;
}

/* The name is not in use; then its address and its client (RFC 4703 5.3.1). */
static void a_new_name_on_the_wire(void **state)
{
    static const uint8_t head[] = {
        0x12, 0x34, 0x28, 0x00,                                  /* UPDATE */
        0,    1,    0,    1,    0,   2,   0, 0,                  /* 1 zone, 1 prerequisite, 2 */
        1,    'b',  3,    'n',  'e', 't', 0, 0,   6,    0,    1, /* b.net SOA IN */
        1,    'a',  0xc0, 0x0c, 0,   255, 0, 254,                /* a.b.net ANY NONE */
        0,    0,    0,    0,    0,   0,                          /* TTL 0, no data */
        0xc0, 0x17, 0,    1,    0,   1,   0, 0,   0x0e, 0x10, 0, 4,  /* A IN 3600 */
        10,   7,    0,    9,                                         /* 10.7.0.9 */
        0xc0, 0x17, 0,    49,   0,   1,   0, 0,   0x0e, 0x10, 0, 35, /* DHCID IN 3600 */
        0,    0,    1,                                               /* of hardware, SHA-256 */
    };
    const struct ddns_query query = query_of(DDNS_ADD_NEW, &plain);

    (void)state;
    assert_int_equal(query.size, sizeof(head) + 32);
    assert_memory_equal(query.wire, head, sizeof(head));
}

/* Prerequisites and updates of each message, as the library reads them back. */
static void each_message_has_its_sections(void **state)
{
    static const struct {
        enum ddns_message_type type;
        size_t prerequisites, updates;
    } all[] = {
        {DDNS_ADD_NEW, 1, 2},     {DDNS_ADD_OWN, 2, 2},        {DDNS_ADD_OWNED, 1, 4},
        {DDNS_ADD_ANY, 0, 4},     {DDNS_REMOVE_ADDRESS, 1, 1}, {DDNS_REMOVE_NAME, 3, 1},
        {DDNS_ADD_REVERSE, 0, 4}, {DDNS_REMOVE_REVERSE, 1, 2},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
        const struct ddns_query query = query_of(all[i].type, &plain);
        ldns_pkt *packet = NULL;

        assert_int_equal(ldns_wire2pkt(&packet, query.wire, query.size), LDNS_STATUS_OK);
        assert_int_equal(ldns_pkt_get_opcode(packet), LDNS_PACKET_UPDATE);
        assert_int_equal(ldns_update_prcount(packet), all[i].prerequisites);
        assert_int_equal(ldns_update_upcount(packet), all[i].updates);
        ldns_pkt_free(packet);
    }
}

/* An answer of this kind to `query`, signed if a secret is given. */
static size_t make_answer(const struct ddns_query *query, ldns_pkt_rcode rcode,
                          const char *with, bool cut, uint8_t out[static DDNS_WIRE_MAX])
{
    ldns_pkt *packet = NULL;
    uint8_t *wire = NULL;
    size_t size = 0;

    assert_int_equal(ldns_wire2pkt(&packet, query->wire, query->size), LDNS_STATUS_OK);
    ldns_pkt_set_qr(packet, true);
    ldns_pkt_set_tc(packet, cut);
    ldns_pkt_set_rcode(packet, (uint8_t)rcode);
    if (ldns_pkt_tsig(packet) != NULL) {
        ldns_rr_free(ldns_pkt_tsig(packet));
        ldns_pkt_set_tsig(packet, NULL);
    }
    if (with != NULL) {
        ldns_rdf *mac =
            ldns_rdf_new_frm_data(LDNS_RDF_TYPE_INT16_DATA, query->mac_size, query->mac);

        assert_int_equal(ldns_pkt_tsig_sign(packet, "k1", with, 300, "hmac-sha256.", mac),
                         LDNS_STATUS_OK);
        ldns_rdf_deep_free(mac);
    }
    assert_int_equal(ldns_pkt2wire(&wire, packet, &size), LDNS_STATUS_OK);
    assert_true(size <= DDNS_WIRE_MAX);
    memcpy(out, wire, size);
    LDNS_FREE(wire);
    ldns_pkt_free(packet);
    return size;
}

static enum ddns_answer read_answer(const struct ddns_query *query, ldns_pkt_rcode rcode,
                                    const char *with, bool cut, char *problem)
{
    uint8_t bytes[DDNS_WIRE_MAX];
    const size_t size = make_answer(query, rcode, with, cut, bytes);

    return ddns_answer_read(query, span_of(bytes, size), problem);
}

static void each_code_means_what_the_rfc_says(void **state)
{
    const struct ddns_query query = query_of(DDNS_ADD_NEW, &plain);
    char problem[DDNS_PROBLEM_SIZE] = "";

    (void)state;
    assert_int_equal(read_answer(&query, LDNS_RCODE_NOERROR, NULL, false, problem), DDNS_OK);
    assert_int_equal(read_answer(&query, LDNS_RCODE_YXDOMAIN, NULL, false, problem),
                     DDNS_NAME_USED);
    assert_int_equal(read_answer(&query, LDNS_RCODE_NXRRSET, NULL, false, problem),
                     DDNS_NOT_MET);
    assert_int_equal(read_answer(&query, LDNS_RCODE_NOERROR, NULL, true, problem),
                     DDNS_TRUNCATED);
    assert_int_equal(read_answer(&query, LDNS_RCODE_REFUSED, NULL, false, problem),
                     DDNS_REJECTED);
    assert_string_equal(problem, "it answers REFUSED");
}

static void an_answer_has_to_be_signed_with_the_key(void **state)
{
    static const char wrong[] = "YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODk=";
    const struct ddns_query query = query_of(DDNS_ADD_NEW, &keyed);
    char problem[DDNS_PROBLEM_SIZE] = "";

    (void)state;
    assert_int_equal(read_answer(&query, LDNS_RCODE_NOERROR, secret, false, problem), DDNS_OK);
    assert_int_equal(read_answer(&query, LDNS_RCODE_NOERROR, wrong, false, problem),
                     DDNS_REJECTED);
    assert_int_equal(read_answer(&query, LDNS_RCODE_NOERROR, NULL, false, problem),
                     DDNS_REJECTED);
    assert_string_equal(problem, "it answers NOERROR, not signed with key k1");
    assert_int_equal(read_answer(&query, LDNS_RCODE_NOTAUTH, NULL, false, problem),
                     DDNS_REJECTED);
    assert_string_equal(problem, "it answers NOTAUTH, and does not accept key k1");
}

static void what_is_no_answer_to_the_query_is_passed_over(void **state)
{
    const struct ddns_query query = query_of(DDNS_ADD_NEW, &plain);
    struct ddns_query other = query;
    uint8_t bytes[DDNS_WIRE_MAX];
    const size_t size = make_answer(&query, LDNS_RCODE_NOERROR, NULL, false, bytes);
    char problem[DDNS_PROBLEM_SIZE];

    (void)state;
    other.id++;
    assert_int_equal(ddns_answer_read(&other, span_of(bytes, size), problem), DDNS_FOREIGN);
    assert_int_equal(ddns_answer_read(&query, span_of(query.wire, query.size), problem),
                     DDNS_FOREIGN); /* our own, sent back */
    for (size_t cut = 0; cut < 12; cut++)
        assert_int_equal(ddns_answer_read(&query, span_of(bytes, cut), problem), DDNS_FOREIGN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_name_on_the_wire),
        cmocka_unit_test(each_message_has_its_sections),
        cmocka_unit_test(each_code_means_what_the_rfc_says),
        cmocka_unit_test(an_answer_has_to_be_signed_with_the_key),
        cmocka_unit_test(what_is_no_answer_to_the_query_is_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
