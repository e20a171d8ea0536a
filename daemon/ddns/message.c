/* daemon/ddns/message.c - updates made and answers read with libldns. */
#include "daemon/ddns/message.h"

#include <ldns/ldns.h>
#include <stdio.h>

#include "daemon/ddns/dhcid.h"

#define FUDGE_S 300 /* RFC 8945 10 */

/* Everything of one update while it is made; `failed` sticks. */
struct draft {
    const struct ddns_message *message;
    ldns_rdf *name, *reverse;
    ldns_rr_list *prerequisites, *updates;
    uint8_t dhcid[DHCID_SIZE];
    bool failed;
};

static ldns_rdf *name_rdf(struct draft *d, const char *text)
{
    ldns_rdf *rdf = NULL;

    d->failed |= ldns_str2rdf_dname(&rdf, text) != LDNS_STATUS_OK;
    return rdf;
}

/* ---- records ---- */

static void add_record(struct draft *d, ldns_rr_list *list, const ldns_rdf *owner,
                       ldns_rr_class class, ldns_rr_type type, uint32_t ttl, ldns_rdf *data)
{
    ldns_rr *rr = ldns_rr_new();

    ldns_rr_set_owner(rr, ldns_rdf_clone(owner));
    ldns_rr_set_type(rr, type);
    ldns_rr_set_class(rr, class);
    ldns_rr_set_ttl(rr, ttl);
    if (data != NULL)
        d->failed |= !ldns_rr_push_rdf(rr, data);
    d->failed |= !ldns_rr_list_push_rr(list, rr);
}

static ldns_rdf *address_data(const struct draft *d)
{
    const uint32_t a = d->message->job->address.value;
    const uint8_t bytes[4] = {(uint8_t)(a >> 24), (uint8_t)(a >> 16), (uint8_t)(a >> 8),
                              (uint8_t)a};

    return ldns_rdf_new_frm_data(LDNS_RDF_TYPE_A, sizeof(bytes), bytes);
}

static ldns_rdf *dhcid_data(const struct draft *d)
{
    return ldns_rdf_new_frm_data(LDNS_RDF_TYPE_B64, sizeof(d->dhcid), d->dhcid);
}

/* ---- prerequisites (RFC 2136 2.4) ---- */

static void need_nothing_at(struct draft *d, const ldns_rdf *owner, ldns_rr_type type)
{
    add_record(d, d->prerequisites, owner, LDNS_RR_CLASS_NONE, type, 0, NULL);
}

static void need_any_at(struct draft *d, const ldns_rdf *owner, ldns_rr_type type)
{
    add_record(d, d->prerequisites, owner, LDNS_RR_CLASS_ANY, type, 0, NULL);
}

static void need_client_at(struct draft *d, const ldns_rdf *owner)
{
    add_record(d, d->prerequisites, owner, LDNS_RR_CLASS_IN, LDNS_RR_TYPE_DHCID, 0,
               dhcid_data(d));
}

/* ---- updates (RFC 2136 2.5) ---- */

static void add(struct draft *d, const ldns_rdf *owner, ldns_rr_type type, ldns_rdf *data)
{
    add_record(d, d->updates, owner, LDNS_RR_CLASS_IN, type, d->message->ttl_s, data);
}

static void clear(struct draft *d, const ldns_rdf *owner, ldns_rr_type type)
{
    add_record(d, d->updates, owner, LDNS_RR_CLASS_ANY, type, 0, NULL);
}

static void take_out(struct draft *d, const ldns_rdf *owner, ldns_rr_type type, ldns_rdf *data)
{
    add_record(d, d->updates, owner, LDNS_RR_CLASS_NONE, type, 0, data);
}

static void add_forward(struct draft *d)
{
    clear(d, d->name, LDNS_RR_TYPE_A);
    clear(d, d->name, LDNS_RR_TYPE_DHCID);
    add(d, d->name, LDNS_RR_TYPE_A, address_data(d));
    add(d, d->name, LDNS_RR_TYPE_DHCID, dhcid_data(d));
}

/* RFC 4703 5.3 to 5.5. */
static void compose(struct draft *d)
{
    switch (d->message->type) {
    case DDNS_ADD_NEW:
        need_nothing_at(d, d->name, LDNS_RR_TYPE_ANY);
        add(d, d->name, LDNS_RR_TYPE_A, address_data(d));
        add(d, d->name, LDNS_RR_TYPE_DHCID, dhcid_data(d));
        break;
    case DDNS_ADD_OWN:
        need_any_at(d, d->name, LDNS_RR_TYPE_ANY);
        need_client_at(d, d->name);
        clear(d, d->name, LDNS_RR_TYPE_A);
        add(d, d->name, LDNS_RR_TYPE_A, address_data(d));
        break;
    case DDNS_ADD_OWNED:
        need_any_at(d, d->name, LDNS_RR_TYPE_DHCID);
        add_forward(d);
        break;
    case DDNS_ADD_ANY:
        add_forward(d);
        break;
    case DDNS_REMOVE_ADDRESS:
        need_client_at(d, d->name);
        take_out(d, d->name, LDNS_RR_TYPE_A, address_data(d));
        break;
    case DDNS_REMOVE_NAME:
        need_client_at(d, d->name);
        need_nothing_at(d, d->name, LDNS_RR_TYPE_A);
        need_nothing_at(d, d->name, LDNS_RR_TYPE_AAAA);
        take_out(d, d->name, LDNS_RR_TYPE_DHCID, dhcid_data(d));
        break;
    case DDNS_ADD_REVERSE:
        clear(d, d->reverse, LDNS_RR_TYPE_PTR);
        clear(d, d->reverse, LDNS_RR_TYPE_DHCID);
        add(d, d->reverse, LDNS_RR_TYPE_PTR, ldns_rdf_clone(d->name));
        add(d, d->reverse, LDNS_RR_TYPE_DHCID, dhcid_data(d));
        break;
    case DDNS_REMOVE_REVERSE:
        need_client_at(d, d->reverse);
        clear(d, d->reverse, LDNS_RR_TYPE_PTR);
        clear(d, d->reverse, LDNS_RR_TYPE_DHCID);
        break;
    }
}

/* ---- the message ---- */

static const char *algorithm_name(enum config_tsig algorithm)
{
    switch (algorithm) {
    case TSIG_HMAC_SHA256:
        return "hmac-sha256.";
    case TSIG_HMAC_SHA1:
        return "hmac-sha1.";
    case TSIG_HMAC_SHA512:
        return "hmac-sha512.";
    case TSIG_HMAC_MD5:
        return "hmac-md5.sig-alg.reg.int.";
    }
    return "";
}

static enum td_err sign(const struct ddns_message *message, ldns_pkt *packet,
                        struct ddns_query *out)
{
    const struct config_ddns_key *key = message->zone->key;
    const ldns_rdf *mac;

    out->key_name = key->name;
    out->secret = message->secret;
    if (ldns_pkt_tsig_sign(packet, key->name, message->secret, FUDGE_S,
                           algorithm_name(key->algorithm), NULL) != LDNS_STATUS_OK)
        return TD_MALFORMED;
    mac = ldns_rr_rdf(ldns_pkt_tsig(packet), 3);
    if (mac == NULL || ldns_rdf_size(mac) > sizeof(out->mac))
        return TD_MALFORMED;
    out->mac_size = ldns_rdf_size(mac);
    memcpy(out->mac, ldns_rdf_data(mac), out->mac_size);
    return TD_OK;
}

static enum td_err finish(const struct ddns_message *message, ldns_pkt *packet,
                          struct ddns_query *out)
{
    enum td_err result = TD_OK;
    uint8_t *wire = NULL;
    size_t size = 0;

    ldns_pkt_set_rd(packet, false);
    ldns_pkt_set_id(packet, message->id);
    out->id = message->id;
    if (message->zone->key != NULL)
        result = sign(message, packet, out);
    if (result == TD_OK && ldns_pkt2wire(&wire, packet, &size) != LDNS_STATUS_OK)
        result = TD_MALFORMED;
    if (result == TD_OK && size > sizeof(out->wire))
        result = TD_NO_SPACE;
    if (result == TD_OK) {
        memcpy(out->wire, wire, size);
        out->size = size;
    }
    LDNS_FREE(wire);
    return result;
}

static enum td_err make(struct draft *d, struct ddns_query *out)
{
    ldns_rdf *zone = name_rdf(d, d->message->zone->zone); /* the packet's from here on */
    enum td_err result = TD_MALFORMED;
    ldns_pkt *packet;

    compose(d);
    if (d->failed) {
        ldns_rdf_deep_free(zone);
        return TD_MALFORMED;
    }
    packet = ldns_update_pkt_new(zone, LDNS_RR_CLASS_IN, d->prerequisites, d->updates, NULL);
    if (packet == NULL)
        return TD_MALFORMED;
    result = finish(d->message, packet, out);
    ldns_pkt_free(packet);
    return result;
}

enum td_err ddns_message_make(const struct ddns_message *message, struct ddns_query *out)
{
    const struct dns_job *job = message->job;
    struct draft d = {.message = message};
    char reverse[REVERSE_NAME_SIZE];
    enum td_err result;

    memset(out, 0, offsetof(struct ddns_query, mac));
    (void)config_reverse_name(job->address, reverse);
    dhcid_make(span_of(job->client, job->client_size), job->name, d.dhcid);
    d.name = name_rdf(&d, job->name);
    d.reverse = name_rdf(&d, reverse);
    d.prerequisites = ldns_rr_list_new();
    d.updates = ldns_rr_list_new();
    result = d.failed ? TD_MALFORMED : make(&d, out);
    ldns_rr_list_deep_free(d.prerequisites);
    ldns_rr_list_deep_free(d.updates);
    ldns_rdf_deep_free(d.name);
    ldns_rdf_deep_free(d.reverse);
    return result;
}

/* ---- answers ---- */

static bool is_signed_well(const struct ddns_query *query, ldns_pkt *packet, struct span bytes)
{
    ldns_rdf *mac;
    bool well;

    if (query->secret == NULL)
        return true;
    if (ldns_pkt_tsig(packet) == NULL)
        return false;
    mac = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_INT16_DATA, query->mac_size, query->mac);
    well = ldns_pkt_tsig_verify(packet, bytes.data, bytes.size, query->key_name, query->secret,
                                mac);
    ldns_rdf_deep_free(mac);
    return well;
}

static enum ddns_answer judge(const struct ddns_query *query, ldns_pkt *packet,
                              struct span bytes, char problem[static DDNS_PROBLEM_SIZE])
{
    const ldns_pkt_rcode rcode = ldns_pkt_get_rcode(packet);
    const ldns_lookup_table *known = ldns_lookup_by_id(ldns_rcodes, (int)rcode);
    const char *name = known != NULL ? known->name : "an unknown code";

    if (ldns_pkt_tc(packet))
        return DDNS_TRUNCATED;
    /* A server that does not know the key cannot sign that it says so. */
    if (!is_signed_well(query, packet, bytes)) {
        (void)snprintf(problem, DDNS_PROBLEM_SIZE, "it answers %s, %s key %s", name,
                       rcode == LDNS_RCODE_NOTAUTH ? "and does not accept" : "not signed with",
                       query->key_name);
        return DDNS_REJECTED;
    }
    switch (rcode) {
    case LDNS_RCODE_NOERROR:
        return DDNS_OK;
    case LDNS_RCODE_YXDOMAIN:
        return DDNS_NAME_USED;
    case LDNS_RCODE_NXDOMAIN:
    case LDNS_RCODE_NXRRSET:
    case LDNS_RCODE_YXRRSET:
        return DDNS_NOT_MET;
    default: /* the library's enum, and any number */
        (void)snprintf(problem, DDNS_PROBLEM_SIZE, "it answers %s", name);
        return DDNS_REJECTED;
    }
}

enum ddns_answer ddns_answer_read(const struct ddns_query *query, struct span bytes,
                                  char problem[static DDNS_PROBLEM_SIZE])
{
    enum ddns_answer answer = DDNS_FOREIGN;
    ldns_pkt *packet = NULL;

    if (ldns_wire2pkt(&packet, bytes.data, bytes.size) != LDNS_STATUS_OK)
        return DDNS_FOREIGN;
    if (ldns_pkt_id(packet) == query->id && ldns_pkt_qr(packet) &&
        ldns_pkt_get_opcode(packet) == LDNS_PACKET_UPDATE)
        answer = judge(query, packet, bytes, problem);
    ldns_pkt_free(packet);
    return answer;
}
