/* daemon/ctl/pair.c - commands to the pair: partner-down, handover, return, end-wait, restored
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "daemon/ctl/client.h"
#include "daemon/ctl/table.h"
#include "daemon/ctl/value.h"

/* Questions go to stderr: stdout may be read by a program. */
static void explain(const char *partner)
{
    fprintf(stderr,
            "Declaring %s down tells this server that it alone serves from now on: once every "
            "lease that\n%s may still have promised has ended (MCLT), %s's free addresses are "
            "given out here too.\n"
            "If %s in truth still answers clients, two clients can get the same address, so "
            "switch it off\nor cut it off from the clients first.\n",
            partner, partner, partner, partner);
}

static bool agrees(const char *partner)
{
    char answer[16];

    fprintf(stderr,
            "Is %s down, and will it stay so until it has contact with this server? "
            "[yes/no] ",
            partner);
    if (fgets(answer, sizeof(answer), stdin) == NULL)
        return false;
    answer[strcspn(answer, "\n")] = '\0';
    return strcasecmp(answer, "yes") == 0 || strcasecmp(answer, "y") == 0;
}

/* Say what is known, say what it means, ask. */
static enum ctl_exit confirm(const struct ctl_options *options)
{
    struct ctl_reply status;
    char words[DURATION_TEXT_SIZE];

    if (!isatty(STDIN_FILENO)) {
        explain("the partner");
        fputs("twinctl: nobody to ask: stdin is no terminal; give --yes if you mean it\n",
              stderr);
        return CTL_FAILED;
    }
    const enum ctl_exit result = ctl_ask_or_complain(options, "/v1/status", NULL, &status);
    if (result != CTL_OK)
        return result;
    const char *partner = value_text(status.value, "partner.name");
    const char *state = value_text(status.value, "state");
    if (partner == NULL)
        partner = "the partner";
    fprintf(stderr, "This server is in state %s; ", state == NULL ? "unknown" : state);
    if (value_is_set(status.value, "link.heard_ms_ago"))
        fprintf(stderr, "it heard %s %s ago.\n", partner,
                duration_in_words(value_int(status.value, "link.heard_ms_ago") / 1000, words));
    else
        fprintf(stderr, "it has not heard %s since it started.\n", partner);
    explain(partner);
    const bool yes = agrees(partner);
    ctl_reply_free(&status);
    if (!yes)
        fputs("twinctl: nothing was declared\n", stderr);
    return yes ? CTL_OK : CTL_FAILED;
}

/* Send the command and say what came of it; `then` ends the sentence, unless there is a time to
 * wait for, whose meaning is `until_means`. */
static enum ctl_exit command(const struct ctl_options *options, const char *path,
                             const char *body, const char *then, const char *until_means)
{
    struct ctl_reply reply;
    char until[TIME_TEXT_SIZE];
    const enum ctl_exit result = ctl_ask_or_complain(options, path, body, &reply);

    if (result != CTL_OK)
        return result;
    const char *state = value_text(reply.value, "state");
    if (options->json) {
        fputs(reply.text, stdout);
    } else {
        printf("accepted in state %s; %s", state == NULL ? "unknown" : state, then);
        if (until_means != NULL && value_is_set(reply.value, "wait_until"))
            printf(", %s %s", until_means,
                   time_in_words(value_text(reply.value, "wait_until"), until));
        putchar('\n');
    }
    ctl_reply_free(&reply);
    return CTL_OK;
}

enum ctl_exit ctl_partner_down(const struct ctl_options *options)
{
    const enum ctl_exit result = options->yes ? CTL_OK : confirm(options);

    if (result != CTL_OK)
        return result;
    return command(options, "/v1/pair/partner-down",
                   options->force ? "{\"force\": true}" : "{\"force\": false}",
                   "the new state counts as soon as it is stored",
                   "the partner's addresses are given out after");
}

/* Say what it means and ask; `nothing` says what did not happen. */
static bool agreed(const struct ctl_options *options, const char *means, const char *nothing)
{
    char answer[16];

    if (options->yes)
        return true;
    if (!isatty(STDIN_FILENO)) {
        fputs("twinctl: nobody to ask: stdin is no terminal; give --yes if you mean it\n",
              stderr);
        return false;
    }
    fprintf(stderr, "%s [yes/no] ", means);
    if (fgets(answer, sizeof(answer), stdin) != NULL && strncasecmp(answer, "y", 1) == 0)
        return true;
    fprintf(stderr, "twinctl: %s\n", nothing);
    return false;
}

enum ctl_exit ctl_handover(const struct ctl_options *options)
{
    if (!agreed(options,
                "This server stops answering clients and its partner serves alone, until "
                "twinctl return or\na restart. Hand over?",
                "nothing was handed over"))
        return CTL_FAILED;
    return command(options, "/v1/pair/handover", "{}",
                   "twinctl status tells when the partner has taken over", NULL);
}

enum ctl_exit ctl_end_wait(const struct ctl_options *options)
{
    if (!agreed(options,
                "This server has forgotten leases that it may have given, and waits until the "
                "last of them must\nhave ended. If one still stands and the wait ends now, its "
                "address can go to a second client.\nDo you know that none stands?",
                "the wait goes on"))
        return CTL_FAILED;
    return command(options, "/v1/pair/end-wait", "{}",
                   "it serves as soon as both are caught up", NULL);
}

enum ctl_exit ctl_restored(const struct ctl_options *options)
{
    if (!agreed(options,
                "This server stops answering clients, takes everything from its partner and "
                "waits for the MCLT,\nas after the loss of its store. Was the store restored?",
                "nothing was changed"))
        return CTL_FAILED;
    return command(options, "/v1/pair/restored", "{}",
                   "it serves when it has recovered from its partner", "not before");
}

enum ctl_exit ctl_return(const struct ctl_options *options)
{
    return command(options, "/v1/pair/return", "{}",
                   "it serves when it has caught up with its partner", NULL);
}
