/* daemon/ctl/main.c - twinctl: a client of the daemon's API */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/ctl/arguments.h"

int main(int count, char **arguments)
{
    struct ctl_call call;
    char error[512];

    if (!ctl_arguments_parse(count, arguments, getenv("TWINCTL_SOCKET"), &call, error,
                             sizeof(error))) {
        fprintf(stderr, "twinctl: %s\nTry `twinctl help`.\n", error);
        return CTL_USAGE;
    }
    if (call.help) {
        fputs(call.help_text, stdout);
        return CTL_OK;
    }
    if (call.version) {
        puts("twinctl " TWINDHCP_VERSION);
        return CTL_OK;
    }
    if (curl_global_init(CURL_GLOBAL_NOTHING) != CURLE_OK) {
        fputs("twinctl: cannot initialise libcurl\n", stderr);
        return CTL_FAILED;
    }
    enum ctl_exit result = call.command(&call.options);
    curl_global_cleanup();
    /* A full disk behind a pipe must not look like success. */
    if (fflush(stdout) != 0 && result == CTL_OK) {
        perror("twinctl: cannot write the output");
        result = CTL_FAILED;
    }
    return (int)result;
}
