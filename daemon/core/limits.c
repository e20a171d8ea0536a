/* daemon/core/limits.c - `limits`: no new address for who has as many as may be.
 *
 * An address that the client holds, or that is reserved for it, is always granted; it counts.
 */
#include "daemon/lease/limits.h"
#include "daemon/core/record_view.h"
#include "daemon/core/server_internal.h"

#define TOLD_EVERY_MS 60000

static void classify(void *context, const struct binding *record,
                     const struct config_limit *const limits[], size_t count, bool in[])
{
    const struct config *config = context;
    struct record_view view;

    record_view_init(&view, record);
    for (size_t i = 0; i < count; i++)
        in[i] =
            limits[i]->class < CONFIG_BUILTINS /* only "all" may be limited */ ||
            class_test_holds(&config->classes[limits[i]->class - CONFIG_BUILTINS], &view.facts);
}

void limits_init(struct server *s)
{
    lease_limits_classify(s->leases, classify, (void *)s->config);
}

/* The record of `address`, were it bound for the request now (bind.c), as far as it says who
 * the client is. */
static struct binding record_to_be(struct server *s, const struct request *r,
                                   struct ip4 address)
{
    struct binding b = lease_table_binding(s->leases, address);

    if (!span_equal(b.client, r->names.key))
        b.host_name = b.relay_info = b.vendor_class = span_of(NULL, 0);
    b.client = r->names.key;
    binding_set_attributes(r, &b);
    return b;
}

/* `record` is room for what classes are told by. */
static struct lease_holder holder_of(struct server *s, const struct request *r,
                                     struct ip4 address, struct binding *record)
{
    const struct dhcp4_packet *p = r->packet;
    struct lease_holder holder = {
        .client = r->names.key, .htype = p->htype, .hlen = p->hlen, .chaddr = p->chaddr};

    if (dhcp4_has(p, OPTION_RELAY_AGENT_INFORMATION)) /* the relay's, or the one remembered */
        holder.relay_info = binding_attribute(p->option[OPTION_RELAY_AGENT_INFORMATION]);
    if (s->config->limits_classes) {
        *record = record_to_be(s, r, address);
        holder.record = record;
    }
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
        EXPLAIN(s, "limit", config_limit_what(limit),
                "no new address: %u leases are allowed, and held or offered", limit->leases);
        return;
    }
    if (s->limit_told[limit->index].ms != 0 &&
        s->now.ms - s->limit_told[limit->index].ms < TOLD_EVERY_MS)
        return;
    s->limit_told[limit->index] = s->now;
    effects_event(fx, EVENT_WARNING, "limit-reached",
                  "%s has no new address in %s: the limit of %u leases %s %s is reached (told "
                  "once a minute)",
                  client_key_format(r->names.key, key, sizeof(key)), r->subnet->text,
                  limit->leases, config_limit_how(limit), config_limit_what(limit));
}

bool limits_allow(struct server *s, const struct request *r, struct ip4 address,
                  struct effects *fx)
{
    const struct config_limit *limit;
    struct lease_holder holder;
    struct binding record;

    if (s->config->limit_count == 0 || !is_new(s, r, address) ||
        (r->reservation != NULL && ip4_equal(r->reservation->address, address)))
        return true;
    holder = holder_of(s, r, address, &record);
    limit = lease_limits_full(s->leases, select_subnet(r, address), &holder);
    if (limit != NULL)
        tell(s, r, limit, fx);
    return limit == NULL;
}

void limits_note_offer(struct server *s, const struct request *r, struct ip4 address)
{
    struct lease_holder holder;
    struct binding record;

    if (s->config->limit_count == 0 || !is_new(s, r, address))
        return;
    holder = holder_of(s, r, address, &record);
    lease_limits_offered(s->leases, address, &holder);
}
