/* daemon/ctl/import/isc_ddns.c - dhcpd's zones, keys and ddns-... parameters. */
#include <string.h>

#include "daemon/ctl/import/isc.h"

static const struct isc_statement *find(const struct isc_statement *first, const char *word)
{
    for (const struct isc_statement *s = first; s != NULL; s = s->next)
        if (isc_starts(s, word))
            return s;
    return NULL;
}

static const char *without_dot(struct isc *i, const char *name)
{
    const size_t size = strlen(name);

    return import_copy(i->run, name, size > 1 && name[size - 1] == '.' ? size - 1 : size);
}

/* The value of `word` in the block, NULL when it is not there. */
static const char *value(const struct isc_statement *block, const char *word)
{
    const struct isc_statement *s = find(block, word);
    const struct isc_token *token = s == NULL ? NULL : isc_word(s, 1);

    return token == NULL ? NULL : token->text;
}

static void note_others(struct isc *i, struct yaml *node, const struct isc_statement *block,
                        const char *const *known, size_t count)
{
    for (const struct isc_statement *s = block; s != NULL; s = s->next) {
        bool read = false;
        for (size_t k = 0; k < count; k++)
            read = read || isc_starts(s, known[k]);
        if (!read)
            isc_note(i, node, s, "has no counterpart");
    }
}

void isc_zone(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    static const char *const known[] = {"primary", "key"};
    const struct isc_token *name = isc_word(statement, 1);
    const char *server = value(statement->block, "primary");
    const char *key = value(statement->block, "key");
    struct ip4 address;

    if (name == NULL) {
        isc_note(i, scope->node, statement, "a zone without a name");
        return;
    }
    struct yaml *zone = yaml_map(i->run, yaml_list(i->run, i->ddns, "zones"), NULL);
    yaml_text(i->run, zone, "zone", without_dot(i, name->text));
    if (server == NULL || !ip4_parse(server, &address)) {
        isc_note(i, zone, statement, "the server's name is not looked up: write its address");
        server = "127.0.0.1";
    }
    yaml_text(i->run, zone, "server", server);
    if (key != NULL)
        yaml_text(i->run, zone, "key", without_dot(i, key));
    note_others(i, zone, statement->block, known, ARRAY_SIZE(known));
}

static const char *algorithm_name(struct isc *i, const char *name)
{
    /* HMAC-MD5.SIG-ALG.REG.INT is hmac-md5 */
    char *out = import_copy(i->run, name, strcspn(name, "."));

    for (char *c = out; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + 'a' - 'A');
    return out;
}

void isc_key(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    static const char *const known[] = {"algorithm", "secret"};
    const struct isc_token *name = isc_word(statement, 1);
    const char *algorithm = value(statement->block, "algorithm");
    const struct isc_statement *secret = find(statement->block, "secret");

    if (name == NULL) {
        isc_note(i, scope->node, statement, "a key without a name");
        return;
    }
    struct yaml *key = yaml_map(i->run, yaml_list(i->run, i->ddns, "keys"), NULL);
    yaml_text(i->run, key, "name", without_dot(i, name->text));
    yaml_text(i->run, key, "algorithm",
              algorithm == NULL ? "hmac-md5" : algorithm_name(i, algorithm));
    yaml_text(i->run, key, "secret-file",
              import_format(i->run, "/etc/twindhcp/%s.key", without_dot(i, name->text)));
    import_note(i->run, key, secret == NULL ? statement->place : secret->place, "secret",
                "is not copied: put it into the file, readable by the daemon alone");
    note_others(i, key, statement->block, known, ARRAY_SIZE(known));
}

bool isc_ddns_setting(struct isc *i, struct isc_scope *scope,
                      const struct isc_statement *statement)
{
    const struct isc_token *word = isc_word(statement, 1);
    uint64_t seconds;

    if (isc_starts(statement, "ddns-update-style")) {
        i->ddns_on = word != NULL && !isc_is(word, "none");
        if (i->ddns_on && !isc_is(word, "standard"))
            import_remark(i->run, i->ddns, statement->place, "ddns-update-style",
                          "names are marked by DHCID records as RFC 4701 says");
    } else if (isc_starts(statement, "ddns-updates")) {
        if (isc_is(word, "off") && scope->kind == ISC_FILE)
            i->ddns_on = false;
        else if (isc_is(word, "off"))
            isc_note(i, scope->node, statement,
                     "names are sent to DNS for the whole file: "
                     "`ddns:`");
    } else if (isc_starts(statement, "ddns-domainname") && word != NULL && word->next == NULL) {
        yaml_text(i->run, yaml_map(i->run, scope->node, "names"), "suffix",
                  without_dot(i, word->text));
    } else if (isc_starts(statement, "ddns-ttl")) {
        if (isc_number(i, scope, statement, &seconds))
            yaml_duration(i->run, i->ddns, "ttl", seconds);
    } else if (isc_starts(statement, "update-conflict-detection")) {
        yaml_plain(i->run, i->ddns, "conflicts",
                   isc_is(word, "off") || isc_is(word, "false") ? "none" : "check");
    } else if (isc_starts(statement, "ddns-hostname") && word != NULL && word->next == NULL &&
               scope->kind == ISC_HOST) {
        yaml_text(i->run, scope->node, "host-name", word->text);
    } else {
        return false;
    }
    return true;
}

void isc_ddns_finish(struct isc *i)
{
    if (i->ddns->first == NULL)
        return;
    if (i->ddns_on && yaml_find(i->ddns, "zones") != NULL) {
        struct yaml *ddns = yaml_map(i->run, i->document, "ddns");
        ddns->first = i->ddns->first;
        ddns->last = i->ddns->last;
        return;
    }
    import_note(i->run, i->document, i->file->place, "zone, key",
                "updates are off, or no zone is named: there is no `ddns:`");
}
