/* daemon/ctl/explain.c - twinctl explain */
#include "daemon/ctl/explain.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "config/load.h"
#include "daemon/ctl/client.h"
#include "daemon/ctl/value.h"
#include "daemon/explain/answer.h"
#include "daemon/explain/offline.h"

#define NODE_SIZE 256

static enum ctl_exit say(const struct ctl_options *options, const json_t *answer)
{
    if (options->json) {
        json_dumpf(answer, stdout, JSON_INDENT(1));
        putchar('\n');
    } else {
        explain_print(answer, stdout);
    }
    return value_bool(answer, "answered") ? CTL_OK : CTL_UNANSWERED;
}

static enum ctl_exit ask_daemon(const struct ctl_options *options,
                                const struct question *question)
{
    json_t *value = question_to_json(question);
    char *body = json_dumps(value, JSON_COMPACT);
    struct ctl_reply reply;
    enum ctl_exit result;

    json_decref(value);
    if (body == NULL) {
        fputs("twinctl: out of memory\n", stderr);
        return CTL_FAILED;
    }
    result = ctl_ask_or_complain(options, "/v1/explain", body, &reply);
    free(body);
    if (result != CTL_OK)
        return result;
    result = say(options, reply.value);
    ctl_reply_free(&reply);
    return result;
}

/* As twindhcpd finds itself: the name given, the host name, its part before the dot. */
static struct config *load(const struct explain_options *explain, char node[static NODE_SIZE])
{
    struct config_problems problems = {NULL, 0};
    struct config *config;

    if (explain->node != NULL)
        snprintf(node, NODE_SIZE, "%s", explain->node);
    else if (gethostname(node, NODE_SIZE) != 0)
        snprintf(node, NODE_SIZE, "localhost");
    node[NODE_SIZE - 1] = '\0';
    config = config_load(explain->config, node, &problems);
    if (config == NULL && explain->node == NULL && strchr(node, '.') != NULL) {
        *strchr(node, '.') = '\0';
        config_problems_free(&problems);
        config = config_load(explain->config, node, &problems);
    }
    if (config == NULL)
        config_problems_print(&problems, explain->config, stderr);
    config_problems_free(&problems);
    return config;
}

static enum ctl_exit answer_offline(const struct ctl_options *options,
                                    const struct config *config, enum role role,
                                    const struct question *question)
{
    const struct instant now = instant_ms((int64_t)time(NULL) * 1000);
    const struct datagram datagram = question_datagram(question, ip4(0));
    struct offline *offline = offline_new(config, role, datagram.local, now);
    enum ctl_exit result;
    json_t *answer;

    if (offline == NULL) {
        fputs("twinctl: the peers of this configuration do not come to NORMAL\n", stderr);
        return CTL_FAILED;
    }
    answer = explain_answer(offline_server(offline), offline_now(offline), &datagram);
    result = say(options, answer);
    json_decref(answer);
    offline_free(offline);
    return result;
}

static enum ctl_exit ask_file(const struct ctl_options *options,
                              const struct question *question)
{
    char node[NODE_SIZE];
    struct config *config = load(options->explain, node);
    enum role role = ROLE_PRIMARY;
    enum ctl_exit result = CTL_FAILED;

    if (config == NULL)
        return CTL_FAILED;
    if (config->has_pair && !config_role_of(config, node, &role))
        fprintf(stderr, "twinctl: %s is no node of the pair: give one with --node\n", node);
    else
        result = answer_offline(options, config, role, question);
    config_free(config);
    return result;
}

enum ctl_exit ctl_explain(const struct ctl_options *options)
{
    static struct question question;
    char error[512];

    if (!explain_question(options->explain, &question, error, sizeof(error))) {
        fprintf(stderr, "twinctl: %s\n", error);
        return CTL_USAGE;
    }
    return options->explain->config != NULL ? ask_file(options, &question)
                                            : ask_daemon(options, &question);
}
