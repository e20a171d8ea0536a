/* daemon/core/class.h - the classes that a client is in. */
#ifndef TWINDHCP_DAEMON_CORE_CLASS_H
#define TWINDHCP_DAEMON_CORE_CLASS_H

#include "daemon/core/facts.h"
#include "daemon/core/held.h"

/* Those of the packet at hand. */
struct classes {
    bool known;
    const struct config_class **matched; /* in the order of the file; room for all */
    size_t count;
    struct option_codes codes;                  /* that one of them sets */
    const struct config_lease_time *lease_time; /* of the first that sets it; NULL: none */
    struct lease_shares shares;                 /* the same */
    bool send;          /* one of them says what is always or never sent */
    struct facts facts; /* what they were found by */
    uint64_t *in;       /* a bit for each class of the file */
    size_t words;       /* of these */
};

/* Whether the class's own test holds; one that is only given has none. */
bool class_test_holds(const struct config_class *class, const struct facts *facts);

void classes_init(struct classes *classes, size_t class_count);
void classes_deinit(struct classes *classes);

#endif
