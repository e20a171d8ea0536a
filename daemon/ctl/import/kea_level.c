/* daemon/ctl/import/kea_level.c - what Kea lets several levels say. */
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/import/kea.h"

#define KEA_LIFETIME_S 7200 /* where Kea's file says nothing */

static void print_json(const struct jvalue *value, FILE *out)
{
    if (value->kind == JSON_IS_TEXT) {
        fprintf(out, "\"%s\"", value->text);
    } else if (value->kind == JSON_IS_OBJECT || value->kind == JSON_IS_ARRAY) {
        const bool object = value->kind == JSON_IS_OBJECT;
        putc(object ? '{' : '[', out);
        for (const struct jvalue *child = value->first; child != NULL; child = child->next) {
            if (child != value->first)
                fputs(", ", out);
            if (object)
                fprintf(out, "\"%s\": ", child->key);
            print_json(child, out);
        }
        putc(object ? '}' : ']', out);
    } else {
        fputs(value->text, out);
    }
}

static const char *json_in_words(struct kea *k, const struct jvalue *value)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return "";
    print_json(value, out);
    const bool good = fclose(out) == 0;
    const char *copy = good ? import_copy(k->run, text, size) : "";
    free(text);
    return copy;
}

void kea_user_context(struct kea *k, const struct jvalue *object, struct yaml *node)
{
    const char *comment = json_text_of(object, "comment");
    const struct jvalue *context = json_get(object, "user-context");

    if (comment != NULL)
        yaml_comment(k->run, node, comment);
    if (context == NULL || context->first == NULL)
        return;
    comment = json_text_of(context, "comment");
    if (comment != NULL && context->first->next == NULL)
        yaml_comment(k->run, node, comment);
    else
        import_remark(k->run, node, context->place, "user-context", "%s",
                      json_in_words(k, context));
}

const char *kea_percent(struct kea *k, const char *text)
{
    return import_format(k->run, "%.4g%%", strtod(text, NULL) * 100);
}

/* A lifetime without bounds has itself as bounds in Kea. */
static void put_lifetimes(struct kea *k, const struct jvalue *object, struct yaml *node)
{
    uint64_t middle = 0, min, max;
    const bool has = json_number_of(object, "valid-lifetime", &middle);
    const bool has_min = json_number_of(object, "min-valid-lifetime", &min);
    const bool has_max = json_number_of(object, "max-valid-lifetime", &max);

    if (!has && !has_min && !has_max) {
        if (object != k->dhcp4)
            return;
        middle = KEA_LIFETIME_S;
    } else if (!has) {
        middle = has_min ? min : max;
    }
    struct yaml *map = yaml_map(k->run, node, "lease-time");
    import_lifetime(k->run, map, "default", middle, object->place);
    import_lifetime(k->run, map, "min", has_min ? min : middle, object->place);
    import_lifetime(k->run, map, "max", has_max ? max : middle, object->place);
}

/* Kea sends T1 and T2 as written, or else by percents when it is told to. */
static void put_timer(struct kea *k, const struct jvalue *object, struct yaml *node,
                      const char *timer, const char *percent, const char *key)
{
    const char *part = json_text_of(object, percent);
    const bool calculates = json_bool_of(object, "calculate-tee-times") == 1;
    uint64_t seconds;

    if (json_number_of(object, timer, &seconds))
        yaml_duration(k->run, node, key, seconds);
    else if (part != NULL && calculates)
        yaml_plain(k->run, node, key, kea_percent(k, part));
}

static void put_cache(struct kea *k, const struct jvalue *object, struct yaml *node)
{
    const struct jvalue *age_place = json_get(object, "cache-max-age");
    const char *part = json_text_of(object, "cache-threshold");
    uint64_t age;

    if (part != NULL)
        yaml_plain(k->run, node, "renew-cache", kea_percent(k, part));
    if (!json_number_of(object, "cache-max-age", &age))
        return;
    if (part == NULL)
        yaml_duration(k->run, node, "renew-cache", age);
    else
        import_note(k->run, node, age_place->place, "cache-max-age",
                    "renew-cache is one value: the percent is kept");
}

static void put_boot(struct kea *k, const struct jvalue *object, struct yaml *node)
{
    static const struct {
        const char *kea, *ours, *unset;
    } fields[] = {{"next-server", "next-server", "0.0.0.0"},
                  {"server-hostname", "server-name", ""},
                  {"boot-file-name", "boot-file-name", ""}};

    for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
        const char *text = json_text_of(object, fields[i].kea);
        if (text != NULL && text[0] != '\0' && strcmp(text, fields[i].unset) != 0)
            yaml_text(k->run, node, fields[i].ours, text);
    }
}

static void put_switches(struct kea *k, const struct jvalue *object, struct yaml *node)
{
    static const struct {
        const char *key;
        int standard; /* at the level of the file */
    } switches[] = {{"authoritative", 0}, {"match-client-id", 1}, {"echo-client-id", 1}};

    for (size_t i = 0; i < ARRAY_SIZE(switches); i++) {
        const int value = json_bool_of(object, switches[i].key);
        if (value >= 0)
            yaml_bool(k->run, node, switches[i].key, value == 1);
        else if (object == k->dhcp4 && i == 0)
            yaml_bool(k->run, node, switches[i].key, switches[i].standard == 1);
    }
}

static void put_allocator(struct kea *k, const struct jvalue *object, struct yaml *node)
{
    const struct jvalue *place = json_get(object, "allocator");
    const char *text = json_text_of(object, "allocator");

    if (text == NULL)
        return;
    if (strcmp(text, "iterative") == 0)
        yaml_plain(k->run, node, "allocation", "sequential");
    else if (strcmp(text, "random") == 0)
        yaml_plain(k->run, node, "allocation", "random");
    else if (strcmp(text, "flq") == 0)
        yaml_plain(k->run, node, "allocation", "least-recently-used");
    else
        import_note(k->run, node, place->place, "allocator", "there is no allocation \"%s\"",
                    text);
}

void kea_level(struct kea *k, const struct jvalue *object, struct yaml *node, bool network)
{
    if (object != k->dhcp4)
        kea_user_context(k, object, node);
    put_lifetimes(k, object, node);
    put_timer(k, object, node, "renew-timer", "t1-percent", "renew-time");
    put_timer(k, object, node, "rebind-timer", "t2-percent", "rebind-time");
    (void)json_get(object, "t1-percent");
    (void)json_get(object, "t2-percent");
    (void)json_get(object, "calculate-tee-times");
    put_cache(k, object, node);
    put_boot(k, object, node);
    if (network) {
        put_switches(k, object, node);
        put_allocator(k, object, node);
        kea_names(k, object, node);
    }
    kea_option_data(k, object, node);
}
