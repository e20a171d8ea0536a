/* daemon/ddns/message.h - the messages of RFC 2136 that RFC 4703 makes of a job, and what their
 * answers mean. */
#ifndef TWINDHCP_DAEMON_DDNS_MESSAGE_H
#define TWINDHCP_DAEMON_DDNS_MESSAGE_H

#include "daemon/core/dns.h"
#include "daemon/ddns/keys.h"

enum ddns_message_type {
    DDNS_ADD_NEW,        /* the name is not in use: take it */
    DDNS_ADD_OWN,        /* the name is this client's: set its address */
    DDNS_ADD_OWNED,      /* ... any DHCP client's: make it this one's */
    DDNS_ADD_ANY,        /* whatever there is: write over it */
    DDNS_REMOVE_ADDRESS, /* if the name is this client's: its address */
    DDNS_REMOVE_NAME,    /* ... and has no address left: the mark of the client */
    DDNS_ADD_REVERSE,    /* the address is known by this name, and no other */
    DDNS_REMOVE_REVERSE, /* if it is by this client's: by none */
};

/* The DHCID stands at the name and at the reverse name, each made for the name. */
struct ddns_message {
    enum ddns_message_type type;
    const struct config_ddns_zone *zone;
    const char *secret; /* of zone->key; NULL if it has none */
    const struct dns_job *job;
    uint32_t ttl_s;
    uint16_t id;
};

#define DDNS_WIRE_MAX 4096
#define DDNS_MAC_MAX  64

/* The bytes on the wire, and what is needed to check the answer. */
struct ddns_query {
    uint8_t wire[DDNS_WIRE_MAX];
    size_t size;
    uint16_t id;
    const char *key_name, *secret; /* borrowed; NULL: not signed */
    size_t mac_size;
    uint8_t mac[DDNS_MAC_MAX];
};

/* TD_NO_SPACE, TD_MALFORMED: the library could not make it; then nothing is in `out`. */
MUST_USE enum td_err ddns_message_make(const struct ddns_message *message,
                                       struct ddns_query *out);

enum ddns_answer {
    DDNS_OK,
    DDNS_NOT_MET,   /* a prerequisite does not hold: NXRRSET, YXRRSET, NXDOMAIN */
    DDNS_NAME_USED, /* the prerequisite that the name is not in use does not hold: YXDOMAIN */
    DDNS_TRUNCATED, /* ask again by TCP */
    DDNS_REJECTED,  /* the server will not, or cannot; `problem` says why */
    DDNS_FOREIGN,   /* no answer to this query: wait on */
};

#define DDNS_PROBLEM_SIZE 128

/* Bytes from the network.  `problem` is set for DDNS_REJECTED. */
enum ddns_answer ddns_answer_read(const struct ddns_query *query, struct span bytes,
                                  char problem[static DDNS_PROBLEM_SIZE]);

#endif
