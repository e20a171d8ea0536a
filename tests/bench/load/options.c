#include "tests/bench/load/options.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/load/clock.h"

static const char help[] =
    "usage: load (--relay ADDRESS --server ADDRESS ... | --lan INTERFACE) [options]\n"
    "\n"
    "Plays DHCP clients, checks every reply and measures how long each exchange takes.\n"
    "\n"
    "  --relay ADDRESS       be a relay with this address (giaddr) and every --server as "
    "helper\n"
    "  --relays N,STEP       N relays; each address STEP above the one before\n"
    "  --server ADDRESS      a server (one or two)\n"
    "  --lan INTERFACE       be attached clients, through a packet socket\n"
    "\n"
    "  --exchange MIX        dora, renew, rebind, reboot, release, echo; or a mix with "
    "weights:\n"
    "                        dora:1,renew:8,reboot:1 (dora)\n"
    "  --rate R              start R exchanges per second, whether they are answered or not\n"
    "  --window N,...        closed loop: N exchanges under way (64, without --rate); of "
    "several,\n"
    "                        one after another with the same clients and a report for each\n"
    "  --seconds S           start exchanges for so long (5, without --count)\n"
    "  --count N             start so many and no more\n"
    "  --until N             end when so many are done\n"
    "  --burst N             a boot storm: N new clients within one second, until all are "
    "bound\n"
    "\n"
    "  --clients N           clients in all (1000000; --bind alone: those)\n"
    "  --first N             number of the first client, from which its addresses are made "
    "(0)\n"
    "  --bind N              first bind N clients; that is not counted (0; 10000 where an\n"
    "                        exchange needs a lease)\n"
    "  --bind-window N       exchanges under way while binding (64)\n"
    "  --retransmit MS       first retransmission after so long, a quarter more or less; "
    "doubles\n"
    "                        up to 16 times (4000)\n"
    "  --drain S             wait so long for the last answers (1; --burst: 120)\n"
    "  --json                the report for programs; of several windows an object each\n"
    "\n"
    "SIGUSR1 marks a moment, from which the report tells what went unanswered.  SIGINT ends.\n"
    "Exit code: 0; 1 when a reply was wrong or lost in this program's own sockets; 2 when "
    "nothing\n"
    "could be measured.\n";

static void die(const char *what, const char *text) __attribute__((noreturn));

static void die(const char *what, const char *text)
{
    fprintf(stderr, "load: %s: %s (--help shows the options)\n", what, text);
    exit(2);
}

static struct ip4 address_of(const char *text)
{
    struct in_addr address;

    if (inet_pton(AF_INET, text, &address) != 1)
        die("not an address", text);
    return ip4(ntohl(address.s_addr));
}

static double number_of(const char *text, double min, double max)
{
    char *end;
    double value = strtod(text, &end);

    if (end == text || *end != '\0' || !(value >= min && value <= max))
        die("not a number in range", text);
    return value;
}

static uint32_t count_of(const char *text, uint32_t min, uint32_t max)
{
    double value = number_of(text, min, max);

    if (value != (double)(uint32_t)value)
        die("not a whole number", text);
    return (uint32_t)value;
}

static enum exchange exchange_of(const char *text)
{
    for (unsigned int i = 0; i < EXCHANGES; i++)
        if (strcmp(text, exchange_name((enum exchange)i)) == 0)
            return (enum exchange)i;
    die("not an exchange", text);
}

static void parse_mix(struct options *o, char *text)
{
    bool any = false;

    memset(o->weights, 0, sizeof o->weights);
    for (char *part = strtok(text, ","); part != NULL; part = strtok(NULL, ",")) {
        char *colon = strchr(part, ':');
        unsigned int weight = 1;

        if (colon != NULL) {
            *colon = '\0';
            weight = count_of(colon + 1, 1, 1000000);
        }
        o->weights[exchange_of(part)] = weight;
        any = true;
    }
    if (!any)
        die("--exchange", "names none");
}

static void parse_relays(struct options *o, char *text)
{
    char *comma = strchr(text, ',');

    if (comma == NULL)
        die("not N,STEP", text);
    *comma = '\0';
    o->clients.relay_count = count_of(text, 1, 1 << 24);
    o->clients.relay_step = count_of(comma + 1, 1, 1 << 24);
}

static void parse_windows(struct options *o, char *text)
{
    for (char *part = strtok(text, ","); part != NULL; part = strtok(NULL, ",")) {
        if (o->step_count == OPTIONS_WINDOWS)
            die("more than eight windows", part);
        o->windows[o->step_count++] = count_of(part, 1, 1000000);
    }
}

static void add_server(struct options *o, const char *text)
{
    if (o->server_count == WIRE_SERVERS)
        die("more than two servers", text);
    o->servers[o->server_count++] = address_of(text);
}

enum {
    RELAY,
    RELAYS,
    SERVER,
    LAN,
    EXCHANGE,
    RATE,
    WINDOW,
    SECONDS,
    COUNT,
    UNTIL,
    BURST,
    CLIENTS,
    FIRST,
    BIND,
    BIND_WINDOW,
    RETRANSMIT,
    DRAIN,
    JSON,
    HELP
};

static const struct option known[] = {
    {"relay", required_argument, NULL, RELAY},
    {"relays", required_argument, NULL, RELAYS},
    {"server", required_argument, NULL, SERVER},
    {"lan", required_argument, NULL, LAN},
    {"exchange", required_argument, NULL, EXCHANGE},
    {"rate", required_argument, NULL, RATE},
    {"window", required_argument, NULL, WINDOW},
    {"seconds", required_argument, NULL, SECONDS},
    {"count", required_argument, NULL, COUNT},
    {"until", required_argument, NULL, UNTIL},
    {"burst", required_argument, NULL, BURST},
    {"clients", required_argument, NULL, CLIENTS},
    {"first", required_argument, NULL, FIRST},
    {"bind", required_argument, NULL, BIND},
    {"bind-window", required_argument, NULL, BIND_WINDOW},
    {"retransmit", required_argument, NULL, RETRANSMIT},
    {"drain", required_argument, NULL, DRAIN},
    {"json", no_argument, NULL, JSON},
    {"help", no_argument, NULL, HELP},
    {NULL, 0, NULL, 0},
};

static void parse_burst(struct options *o, const char *text)
{
    o->burst = true;
    o->pace.count = count_of(text, 1, 10000000);
    o->pace.rate = (double)o->pace.count;
}

static void parse_one(struct options *o, int option, char *text)
{
    switch (option) {
    case RELAY:
        o->clients.relay = address_of(text);
        break;
    case RELAYS:
        parse_relays(o, text);
        break;
    case SERVER:
        add_server(o, text);
        break;
    case LAN:
        o->lan = text;
        break;
    case EXCHANGE:
        parse_mix(o, text);
        break;
    case RATE:
        o->pace.rate = number_of(text, 0.1, 10e6);
        break;
    case WINDOW:
        parse_windows(o, text);
        break;
    case SECONDS:
        o->pace.span_ns = (uint64_t)(number_of(text, 0.1, 86400) * 1e9);
        break;
    case COUNT:
        o->pace.count = count_of(text, 1, UINT32_MAX);
        break;
    case UNTIL:
        o->until = count_of(text, 1, UINT32_MAX);
        break;
    case BURST:
        parse_burst(o, text);
        break;
    case CLIENTS:
        o->clients.count = count_of(text, 1, 10000000);
        break;
    case FIRST:
        o->clients.first_number = count_of(text, 0, 4000000000U);
        break;
    case BIND:
        o->bind = count_of(text, 1, 10000000);
        break;
    case BIND_WINDOW:
        o->bind_window = count_of(text, 1, 1000000);
        break;
    case RETRANSMIT:
        o->clients.retransmit_ns = count_of(text, 10, 6000) * NS_PER_MS;
        break;
    case DRAIN:
        o->drain_ns = (uint64_t)(number_of(text, 0, 3600) * 1e9);
        break;
    case JSON:
        o->json = true;
        break;
    case HELP:
        fputs(help, stdout);
        exit(0);
    default:
        exit(2);
    }
}

static bool needs_lease(const struct options *o)
{
    return o->weights[EXCHANGE_RENEW] + o->weights[EXCHANGE_REBIND] +
               o->weights[EXCHANGE_REBOOT] + o->weights[EXCHANGE_RELEASE] >
           0;
}

static void check(const struct options *o)
{
    if ((o->lan != NULL) == (o->clients.relay.value != 0))
        die("one of --relay and --lan", "needed");
    if (o->lan == NULL && o->server_count == 0)
        die("--server", "a relay needs one");
    if (o->weights[EXCHANGE_ECHO] > 0 && (o->bind > 0 || o->lan != NULL))
        die("echo", "with a relay and without --bind");
    if (o->bind > o->clients.count)
        die("--bind", "more than --clients");
    if (o->burst &&
        (o->pace.span_ns > 0 || o->windows[0] > 0 || o->pace.rate != (double)o->pace.count))
        die("--burst", "not with --rate, --window, --seconds or --count");
    if (o->pace.rate > 0 && o->windows[0] > 0)
        die("--rate", "not with --window");
}

/* What was not said. */
static void fill_in(struct options *o)
{
    if (o->bind == 0 && needs_lease(o))
        o->bind = 10000;
    if (o->clients.count == 0)
        o->clients.count = needs_lease(o) && o->weights[EXCHANGE_DORA] == 0 ? o->bind : 1000000;
    if (o->step_count == 0) {
        o->windows[0] = o->pace.rate > 0 ? 0 : 64;
        o->step_count = 1;
    }
    if (o->pace.count == 0 && o->pace.span_ns == 0)
        o->pace.span_ns = 5 * NS_PER_S;
    if (o->drain_ns == UINT64_MAX)
        o->drain_ns = (o->burst ? 120 : 1) * NS_PER_S;
}

void options_parse(struct options *out, int argc, char **argv)
{
    int option;

    *out = (struct options){.clients = {.relay_count = 1, .retransmit_ns = 4 * NS_PER_S},
                            .bind_window = 64,
                            .weights = {[EXCHANGE_DORA] = 1},
                            .drain_ns = UINT64_MAX};
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1)
        parse_one(out, option, optarg);
    if (optind < argc)
        die("unknown argument", argv[optind]);
    fill_in(out);
    check(out);
}
