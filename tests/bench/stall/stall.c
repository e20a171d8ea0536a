/* tests/bench/stall/stall.c - the longest stop of the loop that the lease table can cause.
 *
 * Fills a table and a server with leases and times every single call, in processor time of the
 * thread, so that other processes on the machine do not show.  What is printed includes the
 * cost of reading that clock, which is the first line. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "config/load.h"
#include "daemon/core/server.h"
#include "daemon/lease/table.h"

#define WALK_STEP  256
#define OFFER_HOLD 60000
#define LEASE_MS   INT64_C(43200000)
#define START_MS   INT64_C(1700000000000)

/* ---- durations ---- */

struct samples {
    uint64_t *ns;
    size_t count, capacity;
};

static uint64_t thread_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Memory for so many, touched, so that it is not taken for the table's. */
static void samples_reserve(struct samples *samples, size_t count)
{
    samples->capacity = count;
    samples->ns = reallocarray(NULL, count, sizeof(*samples->ns));
    ASSERT(samples->ns != NULL);
    memset(samples->ns, 0, count * sizeof(*samples->ns));
}

static void samples_add(struct samples *s, uint64_t since)
{
    const uint64_t ns = thread_ns() - since;

    if (s->count == s->capacity) {
        s->capacity = s->capacity > 0 ? 2 * s->capacity : 4096;
        s->ns = reallocarray(s->ns, s->capacity, sizeof(*s->ns));
        ASSERT(s->ns != NULL);
    }
    s->ns[s->count++] = ns;
}

static int compare(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static uint64_t quantile(const struct samples *s, size_t per_mille)
{
    return s->ns[(s->count - 1) * per_mille / 1000];
}

/* Prints and empties. */
static void samples_print(struct samples *s, const char *what)
{
    ASSERT(s->count > 0);
    qsort(s->ns, s->count, sizeof(*s->ns), compare);
    printf("%-34s %9zu %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %11" PRIu64 "\n", what, s->count,
           quantile(s, 500), quantile(s, 990), quantile(s, 999), s->ns[s->count - 1]);
    free(s->ns);
    *s = (struct samples){.ns = NULL};
}

static size_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    size_t pages = 0;

    ASSERT(file != NULL);
    ASSERT(fscanf(file, "%*u %zu", &pages) == 1);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* ---- what is served: subnets of one size, side by side from 10.0.0.0 on ---- */

struct site {
    struct config *config;
    uint32_t leases, subnets, per_subnet, stride;
    uint64_t step; /* of the shuffled order; shares no factor with `leases` */
};

static unsigned prefix_for(uint32_t subnets)
{
    unsigned prefix = 8;

    while (UINT32_C(1) << (prefix - 8) < subnets)
        prefix++;
    return prefix;
}

static uint64_t shared_factor(uint64_t a, uint64_t b)
{
    return b == 0 ? a : shared_factor(b, a % b);
}

static void site_init(struct site *site, uint32_t leases, uint32_t subnets)
{
    const unsigned prefix = prefix_for(subnets);
    struct config_problems problems;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    *site = (struct site){.leases = leases,
                          .subnets = subnets,
                          .per_subnet = leases / subnets + 1,
                          .stride = UINT32_C(1) << (32 - prefix),
                          .step = leases * UINT64_C(618) / 1000};
    while (shared_factor(site->step, leases) > 1)
        site->step++;
    ASSERT(out != NULL && site->per_subnet < site->stride / 2);
    fprintf(out, "server: {interfaces: [lo]}\nsubnets:\n");
    for (uint32_t i = 0; i < subnets; i++) {
        const uint32_t a = UINT32_C(0x0a000000) + i * site->stride;
        const uint32_t last = a + site->stride - 2;

        fprintf(out,
                "  - {subnet: %u.%u.%u.%u/%u, pools: [{range: %u.%u.%u.%u-%u.%u.%u.%u}]}\n",
                a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255, prefix, a >> 24, a >> 16 & 255,
                a >> 8 & 255, (a & 255) + 1, last >> 24, last >> 16 & 255, last >> 8 & 255,
                last & 255);
    }
    fclose(out);
    site->config = config_load_text("stall", text, size, "stall", &problems);
    if (site->config == NULL)
        config_problems_print(&problems, "stall", stderr);
    ASSERT(site->config != NULL);
    config_problems_free(&problems);
    free(text);
}

static struct ip4 address_of(const struct site *site, uint32_t n)
{
    return ip4(UINT32_C(0x0a000001) + n / site->per_subnet * site->stride +
               n % site->per_subnet);
}

/* The client of lease `n`, known by its hardware, with a host name and 20 bytes of option 82.
 */
struct client {
    uint8_t key[8];
    char host_name[16];
    uint8_t relay_info[20];
};

static struct binding lease_of(const struct site *site, uint32_t n, int64_t cltt,
                               struct client *c)
{
    struct binding b = binding_implied(address_of(site, n));

    *c = (struct client){
        .key = {0, 1, 2, 0, (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8),
                (uint8_t)n},
        .relay_info = {1, 8, 0, 0, 0, 0, (uint8_t)(n >> 8), 0, 0, (uint8_t)n, 2, 8}};
    snprintf(c->host_name, sizeof(c->host_name), "host%05u", n % 100000);
    b.state = BINDING_ACTIVE;
    b.version = (struct version){cltt, 0, ROLE_PRIMARY};
    b.cltt = instant_ms(cltt);
    b.expires = instant_ms(cltt + LEASE_MS);
    b.client = span_of(c->key, sizeof(c->key));
    b.htype = 1;
    b.hlen = 6;
    memcpy(b.chaddr, c->key + 2, 6);
    b.host_name = span_of(c->host_name, strlen(c->host_name));
    b.relay_info = span_of(c->relay_info, sizeof(c->relay_info));
    return b;
}

/* Every number below `leases` once, neighbours far apart. */
static uint32_t shuffled(const struct site *site, uint32_t i)
{
    return (uint32_t)((uint64_t)i * site->step % site->leases);
}

/* ---- the table alone ---- */

static void put_new(const struct site *site, struct lease_table *table)
{
    const size_t before = resident_bytes();
    struct samples samples = {.ns = NULL};
    size_t own;
    struct client c;

    samples_reserve(&samples, site->leases);
    own = resident_bytes() - before;
    for (uint32_t i = 0; i < site->leases; i++) {
        const struct binding b = lease_of(site, i, START_MS + i, &c);
        const uint64_t since = thread_ns();

        lease_table_put(table, &b, i + 1);
        samples_add(&samples, since);
    }
    printf("resident: %zu bytes a lease\n", (resident_bytes() - before - own) / site->leases);
    samples_print(&samples, "put, new address");
}

static void renew(const struct site *site, struct lease_table *table)
{
    struct samples samples = {.ns = NULL};

    for (uint32_t i = 0; i < site->leases; i++) {
        const struct ip4 address = address_of(site, shuffled(site, i));
        const uint64_t since = thread_ns();
        struct binding b = lease_table_binding(table, address);

        b.cltt.ms += LEASE_MS / 2;
        b.expires.ms += LEASE_MS / 2;
        b.version.ms += LEASE_MS / 2;
        lease_table_put(table, &b, (uint64_t)site->leases + i + 1);
        samples_add(&samples, since);
    }
    samples_print(&samples, "put, renewal, shuffled");
}

static void look_up(const struct site *site, struct lease_table *table)
{
    struct samples samples = {.ns = NULL};
    uint64_t sum = 0;

    for (uint32_t i = 0; i < site->leases; i++) {
        const struct ip4 address = address_of(site, shuffled(site, i));
        const uint64_t since = thread_ns();

        sum += lease_table_find(table, address)->seq;
        samples_add(&samples, since);
    }
    samples_print(&samples, "find by address, shuffled");
    for (uint32_t i = 0; i < site->leases; i++) {
        struct client c;
        const struct binding b = lease_of(site, shuffled(site, i), 0, &c);
        const struct config_subnet *subnet = config_subnet_of(site->config, b.address);
        const uint64_t since = thread_ns();

        sum += lease_table_find_client(table, subnet, b.client)->seq;
        samples_add(&samples, since);
    }
    samples_print(&samples, "find by client, shuffled");
    ASSERT(sum > 0);
}

static bool give_all(void *context, const struct binding *b, uint64_t seq)
{
    (void)context;
    (void)b;
    (void)seq;
    return true;
}

/* What new clients do to the table: twice as many as there may be offers. */
static void pick_and_offer(const struct site *site, struct lease_table *table)
{
    struct samples picks = {.ns = NULL}, offers = {.ns = NULL};

    for (uint32_t i = 0; i < 2 * LEASE_OFFERS_MAX; i++) {
        const struct config_pool *pool = &site->config->pools[i % site->subnets];
        const uint8_t key[] = {
            0, 1, 6, 0, (uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
        struct ip4 address;
        uint64_t since = thread_ns();

        if (!lease_table_pick(table, pool, (enum role)(i & 1), give_all, NULL, &address))
            UNREACHABLE("half of every pool is free");
        samples_add(&picks, since);
        since = thread_ns();
        lease_table_offer(table, address, span_of(key, sizeof(key)),
                          instant_ms(START_MS + OFFER_HOLD));
        samples_add(&offers, since);
    }
    samples_print(&picks, "pick");
    samples_print(&offers, "offer");
    while (lease_table_offer_count(table) > 0) {
        const uint64_t since = thread_ns();

        lease_table_offers_expire(table, instant_ms(START_MS + OFFER_HOLD));
        samples_add(&offers, since);
    }
    samples_print(&offers, "offers run out, a call");
}

static void walk(struct lease_table *table)
{
    struct samples samples = {.ns = NULL};
    struct lease_walk walk;
    size_t seen = 0;
    uint64_t since = thread_ns();
    bool more = true;

    lease_table_walk_begin(table, &walk);
    samples_add(&samples, since);
    while (more) {
        since = thread_ns();
        for (size_t i = 0; i < WALK_STEP && more; i++) {
            const struct lease *lease = lease_table_walk_next(table, &walk);

            more = lease != NULL;
            seen += more && lease->seq > 0 && lease->binding.state == BINDING_ACTIVE;
        }
        samples_add(&samples, since);
    }
    ASSERT(seen == lease_table_size(table));
    samples_print(&samples, "walk: begin, or 256 records");
}

static void list(struct lease_table *table)
{
    struct samples samples = {.ns = NULL};
    struct lease_list list;
    const uint64_t since = thread_ns();

    lease_table_list_begin(table, &list);
    samples_add(&samples, since);
    lease_table_list_end(&list);
    samples_print(&samples, "list: begin");
}

/* The place in the own writes where a sender stands that was cut off long ago. */
static void find_own(const struct site *site, struct lease_table *table)
{
    struct samples samples = {.ns = NULL};

    for (uint64_t part = 1; part < 8; part++) {
        const uint64_t since = thread_ns();

        if (lease_table_first_own_after(table, site->leases + site->leases * part / 8) == NULL)
            UNREACHABLE("there are own writes up to twice the leases");
        samples_add(&samples, since);
    }
    samples_print(&samples, "own write after some seq");
}

static void table_alone(const struct site *site)
{
    struct lease_table *table = lease_table_new(site->config);

    lease_table_loaded(table);
    put_new(site, table);
    renew(site, table);
    look_up(site, table);
    walk(table);
    list(table);
    find_own(site, table);
    pick_and_offer(site, table);
    lease_table_free(table);
}

/* ---- a server with as many leases ---- */

static void load(const struct site *site, struct server *server)
{
    const size_t before = resident_bytes();
    struct samples samples = {.ns = NULL};
    size_t own;

    samples_reserve(&samples, site->leases);
    own = resident_bytes() - before;
    for (uint32_t i = 0; i < site->leases; i++) {
        struct client c;
        const struct stored_binding stored = {
            lease_of(site, i, START_MS + shuffled(site, i), &c), i + 1};
        const uint32_t a = stored.binding.address.value;
        const uint8_t key[] = {'b', (uint8_t)(a >> 24), (uint8_t)(a >> 16), (uint8_t)(a >> 8),
                               (uint8_t)a};
        uint8_t value[1024];
        const size_t size = stored_binding_encode(&stored, value, sizeof(value));
        const uint64_t since = thread_ns();

        if (server_load(server, span_of(key, sizeof(key)), span_of(value, size)) != TD_OK)
            UNREACHABLE("it was encoded here");
        samples_add(&samples, since);
    }
    printf("resident: %zu bytes a lease\n", (resident_bytes() - before - own) / site->leases);
    samples_print(&samples, "load a record");
}

/* The disk is as fast as can be. */
static void carry_out(struct server *server, struct effects *fx, int64_t now)
{
    for (;;) {
        uint64_t number = 0;

        for (size_t i = 0; i < fx->count; i++) {
            if (fx->items[i].type == EFFECT_COMMIT)
                number = fx->items[i].batch->number;
        }
        effects_clear(fx);
        if (number == 0)
            return;
        server_durable(server, instant_ms(now), number, fx);
    }
}

/* All leases end within some minutes; time goes in steps of 10 ms. */
static void expire(const struct site *site, struct server *server, struct effects *fx)
{
    struct samples ticks = {.ns = NULL}, durable = {.ns = NULL};
    int64_t now = START_MS + LEASE_MS + site->leases + 3600000;
    uint64_t since = thread_ns();
    struct instant due;
    uint8_t seed[32] = {1};

    server_start(server, instant_ms(now), seed, fx);
    samples_add(&ticks, since);
    samples_print(&ticks, "start");
    carry_out(server, fx, now);
    while (lease_table_earliest(server_leases(server), &due) != NULL) {
        now += 10;
        since = thread_ns();
        server_tick(server, instant_ms(now), fx);
        samples_add(&ticks, since);
        since = thread_ns();
        carry_out(server, fx, now);
        samples_add(&durable, since);
    }
    samples_print(&ticks, "tick, leases that have ended");
    samples_print(&durable, "its batch is durable");
}

static void whole_server(const struct site *site)
{
    struct server *server = server_new(site->config, ROLE_PRIMARY, NULL, 0);
    struct effects fx;

    effects_init(&fx);
    load(site, server);
    expire(site, server, &fx);
    effects_deinit(&fx);
    server_free(server);
}

int main(int argc, char **argv)
{
    const unsigned long leases = argc > 1 ? strtoul(argv[1], NULL, 10) : 2000000;
    const unsigned long subnets = argc > 2 ? strtoul(argv[2], NULL, 10) : 10000;
    struct samples samples = {.ns = NULL};
    struct site site;

    if (argc > 3 || leases < 1000 || subnets < 1 || subnets > 16384 || leases > 8000000) {
        fprintf(stderr, "usage: bench_stall [LEASES [SUBNETS]]\n"
                        "nanoseconds that single calls take; 2000000 leases, 10000 subnets\n");
        return 2;
    }
    site_init(&site, (uint32_t)leases, (uint32_t)subnets);
    printf("%lu leases in %lu subnets; nanoseconds of processor time\n", leases, subnets);
    printf("%-34s %9s %9s %9s %9s %11s\n", "", "calls", "p50", "p99", "p99.9", "longest");
    for (int i = 0; i < 100000; i++)
        samples_add(&samples, thread_ns());
    samples_print(&samples, "the clock itself");
    table_alone(&site);
    whole_server(&site);
    config_free(site.config);
    return 0;
}
