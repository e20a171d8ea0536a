/* config/expression.h - expressions over a packet, in the language of Kea's `test`.
 *
 * expression_compile() makes a flat program of a text: every type, name, nesting and stack use
 * is checked then, so that daemon/core/evaluate.h only runs it, with constant memory and in
 * time bounded by EXPRESSION_STEPS. */
#ifndef TWINDHCP_CONFIG_EXPRESSION_H
#define TWINDHCP_CONFIG_EXPRESSION_H

#include "config/arena.h"
#include "proto/types.h"

struct config;

#define EXPRESSION_STEPS 512
#define EXPRESSION_STACK 16 /* values at a time */
#define EXPRESSION_DEPTH 32 /* parentheses, functions and `not` inside each other */
#define EXPRESSION_TEXT  8192

/* What header and datagram say.  Numbers are four bytes in network order, as Kea has them. */
enum packet_field {
    FIELD_GIADDR,
    FIELD_CIADDR,
    FIELD_YIADDR,
    FIELD_SIADDR,
    FIELD_HW_ADDRESS,
    FIELD_HW_TEXT, /* "52:54:00:12:34:56" */
    FIELD_HW_TYPE,
    FIELD_HW_LENGTH,
    FIELD_SECS, /* also of clients that swap its bytes */
    FIELD_FLAGS,
    FIELD_BROADCAST, /* 0 or 1 */
    FIELD_HOPS,
    FIELD_MESSAGE_TYPE, /* 0: BOOTP */
    FIELD_TRANSACTION,
    FIELD_INTERFACE, /* name; empty when received by a `listen` address */
    FIELD_SOURCE,
    FIELD_DESTINATION,
    FIELD_SIZE, /* of the DHCP message */
};

enum expression_op {
    /* push a value; what is not in the packet is empty */
    STEP_TEXT,         /* text */
    STEP_OPTION,       /* code */
    STEP_SUBOPTION,    /* sub of code */
    STEP_FIELD,        /* field */
    STEP_VENDOR,       /* sub-option `sub` of `enterprise` in option 125 */
    STEP_VENDOR_CLASS, /* the `number`-th data of `enterprise` in option 124 */
    STEP_ENTERPRISE,   /* the first of option `code`, 124 or 125 */
    /* push a test */
    STEP_HAS_OPTION,
    STEP_HAS_SUBOPTION,
    STEP_HAS_VENDOR,        /* any data of `enterprise` in option `code` */
    STEP_HAS_VENDOR_OPTION, /* sub-option `sub` of `enterprise` in option 125 */
    STEP_MEMBER,            /* of class `number` */
    /* replace what is on top */
    STEP_NOT,
    STEP_EQUAL,     /* two values by a test */
    STEP_CONCAT,    /* two values */
    STEP_SUBSTRING, /* `number` the start, `length` the length */
    STEP_SPLIT,     /* value and delimiters; field `number` */
    STEP_HEX,       /* value and separator */
    STEP_LOWER,
    STEP_UPPER,
    STEP_ADDRESS_TEXT,
    STEP_UNSIGNED_TEXT, /* of `number` bytes */
    STEP_SIGNED_TEXT,
    /* jumps, all of them forward */
    STEP_AND, /* a test that is false stays, and the step `target` is next; a true one goes */
    STEP_OR,  /* the other way round */
    STEP_UNLESS,  /* takes a test; false: go to `target` */
    STEP_FORWARD, /* go to `target` */
    EXPRESSION_OPS,
};

#define EXPRESSION_ANY_ENTERPRISE 0 /* Kea's `*` */
#define EXPRESSION_TO_END         INT32_MAX

struct expression_step {
    enum expression_op op;
    uint8_t code, sub;
    enum packet_field field;
    uint16_t target;
    uint32_t enterprise;
    int32_t number, length;
    struct span text;
};

enum expression_kind {
    EXPRESSION_TEST,  /* true or false */
    EXPRESSION_VALUE, /* bytes */
};

struct expression {
    enum expression_kind kind;
    const struct expression_step *steps;
    size_t count;
    bool first_contact; /* looks at what a direct renewal does not have or has otherwise */
};

/* Where names come from.  `find_class` gives the class's number, or -1 and why;
 * NULL: classes are not known where the expression will be evaluated. */
struct expression_scope {
    int32_t (*find_class)(void *context, const char *name, const char **why);
    void *context;
    const struct config *config; /* has own options; NULL: those of the registry alone */
};

struct expression_error {
    size_t at; /* bytes before what is wrong */
    char text[256];
};

/* Compile `text` into `arena`.  `scope` NULL: neither classes nor own options are known where
 * the expression will be evaluated, and none may be asked for.  False with what was expected,
 * and where, when it is no such expression; `out` changes only on success. */
MUST_USE bool expression_compile(struct arena *arena, const char *text,
                                 enum expression_kind kind,
                                 const struct expression_scope *scope, struct expression *out,
                                 struct expression_error *error);

#endif
