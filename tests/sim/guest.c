/* tests/sim/guest.c - clients that a pool does not serve: where the seed says so, the first
 * half of the servers' LAN is denied to a quarter of the clients, and the rest of it is for
 * all. */
#include "tests/sim/sim.h"

#include <stdio.h>

#define FIRST 16 /* in 10.77.0.0/16 */

/* Clients that fill the pools in the end have another prefix: they fit in anywhere. */
const char guest_class_text[] = "classes:\n"
                                "  - name: guests\n"
                                "    match:\n"
                                "      packet.hw-address: {prefix: \"02:00:00:00\"}\n"
                                "      any:\n"
                                "        - packet.hw-address: {glob: \"*1\"}\n"
                                "        - packet.hw-address: {glob: \"*5\"}\n"
                                "        - packet.hw-address: {glob: \"*9\"}\n"
                                "        - packet.hw-address: {glob: \"*d\"}\n";

bool guests_are_denied(const struct settings *s)
{
    return s->guests && s->pool_size[0] >= 4;
}

/* The same in both files, whatever the second adds to the end of the pool. */
static uint32_t last_denied(const struct settings *s)
{
    return FIRST + s->pool_size[0] / 2 - 1;
}

size_t guest_pools_text(char *out, size_t size, const struct settings *s, uint32_t last)
{
    const uint32_t middle = last_denied(s);

    return (size_t)snprintf(out, size,
                            "    pools:\n"
                            "      - {range: 10.77.0.%u-10.77.%u.%u, deny: guests}\n"
                            "      - {range: 10.77.%u.%u-10.77.%u.%u}\n",
                            (unsigned)FIRST, middle >> 8, middle & 255, (middle + 1) >> 8,
                            (middle + 1) & 255, last >> 8, last & 255);
}

static bool is_guest(const struct client *c)
{
    return c->hardware[3] == 0 && (c->hardware[5] & 3) == 1;
}

bool guest_may_have(const struct sim *sim, const struct client *c, struct ip4 address)
{
    return !guests_are_denied(&sim->settings) || !is_guest(c) ||
           address.value < 0x0a4d0000 + FIRST ||
           address.value > 0x0a4d0000 + last_denied(&sim->settings);
}

bool guest_is_served(const struct sim *sim, const struct client *c)
{
    return guests_are_denied(&sim->settings) && is_guest(c) && c->subnet == 0;
}
