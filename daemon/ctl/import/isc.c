/* daemon/ctl/import/isc.c - dhcpd.conf: which statement is whose. */
#include "daemon/ctl/import/isc.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/import/pair.h"

static void group(struct isc *i, struct isc_scope *scope,
                  const struct isc_statement *statement);

/* What opens braces. */
static const struct {
    const char *words;
    isc_handler *handle;
} declarations[] = {
    {"subnet", isc_subnet},     {"shared-network", isc_shared_network},
    {"pool", isc_pool},         {"group", group},
    {"host", isc_host},         {"class", isc_class},
    {"subclass", isc_subclass}, {"failover peer", isc_failover},
    {"zone", isc_zone},         {"key", isc_key},
};

static const struct {
    const char *words;
    isc_handler *handle;
} statements[] = {
    {"option", isc_option},     {"range", isc_range},   {"allow", isc_permit},
    {"deny", isc_permit},       {"ignore", isc_permit}, {"if", isc_if},
    {"subclass", isc_subclass},
};

/* Why, or what instead; in any scope. */
static const struct {
    const char *words, *text;
} advices[] = {
    {"log-facility", "the log goes to the journal"},
    {"lease-file-name", "leases are kept in server.store; bring them with `twinctl leases "
                        "import isc FILE`"},
    {"pid-file-name", "the service manager knows the process"},
    {"omapi-port", "the API is served on server.api.socket"},
    {"omapi-key", "the API is served on server.api.socket"},
    {"db-time-format", "the API shows times in UTC"},
    {"stash-agent-options", "nothing to set: relay information is always kept"},
    {"get-lease-hostnames", "names are not looked up in DNS; see `names:`"},
    {"one-lease-per-client", "nothing to set: a client has one lease in a subnet"},
    {"min-secs", "write a class with match: {packet.secs: {from: N}} and `require:` it"},
    {"adaptive-lease-time-threshold",
     "lease times are fixed; warn-free says when a pool gets full"},
    {"always-broadcast", "the client's broadcast flag is obeyed"},
    {"always-reply-rfc1048", "nothing to set: BOOTP replies have options"},
    {"local-port", "the ports are 67 and 68"},
    {"remote-port", "the ports are 67 and 68"},
    {"infinite-is-reserved", "write a reservation"},
    {"site-option-space", "options of a site are defined in space dhcp4"},
    {"update-static-leases", "names of reservations are updated like others"},
    {"update-optimization", "nothing to set: DNS is updated when a name changes"},
    {"do-forward-updates", "a zone that is not in ddns.zones is not updated"},
    {"do-reverse-updates", "a zone that is not in ddns.zones is not updated"},
    {"ddns-rev-domainname", "reverse zones are those in ddns.zones"},
    {"ddns-hostname", "see names.generated for names that are made"},
    {"on", "nothing is executed when a lease changes; watch the API or the log"},
    {"execute", "nothing is executed; watch the API or the log"},
    {"log", "what a client sends is not logged by expressions"},
    {"set", "there are no variables"},
    {"unset", "there are no variables"},
    {"switch", "write a class with an `expression:` for each case"},
    {"max-ack-delay", "nothing to set: acks are gathered by themselves"},
    {"delayed-ack", "nothing to set: acks are gathered by themselves"},
    {"abandon-lease-time", "see abandon-time"},
    {"limited-broadcast-address", "replies are broadcast to 255.255.255.255"},
    {"subnet6", "DHCPv6 is not served"},
    {"dynamic-bootp-lease-length", "BOOTP leases have no end"},
    {"dynamic-bootp-lease-cutoff", "BOOTP leases have no end"},
    {"echo-client-id", "see echo-client-id"},
    {"ignore-client-uids", "see match-client-id"},
    {"auto-shared-network", "networks are those that are written"},
};

void isc_note(struct isc *i, struct yaml *node, const struct isc_statement *statement,
              const char *format, ...)
{
    char text[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    import_note(i->run, node, statement->place, isc_words(i->run, statement->words), "%s%s",
                text, statement->has_block ? " (with what is in its braces)" : "");
}

bool isc_number(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement,
                uint64_t *out)
{
    const struct isc_token *word = isc_word(statement, 1);

    if (word != NULL && word->next == NULL && strcmp(word->text, "-1") == 0) {
        *out = UINT32_MAX;
        return true;
    }
    if (word == NULL || word->next != NULL || strspn(word->text, "0123456789") != word->size ||
        word->size > 18) {
        isc_note(i, scope->node, statement, "is not one number");
        return false;
    }
    *out = strtoull(word->text, NULL, 10);
    return true;
}

void isc_inherit(struct isc *i, const struct isc_scope *scope, struct yaml *node, bool client)
{
    static const char *const networks[] = {
        "allow",         "deny",      "probe",           "bootp",          "names",
        "authoritative", "interface", "match-client-id", "echo-client-id", "server-identifier"};

    if (scope == NULL)
        return;
    isc_inherit(i, scope->up, node, client);
    if (scope->kind != ISC_GROUP)
        return;
    yaml_merge(i->run, node, scope->node);
    for (size_t n = 0; client && n < ARRAY_SIZE(networks); n++)
        yaml_remove(node, yaml_find(node, networks[n]));
}

static void unknown(struct isc *i, struct isc_scope *scope,
                    const struct isc_statement *statement)
{
    for (size_t a = 0; a < ARRAY_SIZE(advices); a++) {
        if (isc_starts(statement, advices[a].words)) {
            isc_note(i, scope->node, statement, "%s", advices[a].text);
            return;
        }
    }
    isc_note(i, scope->node, statement, "has no counterpart");
}

static bool is_declaration(const struct isc_statement *statement)
{
    for (size_t d = 0; d < ARRAY_SIZE(declarations); d++)
        if (statement->has_block && isc_starts(statement, declarations[d].words))
            return true;
    return false;
}

static void handle(struct isc *i, struct isc_scope *scope,
                   const struct isc_statement *statement)
{
    if (statement->has_block) {
        for (size_t d = 0; d < ARRAY_SIZE(declarations); d++) {
            if (isc_starts(statement, declarations[d].words)) {
                declarations[d].handle(i, scope, statement);
                return;
            }
        }
    }
    for (size_t s = 0; s < ARRAY_SIZE(statements); s++) {
        if (isc_starts(statement, statements[s].words)) {
            statements[s].handle(i, scope, statement);
            return;
        }
    }
    if (isc_starts(statement, "elsif") || isc_starts(statement, "else"))
        return; /* isc_if() has read them */
    if (!isc_setting(i, scope, statement) && !isc_ddns_setting(i, scope, statement))
        unknown(i, scope, statement);
}

/* What is declared inside inherits the settings, wherever these stand: they go first.  But for
 * the file: there the order of classes counts, and everything inherits anyway. */
void isc_walk(struct isc *i, struct isc_scope *scope, const struct isc_statement *first)
{
    for (int declared = 0; declared <= 1; declared++)
        for (const struct isc_statement *s = first; s != NULL; s = s->next)
            if (is_declaration(s) == (declared == 1))
                handle(i, scope, s);
}

static void group(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    struct isc_scope inner = *scope;

    inner.up = scope;
    inner.kind = ISC_GROUP;
    inner.node = yaml_document(i->run);
    isc_walk(i, &inner, statement->block);
    /* Notes among the settings would be lost: they stand where the group stood. */
    for (const struct yaml *child = inner.node->first; child != NULL; child = child->next)
        if (child->kind == YAML_COMMENT)
            yaml_comment(i->run, scope->node, child->text);
}

/* Key by key in the order in which our files are read best; comments first. */
static void sort_document(struct isc *i)
{
    static const char *const order[] = {"pair",
                                        "server",
                                        "option-definitions",
                                        "lease-time",
                                        "probe",
                                        "options",
                                        "names",
                                        "ddns",
                                        "classes",
                                        "shared-networks",
                                        "subnets",
                                        "reservations"};
    struct yaml *first = NULL, **last = &first;
    struct yaml *document = i->document;

    for (size_t o = 0; o < ARRAY_SIZE(order) + 1; o++) {
        struct yaml *rest = NULL, **rest_last = &rest;
        for (struct yaml *child = document->first; child != NULL;) {
            struct yaml *next = child->next;
            bool mine;
            child->next = NULL;
            if (o == 0) { /* whatever is in no list: comments, switches */
                mine = true;
                for (size_t k = 0; k < ARRAY_SIZE(order); k++)
                    mine = mine && (child->key == NULL || strcmp(order[k], child->key) != 0);
            } else {
                mine = child->key != NULL && strcmp(order[o - 1], child->key) == 0;
            }
            struct yaml ***to = mine ? &last : &rest_last;
            **to = child;
            *to = &child->next;
            child = next;
        }
        document->first = rest;
    }
    document->first = first;
}

struct yaml *isc_import(struct import *run, const char *text, size_t size)
{
    struct isc i = {.run = run};
    struct isc_scope scope = {.kind = ISC_FILE};

    if (!isc_parse(run, text, size, &i.file))
        return NULL;
    if (i.file == NULL) {
        import_fail(run, (struct place){run->file, 0, 0}, "there is no statement in the file");
        return NULL;
    }
    i.document = scope.node = yaml_document(run);
    i.ddns = yaml_document(run);
    scope.subnets = yaml_list(run, i.document, "subnets");
    import_interfaces(run, yaml_map(run, i.document, "server"));
    isc_define_options(&i, i.file);
    isc_walk(&i, &scope, i.file);
    import_options_print(run, &i.options, i.document);
    isc_ddns_finish(&i);
    /* dhcpd refuses no client on its own before it is told that it may. */
    if (yaml_find(i.document, "authoritative") == NULL)
        yaml_bool(run, i.document, "authoritative", false);
    if (!i.ping_said)
        yaml_bool(run, yaml_map(run, i.document, "probe"), "icmp", true);
    import_note_no_subnet(run, i.document);
    sort_document(&i);
    return i.document;
}
