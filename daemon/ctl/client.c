/* daemon/ctl/client.c - see client.h */
#include "daemon/ctl/client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REPLY_MAX       ((size_t)64 * 1024 * 1024) /* a page of leases is a few MiB */
#define CONNECT_TIMEOUT 3000L
#define TIMEOUT         15000L

struct collected {
    char *text;
    size_t size;
};

static size_t collect(char *data, size_t one, size_t size, void *context)
{
    struct collected *c = context;

    (void)one; /* always 1 */
    if (size > REPLY_MAX - c->size)
        return 0;
    char *text = realloc(c->text, c->size + size + 1);
    if (text == NULL)
        return 0;
    memcpy(text + c->size, data, size);
    c->text = text;
    c->size += size;
    text[c->size] = '\0';
    return size;
}

static void explain_unreachable(const struct ctl_options *options, const char *why, char *error,
                                size_t error_size)
{
    if (access(options->socket, F_OK) == 0 && access(options->socket, W_OK) != 0)
        snprintf(error, error_size,
                 "no permission to use the socket %s; run twinctl as root, or as a member of "
                 "the socket's group",
                 options->socket);
    else
        snprintf(error, error_size,
                 "no twindhcpd answers on the socket %s (%s)\n"
                 "Start it with `systemctl start twindhcpd` or `twindhcpd --config FILE`; if "
                 "it has its socket elsewhere, name it with --socket.",
                 options->socket, why);
}

static bool is_unreachable(CURLcode result)
{
    return result == CURLE_COULDNT_CONNECT || result == CURLE_OPERATION_TIMEDOUT ||
           result == CURLE_RECV_ERROR || result == CURLE_SEND_ERROR ||
           result == CURLE_GOT_NOTHING || result == CURLE_PARTIAL_FILE;
}

/* Errors of setting options can only be lack of memory or a library built without unix sockets.
 */
static CURLcode prepare(CURL *curl, const struct ctl_options *options, const char *url,
                        const char *method, const char *body, struct collected *collected)
{
    CURLcode result = curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, options->socket);

    if (result == CURLE_OK)
        result = curl_easy_setopt(curl, CURLOPT_URL, url);
    if (result == CURLE_OK && body != NULL)
        result = curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, body);
    if (result == CURLE_OK && method != NULL)
        result = curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    /* A proxy of the environment is not meant for this. */
    if (result == CURLE_OK)
        result = curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, TIMEOUT);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, collected);
    return result;
}

/* `method` NULL: GET, or POST with a body. */
static enum ctl_exit ask(const struct ctl_options *options, const char *method,
                         const char *path, const char *body, struct ctl_reply *reply,
                         char *error, size_t error_size)
{
    struct collected collected = {NULL, 0};
    char url[2048];
    json_error_t problem;

    *reply = (struct ctl_reply){0};
    if ((size_t)snprintf(url, sizeof(url), "http://localhost%s", path) >= sizeof(url)) {
        snprintf(error, error_size, "an argument is too long");
        return CTL_USAGE;
    }
    CURL *curl = curl_easy_init();
    if (curl == NULL) {
        snprintf(error, error_size, "out of memory");
        return CTL_FAILED;
    }
    CURLcode result = prepare(curl, options, url, method, body, &collected);
    if (result == CURLE_OK)
        result = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status);
    curl_easy_cleanup(curl);

    if (result != CURLE_OK) {
        free(collected.text);
        *reply = (struct ctl_reply){0};
        if (is_unreachable(result)) {
            explain_unreachable(options, curl_easy_strerror(result), error, error_size);
            return CTL_UNREACHABLE;
        }
        snprintf(error, error_size, "asking %s failed: %s", options->socket,
                 curl_easy_strerror(result));
        return CTL_FAILED;
    }
    reply->text = collected.text;
    reply->value = collected.text == NULL ? NULL : json_loads(collected.text, 0, &problem);
    if (!json_is_object(reply->value)) {
        snprintf(error, error_size, "what answers on %s (status %ld) is no twindhcpd",
                 options->socket, reply->status);
        ctl_reply_free(reply);
        return CTL_FAILED;
    }
    return CTL_OK;
}

enum ctl_exit ctl_ask(const struct ctl_options *options, const char *path, const char *body,
                      struct ctl_reply *reply, char *error, size_t error_size)
{
    return ask(options, NULL, path, body, reply, error, error_size);
}

/* The server's own words on why not. */
static void print_refusal(const struct ctl_options *options, const struct ctl_reply *reply)
{
    const char *text = json_string_value(json_object_get(reply->value, "error"));
    const char *hint = json_string_value(json_object_get(reply->value, "hint"));

    if (options->json)
        fputs(reply->text, stdout);
    if (text == NULL)
        fprintf(stderr, "twinctl: the server answered with status %ld\n", reply->status);
    else
        fprintf(stderr, "twinctl: %s\n", text);
    if (hint != NULL && hint[0] != '\0')
        fprintf(stderr, "%s\n", hint);
}

enum ctl_exit ctl_ask_or_complain(const struct ctl_options *options, const char *path,
                                  const char *body, struct ctl_reply *reply)
{
    return ctl_send_or_complain(options, NULL, path, body, reply);
}

enum ctl_exit ctl_send_or_complain(const struct ctl_options *options, const char *method,
                                   const char *path, const char *body, struct ctl_reply *reply)
{
    char error[512];
    const enum ctl_exit result = ask(options, method, path, body, reply, error, sizeof(error));

    if (result != CTL_OK) {
        fprintf(stderr, "twinctl: %s\n", error);
        return result;
    }
    if (reply->status < 400)
        return CTL_OK;
    print_refusal(options, reply);
    const bool bad_argument = reply->status == 400;
    ctl_reply_free(reply);
    return bad_argument ? CTL_USAGE : CTL_FAILED;
}

void ctl_reply_free(struct ctl_reply *reply)
{
    free(reply->text);
    json_decref(reply->value);
    *reply = (struct ctl_reply){0};
}

char *ctl_path_add(char *path, const char *name, const char *value)
{
    if (path == NULL || value == NULL)
        return path;
    char *escaped = curl_easy_escape(NULL, value, 0);
    const size_t size = escaped == NULL ? 0 : strlen(path) + strlen(name) + strlen(escaped) + 3;
    char *longer = escaped == NULL ? NULL : realloc(path, size);
    if (longer == NULL) {
        free(path);
    } else {
        const size_t used = strlen(longer);
        snprintf(longer + used, size - used, "%c%s=%s", strchr(longer, '?') == NULL ? '?' : '&',
                 name, escaped);
    }
    curl_free(escaped);
    return longer;
}
