/* tests/bench/load/options.h - the command line. */
#ifndef TWINDHCP_BENCH_OPTIONS_H
#define TWINDHCP_BENCH_OPTIONS_H

#include "tests/bench/load/clients.h"
#include "tests/bench/load/pace.h"

#define OPTIONS_WINDOWS 8

struct options {
    struct ip4 servers[WIRE_SERVERS];
    size_t server_count;
    const char *lan; /* the interface, or NULL: a relay */
    struct clients_options clients;
    unsigned int weights[EXCHANGES];   /* of the exchanges in the mix */
    uint32_t bind;                     /* clients that get a lease before it counts */
    uint32_t bind_window;              /* exchanges under way meanwhile */
    struct pace_options pace;          /* its window is that of the step */
    uint32_t windows[OPTIONS_WINDOWS]; /* a step each; 0: of a fixed rate */
    size_t step_count;
    bool burst;
    uint64_t until; /* end when so many exchanges are done; 0: do not */
    uint64_t drain_ns;
    bool json;
};

/* Ends the process where the arguments are wrong, or ask for help. */
void options_parse(struct options *out, int argc, char **argv);

#endif
