/* daemon/ctl/import/json.h - JSON as Kea writes it: with comments (//, #, and C's), commas too
 * many, <?include "FILE"?>, and the place of every value.
 *
 * Members are marked as used when they are asked for: what is left over is what the import does
 * not know. */
#ifndef TWINDHCP_DAEMON_CTL_IMPORT_JSON_H
#define TWINDHCP_DAEMON_CTL_IMPORT_JSON_H

#include "daemon/ctl/import/import.h"

enum json_kind {
    JSON_IS_NULL,
    JSON_IS_BOOL,
    JSON_IS_NUMBER,
    JSON_IS_TEXT,
    JSON_IS_OBJECT,
    JSON_IS_ARRAY
};

struct jvalue {
    enum json_kind kind;
    struct place place; /* of the key, or of the value in an array */
    const char *key;    /* in an object */
    const char *text;   /* of a text, a number as written, "true", "false", "null" */
    struct jvalue *first, *last, *next;
    bool used;
};

/* The one value of the text; NULL with run->problem. */
struct jvalue *json_scan(struct import *run, const char *text, size_t size);

/* Member `key`, marked as used; NULL when it is not there, or `object` is none. */
const struct jvalue *json_get(const struct jvalue *object, const char *key);
/* The text of a text, number or truth value; NULL for all else. */
const char *json_text_of(const struct jvalue *object, const char *key);
bool json_number_of(const struct jvalue *object, const char *key, uint64_t *out);
/* 1, 0, or -1: not there. */
int json_bool_of(const struct jvalue *object, const char *key);
/* The first element of an array; NULL for all else. */
const struct jvalue *json_items(const struct jvalue *array);

#endif
