/* tests/unit/io/help_link.h - two ends of a partner link in one loop, on the loopback. */
#ifndef TWINDHCP_TESTS_UNIT_IO_HELP_LINK_H
#define TWINDHCP_TESTS_UNIT_IO_HELP_LINK_H

#include "daemon/io/link.h"

#define HELP_FRAMES 4096

/* One end, and what it was told. */
struct end {
    struct pair *pair;
    struct link *link;
    enum role role;
    int ups, downs;
    bool is_up;
    size_t frames;
    size_t out_of_place;           /* frames, ups or downs that the order of events forbids */
    uint32_t numbers[HELP_FRAMES]; /* first four bytes of each frame */
    size_t last_size;
    char event[64]; /* name of the last one */
    char text[256];
    bool answers; /* sends a frame at each up, as the server does */
};

struct pair {
    uv_loop_t loop;
    uv_prepare_t before_wait;
    char address[64];
    struct config_pair config;
    struct end primary, secondary;
};

/* A loop and an address that is free; no link yet. */
struct pair *pair_new(void);
void pair_free(struct pair *pair); /* closes what is open */

void end_open(struct end *end);
/* What opening it says when it must fail. */
const char *end_open_fails(struct end *end);
void end_close(struct end *end);

void end_send(struct end *end, uint32_t number, size_t size);

void pair_open(struct pair *pair); /* both, and wait until both are up */
void pair_wait_until_up(struct pair *pair);

/* Keys for dhcp-a and dhcp-b in `directory`. */
void help_keys(const char *directory);
void help_key_pair(const char *directory, const char *node);

#endif
