/* help_random.h - what clients, operators and the world may do at random, from a seed, to a
 * server of tests/everything.h or of any other file. */
#ifndef HELP_RANDOM_H
#define HELP_RANDOM_H

#include "help_pair.h"

#define RANDOM_CLIENTS 12

struct dice {
    uint64_t state;
};

uint32_t dice_throw(struct dice *dice, uint32_t sides);

/* A message of one of RANDOM_CLIENTS clients, which is often about an address that it has; what
 * it borrows is static. */
struct ask random_ask(struct dice *dice, struct pair *pair);

/* Its way to one of the two; the payload is `ask`, encoded into `bytes`. */
struct datagram random_datagram(struct dice *dice, const struct ask *ask, enum role role,
                                uint8_t bytes[static 1500]);

/* Cut, crash, hold, fill or mend something; a peer that `alone` says is none stays away. */
void random_fault(struct dice *dice, struct pair *pair, bool alone);

/* An operator makes, changes or removes a reservation; the DNS does what it is asked for, or
 * does not. */
void random_event(struct dice *dice, struct pair *pair);

/* Something comes of one of the probes that a peer has sent. */
void random_probe_answer(struct dice *dice, struct pair *pair, enum role role);

#endif
