/* daemon/ctl/health.c - twinctl health */
#include "daemon/ctl/client.h"
#include "daemon/ctl/table.h"
#include "daemon/ctl/value.h"

static void print_health(const struct ctl_reply *reply)
{
    const char *state = value_text(reply->value, "state");
    const char *why = value_text(reply->value, "why");
    const char *advice = value_text(reply->value, "advice");

    printf("%s, state %s", reply->status == 200 ? "serving" : "not healthy",
           state == NULL ? "unknown" : state);
    if (why != NULL) {
        fputs(": ", stdout);
        print_safely(why, stdout);
    }
    putchar('\n');
    if (advice != NULL && advice[0] != '\0') {
        print_safely(advice, stdout);
        putchar('\n');
    }
}

/* Not ctl_ask_or_complain(): 503 is an answer here, not an error. */
enum ctl_exit ctl_health(const struct ctl_options *options)
{
    struct ctl_reply reply;
    char error[512];
    const enum ctl_exit result =
        ctl_ask(options, "/healthz", NULL, &reply, error, sizeof(error));

    if (result != CTL_OK) {
        fprintf(stderr, "twinctl: %s\n", error);
        return result;
    }
    if (options->json)
        fputs(reply.text, stdout);
    else
        print_health(&reply);
    const bool healthy = reply.status == 200;
    ctl_reply_free(&reply);
    return healthy ? CTL_OK : CTL_FAILED;
}
