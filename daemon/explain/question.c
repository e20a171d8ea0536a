/* daemon/explain/question.c - see question.h */
#include "daemon/explain/question.h"

#include <ctype.h>
#include <stdio.h>

static bool parse_address(const json_t *value, const char *key, struct ip4 *out, char *error,
                          size_t error_size)
{
    const json_t *text = json_object_get(value, key);

    if (text == NULL || json_is_null(text))
        return true;
    if (json_is_string(text) && ip4_parse(json_string_value(text), out))
        return true;
    snprintf(error, error_size, "\"%s\" is no IPv4 address such as \"10.0.0.1\"", key);
    return false;
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool question_parse_hex(const char *text, struct question *out)
{
    size_t digits = 0;
    uint8_t byte = 0;

    for (; *text != '\0'; text++) {
        const int value = nibble(*text);

        if (isspace((unsigned char)*text) || (*text == ':' && digits % 2 == 0))
            continue;
        if (value < 0 || digits == 2 * (size_t)QUESTION_PACKET_MAX)
            return false;
        byte = (uint8_t)(byte << 4 | value);
        if (++digits % 2 == 0)
            out->bytes[digits / 2 - 1] = byte;
    }
    out->size = digits / 2;
    return digits > 0 && digits % 2 == 0;
}

bool question_from_json(const json_t *value, struct question *out, char *error,
                        size_t error_size)
{
    static const char *const known[] = {"packet", "source", "destination", "local",
                                        "interface"};
    struct question question = {.size = 0};
    const json_t *packet = json_object_get(value, "packet");
    const json_t *interface = json_object_get(value, "interface");
    const char *key;
    json_t *unused;

    json_object_foreach((json_t *)(uintptr_t)value, key, unused)
    {
        bool found = false;

        for (size_t i = 0; i < ARRAY_SIZE(known); i++)
            found = found || strcmp(key, known[i]) == 0;
        if (!found) {
            snprintf(error, error_size, "there is no \"%.40s\" in a question", key);
            return false;
        }
    }
    if (!json_is_string(packet) || !question_parse_hex(json_string_value(packet), &question)) {
        snprintf(error, error_size,
                 "\"packet\" is to be the bytes of a DHCP packet in hexadecimal, at most %d",
                 QUESTION_PACKET_MAX);
        return false;
    }
    if (!parse_address(value, "source", &question.source, error, error_size) ||
        !parse_address(value, "destination", &question.destination, error, error_size) ||
        !parse_address(value, "local", &question.local, error, error_size))
        return false;
    if (interface != NULL && !json_is_null(interface)) {
        const size_t size = json_string_length(interface);

        if (!json_is_string(interface) || size >= sizeof(question.interface)) {
            snprintf(error, error_size, "\"interface\" is no name such as \"eth0\"");
            return false;
        }
        memcpy(question.interface, json_string_value(interface), size);
    }
    *out = question;
    return true;
}

static void set_address(json_t *object, const char *key, struct ip4 address)
{
    char text[IP4_TEXT_SIZE];

    if (address.value != 0)
        json_object_set_new(object, key, json_string(ip4_format(address, text)));
}

json_t *question_to_json(const struct question *q)
{
    json_t *object = json_object();
    char hex[2 * QUESTION_PACKET_MAX + 1] = "";

    for (size_t i = 0; i < q->size; i++)
        snprintf(hex + 2 * i, 3, "%02x", q->bytes[i]);
    json_object_set_new(object, "packet", json_string(hex));
    set_address(object, "source", q->source);
    set_address(object, "destination", q->destination);
    set_address(object, "local", q->local);
    if (q->interface[0] != '\0')
        json_object_set_new(object, "interface", json_string(q->interface));
    return object;
}

/* Header fields of what may not even be a packet. */
static uint32_t field(const struct question *q, size_t at)
{
    return at + 4 > q->size ? 0
                            : (uint32_t)q->bytes[at] << 24 | (uint32_t)q->bytes[at + 1] << 16 |
                                  (uint32_t)q->bytes[at + 2] << 8 | q->bytes[at + 3];
}

struct datagram question_datagram(const struct question *q, struct ip4 own)
{
    const struct ip4 ciaddr = ip4(field(q, 12)), giaddr = ip4(field(q, 24));
    struct datagram datagram = {
        .source = q->source,
        .destination = q->destination,
        .local = q->local.value != 0 ? q->local : own,
        .interface_name = q->interface[0] != '\0' ? q->interface : NULL,
        .source_port = giaddr.value != 0 ? DHCP4_SERVER_PORT : DHCP4_CLIENT_PORT,
        .payload = span_of(q->bytes, q->size),
    };

    if (datagram.source.value == 0)
        datagram.source = giaddr.value != 0 ? giaddr : ciaddr;
    if (datagram.destination.value == 0)
        datagram.destination =
            giaddr.value != 0 || ciaddr.value != 0 ? datagram.local : ip4(UINT32_MAX);
    return datagram;
}
