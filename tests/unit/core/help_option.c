#include "help_option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

const struct sent_reply *help_answer(struct pair *pair, const struct ask *ask,
                                     struct span extra)
{
    struct node *node = &pair->nodes[ROLE_PRIMARY];
    uint8_t bytes[1500];
    size_t size = ask_encode(ask, bytes);
    struct datagram datagram = {
        .destination = ip4(UINT32_MAX),
        .local = node_address(ROLE_PRIMARY),
        .interface = 2,
    };

    if (extra.data != NULL) {
        assert_int_equal(bytes[size - 1], OPTION_END);
        memcpy(bytes + size - 1, extra.data, extra.size);
        size += extra.size;
        bytes[size - 1] = OPTION_END;
    }
    datagram.payload = span_of(bytes, size);
    pair_forget(pair);
    server_receive(node->server, pair->now, &datagram, &node->fx);
    server_flush(node->server, pair->now, &node->fx);
    pair_settle(pair);
    return pair_last(pair, ROLE_PRIMARY);
}

static uint8_t digit(char c)
{
    assert_non_null(strchr("0123456789abcdef", c));
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

void help_assert_wire(const char *what, struct span got, const char *expected)
{
    uint8_t wire[2048];
    size_t size = 0;
    char text[4 * 2048];

    for (bool literal = false; *expected != '\0'; expected++) {
        assert_true(size < sizeof(wire));
        if (*expected == '\'') {
            literal = !literal;
        } else if (literal) {
            wire[size++] = (uint8_t)*expected;
        } else if (*expected != ' ') {
            wire[size++] = (uint8_t)(digit(expected[0]) << 4 | digit(expected[1]));
            expected++;
        }
    }
    if (got.data == NULL)
        fail_msg("%s: not sent", what);
    if (!span_equal(got, span_of(wire, size)))
        fail_msg("%s: sent %s", what, hex_format(got, text, sizeof(text)));
}
