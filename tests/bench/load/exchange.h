/* tests/bench/load/exchange.h - what a client may do, and what is counted of it. */
#ifndef TWINDHCP_BENCH_EXCHANGE_H
#define TWINDHCP_BENCH_EXCHANGE_H

#include "tests/bench/load/check.h"
#include "tests/bench/load/histogram.h"

enum exchange {
    EXCHANGE_DORA,    /* first contact: DISCOVER, OFFER, REQUEST, DHCPACK */
    EXCHANGE_RENEW,   /* unicast REQUEST to the server of the lease, DHCPACK */
    EXCHANGE_REBIND,  /* the same as a broadcast */
    EXCHANGE_REBOOT,  /* INIT-REBOOT: broadcast REQUEST for the old address, DHCPACK */
    EXCHANGE_RELEASE, /* unicast RELEASE; nothing comes back, so it is done when it is sent */
    EXCHANGE_ECHO,    /* the packets of a first contact, each sent back by tests/bench/echo */
    EXCHANGES,
};

/* "dora", "renew", ... */
const char *exchange_name(enum exchange exchange);

/* Of one kind of exchange. */
struct exchange_counts {
    uint64_t started;
    uint64_t done;
    uint64_t clean;   /* of them, without a retransmission or a refusal */
    uint64_t sent;    /* first transmissions of a message */
    uint64_t resent;  /* further ones */
    uint64_t refused; /* DHCPNAKs; a first contact starts over, others have lost their lease */
    struct histogram latency; /* waited for answers, of those done */
};

#define STATS_SERVERS 4
#define STATS_SECONDS 600

/* What came of exchanges that had to be sent more than once and were under way at the mark or
 * started after it: the failover gap. */
struct gap {
    uint64_t mark_ns;            /* 0: not marked */
    uint64_t affected;           /* exchanges whose first transmission was not answered */
    uint64_t last_unanswered_ns; /* when the last of these started */
    struct histogram wait;       /* of the affected that were done */
};

struct stats {
    struct exchange_counts exchange[EXCHANGES];
    struct histogram offer; /* DISCOVER to OFFER, from the first transmission */
    struct histogram ack;   /* of a first contact: REQUEST to DHCPACK */
    uint64_t verdicts[VERDICTS];
    uint64_t first_done_ns, last_done_ns; /* 0: none */
    struct {
        struct ip4 id;
        uint64_t acks;
    } servers[STATS_SERVERS]; /* who sent the DHCPACKs; the last takes all others too */
    uint32_t done_in_second[STATS_SECONDS];
    uint64_t started_at_ns;
    struct gap gap;
};

uint64_t stats_started(const struct stats *stats);
uint64_t stats_done(const struct stats *stats);
uint64_t stats_clean(const struct stats *stats);
uint64_t stats_resent(const struct stats *stats);
/* Replies that no server may send. */
uint64_t stats_wrong(const struct stats *stats);

void stats_count_ack(struct stats *stats, struct ip4 server);

struct outcome {
    enum exchange exchange;
    uint64_t started_ns, done_ns;
    uint64_t waited_ns; /* for answers, from first transmissions */
    bool clean;         /* no retransmission, no refusal */
};

void stats_count_done(struct stats *stats, const struct outcome *outcome);

/* An exchange that was not done in the end, for the gap. */
void stats_count_unanswered(struct stats *stats, uint64_t started_ns);

#endif
