/* ha/difference.h - what differs between the two peers' files, by part and by subnet (README,
 * "Configuration digests").
 *
 * The digests of the Hellos tell which parts differ; then each peer sends the digests of its
 * subnets, and the subnets can be named. */
#ifndef TWINDHCP_HA_DIFFERENCE_H
#define TWINDHCP_HA_DIFFERENCE_H

#include "config/model.h"
#include "proto/frame.h"

enum difference_where { DIFFERS, ONLY_HERE, ONLY_THERE };

struct difference {
    enum config_part part;
    bool of_file; /* outside of all subnets; else: */
    struct ip4 network;
    uint8_t prefix_length;
    enum difference_where where;
};

/* More are counted and not named. */
#define DIFFERENCES_MAX 64

struct differences {
    bool pair;               /* the section of that name */
    bool part[CONFIG_PARTS]; /* by the digests of the Hellos */
    bool named;              /* `items` are all, up to DIFFERENCES_MAX */
    size_t total, count;
    struct difference items[DIFFERENCES_MAX];
    size_t next; /* own subnet to be compared with what comes next */
};

void differences_begin(struct differences *d, const struct digests *own,
                       const struct digests *theirs);
/* Is there any / any that the subnets' digests can name? */
bool differences_exist(const struct differences *d);
bool differences_by_part(const struct differences *d);

/* A ConfigParts of the partner.  False when its subnets do not ascend: no peer of ours. */
MUST_USE bool differences_hear(struct differences *d, const struct config *config,
                               const struct frame *parts);

/* Do both files mean the same by the link of `subnet`, and by the subnet `of_address` (NULL: in
 * none of this file)?  False when that is not known yet. */
bool differences_spare_link(const struct differences *d, const struct config_subnet *subnet,
                            const struct config_subnet *of_address);

const char *difference_part_name(enum config_part part);        /* "subnets", "pools", ... */
const char *difference_where_name(enum difference_where where); /* "differs", "only here" ... */

/* For people: "pools of 10.1.0.0/24, subnet 10.2.0.0/24 (only here), pair"; "" when nothing
 * differs.  What does not fit is counted: "and 12 more". */
void differences_text(const struct differences *d, char *out, size_t size);

#endif
