/* Bulk leasequery over real connections on loopback. */
#include "daemon/io/bulk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config/load.h"

#define LEASES 5000

struct lab {
    uv_loop_t loop;
    struct config *config;
    struct server *server;
    struct effects fx;
    struct bulk *bulk;
    struct instant now;
};

static struct instant now_of(void *context)
{
    return ((struct lab *)context)->now;
}

static uint16_t free_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(at);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    close(fd);
    return ntohs(at.sin_port);
}

static struct lab *lab_new(const char *allow)
{
    struct lab *lab = calloc(1, sizeof(*lab));
    const struct ip4 loopback = ip4(0x7f000001);
    const uint8_t seed[32] = {1};
    struct config_problems problems = {NULL, 0};
    struct bulk_host host;
    char text[512], error[256] = "";

    assert_non_null(lab);
    snprintf(text, sizeof(text),
             "server: {interfaces: [lo]}\n"
             "leasequery: {allow: %s, bulk: {port: %u, connections: 2, idle: 1s}}\n"
             "subnets: [{subnet: 10.80.0.0/16, pools: [{range: 10.80.0.1-10.80.127.255}]}]\n",
             allow, free_port());
    lab->config = config_load_text("f", text, strlen(text), NULL, &problems);
    if (lab->config == NULL)
        config_problems_print(&problems, "f", stderr);
    config_problems_free(&problems);
    assert_non_null(lab->config);
    effects_init(&lab->fx);
    lab->now = instant_ms(INT64_C(1700000000000));
    lab->server = server_new(lab->config, ROLE_PRIMARY, &loopback, 1);
    server_start(lab->server, lab->now, seed, &lab->fx);
    assert_int_equal(uv_loop_init(&lab->loop), 0);
    host = (struct bulk_host){lab, now_of, lab->server};
    lab->bulk = bulk_new(&lab->loop, &lab->config->leasequery, &host);
    assert_true(bulk_listen(lab->bulk, &loopback, 1, error, sizeof(error)));
    return lab;
}

static void close_handle(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void lab_free(struct lab *lab)
{
    uv_walk(&lab->loop, close_handle, NULL);
    uv_run(&lab->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&lab->loop), 0);
    bulk_free(lab->bulk);
    server_free(lab->server);
    effects_deinit(&lab->fx);
    config_free(lab->config);
    free(lab);
}

static void give_leases(struct lab *lab)
{
    for (uint32_t i = 0; i < LEASES; i++) {
        struct binding b = binding_implied(ip4(0x0a500010 + i));
        const uint8_t key[8] = {0, 1, 2, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i};

        b.state = BINDING_ACTIVE;
        b.client = span_of(key, sizeof(key));
        b.htype = 1;
        b.hlen = 6;
        memcpy(b.chaddr, key + 2, 6);
        b.version = (struct version){.ms = lab->now.ms, .counter = i};
        b.expires = instant_add_ms(lab->now, 3600000);
        (void)lease_table_put(server_leases(lab->server), &b, i + 1);
    }
}

static int dial(const struct lab *lab)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)lab->config->leasequery.bulk_port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    return fd;
}

static size_t put_query(uint8_t *out)
{
    const size_t size = 240 + 4;

    memset(out, 0, 2 + size);
    out[1] = (uint8_t)size;
    out[2] = 1;
    memcpy(out + 2 + 236, (uint8_t[]){0x63, 0x82, 0x53, 0x63, 53, 1, 14, 255}, 8);
    return 2 + size;
}

/* Run the loop until there is something to read; 0 at the end of the connection. */
static size_t receive(struct lab *lab, int fd, uint8_t *out, size_t capacity)
{
    for (int i = 0; i < 20000; i++) {
        const ssize_t got = recv(fd, out, capacity, MSG_DONTWAIT);

        if (got >= 0)
            return (size_t)got;
        assert_true(errno == EAGAIN || errno == ECONNRESET);
        if (errno == ECONNRESET)
            return 0;
        uv_run(&lab->loop, UV_RUN_NOWAIT);
        usleep(100);
    }
    fail_msg("nothing came");
    return 0;
}

/* How many messages come before the DHCPLEASEQUERYDONE. */
static unsigned count_answers(struct lab *lab, int fd)
{
    static uint8_t bytes[65536];
    size_t used = 0;
    unsigned count = 0;

    for (;;) {
        const size_t got = receive(lab, fd, bytes + used, sizeof(bytes) - used);

        assert_true(got > 0);
        used += got;
        while (used >= 2) {
            const size_t size = (size_t)bytes[0] << 8 | bytes[1];
            uint8_t type;

            if (used < 2 + size)
                break;
            type = bytes[2 + 242];
            used -= 2 + size;
            memmove(bytes, bytes + 2 + size, used);
            if (type == DHCP4_LEASEQUERYDONE)
                return count;
            count++;
        }
    }
}

static void thousands_of_leases_come_in_order_and_end(void **state)
{
    struct lab *lab = lab_new("127.0.0.1");
    uint8_t query[512];
    const size_t size = put_query(query);
    int fd;

    (void)state;
    give_leases(lab);
    fd = dial(lab);
    assert_int_equal(send(fd, query, size, 0), size);
    assert_int_equal(count_answers(lab, fd), LEASES);
    assert_int_equal(send(fd, query, size, 0), size); /* the connection serves again */
    assert_int_equal(count_answers(lab, fd), LEASES);
    assert_int_equal(bulk_counters(lab->bulk).accepted, 1);
    close(fd);
    lab_free(lab);
}

/* In two pieces, and two queries in one. */
static void queries_may_come_in_any_pieces(void **state)
{
    struct lab *lab = lab_new("127.0.0.1");
    uint8_t query[1024];
    const size_t size = put_query(query);
    int fd;

    (void)state;
    (void)put_query(query + size);
    fd = dial(lab);
    assert_int_equal(send(fd, query, 1, 0), 1);
    for (int i = 0; i < 50; i++)
        uv_run(&lab->loop, UV_RUN_NOWAIT);
    assert_int_equal(send(fd, query + 1, 2 * size - 1, 0), 2 * size - 1);
    assert_int_equal(count_answers(lab, fd), 0);
    assert_int_equal(count_answers(lab, fd), 0);
    close(fd);
    lab_free(lab);
}

static void who_may_not_ask_is_turned_away(void **state)
{
    struct lab *lab = lab_new("10.0.0.0/8");
    uint8_t bytes[16];
    int fd;

    (void)state;
    fd = dial(lab);
    assert_int_equal(receive(lab, fd, bytes, sizeof(bytes)), 0);
    assert_int_equal(bulk_counters(lab->bulk).refused, 1);
    close(fd);
    lab_free(lab);
}

static void one_connection_too_many_is_turned_away(void **state)
{
    struct lab *lab = lab_new("127.0.0.1");
    uint8_t bytes[16], query[512];
    const size_t size = put_query(query);
    int fd[3];

    (void)state;
    for (size_t i = 0; i < 3; i++)
        fd[i] = dial(lab);
    assert_int_equal(receive(lab, fd[2], bytes, sizeof(bytes)), 0);
    assert_int_equal(send(fd[0], query, size, 0), size);
    assert_int_equal(count_answers(lab, fd[0]), 0);
    assert_int_equal(bulk_counters(lab->bulk).refused, 1);
    for (size_t i = 0; i < 3; i++)
        close(fd[i]);
    lab_free(lab);
}

static void what_is_no_query_ends_the_connection(void **state)
{
    static const uint8_t too_long[] = {0xff, 0xff, 1}, no_query[] = {0, 3, 1, 2, 3};
    struct lab *lab = lab_new("127.0.0.1");
    uint8_t bytes[16];
    int fd = dial(lab);

    (void)state;
    assert_int_equal(send(fd, too_long, sizeof(too_long), 0), sizeof(too_long));
    assert_int_equal(receive(lab, fd, bytes, sizeof(bytes)), 0);
    close(fd);
    fd = dial(lab);
    assert_int_equal(send(fd, no_query, sizeof(no_query), 0), sizeof(no_query));
    assert_int_equal(receive(lab, fd, bytes, sizeof(bytes)), 0);
    close(fd);
    assert_int_equal(bulk_counters(lab->bulk).closed, 2);
    lab_free(lab);
}

static void an_idle_connection_is_closed(void **state)
{
    struct lab *lab = lab_new("127.0.0.1");
    uint8_t bytes[16];
    const int fd = dial(lab);

    (void)state;
    for (int i = 0; i < 600 && bulk_counters(lab->bulk).closed == 0; i++) {
        uv_run(&lab->loop, UV_RUN_NOWAIT);
        usleep(10000);
    }
    assert_int_equal(receive(lab, fd, bytes, sizeof(bytes)), 0);
    assert_int_equal(bulk_counters(lab->bulk).closed, 1);
    close(fd);
    lab_free(lab);
}

static void a_port_that_is_taken_is_named(void **state)
{
    struct lab *lab = lab_new("127.0.0.1");
    const struct ip4 loopback = ip4(0x7f000001);
    const struct bulk_host host = {lab, now_of, lab->server};
    struct bulk *second = bulk_new(&lab->loop, &lab->config->leasequery, &host);
    char error[256] = "", expected[64];

    (void)state;
    assert_false(bulk_listen(second, &loopback, 1, error, sizeof(error)));
    snprintf(expected, sizeof(expected), "cannot listen for leasequeries on TCP 127.0.0.1:%u: ",
             lab->config->leasequery.bulk_port);
    assert_memory_equal(error, expected, strlen(expected));
    uv_walk(&lab->loop, close_handle, NULL);
    uv_run(&lab->loop, UV_RUN_DEFAULT);
    bulk_free(second);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thousands_of_leases_come_in_order_and_end),
        cmocka_unit_test(queries_may_come_in_any_pieces),
        cmocka_unit_test(who_may_not_ask_is_turned_away),
        cmocka_unit_test(one_connection_too_many_is_turned_away),
        cmocka_unit_test(what_is_no_query_ends_the_connection),
        cmocka_unit_test(an_idle_connection_is_closed),
        cmocka_unit_test(a_port_that_is_taken_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
