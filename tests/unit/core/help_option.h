/* help_option.h - what the primary answers to a client, and the bytes of it. */
#ifndef HELP_OPTION_H
#define HELP_OPTION_H

#include "help_pair.h"

/* The answer to `ask`; `extra` are options added at its end (data NULL: none).  NULL: none
 * came.
 */
const struct sent_reply *help_answer(struct pair *pair, const struct ask *ask,
                                     struct span extra);

/* Fails unless `got` is `expected`, written as hex digits, 'text' and blanks. */
void help_assert_wire(const char *what, struct span got, const char *expected);

#endif
