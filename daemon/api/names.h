/* daemon/api/names.h - names and the DNS as JSON. */
#ifndef TWINDHCP_DAEMON_API_NAMES_H
#define TWINDHCP_DAEMON_API_NAMES_H

#include "daemon/api/writer.h"
#include "daemon/core/dns.h"

/* "name" and "dns" of a lease, whose record has these `bytes` as its names. */
void render_lease_names(struct writer *out, struct span bytes);

/* "dns" of the status: null when no DNS server is told. */
void render_dns(struct writer *out, const struct dns_status *dns);

#endif
