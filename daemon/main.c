/* twindhcpd: one node of the pair. */
#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

#include "config/load.h"
#include "daemon/api/api.h"
#include "daemon/ddns/keys.h"
#include "daemon/io/loop.h"
#include "daemon/io/shadow_run.h"

#define DEFAULT_CONFIG "/etc/twindhcp/twindhcp.yaml"
#define NODE_SIZE      256
#define ERROR_SIZE     768

enum exit_status { EXIT_WELL = 0, EXIT_PROBLEM = 1, EXIT_USAGE = 2, EXIT_DIFFERS = 3 };

enum task { TASK_RUN, TASK_CHECK, TASK_SHADOW };

struct arguments {
    enum task task;
    const char *config;
    const char *node;          /* NULL: the host name */
    const char *pcap, *report; /* of a shadow; NULL: live; none */
    bool promiscuous;
};

static const char help[] =
    "usage: twindhcpd [--config FILE] [--node NAME]\n"
    "       twindhcpd --check [--config FILE] [--node NAME]\n"
    "       twindhcpd --shadow [--pcap FILE] [--shadow-report FILE] [--config FILE] [--node "
    "NAME]\n"
    "\n"
    "One node of a high-availability pair of DHCPv4 servers.  Runs in the foreground.\n"
    "\n"
    "  --config FILE    the configuration (" DEFAULT_CONFIG ")\n"
    "  --node NAME      which node of the pair this is (the host name)\n"
    "  --check          say what is wrong with the configuration, and start nothing\n"
    "  --shadow         answer nobody: watch another server on the interfaces of the\n"
    "                   configuration and say where this one would have answered differently,\n"
    "                   at the end and on SIGUSR1\n"
    "    --pcap FILE           what a capture holds instead, and end\n"
    "    --shadow-report FILE  append each difference as a line of JSON\n"
    "    --promiscuous         also frames for other machines (a mirror port)\n"
    "  --print-schema   print the JSON Schema of the configuration\n"
    "  --version        print the version\n"
    "  --help           print this\n"
    "\n"
    "SIGTERM and SIGINT stop it orderly.  Exit status: 0 well, 1 a problem, which is\n"
    "printed, 2 wrong usage, 3 a shadow that found differences.\n";

/* Ends the process for what needs no configuration, and for wrong usage. */
static struct arguments parse(int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        {"node", required_argument, NULL, 'n'},
        {"check", no_argument, NULL, 'k'},
        {"shadow", no_argument, NULL, 'w'},
        {"pcap", required_argument, NULL, 'p'},
        {"shadow-report", required_argument, NULL, 'r'},
        {"promiscuous", no_argument, NULL, 'm'},
        {"print-schema", no_argument, NULL, 's'},
        {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct arguments arguments = {.task = TASK_RUN, .config = DEFAULT_CONFIG};
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'c':
            arguments.config = optarg;
            break;
        case 'n':
            arguments.node = optarg;
            break;
        case 'k':
            arguments.task = TASK_CHECK;
            break;
        case 'w':
            arguments.task = TASK_SHADOW;
            break;
        case 'p':
            arguments.pcap = optarg;
            break;
        case 'r':
            arguments.report = optarg;
            break;
        case 'm':
            arguments.promiscuous = true;
            break;
        case 's':
            config_print_schema(stdout);
            exit(EXIT_WELL);
        case 'v':
            puts("twindhcpd " TWINDHCP_VERSION);
            exit(EXIT_WELL);
        case 'h':
            fputs(help, stdout);
            exit(EXIT_WELL);
        default: /* getopt has said what is wrong */
            fputs("Try twindhcpd --help.\n", stderr);
            exit(EXIT_USAGE);
        }
    }
    if (optind < argc) {
        fprintf(stderr, "twindhcpd: unexpected argument %s\nTry twindhcpd --help.\n",
                argv[optind]);
        exit(EXIT_USAGE);
    }
    if (arguments.task != TASK_SHADOW &&
        (arguments.pcap != NULL || arguments.report != NULL || arguments.promiscuous)) {
        fputs("twindhcpd: --pcap, --shadow-report and --promiscuous go with --shadow\n",
              stderr);
        exit(EXIT_USAGE);
    }
    return arguments;
}

/* The configuration for this node, or NULL; every problem and warning has been printed.  `node`
 * holds the name given or is filled with the host name, whose part before the dot will also do.
 */
static struct config *load(const struct arguments *arguments, char node[static NODE_SIZE])
{
    struct config_problems problems = {NULL, 0}, others = {NULL, 0};
    const struct config_problems *said = &problems;
    struct config *config;
    char *dot;

    if (arguments->node != NULL)
        snprintf(node, NODE_SIZE, "%s", arguments->node);
    else if (gethostname(node, NODE_SIZE) != 0)
        snprintf(node, NODE_SIZE, "localhost");
    node[NODE_SIZE - 1] = '\0';

    config = config_load(arguments->config, node, &problems);
    dot = strchr(node, '.');
    if (config == NULL && arguments->node == NULL && dot != NULL) {
        *dot = '\0';
        config = config_load(arguments->config, node, &others);
        if (config != NULL)
            said = &others;
        else
            *dot = '.';
    }
    config_problems_print(said, arguments->config, stderr); /* of a right file: warnings */
    config_problems_free(&problems);
    config_problems_free(&others);
    return config;
}

static void log_start(struct log *log, const struct config *config, const char *node,
                      enum role role)
{
    if (config->has_pair)
        log_printf(log, EVENT_NOTICE, "program-started",
                   "twindhcpd " TWINDHCP_VERSION ", node %s, %s of the pair %s", node,
                   role_name(role), config->pair.name);
    else
        log_printf(log, EVENT_NOTICE, "program-started",
                   "twindhcpd " TWINDHCP_VERSION ", node %s, alone", node);
}

static struct api *open_api(struct daemon *daemon, const struct config *config,
                            const char *node, char *error)
{
    struct api_host host = {.server = daemon_server(daemon),
                            .node = node,
                            .version = TWINDHCP_VERSION,
                            .context = daemon,
                            .now = daemon_now,
                            .wall_clock_difference = daemon_wall_clock_difference,
                            .busy_us = daemon_busy_us,
                            .longest_turn_us = daemon_longest_turn_us,
                            .perform = daemon_perform};

    return api_new(daemon_loop(daemon), &host, config->server.api_socket,
                   config->server.api_http, error, ERROR_SIZE);
}

static enum exit_status run(const struct config *config, const char *node, struct log *log)
{
    struct daemon_options options = {.config = config, .log = log};
    char error[ERROR_SIZE] = "";
    struct daemon *daemon;
    struct api *api;

    if (config->has_pair && !config_role_of(config, node, &options.role)) {
        log_printf(log, EVENT_ERROR, "not-started",
                   "%s is no node of the pair, which has %s and %s: give one with --node", node,
                   config->pair.nodes[0].name, config->pair.nodes[1].name);
        return EXIT_PROBLEM;
    }
    daemon = daemon_new(&options, error, sizeof error);
    if (daemon == NULL) {
        log_printf(log, EVENT_ERROR, "not-started", "%s", error);
        return EXIT_PROBLEM;
    }
    api = open_api(daemon, config, node, error);
    if (api == NULL) {
        log_printf(log, EVENT_ERROR, "not-started", "%s", error);
        daemon_free(daemon);
        return EXIT_PROBLEM;
    }
    log_start(log, config, node, options.role);
    daemon_run(daemon);
    api_free(api);
    daemon_free(daemon);
    return EXIT_WELL;
}

/* What the file names and is on this machine: the secrets, which may be read by another user
 * than the one who checks. */
static enum exit_status check(const struct config *config, const char *file)
{
    char error[ERROR_SIZE];
    struct ddns_keys keys;
    enum td_err result = TD_NOT_FOUND;

    if (config->ddns != NULL)
        result = ddns_keys_load(config->ddns, &keys, error, sizeof error);
    if (result == TD_OK)
        ddns_keys_free(&keys);
    if (result == TD_REFUSED) {
        fprintf(stderr, "%s: %s\n", file, error);
        return EXIT_PROBLEM;
    }
    if (result == TD_IO)
        fprintf(stderr, "%s: not checked: %s\n", file, error);
    printf("%s: correct\n", file);
    return EXIT_WELL;
}

static enum exit_status shadow(const struct arguments *arguments, const struct config *config,
                               struct log *log)
{
    const struct shadow_options options = {.config = config,
                                           .log = log,
                                           .pcap = arguments->pcap,
                                           .report = arguments->report,
                                           .promiscuous = arguments->promiscuous};

    switch (shadow_run(&options)) {
    case SHADOW_ALIKE:
        return EXIT_WELL;
    case SHADOW_DIFFERS:
        return EXIT_DIFFERS;
    case SHADOW_FAILED:
        break;
    }
    return EXIT_PROBLEM;
}

int main(int argc, char **argv)
{
    struct arguments arguments = parse(argc, argv);
    enum exit_status status = EXIT_WELL;
    char node[NODE_SIZE];
    static struct log log;
    struct config *config = load(&arguments, node);

    if (config == NULL)
        return EXIT_PROBLEM;
    if (arguments.task == TASK_CHECK) {
        status = check(config, arguments.config);
    } else {
        log_init(&log, STDERR_FILENO, log_style_of(STDERR_FILENO));
        status = arguments.task == TASK_SHADOW ? shadow(&arguments, config, &log)
                                               : run(config, node, &log);
        log_flush(&log, log_time_now());
    }
    config_free(config);
    return (int)status;
}
