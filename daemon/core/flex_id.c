/* daemon/core/flex_id.c - what the file's `flex-id` makes of a packet, or of what a record
 * keeps of one. */
#include "daemon/core/evaluate.h"
#include "daemon/core/record_view.h"
#include "daemon/core/server_internal.h"

static struct span flex_id_of(const struct server *s, const struct facts *facts,
                              uint8_t out[static FLEX_ID_MAX])
{
    struct evaluate_room room;
    struct span value;

    if (!evaluate_value(&s->config->flex_id, facts, &room, &value) || value.size == 0 ||
        value.size > FLEX_ID_MAX)
        return span_of(NULL, 0);
    memcpy(out, value.data, value.size);
    return span_of(out, value.size);
}

void flex_id_of_packet(const struct server *s, struct request *r)
{
    const struct facts facts = {.packet = r->packet, .datagram = r->datagram};

    if (s->config->flex_id.count > 0)
        r->names.flex_id = flex_id_of(s, &facts, r->flex_id_bytes);
}

struct span flex_id_of_record(const struct server *s, const struct binding *b,
                              uint8_t out[static FLEX_ID_MAX])
{
    struct record_view view;

    if (s->config->flex_id.count == 0)
        return span_of(NULL, 0);
    record_view_init(&view, b);
    return flex_id_of(s, &view.facts, out);
}
