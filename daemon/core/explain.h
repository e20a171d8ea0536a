/* daemon/core/explain.h - why a packet is answered as it is: what the server notes of its way
 * to an answer when it is asked to explain one.
 *
 * The code that serves writes the steps itself, through EXPLAIN() and CONCLUDE() at its
 * decisions: one branch each while nobody asks.  What it would write, send or remember it then
 * notes instead of doing it. */
#ifndef TWINDHCP_DAEMON_CORE_EXPLAIN_H
#define TWINDHCP_DAEMON_CORE_EXPLAIN_H

#include "daemon/core/effects.h"
#include "proto/dhcp4.h"

#define EXPLAIN_STEPS_MAX 256
#define EXPLAIN_TEXT_MAX  ((size_t)32 << 10)

/* What would become of the packet. */
enum explain_verdict {
    EXPLAIN_SILENT, /* no answer, and none is due from the partner either */
    EXPLAIN_MALFORMED,
    EXPLAIN_NOT_SERVING,
    EXPLAIN_NO_LINK, /* from a relay or interface of no configured subnet */
    EXPLAIN_PARTNER, /* the partner's to answer */
    EXPLAIN_ASKS,    /* the partner is asked to write; then `reply` */
    EXPLAIN_OFFERS,
    EXPLAIN_ACKS,
    EXPLAIN_NAKS,
    EXPLAIN_TELLS, /* a leasequery is answered */
    EXPLAIN_ENDS,  /* a release or decline that counts: it is never answered */
};
const char *explain_verdict_name(enum explain_verdict verdict); /* "offer", "silent", ... */
/* Does the client hear something from this peer? */
bool explain_is_answered(enum explain_verdict verdict);

struct explain_step {
    const char *name;    /* "link", "subnet", "class", ...: static, see daemon/core/README.md */
    const char *subject; /* what it is about: "10.77.0.0/16"; "" if nothing */
    const char *text;    /* one line for a person */
};

struct explain {
    /* In: not 0.0.0.0 to speak as the server of this identifier. */
    struct ip4 identifier;

    struct explain_step steps[EXPLAIN_STEPS_MAX];
    size_t count;
    size_t cut; /* steps for which there was no room */
    enum explain_verdict verdict;
    const char *why; /* the verdict in a sentence */
    bool probes;     /* the reply waits until no machine is found to have the address */
    bool has_reply;
    struct reply reply; /* its packet is `packet` */
    uint8_t packet[DHCP4_MAX_SIZE];

    /* private */
    bool concluded;
    size_t used;
    char texts[EXPLAIN_TEXT_MAX];
    char addresses[4][IP4_TEXT_SIZE];
    size_t next_address;
};

/* Empty, with `identifier` 0.0.0.0. */
void explain_init(struct explain *e);

void explain_add(struct explain *e, const char *name, const char *subject, const char *format,
                 ...) __attribute__((format(printf, 4, 5), cold));
/* The first conclusion stays: what follows from it is no other. */
void explain_conclude(struct explain *e, enum explain_verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));
/* Good until the fourth next call. */
const char *explain_ip(struct explain *e, struct ip4 address) __attribute__((cold));

/* "3600 s", "without end"; good as long. */
const char *explain_seconds(struct explain *e, uint32_t seconds) __attribute__((cold));

/* For whoever has a server `s`; the arguments are not evaluated unless somebody asks. */
#define EXPLAINS(s) __builtin_expect((s)->explain != NULL, 0)
#define EXPLAIN(s, ...)                                                                        \
    do {                                                                                       \
        if (EXPLAINS(s))                                                                       \
            explain_add((s)->explain, __VA_ARGS__);                                            \
    } while (0)
#define CONCLUDE(s, ...)                                                                       \
    do {                                                                                       \
        if (EXPLAINS(s))                                                                       \
            explain_conclude((s)->explain, __VA_ARGS__);                                       \
    } while (0)
#define IP(s, address) explain_ip((s)->explain, address)

#endif
