/* daemon/core/import.c - see import.h */
#include "daemon/core/import.h"

#include "daemon/core/server_internal.h"

/* So many leases wait for the partner at once: the rest of the claims is for clients. */
#define IMPORT_CLAIMS_MAX (CLAIMS_MAX / 4)

const char *import_result_name(enum import_result result)
{
    static const char *const names[IMPORT_RESULTS] = {
        "written",    "handed-over", "busy",   "unchanged",    "ended",  "no-client",
        "no-address", "reserved",    "in-use", "the-partners", "not-now"};

    ASSERT((size_t)result < IMPORT_RESULTS);
    return names[result];
}

struct import_keys {
    struct client_names who;
    uint8_t key[CLIENT_KEY_MAX], hardware[CLIENT_KEY_MAX], flex_id[FLEX_ID_MAX];
};

static void make_keys(const struct imported_lease *lease, struct import_keys *out)
{
    out->hardware[0] = KEY_HARDWARE;
    out->hardware[1] = lease->htype;
    memcpy(&out->hardware[2], lease->chaddr, sizeof(lease->chaddr));
    out->who.hardware_key =
        span_of(out->hardware, lease->hlen == 0 ? 0 : (size_t)lease->hlen + 2);
    out->who.key = out->who.hardware_key;
    out->who.relay_info = lease->relay_info;
    out->who.flex_id = span_of(NULL, 0);
    if (lease->client_id.size == 0 || lease->client_id.size >= CLIENT_KEY_MAX)
        return;
    out->key[0] = KEY_CLIENT_IDENTIFIER;
    memcpy(&out->key[1], lease->client_id.data, lease->client_id.size);
    out->who.key = span_of(out->key, lease->client_id.size + 1);
}

static bool is_configured(const struct server *s, struct ip4 address)
{
    return config_pool_of(s->config, address) != NULL || reservation_at(s, address) != NULL;
}

/* The file may set the address aside for somebody, whether or not the record says so yet. */
static bool is_reserved_for_other(const struct server *s, const struct binding *b,
                                  const struct client_names *client)
{
    const struct config_reservation *r = reservation_at(s, b->address);
    const struct span key = r != NULL ? r->key : b->reserved;

    return key.size > 0 && !span_equal(key, client->key) && !identity_is_of(client, key);
}

static void fill(const struct imported_lease *lease, struct binding *b)
{
    b->htype = lease->htype;
    b->hlen = lease->hlen;
    memcpy(b->chaddr, lease->chaddr, sizeof(b->chaddr));
    b->host_name = binding_attribute(lease->host_name);
    b->relay_info = binding_attribute(lease->relay_info);
    b->vendor_class = binding_attribute(lease->vendor_class);
}

/* As far as the lease says what the expression looks at. */
static void name_by_flex_id(const struct server *s, const struct imported_lease *lease,
                            struct import_keys *keys)
{
    struct binding b = {.client = keys->who.key};

    fill(lease, &b);
    keys->who.flex_id = flex_id_of_record(s, &b, keys->flex_id);
}

static enum import_result write_own(struct server *s, struct binding *b,
                                    const struct imported_lease *lease, struct span client)
{
    b->term = s->alone ? 0 : s->fo.record.term;
    b->cltt = s->now;
    if (lease->abandoned) {
        b->state = BINDING_ABANDONED;
        b->expires = instant_later(b->expires, lease->expires);
    } else {
        if (!span_equal(b->client, client))
            b->expires = instant_ms(0);
        b->state = BINDING_ACTIVE;
        b->client = client;
        b->expires = instant_later(b->expires, instant_add_ms(lease->expires, LEASE_SLACK_MS));
        fill(lease, b);
    }
    persist_own(s, b);
    lease_table_offer_end(s->leases, b->address);
    return IMPORT_WRITTEN;
}

/* The owner decides by its own record, which is the same as ours but for what is on its way. */
static enum import_result hand_over(struct server *s, struct binding *b,
                                    const struct imported_lease *lease,
                                    const struct client_names *who, struct effects *fx)
{
    if (!s->fo.open || s->import_claims == IMPORT_CLAIMS_MAX)
        return IMPORT_BUSY;
    struct binding asked = *b;
    asked.client = who->key;
    asked.reserved = span_of(NULL, 0);
    fill(lease, &asked);
    return claim_import(s, &asked, who->flex_id, lease->expires.ms - s->now.ms, fx)
               ? IMPORT_HANDED_OVER
               : IMPORT_BUSY;
}

/* What stands against it, whoever is to write it; IMPORT_WRITTEN: nothing. */
static enum import_result judge(struct server *s, const struct binding *b,
                                const struct imported_lease *lease,
                                const struct client_names *client)
{
    const struct policy policy = policy_of(s);
    const bool same = client->key.size > 0 && span_equal(b->client, client->key);

    if (s->store_failed || (!s->alone && policy.state != FO_NORMAL))
        return IMPORT_NOT_NOW;
    if (lease->expires.ms <= s->now.ms)
        return IMPORT_ENDED;
    if (!lease->abandoned && client->key.size == 0)
        return IMPORT_NO_CLIENT;
    if (!is_configured(s, b->address))
        return IMPORT_NOT_CONFIGURED;
    if (b->state == BINDING_ABANDONED && !policy_ended(&policy, b))
        return lease->abandoned && b->expires.ms >= lease->expires.ms ? IMPORT_UNCHANGED
                                                                      : IMPORT_IN_USE;
    if (lease->abandoned)
        return b->state == BINDING_ACTIVE && !policy_ended(&policy, b) ? IMPORT_IN_USE
                                                                       : IMPORT_WRITTEN;
    if (is_reserved_for_other(s, b, client))
        return IMPORT_RESERVED;
    if (same && b->state == BINDING_ACTIVE && b->expires.ms >= lease->expires.ms)
        return IMPORT_UNCHANGED;
    return offered_to_other(s, b->address, client->key) ? IMPORT_IN_USE : IMPORT_WRITTEN;
}

enum import_result server_import_lease(struct server *s, struct instant now,
                                       const struct imported_lease *lease, bool dry_run,
                                       struct effects *fx)
{
    struct binding b = lease_table_binding(s->leases, lease->address);
    struct import_keys keys;

    server_advance(s, now, fx);
    make_keys(lease, &keys);
    name_by_flex_id(s, lease, &keys);
    const enum import_result judged = judge(s, &b, lease, &keys.who);
    if (judged != IMPORT_WRITTEN)
        return judged;
    const bool partners = !s->alone && b.owner != s->self;
    if (partners && lease->abandoned)
        return IMPORT_PARTNERS;
    if (partners) {
        if (b.state != BINDING_FREE && !span_equal(b.client, keys.who.key))
            return IMPORT_IN_USE;
        return dry_run ? IMPORT_HANDED_OVER : hand_over(s, &b, lease, &keys.who, fx);
    }
    if (!lease->abandoned && !may_bind(s, &b, &keys.who))
        return IMPORT_IN_USE;
    return dry_run ? IMPORT_WRITTEN : write_own(s, &b, lease, keys.who.key);
}
