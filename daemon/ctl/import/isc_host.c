/* daemon/ctl/import/isc_host.c - dhcpd's hosts: reservations in the subnet of their address, or
 * in the file when they have none. */
#include <string.h>

#include "daemon/ctl/import/isc.h"

struct host {
    const char *key, *client; /* hw-address: ... */
    const struct isc_statement *fixed;
};

static const char *in_hex(struct isc *i, const char *text)
{
    uint8_t bytes[256];
    size_t size = sizeof(bytes);

    if (!hex_parse(text, bytes, &size))
        return NULL;
    char *out = import_alloc(i->run, size * 3 + 1);
    return hex_format(span_of(bytes, size), out, size * 3 + 1);
}

/* A text, which may begin with the byte 0 that some clients send, or 01:02:03. */
static const char *identifier(struct isc *i, const struct isc_token *token)
{
    if (token == NULL || token->next != NULL)
        return NULL;
    if (token->kind != ISC_TEXT)
        return in_hex(i, token->text);
    for (size_t c = 0; c < token->size; c++) {
        if ((unsigned char)token->text[c] >= 0x20 && (unsigned char)token->text[c] < 0x7f)
            continue;
        char *out = import_alloc(i->run, token->size * 3 + 1);
        return hex_format(span_of(token->text, token->size), out, token->size * 3 + 1);
    }
    return token->size == 0 ? NULL : import_format(i->run, "text:%s", token->text);
}

/* Who the host is; true when the statement says so. */
static bool read_client(struct isc *i, struct yaml *notes, const struct isc_statement *s,
                        struct host *host)
{
    static const struct {
        const char *words, *key;
        size_t value;
    } clients[] = {
        {"hardware ethernet", "hw-address", 2},
        {"hardware token-ring", "hw-address", 2},
        {"hardware fddi", "hw-address", 2},
        {"hardware infiniband", "hw-address", 2},
        {"dhcp-client-identifier", "client-id", 1},
        {"uid", "client-id", 1},
        {"option dhcp-client-identifier", "client-id", 2},
        {"host-identifier option agent.circuit-id", "circuit-id", 3},
        {"host-identifier option agent.remote-id", "remote-id", 3},
        {"host-identifier option dhcp-client-identifier", "client-id", 3},
    };
    static const char *const types[][2] = {
        {"token-ring", "6/"}, {"fddi", "8/"}, {"infiniband", "32/"}};

    for (size_t c = 0; c < ARRAY_SIZE(clients); c++) {
        if (!isc_starts(s, clients[c].words))
            continue;
        const struct isc_token *word = isc_word(s, clients[c].value);
        const char *text = c < 4 ? (word == NULL ? NULL : in_hex(i, word->text))
                                 : identifier(i, isc_is(word, "=") ? word->next : word);
        if (text == NULL)
            isc_note(i, notes, s, "is neither hexadecimal nor a text");
        else if (host->client != NULL && c >= 4)
            isc_note(i, notes, s, "a reservation names its client in one way: by %s",
                     host->key);
        else {
            for (size_t t = 0; t < ARRAY_SIZE(types); t++)
                if (c < 4 && isc_is(isc_word(s, 1), types[t][0]))
                    text = import_format(i->run, "%s%s", types[t][1], text);
            host->key = clients[c].key;
            host->client = text;
        }
        return true;
    }
    if (isc_starts(s, "hardware") || isc_starts(s, "host-identifier")) {
        isc_note(i, notes, s, "a reservation cannot name its client by that");
        return true;
    }
    return false;
}

/* The list of reservations of the subnet that holds `address`, or of the file. */
static struct yaml *list_for(struct isc *i, const char *address)
{
    struct ip4 at;

    if (address != NULL && ip4_parse(address, &at))
        for (const struct isc_subnet *s = i->subnets; s != NULL; s = s->next)
            if (at.value > s->network.first.value && at.value < s->network.last.value)
                return yaml_list(i->run, s->node, "reservations");
    return yaml_list(i->run, i->document, "reservations");
}

static void put(struct isc *i, const struct host *host, const struct yaml *settings,
                const char *address)
{
    struct yaml *map = yaml_map(i->run, list_for(i, address), NULL);

    for (const struct yaml *child = settings->first; child != NULL; child = child->next)
        if (child->kind == YAML_COMMENT)
            yaml_comment(i->run, map, child->text);
    yaml_text(i->run, map, host->key, host->client);
    if (address != NULL)
        yaml_text(i->run, map, "address", address);
    yaml_merge(i->run, map, settings);
    i->run->reservations++;
}

static void put_fixed(struct isc *i, const struct host *host, struct yaml *settings)
{
    const char *addresses[16];
    size_t count = 0;
    struct ip4 address;

    for (const struct isc_token *word = isc_word(host->fixed, 1); word != NULL;
         word = word->next) {
        if (isc_is(word, ","))
            continue;
        if (!ip4_parse(word->text, &address) || count == ARRAY_SIZE(addresses))
            isc_note(i, settings, host->fixed, "%s: names are not looked up: write the address",
                     word->text);
        else
            addresses[count++] = word->text;
    }
    for (size_t a = 0; a < count; a++)
        put(i, host, settings, addresses[a]);
    if (count == 0)
        put(i, host, settings, NULL);
}

/* What is left when the client and its address are read. */
static struct isc_statement *read_host(struct isc *i, struct yaml *notes,
                                       const struct isc_statement *first, struct host *host)
{
    struct isc_statement *rest = NULL, **last = &rest;

    for (const struct isc_statement *s = first; s != NULL; s = s->next) {
        if (read_client(i, notes, s, host))
            continue;
        if (isc_starts(s, "fixed-address")) {
            host->fixed = s;
            continue;
        }
        struct isc_statement *copy = import_alloc(i->run, sizeof(*copy));
        *copy = *s;
        copy->next = NULL;
        *last = copy;
        last = &copy->next;
    }
    return rest;
}

void isc_host(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    const struct isc_token *name = isc_word(statement, 1);
    struct isc_scope inner = *scope;
    struct host host = {0};

    inner.up = scope;
    inner.kind = ISC_HOST;
    inner.node = yaml_document(i->run);
    isc_inherit(i, scope, inner.node, true);
    if (name != NULL)
        yaml_comment(i->run, inner.node, import_format(i->run, "host %s", name->text));
    isc_walk(i, &inner, read_host(i, inner.node, statement->block, &host));
    struct yaml *options = yaml_find(inner.node, "options");
    struct yaml *host_name = options == NULL ? NULL : yaml_find(options, "host-name");
    if (host_name != NULL) {
        yaml_text(i->run, inner.node, "host-name", host_name->text);
        yaml_remove(options, host_name);
    } else if (scope->host_names && name != NULL) {
        yaml_text(i->run, inner.node, "host-name", name->text);
    }
    if (host.client == NULL)
        isc_note(i, scope->node, statement, "names no client");
    else if (host.fixed != NULL)
        put_fixed(i, &host, inner.node);
    else
        put(i, &host, inner.node, NULL);
}
