/* help_frame.c - frames with something in every field. */
#include "help_frame.h"

uint8_t help_encoded[2 * FRAME_SIZE_MAX];
uint8_t help_arena[FRAME_ARENA_SIZE];
struct frame help_decoded;
static struct frame original;

struct frame *help_begin(enum frame_type type)
{
    memset(&original, 0, sizeof(original));
    original.session = UINT64_C(0xfedcba9876543210);
    original.n = 77;
    original.type = type;
    return &original;
}

struct span help_encode(const struct frame *frame)
{
    const size_t size = frame_encode(frame, help_encoded, sizeof(help_encoded));

    assert_true(size > 0 && size <= frame_encoded_max(frame));
    return span_of(help_encoded, size);
}

struct binding help_binding(uint32_t address)
{
    struct binding b = binding_implied(ip4(address));

    b.state = BINDING_ACTIVE;
    b.owner = ROLE_SECONDARY;
    b.term = 3;
    b.version = (struct version){1000, 2, ROLE_SECONDARY};
    b.cltt = instant_ms(900);
    b.expires = instant_ms(5000);
    b.client = TEXT_SPAN("\x00\x01\x52\x54\x00\x12\x34\x56");
    b.reserved = TEXT_SPAN("\x01zz");
    b.unsent = true;
    b.htype = 1;
    b.hlen = 6;
    memcpy(b.chaddr, "\x52\x54\x00\x12\x34\x56", 6);
    b.host_name = TEXT_SPAN("db1");
    b.relay_info = TEXT_SPAN("\x01\x04port");
    b.vendor_class = TEXT_SPAN("PXEClient");
    return b;
}

struct frame *help_hello(void)
{
    struct frame *f = help_begin(FRAME_HELLO);

    f->hello = (struct hello){
        .protocol = FRAME_PROTOCOL,
        .pair = "dc1-row-a",
        .role = ROLE_SECONDARY,
        .nonce = 1,
        .answers_nonce = UINT64_MAX,
        .store_id = 3,
        .store_new = true,
        .chain_count = 2,
        .chain = {{11, 100}, {12, UINT64_MAX}},
        .seq = 5,
        .applied_store_id = 6,
        .applied_incarnation = 7,
        .applied_seq = 8,
        .state = 4,
        .starting = true,
        .state_since = {9},
        .term = UINT32_MAX,
        .clock = {1790000000000},
        .mclt_ms = 3600000,
        .restored = true,
        .mclt_wait_ms = 7200000,
        .digests = {21, {22, 23, 24, UINT64_MAX}},
        .identifier_count = 2,
        .identifiers = {{0x0a4d0002}, {UINT32_MAX}},
    };
    return f;
}

struct frame *help_heartbeat(void)
{
    struct frame *f = help_begin(FRAME_HEARTBEAT);

    f->heartbeat.state = 3;
    f->heartbeat.term = 2;
    f->heartbeat.durable_seq = 99;
    f->heartbeat.clock = instant_ms(1790000000000);
    f->heartbeat.mclt_ms = 3600000;
    f->heartbeat.digest = UINT64_MAX;
    f->heartbeat.pool_count = FRAME_POOLS_MAX;
    for (uint32_t i = 0; i < FRAME_POOLS_MAX; i++)
        f->heartbeat.pools[i] =
            (struct pool_free){ip4(256 * i), ip4(256 * i + 255), UINT64_MAX - i};
    return f;
}

struct frame *help_nak(void)
{
    static const uint8_t client[BINDING_CLIENT_MAX] = {1, 2, 3};
    struct frame *f = help_begin(FRAME_NAK);

    f->nak.client = span_of(client, sizeof(client));
    f->nak.address = ip4(0x0a4d1005);
    f->nak.reason = 2;
    f->nak.xid = UINT32_MAX;
    f->nak.when = instant_ms(1790000000000);
    return f;
}

struct frame *help_claim(void)
{
    struct frame *f = help_begin(FRAME_CLAIM);

    f->claim.id = 12;
    f->claim.operation = CLAIM_DECLINE;
    f->claim.version = (struct version){1790000000000, 3, ROLE_SECONDARY};
    f->claim.binding = help_binding(0x0a4d1005);
    f->claim.lease_ms = 43200000;
    f->claim.flex_id = TEXT_SPAN("rack7-1");
    return f;
}

struct frame *help_update(void)
{
    static struct binding bindings[5];
    struct frame *f = help_begin(FRAME_UPDATE);

    for (uint32_t i = 0; i < 5; i++)
        bindings[i] = help_binding(i);
    f->update.last_seq = 7;
    f->update.number = 1;
    f->update.count = 5;
    f->update.bindings = bindings;
    return f;
}

struct frame *help_reservations(void)
{
    static const uint8_t id[RESERVATION_ID_MAX] = {10, 0, 0, 0, 24, 2, 'x'};
    static struct reservation_record records[3];
    struct frame *f = help_begin(FRAME_RESERVATIONS);

    records[0] = (struct reservation_record){
        span_of(id, 7), {5, 0, ROLE_PRIMARY}, false, span_of("{client-id: '01'}", 17)};
    records[1] = (struct reservation_record){
        span_of(id, sizeof(id)), {7, UINT32_MAX, ROLE_SECONDARY}, true, span_of(NULL, 0)};
    records[2] = (struct reservation_record){
        span_of(id, 6), {1790000000000, 1, ROLE_PRIMARY}, false, span_of("x", 1)};
    f->reservations.number = 9;
    f->reservations.count = 3;
    f->reservations.records = records;
    return f;
}

struct frame *help_parts(void)
{
    static struct subnet_digests subnets[3];
    struct frame *f = help_begin(FRAME_CONFIG_PARTS);

    for (uint32_t i = 0; i < 3; i++)
        subnets[i] = (struct subnet_digests){
            ip4(0x0a000000 + (i << 8)), (uint8_t)(24 + i), {i, UINT64_MAX - i, 3 * i, 7}};
    f->parts.count = 3;
    f->parts.subnets = subnets;
    f->parts.more = true;
    f->parts.file = (struct file_digests){{UINT64_MAX, 0, 0, 5}};
    return f;
}
