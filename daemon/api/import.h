/* daemon/api/import.h - POST /v1/leases/import: leases of another server, many at once. */
#ifndef TWINDHCP_DAEMON_API_IMPORT_H
#define TWINDHCP_DAEMON_API_IMPORT_H

#include "daemon/api/query.h"
#include "daemon/core/import.h"

#define API_IMPORT_MAX      1000              /* leases a request */
#define API_IMPORT_BODY_MAX ((size_t)1 << 20) /* their text */

/* One lease and the memory that its spans point into. */
struct api_import_lease {
    struct imported_lease lease;
    uint8_t client_id[255], host_name[255], relay_info[255], vendor_class[255];
};

struct api_import {
    bool dry_run;
    struct api_import_lease *leases; /* for api_import_free() */
    size_t count;
};

/* {"dry_run": false, "leases": [{"address": ..., ...}, ...]}.  False with `error`, naming the
 * lease by its place in the list; then there is nothing to free. */
MUST_USE bool api_import_parse(struct span body, struct api_import *out,
                               struct api_error *error);
void api_import_free(struct api_import *import);

#endif
