/* tests/unit/api/help_site.h - a small configured pair with a lease table, and JSON looked
 * into. */
#ifndef TWINDHCP_TESTS_UNIT_API_HELP_SITE_H
#define TWINDHCP_TESTS_UNIT_API_HELP_SITE_H

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "config/load.h"
#include "daemon/api/writer.h"
#include "daemon/lease/table.h"

/* Now, for all tests: 2026-11-23 21:00:00 UTC. */
#define NOW_MS INT64_C(1795467600000)

/* Of a pair (load-balancing, 10.77.0.0/16 with two pools and a reservation outside of them), or
 * alone. */
struct config *help_config(bool pair);

/* A binding of `address` as written; the spans of the client are static. */
struct binding help_active(const char *address, const char *mac, int64_t expires_ms);

/* `json` parsed and emptied; fails the test when it is not valid JSON. */
json_t *help_parse(struct writer *json);

/* The text or integer at a path such as "link.state"; a missing one fails the test. */
const char *help_text(const json_t *value, const char *path);
json_int_t help_int(const json_t *value, const char *path);
const json_t *help_at(const json_t *value, const char *path);

#endif
