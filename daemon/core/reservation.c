/* daemon/core/reservation.c - the reservation of a client, of an address, and what it has set
 * aside. */
#include "daemon/core/server_internal.h"

const struct config_reservation *reservation_at(const struct server *s, struct ip4 address)
{
    const struct config_reservation *found = config_reservation_at(s->config, address);

    return found != NULL ? found : runtime_at(&s->runtime, address);
}

/* By each kind of identity in turn, in the file first; `subnet` NULL: in no subnet. */
static const struct config_reservation *reserved_in(const struct server *s,
                                                    const struct request *r,
                                                    const struct config_subnet *subnet)
{
    const struct config_identities *identities = &s->config->identities;
    const unsigned used = identities->used | s->runtime.used;
    const size_t written =
        subnet != NULL ? subnet->reservation_count : s->config->anywhere_count;
    const struct config_reservation *found = NULL;
    uint8_t bytes[CLIENT_KEY_MAX];

    if (written == 0 && s->runtime.holding == 0)
        return NULL;
    for (size_t i = 0; i < identities->count && found == NULL; i++) {
        struct span key;

        if ((used & 1u << identities->order[i]) == 0)
            continue;
        key = identity_key(&r->names, identities->order[i], bytes);
        found = subnet != NULL ? config_reservation_of(s->config, subnet, key)
                               : config_reservation_anywhere(s->config, key);
        if (found == NULL)
            found =
                runtime_of(&s->runtime, subnet != NULL ? subnet->index : CONFIG_ANYWHERE, key);
    }
    return found;
}

/* In the subnet that the packet named, in another on its link, or in none. */
void reservation_find(struct server *s, struct request *r)
{
    const struct config_link *link = r->subnet->link;

    r->names.relay_info = r->packet->option[OPTION_RELAY_AGENT_INFORMATION];
    flex_id_of_packet(s, r);
    r->reservation = NULL;
    if (s->config->reservation_count == 0 && s->runtime.holding == 0)
        return;
    r->reservation = reserved_in(s, r, r->subnet);
    for (size_t i = 0; r->reservation == NULL && i < link->subnet_count; i++)
        if (link->subnets[i] != r->subnet)
            r->reservation = reserved_in(s, r, link->subnets[i]);
    if (r->reservation == NULL)
        r->reservation = reserved_in(s, r, NULL);
}

struct ip4 reservation_address(const struct request *r)
{
    return r->reservation != NULL ? r->reservation->address : ip4(0);
}

bool reservation_names(const struct server *s, const struct binding *b, struct span key)
{
    uint8_t hardware[sizeof(b->chaddr) + 2] = {0, b->htype};
    uint8_t flex_id[FLEX_ID_MAX];
    struct client_names names = {b->client, span_of(hardware, (size_t)b->hlen + 2),
                                 b->relay_info, span_of(NULL, 0)};

    memcpy(&hardware[2], b->chaddr, sizeof(b->chaddr));
    if (key.size > 0 && key.data[0] == IDENTITY_FLEX_ID)
        names.flex_id = flex_id_of_record(s, b, flex_id);
    return b->client.size > 0 && (span_equal(key, b->client) || identity_is_of(&names, key));
}

bool reservation_names_holder(const struct server *s, const struct binding *b)
{
    return reservation_names(s, b, b->reserved);
}

bool reservation_is_within_reach(struct server *s, const struct request *r)
{
    const struct ip4 address = reservation_address(r);
    struct binding b;

    if (address.value == 0)
        return false;
    b = lease_table_binding(s->leases, address);
    return b.state == BINDING_FREE ||
           (b.state != BINDING_ABANDONED && span_equal(b.client, r->names.key));
}

bool reservation_awaits(struct server *s, const struct request *r, const struct binding *b)
{
    const struct ip4 address = reservation_address(r);
    struct policy policy;
    struct binding kept;

    if (address.value == 0 || ip4_equal(address, b->address))
        return false;
    policy = policy_of(s);
    if (!(s->alone || policy.state == FO_NORMAL) ||
        !(policy_may_write(&policy, b) || r->unicast))
        return false;
    kept = lease_table_binding(s->leases, address);
    if (kept.state != BINDING_FREE || offered_to_other(s, address, r->names.key))
        return false;
    /* The partner's word is in the record alone. */
    return may_bind(s, &kept, &r->names) ||
           (!s->alone && kept.owner != s->self && identity_is_of(&r->names, kept.reserved));
}
