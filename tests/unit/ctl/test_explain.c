/* twinctl explain: its command line, and an explanation as a person reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ctl/arguments.h"

#define WORDS_MAX 24

/* `line` in words; the options borrow from it. */
static bool parse(char *line, struct ctl_call *call, char error[static 256])
{
    static char program[] = "twinctl";
    char *words[WORDS_MAX] = {program};
    int count = 1;

    for (char *word = strtok(line, " "); word != NULL; word = strtok(NULL, " "))
        words[count++] = word;
    return ctl_arguments_parse(count, words, NULL, call, error, 256);
}

static void options_may_stand_before_and_behind(void **state)
{
    char line[] = "--socket explain --json explain --hw-address 02:00:00:00:00:01 --option a=1 "
                  "--relay circuit-id=x --option b=2 --local 10.0.0.1";
    struct ctl_call call;
    char error[256] = "";

    (void)state;
    assert_true(parse(line, &call, error));
    assert_ptr_equal(call.command, ctl_explain);
    assert_true(call.options.json);
    assert_string_equal(call.options.socket, "explain");
    assert_ptr_equal(call.options.explain, &call.explain);
    assert_string_equal(call.explain.parts.hw_address, "02:00:00:00:00:01");
    assert_int_equal(call.explain.parts.option_count, 2);
    assert_string_equal(call.explain.parts.options[1], "b=2");
    assert_int_equal(call.explain.parts.relay_count, 1);
    assert_string_equal(call.explain.local, "10.0.0.1");
}

static void what_contradicts_itself_is_refused(void **state)
{
    static const struct {
        const char *line, *text;
    } bad[] = {
        {"explain", "which packet"},
        {"explain --pcap a --hex 00", "give one"},
        {"explain --packet 3 --hw-address 02:00:00:00:00:01", "--pcap"},
        {"explain --pcap a --packet 0", "not a number"},
        {"explain --hex 00 --type request", "there already"},
        {"explain --node a --hex 00", "--config"},
        {"explain --hex 00 more", "one argument too many"},
        {"explain --limit 3", "no option"},
        {"explain --hex", "needs a value"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct ctl_call call;
        char line[128], error[256] = "";

        snprintf(line, sizeof(line), "%s", bad[i].line);
        assert_false(parse(line, &call, error));
        if (strstr(error, bad[i].text) == NULL)
            fail_msg("%s: %s", bad[i].line, error);
    }
}

static void help_is_its_own(void **state)
{
    char line[] = "explain --help";
    struct ctl_call call;
    char error[256] = "";

    (void)state;
    assert_true(parse(line, &call, error));
    assert_true(call.help);
    assert_ptr_equal(call.help_text, explain_help);
}

static const char answer[] =
    "{'verdict': 'offer', 'answered': true, 'why': '10.0.0.9 is offered for 60 s', 'request': "
    "{'type': 'DHCPDISCOVER', 'chaddr': '02:00:00:00:00:09', 'xid': '0x1', 'giaddr': "
    "'0.0.0.0', 'ciaddr': '10.0.0.1', 'secs': 4, 'broadcast': true, 'options': [{'code': 12, "
    "'name': 'host-name', 'value': 'a\\u001bb'}]}, 'steps': [{'step': 'link', 'subject': "
    "'10.0.0.1', 'text': 'the relay'}, {'step': 'reservation', 'subject': '', 'text': 'none'}],"
    "'steps_cut': 2, 'reply': {'way': 'frame', 'destination': '10.0.0.9', 'port': 68, 'size': "
    "300, 'packet': {'type': 'DHCPOFFER', 'yiaddr': '10.0.0.9', 'file': 'x.efi', 'options': "
    "[{'code': 3, 'name': 'routers', 'value': '10.0.0.1', 'origin': 'from the subnet'}]}}}";

static const char printed[] = "offer: 10.0.0.9 is offered for 60 s\n"
                              "\n"
                              "Asked: DHCPDISCOVER of 02:00:00:00:00:09, xid 0x1, ciaddr "
                              "10.0.0.1, wants a broadcast, secs 4\n"
                              "  CODE  OPTION     VALUE\n"
                              "    12  host-name  a?b\n"
                              "\n"
                              "Steps:\n"
                              "  STEP         SUBJECT   WHAT\n"
                              "  link         10.0.0.1  the relay\n"
                              "  reservation  -         none\n"
                              "  ... and 2 more\n"
                              "\n"
                              "Answered: DHCPOFFER, frame to 10.0.0.9:68, 300 bytes, yiaddr "
                              "10.0.0.9, file x.efi\n"
                              "  CODE  OPTION   VALUE     ORIGIN\n"
                              "     3  routers  10.0.0.1  from the subnet\n";

/* And what a client sent does not drive the terminal. */
static void the_verdict_comes_first_and_the_reply_last(void **state)
{
    char json[sizeof(answer)], out[2048] = "";
    FILE *file = fmemopen(out, sizeof(out), "w");
    json_t *value;

    (void)state;
    for (size_t i = 0; i < sizeof(answer); i++)
        json[i] = answer[i] == '\'' ? '"' : answer[i];
    value = json_loads(json, 0, NULL);
    assert_non_null(value);
    assert_non_null(file);
    explain_print(value, file);
    fclose(file);
    assert_string_equal(out, printed);
    json_decref(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_may_stand_before_and_behind),
        cmocka_unit_test(what_contradicts_itself_is_refused),
        cmocka_unit_test(help_is_its_own),
        cmocka_unit_test(the_verdict_comes_first_and_the_reply_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
