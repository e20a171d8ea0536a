/* daemon/core/options.c - the option values of a reply.
 *
 * One precedence: reservation, class (the first in the file that matches and sets it), pool,
 * subnet, global. */
#include "daemon/core/server_internal.h"

static struct span class_option(const struct server *s, const struct dhcp4_packet *p,
                                uint8_t code)
{
    for (size_t i = 0; i < s->config->class_count; i++) {
        const struct config_class *class = &s->config->classes[i];
        const struct span found = config_options_find(class->terms.options, code);

        if (found.data != NULL && class_matches(class, p))
            return found;
    }
    return span_of(NULL, 0);
}

static struct span find_option(const struct server *s, const struct request *r,
                               const struct config_pool *pool, uint8_t code)
{
    struct span found = {NULL, 0};

    if (r->reservation != NULL)
        found = config_options_find(r->reservation->terms.options, code);
    if (found.data == NULL)
        found = class_option(s, r->packet, code);
    if (found.data == NULL && pool != NULL)
        found = config_options_find(pool->terms.options, code);
    if (found.data == NULL)
        found = config_options_find(r->subnet->terms.options, code);
    if (found.data == NULL)
        found = config_options_find(s->config->terms.options, code);
    return found;
}

static uint32_t netmask(const struct config_subnet *subnet)
{
    return subnet->prefix_length == 0 ? 0 : UINT32_MAX << (32 - subnet->prefix_length);
}

/* Options whose value follows from the subnet or the reservation unless they are configured. */
static void add_derived(struct server *s, const struct request *r, uint8_t code)
{
    const uint32_t mask = netmask(r->subnet);

    if (code == OPTION_SUBNET_MASK)
        dhcp4_writer_add_ip4(&s->writer, code, ip4(mask));
    else if (code == OPTION_BROADCAST_ADDRESS && r->subnet->prefix_length < 31)
        dhcp4_writer_add_ip4(&s->writer, code, ip4(r->subnet->network.value | ~mask));
    else if (code == OPTION_HOST_NAME && r->reservation != NULL &&
             r->reservation->host_name != NULL)
        dhcp4_writer_add(&s->writer, code,
                         span_of(r->reservation->host_name, strlen(r->reservation->host_name)));
}

static void add_one(struct server *s, const struct request *r, const struct config_pool *pool,
                    uint8_t code)
{
    struct span found;

    if (code == OPTION_PAD || code == OPTION_END || dhcp4_writer_has(&s->writer, code))
        return;
    found = find_option(s, r, pool, code);
    if (found.data != NULL)
        dhcp4_writer_add(&s->writer, code, found);
    else
        add_derived(s, r, code);
}

void options_add(struct server *s, const struct request *r, struct ip4 address)
{
    const struct config_pool *pool = select_pool(s, r, address);
    const struct span list = r->packet->option[OPTION_PARAMETER_REQUEST_LIST];

    if (list.data != NULL) {
        /* In the client's order of preference (RFC 2132 9.8). */
        for (size_t i = 0; i < list.size; i++)
            add_one(s, r, pool, list.data[i]);
        return;
    }
    for (unsigned code = 1; code < OPTION_END; code++)
        add_one(s, r, pool, (uint8_t)code);
}

static bool is_set(const struct config_boot *boot, int field)
{
    switch (field) {
    case 0:
        return boot->next_server.value != 0;
    case 1:
        return boot->server_name != NULL && boot->server_name[0] != '\0';
    default:
        return boot->boot_file_name != NULL && boot->boot_file_name[0] != '\0';
    }
}

/* The nearest level that sets the header field (0 next-server, 1 server-name, 2 file), or NULL.
 */
static const struct config_boot *find_boot(const struct server *s, const struct request *r,
                                           struct ip4 address, int field)
{
    const struct config_pool *pool = select_pool(s, r, address);

    if (r->reservation != NULL && is_set(&r->reservation->terms.boot, field))
        return &r->reservation->terms.boot;
    for (size_t i = 0; i < s->config->class_count; i++) {
        if (is_set(&s->config->classes[i].terms.boot, field) &&
            class_matches(&s->config->classes[i], r->packet))
            return &s->config->classes[i].terms.boot;
    }
    if (pool != NULL && is_set(&pool->terms.boot, field))
        return &pool->terms.boot;
    if (is_set(&r->subnet->terms.boot, field))
        return &r->subnet->terms.boot;
    return is_set(&s->config->terms.boot, field) ? &s->config->terms.boot : NULL;
}

const char *boot_text(const struct server *s, const struct request *r, struct ip4 address,
                      bool file)
{
    const struct config_boot *boot = find_boot(s, r, address, file ? 2 : 1);

    if (boot == NULL)
        return NULL;
    return file ? boot->boot_file_name : boot->server_name;
}

struct ip4 boot_next_server(const struct server *s, const struct request *r, struct ip4 address)
{
    const struct config_boot *boot = find_boot(s, r, address, 0);

    return boot != NULL ? boot->next_server : ip4(0);
}
