/* daemon/core/select.c - which subnet, client, reservation and lease time a packet is about. */
#include "daemon/core/server_internal.h"
#include "proto/cursor.h"

#define RELAY_LINK_SELECTION    5  /* RFC 3527 */
#define RELAY_SERVER_IDENTIFIER 11 /* RFC 5107 */

/* `bytes` are four. */
static struct ip4 address_in(struct span bytes)
{
    struct cursor c = cursor_of(bytes);

    return ip4(cursor_u32(&c));
}

/* A relay names the link: by link selection (RFC 3527), by subnet selection (RFC 3011), or by
 * itself, as the configuration knows it or by the subnet that it stands in. */
static const struct config_subnet *relayed_subnet(const struct server *s,
                                                  const struct dhcp4_packet *p)
{
    const struct span link = dhcp4_relay_suboption(p, RELAY_LINK_SELECTION);
    const struct config_subnet *subnet;

    if (link.size == 4) {
        EXPLAIN(s, "link", IP(s, address_in(link)),
                "link selection of the relay (option 82, RFC 3527)");
        return config_subnet_of(s->config, address_in(link));
    }
    if (dhcp4_has(p, OPTION_SUBNET_SELECTION)) {
        EXPLAIN(s, "link", IP(s, dhcp4_option_ip4(p, OPTION_SUBNET_SELECTION)),
                "subnet selection of the client (option 118, RFC 3011)");
        return config_subnet_of(s->config, dhcp4_option_ip4(p, OPTION_SUBNET_SELECTION));
    }
    subnet = config_subnet_of_relay(s->config, p->giaddr);
    EXPLAIN(s, "link", IP(s, p->giaddr), "the relay (giaddr), %s",
            subnet != NULL ? "as the file knows it" : "by the subnet that it stands in");
    return subnet != NULL ? subnet : config_subnet_of(s->config, p->giaddr);
}

/* The relay's word; the client's own address when it speaks to us directly; our interface. */
static const struct config_subnet *find_subnet(const struct server *s, const struct request *r)
{
    const struct dhcp4_packet *p = r->packet;
    const struct config_subnet *subnet;

    if (p->giaddr.value != 0)
        return relayed_subnet(s, p);
    if (p->ciaddr.value != 0 && r->unicast) {
        EXPLAIN(s, "link", IP(s, p->ciaddr),
                "the client's own address (ciaddr): it speaks to this server directly");
        return config_subnet_of(s->config, p->ciaddr);
    }
    subnet = config_subnet_of_interface(s->config, r->datagram->interface_name);
    if (subnet != NULL)
        EXPLAIN(s, "link", r->datagram->interface_name, "the receiving interface, by its name");
    else
        EXPLAIN(s, "link", IP(s, r->datagram->local), "the receiving interface's own address");
    return subnet != NULL ? subnet : config_subnet_of(s->config, r->datagram->local);
}

static bool is_broadcast(struct ip4 address)
{
    return address.value == UINT32_MAX;
}

/* The hardware key of a client that also has an identifier. */
static struct span hardware_key(struct request *r)
{
    const struct dhcp4_packet *p = r->packet;

    r->hardware_key_bytes[0] = 0;
    r->hardware_key_bytes[1] = p->htype;
    memcpy(&r->hardware_key_bytes[2], p->chaddr, p->hlen);
    return span_of(r->hardware_key_bytes, (size_t)p->hlen + 2);
}

/* Relay agent information is a relay's to say (RFC 3046 2.1); a client that renews without one
 * is where it was when it was last heard through one. */
static void settle_relay_info(struct server *s, struct request *r)
{
    struct dhcp4_packet *p = &s->packet;
    const struct lease *lease;
    struct span info;

    if (p->giaddr.value != 0)
        return;
    p->option[OPTION_RELAY_AGENT_INFORMATION] = span_of(NULL, 0);
    if (p->ciaddr.value == 0 || !r->unicast)
        return;
    lease = lease_table_find(s->leases, p->ciaddr);
    if (lease == NULL || !span_equal(lease_client(lease), r->names.key))
        return;
    info = lease_relay_info(lease);
    if (info.size == 0 || info.size > sizeof(r->relay_bytes))
        return;
    /* Copied: the record may be written while the request is answered. */
    memcpy(r->relay_bytes, info.data, info.size);
    p->option[OPTION_RELAY_AGENT_INFORMATION] = span_of(r->relay_bytes, info.size);
}

struct ip4 select_source(const struct server *s, const struct datagram *datagram)
{
    for (size_t i = 0; i < s->address_count; i++) {
        if (ip4_equal(s->addresses[i], datagram->destination))
            return datagram->destination;
    }
    return datagram->local;
}

/* What the client knows us by: the relay's word (RFC 5107), the configured address, or the own
 * one that it reached. */
static void settle_identifier(const struct server *s, struct request *r)
{
    const struct dhcp4_packet *p = r->packet;
    struct span override = {NULL, 0};

    r->source = select_source(s, r->datagram);
    r->identifier = r->source;
    if (p->giaddr.value != 0)
        override = dhcp4_relay_suboption(p, RELAY_SERVER_IDENTIFIER);
    if (override.size == 4)
        r->identifier = address_in(override);
    else if (r->subnet->ways.server_identifier.value != 0)
        r->identifier = r->subnet->ways.server_identifier;
    if (EXPLAINS(s) && s->explain->identifier.value != 0)
        r->identifier = s->explain->identifier;
}

bool select_request(struct server *s, const struct datagram *datagram, struct request *r)
{
    const struct dhcp4_packet *p = &s->packet;

    memset(r, 0, offsetof(struct request, key_bytes));
    r->datagram = datagram;
    r->packet = p;
    s->classes.known = false;
    s->name.known = false;
    r->unicast = p->giaddr.value == 0 && !is_broadcast(datagram->destination);
    r->subnet = find_subnet(s, r);
    if (r->subnet == NULL)
        return false;
    r->names.hardware_key = hardware_key(r);
    r->names.key = r->subnet->effective->care.match_client_id == CONFIG_FLAG_NO
                       ? r->names.hardware_key
                       : dhcp4_client_key(p, r->key_bytes);
    settle_relay_info(s, r);
    settle_identifier(s, r);
    reservation_find(s, r);
    return true;
}

bool select_is_own_address(const struct server *s, const struct request *r, struct ip4 address)
{
    if (ip4_equal(address, r->source))
        return true;
    for (size_t i = 0; i < s->address_count; i++) {
        if (ip4_equal(s->addresses[i], address))
            return true;
    }
    return false;
}

bool select_is_own_identifier(const struct server *s, const struct request *r,
                              struct ip4 address)
{
    return ip4_equal(address, r->identifier) || select_is_own_address(s, r, address);
}

bool select_is_pair_identifier(const struct server *s, const struct request *r,
                               struct ip4 address)
{
    return select_is_own_identifier(s, r, address) ||
           (!s->alone && failover_is_partner_identifier(&s->fo, address));
}

const struct config_subnet *select_subnet(const struct request *r, struct ip4 address)
{
    return config_subnet_holds(r->subnet, address) ? r->subnet
                                                   : config_subnet_on_link(r->subnet, address);
}

bool select_configured_for(struct server *s, const struct request *r, struct ip4 address)
{
    const struct config_subnet *subnet = select_subnet(r, address);
    const struct config_reservation *reserved;
    const struct config_pool *pool;

    if (!config_subnet_holds(subnet, address) || !place_admits(s, r, subnet->link->admission) ||
        !place_admits(s, r, subnet->admission))
        return false;
    reserved = reservation_at(s, address);
    if (reserved != NULL)
        return reserved == r->reservation;
    pool = config_pool_in(s->config, subnet, address);
    return pool != NULL && place_admits(s, r, pool->admission);
}

static const struct config_terms *terms_of(const struct config_subnet *subnet,
                                           const struct config_pool *pool)
{
    return pool != NULL ? pool->effective : subnet->effective;
}

const struct config_terms *select_place(const struct server *s, const struct request *r,
                                        struct ip4 address)
{
    const struct config_subnet *subnet = select_subnet(r, address);

    return terms_of(subnet, config_pool_in(s->config, subnet, address));
}

struct levels select_levels(struct server *s, const struct request *r, struct ip4 address)
{
    const struct config_subnet *subnet = select_subnet(r, address);
    const struct config_pool *pool = config_pool_in(s->config, subnet, address);
    struct levels levels = {
        .subnet = subnet,
        .reservation = r->reservation != NULL ? &r->reservation->terms : NULL,
        .classes = classes_at(s, r, subnet, pool),
        .place = terms_of(subnet, pool),
        .address = address,
    };

    levels.send = options_send(s, &levels);
    return levels;
}

uint32_t select_lease_seconds(struct server *s, const struct request *r, struct ip4 address)
{
    const struct levels levels = select_levels(s, r, address);
    struct config_lease_time time = levels.place->lease_time;
    uint32_t wanted;

    if (levels.classes->lease_time != NULL)
        time = config_lease_time_over(time, levels.classes->lease_time);
    if (levels.reservation != NULL)
        time = config_lease_time_over(time, &levels.reservation->lease_time);
    wanted = time.default_s;
    if (dhcp4_has(r->packet, OPTION_LEASE_TIME))
        wanted = dhcp4_option_u32(r->packet, OPTION_LEASE_TIME);
    if (wanted < time.min_s)
        wanted = time.min_s;
    if (wanted > time.max_s)
        wanted = time.max_s;
    return wanted;
}
