/* config/class.h - classes of clients, as the model keeps them.
 *
 * A class is known by its number: the built-in ones come first, then those of the file in their
 * order.  What tests one says only which classes before it hold. */
#ifndef TWINDHCP_CONFIG_CLASS_H
#define TWINDHCP_CONFIG_CLASS_H

#include "config/expression.h"
#include "proto/option.h"
#include "proto/types.h"

/* Classes that are always there. */
enum config_builtin {
    BUILTIN_ALL,
    BUILTIN_KNOWN,      /* the client has a reservation */
    BUILTIN_UNKNOWN,    /* it has none */
    BUILTIN_BOOTP,      /* no option 53 */
    BUILTIN_PXE_BIOS,   /* option 60 PXEClient, architecture 0 */
    BUILTIN_UEFI_X64,   /* option 60 PXEClient, architecture 7 or 9 */
    BUILTIN_UEFI_ARM64, /* option 60 PXEClient, architecture 11 */
    BUILTIN_HTTP_BOOT,  /* option 60 HTTPClient, and no other than an HTTP architecture */
    BUILTIN_IPXE,       /* user class iPXE, or option 175 */
    CONFIG_BUILTINS,
};

const char *config_builtin_name(enum config_builtin builtin);

/* CONFIG_BUILTINS when no built-in class has that name. */
enum config_builtin config_builtin_find(const char *name);

/* Numbers of classes, each once, ascending. */
struct config_class_list {
    const uint16_t *numbers;
    size_t count;
};

/* What shared network, subnet or pool says of whom it serves. */
struct config_admission {
    struct config_class_list allow;   /* in at least one; none: anybody */
    struct config_class_list deny;    /* in none */
    struct config_class_list require; /* in all */
};

/* ---- match: a tree of conditions, each before what it is made of ---- */

/* What a condition looks at. */
enum config_subject {
    SUBJECT_OPTION,    /* `code` */
    SUBJECT_SUBOPTION, /* `sub` of `code`, which is a run of sub-options */
    SUBJECT_FIELD,     /* `field` of header or datagram */
    SUBJECT_CLASS,     /* `classes`: in one of them */
};

enum config_value_kind { VALUE_EQUAL, VALUE_PREFIX, VALUE_GLOB, VALUE_RANGE };

/* What the subject may be. */
struct config_value {
    enum config_value_kind kind;
    struct span bytes; /* on the wire; of a glob a pattern with `*` and `?`; of a range its
                          first */
    struct span last;  /* of a range */
    size_t literal;    /* of a glob: the bytes before the first `*` or `?` */
};

enum config_condition_kind {
    CONDITION_ANY_VALUE, /* one of the values will do */
    CONDITION_PRESENT,
    CONDITION_ABSENT,
    CONDITION_ALL, /* of the conditions inside */
    CONDITION_ANY,
    CONDITION_NOT,
};

struct config_condition {
    enum config_condition_kind kind;
    enum config_subject subject;
    uint8_t code, sub;
    uint8_t element_size; /* of a list of such; 0: the value is one whole */
    enum packet_field field;
    enum option_type type; /* of the subject's value */
    const struct config_value *values;
    size_t value_count;
    struct config_class_list classes;
    size_t extent; /* conditions from here to the end of what is inside, this one too */
};

/* With what an option begins when the conditions hold: most classes of a file are another
 * client's, and this tells it in a few instructions.  Code 0: of any packet it may be. */
struct config_gate {
    uint8_t code;
    uint8_t size;        /* at least, of the option: 0 to 8 */
    uint64_t head, mask; /* as the first bytes stand in memory */
};

/* The deepest nesting of all, any and not. */
#define MATCH_DEPTH_MAX 8

/* ---- the test of a class ---- */

enum config_class_test {
    CLASS_BY_MATCH,
    CLASS_BY_EXPRESSION,
    CLASS_BY_BUILTIN, /* it has the name of a built-in class, and no match of its own */
    CLASS_GIVEN,      /* no test: a reservation or add-classes puts clients into it */
};

#endif
