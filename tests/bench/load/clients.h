/* tests/bench/load/clients.h - thousands of DHCP clients (RFC 2131, figure 5).
 *
 * A client is idle, with a lease or without, until it is told to start an exchange; it then
 * sends, waits, retransmits and checks what it hears until the exchange is done. */
#ifndef TWINDHCP_BENCH_CLIENTS_H
#define TWINDHCP_BENCH_CLIENTS_H

#include "tests/bench/load/exchange.h"
#include "tests/bench/load/wire.h"

struct clients_options {
    uint32_t count;
    uint32_t first_number;  /* of the first client; another run may use others */
    struct ip4 relay;       /* giaddr of the first relay; 0.0.0.0: attached */
    uint32_t relay_count;   /* clients are dealt out to relays in turn */
    uint32_t relay_step;    /* between the addresses of two relays */
    uint64_t retransmit_ns; /* the first interval (4 s in RFC 2131); doubles up to 16 times */
};

struct clients;

struct clients *clients_new(const struct clients_options *options, struct holders *holders,
                            uint64_t now_ns);
void clients_free(struct clients *clients);

/* Both must stand before the first exchange; `stats` may be exchanged between two. */
void clients_use(struct clients *clients, struct wire *wire, struct stats *stats);

/* False: no idle client is in the state that this exchange starts from. */
MUST_USE bool clients_start(struct clients *clients, enum exchange exchange, uint64_t now_ns);

/* A wire_receiver; `context` is the struct clients. */
void clients_receive(void *context, struct span bytes, uint64_t at_ns);

/* Retransmit what is due. */
void clients_run_timers(struct clients *clients, uint64_t now_ns);

/* Exchanges under way. */
uint32_t clients_busy(const struct clients *clients);

/* Idle ones with a lease. */
size_t clients_bound(const struct clients *clients);

/* End every exchange that is still under way, and tell `stats`.  A client that had a lease goes
 * on having it. */
void clients_give_up(struct clients *clients);

#endif
