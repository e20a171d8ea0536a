/* daemon/ctl/import/kea_hooks.c - Kea's hook libraries: what each of them is here. */
#include <string.h>

#include "daemon/ctl/import/kea.h"

#define FLEX_ID_HOOK "libdhcp_flex_id.so"

static const char *hook_name(const struct jvalue *hook)
{
    const char *path = json_text_of(hook, "library");
    const char *slash = path == NULL ? NULL : strrchr(path, '/');

    return slash != NULL ? slash + 1 : path != NULL ? path : "?";
}

const char *kea_flex_id(const struct kea *k)
{
    for (const struct jvalue *hook = json_items(json_get(k->dhcp4, "hooks-libraries"));
         hook != NULL; hook = hook->next)
        if (strcmp(hook_name(hook), FLEX_ID_HOOK) == 0)
            return json_text_of(json_get(hook, "parameters"), "identifier-expression");
    return NULL;
}

static void flex_id(struct kea *k, const struct jvalue *hook)
{
    const struct jvalue *parameters = json_get(hook, "parameters");
    const char *expression = json_text_of(parameters, "identifier-expression");

    if (expression != NULL)
        yaml_text(k->run, k->document, "flex-id", expression);
    if (parameters != NULL)
        kea_leftovers(k, parameters, k->document);
}

static void lease_query(struct kea *k, const struct jvalue *hook)
{
    const struct jvalue *parameters = json_get(hook, "parameters");
    struct yaml *map = yaml_map(k->run, k->document, "leasequery");

    for (const struct jvalue *who = json_items(json_get(parameters, "requesters")); who != NULL;
         who = who->next)
        if (who->text != NULL)
            yaml_add_once(k->run, map, "allow", who->text);
    if (parameters != NULL)
        kea_leftovers(k, parameters, map);
}

static void ping_check(struct kea *k, const struct jvalue *hook)
{
    const struct jvalue *parameters = json_get(hook, "parameters");
    struct yaml *map = yaml_map(k->run, k->document, "probe");
    uint64_t number;

    if (json_bool_of(parameters, "enable-ping-check") == 0) {
        yaml_plain(k->run, k->document, "probe", "none");
        return;
    }
    yaml_bool(k->run, map, "icmp", true);
    if (json_number_of(parameters, "reply-timeout", &number))
        yaml_plain(k->run, map, "wait",
                   import_format(k->run, "%llums", (unsigned long long)number));
    if (json_number_of(parameters, "ping-cltt-secs", &number))
        yaml_duration(k->run, map, "recheck", number);
    if (parameters != NULL)
        kea_leftovers(k, parameters, k->document);
}

static void bootp(struct kea *k, const struct jvalue *hook)
{
    (void)json_get(hook, "parameters");
    yaml_plain(k->run, k->document, "bootp", "dynamic");
}

static void pair(struct kea *k, const struct jvalue *hook)
{
    kea_pair(k, json_get(hook, "parameters"));
}

static void built_in(struct kea *k, const struct jvalue *hook)
{
    (void)k;
    (void)json_get(hook, "parameters");
}

static const struct {
    const char *name;
    void (*convert)(struct kea *k, const struct jvalue *hook);
    const char *note; /* NULL: all of it is carried over */
} hooks[] = {
    {"libdhcp_ha.so", pair, NULL},
    {FLEX_ID_HOOK, flex_id, NULL},
    {"libdhcp_lease_query.so", lease_query, NULL},
    {"libdhcp_ping_check.so", ping_check, NULL},
    {"libdhcp_bootp.so", bootp, NULL},
    {"libdhcp_limits.so", built_in, NULL}, /* what it limits stands in user-context */
    {"libdhcp_lease_cmds.so", built_in, "leases are shown by `twinctl leases` and the API"},
    {"libdhcp_stat_cmds.so", built_in, "statistics are counters of /metrics"},
    {"libdhcp_host_cmds.so", built_in, "reservations are changed by `twinctl reservations`"},
    {"libdhcp_subnet_cmds.so", built_in, "subnets stand in this file, which can be reloaded"},
    {"libdhcp_class_cmds.so", built_in, "classes stand in this file, which can be reloaded"},
    {"libdhcp_host_cache.so", built_in, "reservations are kept in memory always"},
    {"libdhcp_legal_log.so", built_in, "leases are told to the log of the daemon"},
    {"libdhcp_run_script.so", built_in, "no scripts are run; watch the API"},
    {"libdhcp_mysql_cb.so", built_in, "the configuration is this file alone"},
    {"libdhcp_pgsql_cb.so", built_in, "the configuration is this file alone"},
    {"libdhcp_cb_cmds.so", built_in, "the configuration is this file alone"},
    {"libdhcp_mysql.so", built_in, "leases are kept in server.store"},
    {"libdhcp_pgsql.so", built_in, "leases are kept in server.store"},
    {"libdhcp_ddns_tuning.so", built_in, "names are made by the rules of `names:`"},
    {"libdhcp_flex_option.so", built_in, "write a class with an `expression:` for each value"},
    {"libdhcp_radius.so", built_in, "RADIUS is not asked"},
    {"libdhcp_perfmon.so", built_in, "durations are shown by /metrics"},
};

void kea_hooks(struct kea *k)
{
    for (const struct jvalue *hook = json_items(json_get(k->dhcp4, "hooks-libraries"));
         hook != NULL; hook = hook->next) {
        const char *name = hook_name(hook);
        const char *note = "there are no hooks";
        for (size_t i = 0; i < ARRAY_SIZE(hooks); i++) {
            if (strcmp(hooks[i].name, name) != 0)
                continue;
            hooks[i].convert(k, hook);
            note = hooks[i].note;
        }
        if (note != NULL)
            import_note(k->run, k->document, hook->place, name, "%s", note);
        (void)json_get(hook, "parameters");
        kea_leftovers(k, hook, k->document);
    }
}
