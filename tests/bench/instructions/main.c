/* tests/bench/instructions: COUNT exchanges of new clients, or of clients that renew, with one
 * server or a pair: for callgrind, which `run` beside this file starts.
 *
 * Every reply is looked at, so that what is counted is the whole of an exchange. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/instructions/site.h"
#include "tests/bench/load/message.h"

/* Half of the pool has room for these and for the warm-up. */
#define COUNT_MAX 20000
#define WARM_UP   1024

/* How long ago clients that renew were bound: within a second there would be nothing new. */
#define BOUND_FOR_MS 10000
#define PATIENCE_MS  1000
#define MORE_SIZE    64 /* for the options that a relay and a named client add */

struct client {
    struct ip4 address; /* offered, or held */
    struct ip4 server;  /* that offered it */
    enum dhcp4_type heard;
};

struct clients {
    struct site *site;
    struct ip4 relay;
    uint32_t count;
    struct client *client;
    uint8_t requests[SITE_TURN][MESSAGE_SIZE + MORE_SIZE];
    size_t heard; /* replies of the kind that is waited for */
    enum dhcp4_type wanted;
};

static void die(const char *what, uint32_t client) __attribute__((noreturn));

static void die(const char *what, uint32_t client)
{
    fprintf(stderr, "instructions: %s: client %u\n", what, client);
    exit(1);
}

static void receive(void *context, struct span packet)
{
    struct clients *c = context;
    struct reply reply;
    struct client *client;

    if (!message_read(packet, &reply) || reply.client >= c->count)
        die("a reply that does not parse, or to nobody", reply.client);
    client = &c->client[reply.client];
    if (reply.type != c->wanted || client->heard == c->wanted)
        die("a reply that nobody waits for", reply.client);
    if (reply.type == DHCP4_ACK && !ip4_equal(reply.yiaddr, client->address))
        die("a DHCPACK for another address", reply.client);
    client->heard = reply.type;
    client->address = reply.yiaddr;
    client->server = reply.server_id;
    c->heard++;
}

/* ---- requests ---- */

static size_t put(uint8_t *out, size_t at, uint8_t code, const void *value, size_t size)
{
    out[at] = code;
    out[at + 1] = (uint8_t)size;
    memcpy(out + at + 2, value, size);
    return at + 2 + size;
}

/* What most requests in a datacenter have besides: the client's name, and the switch port that
 * the relay saw it on.  Returns the size of the packet. */
static size_t put_more(uint8_t *packet, uint32_t client, bool relayed)
{
    size_t at = DHCP4_HEADER_SIZE;
    uint8_t port[] = {1, 6, 0, 4, 0, 100, 0, 0, 2, 8, 0, 6, 2, 0x11, 0x22, 0x33, 0x44, 0};
    char name[16];
    int size = snprintf(name, sizeof name, "node%05u", client);

    while (packet[at] != OPTION_END)
        at += 2U + packet[at + 1];
    at = put(packet, at, OPTION_HOST_NAME, name, (size_t)size);
    port[6] = (uint8_t)(client / 48);
    port[7] = (uint8_t)(client % 48);
    if (relayed)
        at = put(packet, at, OPTION_RELAY_AGENT_INFORMATION, port, sizeof port);
    packet[at++] = OPTION_END;
    ASSERT(at <= MESSAGE_SIZE + MORE_SIZE);
    return at > MESSAGE_SIZE ? at : MESSAGE_SIZE;
}

static struct span write_request(struct clients *c, uint32_t number, enum request_kind kind)
{
    const struct client *client = &c->client[number];
    uint8_t *out = c->requests[number % SITE_TURN];
    const bool relayed = kind != REQUEST_RENEWING;
    struct request request = {
        .kind = kind,
        .client = number,
        .xid = number * 4 + (uint32_t)kind,
        .address = client->address,
        .server = client->server,
        .relay = relayed ? c->relay : ip4(0),
    };

    message_write(&request, out);
    return span_of(out, put_more(out, number, relayed));
}

/* ---- exchanges ---- */

static void send(struct clients *c, uint32_t number, enum request_kind kind)
{
    const struct span request = write_request(c, number, kind);
    const struct client *client = &c->client[number];

    for (size_t i = 0; i < site_servers(c->site); i++) {
        enum role role = (enum role)i;

        if (kind != REQUEST_RENEWING)
            site_send(c->site, role, c->relay, DHCP4_SERVER_PORT, request);
        else if (ip4_equal(site_address(role), client->server))
            site_send(c->site, role, client->address, DHCP4_CLIENT_PORT, request);
    }
}

/* One message of each client of a group, until all have their answers. */
static void step(struct clients *c, uint32_t first, enum request_kind kind,
                 enum dhcp4_type wanted)
{
    c->wanted = wanted;
    c->heard = 0;
    for (uint32_t i = 0; i < SITE_TURN; i++) {
        c->client[first + i].heard = DHCP4_NONE;
        send(c, first + i, kind);
    }
    site_settle(c->site);
    for (int waited = 0; c->heard < SITE_TURN; waited++) {
        if (waited == PATIENCE_MS)
            die("no answer to one of 64 from here on", first);
        site_run(c->site, 1);
    }
}

static void make_contact(struct clients *c, uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i += SITE_TURN) {
        step(c, i, REQUEST_DISCOVER, DHCP4_OFFER);
        step(c, i, REQUEST_SELECTING, DHCP4_ACK);
        site_run(c->site, 1);
    }
}

static void renew(struct clients *c, uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i += SITE_TURN) {
        step(c, i, REQUEST_RENEWING, DHCP4_ACK);
        site_run(c->site, 1);
    }
}

static void measure_contact(struct clients *c)
{
    make_contact(c, 0, WARM_UP);
    site_begin_counting(c->site);
    make_contact(c, WARM_UP, c->count - WARM_UP);
}

static void measure_renewal(struct clients *c)
{
    make_contact(c, 0, c->count);
    site_run(c->site, BOUND_FOR_MS);
    site_begin_counting(c->site);
    renew(c, WARM_UP, c->count - WARM_UP);
}

static void usage(void) __attribute__((noreturn));

static void usage(void)
{
    fprintf(stderr,
            "usage: instructions contact|renew pair|alone COUNT\n"
            "COUNT is a multiple of %d up to %d\n",
            SITE_TURN, COUNT_MAX);
    exit(2);
}

/* Which of two words; no other is one. */
static bool is_first(const char *word, const char *first, const char *second)
{
    if (strcmp(word, first) != 0 && strcmp(word, second) != 0)
        usage();
    return strcmp(word, first) == 0;
}

int main(int argc, char **argv)
{
    struct clients c = {.relay = ip4(0x0a4d0004)};
    unsigned long count = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;

    if (count == 0 || count > COUNT_MAX || count % SITE_TURN != 0)
        usage();
    c.count = WARM_UP + (uint32_t)count;
    c.client = calloc(c.count, sizeof *c.client);
    ASSERT(c.client != NULL);
    c.site = site_new(is_first(argv[2], "pair", "alone"), receive, &c);
    if (is_first(argv[1], "contact", "renew"))
        measure_contact(&c);
    else
        measure_renewal(&c);
    site_free(c.site);
    free(c.client);
    return 0;
}
