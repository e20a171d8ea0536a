/* daemon/api/import.c - see import.h */
#include "daemon/api/import.h"

#include <jansson.h>
#include <stdlib.h>

#include "proto/option.h"

#define HINT                                                                                   \
    "a lease has address and expires, hw_address or client_id, and may have state, hw_type, "  \
    "host_name, relay_info and vendor_class"
#define EXPIRES_MAX                                                                            \
    INT64_C(8589934592) /* the year 2242: no end that fits on the wire is later */

/* Why the lease that is being read cannot be. */
struct problem {
    struct api_error *error;
    size_t index;
};

static bool refuse(const struct problem *p, const char *key, const char *what)
{
    return api_error_set(p->error, 400, HINT, "leases[%zu].%.20s: %s", p->index, key, what);
}

static bool read_hex(const struct problem *p, const char *key, const json_t *value,
                     uint8_t *out, size_t capacity, size_t *size)
{
    const char *text = json_string_value(value);

    *size = capacity;
    if (text == NULL || !hex_parse(text, out, size))
        return refuse(p, key, "no hexadecimal bytes, or too many");
    return true;
}

static bool read_text(const struct problem *p, const char *key, const json_t *value,
                      uint8_t out[static 255], struct span *span)
{
    const size_t size = json_string_length(value);

    if (!json_is_string(value) || size > 255)
        return refuse(p, key, "no text of at most 255 bytes");
    memcpy(out, json_string_value(value), size);
    *span = span_of(out, size);
    return true;
}

static bool read_span(const struct problem *p, const char *key, const json_t *value,
                      uint8_t out[static 255], struct span *span)
{
    size_t size;

    if (!read_hex(p, key, value, out, 255, &size))
        return false;
    *span = span_of(out, size);
    return true;
}

static bool read_state(const struct problem *p, const json_t *value, bool *abandoned)
{
    const char *text = json_string_value(value);

    if (text == NULL || (strcmp(text, "ACTIVE") != 0 && strcmp(text, "ABANDONED") != 0))
        return refuse(p, "state", "neither ACTIVE nor ABANDONED");
    *abandoned = strcmp(text, "ABANDONED") == 0;
    return true;
}

static bool read_member(const struct problem *p, const char *key, const json_t *value,
                        struct api_import_lease *out)
{
    struct imported_lease *lease = &out->lease;
    size_t size;

    if (strcmp(key, "address") == 0)
        return (json_is_string(value) &&
                ip4_parse(json_string_value(value), &lease->address)) ||
               refuse(p, key, "no IPv4 address");
    if (strcmp(key, "expires") == 0) {
        if (!json_is_integer(value) || json_integer_value(value) < 0 ||
            json_integer_value(value) > EXPIRES_MAX)
            return refuse(p, key, "no Unix time in seconds");
        lease->expires = instant_ms(json_integer_value(value) * 1000);
        return true;
    }
    if (strcmp(key, "hw_address") == 0) {
        if (!read_hex(p, key, value, lease->chaddr, sizeof(lease->chaddr), &size))
            return false;
        lease->hlen = (uint8_t)size;
        return true;
    }
    if (strcmp(key, "hw_type") == 0) {
        if (!json_is_integer(value) || json_integer_value(value) < 0 ||
            json_integer_value(value) > 255)
            return refuse(p, key, "no number from 0 to 255");
        lease->htype = (uint8_t)json_integer_value(value);
        return true;
    }
    if (strcmp(key, "state") == 0)
        return read_state(p, value, &lease->abandoned);
    if (strcmp(key, "client_id") == 0)
        return read_span(p, key, value, out->client_id, &lease->client_id);
    if (strcmp(key, "relay_info") == 0)
        return read_span(p, key, value, out->relay_info, &lease->relay_info);
    if (strcmp(key, "host_name") == 0)
        return read_text(p, key, value, out->host_name, &lease->host_name);
    if (strcmp(key, "vendor_class") == 0)
        return read_text(p, key, value, out->vendor_class, &lease->vendor_class);
    return refuse(p, key, "there is no such key");
}

static bool read_lease(const struct problem *p, json_t *object, struct api_import_lease *out)
{
    const char *key;
    json_t *value;

    if (!json_is_object(object))
        return refuse(p, "", "not an object");
    out->lease.htype = 1;
    json_object_foreach(object, key, value)
    {
        if (!read_member(p, key, value, out))
            return false;
    }
    if (json_object_get(object, "address") == NULL)
        return refuse(p, "address", "is missing");
    return json_object_get(object, "expires") != NULL || refuse(p, "expires", "is missing");
}

static bool read_leases(json_t *list, struct api_import *out, struct api_error *error)
{
    const size_t count = json_array_size(list);

    if (!json_is_array(list) || count > API_IMPORT_MAX)
        return api_error_set(error, 400, HINT, "\"leases\" is no list of at most %d leases",
                             API_IMPORT_MAX);
    out->leases = calloc(count + 1, sizeof(*out->leases));
    if (out->leases == NULL)
        return api_error_set(error, 500, "", "out of memory");
    for (; out->count < count; out->count++) {
        const struct problem p = {error, out->count};
        if (!read_lease(&p, json_array_get(list, out->count), &out->leases[out->count]))
            return false;
    }
    return true;
}

static bool read_root(json_t *root, struct api_import *out, struct api_error *error)
{
    static const char hint[] = "send {\"dry_run\": false, \"leases\": [...]}";
    const char *key;
    json_t *value;

    if (!json_is_object(root) || json_object_get(root, "leases") == NULL)
        return api_error_set(error, 400, hint, "the body has no \"leases\"");
    json_object_foreach(root, key, value)
    {
        if (strcmp(key, "leases") == 0)
            continue;
        if (strcmp(key, "dry_run") != 0)
            return api_error_set(error, 400, hint, "unknown key \"%.40s\" in the body", key);
        if (!json_is_boolean(value))
            return api_error_set(error, 400, hint, "\"dry_run\" is neither true nor false");
        out->dry_run = json_is_true(value);
    }
    return read_leases(json_object_get(root, "leases"), out, error);
}

bool api_import_parse(struct span body, struct api_import *out, struct api_error *error)
{
    json_error_t problem;
    json_t *root =
        json_loadb((const char *)body.data, body.size, JSON_REJECT_DUPLICATES, &problem);

    *out = (struct api_import){0};
    if (root == NULL)
        return api_error_set(error, 400, "send {\"leases\": [...]}",
                             "the body is not JSON: %.120s", problem.text);
    const bool good = read_root(root, out, error);
    json_decref(root);
    if (!good)
        api_import_free(out);
    return good;
}

void api_import_free(struct api_import *import)
{
    free(import->leases);
    *import = (struct api_import){0};
}
