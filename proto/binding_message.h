/* proto/binding_message.h - struct binding to and from the generated `Binding` message.
 *
 * Private to proto/: the generated header is reached from no other folder.  Both directions
 * borrow: bytes of the result belong to whoever owns the bytes of the source. */
#ifndef TWINDHCP_PROTO_BINDING_MESSAGE_H
#define TWINDHCP_PROTO_BINDING_MESSAGE_H

#include "failover.pb-c.h"
#include "proto/binding.h"

/* Everything that the partner is told.  `unsent` and `seq` are for the store alone: they stay 0
 * here. */
void binding_to_message(const struct binding *binding, Twindhcp__Binding *message);

/* TD_MALFORMED when a value is out of range; `*binding` is then as it was.  `unsent` comes out
 * as false, whatever the message says. */
MUST_USE enum td_err binding_from_message(const Twindhcp__Binding *message,
                                          struct binding *binding);

#endif
