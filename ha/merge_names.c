/* ha/merge_names.c - what two concurrent records know of the DNS, in one. */
#include "ha/merge.h"

struct merge_outcome merge_names(const struct binding *own, const struct binding *received,
                                 enum merge_mode mode, struct merge_outcome outcome,
                                 uint8_t buffer[static NAMES_SIZE_MAX], struct binding *out)
{
    const bool apart = mode == MERGE_UNSEEN || mode == MERGE_SURVIVOR;
    struct names names, other;
    struct span joined;

    if (!apart || span_equal(own->names, received->names))
        return outcome;
    if (!names_decode(out->names, &names) ||
        !names_decode(span_equal(out->names, own->names) ? received->names : own->names,
                      &other))
        UNREACHABLE("names were checked when they came");
    names_join(&names, &other);
    joined = names_encode(&names, buffer);
    if (span_equal(joined, out->names))
        return outcome;
    out->names = joined;
    return merge_finish(own, received, out, outcome);
}
