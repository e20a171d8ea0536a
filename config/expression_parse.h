/* config/expression_parse.h - what the parts of the expression compiler share; private to
 * config/expression*.c. */
#ifndef TWINDHCP_CONFIG_EXPRESSION_PARSE_H
#define TWINDHCP_CONFIG_EXPRESSION_PARSE_H

#include "config/expression.h"

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,    /* letters, digits, '-' and '_' */
    TOKEN_TEXT,    /* 'text': what is between the quotes */
    TOKEN_HEX,     /* 0x1a2b: the digits */
    TOKEN_INTEGER, /* with its sign */
    TOKEN_ADDRESS,
    TOKEN_EQUAL, /* == */
    TOKEN_SIGN,  /* one of ( ) [ ] . , + * */
};

struct token {
    enum token_kind kind;
    size_t at;
    const char *text; /* in the expression, or a copy where that has to end */
    size_t size;
    int64_t number; /* of an integer */
    uint32_t address;
};

enum expression_type { TYPE_TEST, TYPE_VALUE };

struct expression_parser {
    struct arena *arena;
    const char *text;
    size_t next; /* byte after the token at hand */
    struct token token;
    const struct expression_scope *scope;
    struct expression_error *error;
    bool failed; /* the first error is the one that is told; nothing is read after it */
    size_t depth;
    size_t stack; /* values at this place */
    bool first_contact;
    size_t count;
    struct expression_step steps[EXPRESSION_STEPS];
};

/* ---- expression_token.c ---- */

/* Read the next token. */
void expression_advance(struct expression_parser *p);

bool expression_at_sign(const struct expression_parser *p, char sign);
bool expression_at_word(const struct expression_parser *p, const char *word);

/* What is expected at the token at hand: goes past it, or says what was expected. */
void expression_expect_sign(struct expression_parser *p, char sign);
int64_t expression_expect_integer(struct expression_parser *p, int64_t min, int64_t max);

/* Say what is wrong at byte `at`; only the first time. */
__attribute__((format(printf, 3, 4))) void expression_fail(struct expression_parser *p,
                                                           size_t at, const char *format, ...);
/* "... expected, found 'x'" at the token at hand. */
void expression_expected(struct expression_parser *p, const char *what);

/* ---- expression.c ---- */

/* Append a step that takes `taken` values from the stack and leaves `left`. */
struct expression_step *expression_emit(struct expression_parser *p, enum expression_op op,
                                        size_t taken, size_t left);

/* ---- expression_operand.c ---- */

/* option[...], relay4[...], vendor..., pkt..., member(...), known, a literal.  False, with
 * nothing read, when the token at hand begins none of them. */
MUST_USE bool expression_operand(struct expression_parser *p, enum expression_type *type);

#endif
