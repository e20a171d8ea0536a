/* tests/fuzz/probe_fuzz.c - any bytes on a socket of the prober: an answer, or nothing. */
#include "daemon/io/headers.h"
#include "daemon/io/probe_packet.h"

#define ID     7
#define TOKEN  UINT64_C(0x0102030405060708)
#define HEADER 20

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* With all that the sender cannot know put right, so that an answer comes about at all. */
static void read_mended(struct span bytes)
{
    uint8_t packet[HEADER + PROBE_ECHO_SIZE] = {0x45, [9] = 1};
    const struct probe_echo ours = {.id = ID, .token = TOKEN};
    struct probe_echo echo;
    uint16_t sum;

    probe_echo_encode(&ours, packet + HEADER);
    packet[HEADER] = 0;
    memcpy(packet + HEADER + 16, bytes.data, bytes.size < 12 ? bytes.size : 12);
    memcpy(packet + 12, packet + HEADER + 24, 4);
    packet[HEADER + 2] = packet[HEADER + 3] = 0;
    sum = headers_checksum(span_of(packet + HEADER, PROBE_ECHO_SIZE));
    packet[HEADER + 2] = (uint8_t)(sum >> 8);
    packet[HEADER + 3] = (uint8_t)sum;
    ASSERT(probe_echo_decode(span_of(packet, sizeof(packet)), ID, TOKEN, &echo));
    packet[HEADER + PROBE_ECHO_SIZE - 1] ^= 1;
    ASSERT(!probe_echo_decode(span_of(packet, sizeof(packet)), ID, TOKEN, &echo));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t own[PROBE_MAC_SIZE] = {2, 0, 0, 0, 0, 1};
    const struct span bytes = span_of(data, size);
    uint8_t mac[PROBE_MAC_SIZE];
    struct probe_echo echo;
    struct ip4 address;

    if (probe_echo_decode(bytes, ID, TOKEN, &echo))
        ASSERT(echo.id == ID && echo.token == TOKEN);
    if (probe_arp_decode(bytes, own, &address, mac))
        ASSERT(size >= PROBE_ARP_SIZE);
    if (size > 0)
        read_mended(bytes);
    return 0;
}
