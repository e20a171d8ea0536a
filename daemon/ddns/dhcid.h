/* daemon/ddns/dhcid.h - whose a name in the DNS is (RFC 4701). */
#ifndef TWINDHCP_DAEMON_DDNS_DHCID_H
#define TWINDHCP_DAEMON_DDNS_DHCID_H

#include "proto/types.h"

#define DHCID_SIZE 35

/* The data of the DHCID record at `name` (text, lower case, no final dot) of the client with
 * `key` (dhcp4_client_key()): of its DUID if its identifier holds one (RFC 4361), else of the
 * identifier, else of its hardware address. */
void dhcid_make(struct span key, const char *name, uint8_t out[static DHCID_SIZE]);

#endif
