/* config/load_class.c - `classes:`, and the names by which the rest of the file calls them. */
#include "config/loader.h"

#include <stdlib.h>

#include "config/match_names.h"
#include "config/suggest.h"

#define CLASSES_MAX 10000

struct class_place {
    const char *name; /* NULL: cannot be used */
    const struct node *node;
    size_t number; /* in the order of the file, from 0 */
};

struct class_index {
    struct class_place *places; /* by name, then by place in the file */
    size_t count;
    struct section *sections; /* in the order of the file */
    const struct config_class *classes;
    const struct node **nodes;
    bool *named;         /* somewhere: allow, match, ... */
    bool *given;         /* by a reservation or add-classes */
    bool *first_contact; /* looks at what a renewal does not have */
    bool testing;        /* a test is read: the classes from `current` on are not known to it */
    size_t current;
};

/* ---- names ---- */

static int compare_by_name(const void *left, const void *right)
{
    const struct class_place *a = left, *b = right;
    int order = strcmp(a->name, b->name);

    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

static void check_class_names(struct loader *l, struct class_place *places, size_t count)
{
    if (count > 1)
        qsort(places, count, sizeof(*places), compare_by_name);
    for (size_t i = 1; i < count; i++)
        if (strcmp(places[i - 1].name, places[i].name) == 0)
            complain(l, places[i].node, "class '%s' is given twice; the first is at %s",
                     places[i].name, place_of(l, places[i - 1].node, places[i].node));
}

/* NULL when the file has no such class. */
static const struct class_place *find_place(const struct class_index *index, const char *name)
{
    size_t low = 0, high = index->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (strcmp(index->places[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < index->count && strcmp(index->places[low].name, name) == 0
               ? &index->places[low]
               : NULL;
}

static struct class_index *new_index(struct loader *l, const struct config_class *classes,
                                     size_t count)
{
    struct class_index *index = ARENA_ARRAY(l->scratch, struct class_index, 1);

    index->classes = classes;
    index->places = ARENA_ARRAY(l->scratch, struct class_place, count);
    index->sections = ARENA_ARRAY(l->scratch, struct section, count);
    index->nodes = ARENA_ARRAY(l->scratch, const struct node *, count);
    index->named = ARENA_ARRAY(l->scratch, bool, count);
    index->given = ARENA_ARRAY(l->scratch, bool, count);
    index->first_contact = ARENA_ARRAY(l->scratch, bool, count);
    return index;
}

/* The index of a model that is finished already, for what is read beside it. */
static void need_index(struct loader *l)
{
    const struct config *config = l->config;

    if (l->classes != NULL)
        return;
    l->classes = new_index(l, config->classes, config->class_count);
    for (size_t i = 0; i < config->class_count; i++)
        l->classes->places[i] = (struct class_place){config->classes[i].name, NULL, i};
    l->classes->count = config->class_count;
    if (l->classes->count > 1)
        qsort(l->classes->places, l->classes->count, sizeof(struct class_place),
              compare_by_name);
}

static const char *unknown_class(struct loader *l, const char *name)
{
    struct suggestion suggestion = suggestion_for(name);

    if (report_is_full(l->report))
        return "unknown class";
    for (size_t i = 0; i < l->classes->count; i++)
        suggestion_consider(&suggestion, l->classes->places[i].name);
    for (enum config_builtin i = 0; i < CONFIG_BUILTINS; i++)
        suggestion_consider(&suggestion, config_builtin_name(i));
    if (suggestion.best != NULL)
        return arena_format(l->scratch, "unknown class %s; did you mean '%s'?", quoted(l, name),
                            suggestion.best);
    return arena_format(l->scratch,
                        "unknown class %s; write one of 'classes' or a built-in one",
                        quoted(l, name));
}

/* Whether the test that is read may ask for the class at `place`; else why not. */
static bool is_known_to_test(struct loader *l, const struct class_place *place,
                             const char **why)
{
    const struct class_index *index = l->classes;

    if (place->number >= index->current) {
        *why =
            arena_format(l->scratch,
                         "class '%s' of %s is not before this one; a class knows those "
                         "before it alone",
                         place->name, place_of(l, place->node, index->nodes[index->current]));
        return false;
    }
    if (index->classes[place->number].additional == CONFIG_FLAG_YES &&
        index->classes[index->current].additional != CONFIG_FLAG_YES) {
        *why =
            arena_format(l->scratch,
                         "class '%s' of %s is additional: it is not tested before this "
                         "one",
                         place->name, place_of(l, place->node, index->nodes[index->current]));
        return false;
    }
    return true;
}

int32_t class_number_find(struct loader *l, const char *name, const char **why)
{
    const enum config_builtin builtin = config_builtin_find(name);
    const struct class_place *place;
    bool later;

    need_index(l);
    place = find_place(l->classes, name);
    later = place != NULL && l->classes->testing && place->number >= l->classes->current;
    /* A class after this one that adds to a built-in class does not hide it. */
    if (place != NULL && !(later && builtin != CONFIG_BUILTINS)) {
        if (l->classes->testing && !is_known_to_test(l, place, why))
            return -1;
        l->classes->named[place->number] = true;
        return (int32_t)(CONFIG_BUILTINS + place->number);
    }
    if (builtin != CONFIG_BUILTINS)
        return (int32_t)builtin;
    *why = unknown_class(l, name);
    return -1;
}

bool load_class_number(struct loader *l, const char *key, const struct node *node,
                       const char *name, uint16_t *number)
{
    const char *why = NULL;
    const int32_t found = class_number_find(l, name, &why);

    if (found < 0) {
        complain(l, node, "%s: %s", key, why);
        return false;
    }
    *number = (uint16_t)found;
    return true;
}

/* ---- lists of names ---- */

static int compare_numbers(const void *left, const void *right)
{
    const uint16_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

struct config_class_list load_class_list(struct loader *l, const char *key,
                                         const struct node *node)
{
    struct items items = load_items(l, key, node, true);
    uint16_t *numbers = ARENA_ARRAY(l->arena, uint16_t, items.count);
    size_t count = 0, unique = 0;

    for (size_t i = 0; i < items.count; i++) {
        const struct node *item = items_get(&items, i);
        const char *name = load_text(l, key, item);

        if (name != NULL && load_class_number(l, key, item, name, &numbers[count]))
            count++;
    }
    if (count > 1)
        qsort(numbers, count, sizeof(*numbers), compare_numbers);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || numbers[i] != numbers[i - 1])
            numbers[unique++] = numbers[i];
    return (struct config_class_list){numbers, unique};
}

struct config_class_list load_given_classes(struct loader *l, const char *key,
                                            const struct node *node)
{
    const struct config_class_list list = load_class_list(l, key, node);

    for (size_t i = 0; i < list.count; i++) {
        if (list.numbers[i] < CONFIG_BUILTINS)
            complain(l, node,
                     "%s: '%s' is a built-in class, which its clients are in by themselves; "
                     "write a class of 'classes'",
                     key, config_builtin_name((enum config_builtin)list.numbers[i]));
        else
            l->classes->given[list.numbers[i] - CONFIG_BUILTINS] = true;
    }
    return list;
}

/* ---- allow, deny, require ---- */

/* A client that renews straight with the server would not be in it any more. */
static void check_renewals(struct loader *l, const char *key, const struct node *node,
                           size_t class)
{
    const struct class_index *index = l->classes;

    if (index->first_contact[class])
        warn(l, node,
             "%s: class '%s' of %s looks at a field that a renewing client's packet has "
             "otherwise or not at all; its clients lose their address when they renew",
             key, index->classes[class].name, place_of(l, index->nodes[class], node));
}

static struct config_class_list load_admission_list(struct loader *l, const char *key,
                                                    const struct node *node)
{
    const struct config_class_list list = load_class_list(l, key, node);

    for (size_t i = 0; i < list.count; i++) {
        const size_t class = list.numbers[i] - (size_t)CONFIG_BUILTINS;

        if (list.numbers[i] < CONFIG_BUILTINS)
            continue;
        if (l->classes->classes[class].additional == CONFIG_FLAG_YES)
            complain(l, node,
                     "%s: class '%s' of %s is additional: it is tested after the place is "
                     "chosen; write a class that is not",
                     key, l->classes->classes[class].name,
                     place_of(l, l->classes->nodes[class], node));
        check_renewals(l, key, node, class);
    }
    return list;
}

const char *class_name_of(const struct loader *l, uint16_t number)
{
    return number < CONFIG_BUILTINS ? config_builtin_name((enum config_builtin)number)
                                    : l->classes->classes[number - CONFIG_BUILTINS].name;
}

const char *class_place_of(struct loader *l, uint16_t number, const struct node *other)
{
    ASSERT(number >= CONFIG_BUILTINS);
    return place_of(l, l->classes->nodes[number - CONFIG_BUILTINS], other);
}

bool class_list_has(const struct config_class_list *list, uint16_t number)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->numbers[i] == number)
            return true;
    return false;
}

/* What is allowed or required and denied as well lets nobody in. */
static void check_contradiction(struct loader *l, const char *key, const struct node *node,
                                const struct config_class_list *list, const struct node *denied,
                                const struct config_class_list *deny)
{
    for (size_t i = 0; denied != NULL && i < list->count; i++)
        if (class_list_has(deny, list->numbers[i]))
            warn(l, node, "%s: class '%s' is denied at %s, so that it lets nobody in", key,
                 class_name_of(l, list->numbers[i]), place_of(l, denied, node));
}

const struct config_admission *load_admission(struct loader *l, const struct section *section)
{
    const struct node *allow = section_value(section, "allow");
    const struct node *deny = section_value(section, "deny");
    const struct node *require = section_value(section, "require");
    struct config_admission *admission;

    if (allow == NULL && deny == NULL && require == NULL)
        return NULL;
    admission = ARENA_ARRAY(l->arena, struct config_admission, 1);
    admission->allow = load_admission_list(l, "allow", allow);
    admission->deny = load_admission_list(l, "deny", deny);
    admission->require = load_admission_list(l, "require", require);
    check_contradiction(l, "allow", allow, &admission->allow, deny, &admission->deny);
    check_contradiction(l, "require", require, &admission->require, deny, &admission->deny);
    return admission;
}

/* ---- the classes themselves ---- */

/* Whether any condition looks at what a renewal does not have. */
static bool match_is_of_first_contact(const struct config_class *class)
{
    for (size_t i = 0; i < class->condition_count; i++)
        if (class->conditions[i].subject == SUBJECT_FIELD &&
            match_field_is_of_first_contact(class->conditions[i].field))
            return true;
    return false;
}

static int32_t find_for_expression(void *context, const char *name, const char **why)
{
    return class_number_find(context, name, why);
}

static void load_expression(struct loader *l, const struct node *node, struct config_class *out)
{
    const struct expression_scope scope = {find_for_expression, l, l->config};
    const char *text = load_text(l, "expression", node);
    struct expression_error error;

    if (text != NULL &&
        !expression_compile(l->arena, text, EXPRESSION_TEST, &scope, &out->expression, &error))
        complain_expression(l, "expression", node, &error);
}

void complain_expression(struct loader *l, const char *key, const struct node *node,
                         const struct expression_error *error)
{
    complain(l, node, "%s: at character %zu, %s: %s", key, error->at + 1,
             node->text[error->at] == '\0' ? "the end" : quoted(l, node->text + error->at),
             error->text);
}

static void load_test(struct loader *l, size_t i, struct config_class *class)
{
    const struct section *section = &l->classes->sections[i];
    const struct node *match = section_value(section, "match");
    const struct node *expression = section_value(section, "expression");

    if (match != NULL && expression != NULL)
        complain(l, match->line > expression->line ? match : expression,
                 "class has both 'match' and 'expression'; keep one of them");
    if (match != NULL) {
        class->test = CLASS_BY_MATCH;
        load_match(l, match, class);
        l->classes->first_contact[i] = match_is_of_first_contact(class);
    } else if (expression != NULL) {
        class->test = CLASS_BY_EXPRESSION;
        load_expression(l, expression, class);
        l->classes->first_contact[i] = class->expression.first_contact;
    } else {
        class->builtin =
            class->name != NULL ? config_builtin_find(class->name) : CONFIG_BUILTINS;
        class->test = class->builtin != CONFIG_BUILTINS ? CLASS_BY_BUILTIN : CLASS_GIVEN;
    }
}

static void load_terms(struct loader *l, const struct section *section,
                       struct config_class *class)
{
    load_contents(l, section, &class->terms);
    load_lease_time(l, section_value(section, "lease-time"), &l->config->terms.lease_time,
                    &class->terms.lease_time, NULL);
    load_care(l, section, &class->terms.care);
}

/* Names first, so that each test can be told what is after it. */
void load_classes(struct loader *l, const struct node *node)
{
    struct items items = load_items(l, "classes", node, false);
    struct config_class *classes;

    if (items.count > CLASSES_MAX) {
        complain(l, node, "there are %zu classes; write at most %d", items.count, CLASSES_MAX);
        items.count = 0;
    }
    classes = ARENA_ARRAY(l->arena, struct config_class, items.count);
    l->classes = new_index(l, classes, items.count);
    for (size_t i = 0; i < items.count; i++) {
        const struct node *item = items_get(&items, i);

        l->classes->nodes[i] = item;
        l->classes->sections[i] = section_read(l, &schema_class, "classes", item, &classes[i]);
        if (classes[i].name != NULL)
            l->classes->places[l->classes->count++] =
                (struct class_place){classes[i].name, item, i};
    }
    check_class_names(l, l->classes->places, l->classes->count);
    l->classes->testing = true;
    for (size_t i = 0; i < items.count; i++) {
        l->classes->current = i;
        if (l->classes->sections[i].map == NULL)
            continue;
        load_test(l, i, &classes[i]);
        load_terms(l, &l->classes->sections[i], &classes[i]);
    }
    l->classes->testing = false;
    l->config->classes = classes;
    l->config->class_count = items.count;
}

/* ---- classes that change nothing ---- */

static bool says_something(const struct config_class *class)
{
    return class->terms.options->count > 0 || class->terms.send != NULL ||
           config_lease_time_is_set(&class->terms.lease_time) ||
           config_boot_is_set(&class->terms.boot) || config_care_is_set(&class->terms.care);
}

void check_class_uses(struct loader *l)
{
    const struct class_index *index = l->classes;

    for (size_t i = 0; l->report->errors == 0 && i < l->config->class_count; i++) {
        const struct config_class *class = &l->config->classes[i];

        if (class->additional == CONFIG_FLAG_YES && !index->given[i])
            warn(l, index->nodes[i],
                 "class '%s' is additional and no add-classes names it, so that nobody is ever "
                 "in it",
                 class->name);
        else if (class->test == CLASS_GIVEN && !index->given[i])
            warn(l, index->nodes[i],
                 "class '%s' has neither match nor expression, and no reservation or "
                 "add-classes gives it, so that nobody is ever in it",
                 class->name);
        else if (!index->named[i] && !says_something(class))
            warn(l, index->nodes[i],
                 "class '%s' is used nowhere: it sets nothing, and nothing names it",
                 class->name);
    }
}
