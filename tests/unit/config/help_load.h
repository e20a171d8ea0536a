/* Loading texts in tests, and comparing all that is said of them. */
#ifndef TWINDHCP_TESTS_CONFIG_HELP_LOAD_H
#define TWINDHCP_TESTS_CONFIG_HELP_LOAD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/load.h"

/* The least that a file needs beside what a test is about. */
#define SERVER  "server: {interfaces: eth0}\n"
#define SUBNETS "subnets: [{subnet: 10.0.0.0/24}]\n"

/* A pair of the nodes "a" and "b" that lacks nothing; more keys may follow it. */
#define PAIR                                                                                   \
    "pair:\n"                                                                                  \
    "  name: p\n"                                                                              \
    "  security: none\n"                                                                       \
    "  nodes:\n"                                                                               \
    "    primary: {name: a, link: 'tcp://10.1.0.1:6470'}\n"                                    \
    "    secondary: {name: b, link: 'tcp://10.1.0.2:6470'}\n"

/* The model of a text that has no problems but warnings; `node` may be NULL. */
struct config *load_right(const char *text, const char *node);

/* Fails unless the problems of `text` are exactly `expected`: lines as config_problems_print()
 * writes them, for a file called "f". */
void expect_problems(const char *text, const char *node, const char *expected);

/* The same for a text that may hold NUL. */
void expect_problems_of(const char *text, size_t size, const char *node, const char *expected);

/* Fails unless `text` gives a model and exactly these warnings. */
void expect_warnings(const char *text, const char *expected);

struct ip4 address(const char *text);

/* The value of `code` as text; fails when the set does not hold it. */
const char *option_text(const struct config_options *set, uint8_t code);

#endif
