/* tests/fuzz/capture_fuzz.c - a captured packet of any bytes, of any link: a DHCP packet, or a
 * reason why not. */
#include "daemon/capture/layers.h"
#include "proto/dhcp4.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct dhcp4_packet packet;
    static struct dhcp4_scratch scratch;
    struct captured found = {.payload = {NULL, 0}};

    if (size == 0)
        return 0;

    const struct span bytes = span_of(data + 1, size - 1);
    const enum capture_found kind =
        capture_decode((enum capture_link)(data[0] % (CAPTURE_IP + 1)), bytes, &found);

    ASSERT(kind < CAPTURE_FOUND);
    ASSERT((kind == CAPTURE_DHCP) == (found.payload.data != NULL));
    if (kind != CAPTURE_DHCP)
        return 0;
    ASSERT(found.payload.data >= bytes.data &&
           found.payload.data + found.payload.size <= bytes.data + bytes.size);
    ASSERT(dhcp4_decode(found.payload, &scratch, &packet) < DHCP4_DROP_REASONS);
    return 0;
}
