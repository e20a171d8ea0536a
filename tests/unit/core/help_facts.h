/* help_facts.h - what tests of classes and expressions look at: one packet, made by hand. */
#ifndef HELP_FACTS_H
#define HELP_FACTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/core/facts.h"

struct world {
    struct dhcp4_packet packet;
    struct datagram datagram;
    struct facts facts;
};

/* A DISCOVER of 52:54:00:12:34:56 that came through the relay 10.7.0.1, without options. */
void world_init(struct world *world);

/* `bytes` are borrowed. */
void world_set(struct world *world, uint8_t code, const void *bytes, size_t size);
void world_set_text(struct world *world, uint8_t code, const char *text);

/* Option 82. */
void world_set_relay(struct world *world, const void *bytes, size_t size);

#endif
