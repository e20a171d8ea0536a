/* daemon/core/explain_why.c - the longer explanations: what the client is, what stands against
 * an address, where a value comes from, where a packet is broken. */
#include <stdio.h>

#include "daemon/core/server_internal.h"
#include "proto/cursor.h"

#define VALUE_TEXT 160

/* ---- a packet that does not parse ---- */

/* The offset of the first option of a field that runs past its end; SIZE_MAX: none does. */
static size_t broken_option(struct span bytes, size_t from, size_t to)
{
    for (size_t at = from; at < to && bytes.data[at] != OPTION_END;) {
        if (bytes.data[at] == OPTION_PAD) {
            at++;
            continue;
        }
        if (at + 1 >= to || bytes.data[at + 1] > to - at - 2)
            return at;
        at += 2 + (size_t)bytes.data[at + 1];
    }
    return SIZE_MAX;
}

static void explain_truncated(struct explain *e, struct span bytes)
{
    enum { SNAME_AT = 44, FILE_AT = 108, COOKIE_AT = 236 };
    static const struct {
        const char *name;
        size_t from, to; /* 0: the end of the packet */
    } fields[] = {{"options", DHCP4_HEADER_SIZE, 0},
                  {"file", FILE_AT, COOKIE_AT},
                  {"sname", SNAME_AT, FILE_AT}};

    for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
        const size_t to = fields[i].to != 0 ? fields[i].to : bytes.size;
        const size_t at = broken_option(bytes, fields[i].from, to);

        if (at == SIZE_MAX)
            continue;
        explain_conclude(e, EXPLAIN_MALFORMED,
                         "option %u at byte %zu runs past the end of the %s field (byte %zu)",
                         bytes.data[at], at, fields[i].name, to);
        return;
    }
}

void explain_malformed(struct explain *e, struct span bytes, enum dhcp4_decode decoded)
{
    static const char *const why[DHCP4_DROP_REASONS] = {
        [DHCP4_DROP_SHORT] = "shorter than the 240 bytes of a header",
        [DHCP4_DROP_OVERSIZED] = "more bytes, or more of repeated options, than there may be",
        [DHCP4_DROP_BAD_OP] = "op (byte 0) is neither 1 (BOOTREQUEST) nor 2 (BOOTREPLY)",
        [DHCP4_DROP_BAD_COOKIE] = "bytes 236 to 239 are not the magic cookie 63:82:53:63",
        [DHCP4_DROP_BAD_HLEN] = "hlen (byte 2) is above 16",
        [DHCP4_DROP_TRUNCATED] = "an option runs past its field",
        [DHCP4_DROP_BAD_OVERLOAD] = "option 52 is not one byte of 1, 2 or 3",
        [DHCP4_DROP_BAD_TYPE] = "option 53 is not one byte of 1 to 18",
        [DHCP4_DROP_BAD_OPTION] = "option 50, 51, 54, 57, 61 or 118 has a wrong size",
    };

    explain_add(e, "decode", dhcp4_decode_name(decoded), "%zu bytes: %s", bytes.size,
                why[decoded]);
    if (decoded == DHCP4_DROP_TRUNCATED)
        explain_truncated(e, bytes);
    explain_conclude(e, EXPLAIN_MALFORMED, "%s", why[decoded]);
}

/* ---- who asks ---- */

static void explain_records(struct server *s, const struct request *r)
{
    const struct lease *lease = lease_table_find_client(s->leases, r->subnet, r->names.key);
    struct lease_offer offer;

    if (lease != NULL)
        EXPLAIN(s, "binding", IP(s, lease->binding.address),
                "%s, ends %lld s from now, owned by the %s",
                binding_state_name((enum binding_state)lease->binding.state),
                (long long)(lease->binding.expires.ms - s->now.ms) / 1000,
                role_name((enum role)lease->binding.owner));
    else
        EXPLAIN(s, "binding", "", "no address on this link is or was this client's");
    if (lease_table_offer_to(s->leases, r->subnet, r->names.key, s->now, &offer))
        EXPLAIN(s, "offer", IP(s, offer.address), "offered to this client for another %lld s",
                (long long)(offer.until.ms - s->now.ms) / 1000);
}

static void explain_reservation(struct server *s, const struct request *r)
{
    const struct config_reservation *reservation = r->reservation;

    if (reservation == NULL) {
        EXPLAIN(s, "reservation", "", "none for this client in this subnet");
        return;
    }
    if (reservation->file == NULL)
        EXPLAIN(s, "reservation", IP(s, reservation->address), "made while running");
    else
        EXPLAIN(s, "reservation", IP(s, reservation->address), "%s, line %d", reservation->file,
                reservation->line);
    if (reservation_address(r).value != 0 && !reservation_is_within_reach(s, r))
        EXPLAIN(s, "reservation", IP(s, reservation->address),
                "not within reach: another's lease of it may stand");
}

static void explain_flex_id(struct server *s, const struct request *r)
{
    uint8_t bytes[CLIENT_KEY_MAX];
    const struct span id = identity_key(&r->names, IDENTITY_FLEX_ID, bytes);
    char text[3 * FLEX_ID_MAX + 16];

    if (s->config->flex_id.count == 0)
        return;
    if (id.size > 0)
        EXPLAIN(s, "flex-id", client_key_format(id, text, sizeof(text)),
                "what the file's flex-id makes of the packet");
    else
        EXPLAIN(s, "flex-id", "",
                "the file's flex-id makes no value of 1 to %d bytes of the packet",
                FLEX_ID_MAX);
}

void explain_request(struct server *s, const struct request *r)
{
    char key[2 * CLIENT_KEY_MAX], hardware[2 * CLIENT_KEY_MAX];

    EXPLAIN(s, "subnet", r->subnet->text, "pools: %zu, reservations: %zu",
            r->subnet->pool_count, r->subnet->reservation_count);
    if (r->subnet->link->name != NULL)
        EXPLAIN(s, "shared-network", r->subnet->link->name, "subnets on the link: %zu",
                r->subnet->link->subnet_count);
    EXPLAIN(s, "client", client_key_format(r->names.key, key, sizeof(key)),
            r->names.key.data[0] == 1
                ? "by its client identifier (option 61); its hardware is %s"
                : "by its hardware address: it sends no usable client "
                  "identifier (option 61)",
            client_key_format(r->names.hardware_key, hardware, sizeof(hardware)));
    explain_flex_id(s, r);
    explain_reservation(s, r);
    explain_classes(s, r);
    explain_records(s, r);
}

/* ---- an address ---- */

static const char *against_configuration(struct server *s, const struct request *r,
                                         struct ip4 address)
{
    if (!config_on_link(r->subnet, address))
        return "it is not on the client's link";
    if (reservation_at(s, address) != NULL && reservation_at(s, address) != r->reservation)
        return "it is reserved for another client";
    if (config_pool_in(s->config, select_subnet(r, address), address) != NULL ||
        reservation_at(s, address) != NULL)
        return NOT_ADMITTED;
    return "it is in no pool of the client's link, and not reserved for the client";
}

/* The rows of ha/README.md, "Bind a to client X", that say no, in words. */
static const char *against_policy(const struct policy *p, const struct request *r,
                                  const struct binding *b)
{
    const bool own = span_equal(b->client, r->names.key);

    if (b->reserved.size > 0 && !span_equal(b->reserved, r->names.key) &&
        !span_equal(b->reserved, r->names.hardware_key))
        return "its record says that it is set aside for another client";
    if (b->state == BINDING_ABANDONED)
        return "it was declined or found in use, and rests";
    if (!policy_serves(p))
        return "in this state only known leases are renewed";
    if (!own && (b->state == BINDING_ACTIVE || b->state == BINDING_RELEASED))
        return "another client's lease of it may stand";
    if (!p->alone && b->owner != p->self)
        return "the partner owns it";
    return "the partner may not know yet that its last lease is over";
}

void explain_may_bind(struct server *s, const struct request *r, const struct binding *b,
                      const char *as)
{
    const struct policy policy = policy_of(s);

    if (!select_configured_for(s, r, b->address))
        EXPLAIN(s, "address", IP(s, b->address), "%s: no, %s", as,
                against_configuration(s, r, b->address));
    else if (offered_to_other(s, b->address, r->names.key))
        EXPLAIN(s, "address", IP(s, b->address), "%s: no, another client has an offer of it",
                as);
    else if (probe_forbids(s, r, b))
        EXPLAIN(s, "address", IP(s, b->address), "%s: no, a machine was found to use it", as);
    else if (!may_bind(s, b, &r->names))
        EXPLAIN(s, "address", IP(s, b->address), "%s: not by this peer, %s", as,
                against_policy(&policy, r, b));
    else
        EXPLAIN(s, "address", IP(s, b->address), "%s: yes, it is %s%s", as,
                binding_state_name(b->state),
                b->client.size == 0                   ? ""
                : span_equal(b->client, r->names.key) ? " and its own"
                                                      : ", last another client's");
}

/* ---- what is sent ---- */

/* The level that sets what `is_set` looks for, nearest first. */
typedef bool level_sets(const struct config_terms *terms, unsigned what);

static const char *level_of(const struct server *s, const struct levels *levels,
                            level_sets *sets, unsigned what, char text[static VALUE_TEXT])
{
    if (levels->reservation != NULL && sets(levels->reservation, what))
        return "the reservation";
    for (size_t i = 0; i < levels->classes->count; i++) {
        if (sets(&levels->classes->matched[i]->terms, what)) {
            snprintf(text, VALUE_TEXT, "class %s", levels->classes->matched[i]->name);
            return text;
        }
    }
    for (size_t i = 0; i < levels->subnet->pool_count; i++) {
        const struct config_pool *pool = &s->config->pools[levels->subnet->first_pool + i];

        if (pool->effective == levels->place && sets(&pool->terms, what))
            return "the pool";
    }
    if (sets(&levels->subnet->terms, what))
        return "the subnet";
    if (sets(&levels->subnet->link->terms, what))
        return "the shared network";
    return sets(&s->config->terms, what) ? "the file" : NULL;
}

static bool sets_option(const struct config_terms *terms, unsigned code)
{
    return option_codes_have(&terms->options->codes, (uint8_t)code);
}

static bool sets_lease_time(const struct config_terms *terms, unsigned unused)
{
    (void)unused;
    return config_lease_time_is_set(&terms->lease_time);
}

static bool sets_boot(const struct config_terms *terms, unsigned unused)
{
    (void)unused;
    return config_boot_is_set(&terms->boot);
}

static const char *by_server(const struct levels *levels, uint8_t code)
{
    switch (code) {
    case OPTION_MESSAGE_TYPE:
    case OPTION_SERVER_IDENTIFIER:
    case OPTION_LEASE_TIME:
    case OPTION_RENEWAL_TIME:
    case OPTION_REBINDING_TIME:
    case OPTION_CLIENT_IDENTIFIER:
        return "the server";
    case OPTION_SUBNET_MASK:
    case OPTION_BROADCAST_ADDRESS:
        return "the subnet's prefix";
    case OPTION_HOST_NAME:
        return levels->subnet->names != NULL ? "the rules of `names`"
                                             : "the reservation's name";
    default:
        return "the server";
    }
}

void explain_option(struct server *s, const struct request *r, const struct levels *levels,
                    uint8_t code)
{
    const struct option_definition *known = config_option_definition(s->config, code);
    const bool asked = dhcp4_has(r->packet, OPTION_PARAMETER_REQUEST_LIST);
    const char *from;
    char subject[96], text[VALUE_TEXT];

    if (!dhcp4_writer_has(&s->writer, code) && !asked)
        return; /* nobody wants all that there is not */
    snprintf(subject, sizeof(subject), "%u %s", code, known != NULL ? known->name : "");
    from = level_of(s, levels, sets_option, code, text);
    if (dhcp4_writer_has(&s->writer, code))
        EXPLAIN(s, "option", subject, "from %s", from != NULL ? from : by_server(levels, code));
    else if (options_never(levels, code))
        EXPLAIN(s, "option", subject, "not sent: `never-send` forbids it");
    else
        EXPLAIN(s, "option", subject, "asked for, and not sent: no level sets it");
}

static bool is_wanted(const struct dhcp4_packet *p, uint8_t code)
{
    const struct span list = p->option[OPTION_PARAMETER_REQUEST_LIST];

    return list.data == NULL || memchr(list.data, code, list.size) != NULL;
}

void explain_unasked(struct server *s, const struct request *r, const struct levels *levels)
{
    for (unsigned code = 1; code < OPTION_END; code++) {
        const struct option_definition *known =
            config_option_definition(s->config, (uint8_t)code);
        char subject[96], text[VALUE_TEXT];
        const char *from = level_of(s, levels, sets_option, code, text);

        if (from == NULL || is_wanted(r->packet, (uint8_t)code) ||
            dhcp4_writer_has(&s->writer, (uint8_t)code))
            continue;
        snprintf(subject, sizeof(subject), "%u %s", code, known != NULL ? known->name : "");
        EXPLAIN(s, "option", subject, "set by %s, and not sent: not asked for (option 55)",
                from);
    }
}

void explain_dropped(struct server *s)
{
    if (s->writer.dropped > 0)
        EXPLAIN(s, "option", "",
                "%zu more are not sent: the packet, of at most %zu bytes, is "
                "full",
                s->writer.dropped, s->writer.max_size);
}

void explain_lease_time(struct server *s, const struct request *r, struct ip4 address,
                        uint32_t wanted, uint32_t told)
{
    const struct levels levels = select_levels(s, r, address);
    char text[VALUE_TEXT];
    const char *from = level_of(s, &levels, sets_lease_time, 0, text);

    EXPLAIN(s, "lease-time", explain_seconds(s->explain, told), "%s %s%s%s",
            dhcp4_has(r->packet, OPTION_LEASE_TIME)
                ? "as the client asks (option 51), within the bounds of"
                : "as set by",
            from != NULL ? from : "the defaults",
            told < wanted ? "; cut to what the partner knows of, or to the MCLT beyond it" : "",
            !s->alone && s->fo.state == FO_NORMAL
                ? "; cut to the MCLT if the partner's ack comes late"
                : "");
}

void explain_boot(struct server *s, const struct levels *levels)
{
    const struct config_boot boot = options_boot(levels);
    char text[VALUE_TEXT];
    const char *from = level_of(s, levels, sets_boot, 0, text);

    if (config_boot_is_set(&boot))
        EXPLAIN(s, "boot", IP(s, boot.next_server), "from %s: server name \"%s\", file \"%s\"",
                from != NULL ? from : "the file", boot.server_name, boot.boot_file_name);
}

void explain_reply(struct explain *e, const struct reply *reply)
{
    static const char *const ways[] = {
        [REPLY_UDP] = "by UDP, routed",
        [REPLY_BROADCAST] = "broadcast on the client's link",
        [REPLY_FRAME] = "a frame to the client's hardware address",
    };

    ASSERT(reply->packet.size <= sizeof(e->packet));
    e->has_reply = true;
    e->reply = *reply;
    memcpy(e->packet, reply->packet.data, reply->packet.size);
    e->reply.packet = span_of(e->packet, reply->packet.size);
    explain_add(e, "way", explain_ip(e, reply->address), "%s, port %u", ways[reply->way],
                reply->port);
}
