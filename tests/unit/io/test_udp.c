#include <arpa/inet.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/io/udp.h"

#define LOOPBACK 0x7f000001u

static const char *const loopback[] = {"lo"};
static const struct ip4 listened[] = {{LOOPBACK}, {0x7f000002u}};

struct fixture {
    struct udp *udp;
    int client;
    struct datagram batch[UDP_TURN];
};

static int setup_with(void **state, const struct udp_options *options)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(LOOPBACK)};
    char error[256] = "";

    assert_non_null(f);
    f->udp = udp_open(options, error, sizeof error);
    assert_string_equal(error, "");
    f->client = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(bind(f->client, (struct sockaddr *)&any, sizeof any), 0);
    *state = f;
    return 0;
}

static int setup_interface(void **state)
{
    struct udp_options options = {.interfaces = loopback, .interface_count = 1};

    return setup_with(state, &options);
}

static int setup_listen(void **state)
{
    struct udp_options options = {.listen = listened, .listen_count = 2};

    return setup_with(state, &options);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    udp_close(f->udp);
    close(f->client);
    free(f);
    return 0;
}

static struct sockaddr_in address_of(int fd)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;

    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    return address;
}

/* To `address` and the port of the server's socket. */
static void send_to(const struct fixture *f, size_t socket, uint32_t address, const void *bytes,
                    size_t size)
{
    struct sockaddr_in to = address_of(udp_fd(f->udp, socket));

    to.sin_addr.s_addr = htonl(address);
    assert_int_equal(sendto(f->client, bytes, size, 0, (struct sockaddr *)&to, sizeof to),
                     size);
}

static size_t receive(struct fixture *f, size_t socket)
{
    struct pollfd p = {.fd = udp_fd(f->udp, socket), .events = POLLIN};
    bool full;

    assert_int_equal(poll(&p, 1, 2000), 1);
    return udp_receive(f->udp, socket, f->batch, &full);
}

static void assert_open_fails(const struct udp_options *options, const char *part)
{
    char error[256] = "";

    assert_null(udp_open(options, error, sizeof error));
    if (strstr(error, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, error);
}

static void a_datagram_comes_with_where_it_came_in(void **state)
{
    struct fixture *f = *state;
    const struct datagram *d = &f->batch[0];

    send_to(f, 0, LOOPBACK, "discover", 8);
    assert_int_equal(receive(f, 0), 1);
    assert_memory_equal(d->payload.data, "discover", 8);
    assert_int_equal(d->payload.size, 8);
    assert_int_equal(d->source.value, LOOPBACK);
    assert_int_equal(d->source_port, ntohs(address_of(f->client).sin_port));
    assert_int_equal(d->destination.value, LOOPBACK);
    assert_int_equal(d->local.value, LOOPBACK);
    assert_int_equal(d->interface, 1); /* lo is the first in every namespace */
}

/* Sent to one that clients are not to know, it is answered from one that they may. */
static void another_local_address_is_received_as_the_interface(void **state)
{
    struct fixture *f = *state;

    send_to(f, 0, 0x7f000009u, "x", 1);
    assert_int_equal(receive(f, 0), 1);
    assert_int_equal(f->batch[0].destination.value, 0x7f000009u);
    assert_int_equal(f->batch[0].local.value, LOOPBACK);
}

static void each_listen_address_has_its_own_socket(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(udp_socket_count(f->udp), 2);
    send_to(f, 1, 0x7f000002u, "x", 1);
    assert_int_equal(receive(f, 1), 1);
    assert_int_equal(f->batch[0].local.value, 0x7f000002u);
    assert_int_equal(f->batch[0].interface, 0);
}

static void a_listen_address_is_served_beside_interfaces(void **state)
{
    static const struct ip4 other[] = {{0x7f000009u}};
    struct udp_options options = {
        .interfaces = loopback, .interface_count = 1, .listen = other, .listen_count = 1};
    struct fixture *f;

    assert_int_equal(setup_with(state, &options), 0);
    f = *state;
    assert_int_equal(udp_socket_count(f->udp), 1);
    send_to(f, 0, 0x7f000009u, "x", 1);
    assert_int_equal(receive(f, 0), 1);
    assert_int_equal(f->batch[0].local.value, 0x7f000009u);
    assert_int_equal(f->batch[0].interface, 0);
    teardown(state);
}

static void all_addresses_are_listed(void **state)
{
    struct fixture *f = *state;
    struct ip4 out[2];

    assert_int_equal(udp_addresses(f->udp, NULL, 0), 2);
    assert_int_equal(udp_addresses(f->udp, out, 2), 2);
    assert_int_equal(out[0].value, LOOPBACK);
    assert_int_equal(out[1].value, 0x7f000002u);
}

static void a_burst_is_read_in_batches(void **state)
{
    struct fixture *f = *state;
    bool full = false;

    for (int i = 0; i < UDP_TURN + 3; i++)
        send_to(f, 0, LOOPBACK, "x", 1);
    assert_int_equal(udp_receive(f->udp, 0, f->batch, &full), UDP_TURN);
    assert_true(full);
    assert_int_equal(udp_receive(f->udp, 0, f->batch, &full), 3);
    assert_false(full);
    assert_int_equal(udp_receive(f->udp, 0, f->batch, &full), 0);
    assert_int_equal(udp_counters(f->udp).received, UDP_TURN + 3);
}

static void a_datagram_too_long_is_dropped_and_counted(void **state)
{
    struct fixture *f = *state;
    static const uint8_t bytes[UDP_DATAGRAM_SIZE + 1];

    send_to(f, 0, LOOPBACK, bytes, sizeof bytes);
    assert_int_equal(receive(f, 0), 0);
    assert_int_equal(udp_counters(f->udp).too_long, 1);
    send_to(f, 0, LOOPBACK, bytes, UDP_DATAGRAM_SIZE);
    assert_int_equal(receive(f, 0), 1);
}

static struct reply reply_to(const struct fixture *f, struct ip4 source)
{
    return (struct reply){.way = REPLY_UDP,
                          .source = source,
                          .address = ip4(LOOPBACK),
                          .port = ntohs(address_of(f->client).sin_port),
                          .packet = span_of("offer", 5)};
}

static void assert_client_gets(const struct fixture *f, size_t count, uint32_t source)
{
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    char bytes[16];

    for (size_t i = 0; i < count; i++) {
        assert_int_equal(recvfrom(f->client, bytes, sizeof bytes, MSG_DONTWAIT,
                                  (struct sockaddr *)&from, &size),
                         5);
        assert_int_equal(ntohl(from.sin_addr.s_addr), source);
    }
    assert_int_equal(recv(f->client, bytes, sizeof bytes, MSG_DONTWAIT), -1);
}

static void replies_leave_together_from_the_address_asked_for(void **state)
{
    struct fixture *f = *state;
    struct reply reply = reply_to(f, ip4(0x7f000009u));

    for (int i = 0; i < 3; i++)
        udp_send(f->udp, &reply);
    assert_client_gets(f, 0, 0);
    udp_flush(f->udp);
    assert_client_gets(f, 3, 0x7f000009u);
    assert_int_equal(udp_counters(f->udp).out.sent, 3);
}

static void more_replies_than_a_batch_all_leave(void **state)
{
    struct fixture *f = *state;
    struct reply reply = reply_to(f, ip4(LOOPBACK));

    for (int i = 0; i < 2 * UDP_BATCH + 1; i++)
        udp_send(f->udp, &reply);
    udp_flush(f->udp);
    assert_client_gets(f, 2 * UDP_BATCH + 1, LOOPBACK);
}

static void a_reply_leaves_by_the_socket_of_its_source(void **state)
{
    struct fixture *f = *state;
    struct reply reply = reply_to(f, ip4(0x7f000002u));

    udp_send(f->udp, &reply);
    udp_flush(f->udp);
    assert_client_gets(f, 1, 0x7f000002u);
}

/* One that the system refuses must not keep back those behind it. */
static void a_reply_that_cannot_leave_is_dropped_and_counted(void **state)
{
    struct fixture *f = *state;
    struct reply good = reply_to(f, ip4(LOOPBACK)), bad = good;

    bad.interface = 0x7ffffff0; /* there is none with that index */
    udp_send(f->udp, &good);
    udp_send(f->udp, &bad);
    udp_send(f->udp, &good);
    udp_flush(f->udp);
    assert_client_gets(f, 2, LOOPBACK);
    assert_int_equal(udp_counters(f->udp).out.sent, 2);
    assert_int_equal(udp_counters(f->udp).out.dropped, 1);
    assert_true(udp_counters(f->udp).out.last_error != 0);
}

static void a_port_that_is_taken_is_named(void **state)
{
    struct fixture *f = *state;
    uint16_t port = ntohs(address_of(udp_fd(f->udp, 0)).sin_port);
    struct udp_options options = {.interfaces = loopback, .interface_count = 1, .port = port};
    char wanted[64];

    snprintf(wanted, sizeof wanted, "UDP port %u of 0.0.0.0 is taken", port);
    assert_open_fails(&options, wanted);
}

static void a_missing_interface_is_named_with_those_there_are(void **state)
{
    static const char *const names[] = {"lo", "eth77"};
    struct udp_options options = {.interfaces = names, .interface_count = 2};

    (void)state;
    assert_open_fails(&options, "there is no interface eth77 (there are: lo");
}

static void a_listen_address_of_another_machine_is_named(void **state)
{
    static const struct ip4 foreign[] = {{0xc0000201u}}; /* 192.0.2.1, for documentation */
    struct udp_options options = {.listen = foreign, .listen_count = 1};

    (void)state;
    assert_open_fails(&options, "192.0.2.1 is not an address of this machine");
}

static void nothing_to_serve_is_an_error(void **state)
{
    struct udp_options options = {.port = 0};

    (void)state;
    assert_open_fails(&options, "neither interfaces nor listen addresses");
}

static void interfaces_that_stay_are_no_change(void **state)
{
    struct fixture *f = *state;
    char text[256];

    assert_false(udp_refresh(f->udp, text, sizeof text));
}

#define ON_INTERFACE(name) cmocka_unit_test_setup_teardown(name, setup_interface, teardown)
#define ON_ADDRESSES(name) cmocka_unit_test_setup_teardown(name, setup_listen, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_INTERFACE(a_datagram_comes_with_where_it_came_in),
        ON_INTERFACE(another_local_address_is_received_as_the_interface),
        ON_ADDRESSES(each_listen_address_has_its_own_socket),
        cmocka_unit_test(a_listen_address_is_served_beside_interfaces),
        ON_ADDRESSES(all_addresses_are_listed),
        ON_INTERFACE(a_burst_is_read_in_batches),
        ON_INTERFACE(a_datagram_too_long_is_dropped_and_counted),
        ON_INTERFACE(replies_leave_together_from_the_address_asked_for),
        ON_INTERFACE(more_replies_than_a_batch_all_leave),
        ON_ADDRESSES(a_reply_leaves_by_the_socket_of_its_source),
        ON_INTERFACE(a_reply_that_cannot_leave_is_dropped_and_counted),
        ON_INTERFACE(a_port_that_is_taken_is_named),
        cmocka_unit_test(a_missing_interface_is_named_with_those_there_are),
        cmocka_unit_test(a_listen_address_of_another_machine_is_named),
        cmocka_unit_test(nothing_to_serve_is_an_error),
        ON_INTERFACE(interfaces_that_stay_are_no_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
