/* daemon/ctl/arguments.c - see arguments.h */
#include "daemon/ctl/arguments.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/value.h"

enum option_number {
    OPT_SOCKET = 1,
    OPT_JSON,
    OPT_HELP,
    OPT_VERSION,
    OPT_SUBNET,
    OPT_CLIENT,
    OPT_ADDRESS,
    OPT_STATE,
    OPT_SOURCE,
    OPT_LIMIT,
    OPT_FORCE,
    OPT_YES,
    OPT_WAIT,
    OPT_WAIT_EQUAL,
    OPT_TIMEOUT,
    OPT_OUTPUT,
    OPT_INTERFACES,
    OPT_NAMES,
    OPT_NODE_LINK,
    OPT_DRY_RUN,
    OPT_LAST = OPT_DRY_RUN,
};

#define BIT(option)      (1u << (option))
#define FOR_ALL          (BIT(OPT_SOCKET) | BIT(OPT_JSON) | BIT(OPT_HELP) | BIT(OPT_VERSION))
#define FOR_STATUS       (BIT(OPT_WAIT) | BIT(OPT_WAIT_EQUAL) | BIT(OPT_TIMEOUT))
#define FOR_IMPORT       (BIT(OPT_OUTPUT) | BIT(OPT_INTERFACES) | BIT(OPT_NAMES) | BIT(OPT_NODE_LINK))
#define FOR_LEASES       (BIT(OPT_SUBNET) | BIT(OPT_CLIENT) | BIT(OPT_ADDRESS) | BIT(OPT_STATE))
#define FOR_RESERVATIONS (BIT(OPT_CLIENT) | BIT(OPT_ADDRESS) | BIT(OPT_SOURCE))

static const struct option long_options[] = {
    {"socket", required_argument, NULL, OPT_SOCKET},
    {"json", no_argument, NULL, OPT_JSON},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {"subnet", required_argument, NULL, OPT_SUBNET},
    {"client", required_argument, NULL, OPT_CLIENT},
    {"address", required_argument, NULL, OPT_ADDRESS},
    {"state", required_argument, NULL, OPT_STATE},
    {"source", required_argument, NULL, OPT_SOURCE},
    {"limit", required_argument, NULL, OPT_LIMIT},
    {"force", no_argument, NULL, OPT_FORCE},
    {"yes", no_argument, NULL, OPT_YES},
    {"wait", required_argument, NULL, OPT_WAIT},
    {"wait-equal", no_argument, NULL, OPT_WAIT_EQUAL},
    {"timeout", required_argument, NULL, OPT_TIMEOUT},
    {"output", required_argument, NULL, OPT_OUTPUT},
    {"interfaces", required_argument, NULL, OPT_INTERFACES},
    {"names", required_argument, NULL, OPT_NAMES},
    {"node-link", required_argument, NULL, OPT_NODE_LINK},
    {"dry-run", no_argument, NULL, OPT_DRY_RUN},
    {NULL, 0, NULL, 0},
};

static const struct command {
    const char *name;
    ctl_command *run;
    unsigned options;  /* those of its own */
    const char *words; /* what follows the name, each one argument; NULL: nothing */
} commands[] = {
    {"status", ctl_status, FOR_STATUS, NULL},
    {"import kea", ctl_import_kea, FOR_IMPORT, "FILE"},
    {"import isc", ctl_import_isc, FOR_IMPORT, "FILE"},
    {"leases import kea", ctl_leases_import_kea, BIT(OPT_DRY_RUN), "FILE"},
    {"leases import isc", ctl_leases_import_isc, BIT(OPT_DRY_RUN), "FILE"},
    {"leases", ctl_leases, FOR_LEASES, NULL},
    {"reservations", ctl_reservations, FOR_RESERVATIONS, NULL},
    {"pools", ctl_pools, 0, NULL},
    {"naks", ctl_naks, BIT(OPT_LIMIT), NULL},
    {"conflicts", ctl_conflicts, BIT(OPT_LIMIT), NULL},
    {"partner-down", ctl_partner_down, BIT(OPT_FORCE) | BIT(OPT_YES), NULL},
    {"handover", ctl_handover, BIT(OPT_YES), NULL},
    {"return", ctl_return, 0, NULL},
    {"end-wait", ctl_end_wait, BIT(OPT_YES), NULL},
    {"restored", ctl_restored, BIT(OPT_YES), NULL},
    {"keygen", ctl_keygen, BIT(OPT_OUTPUT), "NODE"},
    {"health", ctl_health, 0, NULL},
    {"help", NULL, 0, NULL},
};

static bool parse_wait(char *state, struct ctl_options *options, char *error, size_t error_size)
{
    for (char *c = state; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
    options->wait = state;
    if (ctl_state_known(state))
        return true;
    snprintf(error, error_size, "--wait: there is no state \"%.30s\"; it is one of %s", state,
             ctl_states);
    return false;
}

static bool take_node_link(struct import_settings *import, char *error, size_t error_size)
{
    if (strchr(optarg, '=') == NULL || import->node_link_count == IMPORT_NODE_LINKS) {
        snprintf(error, error_size,
                 "--node-link: write NAME=ADDRESS or NAME=ADDRESS:PORT, once "
                 "for each node");
        return false;
    }
    import->node_links[import->node_link_count++] = optarg;
    return true;
}

static bool take_option(int option, struct ctl_call *call, char *error, size_t error_size)
{
    struct ctl_options *o = &call->options;

    switch (option) {
    case OPT_SOCKET:
        o->socket = optarg;
        return true;
    case OPT_JSON:
        o->json = true;
        return true;
    case OPT_HELP:
        call->help = true;
        return true;
    case OPT_VERSION:
        call->version = true;
        return true;
    case OPT_SUBNET:
        o->subnet = optarg;
        return true;
    case OPT_CLIENT:
        o->client = optarg;
        return true;
    case OPT_ADDRESS:
        o->address = optarg;
        return true;
    case OPT_STATE:
        o->state = optarg;
        return true;
    case OPT_SOURCE:
        o->source = optarg;
        return true;
    case OPT_LIMIT:
        o->limit = optarg;
        return true;
    case OPT_FORCE:
        o->force = true;
        return true;
    case OPT_YES:
        o->yes = true;
        return true;
    case OPT_WAIT:
        return parse_wait(optarg, o, error, error_size);
    case OPT_WAIT_EQUAL:
        o->wait_equal = true;
        return true;
    case OPT_TIMEOUT:
        if (seconds_parse(optarg, &o->timeout_s))
            return true;
        snprintf(error, error_size, "--timeout: \"%.30s\" is no time such as 30s or 5m",
                 optarg);
        return false;
    case OPT_OUTPUT:
        o->output = optarg;
        return true;
    case OPT_INTERFACES:
        o->import.interfaces = optarg;
        return true;
    case OPT_NAMES:
        o->import.names = optarg;
        return true;
    case OPT_NODE_LINK:
        return take_node_link(&o->import, error, error_size);
    case OPT_DRY_RUN:
        o->dry_run = true;
        return true;
    }
    return false;
}

static const char *option_name(unsigned option)
{
    for (size_t i = 0; long_options[i].name != NULL; i++)
        if ((unsigned)long_options[i].val == option)
            return long_options[i].name;
    return "?";
}

/* What getopt_long() did not like: optopt is the option without its argument, or 0. */
static void explain_bad_option(char **arguments, int answer, char *error, size_t error_size)
{
    if (answer == ':')
        snprintf(error, error_size, "--%s needs a value", option_name((unsigned)optopt));
    else if (optopt > 0 && optopt <= OPT_LAST)
        snprintf(error, error_size, "--%s takes no value", option_name((unsigned)optopt));
    else
        snprintf(error, error_size, "unknown option %s", arguments[optind - 1]);
}

/* Do the words of the command stand at the beginning of the arguments?  How many. */
static int words_match(const char *name, int count, char **arguments)
{
    int words = 0;

    while (*name != '\0') {
        const size_t size = strcspn(name, " ");
        if (words == count || strlen(arguments[words]) != size ||
            strncmp(arguments[words], name, size) != 0)
            return 0;
        words++;
        name += size + (name[size] == ' ');
    }
    return words;
}

static bool take_command(const struct command *command, unsigned given, struct ctl_call *call,
                         char *error, size_t error_size)
{
    const unsigned foreign = given & ~FOR_ALL & ~command->options;

    if (foreign != 0) {
        snprintf(error, error_size, "--%s is no option of %s",
                 option_name((unsigned)__builtin_ctz(foreign)), command->name);
        return false;
    }
    call->command = command->run;
    call->help = call->help || command->run == NULL;
    return true;
}

/* `reservations`: list, or a change and the reservation. */
static bool take_action(int count, char **words, unsigned given, struct ctl_call *call,
                        char *error, size_t error_size)
{
    const bool lists = count == 0 || strcmp(words[0], "list") == 0;

    if (!lists && strcmp(words[0], "add") != 0 && strcmp(words[0], "edit") != 0 &&
        strcmp(words[0], "remove") != 0) {
        snprintf(error, error_size, "reservations %.40s: it is list, add, edit or remove",
                 words[0]);
        return false;
    }
    if (!lists && (given & FOR_RESERVATIONS) != 0) {
        snprintf(error, error_size,
                 "options are for the list; write what to %s as one argument", words[0]);
        return false;
    }
    if (count != (lists ? (count == 0 ? 0 : 1) : 2)) {
        snprintf(error, error_size,
                 lists ? "reservations list takes no further argument"
                       : "write the reservation as one argument: '{hw-address: "
                         "\"52:54:00:12:34:56\", address: 10.77.0.20}'");
        return false;
    }
    for (int i = 0; i < count; i++)
        call->options.words[i] = words[i];
    return true;
}

static bool find_command(int count, char **arguments, unsigned given, struct ctl_call *call,
                         char *error, size_t error_size)
{
    const struct command *command = NULL;

    if (count == 0) {
        if (call->help || call->version)
            return true;
        snprintf(error, error_size,
                 "which command? status, leases, reservations, pools, naks, "
                 "explain, partner-down, handover, return, health or help");
        return false;
    }
    int words = 0;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        const int matched = words_match(commands[i].name, count, arguments);
        if (matched > words) {
            command = &commands[i];
            words = matched;
        }
    }
    if (command == NULL) {
        snprintf(error, error_size, "there is no command \"%s\"%s", arguments[0],
                 strcmp(arguments[0], "import") == 0
                     ? "; it is \"import kea\" or \"import isc\""
                     : "");
        return false;
    }
    if (command->run == ctl_reservations)
        return take_command(command, given, call, error, error_size) &&
               take_action(count - words, arguments + words, given, call, error, error_size);
    if (command->words != NULL && count == words) {
        snprintf(error, error_size, "%s needs a %s", command->name, command->words);
        return false;
    }
    if (command->words != NULL)
        call->options.file = arguments[words++];
    if (count > words) {
        snprintf(error, error_size, "\"%s\" is one argument too many for %s", arguments[words],
                 command->name);
        return false;
    }
    return take_command(command, given, call, error, error_size);
}

bool ctl_arguments_parse(int count, char **arguments, const char *environment_socket,
                         struct ctl_call *call, char *error, size_t error_size)
{
    unsigned given = 0;
    int option;

    *call = (struct ctl_call){.options = {.timeout_s = CTL_WAIT_DEFAULT_S}};
    call->options.socket = environment_socket != NULL && environment_socket[0] != '\0'
                               ? environment_socket
                               : CTL_SOCKET_DEFAULT;
    call->help_text = ctl_help;
    if (explain_is_meant(count, arguments)) {
        call->command = ctl_explain;
        call->options.explain = &call->explain;
        call->help_text = explain_help;
        return explain_arguments_parse(count, arguments, &call->options, &call->explain,
                                       &call->help, error, error_size);
    }
    optind = 0; /* start anew, also in a second call of one process */
    while ((option = getopt_long(count, arguments, ":", long_options, NULL)) != -1) {
        if (option == ':' || option == '?') {
            explain_bad_option(arguments, option, error, error_size);
            return false;
        }
        given |= BIT(option);
        if (!take_option(option, call, error, error_size))
            return false;
    }
    if (!find_command(count - optind, arguments + optind, given, call, error, error_size))
        return false;
    if ((given & BIT(OPT_TIMEOUT)) != 0 && call->options.wait == NULL &&
        !call->options.wait_equal) {
        snprintf(error, error_size, "--timeout goes with --wait or --wait-equal");
        return false;
    }
    return true;
}
