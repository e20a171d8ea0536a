/* Seeded: damaged packets never break the decoder, and what the writer makes reads back. */
#include "help_packets.h"

#include <stdlib.h>

#define MUTATIONS   200000
#define ROUND_TRIPS 20000

static bool is_inside(struct span part, const uint8_t *from, size_t size)
{
    return part.data >= from && part.size <= size &&
           (size_t)(part.data - from) <= size - part.size;
}

/* A span reaches no byte that is not of the datagram or the scratch. */
static void check_packet(const struct dhcp4_packet *p, struct span bytes,
                         const struct dhcp4_scratch *scratch)
{
    uint8_t key[CLIENT_KEY_MAX];
    char text[64];

    for (size_t code = 0; code < 256; code++) {
        if (p->option[code].data != NULL)
            assert_true(is_inside(p->option[code], bytes.data, bytes.size) ||
                        is_inside(p->option[code], scratch->joined, sizeof scratch->joined));
    }
    assert_true(p->type <= 18);
    assert_true(p->hlen <= 16);
    assert_null(p->option[OPTION_PAD].data);
    assert_null(p->option[OPTION_END].data);
    assert_true(dhcp4_client_key(p, key).size >= 2);
    client_key_format(dhcp4_client_key(p, key), text, sizeof text);
    for (unsigned code = 0; code < 256; code++) {
        const struct span sub = dhcp4_relay_suboption(p, (uint8_t)code);

        assert_true(sub.data == NULL ||
                    is_inside(sub, p->option[OPTION_RELAY_AGENT_INFORMATION].data,
                              p->option[OPTION_RELAY_AGENT_INFORMATION].size));
    }
}

/* Every option as text, by its own type; damaged values too. */
static void check_texts(const struct dhcp4_packet *p)
{
    char text[512];

    for (unsigned code = 0; code < 256; code++) {
        const struct option_definition *known = option_find_code((uint8_t)code);

        if (!dhcp4_has(p, (uint8_t)code))
            continue;
        option_format(known != NULL ? known : &option_unnamed, p->option[code], text,
                      sizeof text);
        assert_true(strlen(text) < sizeof text);
    }
}

/* One to eight small damages: a byte set, a bit flipped, bytes doubled, the end cut. */
static size_t damage(struct help_random *r, uint8_t *bytes, size_t size, size_t capacity)
{
    for (uint32_t n = 1 + help_random_below(r, 8); n > 0 && size > 0; n--) {
        /* Mostly in the options, where the work is. */
        const bool options = size > 240 && help_random_below(r, 8) != 0;
        const size_t at = options ? 240 + help_random_below(r, (uint32_t)size - 240)
                                  : help_random_below(r, (uint32_t)size);
        const size_t run = 1 + help_random_below(r, 40);

        switch (help_random_below(r, 5)) {
        case 0:
            bytes[at] = (uint8_t)help_random_next(r);
            break;
        case 1:
            bytes[at] ^= (uint8_t)(1u << help_random_below(r, 8));
            break;
        case 2:
            bytes[at] = (uint8_t[]){0, 52, 53, 61, 82, 119, 121, 255}[help_random_below(r, 8)];
            break;
        case 3:
            if (run <= size - at && size + run <= capacity) {
                memmove(bytes + at + run, bytes + at, size - at);
                size += run;
            }
            break;
        case 4:
            if (help_random_below(r, 8) == 0)
                size = at;
            break;
        }
    }
    return size;
}

static void damaged_packets_are_decoded_or_dropped_with_a_reason(void **state)
{
    struct help_random r = {20240229};
    size_t results[DHCP4_DROP_REASONS] = {0};
    struct help_bytes originals[8];
    size_t count = 0;

    (void)state;
    for (; help_packets[count] != NULL; count++) {
        assert_true(count < ARRAY_SIZE(originals));
        originals[count] = help_hex(help_packets[count]);
    }
    for (int i = 0; i < MUTATIONS; i++) {
        const struct help_bytes *original = &originals[help_random_below(&r, (uint32_t)count)];
        static struct dhcp4_scratch scratch;
        static struct dhcp4_packet packet;
        uint8_t work[1500];
        size_t size = original->size;

        memcpy(work, original->data, size);
        size = damage(&r, work, size, sizeof work);
        /* A block of exactly this size: the sanitizer sees a read beyond it. */
        uint8_t *bytes = malloc(size > 0 ? size : 1);
        assert_non_null(bytes);
        memcpy(bytes, work, size);

        const enum dhcp4_decode result = dhcp4_decode(span_of(bytes, size), &scratch, &packet);
        assert_true(result < DHCP4_DROP_REASONS);
        results[result]++;
        if (result == DHCP4_DECODED) {
            check_packet(&packet, span_of(bytes, size), &scratch);
            check_texts(&packet);
        }
        free(bytes);
    }
    /* The damage is neither harmless nor always deadly, and finds the reasons it can. */
    assert_in_range(results[DHCP4_DECODED], MUTATIONS / 10, MUTATIONS * 9 / 10);
    assert_true(results[DHCP4_DROP_SHORT] > 0);
    assert_true(results[DHCP4_DROP_BAD_OP] > 0);
    assert_true(results[DHCP4_DROP_BAD_COOKIE] > 0);
    assert_true(results[DHCP4_DROP_BAD_HLEN] > 0);
    assert_true(results[DHCP4_DROP_TRUNCATED] > 0);
    assert_true(results[DHCP4_DROP_BAD_OVERLOAD] > 0);
    assert_true(results[DHCP4_DROP_BAD_TYPE] > 0);
    assert_true(results[DHCP4_DROP_BAD_OPTION] > 0);
}

static void add_random_options(struct help_random *r, struct dhcp4_writer *w,
                               const uint8_t *noise)
{
    for (uint32_t n = help_random_below(r, 30); n > 0; n--) {
        const uint8_t code = (uint8_t)(100 + help_random_below(r, 17)); /* none of fixed size */
        const uint32_t limit = help_random_below(r, 20) == 0 ? 700 : 60;

        dhcp4_writer_add(w, code, span_of(noise, help_random_below(r, limit)));
    }
    if (help_random_below(r, 2) == 0)
        dhcp4_writer_add(w, OPTION_RELAY_AGENT_INFORMATION,
                         span_of(noise, help_random_below(r, 300)));
}

static void what_the_writer_makes_reads_back(void **state)
{
    struct help_random r = {7};
    uint8_t noise[1024];
    size_t overloaded = 0;
    size_t incomplete = 0;

    (void)state;
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)help_random_next(&r);
    for (int i = 0; i < ROUND_TRIPS; i++) {
        static struct dhcp4_scratch scratch;
        static struct dhcp4_packet packet;
        static struct dhcp4_writer w;
        const struct dhcp4_reply_header header = {
            .hlen = 6,
            .file = help_random_below(&r, 4) == 0 ? "file" : NULL,
            .sname = help_random_below(&r, 4) == 0 ? "sname" : NULL,
        };
        uint8_t out[DHCP4_MAX_SIZE];
        size_t missing = 0;

        dhcp4_writer_init(&w, &header, (uint16_t)help_random_below(&r, 1600));
        dhcp4_writer_add_u8(&w, OPTION_MESSAGE_TYPE, DHCP4_ACK);
        add_random_options(&r, &w, noise);
        dhcp4_writer_add_u32(&w, OPTION_LEASE_TIME, (uint32_t)i);

        const size_t size = dhcp4_writer_finish(&w, out, sizeof out);
        assert_in_range(size, DHCP4_MIN_SIZE, w.max_size);
        assert_int_equal(dhcp4_decode(span_of(out, size), &scratch, &packet), DHCP4_DECODED);
        assert_int_equal(packet.type, DHCP4_ACK);
        assert_ptr_equal(packet.option[OPTION_LEASE_TIME].data, out + w.lease_time_at);
        assert_int_equal(dhcp4_option_u32(&packet, OPTION_LEASE_TIME), i);
        for (size_t j = 0; j < w.count; j++) {
            if (!dhcp4_has(&packet, w.option[j].code))
                missing++;
            else
                assert_true(span_equal(packet.option[w.option[j].code], w.option[j].value));
        }
        if (w.relay_info.data != NULL && !dhcp4_has(&packet, OPTION_RELAY_AGENT_INFORMATION))
            missing++;
        assert_int_equal(missing, w.dropped);
        overloaded += dhcp4_has(&packet, OPTION_OVERLOAD) ? 1 : 0;
        incomplete += missing > 0 ? 1 : 0;
    }
    assert_true(overloaded > 100);
    assert_true(incomplete > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_packets_are_decoded_or_dropped_with_a_reason),
        cmocka_unit_test(what_the_writer_makes_reads_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
