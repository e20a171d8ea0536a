/* daemon/ctl/listing.h - a list that comes page by page, as a table or as one JSON document.
 *
 * There may be a million items: what is printed is forgotten. */
#ifndef TWINDHCP_DAEMON_CTL_LISTING_H
#define TWINDHCP_DAEMON_CTL_LISTING_H

#include "daemon/ctl/table.h"
#include "daemon/ctl/value.h"

struct listing {
    bool json;
    const char *what;                  /* "leases": the items, in JSON and in words */
    void (*head)(struct table *table); /* table_init() with the columns */
    void (*row)(struct table *table, const json_t *item);

    /* private */
    bool begun; /* the JSON document, or the table */
    bool any;
    struct table table;
};

/* The items of one page. */
void listing_page(struct listing *listing, const json_t *items);

/* After the last page; not `complete` when something went wrong, which was said already. */
void listing_end(struct listing *listing, bool complete);

#endif
