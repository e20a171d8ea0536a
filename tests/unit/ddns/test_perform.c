/* A job is the messages of RFC 4703 in their order, and what the answers make of it. */
#include "daemon/ddns/perform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define ASKED_MAX 8

/* A server that says what a test wrote down, and notes what it was asked. */
struct script {
    enum ddns_answer say[ASKED_MAX];
    enum ddns_message_type asked[ASKED_MAX];
    const char *zone[ASKED_MAX];
    size_t count;
};

static enum ddns_answer answer(void *context, const struct ddns_message *message,
                               char problem[static DDNS_FAILURE_SIZE])
{
    struct script *script = context;

    assert_true(script->count < ASKED_MAX);
    script->asked[script->count] = message->type;
    script->zone[script->count] = message->zone->zone;
    (void)snprintf(problem, DDNS_FAILURE_SIZE, "it answers REFUSED");
    return script->say[script->count++];
}

static const struct ip4 server = {0x0a000035};
static const struct config_ddns_zone zones[] = {
    {.zone = "example.net", .servers = &server, .server_count = 1, .port = 53},
    {.zone = "10.in-addr.arpa", .servers = &server, .server_count = 1, .port = 53},
};

static struct dns_job job_of(bool add)
{
    return (struct dns_job){.id = 1,
                            .address = ip4(0x0a070009),
                            .add = add,
                            .forward = true,
                            .reverse = true,
                            .client_size = 8,
                            .client = {0, 1, 2, 0, 0, 0, 0, 1},
                            .name_size = 15,
                            .name = "web.example.net"};
}

static enum dns_outcome perform(struct script *script, const struct dns_job *job,
                                enum config_ddns_conflicts conflicts)
{
    const struct config_ddns ddns = {
        .zones = zones, .zone_count = 2, .ttl_s = 60, .conflicts = conflicts};
    const struct ddns_keys keys = {.count = 0};
    const struct ddns_performer performer = {&ddns, &keys, {script, answer}};
    char problem[DDNS_FAILURE_SIZE];

    return ddns_perform(&performer, job, problem);
}

static void assert_asked(const struct script *script, size_t count,
                         const enum ddns_message_type *types)
{
    assert_int_equal(script->count, count);
    assert_memory_equal(script->asked, types, count * sizeof(*types));
}

struct expectation {
    bool add;
    enum config_ddns_conflicts conflicts;
    size_t count;
    enum ddns_answer say[4];
    enum ddns_message_type asked[4];
    enum dns_outcome outcome;
};

static void each_course_of_a_job_is_as_the_rfc_has_it(void **state)
{
    static const struct expectation all[] = {
        /* a new name */
        {true,
         CONFLICTS_CHECK,
         2,
         {DDNS_OK, DDNS_OK},
         {DDNS_ADD_NEW, DDNS_ADD_REVERSE},
         DNS_DONE},
        /* the client's own of before */
        {true,
         CONFLICTS_CHECK,
         3,
         {DDNS_NAME_USED, DDNS_OK, DDNS_OK},
         {DDNS_ADD_NEW, DDNS_ADD_OWN, DDNS_ADD_REVERSE},
         DNS_DONE},
        /* another's: the reverse name is left, too */
        {true,
         CONFLICTS_CHECK,
         2,
         {DDNS_NAME_USED, DDNS_NOT_MET},
         {DDNS_ADD_NEW, DDNS_ADD_OWN},
         DNS_TAKEN},
        {true,
         CONFLICTS_CHECK_EXISTS,
         3,
         {DDNS_NAME_USED, DDNS_OK, DDNS_OK},
         {DDNS_ADD_NEW, DDNS_ADD_OWNED, DDNS_ADD_REVERSE},
         DNS_DONE},
        {true,
         CONFLICTS_NONE,
         2,
         {DDNS_OK, DDNS_OK},
         {DDNS_ADD_ANY, DDNS_ADD_REVERSE},
         DNS_DONE},
        {true, CONFLICTS_CHECK, 1, {DDNS_REJECTED}, {DDNS_ADD_NEW}, DNS_FAILED},
        {true,
         CONFLICTS_CHECK,
         2,
         {DDNS_OK, DDNS_REJECTED},
         {DDNS_ADD_NEW, DDNS_ADD_REVERSE},
         DNS_FAILED},
        /* the name goes between two questions */
        {true, CONFLICTS_CHECK, 1, {DDNS_NOT_MET}, {DDNS_ADD_NEW}, DNS_FAILED},
        {false,
         CONFLICTS_CHECK,
         3,
         {DDNS_OK, DDNS_OK, DDNS_OK},
         {DDNS_REMOVE_ADDRESS, DDNS_REMOVE_NAME, DDNS_REMOVE_REVERSE},
         DNS_DONE},
        /* it has another address (IPv6) left */
        {false,
         CONFLICTS_CHECK,
         3,
         {DDNS_OK, DDNS_NOT_MET, DDNS_OK},
         {DDNS_REMOVE_ADDRESS, DDNS_REMOVE_NAME, DDNS_REMOVE_REVERSE},
         DNS_DONE},
        /* nothing of ours is there */
        {false,
         CONFLICTS_CHECK,
         2,
         {DDNS_NOT_MET, DDNS_NOT_MET},
         {DDNS_REMOVE_ADDRESS, DDNS_REMOVE_REVERSE},
         DNS_DONE},
        {false, CONFLICTS_CHECK, 1, {DDNS_REJECTED}, {DDNS_REMOVE_ADDRESS}, DNS_FAILED},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
        struct script script = {.count = 0};
        const struct dns_job job = job_of(all[i].add);

        memcpy(script.say, all[i].say, sizeof(all[i].say));
        assert_int_equal(perform(&script, &job, all[i].conflicts), all[i].outcome);
        assert_asked(&script, all[i].count, all[i].asked);
    }
}

static void each_name_goes_to_its_zone(void **state)
{
    struct script script = {.say = {DDNS_OK, DDNS_OK}};
    const struct dns_job job = job_of(true);

    (void)state;
    assert_int_equal(perform(&script, &job, CONFLICTS_CHECK), DNS_DONE);
    assert_string_equal(script.zone[0], "example.net");
    assert_string_equal(script.zone[1], "10.in-addr.arpa");
}

static void what_lies_in_no_zone_is_left_as_it_is(void **state)
{
    struct script script = {.count = 0};
    struct dns_job job = job_of(false);

    (void)state;
    (void)snprintf(job.name, sizeof(job.name), "web.example.org");
    job.address = ip4(0x0b000001);
    assert_int_equal(perform(&script, &job, CONFLICTS_CHECK), DNS_DONE);
    assert_int_equal(script.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_course_of_a_job_is_as_the_rfc_has_it),
        cmocka_unit_test(each_name_goes_to_its_zone),
        cmocka_unit_test(what_lies_in_no_zone_is_left_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
