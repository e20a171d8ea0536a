/* daemon/api/query.c - see query.h */
#include "daemon/api/query.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <strings.h>

#define ALL_STATES  ((1u << BINDING_STATES) - 1)
#define STATES_HINT "one or more of ACTIVE, RELEASED, ABANDONED, FREE with commas, or all"
#define LEASES_HINT "it takes subnet, client, address, state, limit and after"

/* A decimal number without sign in 1..max. */
static bool parse_limit(const char *text, size_t max, size_t *out, struct api_error *error)
{
    const size_t length = strlen(text);

    if (length >= 1 && length <= 9 && strspn(text, "0123456789") == length) {
        const size_t value = strtoul(text, NULL, 10);
        if (value >= 1 && value <= max) {
            *out = value;
            return true;
        }
    }
    return api_error_set(error, 400, "", "limit \"%.40s\" is not a number from 1 to %zu", text,
                         max);
}

static bool parse_address(const char *name, const char *text, struct ip4 *out,
                          struct api_error *error)
{
    if (ip4_parse(text, out))
        return true;
    return api_error_set(error, 400, "write it like 10.0.0.1",
                         "%s \"%.40s\" is not an IPv4 address", name, text);
}

static bool parse_subnet(const char *text, struct ip4_range *out, struct api_error *error)
{
    const char *slash = strchr(text, '/');
    char address[IP4_TEXT_SIZE];
    struct ip4 network;
    size_t length = slash == NULL ? 0 : (size_t)(slash - text);

    if (length == 0 || length >= sizeof(address))
        goto bad;
    memcpy(address, text, length);
    address[length] = '\0';
    const char *digits = slash + 1;
    const size_t digit_count = strlen(digits);
    if (!ip4_parse(address, &network) || digit_count < 1 || digit_count > 2 ||
        strspn(digits, "0123456789") != digit_count)
        goto bad;
    const unsigned long prefix = strtoul(digits, NULL, 10);
    if (prefix > 32)
        goto bad;
    const uint32_t host =
        prefix == 0 ? UINT32_MAX : (uint32_t)((UINT64_C(1) << (32 - prefix)) - 1);
    if ((network.value & host) != 0) {
        char hint[64];
        ip4_format(ip4(network.value & ~host), address);
        snprintf(hint, sizeof(hint), "the network is %s/%lu", address, prefix);
        return api_error_set(error, 400, hint, "subnet \"%.40s\" has host bits set", text);
    }
    out->first = network;
    out->last = ip4(network.value | host);
    return true;

bad:
    return api_error_set(error, 400, "write it like 10.0.0.0/16",
                         "subnet \"%.40s\" is not an IPv4 network", text);
}

static bool parse_states(const char *text, unsigned *out, struct api_error *error)
{
    unsigned states = 0;
    const char *at = text;

    if (strcasecmp(text, "all") == 0) {
        *out = ALL_STATES;
        return true;
    }
    for (;;) {
        const size_t length = strcspn(at, ",");
        bool known = false;
        for (unsigned s = 0; s < BINDING_STATES; s++) {
            const char *name = binding_state_name((enum binding_state)s);
            if (strlen(name) == length && strncasecmp(name, at, length) == 0) {
                states |= 1u << s;
                known = true;
            }
        }
        if (!known)
            return api_error_set(error, 400, STATES_HINT,
                                 "state \"%.40s\" is no state of an address", text);
        if (at[length] == '\0')
            break;
        at += length + 1;
    }
    *out = states;
    return true;
}

/* The value of argument `name`, NULL when it is not there. */
static const char *argument(const struct api_argument *arguments, size_t count,
                            const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(arguments[i].name, name) == 0)
            return arguments[i].value;
    return NULL;
}

/* A misspelt filter that is silently ignored would show everything as if it matched. */
static bool check_names(const struct api_argument *arguments, size_t count,
                        const char *const *known, const char *hint, struct api_error *error)
{
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (known[k] != NULL && strcmp(known[k], arguments[i].name) != 0)
            k++;
        if (known[k] == NULL)
            return api_error_set(error, 400, hint, "unknown argument \"%.40s\"",
                                 arguments[i].name);
        if (argument(arguments, i, arguments[i].name) != NULL)
            return api_error_set(error, 400, "", "argument \"%.40s\" is given twice",
                                 arguments[i].name);
    }
    return true;
}

static void narrow(struct lease_query *query, struct ip4 first, struct ip4 last)
{
    if (query->range.first.value < first.value)
        query->range.first = first;
    if (query->range.last.value > last.value)
        query->range.last = last;
    if (query->range.first.value > query->range.last.value)
        query->none = true;
}

static bool parse_where(const struct api_argument *arguments, size_t count,
                        struct lease_query *query, struct api_error *error)
{
    const char *subnet = argument(arguments, count, "subnet");
    const char *address = argument(arguments, count, "address");
    const char *after = argument(arguments, count, "after");
    struct ip4_range range = {ip4(0), ip4(UINT32_MAX)};
    struct ip4 one = ip4(0);

    query->range = range;
    if (subnet != NULL) {
        if (!parse_subnet(subnet, &range, error))
            return false;
        narrow(query, range.first, range.last);
    }
    if (address != NULL) {
        if (!parse_address("address", address, &one, error))
            return false;
        narrow(query, one, one);
    }
    if (after != NULL) {
        if (!parse_address("after", after, &one, error))
            return false;
        query->next_page = true;
        if (one.value == UINT32_MAX)
            query->none = true;
        else
            narrow(query, ip4(one.value + 1), ip4(UINT32_MAX));
    }
    return true;
}

bool lease_query_parse(const struct api_argument *arguments, size_t count,
                       struct lease_query *out, struct api_error *error)
{
    static const char *const known[] = {"subnet", "client", "address", "state",
                                        "limit",  "after",  NULL};
    struct lease_query query = {.limit = LEASES_PAGE_DEFAULT};

    if (!check_names(arguments, count, known, LEASES_HINT, error))
        return false;
    if (!parse_where(arguments, count, &query, error))
        return false;

    const char *limit = argument(arguments, count, "limit");
    if (limit != NULL && !parse_limit(limit, LEASES_PAGE_MAX, &query.limit, error))
        return false;

    query.client = argument(arguments, count, "client");
    if (query.client != NULL && query.client[0] == '\0')
        return api_error_set(error, 400, "write a hardware address or a client as listed",
                             "client is empty");
    if (query.client != NULL) {
        query.hw_address_size = sizeof(query.hw_address);
        if (!hex_parse(query.client, query.hw_address, &query.hw_address_size))
            query.hw_address_size = 0;
    }

    /* Who asks for one address or one client wants to see what became of it; a list of
     * everything would drown in free addresses. */
    const char *state = argument(arguments, count, "state");
    query.states = query.client != NULL || argument(arguments, count, "address") != NULL
                       ? ALL_STATES
                       : ALL_STATES & ~(1u << BINDING_FREE);
    if (state != NULL && !parse_states(state, &query.states, error))
        return false;
    *out = query;
    return true;
}

static bool parse_source(const char *text, struct reservation_query *query,
                         struct api_error *error)
{
    query->has_source = true;
    query->runtime = strcmp(text, "runtime") == 0;
    if (query->runtime || strcmp(text, "file") == 0)
        return true;
    return api_error_set(error, 400, "it is file or runtime", "source \"%.40s\" is none", text);
}

bool reservation_query_parse(const struct api_argument *arguments, size_t count,
                             struct reservation_query *out, struct api_error *error)
{
    static const char *const known[] = {"address", "client", "source", "limit", "after", NULL};
    struct reservation_query query = {.limit = LEASES_PAGE_DEFAULT};

    if (!check_names(arguments, count, known,
                     "it takes address, client, source, limit and after", error))
        return false;
    const char *address = argument(arguments, count, "address");
    const char *source = argument(arguments, count, "source");
    const char *limit = argument(arguments, count, "limit");
    const char *after = argument(arguments, count, "after");

    query.client = argument(arguments, count, "client");
    if (address != NULL && !parse_address("address", address, &query.address, error))
        return false;
    if (source != NULL && !parse_source(source, &query, error))
        return false;
    if (limit != NULL && !parse_limit(limit, LEASES_PAGE_MAX, &query.limit, error))
        return false;
    if (after != NULL) {
        if (strlen(after) == 0 || strlen(after) > 9 ||
            strspn(after, "0123456789") != strlen(after))
            return api_error_set(error, 400, "it is the next of the page before",
                                 "after \"%.40s\" is not a number", after);
        query.from = strtoul(after, NULL, 10);
    }
    *out = query;
    return true;
}

bool limit_query_parse(const struct api_argument *arguments, size_t count, size_t *limit,
                       struct api_error *error)
{
    static const char *const known[] = {"limit", NULL};

    if (!check_names(arguments, count, known, "it takes limit", error))
        return false;
    const char *text = argument(arguments, count, "limit");
    size_t value = NAKS_DEFAULT;
    if (text != NULL && !parse_limit(text, NAKS_MAX, &value, error))
        return false;
    *limit = value;
    return true;
}

bool no_query_parse(const struct api_argument *arguments, size_t count, struct api_error *error)
{
    static const char *const known[] = {NULL};

    return check_names(arguments, count, known, "it takes no arguments", error);
}

/* The one key that there is; a misspelt one must not pass for "not forced". */
static bool read_force(const json_t *root, bool *force, struct api_error *error)
{
    static const char hint[] = "send {\"force\": true} or {\"force\": false}";
    const char *key;
    json_t *value;
    bool forced = false;

    if (!json_is_object(root))
        return api_error_set(error, 400, hint, "the body is not a JSON object");
    json_object_foreach((json_t *)root, key, value)
    {
        if (strcmp(key, "force") != 0)
            return api_error_set(error, 400, hint, "unknown key \"%.40s\" in the body", key);
        if (!json_is_boolean(value))
            return api_error_set(error, 400, hint, "\"force\" is neither true nor false");
        forced = json_is_true(value);
    }
    *force = forced;
    return true;
}

bool partner_down_parse(struct span body, bool *force, struct api_error *error)
{
    json_error_t problem;

    size_t blank = 0;
    while (blank < body.size && isspace(body.data[blank]))
        blank++;
    if (blank == body.size) {
        *force = false;
        return true;
    }
    json_t *root =
        json_loadb((const char *)body.data, body.size, JSON_REJECT_DUPLICATES, &problem);
    if (root == NULL)
        return api_error_set(error, 400, "send {\"force\": true} or {\"force\": false}",
                             "the body is not JSON: %.120s", problem.text);
    const bool good = read_force(root, force, error);
    json_decref(root);
    return good;
}

bool explain_parse(struct span body, struct question *question, struct api_error *error)
{
    const char *hint = "send {\"packet\": \"0101060000...\"}, and with it source, destination "
                       "and local where they matter";
    json_error_t problem;
    char text[200];
    json_t *root =
        json_loadb((const char *)body.data, body.size, JSON_REJECT_DUPLICATES, &problem);

    if (root == NULL)
        return api_error_set(error, 400, hint, "the body is not JSON: %.120s", problem.text);
    const bool good = question_from_json(root, question, text, sizeof(text));
    json_decref(root);
    return good || api_error_set(error, 400, hint, "%s", text);
}
