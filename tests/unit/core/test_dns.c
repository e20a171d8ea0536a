/* What the records leave to do for the DNS, done to a DNS that is a table: each name once, none
 * lost with a peer, none left behind. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const char lan[] =
    "lease-time: {default: 1h, min: 1m, max: 1h}\n"
    "options: {domain-name: file.net}\n"
    "names: {replace: when-absent}\n"
    "ddns:\n"
    "  zones: [{zone: file.net, server: 10.0.0.53}, {zone: 77.10.in-addr.arpa, server: "
    "10.0.0.53}]\n"
    "subnets:\n"
    "  - subnet: 10.77.0.0/16\n"
    "    pools: [{range: 10.77.16.0-10.77.16.255}]\n";

/* What a name server would hold after RFC 4703. */
struct zone_entry {
    char name[NAME_SIZE_MAX + 1];
    struct ip4 address;
    uint8_t client[256];
    size_t client_size;
    bool forward, reverse;
};

#define ENTRIES 64

struct world {
    struct pair *pair;
    struct zone_entry zone[ENTRIES];
    size_t count;
    unsigned added, removed;
    bool down;
};

static int set_up(void **state)
{
    static struct world world;

    world = (struct world){.pair = pair_new("1h", lan)};
    pair_run(world.pair, 2100); /* it is settled whose work is whose */
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    pair_free(world->pair);
    return 0;
}

static struct zone_entry *find(struct world *world, const char *name)
{
    for (size_t i = 0; i < world->count; i++) {
        if (strcmp(world->zone[i].name, name) == 0)
            return &world->zone[i];
    }
    return NULL;
}

static bool is_clients(const struct zone_entry *entry, const struct dns_job *job)
{
    return span_equal(span_of(entry->client, entry->client_size),
                      span_of(job->client, job->client_size));
}

static enum dns_outcome add(struct world *world, const struct dns_job *job)
{
    struct zone_entry *entry = find(world, job->name);

    if (entry != NULL && !is_clients(entry, job))
        return DNS_TAKEN;
    if (entry == NULL) {
        assert_true(world->count < ENTRIES);
        entry = &world->zone[world->count++];
    }
    *entry = (struct zone_entry){.address = job->address,
                                 .client_size = job->client_size,
                                 .forward = job->forward,
                                 .reverse = job->reverse};
    memcpy(entry->name, job->name, sizeof(entry->name));
    memcpy(entry->client, job->client, job->client_size);
    world->added++;
    return DNS_DONE;
}

static enum dns_outcome take_out(struct world *world, const struct dns_job *job)
{
    struct zone_entry *entry = find(world, job->name);

    if (entry != NULL && is_clients(entry, job) && ip4_equal(entry->address, job->address))
        *entry = world->zone[--world->count];
    world->removed++;
    return DNS_DONE;
}

/* Everything that this peer may do now; false when there was nothing. */
static bool work(struct world *world, enum role role)
{
    struct node *node = &world->pair->nodes[role];
    struct dns_job job;
    bool any = false;

    while (node->server != NULL &&
           server_dns_next(node->server, world->pair->now, &job, &node->fx)) {
        const enum dns_outcome outcome = world->down ? DNS_FAILED
                                         : job.add   ? add(world, &job)
                                                     : take_out(world, &job);

        server_dns_done(node->server, world->pair->now, &job, outcome, "down", &node->fx);
        any = true;
    }
    if (node->server != NULL)
        server_flush(node->server, world->pair->now, &node->fx);
    pair_settle(world->pair);
    return any;
}

static void run(struct world *world, int64_t ms)
{
    for (int64_t t = 0; t < ms; t += 100) {
        (void)work(world, ROLE_PRIMARY);
        (void)work(world, ROLE_SECONDARY);
        pair_run(world->pair, 100);
    }
}

static uint64_t backlog(struct world *world, enum role role)
{
    struct dns_status status;

    server_dns_status(world->pair->nodes[role].server, &status);
    return status.backlog;
}

static const char *name_at(struct ip4 address, char out[static 64])
{
    (void)snprintf(out, 64, "dhcp-10-77-16-%u.file.net", address.value & 255);
    return out;
}

static void assert_registered(struct world *world, struct ip4 address)
{
    char name[64];
    const struct zone_entry *entry = find(world, name_at(address, name));

    assert_non_null(entry);
    assert_int_equal(entry->address.value, address.value);
    assert_true(entry->forward && entry->reverse);
}

static void release(struct world *world, uint8_t client, struct ip4 address)
{
    struct ask ask = {
        .type = DHCP4_RELEASE, .client = client, .xid = 0x7000u + client, .ciaddr = address};

    for (enum role role = ROLE_PRIMARY; role <= ROLE_SECONDARY; role++) {
        ask.server = node_address(role);
        ask.to = node_address(role);
        pair_tell(world->pair, role, &ask);
        pair_settle(world->pair);
    }
}

static void each_name_is_put_in_once(void **state)
{
    struct world *world = *state;
    struct ip4 address[10];

    for (uint8_t i = 0; i < 10; i++)
        address[i] = pair_bind(world->pair, i, NULL);
    assert_int_equal(backlog(world, ROLE_PRIMARY), 10);
    assert_int_equal(backlog(world, ROLE_SECONDARY), 10);
    run(world, 1000);
    for (uint8_t i = 0; i < 10; i++)
        assert_registered(world, address[i]);
    assert_int_equal(world->added, 10);
    assert_int_equal(backlog(world, ROLE_PRIMARY) + backlog(world, ROLE_SECONDARY), 0);
    assert_true(pair_equal(world->pair));
}

static void a_renewal_asks_nothing_of_the_dns(void **state)
{
    struct world *world = *state;
    struct ask ask = {.type = DHCP4_REQUEST, .client = 1, .xid = 77};
    enum role by;

    ask.ciaddr = pair_bind(world->pair, 1, &by);
    run(world, 500);
    ask.to = node_address(by);
    pair_tell(world->pair, by, &ask);
    run(world, 500);
    assert_int_equal(world->added, 1);
    assert_int_equal(backlog(world, by), 0);
}

static void a_release_takes_the_name_out(void **state)
{
    struct world *world = *state;
    const struct ip4 address = pair_bind(world->pair, 1, NULL);

    run(world, 500);
    release(world, 1, address);
    run(world, 1000);
    assert_int_equal(world->count, 0);
    assert_int_equal(world->removed, 1);
    assert_int_equal(backlog(world, ROLE_PRIMARY) + backlog(world, ROLE_SECONDARY), 0);
    assert_true(pair_equal(world->pair));
}

static void an_end_takes_the_name_out(void **state)
{
    struct world *world = *state;

    (void)pair_bind(world->pair, 1, NULL);
    run(world, 500);
    assert_int_equal(world->count, 1);
    run(world, 3700 * 1000);
    assert_int_equal(world->count, 0);
    assert_true(pair_equal(world->pair));
}

/* The record announces the name before the DNS is told: no job rests on what a crash undoes. */
static void nothing_is_told_that_is_not_durable(void **state)
{
    struct world *world = *state;
    struct dns_job job;
    enum role by;

    (void)pair_bind(world->pair, 1, &by);
    run(world, 500);
    world->pair->nodes[by].hold_store = true;
    world->pair->nodes[role_other(by)].hold_store = true;
    for (uint8_t client = 2; client < 10; client++) {
        const struct ask ask = {.type = DHCP4_REQUEST, .client = 1, .xid = client};

        pair_broadcast(world->pair, &ask);
    }
    assert_false(server_dns_next(world->pair->nodes[by].server, world->pair->now, &job,
                                 &world->pair->nodes[by].fx));
    world->pair->nodes[by].hold_store = false;
    world->pair->nodes[role_other(by)].hold_store = false;
    pair_settle(world->pair);
}

static void a_failure_is_tried_again_and_told_once(void **state)
{
    struct world *world = *state;
    struct dns_status status;
    struct ip4 one, two;
    enum role by;

    world->down = true;
    one = pair_bind(world->pair, 1, &by);
    two = pair_bind(world->pair, 2, NULL);
    run(world, 25000);
    server_dns_status(world->pair->nodes[by].server, &status);
    assert_true(status.failing && status.failed >= 2);
    assert_string_equal(status.problem, "down");
    assert_true(pair_had_event(world->pair, by, "dns-failed"));
    assert_int_equal(backlog(world, by), 2);
    world->down = false;
    run(world, 11000);
    assert_registered(world, one);
    assert_registered(world, two);
    assert_true(pair_had_event(world->pair, by, "dns-recovered"));
    server_dns_status(world->pair->nodes[by].server, &status);
    assert_false(status.failing);
}

static void a_restart_goes_on_where_it_was(void **state)
{
    struct world *world = *state;
    struct ip4 address[6];

    world->down = true;
    for (uint8_t i = 0; i < 6; i++)
        address[i] = pair_bind(world->pair, i, NULL);
    pair_run(world->pair, 200);
    for (enum role role = ROLE_PRIMARY; role <= ROLE_SECONDARY; role++)
        pair_kill(world->pair, role);
    for (enum role role = ROLE_PRIMARY; role <= ROLE_SECONDARY; role++)
        pair_start(world->pair, role);
    pair_run(world->pair, 6000);
    world->down = false;
    run(world, 1000);
    for (uint8_t i = 0; i < 6; i++)
        assert_registered(world, address[i]);
    assert_int_equal(world->count, 6);
}

/* Killed after the DNS was told and before that was written: done twice, there once. */
static void a_job_that_was_done_and_forgotten_is_done_again(void **state)
{
    struct world *world = *state;
    struct node *node;
    struct dns_job job;
    struct ip4 address;
    enum role by;

    address = pair_bind(world->pair, 1, &by);
    node = &world->pair->nodes[by];
    pair_run(world->pair, 200);
    assert_true(server_dns_next(node->server, world->pair->now, &job, &node->fx));
    assert_int_equal(add(world, &job), DNS_DONE);
    pair_kill(world->pair, by);
    run(world, 3500);
    assert_int_equal(pair_state(world->pair, role_other(by)), FO_INTERRUPTED);
    assert_registered(world, address);
    assert_int_equal(world->count, 1);
    assert_int_equal(backlog(world, role_other(by)), 0);
}

static void the_survivor_does_what_the_other_left(void **state)
{
    struct world *world = *state;
    struct ip4 address[8];

    for (uint8_t i = 0; i < 8; i++)
        address[i] = pair_bind(world->pair, i, NULL);
    pair_run(world->pair, 200);
    pair_kill(world->pair, ROLE_PRIMARY);
    run(world, 3500);
    for (uint8_t i = 0; i < 8; i++)
        assert_registered(world, address[i]);
    assert_int_equal(world->added, 8);
    pair_start(world->pair, ROLE_PRIMARY);
    run(world, 7000);
    assert_int_equal(world->count, 8);
    assert_true(pair_equal(world->pair));
    for (uint8_t i = 0; i < 8; i++)
        release(world, i, address[i]);
    run(world, 1000);
    assert_int_equal(world->count, 0);
}

/* First contact with this peer alone. */
static struct ip4 bind_with(struct pair *pair, enum role role, uint8_t client)
{
    struct ask ask = {.type = DHCP4_DISCOVER, .client = client};

    pair_forget(pair);
    pair_tell(pair, role, &ask);
    pair_settle(pair);
    ask.requested = pair_last(pair, role)->packet.yiaddr;
    ask.server = node_address(role);
    ask.type = DHCP4_REQUEST;
    pair_tell(pair, role, &ask);
    pair_settle(pair);
    assert_int_equal(pair_last(pair, role)->packet.type, DHCP4_ACK);
    return ask.requested;
}

/* Both serve alone and tell the DNS what they do: when they meet, no name is left behind that
 * only one of them knew, and none is missing. */
static void apart_they_forget_no_name(void **state)
{
    struct world *world = *state;
    const struct ip4 old = pair_bind(world->pair, 1, NULL);
    struct ip4 fresh;

    run(world, 500);
    pair_cut(world->pair);
    run(world, 2000);
    release(world, 1, old);
    fresh = bind_with(world->pair, ROLE_SECONDARY, 2);
    run(world, 1000);
    assert_registered(world, fresh);
    pair_mend(world->pair);
    run(world, 8000);
    assert_int_equal(pair_state(world->pair, ROLE_PRIMARY), FO_NORMAL);
    assert_true(pair_equal(world->pair));
    assert_int_equal(world->count, 1);
    assert_registered(world, fresh);
}

/* What is the partner's to do, or nobody's, in a state that lasts for less than a tick is not
 * forgotten for that. */
static void a_short_state_makes_nothing_forgotten(void **state)
{
    struct world *world = *state;
    const struct ip4 address = pair_bind(world->pair, 1, NULL);
    struct node *node;
    enum role owner;
    int64_t waited = 0;

    run(world, 500);
    owner = pair_binding(world->pair, ROLE_PRIMARY, address).owner;
    node = &world->pair->nodes[owner];
    release(world, 1, address);
    pair_run(world->pair, 200); /* FREE on both, nothing told */
    pair_cut(world->pair);
    while (pair_state(world->pair, owner) == FO_NORMAL && waited++ < 500)
        pair_run(world->pair, 10);
    (void)work(world, owner); /* it passes it over */
    assert_int_equal(pair_state(world->pair, owner), FO_INTERRUPTED);
    assert_int_equal(world->removed, 0);
    pair_mend(world->pair);
    pair_settle(world->pair);
    assert_non_null(node->server);
    run(world, 8000);
    assert_int_equal(world->count, 0);
    assert_int_equal(backlog(world, owner), 0);
}

static void a_name_of_another_is_left_alone_and_asked_for_again(void **state)
{
    struct world *world = *state;
    static const uint8_t host[] = "\x0c\3web";
    struct ask ask = {.type = DHCP4_DISCOVER, .client = 1, .options = span_of(host, 5)};
    struct binding b;
    struct names names;
    enum role by;

    world->zone[world->count++] = (struct zone_entry){.name = "web.file.net"};
    pair_broadcast(world->pair, &ask);
    ask.requested = pair_only(world->pair, &by)->packet.yiaddr;
    ask.server = node_address(by);
    ask.type = DHCP4_REQUEST;
    pair_broadcast(world->pair, &ask);
    run(world, 500);
    assert_true(pair_had_event(world->pair, by, "dns-name-taken"));
    b = pair_binding(world->pair, role_other(by), ask.requested);
    assert_true(names_decode(b.names, &names));
    assert_int_equal(names.entry[0].state, NAME_TAKEN);
    assert_int_equal(backlog(world, by), 0);
    /* The other has gone; the client renews. */
    world->count = 0;
    ask = (struct ask){.type = DHCP4_REQUEST,
                       .client = 1,
                       .xid = 9,
                       .ciaddr = ask.requested,
                       .to = node_address(by),
                       .options = span_of(host, 5)};
    pair_tell(world->pair, by, &ask);
    run(world, 500);
    assert_non_null(find(world, "web.file.net"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_name_is_put_in_once),
        TEST(a_renewal_asks_nothing_of_the_dns),
        TEST(a_release_takes_the_name_out),
        TEST(an_end_takes_the_name_out),
        TEST(nothing_is_told_that_is_not_durable),
        TEST(a_failure_is_tried_again_and_told_once),
        TEST(a_restart_goes_on_where_it_was),
        TEST(a_job_that_was_done_and_forgotten_is_done_again),
        TEST(the_survivor_does_what_the_other_left),
        TEST(apart_they_forget_no_name),
        TEST(a_short_state_makes_nothing_forgotten),
        TEST(a_name_of_another_is_left_alone_and_asked_for_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
