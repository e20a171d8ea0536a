/* daemon/shadow/tally.c - see tally.h */
#include "daemon/shadow/tally.h"

#include <stdlib.h>

void tally_deinit(struct tally *tally)
{
    for (size_t i = 0; i < TALLY_ROWS; i++)
        free(tally->rows[i]);
    *tally = (struct tally){{NULL}};
}

void tally_add(struct tally *tally, const struct shadow_finding *finding)
{
    const struct shadow_difference *d = &finding->difference;
    struct tally_row **row =
        &tally->rows[d->kind == SHADOW_OPTION ? SHADOW_KINDS + (size_t)d->code
                                              : (size_t)d->kind];

    if (*row == NULL) {
        *row = calloc(1, sizeof(**row));
        ASSERT(*row != NULL);
        (*row)->first = *finding;
    }
    (*row)->count++;
}
