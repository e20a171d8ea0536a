/* daemon/core/held.h - replies that wait for durability and for the partner.
 *
 * A ring in the order of writing: durability and acks are cumulative, so only its head is
 * looked at. */
#ifndef TWINDHCP_DAEMON_CORE_HELD_H
#define TWINDHCP_DAEMON_CORE_HELD_H

#include "config/care.h"
#include "daemon/core/effects.h"
#include "proto/dhcp4.h"

#define HELD_MAX 8192

/* T1 and T2 of a lease, as configured for its client. */
struct lease_shares {
    struct config_share renew, rebind;
};

struct held {
    struct held *next_free;
    struct reply reply; /* its packet is `packet` */
    uint16_t lease_time_at, renewal_time_at, rebinding_time_at;
    struct lease_shares shares; /* T1 and T2 of whatever lease time will be told */
    bool bootp;                 /* without end, or not at all */
    struct ip4 address;
    uint32_t xid;
    uint32_t wanted_s;
    uint64_t batch;                 /* must be durable */
    uint64_t seq;                   /* should be acked; 0 = need not be */
    struct instant since, deadline; /* waits for the ack until then */
    uint16_t key_size;
    uint16_t packet_size;
    uint8_t key[CLIENT_KEY_MAX];
    uint8_t packet[DHCP4_MAX_SIZE];
};

struct held_queue {
    struct held **ring;  /* HELD_MAX */
    uint32_t *addresses; /* of those in the ring, for a quick search; 0 = not to be sent */
    size_t head, count;
    struct held *unused;
    size_t made;
};

void held_init(struct held_queue *queue);
void held_deinit(struct held_queue *queue);

/* One to fill in; NULL when HELD_MAX are in use.  Given back by held_give_back() or, once
 * pushed, by held_pop(). */
struct held *held_take(struct held_queue *queue);
void held_give_back(struct held_queue *queue, struct held *held);

void held_push(struct held_queue *queue, struct held *held);
struct held *held_head(const struct held_queue *queue); /* NULL when empty */
void held_pop(struct held_queue *queue);

/* The lease of `address` is over: no reply that waits for it may leave. */
void held_revoke(struct held_queue *queue, struct ip4 address);
bool held_head_is_revoked(const struct held_queue *queue);
size_t held_count(const struct held_queue *queue);

#endif
