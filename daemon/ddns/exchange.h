/* daemon/ddns/exchange.h - an update to a server of its zone, and the answer: by UDP, by TCP
 * when it is long or the answer was cut; the servers of the zone in order. */
#ifndef TWINDHCP_DAEMON_DDNS_EXCHANGE_H
#define TWINDHCP_DAEMON_DDNS_EXCHANGE_H

#include "daemon/ddns/perform.h"

struct ddns_exchange;

/* `ddns` is borrowed.  `stop_fd` ends every wait when it becomes readable. */
struct ddns_exchange *ddns_exchange_new(const struct config_ddns *ddns, int stop_fd);
void ddns_exchange_free(struct ddns_exchange *exchange);

/* `context` is the exchange.  To be used by one thread.  Waits for the servers of the zone as
 * long as `timeout` says each; one that did not answer is left alone for a second, then for
 * twice as long each time, at most a minute. */
enum ddns_answer ddns_exchange_ask(void *context, const struct ddns_message *message,
                                   char problem[static DDNS_FAILURE_SIZE]);

#endif
