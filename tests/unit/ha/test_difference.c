/* What differs between two files is named by part and by subnet. */
#include "help_wire.h"

#include <stdio.h>

#define P ROLE_PRIMARY
#define S ROLE_SECONDARY

#define SUBNETS 3000 /* more than two messages hold */

static struct config_subnet subnets[2][SUBNETS];
static struct subnet_digests digests[2][SUBNETS];

static void number_subnets(struct wire *wire, enum role role, size_t count)
{
    struct config *config = &wire->peers[role].config;

    for (size_t i = 0; i < count; i++) {
        const struct ip4 network = ip4(0x0a000000 + ((uint32_t)i << 8));

        subnets[role][i] = (struct config_subnet){.network = network, .prefix_length = 24};
        digests[role][i] = (struct subnet_digests){network, 24, {i + 1, 7, 0, 9}};
    }
    config->subnets = subnets[role];
    config->subnet_digests = digests[role];
    config->subnet_count = count;
}

static int set_up(void **state)
{
    struct wire *wire = wire_make();

    number_subnets(wire, P, SUBNETS);
    number_subnets(wire, S, SUBNETS);
    *state = wire;
    return 0;
}

/* The digest of the whole part differs with any of its subnets'. */
static void meet(struct wire *wire)
{
    for (enum config_part part = 0; part < CONFIG_PARTS; part++) {
        for (size_t role = P; role <= S; role++) {
            struct config *config = &wire->peers[role].config;
            uint64_t sum = config->file_digests.part[part];

            for (size_t i = 0; i < config->subnet_count; i++)
                sum = sum * 31 + config->subnet_digests[i].part[part];
            config->digests.part[part] = sum;
        }
    }
    wire_start(wire, P);
    wire_start(wire, S);
    wire_link(wire);
    wire_run(wire, 500);
    assert_int_equal(wire_state(wire, P), FO_NORMAL); /* replication goes on */
}

static void assert_named(struct wire *wire, const char *at_primary, const char *at_secondary)
{
    assert_string_equal(wire_fo(wire, P)->config_difference, at_primary);
    assert_string_equal(wire_fo(wire, S)->config_difference, at_secondary);
    if (at_primary[0] != '\0') {
        assert_non_null(strstr(wire_event(wire, P, "configuration-differs"), at_primary));
        assert_non_null(strstr(wire_event(wire, S, "configuration-differs"), at_secondary));
    } else {
        assert_null(wire_event(wire, P, "configuration-differs"));
    }
}

static void equal_files_do_not_differ(void **state)
{
    struct wire *wire = *state;

    meet(wire);
    assert_named(wire, "", "");
    assert_false(differences_exist(&wire_fo(wire, P)->differences));
}

static void a_part_of_one_subnet_is_named(void **state)
{
    struct wire *wire = *state;

    digests[S][2500].part[PART_POOLS]++;
    digests[S][2999].part[PART_OPTIONS]++;
    meet(wire);
    assert_named(wire, "pools of 10.9.196.0/24, options of 10.11.183.0/24",
                 "pools of 10.9.196.0/24, options of 10.11.183.0/24");
}

static void a_subnet_of_one_file_is_named(void **state)
{
    struct wire *wire = *state;

    wire->peers[S].config.subnets++; /* lacks 10.0.0.0/24 ... */
    wire->peers[S].config.subnet_digests++;
    wire->peers[S].config.subnet_count--;
    wire->peers[P].config.subnet_count--; /* ... and the other the last */
    meet(wire);
    assert_named(wire, "subnet 10.0.0.0/24 (only here), subnet 10.11.183.0/24 (only there)",
                 "subnet 10.0.0.0/24 (only there), subnet 10.11.183.0/24 (only here)");
}

static void what_stands_outside_of_subnets_is_named(void **state)
{
    struct wire *wire = *state;

    wire->peers[S].config.file_digests.part[PART_SUBNETS]++;
    wire->peers[S].config.file_digests.part[PART_OPTIONS]++;
    wire->peers[S].config.digests.pair++;
    meet(wire);
    assert_named(wire, "pair, lease times outside of subnets, options outside of subnets",
                 "pair, lease times outside of subnets, options outside of subnets");
}

static void the_pair_alone_needs_no_list(void **state)
{
    struct wire *wire = *state;

    wire->peers[S].config.digests.pair++;
    meet(wire);
    assert_named(wire, "pair", "pair");
}

static void what_does_not_fit_is_counted(void **state)
{
    struct wire *wire = *state;
    const struct differences *d = &wire_fo(wire, P)->differences;
    char text[400];

    for (size_t i = 0; i < 200; i++)
        digests[S][i].part[PART_RESERVATIONS]++;
    meet(wire);
    assert_int_equal(d->total, 200);
    assert_int_equal(d->count, DIFFERENCES_MAX);
    for (size_t size = 40; size < sizeof(text); size++) {
        size_t named = 0, more = 0;
        const char *and;

        differences_text(d, text, size);
        assert_true(strlen(text) < size);
        for (const char *at = text; (at = strstr(at, "reservations of")) != NULL; at++)
            named++;
        and = strstr(text, " and ");
        assert_non_null(and);
        assert_int_equal(sscanf(and, " and %zu more", &more), 1);
        assert_int_equal(named + more, 200);
    }
}

static void it_is_told_once_and_again_when_it_changes(void **state)
{
    struct wire *wire = *state;

    digests[S][5].part[PART_POOLS]++;
    meet(wire);
    wire_forget(wire);
    wire_unlink(wire);
    wire_link(wire);
    wire_run(wire, 500);
    assert_null(wire_event(wire, P, "configuration-differs"));
    assert_string_equal(wire_fo(wire, P)->config_difference, "pools of 10.0.5.0/24");
    wire_unlink(wire);
    wire_kill(wire, S);
    digests[S][5].part[PART_POOLS]--;
    wire->peers[S].config.digests = wire->peers[P].config.digests;
    wire_start(wire, S);
    wire_link(wire);
    wire_run(wire, 500);
    assert_string_equal(wire_fo(wire, P)->config_difference, "");
}

static void a_link_on_which_the_files_differ_is_not_spared(void **state)
{
    struct wire *wire = *state;
    const struct differences *d = &wire_fo(wire, P)->differences;

    digests[S][5].part[PART_SUBNETS]++;
    digests[S][6].part[PART_POOLS]++;
    wire->peers[P].config.subnet_count--;
    meet(wire);
    assert_false(differences_spare_link(d, &subnets[P][5], &subnets[P][7]));
    assert_false(differences_spare_link(d, &subnets[P][7], &subnets[P][5]));
    assert_true(differences_spare_link(d, &subnets[P][6], &subnets[P][7]));
    /* The partner knows a subnet that this file does not: an address in none of ours may be
     * right. */
    assert_false(differences_spare_link(d, &subnets[P][7], NULL));
}

static void until_the_list_is_here_no_link_is_spared(void **state)
{
    struct differences d;
    const struct digests own = {0, {1, 1, 1, 1}}, theirs = {0, {2, 1, 1, 1}};

    (void)state;
    differences_begin(&d, &own, &theirs);
    assert_false(differences_spare_link(&d, &subnets[P][6], &subnets[P][7]));
    differences_begin(&d, &own, &own);
    assert_true(differences_spare_link(&d, &subnets[P][6], NULL));
}

static void a_list_that_does_not_ascend_ends_the_session(void **state)
{
    struct wire *wire = *state;
    struct frame frame = {.type = FRAME_CONFIG_PARTS};

    meet(wire);
    frame.session = wire_fo(wire, P)->session;
    frame.n = wire_fo(wire, P)->received_n + 1;
    frame.parts.subnets = (struct subnet_digests[]){digests[P][1], digests[P][0]};
    frame.parts.count = 2;
    wire_forget(wire);
    wire_give(wire, P, &frame);
    wire_settle(wire);
    assert_non_null(strstr(wire_event(wire, P, "session-ended"), "makes no sense"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, wire_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(equal_files_do_not_differ),
        TEST(a_part_of_one_subnet_is_named),
        TEST(a_subnet_of_one_file_is_named),
        TEST(what_stands_outside_of_subnets_is_named),
        TEST(the_pair_alone_needs_no_list),
        TEST(what_does_not_fit_is_counted),
        TEST(it_is_told_once_and_again_when_it_changes),
        TEST(a_link_on_which_the_files_differ_is_not_spared),
        TEST(until_the_list_is_here_no_link_is_spared),
        TEST(a_list_that_does_not_ascend_ends_the_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
