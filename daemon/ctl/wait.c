/* daemon/ctl/wait.c - see wait.h */
#include "daemon/ctl/wait.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon/ctl/value.h"

#define POLL_MS 200

const char ctl_states[] = "ALONE, STARTUP, RECOVER, RECOVER-WAIT, NORMAL, "
                          "COMMUNICATIONS-INTERRUPTED, PARTNER-DOWN, POTENTIAL-CONFLICT, "
                          "RESOLUTION-INTERRUPTED, SHUTDOWN";

bool ctl_state_known(const char *state)
{
    const size_t length = strlen(state);

    for (const char *at = ctl_states; at[0] != '\0'; at += strspn(at, ", ")) {
        const size_t size = strcspn(at, ",");
        if (size == length && strncmp(at, state, size) == 0)
            return true;
        at += size;
    }
    return false;
}

static bool text_is(const json_t *status, const char *path, const char *wanted)
{
    const char *text = value_text(status, path);

    return text != NULL && strcmp(text, wanted) == 0;
}

bool ctl_wait_is_over(const struct ctl_options *options, const json_t *status)
{
    if (options->wait != NULL && !text_is(status, "state", options->wait))
        return false;
    return !options->wait_equal ||
           (text_is(status, "state", "NORMAL") && text_is(status, "digests", "equal"));
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void complain(const struct ctl_options *options, const json_t *status)
{
    const char *state = value_text(status, "state");
    const char *reason = value_text(status, "reason");
    const char *digests = value_text(status, "digests");

    fprintf(stderr, "twinctl: after %u s the state is %s (%s)", options->timeout_s,
            state == NULL ? "unknown" : state, reason == NULL ? "" : reason);
    if (options->wait_equal)
        fprintf(stderr, ", digests %s", digests == NULL ? "unknown" : digests);
    fputc('\n', stderr);
}

enum ctl_exit ctl_wait(const struct ctl_options *options, struct ctl_reply *reply)
{
    const int64_t end = now_ms() + (int64_t)options->timeout_s * 1000;
    char error[512];

    for (;;) {
        enum ctl_exit result =
            ctl_ask(options, "/v1/status", NULL, reply, error, sizeof(error));
        if (result == CTL_OK && reply->status == 200 && ctl_wait_is_over(options, reply->value))
            return CTL_OK;
        if (now_ms() >= end) {
            if (result != CTL_OK) {
                fprintf(stderr, "twinctl: %s\n", error);
                return result;
            }
            complain(options, reply->value);
            ctl_reply_free(reply);
            return CTL_FAILED;
        }
        ctl_reply_free(reply);
        const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
        nanosleep(&pause, NULL);
    }
}
