/* proto/option.h - the DHCPv4 option registry: codes, names and types, text to wire and back.
 *
 * Names are the IANA / RFC 2132 names in lower case with hyphens, as ISC dhcpd and Kea spell
 * them (`domain-name-servers`, `routers`, `boot-file-name`). */
#ifndef TWINDHCP_PROTO_OPTION_H
#define TWINDHCP_PROTO_OPTION_H

#include "proto/types.h"

/* Codes that the server itself handles (RFC 2132 unless said otherwise). */
enum option_code {
    OPTION_PAD = 0,
    OPTION_SUBNET_MASK = 1,
    OPTION_ROUTERS = 3,
    OPTION_DOMAIN_NAME_SERVERS = 6,
    OPTION_HOST_NAME = 12,
    OPTION_DOMAIN_NAME = 15,
    OPTION_BROADCAST_ADDRESS = 28,
    OPTION_VENDOR_ENCAPSULATED = 43,
    OPTION_REQUESTED_ADDRESS = 50,
    OPTION_LEASE_TIME = 51,
    OPTION_OVERLOAD = 52,
    OPTION_MESSAGE_TYPE = 53,
    OPTION_SERVER_IDENTIFIER = 54,
    OPTION_PARAMETER_REQUEST_LIST = 55,
    OPTION_MESSAGE = 56,
    OPTION_MAX_MESSAGE_SIZE = 57,
    OPTION_RENEWAL_TIME = 58,
    OPTION_REBINDING_TIME = 59,
    OPTION_VENDOR_CLASS_IDENTIFIER = 60,
    OPTION_CLIENT_IDENTIFIER = 61,
    OPTION_TFTP_SERVER_NAME = 66,
    OPTION_BOOT_FILE_NAME = 67,
    OPTION_USER_CLASS = 77,
    OPTION_RAPID_COMMIT = 80, /* RFC 4039 */
    OPTION_CLIENT_FQDN = 81,
    OPTION_RELAY_AGENT_INFORMATION = 82,      /* RFC 3046 */
    OPTION_CLIENT_LAST_TRANSACTION_TIME = 91, /* RFC 4388 */
    OPTION_ASSOCIATED_IP = 92,
    OPTION_CLIENT_SYSTEM = 93, /* RFC 4578 */
    OPTION_CLIENT_NDI = 94,
    OPTION_UUID_GUID = 97,
    OPTION_V6_ONLY_PREFERRED = 108, /* RFC 8925 */
    OPTION_AUTO_CONFIG = 116,       /* RFC 2563 */
    OPTION_SUBNET_SELECTION = 118,  /* RFC 3011 */
    OPTION_DOMAIN_SEARCH = 119,
    OPTION_CLASSLESS_STATIC_ROUTE = 121,
    OPTION_VENDOR_CLASS = 124, /* RFC 3925 */
    OPTION_VENDOR_OPTIONS = 125,
    OPTION_STATUS_CODE = 151, /* RFC 6926 */
    OPTION_BASE_TIME = 152,
    OPTION_START_TIME_OF_STATE = 153,
    OPTION_QUERY_START_TIME = 154,
    OPTION_QUERY_END_TIME = 155,
    OPTION_DHCP_STATE = 156,
    OPTION_DATA_SOURCE = 157,
    OPTION_IPXE = 175,
    OPTION_END = 255,
};

enum option_type {
    OPTION_TYPE_IP,       /* one address */
    OPTION_TYPE_IP_LIST,  /* one or more addresses */
    OPTION_TYPE_IP_PAIRS, /* pairs of addresses (33), one pair a text: "10.1.0.0 10.0.0.1" */
    OPTION_TYPE_U8,
    OPTION_TYPE_U16,
    OPTION_TYPE_U32,
    OPTION_TYPE_I32,
    OPTION_TYPE_U8_LIST,
    OPTION_TYPE_U16_LIST,
    OPTION_TYPE_BOOL,
    OPTION_TYPE_STRING,
    OPTION_TYPE_FQDN,       /* one domain name in wire form */
    OPTION_TYPE_FQDN_LIST,  /* names in wire form, compressed as RFC 3397 says (119) */
    OPTION_TYPE_ROUTES,     /* "10.0.0.0/8 via 10.77.0.1" (121, 249) */
    OPTION_TYPE_TUPLES,     /* u8 length + bytes, repeated (77) */
    OPTION_TYPE_URI_TUPLES, /* u16 length + string, repeated (143) */
    OPTION_TYPE_BINARY,     /* "aa:bb:cc", "0xaabbcc" or "text:abc" */
    OPTION_TYPE_EMPTY,      /* no value at all (80) */
    OPTION_TYPE_I8,
    OPTION_TYPE_I16,
    OPTION_TYPE_U64,
    OPTION_TYPE_U32_LIST,
    OPTION_TYPE_I32_LIST,
    OPTION_TYPE_BOOL_LIST,
    OPTION_TYPE_IP6,
    OPTION_TYPE_IP6_LIST,
    OPTION_TYPE_NAME_LIST,   /* names in wire form, none compressed */
    OPTION_TYPE_OPAQUE,      /* as BINARY, but shown as "text:abc" where the bytes are text */
    OPTION_TYPE_COUNTED_IPS, /* u8 count + addresses: "10.0.0.1,10.0.0.2" (PXE) */
    OPTION_TYPE_SIP,         /* addresses or names (120) */
    OPTION_TYPE_DNR,         /* "1 dot.example.net 10.0.0.1,10.0.0.2 alpn=dot port=853" (162) */
    OPTION_TYPE_CLIENT_FQDN, /* flags and name, shown as "[SE] host.example.net" (81) */
    /* What follows is described further by the option's definition. */
    OPTION_TYPE_RECORD,         /* fields: "10.0.0.1 8 fast" */
    OPTION_TYPE_RECORD_LIST,    /* the same, repeated */
    OPTION_TYPE_SUBOPTIONS,     /* u8 code, u8 length, value, repeated (82, 175) */
    OPTION_TYPE_VENDOR_SPACE,   /* the same, of a space that the client's vendor names (43) */
    OPTION_TYPE_VENDOR_CLASS,   /* by enterprise: texts (124) */
    OPTION_TYPE_VENDOR_OPTIONS, /* by enterprise: sub-options (125) */
};

#define OPTION_TYPES (OPTION_TYPE_VENDOR_OPTIONS + 1)

/* Who sets the option: a configuration may only set OPTION_BY_OPERATOR ones. */
enum option_setter { OPTION_BY_OPERATOR, OPTION_BY_SERVER };

#define OPTION_FIELDS_MAX 16

/* The fields of a record.  Only the last may have no size of its own (STRING, BINARY, OPAQUE).
 */
struct option_record {
    uint8_t count;
    bool last_repeats;  /* once or more */
    bool last_optional; /* may be missing */
    enum option_type fields[OPTION_FIELDS_MAX];
};

struct option_definition {
    uint8_t code;
    uint16_t rfc; /* 0: no RFC */
    enum option_type type;
    enum option_setter setter;
    const char *name;
    const struct option_record *record; /* of OPTION_TYPE_RECORD and _RECORD_LIST */
    /* Of OPTION_TYPE_SUBOPTIONS what is inside, of _VENDOR_OPTIONS the first of the vendors'.
     */
    const struct option_space *space;
};

/* Options that have codes of their own, within another option. */
struct option_space {
    const char *name;
    const struct option_definition *definitions; /* ascending by code */
    size_t count;
    bool ends;                       /* with a code 255 */
    uint32_t enterprise;             /* of a vendor within option 125; else 0 */
    const struct option_space *next; /* vendor */
};

extern const struct option_space option_space_ipxe;  /* inside 175 */
extern const struct option_space option_space_pxe;   /* inside 43, of "PXEClient" */
extern const struct option_space option_space_relay; /* inside 82 */

/* The i-th built-in space, NULL past the end. */
const struct option_space *option_space_at(size_t index);

/* NULL when the space has no such code or name. */
const struct option_definition *option_space_find_code(const struct option_space *space,
                                                       uint8_t code);
const struct option_definition *option_space_find_name(const struct option_space *space,
                                                       const char *name);

/* What is said of an option without a name: its value is bytes. */
extern const struct option_definition option_unnamed;

/* NULL when the code has no name.  Static storage. */
const struct option_definition *option_find_code(uint8_t code);

/* A set of codes. */
struct option_codes {
    uint64_t word[4];
};

static inline bool option_codes_have(const struct option_codes *set, uint8_t code)
{
    return (set->word[code / 64] >> code % 64 & 1) != 0;
}

static inline void option_codes_add(struct option_codes *set, uint8_t code)
{
    set->word[code / 64] |= (uint64_t)1 << code % 64;
}

static inline void option_codes_remove(struct option_codes *set, uint8_t code)
{
    set->word[code / 64] &= ~((uint64_t)1 << code % 64);
}

static inline void option_codes_add_all(struct option_codes *set,
                                        const struct option_codes *more)
{
    for (size_t i = 0; i < ARRAY_SIZE(set->word); i++)
        set->word[i] |= more->word[i];
}

/* By name or alias ("routers", "router"), not by number ("option-224").  NULL when unknown. */
const struct option_definition *option_find_name(const char *name);

/* "option-224" -> 224; 0 for anything else. */
uint8_t option_parse_number(const char *name);

struct option_alias {
    const char *alias, *name;
};

/* The i-th alias in order of the alphabet, NULL past the end. */
const struct option_alias *option_alias_at(size_t index);

/* By name, or "option-224" for any code 1..254, whose type is BINARY also where the code has a
 * name.  False when unknown; outputs change only on success. */
MUST_USE bool option_parse_name(const char *name, uint8_t *code, enum option_type *type);

/* The i-th definition in order of code, NULL past the end: for documentation and suggestions.
 */
const struct option_definition *option_at(size_t index);

/* A word for what a value of `type` looks like, for error messages: "an IPv4 address such as
 * 10.0.0.1". Static storage. */
const char *option_type_example(enum option_type type);

/* Does a value hold several elements of the type? */
bool option_type_is_list(enum option_type type);

/* The size of one element on the wire; 0 where it has none that is fixed. */
size_t option_type_size(enum option_type type);

/* Is one element several words, which may also be written as a list of them? */
bool option_type_is_worded(enum option_type type);

/* How one text becomes the wire form of a value of `definition`, and back: the same as the two
 * functions below, for every type.  The text of a record is its fields with a blank between
 * them, a field with blanks in "double quotes"; sub-options are written as bytes. */
MUST_USE enum td_err option_encode(const struct option_definition *definition, const char *text,
                                   uint8_t *out, size_t capacity, size_t *used);
bool option_format(const struct option_definition *definition, struct span wire, char *out,
                   size_t capacity);

/* Append the wire form of ONE text value of `type` to `out` (the caller calls it once for each
 * element of a list type).  Returns TD_OK, TD_MALFORMED (text does not fit the type; nothing
 * written) or TD_NO_SPACE.  `*used` is the number of bytes of `out` in use before and after.
 * For OPTION_TYPE_FQDN_LIST and _SIP `out` holds nothing but this option's earlier elements.
 * Of a record, which its definition describes, every text is TD_MALFORMED.  Numbers are decimal
 * or 0x..; strings are not empty, at most 65535 bytes and without control characters. */
MUST_USE enum td_err option_text_to_wire(enum option_type type, const char *text, uint8_t *out,
                                         size_t capacity, size_t *used);

/* Write `wire` as text: elements separated by ", "; bytes that do not fit the type as
 * "0x..."; an empty value as "".  The text is valid UTF-8 without control characters.  Always
 * terminates `out` (if `capacity` is not 0); returns false if it had to be cut. */
bool option_wire_to_text(enum option_type type, struct span wire, char *out, size_t capacity);

/* "2001:db8::1", also with a trailing IPv4 address -> 16 bytes; false if `text` is anything
 * else. */
MUST_USE bool ip6_parse(const char *text, uint8_t out[static 16]);

/* As RFC 5952 says; at most 39 characters and the terminator; returns `out`. */
#define IP6_TEXT_SIZE 40
char *ip6_format(const uint8_t address[static 16], char out[static IP6_TEXT_SIZE]);

/* "10.0.0.1" -> address; false if `text` is anything else. */
MUST_USE bool ip4_parse(const char *text, struct ip4 *out);

/* At most 15 characters and the terminator; returns `out`. */
#define IP4_TEXT_SIZE 16
char *ip4_format(struct ip4 address, char out[static IP4_TEXT_SIZE]);

/* "52:54:00:12:34:56", "52-54-..", "1:2:3", "5254.0012.3456", "0x525400123456" or
 * "525400123456"
 * -> bytes, at least one; `*size` in: capacity, out: bytes.  False if `text` is none of these
 * (nothing changes) or has more bytes than the capacity (`*size` says how many). */
MUST_USE bool hex_parse(const char *text, uint8_t *out, size_t *size);

/* "52:54:00:12:34:56"; always terminates `out` (if `capacity` is not 0), cut after a whole byte
 * when it does not fit; returns `out`. */
char *hex_format(struct span bytes, char *out, size_t capacity);

#endif
