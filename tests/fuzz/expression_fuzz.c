/* tests/fuzz/expression_fuzz.c - a text of any bytes: an expression, or what is wrong with it.
 *
 * What compiles is run over one packet: whatever the compiler lets through, the evaluator's
 * stack, room and jumps have to bear. */
#include "daemon/core/evaluate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int32_t find_class(void *context, const char *name, const char **why)
{
    const enum config_builtin builtin = config_builtin_find(name);

    (void)context;
    *why = "no such class";
    return builtin != CONFIG_BUILTINS ? (int32_t)builtin : -1;
}

static void run(const struct expression *expression)
{
    static const uint8_t vendors[] = {0, 0, 0x11, 0x8b, 5, 1, 3, 'e', 's', 'm'};
    static const uint8_t relay[] = {1, 6, 'e', 't', 'h', '7', '/', '1', 2, 1, 0xab};
    static struct dhcp4_packet packet = {.htype = 1, .hlen = 6};
    static struct evaluate_room room;
    const struct datagram datagram = {.interface_name = "eth1"};
    const struct facts facts = {.packet = &packet, .datagram = &datagram};
    struct span value;

    packet.option[OPTION_VENDOR_CLASS_IDENTIFIER] = span_of("PXEClient:Arch:00007", 20);
    packet.option[OPTION_RELAY_AGENT_INFORMATION] = span_of(relay, sizeof(relay));
    packet.option[OPTION_CLIENT_SYSTEM] = span_of("\0\7", 2);
    packet.option[125] = packet.option[124] = span_of(vendors, sizeof(vendors));
    if (expression->kind == EXPRESSION_TEST)
        (void)evaluate_test(expression, &facts);
    else if (evaluate_value(expression, &facts, &room, &value))
        ASSERT(value.size == 0 || value.data != NULL);
}

/* The first byte chooses between test and value. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct expression_scope scope = {find_class, NULL, NULL};
    struct arena arena = {NULL};
    struct expression expression;
    struct expression_error error;
    char *text;

    if (size == 0)
        return 0;
    text = arena_text(&arena, (const char *)data + 1, size - 1);
    if (expression_compile(&arena, text,
                           (data[0] & 1) != 0 ? EXPRESSION_TEST : EXPRESSION_VALUE, &scope,
                           &expression, &error))
        run(&expression);
    else
        ASSERT(error.at <= strlen(text) && strlen(error.text) > 0);
    arena_free(&arena);
    return 0;
}
