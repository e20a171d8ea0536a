#include "daemon/io/headers.h"

#define IP_SIZE      20
#define UDP_SIZE     8
#define PROTOCOL_UDP 17

static void put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

/* RFC 1071: the sum of 16-bit words, an odd last byte being padded with zero.  65535 bytes
 * cannot overflow 32 bits. */
static uint32_t sum_words(uint32_t sum, const uint8_t *bytes, size_t size)
{
    size_t i;

    for (i = 0; i + 1 < size; i += 2)
        sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
    if (i < size)
        sum += (uint32_t)bytes[i] << 8;
    return sum;
}

static uint32_t fold(uint32_t sum)
{
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

uint16_t headers_checksum(struct span bytes)
{
    return (uint16_t)fold(sum_words(0, bytes.data, bytes.size));
}

void headers_encode(const struct headers_addresses *addresses, struct span payload,
                    uint8_t out[static HEADERS_SIZE])
{
    uint8_t *ip = out, *udp = out + IP_SIZE;
    uint32_t udp_size = (uint32_t)(UDP_SIZE + payload.size);
    uint32_t sum;

    ASSERT(payload.size <= HEADERS_PAYLOAD_MAX);
    memset(out, 0, HEADERS_SIZE);
    ip[0] = 0x45; /* version 4, five words */
    put16(ip + 2, IP_SIZE + udp_size);
    put16(ip + 6, 0x4000); /* never fragmented, so the identification may be 0 (RFC 6864) */
    ip[8] = 64;
    ip[9] = PROTOCOL_UDP;
    put32(ip + 12, addresses->source.value);
    put32(ip + 16, addresses->destination.value);
    put16(ip + 10, fold(sum_words(0, ip, IP_SIZE)));

    put16(udp, addresses->source_port);
    put16(udp + 2, addresses->destination_port);
    put16(udp + 4, udp_size);
    sum = sum_words(PROTOCOL_UDP + udp_size, ip + 12, 8); /* the pseudo header */
    sum = sum_words(sum, udp, UDP_SIZE);
    sum = fold(sum_words(sum, payload.data, payload.size));
    put16(udp + 6, sum == 0 ? 0xffff : sum); /* 0 would say "no checksum" (RFC 768) */
}
