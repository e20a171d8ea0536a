/* proto/dhcp4.h - DHCPv4 packets: decode and encode without allocation.
 *
 * RFC 2131 (format), 2132 (options, overload 52, maximum size 57), 3396 (long options), 1542
 * (BOOTP relay).  A decoded packet borrows the datagram's bytes. */
#ifndef TWINDHCP_PROTO_DHCP4_H
#define TWINDHCP_PROTO_DHCP4_H

#include "proto/option.h"
#include "proto/types.h"

#define DHCP4_SERVER_PORT    67
#define DHCP4_CLIENT_PORT    68
#define DHCP4_HEADER_SIZE    240  /* op .. magic cookie */
#define DHCP4_MIN_SIZE       300  /* replies are padded to a BOOTP packet (RFC 1542 2.1) */
#define DHCP4_MAX_SIZE       1472 /* what we ever send: an Ethernet frame's UDP payload */
#define DHCP4_DEFAULT_MAX    548  /* a client that sends no option 57: 576 less IP and UDP */
#define DHCP4_FLAG_BROADCAST 0x8000u

enum dhcp4_op { DHCP4_BOOTREQUEST = 1, DHCP4_BOOTREPLY = 2 };

enum dhcp4_type {
    DHCP4_NONE = 0, /* BOOTP: no option 53 */
    DHCP4_DISCOVER = 1,
    DHCP4_OFFER = 2,
    DHCP4_REQUEST = 3,
    DHCP4_DECLINE = 4,
    DHCP4_ACK = 5,
    DHCP4_NAK = 6,
    DHCP4_RELEASE = 7,
    DHCP4_INFORM = 8,
    DHCP4_FORCERENEW = 9,  /* RFC 3203 */
    DHCP4_LEASEQUERY = 10, /* RFC 4388 */
    DHCP4_LEASEUNASSIGNED = 11,
    DHCP4_LEASEUNKNOWN = 12,
    DHCP4_LEASEACTIVE = 13,
    DHCP4_BULKLEASEQUERY = 14, /* RFC 6926 */
    DHCP4_LEASEQUERYDONE = 15,
};
#define DHCP4_TYPES 16 /* that have a name here; others decode too */

/* Why a datagram is not a DHCP packet that we can use; counted by the caller. */
enum dhcp4_decode {
    DHCP4_DECODED = 0,
    DHCP4_DROP_SHORT,        /* under 240 bytes */
    DHCP4_DROP_OVERSIZED,    /* over 65507 bytes, or more option bytes than the scratch holds */
    DHCP4_DROP_BAD_OP,       /* neither BOOTREQUEST nor BOOTREPLY */
    DHCP4_DROP_BAD_COOKIE,   /* no DHCP magic cookie */
    DHCP4_DROP_BAD_HLEN,     /* hlen above 16 */
    DHCP4_DROP_TRUNCATED,    /* an option runs past its field */
    DHCP4_DROP_BAD_OVERLOAD, /* option 52 is not 1, 2 or 3 */
    DHCP4_DROP_BAD_TYPE,     /* option 53 is not one byte in 1..18 */
    DHCP4_DROP_BAD_OPTION,   /* an option with a fixed size has another (50, 51, 54, 57, ...) */
    DHCP4_DROP_REASONS,
};

/* A stable name for logs and metrics: "short", "bad-cookie", ...; DHCP4_DECODED: "ok". */
const char *dhcp4_decode_name(enum dhcp4_decode result);

/* "DHCPDISCOVER", ...; "BOOTP" for DHCP4_NONE; "UNKNOWN" otherwise. */
const char *dhcp4_type_name(enum dhcp4_type type);

/* Memory for options that had to be joined (RFC 3396); one per thread of decoding, reused. */
struct dhcp4_scratch {
    uint8_t joined[4096];
};

struct dhcp4_packet {
    enum dhcp4_op op;
    uint8_t htype, hlen, hops;
    uint32_t xid;
    uint16_t secs; /* as sent; see ha/hash.h for byte-swapped clients */
    uint16_t flags;
    struct ip4 ciaddr, yiaddr, siaddr, giaddr;
    uint8_t chaddr[16];
    struct span sname, file; /* 64 and 128 bytes; empty when they carry options (52) */
    enum dhcp4_type type;
    struct span option[256]; /* joined values; data NULL = absent; empty = present, size 0 */
};

/* Decode `bytes`.  Unless the result is DHCP4_DECODED, `*out` is unspecified.  `*out` borrows
 * `bytes` and `scratch`.  Options are read in the order options, file, sname (RFC 3396 5), and
 * the parts of one that comes several times are joined; an option 52 outside of the options
 * field is ignored; End may be missing at the end of a field; bytes after End are ignored.
 * Constant memory, linear time.
 *
 * Sizes are checked of the options that the server reads from a request: 50, 51, 54, 118 have 4
 * bytes, 57 has 2, 61 at most 255.  An option 61 of less than 2 bytes breaks RFC 2132 9.14 but
 * is let through, to be echoed as sent (RFC 6842); dhcp4_client_key() takes it as absent. */
MUST_USE enum dhcp4_decode dhcp4_decode(struct span bytes, struct dhcp4_scratch *scratch,
                                        struct dhcp4_packet *out);

static inline bool dhcp4_has(const struct dhcp4_packet *p, uint8_t code)
{
    return p->option[code].data != NULL;
}

/* The value of a 4-byte option, 0.0.0.0 / 0 when absent or of another size. */
struct ip4 dhcp4_option_ip4(const struct dhcp4_packet *p, uint8_t code);
uint32_t dhcp4_option_u32(const struct dhcp4_packet *p, uint8_t code);
uint16_t dhcp4_option_u16(const struct dhcp4_packet *p, uint8_t code);

/* The client's key, written to `out`: option 61 as sent (RFC 4361: opaque) if it has 2 bytes or
 * more, else htype + chaddr[hlen], with a leading tag byte that keeps the two kinds apart: 0x01
 * + option 61, or 0x00 + htype + chaddr.  2 to 256 bytes; 2 bytes (no option 61, hlen 0) name
 * nobody, and the caller must not bind anything to them. */
#define CLIENT_KEY_MAX 256
enum { KEY_HARDWARE = 0, KEY_CLIENT_IDENTIFIER = 1 };
struct span dhcp4_client_key(const struct dhcp4_packet *p, uint8_t out[static CLIENT_KEY_MAX]);

/* A human's reading of a client key: "52:54:00:12:34:56" for a hardware key of type 1,
 * "hw 6/..." for others, "id 01:52:54:..." for option 61, "circuit-id text:eth7/1" and the like
 * for what a reservation names (proto/identity.h), the bytes alone for what is no key.
 * Always terminates (if `capacity` is not 0), cut when it does not fit; returns `out`. */
char *client_key_format(struct span key, char *out, size_t capacity);

/* The first sub-option `code` of an option 82, or of that of a packet; data NULL when absent,
 * or when option 82 is damaged before or at it (RFC 3046). */
struct span dhcp4_suboption(struct span relay_info, uint8_t code);
struct span dhcp4_relay_suboption(const struct dhcp4_packet *p, uint8_t code);
struct span dhcp4_suboption(struct span relay_info, uint8_t code); /* of a value of option 82 */

/* ---- encoding ---- */

/* What a reply's header says; everything else in it is zero. */
struct dhcp4_reply_header {
    uint8_t htype, hlen;
    uint32_t xid;
    uint16_t secs, flags;
    struct ip4 ciaddr, yiaddr, siaddr, giaddr;
    uint8_t chaddr[16];
    /* NULL, "" or text that fits 63 / 127 bytes; with text the field is not used by overload.
     */
    const char *sname, *file;
};

/* Collects the options of a reply and lays them out at the end.
 *
 * Options are sent in the order added.  What does not fit `max_size` goes to the file field,
 * then the sname field where these are unused (option 52 is then sent first, after a leading
 * 53), each option wholly into one field; 51, 53, 54, 58, 59 and 82 stay in the options field
 * and take their room there before the rest.  An option that fits nowhere is left out and
 * counted in `dropped`, so add first what matters most; a later, smaller one may still fit.
 * Values above 255 bytes are split (RFC 3396).  Values are borrowed until
 * dhcp4_writer_finish().  Not to be copied. */
#define DHCP4_WRITER_OPTIONS 128
struct dhcp4_writer {
    struct dhcp4_reply_header header;
    size_t max_size;
    bool bootp; /* never option 52 */
    size_t count;
    size_t size; /* of the options below, on the wire */
    size_t dropped;
    struct option_codes codes; /* of the options below */
    struct {
        uint8_t code;
        struct span value;
    } option[DHCP4_WRITER_OPTIONS];
    struct span relay_info; /* option 82, last before End, space reserved (RFC 3046 2.2) */
    uint8_t fixed[64][4];   /* storage for the values of the _u8/_u32/_ip4 helpers */
    size_t fixed_used;
    /* After finish: where in the packet the 4-byte value of 51, 58, 59 stands; 0 = absent.  A
     * reply that waits for its durability can so be given a shorter lease time. */
    uint16_t lease_time_at, renewal_time_at, rebinding_time_at;
};

/* `client_max`: the client's option 57 (0 = absent); values under 576 count as 576 and the
 * UDP payload limit derives from it (less 28), never above DHCP4_MAX_SIZE. */
void dhcp4_writer_init(struct dhcp4_writer *w, const struct dhcp4_reply_header *header,
                       uint16_t client_max);

/* A reply to a BOOTP client (RFC 951, 1534), which reads as much as it sends: `request_size`
 * bytes, but at least DHCP4_MIN_SIZE and at most DHCP4_DEFAULT_MAX. */
void dhcp4_writer_init_bootp(struct dhcp4_writer *w, const struct dhcp4_reply_header *header,
                             size_t request_size);

/* The first value of a code stays: adding the same again changes nothing.  Codes 0, 52 and 255
 * are the layout's own and, like what is beyond DHCP4_WRITER_OPTIONS, only counted in
 * `dropped`. */
void dhcp4_writer_add(struct dhcp4_writer *w, uint8_t code, struct span value);
void dhcp4_writer_add_u8(struct dhcp4_writer *w, uint8_t code, uint8_t value);
void dhcp4_writer_add_u32(struct dhcp4_writer *w, uint8_t code, uint32_t value);
void dhcp4_writer_add_ip4(struct dhcp4_writer *w, uint8_t code, struct ip4 value);
static inline bool dhcp4_writer_has(const struct dhcp4_writer *w, uint8_t code)
{
    if (code == OPTION_RELAY_AGENT_INFORMATION)
        return w->relay_info.data != NULL;
    return option_codes_have(&w->codes, code);
}

/* Writes the packet (op BOOTREPLY), padded to DHCP4_MIN_SIZE.  `capacity` is at least
 * DHCP4_MAX_SIZE.  Returns its size.  Once per dhcp4_writer_init(). */
size_t dhcp4_writer_finish(struct dhcp4_writer *w, uint8_t *out, size_t capacity);

/* Options 51, 58 (T1) and 59 (T2), seconds; 0xffffffff is infinity. */
struct dhcp4_lease_times {
    uint32_t lease, renewal, rebinding;
};

/* Overwrite them, where present, in a finished packet at the places that finish reported. */
void dhcp4_patch_lease_time(uint8_t *packet, uint16_t lease_time_at, uint16_t renewal_time_at,
                            uint16_t rebinding_time_at, struct dhcp4_lease_times times);

#endif
