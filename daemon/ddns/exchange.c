/* daemon/ddns/exchange.c - see exchange.h */
#include "daemon/ddns/exchange.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define UDP_MAX       512 /* RFC 1035 4.2.1: what a server takes without asking */
#define ANSWER_MAX    4096
#define REST_FIRST_MS 1000
#define REST_MAX_MS   60000

/* How a server did of late; one for each server of each zone. */
struct health {
    int64_t rest_until_ms; /* of the monotonic clock; 0 = it is well */
    int64_t rest_ms;
};

struct ddns_exchange {
    const struct config_ddns *ddns;
    int stop_fd;
    struct health *health;
};

/* One message to one server. */
struct call {
    struct ddns_exchange *exchange;
    const struct ddns_query *query;
    struct ip4 server;
    uint16_t port;
    int64_t deadline_ms;
    char *problem;
};

static size_t server_count(const struct config_ddns *ddns)
{
    size_t count = 0;

    for (size_t i = 0; i < ddns->zone_count; i++)
        count += ddns->zones[i].server_count;
    return count;
}

struct ddns_exchange *ddns_exchange_new(const struct config_ddns *ddns, int stop_fd)
{
    struct ddns_exchange *exchange = calloc(1, sizeof(*exchange));

    ASSERT(exchange != NULL);
    exchange->ddns = ddns;
    exchange->stop_fd = stop_fd;
    exchange->health = calloc(server_count(ddns) + 1, sizeof(*exchange->health));
    ASSERT(exchange->health != NULL);
    return exchange;
}

void ddns_exchange_free(struct ddns_exchange *exchange)
{
    if (exchange == NULL)
        return;
    free(exchange->health);
    free(exchange);
}

static int64_t now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- one server ---- */

static bool complain(const struct call *c, const char *what)
{
    char text[INET_ADDRSTRLEN];
    const struct in_addr address = {htonl(c->server.value)};

    (void)snprintf(c->problem, DDNS_FAILURE_SIZE, "server %s: %s",
                   inet_ntop(AF_INET, &address, text, sizeof(text)), what);
    return false;
}

/* Until the socket is ready for `events` or `until_ms` has come.  False if not; then nothing is
 * said. */
static bool wait_for(const struct call *c, int fd, short events, int64_t until_ms)
{
    struct pollfd fds[2] = {{fd, events, 0}, {c->exchange->stop_fd, POLLIN, 0}};

    for (;;) {
        const int64_t left = until_ms - now_ms();
        const int ready = poll(fds, 2, left > 0 ? (int)left : 0);

        if (ready < 0 && errno == EINTR)
            continue;
        return ready > 0 && (fds[1].revents & POLLIN) == 0;
    }
}

static int open_to(const struct call *c, int type)
{
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(c->port),
                                   .sin_addr = {htonl(c->server.value)}};
    const int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0 &&
        errno != EINPROGRESS) {
        (void)complain(c, strerror(errno));
        (void)close(fd);
        return -1;
    }
    if (fd < 0)
        (void)complain(c, strerror(errno));
    return fd;
}

/* What comes until `until_ms`.  False: nothing that is an answer. */
static bool receive_udp(const struct call *c, int fd, int64_t until_ms,
                        enum ddns_answer *answer)
{
    uint8_t bytes[ANSWER_MAX];

    while (wait_for(c, fd, POLLIN, until_ms)) {
        const ssize_t size = recv(fd, bytes, sizeof(bytes), 0);

        if (size < 0 && errno != EAGAIN && errno != EINTR)
            return complain(c, strerror(errno));
        if (size <= 0)
            continue;
        *answer = ddns_answer_read(c->query, span_of(bytes, (size_t)size), c->problem);
        if (*answer != DDNS_FOREIGN)
            return true;
    }
    return false;
}

/* Sent once more half way: all of it may be done twice. */
static bool ask_udp(const struct call *c, enum ddns_answer *answer)
{
    const int64_t half = now_ms() + (c->deadline_ms - now_ms()) / 2;
    const int fd = open_to(c, SOCK_DGRAM);
    bool answered = false;

    if (fd < 0)
        return false;
    (void)complain(c, "no answer");
    for (size_t i = 0; i < 2 && !answered; i++) {
        if (send(fd, c->query->wire, c->query->size, 0) < 0) {
            (void)complain(c, strerror(errno));
            break;
        }
        answered = receive_udp(c, fd, i == 0 ? half : c->deadline_ms, answer);
    }
    (void)close(fd);
    return answered;
}

static bool send_all(const struct call *c, int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent;

        if (!wait_for(c, fd, POLLOUT, c->deadline_ms))
            return complain(c, "no connection");
        sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return complain(c, strerror(errno));
        if (sent > 0) {
            bytes += sent;
            size -= (size_t)sent;
        }
    }
    return true;
}

static bool receive_all(const struct call *c, int fd, uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t got;

        if (!wait_for(c, fd, POLLIN, c->deadline_ms))
            return complain(c, "no answer");
        got = recv(fd, bytes, size, 0);
        if (got == 0)
            return complain(c, "it closed the connection");
        if (got < 0 && errno != EAGAIN && errno != EINTR)
            return complain(c, strerror(errno));
        if (got > 0) {
            bytes += got;
            size -= (size_t)got;
        }
    }
    return true;
}

static bool converse(const struct call *c, int fd, enum ddns_answer *answer)
{
    uint8_t length[2] = {(uint8_t)(c->query->size >> 8), (uint8_t)c->query->size};
    uint8_t bytes[ANSWER_MAX];
    size_t size;

    if (!send_all(c, fd, length, sizeof(length)) ||
        !send_all(c, fd, c->query->wire, c->query->size) ||
        !receive_all(c, fd, length, sizeof(length)))
        return false;
    size = (size_t)(length[0] << 8 | length[1]);
    if (size > sizeof(bytes))
        return complain(c, "its answer is too long");
    if (!receive_all(c, fd, bytes, size))
        return false;
    *answer = ddns_answer_read(c->query, span_of(bytes, size), c->problem);
    return *answer != DDNS_FOREIGN && *answer != DDNS_TRUNCATED
               ? true
               : complain(c, "its answer is none");
}

static bool ask_tcp(const struct call *c, enum ddns_answer *answer)
{
    const int fd = open_to(c, SOCK_STREAM);
    bool answered;

    if (fd < 0)
        return false;
    answered = converse(c, fd, answer);
    (void)close(fd);
    return answered;
}

/* False: it did not answer. */
static bool ask_server(const struct call *c, enum ddns_answer *answer)
{
    char said[DDNS_PROBLEM_SIZE];
    bool answered = false;

    *answer = DDNS_TRUNCATED;
    if (c->query->size <= UDP_MAX)
        answered = ask_udp(c, answer);
    if (*answer == DDNS_TRUNCATED && (answered || c->query->size > UDP_MAX))
        answered = ask_tcp(c, answer);
    if (answered && *answer == DDNS_REJECTED) {
        memcpy(said, c->problem, sizeof(said));
        (void)complain(c, said);
    }
    return answered;
}

/* ---- the servers of a zone ---- */

static struct health *health_of(struct ddns_exchange *exchange,
                                const struct config_ddns_zone *zone)
{
    struct health *health = exchange->health;

    for (size_t i = 0; &exchange->ddns->zones[i] != zone; i++)
        health += exchange->ddns->zones[i].server_count;
    return health;
}

static void note(struct health *health, bool answered)
{
    if (answered) {
        *health = (struct health){0, 0};
        return;
    }
    health->rest_ms = health->rest_ms == 0                ? REST_FIRST_MS
                      : health->rest_ms * 2 < REST_MAX_MS ? health->rest_ms * 2
                                                          : REST_MAX_MS;
    health->rest_until_ms = now_ms() + health->rest_ms;
}

static enum ddns_answer ask_servers(struct ddns_exchange *exchange,
                                    const struct config_ddns_zone *zone,
                                    const struct ddns_query *query, char *problem)
{
    struct health *health = health_of(exchange, zone);

    (void)snprintf(problem, DDNS_FAILURE_SIZE, "no server of %s answers", zone->zone);
    for (size_t i = 0; i < zone->server_count; i++) {
        const struct call call = {.exchange = exchange,
                                  .query = query,
                                  .server = zone->servers[i],
                                  .port = (uint16_t)zone->port,
                                  .deadline_ms = now_ms() + exchange->ddns->timeout_ms,
                                  .problem = problem};
        enum ddns_answer answer = DDNS_REJECTED;
        bool answered;

        if (now_ms() < health[i].rest_until_ms)
            continue;
        answered = ask_server(&call, &answer);
        note(&health[i], answered);
        if (answered && answer != DDNS_REJECTED)
            return answer;
    }
    return DDNS_REJECTED;
}

enum ddns_answer ddns_exchange_ask(void *context, const struct ddns_message *message,
                                   char problem[static DDNS_FAILURE_SIZE])
{
    struct ddns_exchange *exchange = context;
    struct ddns_message numbered = *message;
    struct ddns_query query;

    /* Not to be guessed by whoever would answer in the server's place. */
    if (getrandom(&numbered.id, sizeof(numbered.id), 0) != (ssize_t)sizeof(numbered.id) ||
        ddns_message_make(&numbered, &query) != TD_OK) {
        (void)snprintf(problem, DDNS_FAILURE_SIZE, "no update could be made of it");
        return DDNS_REJECTED;
    }
    return ask_servers(exchange, message->zone, &query, problem);
}
