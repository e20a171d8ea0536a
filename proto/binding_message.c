/* proto/binding_message.c - the one encoding of a binding, for the partner and for the store.
 */
#include "proto/binding_message.h"

#include <stdalign.h>

/* Far beyond any lease, and far enough from the end of int64 that sums of a few never overflow.
 */
#define TIME_MAX (INT64_MAX / 8)

static ProtobufCBinaryData message_bytes(struct span span)
{
    /* The generated type has no const; packing only reads. */
    return (ProtobufCBinaryData){span.size, (uint8_t *)(uintptr_t)span.data};
}

static bool span_is_sound(struct span span, size_t max)
{
    return span.size <= max && (span.size == 0 || span.data != NULL);
}

static bool spans_are_sound(const struct binding *b)
{
    return span_is_sound(b->client, BINDING_CLIENT_MAX) &&
           span_is_sound(b->reserved, BINDING_CLIENT_MAX) &&
           span_is_sound(b->host_name, BINDING_ATTRIBUTE_MAX) &&
           span_is_sound(b->relay_info, BINDING_ATTRIBUTE_MAX) &&
           span_is_sound(b->vendor_class, BINDING_ATTRIBUTE_MAX) &&
           span_is_sound(b->names, NAMES_SIZE_MAX);
}

static bool names_are_sound(const struct binding *b)
{
    struct names names;

    return b->names.size == 0 || names_decode(b->names, &names);
}

static bool time_is_sound(int64_t ms)
{
    return ms >= 0 && ms <= TIME_MAX;
}

void binding_to_message(const struct binding *binding, Twindhcp__Binding *message)
{
    /* What could not be read back must not be written. */
    ASSERT(binding->hlen <= sizeof(binding->chaddr));
    ASSERT(spans_are_sound(binding));
    ASSERT(time_is_sound(binding->version.ms));
    ASSERT(time_is_sound(binding->cltt.ms) && time_is_sound(binding->expires.ms));

    twindhcp__binding__init(message);
    message->address = binding->address.value;
    message->state = (uint32_t)binding->state;
    message->owner = (uint32_t)binding->owner;
    message->term = binding->term;
    message->version_ms = (uint64_t)binding->version.ms;
    message->version_counter = binding->version.counter;
    message->version_writer = (uint32_t)binding->version.writer;
    message->cltt_ms = binding->cltt.ms;
    message->expires_ms = binding->expires.ms;
    message->client = message_bytes(binding->client);
    message->reserved = message_bytes(binding->reserved);
    message->htype = binding->htype;
    message->chaddr = message_bytes(span_of(binding->chaddr, binding->hlen));
    message->host_name = message_bytes(binding->host_name);
    message->relay_info = message_bytes(binding->relay_info);
    message->vendor_class = message_bytes(binding->vendor_class);
    message->names = message_bytes(binding->names);
}

static struct span message_span(ProtobufCBinaryData bytes)
{
    return span_of(bytes.len > 0 ? bytes.data : NULL, bytes.len);
}

static bool numbers_are_sound(const Twindhcp__Binding *m)
{
    return m->state < BINDING_STATES && m->owner <= ROLE_SECONDARY &&
           m->version_writer <= ROLE_SECONDARY && m->version_ms <= TIME_MAX &&
           time_is_sound(m->cltt_ms) && time_is_sound(m->expires_ms) && m->htype <= UINT8_MAX;
}

enum td_err binding_from_message(const Twindhcp__Binding *message, struct binding *binding)
{
    if (!numbers_are_sound(message) || message->chaddr.len > sizeof(binding->chaddr))
        return TD_MALFORMED;

    struct binding b = {
        .address = ip4(message->address),
        .state = (enum binding_state)message->state,
        .owner = (enum role)message->owner,
        .term = message->term,
        .version = {(int64_t)message->version_ms, message->version_counter,
                    (enum role)message->version_writer},
        .cltt = instant_ms(message->cltt_ms),
        .expires = instant_ms(message->expires_ms),
        .client = message_span(message->client),
        .reserved = message_span(message->reserved),
        .htype = (uint8_t)message->htype,
        .hlen = (uint8_t)message->chaddr.len,
        .host_name = message_span(message->host_name),
        .relay_info = message_span(message->relay_info),
        .vendor_class = message_span(message->vendor_class),
        .names = message_span(message->names),
    };

    if (!spans_are_sound(&b) || !names_are_sound(&b))
        return TD_MALFORMED;
    if (b.hlen > 0)
        memcpy(b.chaddr, message->chaddr.data, b.hlen);
    *binding = b;
    return TD_OK;
}

size_t binding_encoded_max(const struct binding *b)
{
    /* Tags, lengths, chaddr and all numbers at their longest come to 147. */
    return 160 + b->client.size + b->reserved.size + b->host_name.size + b->relay_info.size +
           b->vendor_class.size + b->names.size;
}

size_t stored_binding_encode(const struct stored_binding *b, uint8_t *out, size_t capacity)
{
    Twindhcp__Binding message;
    size_t size;

    /* To ask protobuf-c for the size would cost half as much again as packing. */
    ASSERT(binding_encoded_max(&b->binding) <= capacity);
    binding_to_message(&b->binding, &message);
    message.unsent = b->binding.unsent;
    message.seq = b->seq;
    size = twindhcp__binding__pack(&message, out);
    ASSERT(size <= capacity);
    return size;
}

/* ---- decoding: protobuf-c allocates, so it is given memory that needs no freeing ---- */

struct arena {
    uint8_t *next;
    size_t left;
};

static void *arena_take(struct arena *arena, size_t size, size_t alignment)
{
    const size_t skip = (alignment - (uintptr_t)arena->next % alignment) % alignment;

    if (skip > arena->left || size > arena->left - skip)
        return NULL;

    uint8_t *taken = arena->next + skip;

    arena->next = taken + size;
    arena->left -= skip + size;
    return taken;
}

/* The message itself and the parser's notes go to `scratch`, on the stack, for as long as it
 * lasts: a caller's arena is sized for the bytes that it wants back. */
struct decode_memory {
    struct arena scratch, arena;
};

static void *decode_alloc(void *context, size_t size)
{
    struct decode_memory *memory = context;
    void *taken = arena_take(&memory->scratch, size, alignof(max_align_t));

    return taken != NULL ? taken : arena_take(&memory->arena, size, alignof(max_align_t));
}

static void decode_free(void *context, void *pointer)
{
    (void)context;
    (void)pointer;
}

/* Move a span from `scratch` to the caller's arena. */
static bool keep(struct span *span, const uint8_t *scratch, size_t scratch_size,
                 struct arena *arena)
{
    if (span->size == 0)
        return true;
    if ((uintptr_t)span->data < (uintptr_t)scratch ||
        (uintptr_t)span->data >= (uintptr_t)scratch + scratch_size)
        return true;

    uint8_t *kept = arena_take(arena, span->size, 1);

    if (kept == NULL)
        return false;
    memcpy(kept, span->data, span->size);
    span->data = kept;
    return true;
}

enum td_err stored_binding_decode(struct span bytes, uint8_t *arena, size_t arena_size,
                                  struct stored_binding *out)
{
    alignas(max_align_t) uint8_t scratch[4096];
    struct decode_memory memory = {{scratch, sizeof(scratch)}, {arena, arena_size}};
    ProtobufCAllocator allocator = {decode_alloc, decode_free, &memory};
    const Twindhcp__Binding *message =
        twindhcp__binding__unpack(&allocator, bytes.size, bytes.data);
    struct stored_binding result = {.seq = 0};

    if (message == NULL || binding_from_message(message, &result.binding) != TD_OK)
        return TD_MALFORMED;
    result.binding.unsent = message->unsent != 0;
    result.seq = message->seq;

    struct span *spans[] = {&result.binding.client,       &result.binding.reserved,
                            &result.binding.host_name,    &result.binding.relay_info,
                            &result.binding.vendor_class, &result.binding.names};

    for (size_t i = 0; i < ARRAY_SIZE(spans); i++) {
        if (!keep(spans[i], scratch, sizeof(scratch), &memory.arena))
            return TD_NO_SPACE;
    }
    *out = result;
    return TD_OK;
}
