#include "daemon/io/probe_packet.h"

#include "daemon/io/headers.h"

#define IP_HEADER_MIN   20
#define IP_PROTOCOL_AT  9
#define IP_SOURCE_AT    12
#define ICMP_ECHO       8
#define ICMP_ECHO_REPLY 0
#define PROTOCOL_ICMP   1
#define ARP_ETHERNET    1
#define ARP_IPV4        0x0800
#define ARP_REQUEST     1
#define ARP_REPLY       2
#define ARP_SENDER_MAC  8
#define ARP_SENDER_IP   14
#define ARP_TARGET_MAC  18
#define ARP_TARGET_IP   24
#define ECHO_TOKEN_AT   8
#define ECHO_NUMBER_AT  16
#define ECHO_ADDRESS_AT 24

static void put(uint8_t *at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
}

static uint64_t get(const uint8_t *at, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++)
        value = value << 8 | at[i];
    return value;
}

void probe_echo_encode(const struct probe_echo *echo, uint8_t out[static PROBE_ECHO_SIZE])
{
    memset(out, 0, PROBE_ECHO_SIZE);
    out[0] = ICMP_ECHO;
    put(out + 4, echo->id, 2);
    put(out + 6, echo->sequence, 2);
    put(out + ECHO_TOKEN_AT, echo->token, 8);
    put(out + ECHO_NUMBER_AT, echo->number, 8);
    put(out + ECHO_ADDRESS_AT, echo->address.value, 4);
    put(out + 2, headers_checksum(span_of(out, PROBE_ECHO_SIZE)), 2);
}

/* What follows the IPv4 header of an ICMP packet; no data if it is none. */
static struct span icmp_of(struct span packet)
{
    size_t header;

    if (packet.size < IP_HEADER_MIN || packet.data[0] >> 4 != 4 ||
        packet.data[IP_PROTOCOL_AT] != PROTOCOL_ICMP)
        return span_of(NULL, 0);
    header = (size_t)(packet.data[0] & 15) * 4;
    if (header < IP_HEADER_MIN || header > packet.size)
        return span_of(NULL, 0);
    return span_of(packet.data + header, packet.size - header);
}

bool probe_echo_decode(struct span packet, uint16_t id, uint64_t token, struct probe_echo *echo)
{
    const struct span icmp = icmp_of(packet);
    struct probe_echo found;

    /* What was sent comes back as it was. */
    if (icmp.size != PROBE_ECHO_SIZE || icmp.data[0] != ICMP_ECHO_REPLY || icmp.data[1] != 0 ||
        headers_checksum(icmp) != 0)
        return false;
    found.id = (uint16_t)get(icmp.data + 4, 2);
    found.sequence = (uint16_t)get(icmp.data + 6, 2);
    found.token = get(icmp.data + ECHO_TOKEN_AT, 8);
    found.number = get(icmp.data + ECHO_NUMBER_AT, 8);
    found.address = ip4((uint32_t)get(icmp.data + ECHO_ADDRESS_AT, 4));
    if (found.id != id || found.token != token ||
        get(packet.data + IP_SOURCE_AT, 4) != found.address.value)
        return false;
    *echo = found;
    return true;
}

void probe_arp_encode(const uint8_t own[static PROBE_MAC_SIZE], struct ip4 address,
                      uint8_t out[static PROBE_ARP_SIZE])
{
    memset(out, 0, PROBE_ARP_SIZE);
    put(out, ARP_ETHERNET, 2);
    put(out + 2, ARP_IPV4, 2);
    out[4] = PROBE_MAC_SIZE;
    out[5] = 4;
    put(out + 6, ARP_REQUEST, 2);
    memcpy(out + ARP_SENDER_MAC, own, PROBE_MAC_SIZE);
    put(out + ARP_TARGET_IP, address.value, 4);
}

bool probe_arp_decode(struct span packet, const uint8_t own[static PROBE_MAC_SIZE],
                      struct ip4 *address, uint8_t mac[static PROBE_MAC_SIZE])
{
    const uint8_t *at = packet.data;

    /* Frames are padded: there may be more behind it. */
    if (packet.size < PROBE_ARP_SIZE || get(at, 2) != ARP_ETHERNET ||
        get(at + 2, 2) != ARP_IPV4 || at[4] != PROBE_MAC_SIZE || at[5] != 4 ||
        get(at + 6, 2) != ARP_REPLY || memcmp(at + ARP_TARGET_MAC, own, PROBE_MAC_SIZE) != 0)
        return false;
    *address = ip4((uint32_t)get(at + ARP_SENDER_IP, 4));
    memcpy(mac, at + ARP_SENDER_MAC, PROBE_MAC_SIZE);
    return true;
}
