/* daemon/ctl/import/isc_class.c - classes, subclasses and conditions of dhcpd.conf.
 *
 * A condition is a class of its own: in the file it is evaluated for everybody, elsewhere it is
 * an `additional` one that the level adds.  The first class that says a thing wins here, so
 * what is nearer in dhcpd goes in front. */
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/import/isc.h"

static struct yaml *new_class(struct isc *i, const char *name, const char *expression)
{
    struct yaml *class = yaml_map(i->run, yaml_list(i->run, i->document, "classes"), NULL);

    yaml_text(i->run, class, "name", name);
    if (expression != NULL)
        yaml_text(i->run, class, "expression", expression);
    i->run->classes++;
    return class;
}

static const struct isc_statement *find(const struct isc_statement *first, const char *words)
{
    for (const struct isc_statement *s = first; s != NULL; s = s->next)
        if (isc_starts(s, words))
            return s;
    return NULL;
}

/* ---- subclasses ---- */

/* Subclasses of `name` anywhere in the file, as "E = V or E = V"; those with a body become
 * classes of their own, in front. */
struct subclasses {
    const char *name, *clean;
    const struct isc_token *match; /* the expression behind `match` */
    const char *any;
    unsigned count;
};

static bool is_subclass_of(const struct isc_statement *s, const char *name)
{
    const struct isc_token *word = isc_word(s, 1);

    return isc_starts(s, "subclass") && word != NULL && strcmp(word->text, name) == 0;
}

static void add_subclass(struct isc *i, struct isc_scope *scope, struct subclasses *all,
                         const struct isc_statement *statement)
{
    const struct isc_token *value = isc_word(statement, 2);
    const char *expression =
        all->match == NULL || value == NULL ? NULL : isc_match_value(i, all->match, value);

    if (expression == NULL) {
        isc_note(i, i->document, statement, "the value cannot be compared here");
        return;
    }
    all->any =
        all->any == NULL ? expression : import_format(i->run, "%s or %s", all->any, expression);
    if (!statement->has_block || statement->block == NULL)
        return;
    struct isc_scope inner = *scope;
    inner.up = scope;
    inner.kind = ISC_CLASS;
    inner.condition = expression;
    inner.node =
        new_class(i, import_format(i->run, "%s-%u", all->clean, ++all->count), expression);
    isc_walk(i, &inner, statement->block);
}

static void find_subclasses(struct isc *i, struct isc_scope *scope, struct subclasses *all,
                            const struct isc_statement *first)
{
    for (const struct isc_statement *s = first; s != NULL; s = s->next) {
        if (is_subclass_of(s, all->name))
            add_subclass(i, scope, all, s);
        else if (s->has_block)
            find_subclasses(i, scope, all, s->block);
    }
}

static bool class_is_declared(const struct isc_statement *first, const char *name)
{
    for (const struct isc_statement *s = first; s != NULL; s = s->next) {
        const struct isc_token *word = isc_word(s, 1);
        if ((isc_starts(s, "class") && word != NULL && strcmp(word->text, name) == 0) ||
            (s->has_block && class_is_declared(s->block, name)))
            return true;
    }
    return false;
}

void isc_subclass(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    const struct isc_token *name = isc_word(statement, 1);

    /* isc_class() has read those of its class. */
    if (name == NULL || !class_is_declared(i->file, name->text))
        isc_note(i, scope->node, statement, "its class is not declared");
}

/* ---- classes ---- */

/* "spawn with option agent.circuit-id" and "lease limit 4": so many leases for each circuit. */
static void put_limit(struct isc *i, const char *name, const struct isc_statement *spawn,
                      const struct isc_statement *limit)
{
    static const char *const keys[][2] = {{"agent.circuit-id", "circuit-id"},
                                          {"agent.remote-id", "remote-id"}};
    const struct isc_token *option = spawn == NULL ? NULL : isc_word(spawn, 3);
    const struct isc_token *count = limit == NULL ? NULL : isc_word(limit, 2);
    const char *per = NULL;

    for (size_t k = 0; k < ARRAY_SIZE(keys); k++)
        if (option != NULL && isc_is(option, keys[k][0]) && option->next == NULL)
            per = keys[k][1];
    if (isc_is(option, "hardware") || (spawn != NULL && isc_is(isc_word(spawn, 2), "hardware")))
        per = "hw-address";
    if (limit != NULL && spawn == NULL && per == NULL) {
        isc_note(i, i->document, limit,
                 "of class %s: class limits have no counterpart: give the class a pool of that "
                 "size, or limit each client or circuit with `limits:`",
                 name);
        return;
    }
    if (count == NULL || atoi(count->text) < 1 || per == NULL) {
        if (spawn != NULL || limit != NULL)
            isc_note(i, i->document, spawn != NULL ? spawn : limit,
                     "limits are per client, circuit-id, remote-id or hw-address");
        return;
    }
    struct yaml *map = yaml_map(i->run, yaml_list(i->run, i->document, "limits"), NULL);
    yaml_plain(i->run, map, "per", per);
    yaml_plain(i->run, map, "leases", count->text);
    if (spawn != NULL)
        import_remark(i->run, map, spawn->place, "spawn with",
                      "the limit holds for all clients, not only for those of class %s", name);
}

/* The statements of a class that say who is in it. */
static bool is_about_membership(const struct isc_statement *s)
{
    return isc_starts(s, "match") || isc_starts(s, "spawn") || isc_starts(s, "lease limit");
}

static void walk_settings(struct isc *i, struct isc_scope *scope,
                          const struct isc_statement *first)
{
    struct isc_statement *kept = NULL, **last = &kept;

    for (const struct isc_statement *s = first; s != NULL; s = s->next) {
        if (is_about_membership(s))
            continue;
        struct isc_statement *copy = import_alloc(i->run, sizeof(*copy));
        *copy = *s;
        copy->next = NULL;
        *last = copy;
        last = &copy->next;
    }
    isc_walk(i, scope, kept);
}

/* What `class` is matched by; a note when that cannot be said. */
static const char *class_expression(struct isc *i, struct isc_scope *scope,
                                    const struct isc_statement *statement, const char *name,
                                    const struct isc_statement **unsaid)
{
    const struct isc_statement *match_if = find(statement->block, "match if");
    const struct isc_statement *match = find(statement->block, "match");
    struct subclasses all = {name, import_name(i->run, name), NULL, NULL, 0};

    *unsaid = NULL;
    if (match_if != NULL) {
        const char *text = isc_condition(i, isc_word(match_if, 2));
        if (text == NULL)
            *unsaid = match_if;
        return text;
    }
    all.match = match == NULL ? NULL : isc_word(match, 1);
    find_subclasses(i, scope, &all, i->file);
    if (all.any == NULL)
        *unsaid = match;
    return all.any;
}

void isc_class(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    const struct isc_token *word = isc_word(statement, 1);
    const struct isc_statement *spawn = find(statement->block, "spawn");
    const struct isc_statement *limit = find(statement->block, "lease limit");
    const struct isc_statement *unsaid;

    if (word == NULL) {
        isc_note(i, scope->node, statement, "a class without a name");
        return;
    }
    const char *name = import_name(i->run, word->text);
    const char *expression = class_expression(i, scope, statement, word->text, &unsaid);
    struct isc_scope inner = *scope;
    inner.up = scope;
    inner.kind = ISC_CLASS;
    inner.condition = expression;
    inner.node = yaml_document(i->run);
    isc_inherit(i, scope, inner.node, true);
    walk_settings(i, &inner, statement->block); /* conditions inside go in front */
    struct yaml *class = new_class(i, name, expression);
    if (unsaid != NULL)
        isc_note(i, class, unsaid,
                 "cannot be said as an expression: no client is in the class until it has one");
    for (struct yaml *child = inner.node->first; child != NULL; child = child->next)
        if (child->kind == YAML_COMMENT)
            yaml_comment(i->run, class, child->text);
    yaml_merge(i->run, class, inner.node);
    if (spawn != NULL || limit != NULL)
        put_limit(i, name, spawn, limit);
}

/* ---- conditions ---- */

static const char *and_also(struct isc *i, const char *left, const char *right)
{
    if (left == NULL)
        return right;
    return right == NULL ? left : import_format(i->run, "(%s) and (%s)", left, right);
}

/* One branch: a class for its clients. */
static void put_branch(struct isc *i, struct isc_scope *scope,
                       const struct isc_statement *branch, const char *expression)
{
    struct isc_scope inner = *scope;
    const char *name = import_format(
        i->run, "%s-line-%u", isc_is(branch->words, "if") ? "if" : "else", branch->place.line);

    inner.up = scope;
    inner.kind = ISC_CLASS;
    inner.condition = expression;
    inner.node = yaml_document(i->run);
    isc_walk(i, &inner, branch->block);
    if (inner.node->first == NULL)
        return;
    struct yaml *class = new_class(i, name, expression);
    for (struct yaml *child = inner.node->first; child != NULL; child = child->next)
        if (child->kind == YAML_COMMENT)
            yaml_comment(i->run, class, child->text);
    yaml_merge(i->run, class, inner.node);
    if (scope->kind == ISC_FILE || scope->kind == ISC_CLASS)
        return;
    yaml_bool(i->run, class, "additional", true);
    yaml_add_once(i->run, scope->node, "add-classes", name);
}

/* if A {..} elsif B {..} else {..}: A; not A and B; not A and not B. */
void isc_if(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    const char *before = scope->kind == ISC_CLASS ? scope->condition : NULL;
    bool known = true;

    for (const struct isc_statement *s = statement; s != NULL; s = s->next) {
        const bool is_else = isc_starts(s, "else") && !isc_starts(s, "else if");
        const size_t skip = isc_starts(s, "else if") ? 2 : 1;
        if (s != statement && !isc_starts(s, "elsif") && !isc_starts(s, "else"))
            return;
        const char *condition = is_else ? "" : isc_condition(i, isc_word(s, skip));
        known = known && condition != NULL;
        if (!known) {
            isc_note(i, scope->node, s, "the condition cannot be said as an expression");
        } else if (is_else) {
            put_branch(i, scope, s, before);
            return;
        } else {
            put_branch(i, scope, s, and_also(i, before, condition));
            before = and_also(i, before, import_format(i->run, "not (%s)", condition));
        }
    }
}
