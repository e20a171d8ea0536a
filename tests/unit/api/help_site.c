/* tests/unit/api/help_site.c - see help_site.h */
#include "tests/unit/api/help_site.h"

#include <stdlib.h>

#include "proto/dhcp4.h"

static const char rest[] = "server:\n"
                           "  interfaces: [eth0]\n"
                           "  store: /var/lib/twindhcp\n"
                           "  api: {socket: /run/twindhcp/api.sock}\n"
                           "subnets:\n"
                           "  - subnet: 10.77.0.0/16\n"
                           "    pools:\n"
                           "      - range: 10.77.16.0-10.77.16.255\n"
                           "      - range: 10.77.64.0-10.77.255.254\n"
                           "    reservations:\n"
                           "      - {hw-address: \"52:54:00:00:00:20\", address: 10.77.0.20}\n";

static const char pair_section[] =
    "pair:\n"
    "  name: dc1-row-a\n"
    "  mode: load-balancing\n"
    "  nodes:\n"
    "    primary:   {name: dhcp-a, link: \"tcp://10.78.0.1:6470\"}\n"
    "    secondary: {name: dhcp-b, link: \"tcp://10.78.0.2:6470\"}\n"
    "  security: none\n";

struct config *help_config(bool pair)
{
    struct config_problems problems = {0};
    char text[2048];

    snprintf(text, sizeof(text), "%s%s", pair ? pair_section : "", rest);
    struct config *config =
        config_load_text("test.yaml", text, strlen(text), "dhcp-a", &problems);
    config_problems_print(&problems, "test.yaml", stderr);
    config_problems_free(&problems);
    assert_non_null(config);
    return config;
}

struct binding help_active(const char *address, const char *mac, int64_t expires_ms)
{
    static uint8_t key[8];
    struct ip4 at;
    struct binding binding;
    size_t size = 6;

    assert_true(ip4_parse(address, &at));
    binding = binding_implied(at);
    assert_true(hex_parse(mac, binding.chaddr, &size));
    binding.htype = 1;
    binding.hlen = 6;
    key[0] = 0;
    key[1] = 1;
    memcpy(key + 2, binding.chaddr, 6);
    binding.client = span_of(key, sizeof(key));
    binding.state = BINDING_ACTIVE;
    binding.version = (struct version){NOW_MS - 1000, 0, ROLE_PRIMARY};
    binding.cltt = instant_ms(NOW_MS - 1000);
    binding.expires = instant_ms(expires_ms);
    return binding;
}

json_t *help_parse(struct writer *json)
{
    json_error_t error;
    size_t size = 0;
    char *text = writer_take(json, &size);

    assert_non_null(text);
    assert_int_equal(strlen(text), size);
    json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (value == NULL)
        fail_msg("%s in %s", error.text, text);
    free(text);
    return value;
}

const json_t *help_at(const json_t *value, const char *path)
{
    char key[64];

    for (const char *at = path;;) {
        const size_t length = strcspn(at, ".");
        snprintf(key, sizeof(key), "%.*s", (int)length, at);
        value = json_object_get(value, key);
        if (value == NULL)
            fail_msg("no %s", path);
        if (at[length] == '\0')
            return value;
        at += length + 1;
    }
}

const char *help_text(const json_t *value, const char *path)
{
    const json_t *found = help_at(value, path);

    assert_true(json_is_string(found));
    return json_string_value(found);
}

json_int_t help_int(const json_t *value, const char *path)
{
    const json_t *found = help_at(value, path);

    assert_true(json_is_integer(found));
    return json_integer_value(found);
}
