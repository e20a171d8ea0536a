#include "help_facts.h"

void world_init(struct world *world)
{
    static const uint8_t hardware[] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
    static uint8_t payload[300];

    memset(world, 0, sizeof(*world));
    world->packet = (struct dhcp4_packet){.op = DHCP4_BOOTREQUEST,
                                          .htype = 1,
                                          .hlen = 6,
                                          .hops = 1,
                                          .xid = 0x12345678,
                                          .secs = 4,
                                          .flags = DHCP4_FLAG_BROADCAST,
                                          .giaddr = ip4(0x0a070001),
                                          .siaddr = ip4(0x0a070005),
                                          .type = DHCP4_DISCOVER};
    memcpy(world->packet.chaddr, hardware, sizeof(hardware));
    world->datagram = (struct datagram){.source = ip4(0x0a070001),
                                        .destination = ip4(0x0a000002),
                                        .interface_name = "eth1",
                                        .payload = span_of(payload, sizeof(payload))};
    world->facts = (struct facts){.packet = &world->packet, .datagram = &world->datagram};
}

void world_set(struct world *world, uint8_t code, const void *bytes, size_t size)
{
    world->packet.option[code] = span_of(bytes, size);
}

void world_set_text(struct world *world, uint8_t code, const char *text)
{
    world_set(world, code, text, strlen(text));
}

void world_set_relay(struct world *world, const void *bytes, size_t size)
{
    world_set(world, OPTION_RELAY_AGENT_INFORMATION, bytes, size);
}
