/* config/expression.c - from a text to a checked program: the grammar.
 *
 * or, and, not, ==, + and then what has parentheses: each function reads what binds tighter
 * than it, in one pass, and appends the steps that evaluate it. */
#include "config/expression_parse.h"

static enum expression_type read_or(struct expression_parser *p);

/* Where steps go that nobody will run, after an error. */
struct expression_step *expression_emit(struct expression_parser *p, enum expression_op op,
                                        size_t taken, size_t left)
{
    struct expression_step *step = &p->steps[p->failed ? 0 : p->count];

    *step = (struct expression_step){.op = op};
    if (p->failed)
        return step;
    ASSERT(p->stack >= taken);
    p->stack = p->stack - taken + left;
    if (p->stack > EXPRESSION_STACK)
        expression_fail(p, p->token.at,
                        "too many values are open at this place; at most %d at a time",
                        EXPRESSION_STACK);
    else if (++p->count == EXPRESSION_STEPS)
        expression_fail(p, p->token.at, "the expression is too long; it has more than %d steps",
                        EXPRESSION_STEPS - 1);
    return step;
}

static void need(struct expression_parser *p, size_t at, enum expression_type got,
                 enum expression_type wanted)
{
    if (got == wanted)
        return;
    if (wanted == TYPE_TEST)
        expression_fail(p, at,
                        "this is a value; a test is expected, such as a == b or "
                        "option[60].exists");
    else
        expression_fail(p, at, "this is a test; a value is expected, such as option[60].hex");
}

/* An argument of a function. */
static void argument(struct expression_parser *p, enum expression_type wanted)
{
    const size_t at = p->token.at;

    need(p, at, read_or(p), wanted);
}

static void patch(struct expression_parser *p, size_t step)
{
    if (!p->failed)
        p->steps[step].target = (uint16_t)p->count;
}

/* ---- functions ---- */

static void read_substring(struct expression_parser *p)
{
    int64_t start, length = EXPRESSION_TO_END;
    struct expression_step *step;

    argument(p, TYPE_VALUE);
    expression_expect_sign(p, ',');
    start = expression_expect_integer(p, -EXPRESSION_TEXT, EXPRESSION_TEXT);
    expression_expect_sign(p, ',');
    if (expression_at_word(p, "all"))
        expression_advance(p);
    else if (p->token.kind == TOKEN_INTEGER)
        length = expression_expect_integer(p, -EXPRESSION_TEXT, EXPRESSION_TEXT);
    else
        expression_expected(p, "a number or all");
    step = expression_emit(p, STEP_SUBSTRING, 1, 1);
    step->number = (int32_t)start;
    step->length = (int32_t)length;
}

static void read_split(struct expression_parser *p)
{
    int64_t field;

    argument(p, TYPE_VALUE);
    expression_expect_sign(p, ',');
    argument(p, TYPE_VALUE);
    expression_expect_sign(p, ',');
    field = expression_expect_integer(p, INT32_MIN, INT32_MAX);
    expression_emit(p, STEP_SPLIT, 2, 1)->number = (int32_t)field;
}

static void read_two(struct expression_parser *p, enum expression_op op)
{
    argument(p, TYPE_VALUE);
    expression_expect_sign(p, ',');
    argument(p, TYPE_VALUE);
    expression_emit(p, op, 2, 1);
}

static void read_ifelse(struct expression_parser *p)
{
    size_t otherwise, end;

    argument(p, TYPE_TEST);
    expression_expect_sign(p, ',');
    otherwise = p->count;
    expression_emit(p, STEP_UNLESS, 1, 0);
    argument(p, TYPE_VALUE);
    expression_expect_sign(p, ',');
    end = p->count;
    expression_emit(p, STEP_FORWARD, 1, 0); /* the value stays on this way, not on the other */
    patch(p, otherwise);
    argument(p, TYPE_VALUE);
    patch(p, end);
}

struct function {
    const char *name;
    enum expression_op op;
    int32_t size; /* of the number that it takes */
};

static const struct function of_one[] = {
    {"lcase", STEP_LOWER, 0},
    {"ucase", STEP_UPPER, 0},
    {"addrtotext", STEP_ADDRESS_TEXT, 0},
    {"int8totext", STEP_SIGNED_TEXT, 1},
    {"int16totext", STEP_SIGNED_TEXT, 2},
    {"int32totext", STEP_SIGNED_TEXT, 4},
    {"uint8totext", STEP_UNSIGNED_TEXT, 1},
    {"uint16totext", STEP_UNSIGNED_TEXT, 2},
    {"uint32totext", STEP_UNSIGNED_TEXT, 4},
};

static void read_one(struct expression_parser *p, const struct function *function)
{
    argument(p, TYPE_VALUE);
    expression_emit(p, function->op, 1, 1)->number = function->size;
}

static const struct function *find_of_one(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(of_one); i++)
        if (strcmp(of_one[i].name, name) == 0)
            return &of_one[i];
    return NULL;
}

static bool is_function(const char *name)
{
    static const char *const others[] = {"substring", "split",  "concat",
                                         "hexstring", "ifelse", "match"};

    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        if (strcmp(others[i], name) == 0)
            return true;
    return find_of_one(name) != NULL;
}

static void read_arguments(struct expression_parser *p, const struct token *name)
{
    const struct function *function = find_of_one(name->text);

    if (function != NULL)
        read_one(p, function);
    else if (strcmp(name->text, "substring") == 0)
        read_substring(p);
    else if (strcmp(name->text, "split") == 0)
        read_split(p);
    else if (strcmp(name->text, "concat") == 0)
        read_two(p, STEP_CONCAT);
    else if (strcmp(name->text, "hexstring") == 0)
        read_two(p, STEP_HEX);
    else if (strcmp(name->text, "ifelse") == 0)
        read_ifelse(p);
    else /* its time and memory have no bound that could be told */
        expression_fail(p, name->at,
                        "match() is not supported: a regular expression may take any time for "
                        "a packet; write substring() or split(), or a class with 'match' and "
                        "prefix or glob");
}

static enum expression_type read_function(struct expression_parser *p)
{
    const struct token name = p->token;

    expression_advance(p);
    expression_expect_sign(p, '(');
    read_arguments(p, &name);
    expression_expect_sign(p, ')');
    return TYPE_VALUE;
}

/* ---- operators ---- */

static enum expression_type read_inner(struct expression_parser *p)
{
    enum expression_type type;

    if (p->token.kind == TOKEN_WORD && is_function(p->token.text))
        return read_function(p);
    if (expression_at_sign(p, '(')) {
        expression_advance(p);
        type = read_or(p);
        expression_expect_sign(p, ')');
    } else if (!expression_operand(p, &type)) {
        expression_expected(p, "a value or a test");
    }
    return type;
}

static enum expression_type read_primary(struct expression_parser *p)
{
    enum expression_type type = TYPE_VALUE;

    if (++p->depth > EXPRESSION_DEPTH)
        expression_fail(p, p->token.at, "nested too deeply; at most %d levels",
                        EXPRESSION_DEPTH);
    if (!p->failed)
        type = read_inner(p);
    p->depth--;
    return type;
}

static enum expression_type read_sum(struct expression_parser *p)
{
    const size_t at = p->token.at;
    const enum expression_type type = read_primary(p);

    while (expression_at_sign(p, '+')) {
        size_t right;

        need(p, at, type, TYPE_VALUE);
        expression_advance(p);
        right = p->token.at;
        need(p, right, read_primary(p), TYPE_VALUE);
        expression_emit(p, STEP_CONCAT, 2, 1);
    }
    return type;
}

static enum expression_type read_comparison(struct expression_parser *p)
{
    const size_t at = p->token.at;
    const enum expression_type type = read_sum(p);
    size_t right;

    if (p->token.kind != TOKEN_EQUAL)
        return type;
    need(p, at, type, TYPE_VALUE);
    expression_advance(p);
    right = p->token.at;
    need(p, right, read_sum(p), TYPE_VALUE);
    expression_emit(p, STEP_EQUAL, 2, 1);
    return TYPE_TEST;
}

static enum expression_type read_not(struct expression_parser *p)
{
    enum expression_type type;
    bool negated = false;
    size_t at = p->token.at;

    if (!expression_at_word(p, "not"))
        return read_comparison(p);
    while (expression_at_word(p, "not")) {
        negated = !negated;
        expression_advance(p);
        at = p->token.at;
    }
    type = read_comparison(p);
    need(p, at, type, TYPE_TEST);
    if (negated)
        expression_emit(p, STEP_NOT, 1, 1);
    return TYPE_TEST;
}

/* What `word` joins: the right side is evaluated only when the left one does not decide. */
static enum expression_type read_joined(
    struct expression_parser *p, const char *word, enum expression_op op,
    enum expression_type (*read_side)(struct expression_parser *))
{
    const size_t at = p->token.at;
    const enum expression_type type = read_side(p);

    while (expression_at_word(p, word)) {
        const size_t jump = p->count;
        size_t right;

        need(p, at, type, TYPE_TEST);
        expression_emit(p, op, 1, 0);
        expression_advance(p);
        right = p->token.at;
        need(p, right, read_side(p), TYPE_TEST);
        patch(p, jump);
    }
    return type;
}

static enum expression_type read_and(struct expression_parser *p)
{
    return read_joined(p, "and", STEP_AND, read_not);
}

static enum expression_type read_or(struct expression_parser *p)
{
    return read_joined(p, "or", STEP_OR, read_and);
}

/* ---- the whole ---- */

static void read_whole(struct expression_parser *p, enum expression_kind kind)
{
    enum expression_type type;

    expression_advance(p);
    type = read_or(p);
    if (p->token.kind != TOKEN_END)
        expression_expected(p,
                            type == TYPE_TEST ? "and, or or the end" : "'==', '+' or the end");
    need(p, 0, type, kind == EXPRESSION_TEST ? TYPE_TEST : TYPE_VALUE);
}

bool expression_compile(struct arena *arena, const char *text, enum expression_kind kind,
                        const struct expression_scope *scope, struct expression *out,
                        struct expression_error *error)
{
    struct expression_parser p = {.arena = arena, .text = text, .scope = scope, .error = error};
    struct expression_step *steps;

    if (strnlen(text, EXPRESSION_TEXT + 1) > EXPRESSION_TEXT)
        expression_fail(&p, EXPRESSION_TEXT, "the expression is longer than %d bytes",
                        EXPRESSION_TEXT);
    else
        read_whole(&p, kind);
    if (p.failed)
        return false;
    ASSERT(p.stack == 1);
    steps = ARENA_ARRAY(arena, struct expression_step, p.count);
    memcpy(steps, p.steps, p.count * sizeof(*steps));
    *out = (struct expression){kind, steps, p.count, p.first_contact};
    return true;
}
