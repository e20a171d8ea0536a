/* daemon/api/reservations.c - see reservations.h */
#include "daemon/api/reservations.h"

#include <stdio.h>
#include <strings.h>

/* A change is durable in milliseconds, or the disk is in trouble; a partner in contact has it
 * soon after. */
#define DURABLE_MS 5000
#define PARTNER_MS 1000

/* ---- the list ---- */

static const char *state_name(const struct reservation_view *view)
{
    switch (view->state) {
    case RUNTIME_FILE_FIRST:
        return "overridden by the file";
    case RUNTIME_REPLACED:
        return "replaced by a newer one";
    case RUNTIME_NOT_UNDERSTOOD:
    case RUNTIME_WITHDRAWN:
        return "not understood";
    case RUNTIME_HOLDS:
        break;
    }
    switch (view->use) {
    case RESERVATION_NO_ADDRESS:
        return "in force";
    case RESERVATION_PENDING:
        return "pending";
    case RESERVATION_FREE:
        return "free";
    case RESERVATION_LEASED:
        return "leased";
    case RESERVATION_WAITING:
        return "waiting";
    }
    return "?";
}

static void render_place(struct writer *out, const struct reservation_view *view)
{
    char place[512];

    writer_text(out, "source", view->runtime ? "runtime" : "file");
    if (view->runtime) {
        writer_null(out, "place");
        writer_bytes(out, "text", view->text);
        writer_instant(out, "changed", instant_ms(view->version.ms));
        writer_text(out, "changed_by", role_name(view->version.writer));
        if (view->reach == RESERVATION_NO_PARTNER)
            writer_null(out, "partner_has_it");
        else
            writer_bool(out, "partner_has_it", view->reach == RESERVATION_ON_BOTH);
        return;
    }
    ASSERT(view->reservation != NULL); /* what the file says is understood */
    snprintf(place, sizeof(place), "%s:%d", view->reservation->file, view->reservation->line);
    writer_text(out, "place", place);
}

static void render_reservation(struct writer *out, const struct config *config,
                               const struct reservation_view *view)
{
    const struct config_reservation *r = view->reservation;

    writer_open(out, NULL, '{');
    if (r != NULL && r->address.value != 0)
        writer_ip4(out, "address", r->address);
    else
        writer_null(out, "address");
    writer_text(out, "subnet",
                r != NULL && r->subnet != CONFIG_ANYWHERE ? config->subnets[r->subnet].text
                                                          : NULL);
    writer_text(out, "identity",
                r != NULL ? identity_name((enum identity)r->key.data[0]) : NULL);
    writer_client(out, "client", r != NULL ? r->key : span_of(NULL, 0));
    writer_text(out, "host_name", r != NULL ? r->host_name : NULL);
    writer_open(out, "classes", '[');
    for (size_t i = 0; r != NULL && i < r->classes.count; i++)
        writer_text(out, NULL, config->classes[r->classes.numbers[i] - CONFIG_BUILTINS].name);
    writer_close(out, ']');
    render_place(out, view);
    writer_text(out, "state", state_name(view));
    if (view->use == RESERVATION_WAITING || view->use == RESERVATION_LEASED) {
        writer_client(out, "leased_to", view->binding.client);
        writer_instant(out, "leased_until",
                       instant_is_never(view->binding.expires) ? instant_ms(0)
                                                               : view->binding.expires);
    } else {
        writer_null(out, "leased_to");
        writer_null(out, "leased_until");
    }
    writer_close(out, '}');
}

static bool matches(const struct reservation_view *view, const struct reservation_query *query)
{
    const struct config_reservation *r = view->reservation;
    char text[3 * CLIENT_KEY_MAX + 32];

    if (query->has_source && query->runtime != view->runtime)
        return false;
    if (query->address.value == 0 && query->client == NULL)
        return true;
    if (r == NULL || (query->address.value != 0 && !ip4_equal(r->address, query->address)))
        return false;
    return query->client == NULL ||
           strcasecmp(query->client, client_key_format(r->key, text, sizeof(text))) == 0;
}

unsigned answer_reservations(struct api_site *site, const struct api_request *request,
                             struct writer *out, struct api_error *error)
{
    struct server *server = site->host.server;
    const size_t count = server_reservation_count(server);
    struct reservation_query query;
    size_t at, shown = 0;

    if (!reservation_query_parse(request->arguments, request->argument_count, &query, error))
        return 0;
    writer_open(out, NULL, '{');
    writer_open(out, "reservations", '[');
    for (at = query.from;
         at < count && shown < query.limit && at - query.from < RESERVATIONS_LOOKED_AT_MAX;
         at++) {
        struct reservation_view view;

        if (!server_reservation_view(server, at, &view) || !matches(&view, &query))
            continue;
        render_reservation(out, server_config(server), &view);
        shown++;
    }
    writer_close(out, ']');
    if (at < count)
        writer_uint(out, "next", at);
    else
        writer_null(out, "next");
    writer_close(out, '}');
    return 200;
}

/* ---- changes ---- */

static unsigned status_of(enum td_err result)
{
    if (result == TD_MALFORMED)
        return 400;
    return result == TD_NOT_FOUND ? 404 : 409;
}

static unsigned answer_done(struct writer *out, enum reservation_reach reach)
{
    writer_open(out, NULL, '{');
    writer_bool(out, "durable", true);
    if (reach == RESERVATION_NO_PARTNER)
        writer_null(out, "partner_has_it");
    else
        writer_bool(out, "partner_has_it", reach == RESERVATION_ON_BOTH);
    writer_close(out, '}');
    return 200;
}

/* Until it is durable here, and a little longer for the partner. */
static unsigned answer_when_done(struct api_site *site, struct api_wait *wait,
                                 struct writer *out, struct api_error *error)
{
    const struct instant now = site->host.now(site->host.context);
    const int64_t waited = now.ms - wait->since.ms;
    enum reservation_reach reach;

    if (!server_reservation_done(site->host.server, &wait->change, &reach)) {
        if (waited < DURABLE_MS)
            return API_ASK_AGAIN;
        api_error_set(error, 503,
                      "twinctl status shows the store; the change is kept when it "
                      "can be written",
                      "the change holds, but is not on the disk yet");
        return 0;
    }
    if (reach == RESERVATION_HERE_ONLY && waited < PARTNER_MS)
        return API_ASK_AGAIN;
    return answer_done(out, reach);
}

static unsigned change(struct api_site *site, const struct api_request *request,
                       enum reservation_command command, struct writer *out,
                       struct api_error *error)
{
    const struct api_host *host = &site->host;
    struct api_wait *wait = request->wait;
    struct effects fx;
    char why[sizeof(error->text)] = "";
    enum td_err result;

    if (!no_query_parse(request->arguments, request->argument_count, error))
        return 0;
    if (wait->begun)
        return answer_when_done(site, wait, out, error);
    effects_init(&fx);
    result = server_reservation(host->server, host->now(host->context), command, request->body,
                                &wait->change, why, sizeof(why), &fx);
    host->perform(host->context, &fx);
    effects_deinit(&fx);
    if (result != TD_OK) {
        api_error_set(error, status_of(result),
                      "write it as in the file: {hw-address: \"52:54:00:12:34:56\", address: "
                      "10.77.0.20}",
                      "%s", why);
        return 0;
    }
    wait->begun = true;
    wait->since = host->now(host->context);
    return answer_when_done(site, wait, out, error);
}

unsigned answer_reservation_add(struct api_site *site, const struct api_request *request,
                                struct writer *out, struct api_error *error)
{
    return change(site, request, RESERVATION_ADD, out, error);
}

unsigned answer_reservation_edit(struct api_site *site, const struct api_request *request,
                                 struct writer *out, struct api_error *error)
{
    return change(site, request, RESERVATION_EDIT, out, error);
}

unsigned answer_reservation_remove(struct api_site *site, const struct api_request *request,
                                   struct writer *out, struct api_error *error)
{
    return change(site, request, RESERVATION_REMOVE, out, error);
}
