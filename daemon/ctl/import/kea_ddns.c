/* daemon/ctl/import/kea_ddns.c - Kea's ddns-... keys into `names:`, and its DDNS server into
 * `ddns:`. */
#include <ctype.h>
#include <string.h>

#include "daemon/ctl/import/kea.h"

static const char *replace_word(const char *kea)
{
    if (strcmp(kea, "when-not-present") == 0)
        return "when-absent";
    return strcmp(kea, "never") == 0 || strcmp(kea, "always") == 0 ||
                   strcmp(kea, "when-present") == 0
               ? kea
               : NULL;
}

/* Keys as the levels have them; the map "dhcp-ddns" has had them without the prefix. */
static const char *ddns_text(const struct jvalue *object, const struct jvalue *old,
                             const char *key)
{
    const char *text = json_text_of(object, key);
    const char *before = json_text_of(old, key + strlen("ddns-"));

    return text != NULL ? text : before;
}

/* What a generated name may begin with. */
static const char *label(struct kea *k, const char *text)
{
    char *out = import_copy(k->run, text, strlen(text));

    for (char *c = out; *c != '\0'; c++)
        *c = isalnum((unsigned char)*c) ? (char)tolower((unsigned char)*c) : '-';
    return out;
}

static void put_replace(struct kea *k, struct yaml *node, const struct jvalue *object,
                        const struct jvalue *old)
{
    const char *text = ddns_text(object, old, "ddns-replace-client-name");
    const char *prefix = ddns_text(object, old, "ddns-generated-prefix");
    const char *word = text == NULL ? NULL : replace_word(text);

    if (text != NULL && word == NULL)
        import_note(k->run, node, object->place, "ddns-replace-client-name",
                    "there is no \"%s\"", text);
    if (word != NULL && (object != k->dhcp4 || strcmp(word, "never") != 0))
        yaml_plain(k->run, yaml_map(k->run, node, "names"), "replace", word);
    if (prefix != NULL && word != NULL && strcmp(word, "never") != 0)
        yaml_text(k->run, yaml_map(k->run, node, "names"), "generated",
                  import_format(k->run, "%s-{address}", label(k, prefix)));
}

void kea_names(struct kea *k, const struct jvalue *object, struct yaml *node)
{
    const struct jvalue *old = object == k->dhcp4 ? json_get(object, "dhcp-ddns") : NULL;
    const char *suffix = ddns_text(object, old, "ddns-qualifying-suffix");
    int override = json_bool_of(object, "ddns-override-client-update");
    const struct jvalue *no_update = json_get(object, "ddns-override-no-update");

    const int old_override = json_bool_of(old, "override-client-update");
    const struct jvalue *old_no_update = json_get(old, "override-no-update");

    if (override < 0)
        override = old_override;
    if (no_update == NULL)
        no_update = old_no_update;
    put_replace(k, node, object, old);
    if (suffix != NULL && suffix[0] != '\0') {
        const size_t length = strlen(suffix);
        yaml_text(k->run, yaml_map(k->run, node, "names"), "suffix",
                  import_copy(k->run, suffix, suffix[length - 1] == '.' ? length - 1 : length));
    }
    if (override >= 0 && (override == 1 || object != k->dhcp4))
        yaml_plain(k->run, yaml_map(k->run, node, "names"), "client-updates",
                   override == 1 ? "override" : "follow");
    if (no_update != NULL && no_update->text != NULL && strcmp(no_update->text, "true") == 0)
        import_note(k->run, node, no_update->place, "ddns-override-no-update",
                    "a client that wants no update gets none");
}

/* ---- the DDNS server's own section ---- */

static void put_zone(struct kea *k, const struct jvalue *domain, struct yaml *zones)
{
    struct yaml *zone = yaml_map(k->run, zones, NULL);
    const char *name = json_text_of(domain, "name");
    const char *key = json_text_of(domain, "key-name");
    const struct jvalue *server = json_items(json_get(domain, "dns-servers"));
    const char *address = json_text_of(server, "ip-address");
    const size_t length = name == NULL ? 0 : strlen(name);
    uint64_t port;

    yaml_text(
        k->run, zone, "zone",
        import_copy(k->run, name, length > 1 && name[length - 1] == '.' ? length - 1 : length));
    yaml_text(k->run, zone, "server", address == NULL ? "127.0.0.1" : address);
    if (json_number_of(server, "port", &port) && port != 53)
        yaml_number(k->run, zone, "port", port);
    if (key != NULL && key[0] != '\0')
        yaml_text(k->run, zone, "key", key);
    if (server != NULL) {
        kea_leftovers(k, server, zone);
        for (server = server->next; server != NULL; server = server->next)
            import_note(k->run, zone, server->place, "dns-servers",
                        "a zone is updated at one server");
    }
    kea_leftovers(k, domain, zone);
}

static const char *lower(struct kea *k, const char *text)
{
    char *out = import_copy(k->run, text, strlen(text));

    for (char *c = out; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + 'a' - 'A');
    return out;
}

static void put_key(struct kea *k, const struct jvalue *object, struct yaml *keys)
{
    struct yaml *key = yaml_map(k->run, keys, NULL);
    const char *name = json_text_of(object, "name");
    const char *algorithm = json_text_of(object, "algorithm");
    const struct jvalue *secret = json_get(object, "secret");

    if (name == NULL)
        name = "key";
    yaml_text(k->run, key, "name", name);
    yaml_text(k->run, key, "algorithm",
              lower(k, algorithm == NULL ? "hmac-sha256" : algorithm));
    yaml_text(k->run, key, "secret-file", import_format(k->run, "/etc/twindhcp/%s.key", name));
    import_note(k->run, key, secret == NULL ? object->place : secret->place, "secret",
                "is not copied: put it into the file, readable by the daemon alone");
    kea_leftovers(k, object, key);
}

static void put_server(struct kea *k, const struct jvalue *d2, struct yaml *ddns)
{
    static const char *const directions[] = {"forward-ddns", "reverse-ddns"};
    struct yaml *zones = yaml_list(k->run, ddns, "zones");
    struct yaml *keys = yaml_list(k->run, ddns, "keys");

    for (size_t i = 0; i < ARRAY_SIZE(directions); i++)
        for (const struct jvalue *domain =
                 json_items(json_get(json_get(d2, directions[i]), "ddns-domains"));
             domain != NULL; domain = domain->next)
            put_zone(k, domain, zones);
    for (const struct jvalue *key = json_items(json_get(d2, "tsig-keys")); key != NULL;
         key = key->next)
        put_key(k, key, keys);
    kea_leftovers(k, d2, ddns);
}

static void put_conflicts(struct kea *k, struct yaml *ddns)
{
    const struct jvalue *place = json_get(k->dhcp4, "ddns-conflict-resolution-mode");
    const char *mode = json_text_of(k->dhcp4, "ddns-conflict-resolution-mode");
    const int uses = json_bool_of(k->dhcp4, "ddns-use-conflict-resolution");
    uint64_t ttl;

    if (mode == NULL)
        mode = uses == 0 ? "no-check-with-dhcid" : "check-with-dhcid";
    if (strcmp(mode, "check-with-dhcid") == 0)
        yaml_plain(k->run, ddns, "conflicts", "check");
    else if (strcmp(mode, "check-exists-with-dhcid") == 0)
        yaml_plain(k->run, ddns, "conflicts", "check-exists");
    else if (strcmp(mode, "no-check-with-dhcid") == 0)
        yaml_plain(k->run, ddns, "conflicts", "none");
    else
        import_note(k->run, ddns, place->place, "ddns-conflict-resolution-mode",
                    "there is no \"%s\"", mode);
    if (json_number_of(k->dhcp4, "ddns-ttl", &ttl))
        yaml_duration(k->run, ddns, "ttl", ttl);
}

/* What Kea says of the way from one of its processes to the other. */
static void forget_channel(const struct jvalue *config)
{
    static const char *const keys[] = {"enable-updates", "server-ip",   "server-port",
                                       "sender-ip",      "sender-port", "max-queue-size",
                                       "ncr-protocol",   "ncr-format"};

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
        (void)json_get(config, keys[i]);
}

void kea_ddns(struct kea *k, const struct jvalue *root)
{
    const struct jvalue *d2 = json_get(root, "DhcpDdns");
    const struct jvalue *config = json_get(k->dhcp4, "dhcp-ddns");
    const bool enabled = config != NULL && json_bool_of(config, "enable-updates") == 1;

    if (config != NULL) {
        forget_channel(config);
        kea_leftovers(k, config, k->document);
    }
    if (enabled && json_bool_of(k->dhcp4, "ddns-send-updates") != 0) {
        if (d2 != NULL) {
            struct yaml *ddns = yaml_map(k->run, k->document, "ddns");
            put_conflicts(k, ddns);
            put_server(k, d2, ddns);
        } else {
            import_note(k->run, k->document, config->place, "dhcp-ddns",
                        "zones and keys stand in kea-dhcp-ddns.conf: put its \"DhcpDdns\" into "
                        "the file that is imported, or write `ddns:`");
        }
    } else if (config != NULL) {
        import_remark(k->run, k->document, config->place, "dhcp-ddns",
                      "updates were off, so there is no `ddns:`");
        (void)json_get(k->dhcp4, "ddns-send-updates");
        (void)json_get(k->dhcp4, "ddns-use-conflict-resolution");
        (void)json_get(k->dhcp4, "ddns-conflict-resolution-mode");
    }
}
