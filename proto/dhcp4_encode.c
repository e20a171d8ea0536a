/* proto/dhcp4_encode.c - a reply's options laid out into a packet. */
#include "proto/dhcp4.h"

#define SNAME_AT     44
#define SNAME_SIZE   64
#define FILE_AT      108
#define FILE_SIZE    128
#define COOKIE_AT    236
#define CHUNK_MAX    255 /* of one option on the wire (RFC 3396) */
#define IP_UDP_SIZE  28
#define IP_MIN_MAX   576 /* what every host must accept (RFC 791, RFC 2132 9.10) */
#define END_SIZE     1
#define OVERLOAD_LEN 3 /* code, length, value */

/* Where an option goes.  PLACE_FILE and PLACE_SNAME are also the bits of option 52. */
enum place { PLACE_MAIN = 0, PLACE_FILE = 1, PLACE_SNAME = 2, PLACE_NONE = 3 };

struct layout {
    uint8_t place[DHCP4_WRITER_OPTIONS]; /* enum place */
    size_t room[3];                      /* by place: bytes left, End already taken off */
    size_t left_out;
    uint8_t overload; /* the value of option 52; 0 = not sent */
    bool relay_info;  /* option 82 fits */
};

static void put_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put_u32(uint8_t *at, uint32_t value)
{
    put_u16(at, (uint16_t)(value >> 16));
    put_u16(at + 2, (uint16_t)value);
}

static bool has_text(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static size_t wire_size(struct span value)
{
    const size_t chunks =
        value.size <= CHUNK_MAX ? 1 : (value.size + CHUNK_MAX - 1) / CHUNK_MAX;

    return value.size + 2 * chunks;
}

/* Clients look for these in the options field only, and dhcp4_patch_lease_time() finds them by
 * their place there. */
static bool stays_in_main(uint8_t code)
{
    return code == OPTION_MESSAGE_TYPE || code == OPTION_LEASE_TIME ||
           code == OPTION_SERVER_IDENTIFIER || code == OPTION_RENEWAL_TIME ||
           code == OPTION_REBINDING_TIME;
}

void dhcp4_writer_init(struct dhcp4_writer *w, const struct dhcp4_reply_header *header,
                       uint16_t client_max)
{
    ASSERT(header->sname == NULL || strlen(header->sname) < SNAME_SIZE);
    ASSERT(header->file == NULL || strlen(header->file) < FILE_SIZE);
    w->header = *header;
    w->max_size = (client_max > IP_MIN_MAX ? client_max : IP_MIN_MAX) - IP_UDP_SIZE;
    if (w->max_size > DHCP4_MAX_SIZE)
        w->max_size = DHCP4_MAX_SIZE;
    w->bootp = false;
    w->count = 0;
    w->size = 0;
    w->dropped = 0;
    w->codes = (struct option_codes){{0}};
    w->relay_info = (struct span){NULL, 0};
    w->fixed_used = 0;
    w->lease_time_at = 0;
    w->renewal_time_at = 0;
    w->rebinding_time_at = 0;
}

void dhcp4_writer_init_bootp(struct dhcp4_writer *w, const struct dhcp4_reply_header *header,
                             size_t request_size)
{
    dhcp4_writer_init(w, header, 0);
    w->bootp = true;
    if (request_size < w->max_size)
        w->max_size = request_size > DHCP4_MIN_SIZE ? request_size : DHCP4_MIN_SIZE;
}

void dhcp4_writer_add(struct dhcp4_writer *w, uint8_t code, struct span value)
{
    static const uint8_t nothing[1];

    if (dhcp4_writer_has(w, code))
        return;
    if (value.data == NULL)
        value = span_of(nothing, 0);
    if (code == OPTION_RELAY_AGENT_INFORMATION) {
        w->relay_info = value;
    } else if (code == OPTION_PAD || code == OPTION_OVERLOAD || code == OPTION_END ||
               w->count == DHCP4_WRITER_OPTIONS) {
        w->dropped++;
    } else {
        w->option[w->count].code = code;
        w->option[w->count].value = value;
        w->count++;
        w->size += wire_size(value);
        option_codes_add(&w->codes, code);
    }
}

static void add_fixed(struct dhcp4_writer *w, uint8_t code, const uint8_t *bytes, size_t size)
{
    if (w->fixed_used == ARRAY_SIZE(w->fixed)) {
        w->dropped++;
        return;
    }
    uint8_t *kept = w->fixed[w->fixed_used++];
    memcpy(kept, bytes, size);
    dhcp4_writer_add(w, code, span_of(kept, size));
}

void dhcp4_writer_add_u8(struct dhcp4_writer *w, uint8_t code, uint8_t value)
{
    add_fixed(w, code, &value, 1);
}

void dhcp4_writer_add_u32(struct dhcp4_writer *w, uint8_t code, uint32_t value)
{
    uint8_t bytes[4];

    put_u32(bytes, value);
    add_fixed(w, code, bytes, sizeof bytes);
}

void dhcp4_writer_add_ip4(struct dhcp4_writer *w, uint8_t code, struct ip4 value)
{
    dhcp4_writer_add_u32(w, code, value.value);
}

static bool take_room(struct layout *l, enum place place, size_t size)
{
    if (size > l->room[place])
        return false;
    l->room[place] -= size;
    return true;
}

/* An option lives wholly in one field, so that a decoder that does not join across fields reads
 * it too; what is split (RFC 3396) is larger than the two small fields anyway. */
static enum place find_place(struct layout *l, uint8_t code, size_t size)
{
    if (take_room(l, PLACE_MAIN, size))
        return PLACE_MAIN;
    if (!stays_in_main(code)) {
        if (take_room(l, PLACE_FILE, size))
            return PLACE_FILE;
        if (take_room(l, PLACE_SNAME, size))
            return PLACE_SNAME;
    }
    return PLACE_NONE;
}

static void place_option(const struct dhcp4_writer *w, struct layout *l, size_t i)
{
    const uint8_t code = w->option[i].code;
    const enum place place = find_place(l, code, wire_size(w->option[i].value));

    l->place[i] = (uint8_t)place;
    if (place == PLACE_NONE)
        l->left_out++;
    else
        l->overload |= (uint8_t)place;
}

static size_t room_in_main(const struct dhcp4_writer *w)
{
    return w->max_size - DHCP4_HEADER_SIZE - END_SIZE;
}

/* Almost every reply: all of it fits into the options field. */
static bool lay_out_simply(const struct dhcp4_writer *w, struct layout *l)
{
    const bool relay_info = w->relay_info.data != NULL;

    if (w->size + (relay_info ? wire_size(w->relay_info) : 0) > room_in_main(w))
        return false;
    memset(l->place, PLACE_MAIN, w->count);
    l->left_out = 0;
    l->overload = 0;
    l->relay_info = relay_info;
    return true;
}

/* What may stand in the options field only takes its room before the rest does. */
static void lay_out(const struct dhcp4_writer *w, bool overload, struct layout *l)
{
    l->left_out = 0;
    l->overload = 0;
    l->room[PLACE_MAIN] = room_in_main(w) - (overload ? OVERLOAD_LEN : 0);
    l->room[PLACE_FILE] = overload && !has_text(w->header.file) ? FILE_SIZE - END_SIZE : 0;
    l->room[PLACE_SNAME] = overload && !has_text(w->header.sname) ? SNAME_SIZE - END_SIZE : 0;
    l->relay_info = false;

    for (size_t i = 0; i < w->count; i++) {
        if (stays_in_main(w->option[i].code))
            place_option(w, l, i);
    }
    if (w->relay_info.data != NULL) {
        l->relay_info = take_room(l, PLACE_MAIN, wire_size(w->relay_info));
        l->left_out += l->relay_info ? 0 : 1;
    }
    for (size_t i = 0; i < w->count; i++) {
        if (!stays_in_main(w->option[i].code))
            place_option(w, l, i);
    }
}

/* The layout that leaves least out, without option 52 when that gains nothing. */
static void choose_layout(const struct dhcp4_writer *w, struct layout *l)
{
    struct layout overloaded;

    if (lay_out_simply(w, l))
        return;
    lay_out(w, false, l);
    if (w->bootp)
        return;
    lay_out(w, true, &overloaded);
    if (overloaded.left_out < l->left_out)
        *l = overloaded;
}

static size_t put_option(uint8_t *out, size_t at, uint8_t code, struct span value)
{
    size_t done = 0;

    do {
        const size_t left = value.size - done;
        const size_t chunk = left < CHUNK_MAX ? left : CHUNK_MAX;

        out[at++] = code;
        out[at++] = (uint8_t)chunk;
        memcpy(out + at, value.data + done, chunk);
        at += chunk;
        done += chunk;
    } while (done < value.size);
    return at;
}

static size_t put_placed(const struct dhcp4_writer *w, const struct layout *l, enum place place,
                         uint8_t *out, size_t at)
{
    for (size_t i = 0; i < w->count; i++) {
        if (l->place[i] == (uint8_t)place)
            at = put_option(out, at, w->option[i].code, w->option[i].value);
    }
    return at;
}

/* `value_at`: where in the packet. */
static void note_time(struct dhcp4_writer *w, uint8_t code, struct span value, size_t value_at)
{
    if (value.size != 4)
        return;
    if (code == OPTION_LEASE_TIME)
        w->lease_time_at = (uint16_t)value_at;
    else if (code == OPTION_RENEWAL_TIME)
        w->renewal_time_at = (uint16_t)value_at;
    else if (code == OPTION_REBINDING_TIME)
        w->rebinding_time_at = (uint16_t)value_at;
}

/* Option 52 comes as early as it can, so that a reader knows of the other fields soon; only the
 * message type stands before it. */
static size_t put_main(struct dhcp4_writer *w, const struct layout *l, uint8_t *out)
{
    size_t at = DHCP4_HEADER_SIZE;
    size_t first = 0;

    if (w->count > 0 && w->option[0].code == OPTION_MESSAGE_TYPE && l->place[0] == PLACE_MAIN) {
        at = put_option(out, at, OPTION_MESSAGE_TYPE, w->option[0].value);
        first = 1;
    }
    if (l->overload != 0)
        at = put_option(out, at, OPTION_OVERLOAD, span_of(&l->overload, 1));
    for (size_t i = first; i < w->count; i++) {
        const uint8_t code = w->option[i].code;

        if (l->place[i] != PLACE_MAIN)
            continue;
        note_time(w, code, w->option[i].value, at + 2);
        at = put_option(out, at, code, w->option[i].value);
    }
    if (l->relay_info)
        at = put_option(out, at, OPTION_RELAY_AGENT_INFORMATION, w->relay_info);
    out[at++] = OPTION_END;
    return at;
}

static void put_small_fields(const struct dhcp4_writer *w, const struct layout *l, uint8_t *out)
{
    if (has_text(w->header.sname))
        memcpy(out + SNAME_AT, w->header.sname, strlen(w->header.sname));
    if (has_text(w->header.file))
        memcpy(out + FILE_AT, w->header.file, strlen(w->header.file));
    if ((l->overload & PLACE_FILE) != 0)
        out[put_placed(w, l, PLACE_FILE, out, FILE_AT)] = OPTION_END;
    if ((l->overload & PLACE_SNAME) != 0)
        out[put_placed(w, l, PLACE_SNAME, out, SNAME_AT)] = OPTION_END;
}

static void put_header(const struct dhcp4_reply_header *h, uint8_t *out)
{
    static const uint8_t cookie[4] = {0x63, 0x82, 0x53, 0x63};

    out[0] = DHCP4_BOOTREPLY;
    out[1] = h->htype;
    out[2] = h->hlen;
    put_u32(out + 4, h->xid);
    put_u16(out + 8, h->secs);
    put_u16(out + 10, h->flags);
    put_u32(out + 12, h->ciaddr.value);
    put_u32(out + 16, h->yiaddr.value);
    put_u32(out + 20, h->siaddr.value);
    put_u32(out + 24, h->giaddr.value);
    memcpy(out + 28, h->chaddr, sizeof h->chaddr);
    memcpy(out + COOKIE_AT, cookie, sizeof cookie);
}

size_t dhcp4_writer_finish(struct dhcp4_writer *w, uint8_t *out, size_t capacity)
{
    struct layout layout;
    size_t size;

    ASSERT(capacity >= DHCP4_MAX_SIZE);
    ASSERT(w->max_size >= DHCP4_MIN_SIZE && w->max_size <= DHCP4_MAX_SIZE);
    choose_layout(w, &layout);
    w->dropped += layout.left_out;

    memset(out, 0, DHCP4_MIN_SIZE); /* header and padding; options are written without a gap */
    put_header(&w->header, out);
    put_small_fields(w, &layout, out);
    size = put_main(w, &layout, out);
    ASSERT(size <= w->max_size);
    return size < DHCP4_MIN_SIZE ? DHCP4_MIN_SIZE : size;
}

void dhcp4_patch_lease_time(uint8_t *packet, uint16_t lease_time_at, uint16_t renewal_time_at,
                            uint16_t rebinding_time_at, struct dhcp4_lease_times times)
{
    if (lease_time_at != 0)
        put_u32(packet + lease_time_at, times.lease);
    if (renewal_time_at != 0)
        put_u32(packet + renewal_time_at, times.renewal);
    if (rebinding_time_at != 0)
        put_u32(packet + rebinding_time_at, times.rebinding);
}
