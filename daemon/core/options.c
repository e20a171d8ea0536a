/* daemon/core/options.c - the option values and header fields of a reply.
 *
 * One precedence: reservation, class (the first in the file that matches and sets it), pool,
 * subnet, shared network, file; the last four are one since the file was loaded. */
#include "daemon/core/server_internal.h"

static struct span class_option(const struct classes *classes, uint8_t code)
{
    struct span found = {NULL, 0};

    if (!option_codes_have(&classes->codes, code))
        return found;
    for (size_t i = 0; i < classes->count && found.data == NULL; i++)
        found = config_options_find(classes->matched[i]->terms.options, code);
    return found;
}

struct span options_find(const struct levels *levels, uint8_t code)
{
    struct span found = {NULL, 0};

    if (levels->reservation != NULL)
        found = config_options_find(levels->reservation->options, code);
    if (found.data == NULL)
        found = class_option(levels->classes, code);
    if (found.data == NULL)
        found = config_options_find(levels->place->options, code);
    return found;
}

const struct config_send *options_send(struct server *s, const struct levels *levels)
{
    const struct config_send *reservation =
        levels->reservation != NULL ? levels->reservation->send : NULL;
    const struct classes *classes = levels->classes;

    if (!classes->send && reservation == NULL)
        return levels->place->send;
    s->send = levels->place->send != NULL ? *levels->place->send : (struct config_send){0};
    for (size_t i = classes->count; i > 0; i--) {
        if (classes->matched[i - 1]->terms.send != NULL)
            config_send_over(&s->send, classes->matched[i - 1]->terms.send);
    }
    if (reservation != NULL)
        config_send_over(&s->send, reservation);
    return &s->send;
}

bool options_never(const struct levels *levels, uint8_t code)
{
    return levels->send != NULL && option_codes_have(&levels->send->never, code);
}

/* Would option `code` be sent to the client at `address`? */
static bool is_said(struct server *s, const struct request *r, struct ip4 address, uint8_t code)
{
    const struct levels levels = select_levels(s, r, address);

    return options_find(&levels, code).data != NULL && !options_never(&levels, code);
}

bool options_v6_only(struct server *s, const struct request *r, struct ip4 address)
{
    const struct span list = r->packet->option[OPTION_PARAMETER_REQUEST_LIST];

    return list.data != NULL &&
           memchr(list.data, OPTION_V6_ONLY_PREFERRED, list.size) != NULL &&
           is_said(s, r, address, OPTION_V6_ONLY_PREFERRED);
}

bool options_auto_config(struct server *s, const struct request *r)
{
    return dhcp4_has(r->packet, OPTION_AUTO_CONFIG) &&
           is_said(s, r, ip4(0), OPTION_AUTO_CONFIG);
}

struct config_boot options_boot(const struct levels *levels)
{
    struct config_boot boot = levels->place->boot;

    for (size_t i = levels->classes->count; i > 0; i--)
        boot = config_boot_over(boot, &levels->classes->matched[i - 1]->terms.boot);
    if (levels->reservation != NULL)
        boot = config_boot_over(boot, &levels->reservation->boot);
    return boot;
}

static uint32_t netmask(const struct config_subnet *subnet)
{
    return subnet->prefix_length == 0 ? 0 : UINT32_MAX << (32 - subnet->prefix_length);
}

/* Options whose value follows from the subnet or the reservation unless they are configured. */
static void add_derived(struct server *s, const struct request *r, const struct levels *levels,
                        uint8_t code)
{
    const uint32_t mask = netmask(levels->subnet);

    if (code == OPTION_SUBNET_MASK)
        dhcp4_writer_add_ip4(&s->writer, code, ip4(mask));
    else if (code == OPTION_BROADCAST_ADDRESS && levels->subnet->prefix_length < 31)
        dhcp4_writer_add_ip4(&s->writer, code, ip4(levels->subnet->network.value | ~mask));
    else if (code == OPTION_HOST_NAME && levels->subnet->names != NULL)
        names_add_host_name(s, r, levels);
    else if (code == OPTION_HOST_NAME && r->reservation != NULL &&
             r->reservation->host_name != NULL)
        dhcp4_writer_add(&s->writer, code,
                         span_of(r->reservation->host_name, strlen(r->reservation->host_name)));
}

static void add_one(struct server *s, const struct request *r, const struct levels *levels,
                    uint8_t code)
{
    struct span found;

    if (code == OPTION_PAD || code == OPTION_END || dhcp4_writer_has(&s->writer, code))
        return;
    if (!options_never(levels, code)) {
        found = options_find(levels, code);
        if (found.data != NULL)
            dhcp4_writer_add(&s->writer, code, found);
        else
            add_derived(s, r, levels, code);
    }
    if (EXPLAINS(s))
        explain_option(s, r, levels, code);
}

/* In order of code. */
static void add_codes(struct server *s, const struct request *r, const struct levels *levels,
                      const struct option_codes *codes)
{
    for (unsigned word = 0; word < ARRAY_SIZE(codes->word); word++) {
        for (uint64_t left = codes->word[word]; left != 0; left &= left - 1)
            add_one(s, r, levels, (uint8_t)(64 * word + (unsigned)__builtin_ctzll(left)));
    }
}

static void add_requested(struct server *s, const struct request *r,
                          const struct levels *levels, struct span list)
{
    /* In the client's order of preference (RFC 2132 9.8). */
    for (size_t i = 0; i < list.size; i++) {
        if (list.data[i] != OPTION_AUTO_CONFIG)
            add_one(s, r, levels, list.data[i]);
    }
    if (levels->send != NULL)
        add_codes(s, r, levels, &levels->send->always);
    if (EXPLAINS(s))
        explain_unasked(s, r, levels);
}

/* For a client that says nothing of what it wants. */
static void add_configured(struct server *s, const struct request *r,
                           const struct levels *levels)
{
    struct option_codes codes = levels->place->options->codes;

    option_codes_add_all(&codes, &levels->classes->codes);
    if (levels->reservation != NULL)
        option_codes_add_all(&codes, &levels->reservation->options->codes);
    option_codes_add(&codes, OPTION_SUBNET_MASK); /* and what else add_derived() knows */
    option_codes_add(&codes, OPTION_HOST_NAME);
    option_codes_add(&codes, OPTION_BROADCAST_ADDRESS);
    /* RFC 8925 3.3, RFC 2563 2.1: to those alone that ask. */
    option_codes_remove(&codes, OPTION_V6_ONLY_PREFERRED);
    option_codes_remove(&codes, OPTION_AUTO_CONFIG);
    add_codes(s, r, levels, &codes);
}

void options_add(struct server *s, const struct request *r, const struct levels *levels)
{
    const struct span list = r->packet->option[OPTION_PARAMETER_REQUEST_LIST];

    /* An answer to an option of the client's own, not to its list (RFC 2563 2.1). */
    if (dhcp4_has(r->packet, OPTION_AUTO_CONFIG))
        add_one(s, r, levels, OPTION_AUTO_CONFIG);
    if (list.data != NULL)
        add_requested(s, r, levels, list);
    else
        add_configured(s, r, levels);
}
