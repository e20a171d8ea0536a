#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "daemon/io/store.h"
#include "help_io.h"

#define RESULTS_MAX 64

struct fixture {
    uv_loop_t loop;
    char *path;
    struct store *store;
    size_t count, wanted;
    uint64_t numbers[RESULTS_MAX];
    bool durable[RESULTS_MAX];
    char reason[STORE_ERROR_SIZE];
};

static void add(struct fixture *f, uint64_t number, bool durable)
{
    assert_true(f->count < RESULTS_MAX);
    f->numbers[f->count] = number;
    f->durable[f->count++] = durable;
}

static void on_durable(void *context, uint64_t number)
{
    add(context, number, true);
}

static void on_failed(void *context, uint64_t number, const char *reason)
{
    struct fixture *f = context;

    add(f, number, false);
    snprintf(f->reason, sizeof f->reason, "%s", reason);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct store_host host = {f, on_durable, on_failed};
    char error[STORE_ERROR_SIZE];
    struct store_db *db;

    assert_non_null(f);
    f->path = help_directory_make();
    assert_int_equal(uv_loop_init(&f->loop), 0);
    db = store_db_open(f->path, error);
    assert_non_null(db);
    f->store = store_new(&f->loop, db, &host);
    *state = f;
    return 0;
}

static void end_store(struct fixture *f)
{
    store_free(f->store);
    f->store = NULL;
    help_loop_end(&f->loop);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    help_directory_remove(f->path);
    free(f);
    return 0;
}

static bool all_reported(void *context)
{
    struct fixture *f = context;

    return f->count >= f->wanted;
}

static void wait_for(struct fixture *f, size_t results)
{
    f->wanted = results;
    help_run_until(&f->loop, all_reported, f);
    assert_int_equal(f->count, results);
}

static enum td_err count_record(void *context, struct span key, struct span value)
{
    (void)key;
    (void)value;
    ++*(size_t *)context;
    return TD_OK;
}

static void assert_records(const struct fixture *f, size_t wanted)
{
    char error[STORE_ERROR_SIZE];
    struct store_db *db = store_db_open(f->path, error);
    size_t count = 0;

    assert_non_null(db);
    assert_int_equal(store_db_load(db, count_record, &count, error), TD_OK);
    assert_int_equal(count, wanted);
    store_db_close(db);
}

static void results_come_in_the_order_of_the_batches(void **state)
{
    struct fixture *f = *state;
    struct store_batch batches[20];
    char key[8];

    for (uint64_t i = 0; i < 20; i++) {
        snprintf(key, sizeof key, "%d", (int)i);
        batches[i] = help_batch(i + 1, key, "v");
        store_commit(f->store, &batches[i]);
    }
    assert_int_equal(store_pending(f->store), 20);
    wait_for(f, 20);
    for (size_t i = 0; i < 20; i++) {
        assert_int_equal(f->numbers[i], i + 1);
        assert_true(f->durable[i]);
        help_batch_free(&batches[i]);
    }
    assert_int_equal(store_pending(f->store), 0);
    end_store(f);
    assert_records(f, 20);
}

static void nothing_is_reported_from_within_a_commit(void **state)
{
    struct fixture *f = *state;
    struct store_batch batch = help_batch(1, "a", "1");

    store_commit(f->store, &batch);
    uv_sleep(100);
    assert_int_equal(f->count, 0);
    wait_for(f, 1);
    help_batch_free(&batch);
    end_store(f);
}

static void what_was_handed_over_is_written_before_the_end(void **state)
{
    struct fixture *f = *state;
    struct store_batch one = help_batch(1, "a", "1"), two = help_batch(2, "b", "2");

    store_commit(f->store, &one);
    store_commit(f->store, &two);
    end_store(f);
    assert_int_equal(f->count, 0);
    assert_records(f, 2);
    help_batch_free(&one);
    help_batch_free(&two);
}

/* No file may grow beyond `bytes`: stands for a disk that is full. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static struct store_batch large_batch(uint64_t number)
{
    static char value[64 * 1024];
    char key[8];

    memset(value, 'v', sizeof value - 1);
    snprintf(key, sizeof key, "%d", (int)number);
    return help_batch(number, key, value);
}

/* Else a record could be durable that rests on one that is not. */
static void nothing_is_written_after_what_failed(void **state)
{
    struct fixture *f = *state;
    struct store_batch large = large_batch(1), small = help_batch(2, "small", "v");

    limit_files(16 * 1024);
    store_commit(f->store, &large);
    store_commit(f->store, &small);
    wait_for(f, 2);
    limit_files(RLIM_INFINITY);
    assert_int_equal(f->numbers[0], 1);
    assert_int_equal(f->numbers[1], 2);
    assert_false(f->durable[0]);
    assert_false(f->durable[1]);
    assert_non_null(strstr(f->reason, "File too large"));
    end_store(f);
    assert_records(f, 0);
    help_batch_free(&large);
    help_batch_free(&small);
}

static void a_failed_batch_is_written_when_there_is_room_again(void **state)
{
    struct fixture *f = *state;
    struct store_batch large = large_batch(1), small = help_batch(2, "small", "v");

    limit_files(16 * 1024);
    store_commit(f->store, &large);
    wait_for(f, 1);
    store_commit(f->store, &large);
    wait_for(f, 2);
    assert_false(f->durable[1]);
    limit_files(RLIM_INFINITY);
    store_commit(f->store, &large);
    store_commit(f->store, &small);
    wait_for(f, 4);
    assert_true(f->durable[2]);
    assert_true(f->durable[3]);
    end_store(f);
    assert_records(f, 2);
    help_batch_free(&large);
    help_batch_free(&small);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(results_come_in_the_order_of_the_batches),
        TEST(nothing_is_reported_from_within_a_commit),
        TEST(what_was_handed_over_is_written_before_the_end),
        TEST(nothing_is_written_after_what_failed),
        TEST(a_failed_batch_is_written_when_there_is_room_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
