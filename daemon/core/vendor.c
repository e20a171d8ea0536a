#include "daemon/core/vendor.h"

#include "proto/cursor.h"
#include "proto/dhcp4.h"

/* The next data of the enterprise; data NULL past the last. */
static struct span next_data(struct cursor *c, uint32_t enterprise)
{
    while (c->left > 0 && !c->failed) {
        const uint32_t found = cursor_u32(c);
        const struct span data = cursor_bytes(c, cursor_u8(c));

        if (!c->failed && (enterprise == 0 || enterprise == found))
            return data;
    }
    return span_of(NULL, 0);
}

struct span vendor_data(struct span option, uint32_t enterprise, size_t index)
{
    struct cursor c = cursor_of(option);
    struct span data = next_data(&c, enterprise);

    while (data.data != NULL && index-- > 0)
        data = next_data(&c, enterprise);
    return data;
}

struct span vendor_suboption(struct span option, uint32_t enterprise, uint8_t sub)
{
    struct cursor c = cursor_of(option);

    for (struct span data = next_data(&c, enterprise); data.data != NULL;
         data = next_data(&c, enterprise)) {
        const struct span found = dhcp4_suboption(data, sub);

        if (found.data != NULL)
            return found;
    }
    return span_of(NULL, 0);
}

struct span vendor_first(struct span option)
{
    return option.size >= 4 ? span_of(option.data, 4) : span_of(NULL, 0);
}
