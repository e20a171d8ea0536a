/* daemon/ctl/import/isc_tree.h - dhcpd.conf as a tree of statements, each with its words, its
 * place, and what stands in its braces. */
#ifndef TWINDHCP_DAEMON_CTL_IMPORT_ISC_TREE_H
#define TWINDHCP_DAEMON_CTL_IMPORT_ISC_TREE_H

#include "daemon/ctl/import/import.h"

enum isc_kind {
    ISC_WORD, /* names, numbers, addresses, 01:02:03 */
    ISC_TEXT, /* in double quotes */
    ISC_SIGN, /* = , ( ) and the like */
};

struct isc_token {
    enum isc_kind kind;
    const char *text;
    size_t size; /* a text may hold a NUL */
    struct place place;
    struct isc_token *next;
};

struct isc_statement {
    struct place place;
    struct isc_token *words;     /* at least one */
    struct isc_statement *block; /* the first in the braces */
    bool has_block;
    struct isc_statement *next;
};

/* The first statement, NULL for an empty file; false with run->problem. */
bool isc_parse(struct import *run, const char *text, size_t size, struct isc_statement **out);

/* The same for files of many statements: each is given to `each` and then forgotten.  Nothing
 * may be included. */
bool isc_parse_each(struct import *run, const char *text, size_t size,
                    void (*each)(void *context, const struct isc_statement *statement),
                    void *context);

/* Do the words begin with those of `words`, separated by blanks? */
bool isc_starts(const struct isc_statement *statement, const char *words);
bool isc_is(const struct isc_token *token, const char *word); /* NULL is nothing */
/* The n-th word, from 0; NULL past the end. */
const struct isc_token *isc_word(const struct isc_statement *statement, size_t n);
/* From `token` on, as written, for people. */
const char *isc_words(struct import *run, const struct isc_token *token);

#endif
