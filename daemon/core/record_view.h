/* daemon/core/record_view.h - what a record keeps of its client, as tests and expressions see a
 * packet. */
#ifndef TWINDHCP_DAEMON_CORE_RECORD_VIEW_H
#define TWINDHCP_DAEMON_CORE_RECORD_VIEW_H

#include "daemon/core/facts.h"
#include "proto/binding.h"

/* config/limit_class.c says which tests ask for no more. */
struct record_view {
    struct dhcp4_packet packet;
    struct facts facts; /* of `packet` */
};

/* Borrows what the spans of `b` point to. */
void record_view_init(struct record_view *view, const struct binding *b);

#endif
