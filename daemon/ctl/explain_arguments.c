/* daemon/ctl/explain_arguments.c - the command line of twinctl explain. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/explain.h"

const char explain_help[] =
    "usage: twinctl explain [--json] [--socket PATH] PACKET [ARRIVAL]\n"
    "       twinctl explain --config FILE [--node NAME] PACKET [ARRIVAL]\n"
    "\n"
    "Says step by step what a server would do with a packet, and why, without doing it: the\n"
    "running one with its leases, or with --config a server of that file without any.\n"
    "\n"
    "PACKET is one of\n"
    "  --pcap FILE              of a capture; the first that a client sent\n"
    "    --packet N             number N of it, counted as Wireshark counts\n"
    "  --hex BYTES              these bytes, or those in --hex @FILE\n"
    "or is made of\n"
    "  --type TYPE              discover (default), request, decline, release, inform, bootp\n"
    "  --hw-address MAC         52:54:00:12:34:56\n"
    "  --client-id BYTES        01:52:54:00:12:34:56 or text:abc\n"
    "  --giaddr A, --ciaddr A   the relay; the address that the client has\n"
    "  --requested A            the address that it asks for (option 50)\n"
    "  --server-id A            the server that it answers (option 54)\n"
    "  --option NAME=VALUE      any other; lists with commas; may be repeated\n"
    "  --relay NAME=VALUE       circuit-id, remote-id, link-selection, ... of option 82\n"
    "  --secs N, --broadcast    how long it tries; the broadcast flag\n"
    "\n"
    "ARRIVAL, where it matters\n"
    "  --interface NAME         received there: its address names the client's link\n"
    "  --local A                the same by address\n"
    "  --source A, --destination A   of the IP header\n"
    "\n"
    "Exit status: 0 this server answers, 4 it does not (left to its partner, silent, no "
    "subnet,\n"
    "malformed), 1 failed, 2 wrong usage, 3 no server answers on the socket.\n";

enum {
    OPT_SOCKET = 1,
    OPT_JSON,
    OPT_HELP,
    OPT_PACKET,
    OPT_BROADCAST,
    OPT_OPTION,
    OPT_RELAY,
    OPT_TEXT, /* and above: one that is kept as it is */
};

/* Where each option that is kept as it is belongs. */
struct text_option {
    const char *name;
    size_t at; /* in struct explain_options */
};
#define TEXT(name, field)                                                                      \
    {                                                                                          \
        name, offsetof(struct explain_options, field)                                          \
    }
static const struct text_option texts[] = {
    TEXT("pcap", pcap),
    TEXT("hex", hex),
    TEXT("type", parts.type),
    TEXT("hw-address", parts.hw_address),
    TEXT("client-id", parts.client_id),
    TEXT("giaddr", parts.giaddr),
    TEXT("ciaddr", parts.ciaddr),
    TEXT("requested", parts.requested),
    TEXT("server-id", parts.server_id),
    TEXT("secs", parts.secs),
    TEXT("source", source),
    TEXT("destination", destination),
    TEXT("local", local),
    TEXT("interface", interface),
    TEXT("config", config),
    TEXT("node", node),
};
#define OTHERS 7

static void list_options(struct option *out)
{
    static const struct option others[OTHERS] = {
        {"socket", required_argument, NULL, OPT_SOCKET},
        {"json", no_argument, NULL, OPT_JSON},
        {"help", no_argument, NULL, OPT_HELP},
        {"packet", required_argument, NULL, OPT_PACKET},
        {"broadcast", no_argument, NULL, OPT_BROADCAST},
        {"option", required_argument, NULL, OPT_OPTION},
        {"relay", required_argument, NULL, OPT_RELAY},
    };

    memcpy(out, others, sizeof(others));
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        out[OTHERS + i] =
            (struct option){texts[i].name, required_argument, NULL, OPT_TEXT + (int)i};
    out[OTHERS + ARRAY_SIZE(texts)] = (struct option){NULL, 0, NULL, 0};
}

/* The command is the first word that is neither an option nor the value of --socket. */
bool explain_is_meant(int count, char *const *arguments)
{
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--socket") == 0)
            i++;
        else if (arguments[i][0] != '-')
            return strcmp(arguments[i], "explain") == 0;
    }
    return false;
}

static bool take_number(const char *text, uint64_t *out)
{
    char *end;

    *out = strtoull(text, &end, 10);
    return text[0] >= '1' && text[0] <= '9' && *end == '\0';
}

static bool take_one(const char **list, size_t *count, const char *text)
{
    if (*count == BUILD_PARTS_MAX)
        return false;
    list[(*count)++] = text;
    return true;
}

static bool take(int option, struct ctl_options *options, struct explain_options *explain,
                 bool *help)
{
    switch (option) {
    case OPT_SOCKET:
        options->socket = optarg;
        return true;
    case OPT_JSON:
        return options->json = true;
    case OPT_HELP:
        return *help = true;
    case OPT_PACKET:
        return take_number(optarg, &explain->packet);
    case OPT_BROADCAST:
        return explain->parts.broadcast = true;
    case OPT_OPTION:
        return take_one(explain->parts.options, &explain->parts.option_count, optarg);
    case OPT_RELAY:
        return take_one(explain->parts.relay, &explain->parts.relay_count, optarg);
    default: {
        char *const base = (char *)explain;

        *(const char **)(void *)(base + texts[option - OPT_TEXT].at) = optarg;
        return true;
    }
    }
}

static const char *contradiction(const struct explain_options *e)
{
    if (e->pcap != NULL && e->hex != NULL)
        return "--pcap and --hex each name a packet: give one";
    if (e->packet != 0 && e->pcap == NULL)
        return "--packet goes with --pcap";
    if ((e->pcap != NULL || e->hex != NULL) &&
        (e->parts.type != NULL || e->parts.hw_address != NULL || e->parts.client_id != NULL ||
         e->parts.option_count > 0 || e->parts.relay_count > 0))
        return "with --pcap or --hex the packet is there already";
    if (e->pcap == NULL && e->hex == NULL && e->parts.hw_address == NULL &&
        e->parts.client_id == NULL)
        return "which packet? --pcap FILE, --hex BYTES, or at least --hw-address MAC";
    if (e->node != NULL && e->config == NULL)
        return "--node goes with --config";
    return NULL;
}

bool explain_arguments_parse(int count, char **arguments, struct ctl_options *options,
                             struct explain_options *explain, bool *help, char *error,
                             size_t error_size)
{
    struct option long_options[OTHERS + ARRAY_SIZE(texts) + 1];
    const char *wrong;
    int option;

    list_options(long_options);
    optind = 0;
    while ((option = getopt_long(count, arguments, ":", long_options, NULL)) != -1) {
        if (option == ':' || option == '?') {
            snprintf(error, error_size, "%s %s of explain", arguments[optind - 1],
                     option == ':' ? "needs a value, as an option" : "is no option");
            return false;
        }
        if (!take(option, options, explain, help)) {
            snprintf(error, error_size, "\"%.80s\": not a number from 1, or one too many",
                     optarg);
            return false;
        }
    }
    if (count - optind > 1) {
        snprintf(error, error_size, "\"%s\" is one argument too many for explain",
                 arguments[optind + 1]);
        return false;
    }
    wrong = *help ? NULL : contradiction(explain);
    if (wrong != NULL)
        snprintf(error, error_size, "%s", wrong);
    return wrong == NULL;
}
