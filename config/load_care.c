/* config/load_care.c - values and limits of address care (care.h), and what contradicts itself
 * there. */
#include "config/loader.h"

#include <inttypes.h>

#define SHARE_SECONDS_MAX (INT64_C(3650) * 24 * 3600)

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "87.5%" in hundredths of a percent. */
static bool percent_parse(const char *text, uint32_t *out)
{
    uint32_t value = 0, scale = 100;

    if (!is_digit(*text))
        return false;
    for (; is_digit(*text); text++) {
        value = value * 10 + (uint32_t)(*text - '0');
        if (value > 100)
            return false;
    }
    value *= 100;
    if (*text == '.') {
        if (!is_digit(*++text))
            return false;
        for (; is_digit(*text) && scale > 1; text++) {
            scale /= 10;
            value += (uint32_t)(*text - '0') * scale;
        }
    }
    *out = value;
    return strcmp(text, "%") == 0 && value <= CONFIG_SHARE_WHOLE;
}

static bool lease_count_parse(const char *text, uint32_t *out)
{
    int64_t ms;

    if (duration_parse(text, &ms) != DURATION_OK || ms < 1000 || ms % 1000 != 0 ||
        ms / 1000 > SHARE_SECONDS_MAX)
        return false;
    *out = (uint32_t)(ms / 1000);
    return true;
}

void load_share(struct loader *l, const struct schema_key *key, const char *text,
                const struct node *node, struct config_share *out)
{
    struct config_share share = {CONFIG_SHARE_PERCENT, 0};

    if (!percent_parse(text, &share.value)) {
        const bool counts = key->type == SCHEMA_POOL_SHARE
                                ? number_parse(text, UINT32_MAX, &share.value)
                                : lease_count_parse(text, &share.value);

        share.unit = CONFIG_SHARE_COUNT;
        if (!counts) {
            complain(l, node, "%s: %s is not %s", key->name, quoted(l, text),
                     schema_type_name(key->type));
            return;
        }
    }
    *out = share;
}

void load_flag(struct loader *l, const struct schema_key *key, const char *text,
               const struct node *node, enum config_flag *out)
{
    if (strcmp(text, "true") == 0)
        *out = CONFIG_FLAG_YES;
    else if (strcmp(text, "false") == 0)
        *out = CONFIG_FLAG_NO;
    else
        complain(l, node, "%s: %s is not %s", key->name, quoted(l, text),
                 schema_type_name(key->type));
}

/* ---- limits ---- */

/* Where the limits of one level say what they count. */
struct limit_places {
    const struct node *per[CONFIG_PERS];
    const struct node *class[CONFIG_LIMIT_CLASSES_MAX];
    const char *class_name[CONFIG_LIMIT_CLASSES_MAX];
    size_t class_count;
};

static void note_per(struct loader *l, const struct node *node, enum config_limit_per per,
                     struct limit_places *places)
{
    if (places->per[per] != NULL)
        complain(l, node, "limits: per %s is given twice; the first is at %s",
                 config_limit_per_name(per), place_of(l, places->per[per], node));
    else
        places->per[per] = node;
}

static void note_class(struct loader *l, const struct node *node, const char *name,
                       struct limit_places *places)
{
    for (size_t i = 0; i < places->class_count; i++) {
        if (strcmp(places->class_name[i], name) == 0) {
            complain(l, node, "limits: class '%s' is given twice; the first is at %s", name,
                     place_of(l, places->class[i], node));
            return;
        }
    }
    if (places->class_count == CONFIG_LIMIT_CLASSES_MAX) {
        complain(l, node, "limits: one level limits at most %d classes",
                 CONFIG_LIMIT_CLASSES_MAX);
        return;
    }
    places->class[places->class_count] = node;
    places->class_name[places->class_count++] = name;
}

static void load_limit(struct loader *l, const struct node *node, struct limit_places *places,
                       struct config_limit *out)
{
    struct section section = section_read(l, &schema_limit, "limits", node, out);
    const struct node *per, *class;

    if (section.map == NULL)
        return;
    per = section_value(&section, "per");
    class = section_value(&section, "class");
    if (per != NULL && class != NULL) {
        complain(l, compare_places(per, class) > 0 ? per : class,
                 "limits: a limit has both 'per' and 'class'; keep one of them");
    } else if (per != NULL) {
        note_per(l, per, out->per, places);
    } else if (class == NULL) {
        complain(l, node, "limits: a limit has neither 'per' nor 'class'; write one of them");
    } else if (out->class_name != NULL) {
        load_limit_class(l, class, out);
        note_class(l, class, out->class_name, places);
    }
}

static const struct config_limits *load_limits(struct loader *l, const struct node *node)
{
    const struct items items = load_items(l, "limits", node, false);
    struct limit_places places = {.class_count = 0};
    struct config_limits *limits;
    struct config_limit *out;

    if (items.count == 0)
        return NULL;
    limits = ARENA_ARRAY(l->arena, struct config_limits, 1);
    out = ARENA_ARRAY(l->arena, struct config_limit, items.count);
    for (size_t i = 0; i < items.count; i++) {
        load_limit(l, items_get(&items, i), &places, &out[i]);
        out[i].index = (uint32_t)l->config->limit_count++;
    }
    *limits = (struct config_limits){NULL, out, items.count};
    return limits;
}

/* ---- what a level says as a whole ---- */

static void check_renewal(struct loader *l, const struct section *section,
                          const struct config_care *care)
{
    const struct node *t1 = section_find(section, "renew-time");
    const struct node *t2 = section_find(section, "rebind-time");

    if (t1 != NULL && t2 != NULL && care->renew.unit == care->rebind.unit &&
        care->renew.value >= care->rebind.value)
        complain(l, t1, "renew-time: %s is not below rebind-time %s of line %d; write T1 < T2",
                 t1->text, t2->text, t2->line);
    if (t1 != NULL && care->renew.unit == CONFIG_SHARE_PERCENT && care->renew.value == 0)
        complain(l, t1, "renew-time: a client would renew without end; write for example 50%%");
    if (t2 != NULL && care->rebind.unit == CONFIG_SHARE_PERCENT &&
        (care->rebind.value == 0 || care->rebind.value == CONFIG_SHARE_WHOLE))
        complain(l, t2, "rebind-time: %s is not within the lease; write for example 87.5%%",
                 t2->text);
}

void load_care(struct loader *l, const struct section *section, struct config_care *care)
{
    const struct node *cache = section_find(section, "renew-cache");

    check_renewal(l, section, care);
    if (care->renew_cache.unit == CONFIG_SHARE_PERCENT &&
        care->renew_cache.value > CONFIG_SHARE_WHOLE / 2)
        complain(l, cache, "renew-cache: %s is out of range; write 0%% to 50%%, or a duration",
                 cache->text);
    l->config->renew_cache |= care->renew_cache.value > 0;
    l->config->warn_free |= care->warn_free.value > 0;
    care->limits = load_limits(l, section_find(section, "limits"));
}
