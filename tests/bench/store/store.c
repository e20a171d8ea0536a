/* tests/bench/store/store.c - what the lease store costs, without sockets, core or partner.
 *
 * usage: bench_store write DIRECTORY LEASES
 *        bench_store start DIRECTORY
 *
 * `write` makes a store of so many leases and then writes leases of it anew, in batches of
 * several sizes, as the store thread does; the processor time is that of all threads, so that
 * what RocksDB does in the background counts.  `start` opens a store and gives all of it to a
 * server, as a start does.  A process each, so that the memory is that of one.  Prints JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "config/load.h"
#include "daemon/core/server.h"
#include "daemon/io/store_load.h"
#include "proto/binding.h"

#define FIRST_ADDRESS UINT32_C(0x0a400001) /* 10.64.0.1, see `configuration` */
#define LEASES_MAX    UINT32_C(4000000)
#define FILL_SIZE     256
#define SETTLE_S      2 /* for RocksDB to end what the filling left it to do */

static const char configuration[] = "server: {interfaces: [lo]}\n"
                                    "subnets:\n"
                                    "  - subnet: 10.64.0.0/10\n"
                                    "    pools: [{range: 10.64.0.1-10.127.255.254}]\n";

static void die(const char *what)
{
    fprintf(stderr, "bench_store: %s\n", what);
    exit(2);
}

struct usage {
    double wall_s, cpu_s;
    long switches; /* the threads waited so often */
};

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static struct usage usage_now(void)
{
    struct rusage usage;
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    getrusage(RUSAGE_SELF, &usage);
    return (struct usage){(double)now.tv_sec + (double)now.tv_nsec / 1e9,
                          seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_nvcsw};
}

static struct usage usage_since(struct usage before)
{
    const struct usage now = usage_now();

    return (struct usage){now.wall_s - before.wall_s, now.cpu_s - before.cpu_s,
                          now.switches - before.switches};
}

static double resident_mib(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;

    if (file == NULL || fscanf(file, "%*s %ld", &pages) != 1)
        die("/proc/self/statm cannot be read");
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

/* ---- writing ---- */

static struct store_db *open_store(const char *directory)
{
    char error[STORE_ERROR_SIZE];
    struct store_db *db = store_db_open(directory, error);

    if (db == NULL)
        die(error);
    return db;
}

static void write_batch(struct store_db *db, struct store_batch *batch)
{
    char error[STORE_ERROR_SIZE];

    batch->number++;
    if (store_db_write(db, batch, error) != TD_OK)
        die(error);
    batch->count = batch->size = 0;
}

/* The lease of address `at`, as the server writes it for a client behind a relay. */
static void put_lease(struct store_batch *batch, uint32_t at, uint64_t seq)
{
    const uint32_t address = FIRST_ADDRESS + at;
    uint8_t key[5] = {'b', (uint8_t)(address >> 24), (uint8_t)(address >> 16),
                      (uint8_t)(address >> 8), (uint8_t)address};
    uint8_t client[8] = {0, 1, 2, 0, key[1], key[2], key[3], key[4]};
    struct stored_binding stored = {
        .binding = {.address = {address},
                    .state = BINDING_ACTIVE,
                    .owner = implied_owner((struct ip4){address}),
                    .term = 3,
                    .version = {INT64_C(1790000000000) + (int64_t)(seq / 8),
                                (uint32_t)(seq % 8), ROLE_PRIMARY},
                    .cltt = instant_ms(INT64_C(1790000000000) + (int64_t)(seq / 8)),
                    .expires = instant_ms(INT64_C(1790003600000) + (int64_t)(seq / 8)),
                    .client = span_of(client, sizeof client),
                    .htype = 1,
                    .hlen = 6,
                    .relay_info = span_of("\x01\x10"
                                          "eth0/rack-07/p12",
                                          18)},
        .seq = seq};
    uint8_t value[2048];

    memcpy(stored.binding.chaddr, client + 2, 6);
    store_batch_put(batch, span_of(key, sizeof key),
                    span_of(value, stored_binding_encode(&stored, value, sizeof value)));
}

static void fill(struct store_db *db, struct store_batch *batch, uint32_t leases)
{
    for (uint32_t at = 0; at < leases; at++) {
        put_lease(batch, at, at + 1);
        if (batch->count == FILL_SIZE || at + 1 == leases)
            write_batch(db, batch);
    }
}

struct batches {
    size_t size, count;
};

/* Leases at random. */
static void measure_writes(struct store_db *db, struct store_batch *batch, uint32_t leases,
                           struct batches batches)
{
    static uint64_t seq = LEASES_MAX;
    static uint64_t random = 1;
    const struct usage before = usage_now();
    const double count = (double)batches.count, records = count * (double)batches.size;
    struct usage used;

    for (size_t i = 0; i < batches.count; i++) {
        while (batch->count < batches.size) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            put_lease(batch, (uint32_t)(random >> 33) % leases, ++seq);
        }
        write_batch(db, batch);
    }
    used = usage_since(before);
    printf(",\n {\"batch\": %zu, \"batches_per_s\": %.0f, \"records_per_s\": %.0f, "
           "\"cpu_s_per_10k\": %.4f, \"switches_per_batch\": %.2f}",
           batches.size, count / used.wall_s, records / used.wall_s, used.cpu_s * 1e4 / records,
           (double)used.switches / count);
}

static void measure_writing(const char *directory, uint32_t leases)
{
    static const struct batches all[] = {{1, 16000}, {16, 16000}, {64, 8000}, {256, 4000}};
    struct store_db *db = open_store(directory);
    struct store_batch batch = {0};
    const struct usage before = usage_now();
    struct usage used;

    fill(db, &batch, leases);
    used = usage_since(before);
    printf("[{\"leases\": %u, \"fill_s\": %.2f, \"cpu_s\": %.2f}", leases, used.wall_s,
           used.cpu_s);
    sleep(SETTLE_S);
    for (size_t i = 0; i < ARRAY_SIZE(all); i++)
        measure_writes(db, &batch, leases, all[i]);
    printf(",\n {\"resident_mib\": %.1f}]\n", resident_mib());
    free(batch.bytes);
    store_db_close(db);
}

/* ---- starting ---- */

static void measure_start(const char *directory)
{
    static const uint8_t seed[32];
    struct config_problems problems = {NULL, 0};
    struct config *config = config_load_text("bench_store", configuration,
                                             sizeof configuration - 1, "bench", &problems);
    const struct usage begin = usage_now();
    struct usage opened, loaded, started;
    char error[STORE_ERROR_SIZE];
    struct effects fx;
    struct server *server;
    struct store_db *db;

    if (config == NULL)
        die(problems.items[0].text);
    effects_init(&fx);
    server = server_new(config, ROLE_PRIMARY, NULL, 0);
    db = open_store(directory);
    opened = usage_since(begin);
    if (store_load(db, server, error) != TD_OK)
        die(error);
    loaded = usage_since(begin);
    server_start(server, server_kept_clock(server), seed, &fx);
    started = usage_since(begin);
    printf("{\"leases\": %zu, \"open_s\": %.3f, \"load_s\": %.3f, \"start_s\": %.3f, "
           "\"cpu_s\": %.3f, \"resident_mib\": %.1f}\n",
           lease_table_size(server_leases(server)), opened.wall_s,
           loaded.wall_s - opened.wall_s, started.wall_s - loaded.wall_s, started.cpu_s,
           resident_mib());
    store_db_close(db);
    server_free(server);
    effects_deinit(&fx);
    config_free(config);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "write") == 0) {
        const unsigned long leases = strtoul(argv[3], NULL, 10);

        if (leases == 0 || leases > LEASES_MAX)
            die("LEASES: a number from 1 to 4000000");
        measure_writing(argv[2], (uint32_t)leases);
        return 0;
    }
    if (argc == 3 && strcmp(argv[1], "start") == 0) {
        measure_start(argv[2]);
        return 0;
    }
    fputs("usage: bench_store write DIRECTORY LEASES\n       bench_store start DIRECTORY\n",
          stderr);
    return 2;
}
