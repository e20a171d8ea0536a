/* daemon/ctl/import/kea_class.c - Kea's client classes, and where they are asked for. */
#include <string.h>

#include "daemon/ctl/import/kea.h"

#define VENDOR_PREFIX "VENDOR_CLASS_"

static bool is_vendor_class(const char *name)
{
    return strncmp(name, VENDOR_PREFIX, strlen(VENDOR_PREFIX)) == 0 &&
           name[strlen(VENDOR_PREFIX)] != '\0';
}

/* Whoever sends the vendor class X is in Kea's class VENDOR_CLASS_X, declared or not. */
static void want_vendor_class(struct kea *k, const char *name)
{
    for (size_t i = 0; i < k->vendor_class_count; i++)
        if (strcmp(k->vendor_classes[i], name) == 0)
            return;
    if (k->vendor_class_count == ARRAY_SIZE(k->vendor_classes))
        return;
    k->vendor_classes[k->vendor_class_count++] = name;
}

const char *kea_class_name(struct kea *k, const struct jvalue *value, const char *what,
                           struct yaml *node)
{
    static const char *const built_in[][2] = {
        {"KNOWN", "known"}, {"UNKNOWN", "unknown"}, {"ALL", "all"}, {"BOOTP", "bootp"}};
    const char *name = value->text;

    if (name == NULL || name[0] == '\0')
        return NULL;
    for (size_t i = 0; i < ARRAY_SIZE(built_in); i++)
        if (strcmp(built_in[i][0], name) == 0)
            return built_in[i][1];
    if (strncmp(name, "HA_", 3) == 0) {
        import_note(k->run, node, value->place, what,
                    "%s: the pair divides every pool between its nodes by itself", name);
        return NULL;
    }
    if (is_vendor_class(name))
        want_vendor_class(k, name);
    return import_name(k->run, name);
}

/* One name, or a list of them. */
static void put_names(struct kea *k, const struct jvalue *value, const char *what,
                      const char *key, struct yaml *node)
{
    if (value == NULL)
        return;
    const struct jvalue *at = value->kind == JSON_IS_ARRAY ? value->first : value;
    for (; at != NULL; at = value->kind == JSON_IS_ARRAY ? at->next : NULL) {
        const char *name = kea_class_name(k, at, what, node);
        if (name != NULL)
            yaml_add_once(k->run, node, key, name);
    }
}

void kea_class_guards(struct kea *k, const struct jvalue *object, struct yaml *node)
{
    static const char *const guards[] = {"client-class", "client-classes"};
    static const char *const added[] = {"require-client-classes",
                                        "evaluate-additional-classes"};

    for (size_t i = 0; i < ARRAY_SIZE(guards); i++)
        put_names(k, json_get(object, guards[i]), guards[i], "allow", node);
    for (size_t i = 0; i < ARRAY_SIZE(added); i++)
        put_names(k, json_get(object, added[i]), added[i], "add-classes", node);
}

static void put_vendor_match(struct kea *k, const char *name, struct yaml *class)
{
    yaml_text(k->run, yaml_map(k->run, class, "match"), "vendor-class-identifier",
              name + strlen(VENDOR_PREFIX));
}

/* user-context: {"limits": {"address-limit": 4, "rate-limit": "..."}} of the limits hook. */
static void note_limits(struct kea *k, const struct jvalue *object, const char *name)
{
    const struct jvalue *limits = json_get(json_get(object, "user-context"), "limits");
    const struct jvalue *leases = json_get(limits, "address-limit");
    const struct jvalue *rate = json_get(limits, "rate-limit");

    if (leases != NULL)
        import_note(k->run, k->document, leases->place, "address-limit",
                    "of class %s: class limits have no counterpart: give the class a pool of "
                    "that size, or limit each client or circuit with `limits:`",
                    name);
    if (rate != NULL)
        import_note(k->run, k->document, rate->place, "rate-limit",
                    "of class %s: rates are not limited; in a flood new clients wait for those "
                    "with leases",
                    name);
}

/* member('HA_server1') asks whose client it is.  Both nodes serve from all pools here, so every
 * client may be in such a class. */
static const char *without_ha(struct kea *k, const char *test, struct place place,
                              struct yaml *class)
{
    static const char asked[] = "member('HA_";
    const char *found;
    bool any = false;

    while ((found = strstr(test, asked)) != NULL) {
        const char *end = strstr(found, "')");
        if (end == NULL)
            break;
        test = import_format(k->run, "%.*smember('ALL')%s", (int)(found - test), test, end + 2);
        any = true;
    }
    if (any)
        import_note(
            k->run, class, place, "test",
            "member('HA_...') is member('ALL'): the pair divides every pool between its "
            "nodes by itself");
    return test;
}

static void put_class(struct kea *k, const struct jvalue *object, struct yaml *list)
{
    static const char *const additional[] = {"only-if-required", "only-in-additional-list"};
    const char *name = json_text_of(object, "name");
    const char *test = json_text_of(object, "test");
    bool extra = false;

    if (name == NULL) {
        import_note(k->run, list, object->place, "client-classes", "a class without a name");
        return;
    }
    struct yaml *class = yaml_map(k->run, list, NULL);
    const char *clean = import_name(k->run, name);
    yaml_text(k->run, class, "name", clean);
    if (strcmp(clean, name) != 0)
        import_remark(k->run, class, object->place, "name", "was \"%s\"", name);
    for (size_t i = 0; i < ARRAY_SIZE(additional); i++)
        extra = json_bool_of(object, additional[i]) == 1 || extra;
    if (test != NULL && test[0] != '\0') {
        yaml_text(k->run, class, "expression", without_ha(k, test, object->place, class));
    } else if (is_vendor_class(name)) {
        put_vendor_match(k, name, class);
    } /* else it is given by reservations and levels alone */
    if (extra)
        yaml_bool(k->run, class, "additional", true);
    note_limits(k, object, clean);
    kea_level(k, object, class, false);
    (void)json_get(object, "option-def"); /* kea_definitions() has read them */
    kea_leftovers(k, object, class);
    k->run->classes++;
}

static bool is_declared(const struct yaml *list, const char *name)
{
    for (const struct yaml *class = list->first; class != NULL; class = class->next)
        if (class->kind == YAML_MAP && yaml_find_text(class, "name") != NULL &&
            strcmp(yaml_find_text(class, "name"), name) == 0)
            return true;
    return false;
}

/* What levels further down ask for: they are read later, so it is looked for here. */
static void find_vendor_classes(struct kea *k, const struct jvalue *value)
{
    for (const struct jvalue *child = value->first; child != NULL; child = child->next) {
        if (child->kind == JSON_IS_TEXT && is_vendor_class(child->text) &&
            (child->key == NULL || strcmp(child->key, "client-class") == 0))
            want_vendor_class(k, child->text);
        find_vendor_classes(k, child);
    }
}

bool kea_class_guards_subnet(const struct kea *k, const char *name)
{
    for (size_t i = 0; i < k->guard_count; i++)
        if (strcmp(k->guards[i], name) == 0)
            return true;
    return false;
}

static void add_guard(struct kea *k, const struct jvalue *value)
{
    if (value->kind == JSON_IS_TEXT && !kea_class_guards_subnet(k, value->text) &&
        k->guard_count < ARRAY_SIZE(k->guards))
        k->guards[k->guard_count++] = value->text;
}

static bool is_place(const struct jvalue *object)
{
    for (const struct jvalue *child = object->first; child != NULL; child = child->next)
        if (child->key != NULL &&
            (strcmp(child->key, "subnet") == 0 || strcmp(child->key, "subnet4") == 0))
            return true;
    return false;
}

/* Subnets are read later, and so it is looked for here. */
static void find_guards(struct kea *k, const struct jvalue *value)
{
    const bool place = is_place(value);

    for (const struct jvalue *child = value->first; child != NULL; child = child->next) {
        if (place && child->key != NULL && strcmp(child->key, "client-class") == 0)
            add_guard(k, child);
        if (place && child->key != NULL && strcmp(child->key, "client-classes") == 0)
            for (const struct jvalue *name = child->first; name != NULL; name = name->next)
                add_guard(k, name);
        find_guards(k, child);
    }
}

void kea_classes(struct kea *k)
{
    struct yaml *list = yaml_list(k->run, k->document, "classes");

    for (const struct jvalue *class = json_items(json_get(k->dhcp4, "client-classes"));
         class != NULL; class = class->next)
        put_class(k, class, list);
    find_vendor_classes(k, k->dhcp4);
    find_guards(k, k->dhcp4);
    for (size_t i = 0; i < k->vendor_class_count; i++) {
        const char *clean = import_name(k->run, k->vendor_classes[i]);
        if (is_declared(list, clean))
            continue;
        struct yaml *class = yaml_map(k->run, list, NULL);
        yaml_text(k->run, class, "name", clean);
        put_vendor_match(k, k->vendor_classes[i], class);
        k->run->classes++;
    }
}
