/* daemon/core/names.c - how a client is named: from its reservation, from what it sent (options
 * 12 and 81, RFC 4702), or made from its address; and what of that goes into the record and the
 * reply. */
#include "daemon/core/server_internal.h"

static const struct config_names *rules_of(const struct levels *levels)
{
    return levels->subnet->names;
}

/* The domain that names without one are completed with; empty if there is none. */
static struct name domain_of(const struct levels *levels)
{
    struct name domain = {.size = 0};
    struct span text;

    if (rules_of(levels)->suffix != NULL)
        text = span_of(rules_of(levels)->suffix, strlen(rules_of(levels)->suffix));
    else
        text = options_find(levels, OPTION_DOMAIN_NAME);
    if (text.data != NULL && !name_add_text(&domain, text))
        domain.size = 0;
    return domain;
}

/* 10-7-0-9 */
static size_t put_address(char *out, struct ip4 address)
{
    char text[IP4_TEXT_SIZE];
    const size_t size = strlen(ip4_format(address, text));

    memcpy(out, text, size);
    for (char *dot = out; (dot = memchr(dot, '.', size - (size_t)(dot - out))) != NULL;)
        *dot = '-';
    return size;
}

/* 525400123456 */
static size_t put_hardware(char *out, const struct dhcp4_packet *p)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < p->hlen; i++) {
        out[2 * i] = digits[p->chaddr[i] >> 4];
        out[2 * i + 1] = digits[p->chaddr[i] & 15];
    }
    return 2 * (size_t)p->hlen;
}

#define PATTERN_MAX 63 /* of the configuration */

static void generate(const struct request *r, const struct levels *levels, struct name *name)
{
    const char *pattern = rules_of(levels)->generated;
    char text[PATTERN_MAX * 4 + 64]; /* {hw} of 16 bytes is 8 times as long as written */
    size_t size = 0;

    while (*pattern != '\0' && size + 32 < sizeof(text)) {
        if (strncmp(pattern, "{address}", 9) == 0) {
            size += put_address(text + size, levels->address);
            pattern += 9;
        } else if (strncmp(pattern, "{hw}", 4) == 0) {
            size += put_hardware(text + size, r->packet);
            pattern += 4;
        } else {
            text[size++] = *pattern++;
        }
    }
    if (!name_add_label(name, span_of(text, size)))
        name->size = 0;
}

/* What the client calls itself.  `whole`: with its domain. */
static void take_sent(const struct request *r, const struct client_name *c, struct name *name,
                      bool *whole)
{
    if (c->has_fqdn && c->fqdn.name.size > 0) {
        *name = c->fqdn.name;
        *whole = c->fqdn.qualified;
    } else if (dhcp4_has(r->packet, OPTION_HOST_NAME) &&
               !name_add_text(name, r->packet->option[OPTION_HOST_NAME])) {
        name->size = 0;
    }
}

/* The client's own name gives way to a generated one where the rules say so. */
static bool is_replaced(const struct config_names *rules, const struct name *sent)
{
    switch (rules->replace) {
    case REPLACE_NEVER:
        return false;
    case REPLACE_ALWAYS:
        return true;
    case REPLACE_WHEN_ABSENT:
        return sent->size == 0;
    case REPLACE_WHEN_PRESENT:
        return sent->size > 0;
    }
    return false;
}

static void choose(const struct request *r, const struct levels *levels,
                   const struct client_name *c, struct name *name, bool *whole)
{
    const struct config_names *rules = rules_of(levels);
    const char *reserved = r->reservation != NULL ? r->reservation->host_name : NULL;

    if (rules->source == NAME_OF_NOBODY)
        return;
    if (reserved != NULL) {
        if (!name_add_text(name, span_of(reserved, strlen(reserved))))
            name->size = 0;
        return;
    }
    if (rules->source == NAME_OF_CLIENT)
        take_sent(r, c, name, whole);
    if (rules->source == NAME_GENERATED ||
        (rules->source == NAME_OF_CLIENT && is_replaced(rules, name))) {
        *name = (struct name){.size = 0};
        *whole = false;
        generate(r, levels, name);
    }
}

/* The name itself, and how much of it is the host's.  A name that is too long with its domain,
 * or is the domain, names nobody. */
static void complete(struct client_name *c, const struct name *domain, bool whole)
{
    if (c->name.size > 0 && !whole && !name_lies_in(&c->name, name_span(domain)) &&
        !name_add_text(&c->name, name_span(domain)))
        c->name.size = 0;
    if (c->name.size == domain->size)
        c->name.size = 0;
    c->host_size = 0;
    if (c->name.size > 0 && name_lies_in(&c->name, name_span(domain)))
        c->host_size = (size_t)c->name.size - domain->size - 1;
    while (c->host_size == 0 && c->host_size < c->name.size)
        c->host_size = strcspn(c->name.text, ".");
}

/* Who updates what: all is the pair's, unless the client may choose and does (RFC 4702 4). */
static void share_updates(const struct server *s, const struct levels *levels,
                          struct client_name *c)
{
    const struct config_ddns *ddns = s->config->ddns;
    const bool follows =
        c->has_fqdn && rules_of(levels)->client_updates == CLIENT_UPDATES_FOLLOW;
    const struct config_ddns_zone *zone;
    char reverse[REVERSE_NAME_SIZE];

    c->forward = c->reverse = false;
    if (ddns == NULL || c->name.size == 0 || (follows && c->fqdn.no_updates))
        return;
    zone = config_ddns_zone_of(ddns, name_span(&c->name));
    c->forward = zone != NULL && strlen(zone->zone) < c->name.size &&
                 (!follows || c->fqdn.server_updates);
    c->reverse =
        config_ddns_zone_of(
            ddns, span_of(reverse, config_reverse_name(levels->address, reverse))) != NULL;
}

static const struct client_name *name_of(struct server *s, const struct request *r,
                                         const struct levels *levels)
{
    struct client_name *c = &s->name;
    const struct span fqdn = r->packet->option[OPTION_CLIENT_FQDN];
    struct name domain;
    bool whole = false;

    if (c->known && ip4_equal(c->address, levels->address))
        return c;
    memset(c, 0, offsetof(struct client_name, option));
    c->known = true;
    c->address = levels->address;
    if (fqdn.data != NULL && rules_of(levels)->client_updates != CLIENT_UPDATES_IGNORE) {
        c->has_fqdn = fqdn_decode(fqdn, &c->fqdn);
        s->counters.fqdn_malformed += !c->has_fqdn;
    }
    domain = domain_of(levels);
    choose(r, levels, c, &c->name, &whole);
    complete(c, &domain, whole);
    share_updates(s, levels, c);
    return c;
}

void names_add_host_name(struct server *s, const struct request *r, const struct levels *levels)
{
    const struct client_name *c = name_of(s, r, levels);

    if (c->host_size > 0 && !c->has_fqdn)
        dhcp4_writer_add(&s->writer, OPTION_HOST_NAME, span_of(c->name.text, c->host_size));
}

/* Sent to whoever sent it, asked for or not (RFC 4702 4). */
void names_add_fqdn(struct server *s, const struct request *r, const struct levels *levels)
{
    const struct client_name *c = name_of(s, r, levels);
    struct fqdn answer;

    if (!c->has_fqdn || c->name.size == 0)
        return;
    answer = fqdn_answer(&c->fqdn, c->forward, c->reverse);
    answer.name = c->name;
    dhcp4_writer_add(&s->writer, OPTION_CLIENT_FQDN,
                     span_of(s->name.option, fqdn_encode(&answer, s->name.option)));
}

/* Our own record: its names were checked when it came. */
static struct names names_in(const struct binding *b)
{
    struct names names;

    if (!names_decode(b->names, &names))
        UNREACHABLE("names were checked when they came");
    return names;
}

/* Does the client say in this packet how it is named?  A renewal may leave that out. */
static bool says_name(const struct request *r)
{
    return dhcp4_has(r->packet, OPTION_HOST_NAME) || dhcp4_has(r->packet, OPTION_CLIENT_FQDN);
}

void names_write(struct server *s, const struct request *r, bool same, struct binding *b)
{
    const struct levels levels = select_levels(s, r, b->address);
    struct names names = names_in(b);

    if (rules_of(&levels) == NULL) {
        names.name = span_of(NULL, 0);
        names.forward = names.reverse = false;
    } else {
        const struct client_name *c = name_of(s, r, &levels);

        if (!same || c->name.size > 0 || says_name(r)) {
            names.name = name_span(&c->name);
            names.forward = c->forward;
            names.reverse = c->reverse;
        }
    }
    /* Another client's name may have become free since. */
    for (size_t i = 0; i < names.count; i++) {
        if (names.entry[i].state == NAME_TAKEN)
            names.entry[i].state = NAME_MAYBE;
    }
    b->names = names_encode(&names, s->names_bytes);
}

void names_write_claimed(struct server *s, struct span claimed, struct binding *b)
{
    struct names names = names_in(b), asked;

    if (!names_decode(claimed, &asked))
        UNREACHABLE("a claim's record was checked when it came");
    names.name = asked.name;
    names.forward = asked.forward;
    names.reverse = asked.reverse;
    b->names = names_encode(&names, s->names_bytes);
}
