/* daemon/core/facts.h - what a class's test or an expression can look at. */
#ifndef TWINDHCP_DAEMON_CORE_FACTS_H
#define TWINDHCP_DAEMON_CORE_FACTS_H

#include "config/class.h"
#include "daemon/core/server.h"

struct facts {
    const struct dhcp4_packet *packet;
    const struct datagram *datagram;
    bool known;              /* the client has a reservation */
    const uint64_t *classes; /* a bit for each class of the file that holds; NULL: not asked */
};

/* The value of an option; data NULL when absent.  Option 82 is as select.c left it: the relay's
 * word, or for a direct renewal what the binding keeps of it. */
static inline struct span fact_option(const struct facts *facts, uint8_t code)
{
    return facts->packet->option[code];
}

/* A field's value; what is no run of bytes of the packet is written to `room`. */
#define FACT_ROOM 48
struct span fact_field(const struct facts *facts, enum packet_field field,
                       uint8_t room[static FACT_ROOM]);

/* By the class's number. */
bool fact_in_class(const struct facts *facts, uint32_t class);

#endif
