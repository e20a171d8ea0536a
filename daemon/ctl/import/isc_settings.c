/* daemon/ctl/import/isc_settings.c - parameters of dhcpd.conf that one key of ours says. */
#include <string.h>

#include "daemon/ctl/import/isc.h"

static bool lifetime(struct isc *i, struct isc_scope *scope,
                     const struct isc_statement *statement)
{
    static const char *const names[][2] = {{"default-lease-time", "default"},
                                           {"max-lease-time", "max"},
                                           {"min-lease-time", "min"}};
    uint64_t seconds;

    for (size_t n = 0; n < ARRAY_SIZE(names); n++) {
        if (!isc_starts(statement, names[n][0]))
            continue;
        if (isc_number(i, scope, statement, &seconds))
            import_lifetime(i->run, yaml_map(i->run, scope->node, "lease-time"), names[n][1],
                            seconds, statement->place);
        return true;
    }
    return false;
}

static bool boot_field(struct isc *i, struct isc_scope *scope,
                       const struct isc_statement *statement)
{
    static const char *const names[][2] = {{"filename", "boot-file-name"},
                                           {"next-server", "next-server"},
                                           {"server-name", "server-name"},
                                           {"server-identifier", "server-identifier"},
                                           {"interface", "interface"}};
    struct ip4 address;

    for (size_t n = 0; n < ARRAY_SIZE(names); n++) {
        const struct isc_token *word = isc_word(statement, 1);
        const bool is_address = n == 1 || n == 3;
        if (!isc_starts(statement, names[n][0]))
            continue;
        if (isc_is(word, "="))
            word = word->next;
        if (word == NULL || word->next != NULL)
            isc_note(i, scope->node, statement, "is computed: write a class for each value");
        else if (is_address && !ip4_parse(word->text, &address))
            isc_note(i, scope->node, statement, "names are not looked up: write the address");
        else
            yaml_text(i->run, scope->node, names[n][1], word->text);
        return true;
    }
    return false;
}

static bool is_on(const struct isc_token *word)
{
    return word == NULL || isc_is(word, "on") || isc_is(word, "true") || isc_is(word, "yes") ||
           isc_is(word, "1");
}

static bool probe(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    uint64_t number;
    const bool in_ms = isc_starts(statement, "ping-timeout-ms");

    if (isc_starts(statement, "ping-check")) {
        i->ping_said = i->ping_said || scope->kind == ISC_FILE;
        if (scope->kind != ISC_FILE && scope->kind != ISC_SUBNET)
            isc_note(i, scope->node, statement, "probe: is said for the file or a subnet");
        else if (is_on(isc_word(statement, 1)))
            yaml_bool(i->run, yaml_map(i->run, scope->node, "probe"), "icmp", true);
        else
            yaml_plain(i->run, scope->node, "probe", "none");
        return true;
    }
    if (!in_ms && !isc_starts(statement, "ping-timeout"))
        return false;
    if (isc_number(i, scope, statement, &number)) {
        if (scope->kind != ISC_FILE && scope->kind != ISC_SUBNET)
            isc_note(i, scope->node, statement, "probe: is said for the file or a subnet");
        else if (yaml_find_text(scope->node, "probe") == NULL)
            yaml_plain(i->run, yaml_map(i->run, scope->node, "probe"), "wait",
                       import_format(i->run, "%llu%s", (unsigned long long)number,
                                     in_ms ? "ms" : "s"));
    }
    return true;
}

/* `vendor-option-space X`: sub-options of X stand inside option 43. */
static void vendor_space(struct isc *i, const struct isc_statement *statement)
{
    const struct isc_token *word = isc_word(statement, 1);

    if (word == NULL)
        return;
    for (const struct import_option *o = i->options.first; o != NULL; o = o->next)
        if (o->encapsulates != NULL && strcmp(o->encapsulates, word->text) == 0)
            return;
    struct import_option *option =
        import_option_define(i->run, &i->options, "dhcp4", "vendor-encapsulated-options", 43);
    option->type = IMPORT_EMPTY;
    option->encapsulates = word->text;
}

static bool listens(struct isc *i, struct isc_scope *scope,
                    const struct isc_statement *statement)
{
    const struct isc_token *word = isc_word(statement, 1);
    struct ip4 address;

    if (!isc_starts(statement, "local-address"))
        return false;
    if (word == NULL || !ip4_parse(word->text, &address))
        isc_note(i, scope->node, statement, "names are not looked up: write the address");
    else
        isc_note(i, scope->node, statement, "say server.listen: [%s] for relayed clients alone",
                 word->text);
    return true;
}

/* What the file, a shared network or a subnet may say, and nobody below. */
static bool is_of_networks(const struct isc_statement *statement)
{
    static const char *const names[] = {
        "authoritative",  "not authoritative", "interface",           "ignore-client-uids",
        "echo-client-id", "server-identifier", "boot-unknown-clients"};

    for (size_t n = 0; n < ARRAY_SIZE(names); n++)
        if (isc_starts(statement, names[n]))
            return true;
    return false;
}

bool isc_setting(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    const bool below =
        scope->kind == ISC_POOL || scope->kind == ISC_HOST || scope->kind == ISC_CLASS;

    if (is_of_networks(statement) &&
        (below || (isc_starts(statement, "interface") && scope->kind != ISC_SUBNET))) {
        isc_note(i, scope->node, statement, "is said for %s",
                 isc_starts(statement, "interface") ? "a subnet"
                                                    : "the file, a shared network or a subnet");
        return true;
    }
    if (lifetime(i, scope, statement) || boot_field(i, scope, statement) ||
        probe(i, scope, statement) || listens(i, scope, statement))
        return true;
    if (isc_starts(statement, "authoritative")) {
        yaml_bool(i->run, scope->node, "authoritative", true);
    } else if (isc_starts(statement, "not authoritative")) {
        yaml_bool(i->run, scope->node, "authoritative", false);
    } else if (isc_starts(statement, "use-host-decl-names")) {
        scope->host_names = is_on(isc_word(statement, 1));
    } else if (isc_starts(statement, "boot-unknown-clients")) {
        if (!is_on(isc_word(statement, 1)))
            yaml_add_once(i->run, scope->node, "deny", "unknown");
    } else if (isc_starts(statement, "ignore-client-uids")) {
        yaml_bool(i->run, scope->node, "match-client-id", !is_on(isc_word(statement, 1)));
    } else if (isc_starts(statement, "echo-client-id")) {
        yaml_bool(i->run, scope->node, "echo-client-id", is_on(isc_word(statement, 1)));
    } else if (isc_starts(statement, "vendor-option-space")) {
        vendor_space(i, statement);
    } else if (isc_starts(statement, "abandon-lease-time") && scope->kind == ISC_FILE) {
        uint64_t seconds;
        if (isc_number(i, scope, statement, &seconds))
            yaml_duration(i->run, scope->node, "abandon-time", seconds);
    } else if (isc_starts(statement, "failover peer") ||
               isc_starts(statement, "option space")) {
        return true; /* the pair is for all pools; a space is known by its options */
    } else {
        return false;
    }
    return true;
}
