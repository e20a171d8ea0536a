/* daemon/shadow/compare.c - see compare.h and README.md, "How it judges". */
#include "daemon/shadow/compare.h"

#include <stdarg.h>
#include <stdio.h>

const char *shadow_kind_name(enum shadow_kind kind)
{
    static const char *const names[SHADOW_KINDS] = {
        [SHADOW_ONLY_THEY] = "only-they-answer",
        [SHADOW_ONLY_WE] = "only-we-answer",
        [SHADOW_THEY_REFUSE] = "they-refuse",
        [SHADOW_WE_REFUSE] = "we-refuse",
        [SHADOW_TYPE] = "type",
        [SHADOW_ADDRESS] = "address",
        [SHADOW_LEASE_TIME] = "lease-time",
        [SHADOW_RENEWAL_TIME] = "renewal-time",
        [SHADOW_REBINDING_TIME] = "rebinding-time",
        [SHADOW_NEXT_SERVER] = "next-server",
        [SHADOW_SERVER_NAME] = "server-name",
        [SHADOW_BOOT_FILE] = "boot-file",
        [SHADOW_OPTION] = "option",
    };

    return names[kind];
}

/* NULL when there is no room for more. */
static struct shadow_difference *add(struct shadow_differences *out, enum shadow_kind kind,
                                     uint8_t code)
{
    struct shadow_difference *d;

    if (out->count == SHADOW_DIFFERENCES_MAX)
        return NULL;
    d = &out->items[out->count++];
    d->kind = kind;
    d->code = code;
    d->theirs[0] = d->ours[0] = '\0';
    return d;
}

static void add_texts(struct shadow_differences *out, enum shadow_kind kind, const char *theirs,
                      const char *ours)
{
    struct shadow_difference *d = add(out, kind, 0);

    if (d == NULL)
        return;
    snprintf(d->theirs, sizeof(d->theirs), "%s", theirs);
    snprintf(d->ours, sizeof(d->ours), "%s", ours);
}

static void add_addresses(struct shadow_differences *out, enum shadow_kind kind,
                          struct ip4 theirs, struct ip4 ours)
{
    char a[IP4_TEXT_SIZE], b[IP4_TEXT_SIZE];

    add_texts(out, kind, ip4_format(theirs, a), ip4_format(ours, b));
}

static void compare_numbers(struct shadow_differences *out, enum shadow_kind kind,
                            uint32_t theirs, uint32_t ours)
{
    char a[16], b[16];

    if (theirs == ours)
        return;
    snprintf(a, sizeof(a), "%u", theirs);
    snprintf(b, sizeof(b), "%u", ours);
    add_texts(out, kind, a, b);
}

/* ---- whether and what ---- */

static void say_answer(const struct dhcp4_packet *p, char text[static SHADOW_TEXT])
{
    char address[IP4_TEXT_SIZE];

    snprintf(text, SHADOW_TEXT, "%s %s", dhcp4_type_name(p->type),
             p->yiaddr.value != 0 ? ip4_format(p->yiaddr, address) : "");
    if (p->yiaddr.value == 0)
        text[strlen(text) - 1] = '\0';
}

static void compare_types(struct shadow_differences *out, const struct dhcp4_packet *theirs,
                          const struct dhcp4_packet *ours, const char *why)
{
    enum shadow_kind kind = SHADOW_TYPE;
    char a[SHADOW_TEXT], b[SHADOW_TEXT], reasoned[2 * SHADOW_TEXT];

    if (theirs->type == DHCP4_NAK)
        kind = SHADOW_THEY_REFUSE;
    else if (ours->type == DHCP4_NAK)
        kind = SHADOW_WE_REFUSE;
    say_answer(theirs, a);
    say_answer(ours, b);
    snprintf(reasoned, sizeof(reasoned), "%s (%s)", b, why);
    add_texts(out, kind, a, reasoned);
}

/* ---- the address ---- */

/* Any free address of the pool would have done. */
static bool is_free_choice(const struct config *config, struct ip4 theirs, struct ip4 ours)
{
    const struct config_pool *pool = config_pool_of(config, ours);

    return pool != NULL && pool == config_pool_of(config, theirs) &&
           config_reservation_at(config, ours) == NULL &&
           config_reservation_at(config, theirs) == NULL;
}

/* ---- times ---- */

/* What the client goes by (RFC 2131 4.4.5). */
static uint32_t time_of(const struct dhcp4_packet *p, uint8_t code)
{
    const uint64_t lease = dhcp4_option_u32(p, OPTION_LEASE_TIME);

    if (dhcp4_has(p, code) || lease == UINT32_MAX)
        return dhcp4_has(p, code) ? dhcp4_option_u32(p, code) : UINT32_MAX;
    return (uint32_t)(code == OPTION_RENEWAL_TIME ? lease / 2 : lease * 7 / 8);
}

static void compare_times(struct shadow_differences *out, const struct dhcp4_packet *theirs,
                          const struct dhcp4_packet *ours)
{
    const uint32_t a = dhcp4_option_u32(theirs, OPTION_LEASE_TIME);
    const uint32_t b = dhcp4_option_u32(ours, OPTION_LEASE_TIME);

    compare_numbers(out, SHADOW_LEASE_TIME, a, b);
    if (a != b)
        return; /* what follows from it is no difference of its own */
    compare_numbers(out, SHADOW_RENEWAL_TIME, time_of(theirs, OPTION_RENEWAL_TIME),
                    time_of(ours, OPTION_RENEWAL_TIME));
    compare_numbers(out, SHADOW_REBINDING_TIME, time_of(theirs, OPTION_REBINDING_TIME),
                    time_of(ours, OPTION_REBINDING_TIME));
}

/* ---- header fields and options ---- */

static struct span text_of(struct span field)
{
    return span_of(field.data,
                   field.data != NULL ? strnlen((const char *)field.data, field.size) : 0);
}

static void compare_field(struct shadow_differences *out, enum shadow_kind kind,
                          struct span theirs, struct span ours)
{
    struct shadow_difference *d;

    theirs = text_of(theirs);
    ours = text_of(ours);
    if (span_equal(theirs, ours) || (d = add(out, kind, 0)) == NULL)
        return;
    option_wire_to_text(OPTION_TYPE_STRING, theirs, d->theirs, sizeof(d->theirs));
    option_wire_to_text(OPTION_TYPE_STRING, ours, d->ours, sizeof(d->ours));
}

static void compare_header(struct shadow_differences *out, const struct dhcp4_packet *theirs,
                           const struct dhcp4_packet *ours)
{
    const struct ip4 identifier = dhcp4_option_ip4(theirs, OPTION_SERVER_IDENTIFIER);
    const bool by_habit = ip4_equal(theirs->siaddr, identifier) && ours->siaddr.value == 0;

    if (!ip4_equal(theirs->siaddr, ours->siaddr) && !by_habit)
        add_addresses(out, SHADOW_NEXT_SERVER, theirs->siaddr, ours->siaddr);
    compare_field(out, SHADOW_SERVER_NAME, theirs->sname, ours->sname);
    compare_field(out, SHADOW_BOOT_FILE, theirs->file, ours->file);
}

static bool is_compared(uint8_t code)
{
    switch (code) {
    case OPTION_PAD:
    case OPTION_END:
    case OPTION_OVERLOAD:
    case OPTION_MESSAGE_TYPE:
    case OPTION_SERVER_IDENTIFIER:
    case OPTION_CLIENT_IDENTIFIER:
    case OPTION_MESSAGE: /* the reason of a refusal, for people */
    case OPTION_LEASE_TIME:
    case OPTION_RENEWAL_TIME:
    case OPTION_REBINDING_TIME:
        return false;
    default:
        return true;
    }
}

static void say_option(const struct dhcp4_packet *p, uint8_t code,
                       char text[static SHADOW_TEXT])
{
    const struct option_definition *known = option_find_code(code);

    if (dhcp4_has(p, code))
        option_wire_to_text(known != NULL ? known->type : OPTION_TYPE_BINARY, p->option[code],
                            text, SHADOW_TEXT);
    else
        snprintf(text, SHADOW_TEXT, "not sent");
}

/* Is what one sends no more than what a client of the other concludes from its mask? */
static bool is_implied_broadcast(const struct dhcp4_packet *a, const struct dhcp4_packet *b)
{
    const struct dhcp4_packet *sent = dhcp4_has(a, OPTION_BROADCAST_ADDRESS) ? a : b;
    const uint32_t mask = dhcp4_option_ip4(sent, OPTION_SUBNET_MASK).value;
    const uint32_t address = dhcp4_option_ip4(sent, OPTION_BROADCAST_ADDRESS).value;

    return dhcp4_has(a, OPTION_BROADCAST_ADDRESS) != dhcp4_has(b, OPTION_BROADCAST_ADDRESS) &&
           mask != 0 && address == (sent->yiaddr.value | ~mask);
}

static void compare_options(struct shadow_differences *out, const struct dhcp4_packet *theirs,
                            const struct dhcp4_packet *ours)
{
    for (unsigned i = 1; i < OPTION_END; i++) {
        const uint8_t code = (uint8_t)i;
        struct shadow_difference *d;

        if (!is_compared(code) || (dhcp4_has(theirs, code) == dhcp4_has(ours, code) &&
                                   span_equal(theirs->option[code], ours->option[code])))
            continue;
        if (code == OPTION_BROADCAST_ADDRESS && is_implied_broadcast(theirs, ours))
            continue;
        d = add(out, SHADOW_OPTION, code);
        if (d == NULL)
            return;
        say_option(theirs, code, d->theirs);
        say_option(ours, code, d->ours);
    }
}

void shadow_compare(const struct config *config, const struct dhcp4_packet *theirs,
                    const struct explain *ours, struct shadow_differences *out)
{
    struct dhcp4_scratch scratch;
    struct dhcp4_packet our;
    char text[SHADOW_TEXT];

    out->count = 0;
    if (!ours->has_reply) {
        if (theirs == NULL)
            return;
        say_answer(theirs, text);
        add_texts(out, SHADOW_ONLY_THEY, text, ours->why);
        return;
    }
    if (dhcp4_decode(ours->reply.packet, &scratch, &our) != DHCP4_DECODED)
        UNREACHABLE("our own reply decodes");
    if (theirs == NULL) {
        say_answer(&our, text);
        add_texts(out, SHADOW_ONLY_WE, "silent", text);
        return;
    }
    if (theirs->type != our.type) {
        compare_types(out, theirs, &our, ours->why);
        return;
    }
    if (theirs->type == DHCP4_NAK)
        return;
    if (!ip4_equal(theirs->yiaddr, our.yiaddr) &&
        !(our.type == DHCP4_OFFER && is_free_choice(config, theirs->yiaddr, our.yiaddr)))
        add_addresses(out, SHADOW_ADDRESS, theirs->yiaddr, our.yiaddr);
    compare_times(out, theirs, &our);
    compare_header(out, theirs, &our);
    compare_options(out, theirs, &our);
}
