/* daemon/ctl/listing.c - see listing.h */
#include "daemon/ctl/listing.h"

static void begin(struct listing *listing)
{
    if (listing->begun)
        return;
    listing->begun = true;
    if (listing->json)
        printf("{\"%s\":[", listing->what);
    else
        listing->head(&listing->table);
}

void listing_page(struct listing *listing, const json_t *items)
{
    const json_t *item;
    size_t i;

    begin(listing);
    json_array_foreach(items, i, item)
    {
        if (listing->json) {
            if (listing->any)
                putchar(',');
            json_dumpf(item, stdout, JSON_COMPACT);
        } else {
            listing->row(&listing->table, item);
        }
        listing->any = true;
    }
    if (!listing->json)
        table_flush(&listing->table, 0, stdout);
}

void listing_end(struct listing *listing, bool complete)
{
    if (!listing->begun)
        return;
    if (!listing->json) {
        table_deinit(&listing->table);
        if (complete && !listing->any)
            printf("no %s\n", listing->what);
    } else if (complete) {
        puts("],\"next\":null}");
    }
}
