/* daemon/core/limits.c - `limits`: no new address for who has as many as may be.
 *
 * An address that the client holds, or that is reserved for it, is always granted; it counts.
 */
#include "daemon/lease/limits.h"
#include "daemon/core/server_internal.h"

#define TOLD_EVERY_MS 60000

static struct lease_holder holder_of(const struct request *r)
{
    const struct dhcp4_packet *p = r->packet;
    struct lease_holder holder = {
        .client = r->names.key, .htype = p->htype, .hlen = p->hlen, .chaddr = p->chaddr};

    if (dhcp4_has(p, OPTION_RELAY_AGENT_INFORMATION)) /* the relay's, or the one remembered */
        holder.relay_info = binding_attribute(p->option[OPTION_RELAY_AGENT_INFORMATION]);
    return holder;
}

static bool is_new(struct server *s, const struct request *r, struct ip4 address)
{
    const struct lease *lease = lease_table_find(s->leases, address);

    return lease == NULL || lease->binding.state != BINDING_ACTIVE ||
           !span_equal(lease_client(lease), r->names.key);
}

static void tell(struct server *s, const struct request *r, const struct config_limit *limit,
                 struct effects *fx)
{
    char key[3 * CLIENT_KEY_MAX + 16];

    s->counters.over_limit++;
    if (EXPLAINS(s)) {
        EXPLAIN(s, "limit", config_limit_per_name(limit->per),
                "no new address: %u leases are allowed, and held or offered", limit->leases);
        return;
    }
    if (s->limit_told[limit->index].ms != 0 &&
        s->now.ms - s->limit_told[limit->index].ms < TOLD_EVERY_MS)
        return;
    s->limit_told[limit->index] = s->now;
    effects_event(fx, EVENT_WARNING, "limit-reached",
                  "%s has no new address in %s: the limit of %u leases per %s is reached (told "
                  "once a minute)",
                  client_key_format(r->names.key, key, sizeof(key)), r->subnet->text,
                  limit->leases, config_limit_per_name(limit->per));
}

bool limits_allow(struct server *s, const struct request *r, struct ip4 address,
                  struct effects *fx)
{
    const struct config_limit *limit;
    struct lease_holder holder;

    if (s->config->limit_count == 0 || !is_new(s, r, address) ||
        (r->reservation != NULL && ip4_equal(r->reservation->address, address)))
        return true;
    holder = holder_of(r);
    limit = lease_limits_full(s->leases, select_subnet(r, address), &holder);
    if (limit != NULL)
        tell(s, r, limit, fx);
    return limit == NULL;
}

void limits_note_offer(struct server *s, const struct request *r, struct ip4 address)
{
    struct lease_holder holder;

    if (s->config->limit_count == 0 || !is_new(s, r, address))
        return;
    holder = holder_of(r);
    lease_limits_offered(s->leases, address, &holder);
}
