/* daemon/ctl/import/isc_subnet.c - dhcpd's subnets, shared networks, pools and who may use
 * them. */
#include <string.h>

#include "daemon/ctl/import/isc.h"

static void declare(struct isc *i, struct isc_scope *scope, struct isc_scope *inner,
                    enum isc_scope_kind kind, struct yaml *node)
{
    *inner = *scope;
    inner->up = scope;
    inner->kind = kind;
    inner->node = node;
    isc_inherit(i, scope, node, kind == ISC_POOL);
}

/* subnet NETWORK netmask MASK { ... } */
void isc_subnet(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    const struct isc_token *address = isc_word(statement, 1), *mask = isc_word(statement, 3);
    struct ip4 first, bits;

    if (address == NULL || mask == NULL || !isc_is(isc_word(statement, 2), "netmask") ||
        !ip4_parse(address->text, &first) || !ip4_parse(mask->text, &bits) ||
        (~bits.value & (~bits.value + 1)) != 0) {
        isc_note(i, scope->node, statement, "write subnet ADDRESS netmask MASK { ... }");
        return;
    }
    struct isc_subnet *subnet = import_alloc(i->run, sizeof(*subnet));
    struct isc_scope inner;
    subnet->network =
        (struct import_range){ip4(first.value & bits.value), ip4(first.value | ~bits.value)};
    subnet->node = yaml_map(i->run, scope->subnets, NULL);
    subnet->next = i->subnets;
    i->subnets = subnet;
    yaml_text(i->run, subnet->node, "subnet", network_text(i->run, subnet->network));
    declare(i, scope, &inner, ISC_SUBNET, subnet->node);
    inner.network = subnet->network;
    i->run->subnets++;
    isc_walk(i, &inner, statement->block);
}

void isc_shared_network(struct isc *i, struct isc_scope *scope,
                        const struct isc_statement *statement)
{
    const struct isc_token *name = isc_word(statement, 1);
    struct yaml *node =
        yaml_map(i->run, yaml_list(i->run, i->document, "shared-networks"), NULL);
    struct isc_scope inner;

    yaml_text(i->run, node, "name", import_name(i->run, name == NULL ? "shared" : name->text));
    declare(i, scope, &inner, ISC_NETWORK, node);
    inner.subnets = yaml_document(i->run);
    inner.subnets->kind = YAML_LIST;
    isc_walk(i, &inner, statement->block);
    /* Behind the settings, which may stand behind the subnets in the other file. */
    struct yaml *subnets = yaml_list(i->run, node, "subnets");
    subnets->first = inner.subnets->first;
    subnets->last = inner.subnets->last;
}

static const struct isc_subnet *subnet_of(const struct isc *i, struct ip4 address)
{
    for (const struct isc_subnet *s = i->subnets; s != NULL; s = s->next)
        if (address.value >= s->network.first.value && address.value <= s->network.last.value)
            return s;
    return NULL;
}

/* range [dynamic-bootp] FIRST [LAST]: a pool with the settings of `settings`, or none. */
static void put_range(struct isc *i, struct isc_scope *scope, const struct yaml *settings,
                      const struct isc_statement *statement)
{
    const bool bootp = isc_is(isc_word(statement, 1), "dynamic-bootp");
    const struct isc_token *word = isc_word(statement, bootp ? 2 : 1);
    struct import_range range;

    if (word == NULL || !ip4_parse(word->text, &range.first) ||
        (word->next != NULL && !ip4_parse(word->next->text, &range.last))) {
        isc_note(i, scope->node, statement, "is no range of addresses");
        return;
    }
    if (word->next == NULL)
        range.last = range.first;
    const struct isc_subnet *subnet = subnet_of(i, range.first);
    if (subnet == NULL || range.last.value < range.first.value) {
        isc_note(i, scope->node, statement, "is in no subnet that is declared before");
        return;
    }
    struct yaml *pool =
        range_add_pool(i->run, yaml_list(i->run, subnet->node, "pools"), subnet->node,
                       subnet->network, range, statement->place, "range");
    if (bootp)
        yaml_plain(i->run, subnet->node, "bootp", "dynamic");
    if (pool == NULL || settings == NULL)
        return;
    for (const struct yaml *child = settings->first; child != NULL; child = child->next)
        if (child->kind == YAML_COMMENT)
            yaml_comment(i->run, pool, child->text);
    yaml_merge(i->run, pool, settings);
}

void isc_range(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    if (scope->kind == ISC_SUBNET)
        put_range(i, scope, NULL, statement);
    else if (scope->kind != ISC_POOL) /* isc_pool() has read its own */
        isc_note(i, scope->node, statement, "stands in a subnet or pool");
}

void isc_pool(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    struct isc_scope inner;
    bool any = false;

    declare(i, scope, &inner, ISC_POOL, yaml_document(i->run));
    isc_walk(i, &inner, statement->block);
    for (const struct isc_statement *s = statement->block; s != NULL; s = s->next) {
        if (!isc_starts(s, "range"))
            continue;
        put_range(i, scope, inner.node, s);
        any = true;
    }
    if (!any)
        isc_note(i, scope->node, statement, "has no range");
}

/* ---- allow, deny, ignore ---- */

/* allow members of "CLASS", allow known-clients, ...: in a pool. */
static bool permit_clients(struct isc *i, struct isc_scope *scope,
                           const struct isc_statement *statement, bool allow)
{
    static const char *const kinds[][2] = {{"unknown-clients", "unknown"},
                                           {"unknown clients", "unknown"},
                                           {"known-clients", "known"},
                                           {"known clients", "known"},
                                           {"all clients", "all"}};
    const char *verb = statement->words->text, *key = allow ? "allow" : "deny";
    const struct isc_token *class = isc_word(statement, 3);

    if (isc_is(isc_word(statement, 1), "members") && class != NULL) {
        yaml_add_once(i->run, scope->node, key, import_name(i->run, class->text));
        return true;
    }
    for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
        if (!isc_starts(statement, import_format(i->run, "%s %s", verb, kinds[k][0])))
            continue;
        /* Outside of pools "allow" is how it is anyway. */
        if (scope->kind == ISC_POOL || !allow)
            yaml_add_once(i->run, scope->node, key, kinds[k][1]);
        return true;
    }
    return false;
}

void isc_permit(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    const bool allow = isc_starts(statement, "allow");
    const struct isc_token *what = isc_word(statement, 1);
    const bool has_levels = scope->kind == ISC_FILE || scope->kind == ISC_NETWORK ||
                            scope->kind == ISC_SUBNET || scope->kind == ISC_GROUP;

    if (scope->kind == ISC_FILE && isc_is(what, "unknown-clients") && !allow) {
        isc_note(i, scope->node, statement, "say `deny: [unknown]` in each subnet or pool");
    } else if (permit_clients(i, scope, statement, allow)) {
        return;
    } else if (isc_is(what, "bootp") && has_levels) {
        if (!allow)
            yaml_plain(i->run, scope->node, "bootp", "none");
    } else if (isc_is(what, "dynamic") && scope->kind == ISC_POOL) {
        isc_note(i, scope->node, statement, "say `bootp:` in the subnet");
    } else if (isc_is(what, "client-updates") && has_levels) {
        yaml_plain(i->run, yaml_map(i->run, scope->node, "names"), "client-updates",
                   allow ? "follow" : "override");
    } else if (isc_is(what, "booting")) {
        if (!allow)
            isc_note(i, scope->node, statement,
                     "a client that is to get nothing: leave it "
                     "without a reservation, and `deny: [unknown]`");
    } else if (isc_is(what, "leasequery")) {
        isc_note(i, scope->node, statement,
                 "say which relays may ask: leasequery: {allow: [...]}");
    } else if (isc_is(what, "duplicates") || isc_is(what, "declines")) {
        isc_note(i, scope->node, statement,
                 "a client is known by its identifier, and a declined "
                 "address waits for abandon-time");
    } else {
        isc_note(i, scope->node, statement, "has no counterpart");
    }
}
