/* tests/sim/trace.c - who said what to whom, who wrote what, who is in which state. */
#include "tests/sim/sim.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define TEXTS       8  /* that live at a time */
#define MOMENT_ROWS 40 /* addresses listed at a violation */

void trace_note(struct sim *sim, uint64_t a, uint64_t b)
{
    const uint64_t values[3] = {(uint64_t)sim->now, a, b};

    for (size_t i = 0; i < ARRAY_SIZE(values); i++)
        sim->hash = (sim->hash ^ values[i]) * UINT64_C(0x9e3779b97f4a7c15);
    sim->hash ^= sim->hash >> 29;
}

void trace(struct sim *sim, const char *who, const char *format, ...)
{
    va_list arguments;

    if (!sim->options.trace)
        return;
    printf("%4" PRId64 ".%03d %-11s ", sim->now / 1000, (int)(sim->now % 1000), who);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

/* ---- names ---- */

static char *next_text(void)
{
    static char texts[TEXTS][64];
    static unsigned next;

    return texts[next++ % TEXTS];
}

const char *address_text(struct ip4 address)
{
    char *out = next_text();

    snprintf(out, sizeof(char[64]), "%u.%u.%u.%u", address.value >> 24,
             address.value >> 16 & 255, address.value >> 8 & 255, address.value & 255);
    return out;
}

const char *client_name(const struct client *client)
{
    char *out = next_text();

    snprintf(out, sizeof(char[64]), "client %d", client->number);
    return out;
}

const char *client_text(const struct sim *sim, uint64_t key)
{
    for (size_t i = 0; i < sim->client_count; i++) {
        if (sim->clients[i].key == key)
            return client_name(&sim->clients[i]);
    }
    return "nobody";
}

static const char *client_of_hardware(const struct sim *sim, const uint8_t *hardware,
                                      uint32_t xid)
{
    for (size_t i = 0; i < sim->client_count; i++) {
        const struct client *c = &sim->clients[i];

        if (memcmp(c->hardware, hardware, sizeof(c->hardware)) == 0 && c->xid == xid)
            return client_name(c);
    }
    return "a client that has asked anew since";
}

/* ---- clients and servers ---- */

void trace_ask(struct sim *sim, const struct client *c, const struct ask *ask)
{
    char what[100] = "", whom[40] = "";

    if (!sim->options.trace)
        return;
    if (ask->type == DHCP4_REQUEST && ask->server.value != 0)
        snprintf(what, sizeof(what), ", takes %s of the %s", address_text(ask->requested),
                 role_name(c->offerer));
    else if (ask->type == DHCP4_REQUEST && ask->ciaddr.value != 0)
        snprintf(what, sizeof(what), ", renews %s", address_text(ask->ciaddr));
    else if (ask->type == DHCP4_REQUEST)
        snprintf(what, sizeof(what), ", INIT-REBOOT with %s", address_text(ask->requested));
    else if (ask->type != DHCP4_DISCOVER)
        snprintf(what, sizeof(what), ", gives up %s",
                 address_text(ask->ciaddr.value != 0 ? ask->ciaddr : ask->requested));
    if (ask->unicast)
        snprintf(whom, sizeof(whom), " to the %s", role_name(ask->to));
    trace(sim, client_name(c), "%s%s%s%s", dhcp4_type_name(ask->type), whom, what,
          c->tries > 1 ? " (again)" : "");
}

void trace_reply(struct sim *sim, enum role from, const struct dhcp4_packet *packet, bool heard)
{
    char what[60] = "";

    if (!sim->options.trace)
        return;
    if (packet->type != DHCP4_NAK)
        snprintf(what, sizeof(what), ": %s for %u s", address_text(packet->yiaddr),
                 dhcp4_option_u32(packet, OPTION_LEASE_TIME));
    trace(sim, role_name(from), "%s to %s%s%s", dhcp4_type_name(packet->type),
          client_of_hardware(sim, packet->chaddr, packet->xid), what,
          heard ? "" : " (it is mute or fenced)");
}

/* ---- the beginning, and a violation ---- */

void trace_legend(const struct sim *sim)
{
    printf(
        "seconds, who, what.  \"<- primary: Update\" is a frame when it arrives; \"wrote\" a "
        "record that\nis on the disk now; \"until\" and \"version\" are in seconds of the "
        "lease clock since the run began;\nheartbeats are left out.  The primary is "
        "10.77.0.2, the secondary 10.77.0.3.  Clients:");
    for (uint32_t i = 0; i < sim->settings.clients; i++)
        printf("%s %u %s", i == 0 ? "" : ",", i, client_kind_name(sim->clients[i].kind));
    printf("\n\n");
}

static void moment_of_peer(struct sim *sim, enum role role)
{
    const struct node *node = &sim->nodes[role];
    struct server_status s;

    if (node->server == NULL) {
        printf("  %-9s does not run\n", role_name(role));
        return;
    }
    server_status(node->server, &s);
    printf("  %-9s %s since %.3f (%s)%s, term %u, own writes %" PRIu64 ", durable %" PRIu64
           ", acked %" PRIu64 ", applied of the partner's %" PRIu64 "%s\n",
           role_name(role), fo_state_name(s.failover.state),
           (double)(s.failover.since.ms - LEASE_CLOCK_AT_START) / 1000, s.failover.reason,
           node->stopped ? ", stands still" : "", s.failover.term, s.seq, s.durable_seq,
           s.acked_seq, s.partner_applied, s.store_ok ? "" : ", cannot write");
}

static void moment_of_address(struct sim *sim, struct ip4 address)
{
    for (int role = 0; role < 2; role++) {
        struct binding b;

        if (sim->nodes[role].server == NULL)
            continue;
        b = lease_table_binding(server_leases(sim->nodes[role].server), address);
        printf("  %-15s %s at the %s: %s, owner %s, until %.3f, term %u, version %.3f+%u %s\n",
               role == 0 ? address_text(address) : "", binding_state_name(b.state),
               role_name((enum role)role), client_text(sim, key_hash(b.client)),
               role_name(b.owner), (double)(b.expires.ms - LEASE_CLOCK_AT_START) / 1000, b.term,
               (double)(b.version.ms - LEASE_CLOCK_AT_START) / 1000, b.version.counter,
               role_name(b.version.writer));
    }
}

void trace_moment(struct sim *sim)
{
    int rows = 0;

    if (!sim->options.trace)
        return;
    printf("\nat that moment:\n");
    moment_of_peer(sim, ROLE_PRIMARY);
    moment_of_peer(sim, ROLE_SECONDARY);
    for (uint32_t i = 0; i < ADDRESSES_MAX && rows < MOMENT_ROWS; i++) {
        const struct ip4 address = address_of_index(i);
        bool touched = sim->promises[i].client != 0;

        for (int role = 0; role < 2; role++)
            touched |= sim->nodes[role].view.records[i].version.ms != 0;
        if (touched) {
            moment_of_address(sim, address);
            rows++;
        }
    }
    printf("\n");
}
