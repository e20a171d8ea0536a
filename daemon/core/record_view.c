#include "daemon/core/record_view.h"

/* An option without bytes is kept like one that is absent. */
static void put(struct record_view *view, uint8_t code, struct span kept)
{
    if (kept.size > 0)
        view->packet.option[code] = kept;
}

void record_view_init(struct record_view *view, const struct binding *b)
{
    static const struct datagram none;

    *view = (struct record_view){.packet = {.op = DHCP4_BOOTREQUEST,
                                            .htype = b->htype,
                                            .hlen = b->hlen,
                                            .type = DHCP4_REQUEST}};
    view->facts = (struct facts){.packet = &view->packet, .datagram = &none};
    memcpy(view->packet.chaddr, b->chaddr, sizeof(view->packet.chaddr));
    if (b->client.size > 0 && b->client.data[0] == KEY_CLIENT_IDENTIFIER)
        put(view, OPTION_CLIENT_IDENTIFIER, span_of(b->client.data + 1, b->client.size - 1));
    put(view, OPTION_HOST_NAME, b->host_name);
    put(view, OPTION_VENDOR_CLASS_IDENTIFIER, b->vendor_class);
    put(view, OPTION_RELAY_AGENT_INFORMATION, b->relay_info);
}
