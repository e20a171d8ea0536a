/* One precedence for all that a client is told: reservation, class (the first in the file that
 * matches and sets it), pool, subnet, file.  Here for every set of levels that may set a value,
 * and for clients with and without a reservation and classes. */
#include "help_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* Nearest first. */
enum level { RESERVATION, FIRST_CLASS, SECOND_CLASS, POOL, SUBNET, WHOLE_FILE, LEVELS };

#define SETS       (1u << LEVELS) /* of levels that set a value */
#define FIRST_CODE 160            /* option FIRST_CODE + set: what that set of levels says */
#define NOBODY     9              /* what a class says that no client is in */
#define DEFAULT_S  43200

/* The classes match an option 57 of 1400, which `in_class` sends. */
struct client {
    bool reserved, in_class;
};

static const struct client clients[] = {
    {true, true}, {true, false}, {false, true}, {false, false}};

static bool applies(struct client client, enum level level)
{
    switch (level) {
    case RESERVATION:
        return client.reserved;
    case FIRST_CLASS:
    case SECOND_CLASS:
        return client.in_class;
    case POOL:
    case SUBNET:
    case WHOLE_FILE:
    case LEVELS:
        return true;
    }
    return true;
}

/* The nearest level of `set` that says something to `client`, LEVELS if none. */
static enum level nearest(unsigned set, struct client client)
{
    enum level level = RESERVATION;

    while (level < LEVELS && ((set & 1u << level) == 0 || !applies(client, level)))
        level++;
    return level;
}

/* ---- one file ---- */

struct text {
    char bytes[8000];
    size_t size;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format,
                                                      ...)
{
    const size_t room = sizeof(text->bytes) - text->size;
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(text->bytes + text->size, room, format, arguments);
    va_end(arguments);
    assert_true(size >= 0 && (size_t)size < room);
    text->size += (size_t)size;
}

/* What a level says, as members of a map: everything of `said`. */
typedef void say_function(struct text *text, unsigned set, unsigned said);

/* A file in which `say` speaks for each level; classes that no client is in say all. */
static void add_file(struct text *text, say_function *say, unsigned set)
{
    add(text, "subnets: [{subnet: 10.77.0.0/16");
    say(text, set, SUBNET);
    add(text, ", pools: [{range: 10.77.16.0-10.77.16.255");
    say(text, set, POOL);
    add(text, "}], reservations: [{hw-address: '02:00:00:00:00:01', address: 10.77.16.1");
    say(text, set, RESERVATION);
    add(text, "}]}]\nclasses:\n- {name: nobody, match: {option-57: '0578', option-60: '00'}");
    say(text, set, NOBODY);
    add(text, "}\n- {name: first, match: {option-57: '0578'}");
    say(text, set, FIRST_CLASS);
    add(text, "}\n- {name: other, match: {option-57: '0579'}");
    say(text, set, NOBODY);
    add(text, "}\n- {name: second, match: {option-57: ['ffff', '0578']}");
    say(text, set, SECOND_CLASS);
    add(text, "}\n");
}

static struct pair *pair_of(struct text *text)
{
    return pair_new("1h", text->bytes);
}

/* What a client hears of the primary, which answers everyone that has waited long enough. */
static const struct dhcp4_packet *answer(struct pair *pair, struct client client,
                                         struct ask ask)
{
    ask.type = DHCP4_DISCOVER;
    ask.client = client.reserved ? 1 : 7;
    ask.max_size = client.in_class ? 1400 : 1399;
    ask.secs = 9;
    pair_forget(pair);
    pair_tell(pair, ROLE_PRIMARY, &ask);
    pair_settle(pair);
    assert_non_null(pair_last(pair, ROLE_PRIMARY));
    return &pair_last(pair, ROLE_PRIMARY)->packet;
}

/* ---- options ---- */

/* Option FIRST_CODE + n where `said` is in the set n. */
static void say_options(struct text *text, unsigned set, unsigned said)
{
    (void)set;
    add(text, ", options: {option-250: '00'");
    for (unsigned n = 0; n < SETS; n++) {
        if (said == NOBODY || (n & 1u << said) != 0)
            add(text, ",option-%u: %02x", FIRST_CODE + n, said);
    }
    add(text, "}");
}

static void add_file_options(struct text *text)
{
    add(text, "options: {option-250: '00'");
    for (unsigned n = 0; n < SETS; n++) {
        if ((n & 1u << WHOLE_FILE) != 0)
            add(text, ",option-%u: %02x", FIRST_CODE + n, WHOLE_FILE);
    }
    add(text, "}\n");
}

static void an_option_comes_from_the_nearest_level_that_sets_it(void **state)
{
    struct text text = {.size = 0};
    uint8_t list[SETS];
    struct pair *pair;

    (void)state;
    for (unsigned n = 0; n < SETS; n++)
        list[n] = (uint8_t)(FIRST_CODE + n);
    add_file_options(&text);
    add_file(&text, say_options, 0);
    pair = pair_of(&text);
    for (size_t i = 0; i < ARRAY_SIZE(clients); i++) {
        const struct dhcp4_packet *p =
            answer(pair, clients[i], (struct ask){.parameters = span_of(list, sizeof(list))});

        for (unsigned n = 0; n < SETS; n++) {
            const struct span value = p->option[FIRST_CODE + n];
            const enum level level = nearest(n, clients[i]);

            assert_int_equal(value.size, level == LEVELS ? 0 : 1);
            if (level != LEVELS)
                assert_int_equal(value.data[0], level);
        }
    }
    pair_free(pair);
}

/* ---- header fields and lease time: another set for each, so that no two go together ---- */

static unsigned set_of_name(unsigned set)
{
    return (set + SETS / 3) % SETS;
}

static unsigned set_of_file(unsigned set)
{
    return (set * 5 + 7) % SETS;
}

static bool says(unsigned said, unsigned set)
{
    return said == NOBODY || (set & 1u << said) != 0;
}

static void say_fields(struct text *text, unsigned set, unsigned said)
{
    if (says(said, set))
        add(text, ", next-server: 10.1.0.%u, lease-time: {default: %us, max: %us}", said + 1,
            3600 + said, 50000 + said);
    if (says(said, set_of_name(set)))
        add(text, ", server-name: s%u", said);
    if (says(said, set_of_file(set)))
        add(text, ", boot-file-name: f%u", said);
}

static void add_file_fields(struct text *text, unsigned set)
{
    if (says(WHOLE_FILE, set))
        add(text, "next-server: 10.1.0.%u\nlease-time: {default: %us, max: %us}\n",
            WHOLE_FILE + 1, 3600 + WHOLE_FILE, 50000 + WHOLE_FILE);
    if (says(WHOLE_FILE, set_of_name(set)))
        add(text, "server-name: s%u\n", WHOLE_FILE);
    if (says(WHOLE_FILE, set_of_file(set)))
        add(text, "boot-file-name: f%u\n", WHOLE_FILE);
}

/* A field of the header: the letter and the level. */
static void assert_field(struct span field, char letter, enum level level)
{
    char expected[4] = "";

    if (level != LEVELS)
        snprintf(expected, sizeof(expected), "%c%u", letter, level);
    assert_string_equal((const char *)field.data, expected);
}

static void assert_fields(struct pair *pair, unsigned set, struct client client)
{
    const struct dhcp4_packet *p = answer(pair, client, (struct ask){.lease_time = 0});
    const enum level level = nearest(set, client);

    assert_int_equal(p->siaddr.value, level == LEVELS ? 0 : 0x0a010001u + level);
    assert_field(p->sname, 's', nearest(set_of_name(set), client));
    assert_field(p->file, 'f', nearest(set_of_file(set), client));
    assert_int_equal(dhcp4_option_u32(p, OPTION_LEASE_TIME),
                     level == LEVELS ? DEFAULT_S : 3600u + level);
    p = answer(pair, client, (struct ask){.lease_time = 80000});
    assert_int_equal(dhcp4_option_u32(p, OPTION_LEASE_TIME),
                     level == LEVELS ? 80000 : 50000u + level);
}

static void fields_and_lease_time_come_from_the_nearest_level_too(void **state)
{
    (void)state;
    for (unsigned set = 0; set < SETS; set++) {
        struct text text = {.size = 0};
        struct pair *pair;

        add_file_fields(&text, set);
        add_file(&text, say_fields, set);
        pair = pair_of(&text);
        for (size_t i = 0; i < ARRAY_SIZE(clients); i++)
            assert_fields(pair, set, clients[i]);
        pair_free(pair);
    }
}

/* Of the classes one sets the lease time: what it leaves open is the pool's to say. */
static void a_second_class_does_not_complete_the_lease_time_of_the_first(void **state)
{
    static const char yaml[] =
        "classes:\n"
        "- {name: first, match: {option-57: '0578'}, lease-time: {default: 1h}}\n"
        "- {name: second, match: {option-57: '0578'}, lease-time: {max: 13h}}\n"
        "subnets:\n"
        "- subnet: 10.77.0.0/16\n"
        "  lease-time: {min: 10m}\n"
        "  pools: [{range: 10.77.16.0-10.77.16.255, lease-time: {max: 14h}}]\n";
    const struct client client = {false, true};
    struct pair *pair = pair_new("1h", yaml);
    const struct dhcp4_packet *p = answer(pair, client, (struct ask){.lease_time = 0});

    (void)state;
    assert_int_equal(dhcp4_option_u32(p, OPTION_LEASE_TIME), 3600);
    p = answer(pair, client, (struct ask){.lease_time = 80000});
    assert_int_equal(dhcp4_option_u32(p, OPTION_LEASE_TIME), 14 * 3600);
    p = answer(pair, client, (struct ask){.lease_time = 1});
    assert_int_equal(dhcp4_option_u32(p, OPTION_LEASE_TIME), 600);
    pair_free(pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_option_comes_from_the_nearest_level_that_sets_it),
        cmocka_unit_test(fields_and_lease_time_come_from_the_nearest_level_too),
        cmocka_unit_test(a_second_class_does_not_complete_the_lease_time_of_the_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
