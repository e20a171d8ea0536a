#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/io/log.h"

/* A log that writes into a pipe. */
struct fixture {
    struct log log;
    int read_end;
    char text[65536];
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    int ends[2];

    assert_non_null(f);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    f->read_end = ends[0];
    log_init(&f->log, ends[1], LOG_JOURNAL);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    close(f->read_end);
    close(f->log.fd);
    free(f);
    return 0;
}

/* All that was written since the last call. */
static const char *written(struct fixture *f)
{
    ssize_t size = read(f->read_end, f->text, sizeof f->text - 1);

    f->text[size > 0 ? size : 0] = '\0';
    return f->text;
}

static struct log_time at_ms(int64_t ms)
{
    return (struct log_time){.wall_ms = 1764000000000 + ms, .boot_ms = ms};
}

static void a_line_for_the_journal_bears_its_priority(void **state)
{
    struct fixture *f = *state;

    log_write(&f->log, at_ms(0), EVENT_WARNING, "link-refused", "why");
    assert_string_equal(written(f), "<4>warning link-refused: why\n");
    log_write(&f->log, at_ms(0), EVENT_ERROR, "broken", "b");
    assert_string_equal(written(f), "<3>error broken: b\n");
    log_write(&f->log, at_ms(0), EVENT_NOTICE, "started", "s");
    assert_string_equal(written(f), "<5>notice started: s\n");
    log_write(&f->log, at_ms(0), EVENT_INFO, "told", "t");
    assert_string_equal(written(f), "<6>info told: t\n");
}

static void a_line_elsewhere_bears_the_time(void **state)
{
    struct fixture *f = *state;

    f->log.style = LOG_ISO;
    log_write(&f->log, at_ms(7), EVENT_NOTICE, "started", "text");
    assert_string_equal(written(f), "2025-11-24T16:00:00.007Z notice started: text\n");
}

static void a_repeated_warning_is_held_for_a_second(void **state)
{
    struct fixture *f = *state;

    log_write(&f->log, at_ms(0), EVENT_WARNING, "full", "first");
    (void)written(f);
    log_write(&f->log, at_ms(1), EVENT_WARNING, "full", "second");
    log_write(&f->log, at_ms(999), EVENT_WARNING, "full", "third");
    assert_string_equal(written(f), "");
    log_write(&f->log, at_ms(1000), EVENT_WARNING, "full", "fourth");
    assert_string_equal(written(f), "<4>warning full: fourth (2 more like this)\n");
}

static void what_was_held_is_written_when_its_second_is_over(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 5; i++)
        log_write(&f->log, at_ms(i), EVENT_ERROR, "full", i == 4 ? "last" : "text");
    (void)written(f);
    log_tick(&f->log, at_ms(999));
    assert_string_equal(written(f), "");
    log_tick(&f->log, at_ms(1000));
    assert_string_equal(written(f), "<3>error full: last (3 more like this)\n");
    log_tick(&f->log, at_ms(2000));
    assert_string_equal(written(f), "");
}

static void nothing_held_is_lost_at_the_end(void **state)
{
    struct fixture *f = *state;

    log_write(&f->log, at_ms(0), EVENT_WARNING, "full", "first");
    log_write(&f->log, at_ms(1), EVENT_WARNING, "full", "second");
    (void)written(f);
    log_flush(&f->log, at_ms(2));
    assert_string_equal(written(f), "<4>warning full: second\n");
}

static void names_are_limited_each_on_its_own(void **state)
{
    struct fixture *f = *state;

    log_write(&f->log, at_ms(0), EVENT_WARNING, "one", "a");
    log_write(&f->log, at_ms(0), EVENT_WARNING, "two", "b");
    assert_string_equal(written(f), "<4>warning one: a\n<4>warning two: b\n");
}

/* Changes of state are notices: each one is a line. */
static void notices_are_never_held_back(void **state)
{
    struct fixture *f = *state;

    log_write(&f->log, at_ms(0), EVENT_NOTICE, "state-changed", "a");
    log_write(&f->log, at_ms(0), EVENT_NOTICE, "state-changed", "b");
    assert_string_equal(written(f), "<5>notice state-changed: a\n<5>notice state-changed: b\n");
}

static void more_names_than_places_lose_nothing(void **state)
{
    struct fixture *f = *state;
    char names[LOG_NAMES + 1][16];

    log_write(&f->log, at_ms(0), EVENT_WARNING, "old", "first");
    log_write(&f->log, at_ms(1), EVENT_WARNING, "old", "held");
    for (int i = 0; i < LOG_NAMES; i++) {
        snprintf(names[i], sizeof names[i], "name-%d", i);
        (void)written(f);
        log_write(&f->log, at_ms(2 + i), EVENT_WARNING, names[i], "text");
    }
    assert_string_equal(written(f), "<4>warning old: held\n<4>warning name-63: text\n");
}

/* A host name from a packet must not be able to forge a line. */
static void control_characters_do_not_get_through(void **state)
{
    struct fixture *f = *state;

    log_write(&f->log, at_ms(0), EVENT_INFO, "told", "a\nb\033[1m\177c");
    assert_string_equal(written(f), "<6>info told: a?b?[1m?c\n");
}

static void a_long_text_is_cut(void **state)
{
    struct fixture *f = *state;
    char text[3 * LOG_TEXT_SIZE];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    log_write(&f->log, at_ms(0), EVENT_INFO, "told", text);
    assert_int_equal(strlen(written(f)), strlen("<6>info told: \n") + LOG_TEXT_SIZE - 1);
}

/* A reader that stopped must not stop the server. */
static void a_full_pipe_drops_lines_and_says_so_later(void **state)
{
    struct fixture *f = *state;
    char text[1000];
    uint64_t lost;

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (int i = 0; i < 200; i++)
        log_write(&f->log, at_ms(0), EVENT_NOTICE, "told", text);
    lost = f->log.lost;
    assert_true(lost > 0 && lost < 200);
    while (written(f)[0] != '\0') {
    }
    log_write(&f->log, at_ms(0), EVENT_NOTICE, "told", "here again");
    snprintf(text, sizeof text, "<5>notice told: here again (%ju lines lost before)\n",
             (uintmax_t)lost);
    assert_string_equal(written(f), text);
    assert_int_equal(f->log.lost, 0);
}

/* The variable is inherited by children whose output goes elsewhere. */
static void only_the_stream_that_the_journal_reads_gets_its_style(void **state)
{
    struct fixture *f = *state;
    struct stat st;
    char stream[64];

    assert_int_equal(fstat(f->log.fd, &st), 0);
    snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    assert_int_equal(setenv("JOURNAL_STREAM", stream, 1), 0);
    assert_int_equal(log_style_of(f->log.fd), LOG_JOURNAL);
    assert_int_equal(setenv("JOURNAL_STREAM", "1:1", 1), 0);
    assert_int_equal(log_style_of(f->log.fd), LOG_ISO);
    assert_int_equal(unsetenv("JOURNAL_STREAM"), 0);
    assert_int_equal(log_style_of(f->log.fd), LOG_ISO);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_for_the_journal_bears_its_priority),
        TEST(a_line_elsewhere_bears_the_time),
        TEST(a_repeated_warning_is_held_for_a_second),
        TEST(what_was_held_is_written_when_its_second_is_over),
        TEST(nothing_held_is_lost_at_the_end),
        TEST(names_are_limited_each_on_its_own),
        TEST(notices_are_never_held_back),
        TEST(more_names_than_places_lose_nothing),
        TEST(control_characters_do_not_get_through),
        TEST(a_long_text_is_cut),
        TEST(a_full_pipe_drops_lines_and_says_so_later),
        TEST(only_the_stream_that_the_journal_reads_gets_its_style),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
