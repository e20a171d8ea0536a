/* tests/fuzz/reservation_fuzz.c - bytes of an operator and of the partner: a reservation's
 * text, and a frame with some of them, to a whole server that keeps what it understands.
 *
 * The first byte of an input chooses what the rest is: a text to be reserved, edited or
 * removed, a stored record, or a frame. */
#include <stdlib.h>

#include "config/load.h"
#include "daemon/core/server.h"
#include "proto/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char file[] =
    "server: {interfaces: [eth0]}\n"
    "flex-id: pkt4.mac\n"
    "classes: [{name: c, match: {client-system: 7}}]\n"
    "subnets:\n"
    "  - subnet: 10.0.0.0/24\n"
    "    pools: [{range: 10.0.0.16-10.0.0.31}]\n"
    "    reservations: [{client-id: '01', address: 10.0.0.9}, {circuit-id: '02', classes: c}]\n"
    "reservations: [{duid: '0001', host-name: x}]\n";

static struct config *load(void)
{
    struct config_problems problems;
    struct config *config = config_load_text("f", file, sizeof(file) - 1, NULL, &problems);

    ASSERT(config != NULL);
    config_problems_free(&problems);
    return config;
}

static void command(const struct config *config, unsigned kind, const uint8_t *data,
                    size_t size)
{
    static const uint8_t seed[32] = {1};
    struct server *server = server_new(config, ROLE_PRIMARY, NULL, 0);
    struct effects fx;

    effects_init(&fx);
    server_start(server, instant_ms(1000), seed, &fx);
    for (unsigned i = 0; i < 3; i++) { /* a second time it is there already */
        struct reservation_change done = {0, {0, 0, ROLE_PRIMARY}};
        struct reservation_view view;
        char why[256];

        if (server_reservation(server, instant_ms(1001 + i),
                               (enum reservation_command)((kind + i) % 3), span_of(data, size),
                               &done, why, sizeof(why), &fx) == TD_OK)
            ASSERT(done.version.ms > 0);
        for (size_t at = 0; at < server_reservation_count(server); at++)
            (void)server_reservation_view(server, at, &view);
        effects_clear(&fx);
    }
    effects_deinit(&fx);
    server_free(server);
}

static void stored(const uint8_t *data, size_t size)
{
    struct reservation_record record;
    uint8_t *arena = malloc(2 * size + 1024), *again;
    size_t encoded;

    ASSERT(arena != NULL);
    if (reservation_decode(span_of(data, size), arena, 2 * size + 1024, &record) == TD_OK) {
        again = malloc(reservation_encoded_max(&record));
        ASSERT(again != NULL);
        encoded = reservation_encode(&record, again, reservation_encoded_max(&record));
        ASSERT(encoded <= reservation_encoded_max(&record));
        free(again);
    }
    free(arena);
}

static void frame(const uint8_t *data, size_t size)
{
    uint8_t *arena = malloc(FRAME_ARENA_SIZE);
    struct frame decoded;

    ASSERT(arena != NULL);
    if (frame_decode(span_of(data, size), arena, FRAME_ARENA_SIZE, &decoded) == TD_OK &&
        decoded.type == FRAME_RESERVATIONS) {
        uint8_t *again = malloc(frame_encoded_max(&decoded));

        ASSERT(again != NULL);
        (void)frame_encode(&decoded, again, frame_encoded_max(&decoded));
        free(again);
    }
    free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct config *config;

    if (config == NULL)
        config = load();
    if (size == 0)
        return 0;
    switch (data[0] % 5) {
    case 3:
        stored(data + 1, size - 1);
        break;
    case 4:
        frame(data + 1, size - 1);
        break;
    default:
        command(config, data[0] % 5, data + 1, size - 1);
        break;
    }
    return 0;
}
