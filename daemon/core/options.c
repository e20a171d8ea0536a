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

static struct span find_option(const struct levels *levels, uint8_t code)
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
    found = find_option(levels, code);
    if (found.data != NULL)
        dhcp4_writer_add(&s->writer, code, found);
    else
        add_derived(s, r, levels, code);
    if (EXPLAINS(s))
        explain_option(s, r, levels, code);
}

void options_add(struct server *s, const struct request *r, const struct levels *levels)
{
    const struct span list = r->packet->option[OPTION_PARAMETER_REQUEST_LIST];

    if (list.data != NULL) {
        /* In the client's order of preference (RFC 2132 9.8). */
        for (size_t i = 0; i < list.size; i++)
            add_one(s, r, levels, list.data[i]);
        if (EXPLAINS(s))
            explain_unasked(s, r, levels);
        return;
    }
    for (unsigned code = 1; code < OPTION_END; code++)
        add_one(s, r, levels, (uint8_t)code);
}
