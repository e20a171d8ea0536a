#include "tests/bench/load/frame.h"

enum { ETHERNET = 14, IP = 20, UDP = 8 };
enum { TYPE_IP4 = 0x0800, TYPE_ARP = 0x0806, PROTOCOL_UDP = 17 };

static uint16_t get_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)get_u16(at) << 16 | get_u16(at + 2);
}

static void put_u16(uint8_t *at, unsigned int value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put_u32(uint8_t *at, uint32_t value)
{
    put_u16(at, value >> 16);
    put_u16(at + 2, value & 0xffff);
}

static uint32_t sum(const uint8_t *bytes, size_t even_size, uint32_t start)
{
    for (size_t i = 0; i < even_size; i += 2)
        start += get_u16(bytes + i);
    return start;
}

static uint16_t folded(uint32_t sum)
{
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void write_ip(const struct frame_route *route, uint8_t *ip)
{
    memset(ip, 0, IP);
    ip[0] = 0x45;
    put_u16(ip + 2, IP + UDP + MESSAGE_SIZE);
    ip[8] = 64;
    ip[9] = PROTOCOL_UDP;
    put_u32(ip + 12, route->from.value);
    put_u32(ip + 16, route->to.value);
    put_u16(ip + 10, folded(sum(ip, IP, 0)));
}

void frame_write_headers(const struct frame_route *route, const uint8_t *message,
                         uint8_t out[static FRAME_HEADERS])
{
    uint8_t *ip = out + ETHERNET, *udp = ip + IP;
    uint32_t check;

    memcpy(out, route->to_hardware, 6);
    memcpy(out + 6, route->from_hardware, 6);
    put_u16(out + 12, TYPE_IP4);
    write_ip(route, ip);
    put_u16(udp, DHCP4_CLIENT_PORT);
    put_u16(udp + 2, DHCP4_SERVER_PORT);
    put_u16(udp + 4, UDP + MESSAGE_SIZE);
    put_u16(udp + 6, 0);
    /* The pseudo header: both addresses, the protocol, the length. */
    check = sum(ip + 12, 8, PROTOCOL_UDP + UDP + MESSAGE_SIZE);
    check = sum(message, MESSAGE_SIZE, sum(udp, UDP, check));
    put_u16(udp + 6, folded(check) != 0 ? folded(check) : 0xffff);
}

static struct frame read_ip(struct span bytes)
{
    const uint8_t *ip = bytes.data + ETHERNET;
    size_t size = bytes.size - ETHERNET, header, udp_size;
    struct frame frame = {.kind = FRAME_OTHER, .from_hardware = bytes.data + 6};

    if (size < IP || ip[0] >> 4 != 4 || ip[9] != PROTOCOL_UDP)
        return frame;
    header = (ip[0] & 15U) * 4;
    if (header < IP || size < header + UDP || get_u16(ip + header + 2) != DHCP4_CLIENT_PORT)
        return frame;
    udp_size = get_u16(ip + header + 4);
    if (udp_size < UDP || size < header + udp_size)
        return frame;
    frame.kind = FRAME_DHCP;
    frame.from = ip4(get_u32(ip + 12));
    frame.to = ip4(get_u32(ip + 16));
    frame.payload = span_of(ip + header + UDP, udp_size - UDP);
    return frame;
}

struct frame frame_read(struct span bytes)
{
    struct frame frame = {.kind = FRAME_OTHER};
    const uint8_t *arp = bytes.data + ETHERNET;

    if (bytes.size < FRAME_ARP)
        return frame;
    if (get_u16(bytes.data + 12) == TYPE_IP4)
        return read_ip(bytes);
    frame.from_hardware = bytes.data + 6;
    if (get_u16(bytes.data + 12) == TYPE_ARP && get_u16(arp + 6) == 1) {
        frame.kind = FRAME_ARP_REQUEST;
        frame.from = ip4(get_u32(arp + 14));
        frame.to = ip4(get_u32(arp + 24));
    }
    return frame;
}

void frame_write_arp_reply(const struct frame *request, const uint8_t hardware[static 6],
                           uint8_t out[static FRAME_ARP])
{
    uint8_t *arp = out + ETHERNET;

    memcpy(out, request->from_hardware, 6);
    memcpy(out + 6, hardware, 6);
    put_u16(out + 12, TYPE_ARP);
    put_u16(arp, 1);
    put_u16(arp + 2, TYPE_IP4);
    arp[4] = 6;
    arp[5] = 4;
    put_u16(arp + 6, 2);
    memcpy(arp + 8, hardware, 6);
    put_u32(arp + 14, request->to.value);
    memcpy(arp + 18, request->from_hardware, 6);
    put_u32(arp + 24, request->from.value);
}
