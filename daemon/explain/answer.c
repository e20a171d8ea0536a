/* daemon/explain/answer.c - see answer.h.  A member that memory does not suffice for is missing
 * from its object: jansson's own calls take a NULL and fail. */
#include "daemon/explain/answer.h"

#include <stdio.h>
#include <stdlib.h>

#define OPTION_TEXT 2048

/* Text of a configuration that was cut may end within a character. */
static json_t *text_or_null(const char *text)
{
    json_t *value = json_string(text);

    return value != NULL ? value : json_null();
}

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text_or_null(text));
}

static void set_address(json_t *object, const char *key, struct ip4 address)
{
    char text[IP4_TEXT_SIZE];

    set_text(object, key, ip4_format(address, text));
}

/* The bytes of a field that is text up to its first NUL. */
static void set_field(json_t *object, const char *key, struct span field)
{
    char text[OPTION_TEXT];
    const size_t size = field.data != NULL ? strnlen((const char *)field.data, field.size) : 0;

    option_wire_to_text(OPTION_TYPE_STRING, span_of(field.data, size), text, sizeof(text));
    set_text(object, key, size > 0 ? text : "");
}

/* The text of the step "option" about `subject`; NULL: there is none. */
static const char *origin(const struct explain *e, const char *subject)
{
    for (size_t i = 0; e != NULL && i < e->count; i++) {
        if (strcmp(e->steps[i].name, "option") == 0 &&
            strcmp(e->steps[i].subject, subject) == 0)
            return e->steps[i].text;
    }
    return NULL;
}

static json_t *option_json(uint8_t code, struct span value, const struct explain *e)
{
    const struct option_definition *known = option_find_code(code);
    json_t *option = json_object();
    char text[OPTION_TEXT], subject[96];

    option_wire_to_text(known != NULL ? known->type : OPTION_TYPE_BINARY, value, text,
                        sizeof(text));
    snprintf(subject, sizeof(subject), "%u %s", code, known != NULL ? known->name : "");
    json_object_set_new(option, "code", json_integer(code));
    json_object_set_new(option, "name", known != NULL ? json_string(known->name) : json_null());
    set_text(option, "value", text);
    if (origin(e, subject) != NULL)
        set_text(option, "origin", origin(e, subject));
    return option;
}

/* `e`: where the options come from; NULL for what others sent. */
static json_t *packet_json(struct span bytes, const struct explain *e)
{
    struct dhcp4_scratch scratch;
    struct dhcp4_packet p;
    json_t *packet, *options;
    char text[64];

    if (dhcp4_decode(bytes, &scratch, &p) != DHCP4_DECODED)
        return json_null();
    packet = json_object();
    set_text(packet, "type", dhcp4_type_name(p.type));
    snprintf(text, sizeof(text), "0x%08x", p.xid);
    set_text(packet, "xid", text);
    set_text(packet, "chaddr", hex_format(span_of(p.chaddr, p.hlen), text, sizeof(text)));
    json_object_set_new(packet, "htype", json_integer(p.htype));
    json_object_set_new(packet, "hops", json_integer(p.hops));
    json_object_set_new(packet, "secs", json_integer(p.secs));
    json_object_set_new(packet, "broadcast",
                        json_boolean((p.flags & DHCP4_FLAG_BROADCAST) != 0));
    set_address(packet, "ciaddr", p.ciaddr);
    set_address(packet, "yiaddr", p.yiaddr);
    set_address(packet, "siaddr", p.siaddr);
    set_address(packet, "giaddr", p.giaddr);
    set_field(packet, "sname", p.sname);
    set_field(packet, "file", p.file);
    options = json_array();
    for (unsigned code = 1; code < OPTION_END; code++) {
        if (dhcp4_has(&p, (uint8_t)code))
            json_array_append_new(options, option_json((uint8_t)code, p.option[code], e));
    }
    json_object_set_new(packet, "options", options);
    return packet;
}

static json_t *steps_json(const struct explain *e)
{
    json_t *steps = json_array();

    for (size_t i = 0; i < e->count; i++) {
        json_t *step = json_object();

        set_text(step, "step", e->steps[i].name);
        set_text(step, "subject", e->steps[i].subject);
        set_text(step, "text", e->steps[i].text);
        json_array_append_new(steps, step);
    }
    return steps;
}

static json_t *reply_json(const struct explain *e)
{
    static const char *const ways[] = {
        [REPLY_UDP] = "udp", [REPLY_BROADCAST] = "broadcast", [REPLY_FRAME] = "frame"};
    json_t *reply = json_object();

    set_text(reply, "way", ways[e->reply.way]);
    set_address(reply, "source", e->reply.source);
    set_address(reply, "destination", e->reply.address);
    json_object_set_new(reply, "port", json_integer(e->reply.port));
    json_object_set_new(reply, "size", json_integer((json_int_t)e->reply.packet.size));
    json_object_set_new(reply, "packet", packet_json(e->reply.packet, e));
    return reply;
}

json_t *explain_answer(struct server *server, struct instant now,
                       const struct datagram *datagram)
{
    struct explain *e = malloc(sizeof(*e));
    json_t *answer;

    if (e == NULL)
        return NULL;
    explain_init(e);
    server_explain(server, now, datagram, e);
    answer = json_object();
    set_text(answer, "verdict", explain_verdict_name(e->verdict));
    json_object_set_new(answer, "answered", json_boolean(explain_is_answered(e->verdict)));
    set_text(answer, "why", e->why);
    json_object_set_new(answer, "request", packet_json(datagram->payload, NULL));
    json_object_set_new(answer, "steps", steps_json(e));
    json_object_set_new(answer, "steps_cut", json_integer((json_int_t)e->cut));
    json_object_set_new(answer, "reply", e->has_reply ? reply_json(e) : json_null());
    free(e);
    return answer;
}
