/* daemon/core/select.c - which subnet, client, reservation and lease time a packet is about. */
#include "daemon/core/server_internal.h"

#define RELAY_LINK_SELECTION 5 /* RFC 3527 */

/* The address that names the client's link: link selection (RFC 3527), subnet selection (RFC
 * 3011), the relay, the client's own address when it speaks to us directly, our interface. */
static struct ip4 link_address(const struct request *r)
{
    const struct dhcp4_packet *p = r->packet;
    const struct span link = dhcp4_relay_suboption(p, RELAY_LINK_SELECTION);

    if (p->giaddr.value != 0) {
        if (link.size == 4)
            return ip4((uint32_t)link.data[0] << 24 | (uint32_t)link.data[1] << 16 |
                       (uint32_t)link.data[2] << 8 | link.data[3]);
        if (dhcp4_has(p, OPTION_SUBNET_SELECTION))
            return dhcp4_option_ip4(p, OPTION_SUBNET_SELECTION);
        return p->giaddr;
    }
    if (p->ciaddr.value != 0 && r->unicast)
        return p->ciaddr;
    return r->datagram->local;
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

bool select_request(struct server *s, const struct datagram *datagram, struct request *r)
{
    const struct dhcp4_packet *p = &s->packet;

    memset(r, 0, offsetof(struct request, key_bytes));
    r->datagram = datagram;
    r->packet = p;
    s->classes.known = false;
    r->unicast = p->giaddr.value == 0 && !is_broadcast(datagram->destination);
    r->subnet = config_subnet_of(s->config, link_address(r));
    if (r->subnet == NULL)
        return false;
    r->key = dhcp4_client_key(p, r->key_bytes);
    r->hardware_key = hardware_key(r);
    r->reservation = config_reservation_of(s->config, r->subnet, r->key);
    if (r->reservation == NULL)
        r->reservation = config_reservation_of(s->config, r->subnet, r->hardware_key);
    r->identifier = datagram->local;
    for (size_t i = 0; i < s->address_count; i++) {
        if (ip4_equal(s->addresses[i], datagram->destination))
            r->identifier = datagram->destination;
    }
    return true;
}

bool select_is_own_identifier(const struct server *s, const struct request *r,
                              struct ip4 address)
{
    if (ip4_equal(address, r->identifier))
        return true;
    for (size_t i = 0; i < s->address_count; i++) {
        if (ip4_equal(s->addresses[i], address))
            return true;
    }
    return false;
}

bool select_is_pair_identifier(const struct server *s, const struct request *r,
                               struct ip4 address)
{
    return select_is_own_identifier(s, r, address) ||
           (!s->alone && failover_is_partner_identifier(&s->fo, address));
}

/* The pool of the client's subnet that holds `address`; NULL if none does. */
static const struct config_pool *select_pool(const struct server *s, const struct request *r,
                                             struct ip4 address)
{
    return config_pool_in(s->config, r->subnet, address);
}

static bool is_for_client(const struct request *r, struct span key)
{
    return span_equal(key, r->key) || span_equal(key, r->hardware_key);
}

bool select_configured_for(const struct server *s, const struct request *r, struct ip4 address)
{
    const struct config_reservation *reserved;

    if (!config_subnet_holds(r->subnet, address))
        return false;
    reserved = config_reservation_at(s->config, address);
    if (reserved != NULL)
        return is_for_client(r, reserved->key);
    return select_pool(s, r, address) != NULL;
}

struct levels select_levels(struct server *s, const struct request *r, struct ip4 address)
{
    const struct config_pool *pool = select_pool(s, r, address);

    return (struct levels){
        .reservation = r->reservation != NULL ? &r->reservation->terms : NULL,
        .classes = classes_of(s, r),
        .place = pool != NULL ? pool->effective : r->subnet->effective,
    };
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
