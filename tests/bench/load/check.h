/* tests/bench/load/check.h - is a reply right?  A fast wrong answer does not count.
 *
 * Pure: what the client waits for and what it was promised so far go in, a verdict comes out.
 */
#ifndef TWINDHCP_BENCH_CHECK_H
#define TWINDHCP_BENCH_CHECK_H

#include "tests/bench/load/holders.h"
#include "tests/bench/load/message.h"

enum verdict {
    VERDICT_GOOD,    /* the OFFER, DHCPACK or echo that the client waits for */
    VERDICT_REFUSED, /* a DHCPNAK for what it waits for */
    VERDICT_LATE,    /* right, but its step is over: a second OFFER, an answer to both tries */
    /* From here on: no server may send this. */
    VERDICT_MALFORMED,
    VERDICT_UNKNOWN_CLIENT,
    VERDICT_WRONG_XID,
    VERDICT_WRONG_TYPE,
    VERDICT_WRONG_RELAY,
    VERDICT_WRONG_ADDRESS, /* none, or a DHCPACK for another than was asked for */
    VERDICT_WRONG_SERVER,  /* a DHCPACK of another server than was chosen */
    VERDICT_NO_LEASE_TIME,
    VERDICT_NO_SERVER_ID,
    VERDICT_NO_SUBNET_MASK,
    VERDICT_DUPLICATE_ADDRESS, /* another client holds it, and its lease has not ended */
    VERDICTS,
};

#define VERDICT_FIRST_WRONG VERDICT_MALFORMED

/* "wrong xid", "duplicate address", ... */
const char *verdict_name(enum verdict verdict);

enum check_waiting { CHECK_WAITS_NOT, CHECK_WAITS_OFFER, CHECK_WAITS_ACK };

struct expectation {
    uint32_t client;
    uint32_t generation; /* of the xid, see check_xid() */
    enum check_waiting waiting;
    struct ip4 address; /* that the DHCPACK must be for */
    struct ip4 server;  /* that the DHCPACK must come from; 0.0.0.0: any */
    struct ip4 relay;   /* that the request came through; 0.0.0.0: none */
    bool discovered;    /* this transaction began with a DISCOVER */
};

/* The xid of a client's n-th transaction; so a late answer can be told from a wrong one. */
uint32_t check_xid(uint32_t client, uint32_t generation);

/* Judge `reply`, which message_read() took and whose client is `expected->client`. */
enum verdict check_reply(const struct expectation *expected, const struct reply *reply,
                         const struct holders *holders, uint64_t now_s);

/* The same for a responder that sends every request back as it came. */
enum verdict check_echo(const struct expectation *expected, const struct reply *reply);

#endif
