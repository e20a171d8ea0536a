/* daemon/core/evaluate.c - a stack of values, and a step for each of the program.
 *
 * A test on the stack is a value without bytes whose size is 0 or 1.  What the compiler has
 * checked (types, depth of the stack, jumps that go forward) is asserted here. */
#include "daemon/core/evaluate.h"

#include "daemon/core/vendor.h"

struct machine {
    const struct facts *facts;
    struct evaluate_room *room;
    struct span stack[EXPRESSION_STACK];
    size_t depth;
    size_t next; /* step */
    bool failed; /* a value that does not fit, or no room */
};

static void push(struct machine *m, struct span value)
{
    ASSERT(m->depth < EXPRESSION_STACK);
    m->stack[m->depth++] = value;
}

static struct span pop(struct machine *m)
{
    ASSERT(m->depth > 0);
    return m->stack[--m->depth];
}

static void push_test(struct machine *m, bool holds)
{
    push(m, span_of(NULL, holds ? 1 : 0));
}

static bool pop_test(struct machine *m)
{
    return pop(m).size != 0;
}

/* NULL when there is no more room. */
static uint8_t *take(struct machine *m, size_t size)
{
    uint8_t *taken = m->room->bytes + m->room->used;

    if (size > sizeof(m->room->bytes) - m->room->used) {
        m->failed = true;
        return NULL;
    }
    m->room->used += size;
    return taken;
}

/* ---- made values ---- */

static void copy(uint8_t *to, struct span bytes)
{
    if (bytes.size > 0)
        memcpy(to, bytes.data, bytes.size);
}

static void concatenate(struct machine *m)
{
    const struct span right = pop(m), left = pop(m);
    const size_t size = left.size + right.size;
    uint8_t *made = take(m, size);

    if (made == NULL)
        return;
    copy(made, left);
    copy(made + left.size, right);
    push(m, span_of(made, size));
}

/* A negative start counts from the end; a negative length goes towards the beginning, without
 * the byte at the start. */
static struct span part_of(struct span value, int64_t start, int64_t length)
{
    const int64_t size = (int64_t)value.size;

    if (start < -size || start >= size)
        return span_of("", 0);
    if (start < 0)
        start += size;
    if (length < 0) {
        length = -length < start ? -length : start;
        start -= length;
    }
    if (length > size - start)
        length = size - start;
    return span_of(value.data + start, (size_t)length);
}

static bool is_among(struct span bytes, uint8_t byte)
{
    return bytes.size > 0 && memchr(bytes.data, byte, bytes.size) != NULL;
}

/* Fields are counted from 1; two delimiters side by side have an empty one between them. */
static struct span field_of(struct span value, struct span delimiters, int32_t number)
{
    size_t start = 0;

    if (delimiters.size == 0 || value.size == 0)
        return value;
    for (size_t at = 0; at <= value.size; at++) {
        if (at < value.size && !is_among(delimiters, value.data[at]))
            continue;
        if (--number == 0)
            return span_of(value.data + start, at - start);
        if (number < 0)
            break;
        start = at + 1;
    }
    return span_of("", 0);
}

static void split(struct machine *m, int32_t number)
{
    const struct span delimiters = pop(m), value = pop(m);

    push(m, field_of(value, delimiters, number));
}

static void hexadecimal(struct machine *m)
{
    static const char digits[] = "0123456789abcdef";
    const struct span separator = pop(m), value = pop(m);
    const size_t size =
        value.size == 0 ? 0 : 2 * value.size + (value.size - 1) * separator.size;
    uint8_t *made = take(m, size);
    size_t at = 0;

    if (made == NULL)
        return;
    for (size_t i = 0; i < value.size; i++) {
        if (i > 0) {
            copy(made + at, separator);
            at += separator.size;
        }
        made[at++] = (uint8_t)digits[value.data[i] >> 4];
        made[at++] = (uint8_t)digits[value.data[i] & 15];
    }
    ASSERT(at == size);
    push(m, span_of(made, size));
}

static void change_case(struct machine *m, char first, char last)
{
    const struct span value = pop(m);
    uint8_t *made = take(m, value.size);

    if (made == NULL)
        return;
    for (size_t i = 0; i < value.size; i++) {
        const bool changes = value.data[i] >= first && value.data[i] <= last;

        made[i] = changes ? value.data[i] ^ ('a' ^ 'A') : value.data[i];
    }
    push(m, span_of(made, value.size));
}

static uint32_t number_of(struct span bytes)
{
    uint32_t number = 0;

    for (size_t i = 0; i < bytes.size; i++)
        number = number << 8 | bytes.data[i];
    return number;
}

static void push_decimal(struct machine *m, uint32_t number, bool negative)
{
    char digits[11];
    size_t at = sizeof(digits);
    uint8_t *made;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    if (negative)
        digits[--at] = '-';
    made = take(m, sizeof(digits) - at);
    if (made == NULL)
        return;
    memcpy(made, digits + at, sizeof(digits) - at);
    push(m, span_of(made, sizeof(digits) - at));
}

/* Whether `value`, of which an empty one stays as it is, has the size that a conversion takes.
 */
static bool fits(struct machine *m, struct span value, size_t size)
{
    if (value.size == 0)
        push(m, value);
    else if (value.size != size)
        m->failed = true;
    return value.size == size;
}

static void decimal(struct machine *m, size_t size, bool is_signed)
{
    const struct span value = pop(m);
    uint32_t number;

    if (!fits(m, value, size))
        return;
    number = number_of(value);
    if (is_signed && (value.data[0] & 0x80) != 0) {
        if (size < 4)
            number |= UINT32_MAX << (8 * size);
        push_decimal(m, 0u - number, true);
    } else {
        push_decimal(m, number, false);
    }
}

static void address_text(struct machine *m)
{
    const struct span value = pop(m);
    char text[IP4_TEXT_SIZE];
    uint8_t *made;
    size_t size;

    if (!fits(m, value, 4))
        return;
    size = strlen(ip4_format(ip4(number_of(value)), text));
    made = take(m, size);
    if (made == NULL)
        return;
    memcpy(made, text, size);
    push(m, span_of(made, size));
}

static void push_field(struct machine *m, enum packet_field field)
{
    uint8_t room[FACT_ROOM];
    const struct span value = fact_field(m->facts, field, room);
    uint8_t *made;

    if (value.data != room) {
        push(m, value);
        return;
    }
    made = take(m, value.size);
    if (made == NULL)
        return;
    copy(made, value);
    push(m, span_of(made, value.size));
}

/* ---- steps ---- */

typedef void step_function(struct machine *m, const struct expression_step *step);

static struct span option(const struct machine *m, const struct expression_step *step)
{
    return fact_option(m->facts, step->code);
}

static struct span suboption(const struct machine *m, const struct expression_step *step)
{
    return dhcp4_suboption(option(m, step), step->sub);
}

static struct span vendor_option(const struct machine *m, const struct expression_step *step)
{
    return vendor_suboption(option(m, step), step->enterprise, step->sub);
}

static void step_text(struct machine *m, const struct expression_step *step)
{
    push(m, step->text);
}

static void step_option(struct machine *m, const struct expression_step *step)
{
    push(m, option(m, step));
}

static void step_suboption(struct machine *m, const struct expression_step *step)
{
    push(m, suboption(m, step));
}

static void step_field(struct machine *m, const struct expression_step *step)
{
    push_field(m, step->field);
}

static void step_vendor(struct machine *m, const struct expression_step *step)
{
    push(m, vendor_option(m, step));
}

static void step_vendor_class(struct machine *m, const struct expression_step *step)
{
    push(m, vendor_data(option(m, step), step->enterprise, (size_t)step->number));
}

static void step_enterprise(struct machine *m, const struct expression_step *step)
{
    push(m, vendor_first(option(m, step)));
}

static void step_has_option(struct machine *m, const struct expression_step *step)
{
    push_test(m, option(m, step).data != NULL);
}

static void step_has_suboption(struct machine *m, const struct expression_step *step)
{
    push_test(m, suboption(m, step).data != NULL);
}

static void step_has_vendor(struct machine *m, const struct expression_step *step)
{
    push_test(m, vendor_data(option(m, step), step->enterprise, 0).data != NULL);
}

static void step_has_vendor_option(struct machine *m, const struct expression_step *step)
{
    push_test(m, vendor_option(m, step).data != NULL);
}

static void step_member(struct machine *m, const struct expression_step *step)
{
    push_test(m, fact_in_class(m->facts, (uint32_t)step->number));
}

static void step_not(struct machine *m, const struct expression_step *step)
{
    (void)step;
    push_test(m, !pop_test(m));
}

static void step_equal(struct machine *m, const struct expression_step *step)
{
    const struct span right = pop(m), left = pop(m);

    (void)step;
    push_test(m, span_equal(left, right));
}

static void step_concat(struct machine *m, const struct expression_step *step)
{
    (void)step;
    concatenate(m);
}

static void step_substring(struct machine *m, const struct expression_step *step)
{
    push(m, part_of(pop(m), step->number, step->length));
}

static void step_split(struct machine *m, const struct expression_step *step)
{
    split(m, step->number);
}

static void step_hex(struct machine *m, const struct expression_step *step)
{
    (void)step;
    hexadecimal(m);
}

static void step_lower(struct machine *m, const struct expression_step *step)
{
    (void)step;
    change_case(m, 'A', 'Z');
}

static void step_upper(struct machine *m, const struct expression_step *step)
{
    (void)step;
    change_case(m, 'a', 'z');
}

static void step_address_text(struct machine *m, const struct expression_step *step)
{
    (void)step;
    address_text(m);
}

static void step_unsigned_text(struct machine *m, const struct expression_step *step)
{
    decimal(m, (size_t)step->number, false);
}

static void step_signed_text(struct machine *m, const struct expression_step *step)
{
    decimal(m, (size_t)step->number, true);
}

static void go_to(struct machine *m, const struct expression_step *step)
{
    ASSERT(step->target > m->next - 1);
    m->next = step->target;
}

/* The test decides and stays when it is `deciding`; else the other side does. */
static void leave_if(struct machine *m, const struct expression_step *step, bool deciding)
{
    const bool test = pop_test(m);

    if (test != deciding)
        return;
    push_test(m, test);
    go_to(m, step);
}

static void step_and(struct machine *m, const struct expression_step *step)
{
    leave_if(m, step, false);
}

static void step_or(struct machine *m, const struct expression_step *step)
{
    leave_if(m, step, true);
}

static void step_unless(struct machine *m, const struct expression_step *step)
{
    if (!pop_test(m))
        go_to(m, step);
}

static step_function *const steps[] = {
    [STEP_TEXT] = step_text,
    [STEP_OPTION] = step_option,
    [STEP_SUBOPTION] = step_suboption,
    [STEP_FIELD] = step_field,
    [STEP_VENDOR] = step_vendor,
    [STEP_VENDOR_CLASS] = step_vendor_class,
    [STEP_ENTERPRISE] = step_enterprise,
    [STEP_HAS_OPTION] = step_has_option,
    [STEP_HAS_SUBOPTION] = step_has_suboption,
    [STEP_HAS_VENDOR] = step_has_vendor,
    [STEP_HAS_VENDOR_OPTION] = step_has_vendor_option,
    [STEP_MEMBER] = step_member,
    [STEP_NOT] = step_not,
    [STEP_EQUAL] = step_equal,
    [STEP_CONCAT] = step_concat,
    [STEP_SUBSTRING] = step_substring,
    [STEP_SPLIT] = step_split,
    [STEP_HEX] = step_hex,
    [STEP_LOWER] = step_lower,
    [STEP_UPPER] = step_upper,
    [STEP_ADDRESS_TEXT] = step_address_text,
    [STEP_UNSIGNED_TEXT] = step_unsigned_text,
    [STEP_SIGNED_TEXT] = step_signed_text,
    [STEP_AND] = step_and,
    [STEP_OR] = step_or,
    [STEP_UNLESS] = step_unless,
    [STEP_FORWARD] = go_to,
};
_Static_assert(ARRAY_SIZE(steps) == EXPRESSION_OPS, "a function for each step");

static struct span run(const struct expression *expression, const struct facts *facts,
                       struct evaluate_room *room, bool *failed)
{
    struct machine m;

    m.facts = facts;
    m.room = room;
    m.depth = m.next = 0;
    m.failed = false;
    room->used = 0;
    while (m.next < expression->count && !m.failed) {
        const struct expression_step *step = &expression->steps[m.next++];

        steps[step->op](&m, step);
    }
    *failed = m.failed;
    if (m.failed)
        return span_of(NULL, 0);
    ASSERT(m.depth == 1);
    return m.stack[0];
}

bool evaluate_test(const struct expression *expression, const struct facts *facts)
{
    struct evaluate_room room;
    bool failed;

    ASSERT(expression->kind == EXPRESSION_TEST);
    return run(expression, facts, &room, &failed).size != 0;
}

bool evaluate_value(const struct expression *expression, const struct facts *facts,
                    struct evaluate_room *room, struct span *out)
{
    struct span value;
    bool failed;

    ASSERT(expression->kind == EXPRESSION_VALUE);
    value = run(expression, facts, room, &failed);
    if (!failed)
        *out = value;
    return !failed;
}
