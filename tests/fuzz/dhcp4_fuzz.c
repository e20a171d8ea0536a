/* tests/fuzz/dhcp4_fuzz.c - a datagram of any bytes: decoded or dropped with a reason. */
#include "proto/dhcp4.h"

#define OPTIONS_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_values(const struct dhcp4_packet *packet)
{
    uint8_t key[CLIENT_KEY_MAX];
    char text[1024];

    client_key_format(dhcp4_client_key(packet, key), text, sizeof text);
    for (unsigned code = 0; code < 256; code++) {
        const struct option_definition *known = option_find_code((uint8_t)code);
        const struct span value = packet->option[code];

        (void)dhcp4_option_u32(packet, (uint8_t)code);
        (void)dhcp4_option_u16(packet, (uint8_t)code);
        (void)dhcp4_relay_suboption(packet, (uint8_t)code);
        if (value.data == NULL)
            continue;
        option_format(known != NULL ? known : &option_unnamed, value, text, sizeof text);
        ASSERT(strlen(text) < sizeof text);
        hex_format(value, text, sizeof text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct dhcp4_packet packet;
    static struct dhcp4_scratch scratch;
    static uint8_t whole[DHCP4_HEADER_SIZE + OPTIONS_MAX] = {
        DHCP4_BOOTREQUEST, 1, 6, [236] = 0x63, 0x82, 0x53, 0x63};
    struct span bytes;

    if (size == 0)
        return 0;
    bytes = span_of(data + 1, size - 1);
    if ((data[0] & 1) != 0) {
        const size_t options = bytes.size < OPTIONS_MAX ? bytes.size : OPTIONS_MAX;

        memcpy(whole + DHCP4_HEADER_SIZE, bytes.data, options);
        bytes = span_of(whole, DHCP4_HEADER_SIZE + options);
    }
    const enum dhcp4_decode result = dhcp4_decode(bytes, &scratch, &packet);

    ASSERT(result < DHCP4_DROP_REASONS);
    if (result == DHCP4_DECODED)
        read_values(&packet);
    return 0;
}
