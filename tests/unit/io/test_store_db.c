#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/io/store_db.h"
#include "help_io.h"

/* What a load gave, as "key=value " for each record. */
struct loaded {
    char text[512];
    const char *refuse; /* a key that is refused; NULL = none */
};

static enum td_err collect(void *context, struct span key, struct span value)
{
    struct loaded *loaded = context;
    size_t used = strlen(loaded->text);

    if (loaded->refuse != NULL && span_equal(key, help_span(loaded->refuse)))
        return TD_MALFORMED;
    snprintf(loaded->text + used, sizeof loaded->text - used, "%.*s=%.*s ", (int)key.size,
             (const char *)key.data, (int)value.size, (const char *)value.data);
    return TD_OK;
}

static int setup(void **state)
{
    *state = help_directory_make();
    return 0;
}

static int teardown(void **state)
{
    help_directory_remove(*state);
    return 0;
}

static void put(struct store_db *db, uint64_t number, const char *key, const char *value)
{
    struct store_batch batch = help_batch(number, key, value);
    char error[STORE_ERROR_SIZE] = "";

    assert_int_equal(store_db_write(db, &batch, error), TD_OK);
    help_batch_free(&batch);
}

static struct store_db *open_well(const char *path)
{
    char error[STORE_ERROR_SIZE] = "";
    struct store_db *db = store_db_open(path, error);

    assert_string_equal(error, "");
    assert_non_null(db);
    return db;
}

static void assert_holds(struct store_db *db, const char *wanted)
{
    struct loaded loaded = {.text = ""};
    char error[STORE_ERROR_SIZE] = "";

    assert_int_equal(store_db_load(db, collect, &loaded, error), TD_OK);
    assert_string_equal(loaded.text, wanted);
}

static void assert_open_fails(const char *path, const char *part)
{
    char error[STORE_ERROR_SIZE] = "";

    assert_null(store_db_open(path, error));
    if (strstr(error, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, error);
}

/* No record of anybody else's: the core must know every key. */
static void a_new_store_is_empty(void **state)
{
    struct store_db *db = open_well(*state);

    assert_holds(db, "");
    store_db_close(db);
}

static void what_was_written_is_there_after_opening_anew(void **state)
{
    struct store_db *db = open_well(*state);

    put(db, 1, "b", "2");
    put(db, 2, "a", "1");
    put(db, 3, "b", "3");
    store_db_close(db);
    db = open_well(*state);
    assert_holds(db, "a=1 b=3 ");
    store_db_close(db);
}

static void a_later_put_of_a_batch_wins(void **state)
{
    struct store_db *db = open_well(*state);
    struct store_batch batch = help_batch(1, "a", "1");
    char error[STORE_ERROR_SIZE];

    store_batch_put(&batch, help_span("a"), help_span("2"));
    store_batch_put(&batch, help_span("b"), help_span(""));
    assert_int_equal(store_db_write(db, &batch, error), TD_OK);
    assert_holds(db, "a=2 b= ");
    help_batch_free(&batch);
    store_db_close(db);
}

struct files {
    size_t count;
    off_t bytes;
};

/* RocksDB's files of one kind: ".log" what a start replays, ".sst" tables. */
static struct files files_of(const char *path, const char *suffix)
{
    DIR *dir = opendir(path);
    struct files files = {0, 0};
    const struct dirent *entry;
    struct stat st;

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        const char *dot = strrchr(entry->d_name, '.');

        if (dot == NULL || strcmp(dot, suffix) != 0 ||
            stat(help_path(path, entry->d_name), &st) != 0)
            continue;
        files.count++;
        files.bytes += st.st_size;
    }
    closedir(dir);
    return files;
}

static void after_an_orderly_end_nothing_is_replayed(void **state)
{
    struct store_db *db = open_well(*state);

    put(db, 1, "a", "1");
    assert_true(files_of(*state, ".log").bytes > 0);
    store_db_close(db);
    assert_int_equal(files_of(*state, ".log").bytes, 0);
    db = open_well(*state);
    assert_holds(db, "a=1 ");
    store_db_close(db);
}

/* Every end adds a table; else a store that is opened often would be ever slower to read. */
static void tables_are_merged_once_the_store_is_written(void **state)
{
    struct store_db *db;

    for (uint64_t i = 1; i <= 12; i++) {
        db = open_well(*state);
        put(db, i, "a", "1");
        store_db_close(db);
    }
    db = open_well(*state);
    put(db, 13, "a", "1");
    for (size_t ms = 0; ms < 10000 && files_of(*state, ".sst").count >= 4; ms += 10)
        uv_sleep(10);
    assert_true(files_of(*state, ".sst").count < 4);
    assert_holds(db, "a=1 ");
    store_db_close(db);
}

/* A kill -9 right after a write returned: the child leaves without closing anything. */
static void what_was_written_outlives_a_kill(void **state)
{
    struct store_db *db;
    pid_t child = fork();
    int status;

    if (child == 0) {
        char error[STORE_ERROR_SIZE];
        struct store_batch batch = help_batch(1, "a", "1");

        db = store_db_open(*state, error);
        _exit(db != NULL && store_db_write(db, &batch, error) == TD_OK ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    db = open_well(*state);
    assert_holds(db, "a=1 ");
    store_db_close(db);
}

static void a_missing_directory_is_made(void **state)
{
    const char *path = help_path(*state, "leases");
    struct store_db *db = open_well(path);
    struct stat st;

    store_db_close(db);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0750);
}

static void a_missing_parent_is_an_error_that_names_it(void **state)
{
    char parent[512];

    snprintf(parent, sizeof parent, "%s", help_path(*state, "none"));
    assert_open_fails(help_path(*state, "none/leases"), parent);
}

static void a_file_in_its_place_is_an_error(void **state)
{
    help_file(*state, "leases", "", 0600);
    assert_open_fails(help_path(*state, "leases"), "is not a directory");
}

/* `store: /etc` must not fill /etc with a database. */
static void a_directory_with_other_files_is_refused(void **state)
{
    help_file(*state, "passwd", "", 0600);
    assert_open_fails(*state, "holds other files (passwd)");
}

static void a_directory_without_permission_is_an_error(void **state)
{
    if (geteuid() == 0)
        skip(); /* root may write everywhere */
    assert_int_equal(chmod(*state, 0500), 0);
    assert_open_fails(*state, "is not writable");
    assert_int_equal(chmod(*state, 0700), 0);
}

static void a_store_open_in_another_process_names_that_process(void **state)
{
    int ready[2], end[2];
    char byte = 0, wanted[64];
    pid_t child;

    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(end), 0);
    child = fork();
    if (child == 0) {
        char error[STORE_ERROR_SIZE];
        bool opened = store_db_open(*state, error) != NULL;

        _exit(opened && write(ready[1], "r", 1) == 1 && read(end[0], &byte, 1) == 1 ? 0 : 1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    snprintf(wanted, sizeof wanted, "in use by process %d", (int)child);
    assert_open_fails(*state, wanted);
    assert_int_equal(write(end[1], "e", 1), 1);
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(ready[0]);
    close(ready[1]);
    close(end[0]);
    close(end[1]);
}

static void a_store_open_in_this_process_is_an_error(void **state)
{
    struct store_db *db = open_well(*state);

    assert_open_fails(*state, "already open in this process");
    store_db_close(db);
}

static void a_damaged_store_is_an_error_that_says_what_to_do(void **state)
{
    struct store_db *db = open_well(*state);

    put(db, 1, "a", "1");
    store_db_close(db);
    help_file(*state, "CURRENT", "MANIFEST-999999\n", 0600);
    assert_open_fails(*state, "is damaged");
    help_file(*state, "CURRENT", "nonsense", 0600);
    assert_open_fails(*state, "Move the directory away");
}

static void a_record_that_nobody_knows_is_named(void **state)
{
    struct store_db *db = open_well(*state);
    struct loaded loaded = {.text = "", .refuse = "bb"};
    char error[STORE_ERROR_SIZE];

    put(db, 1, "a", "1");
    put(db, 2, "bb", "2");
    assert_int_equal(store_db_load(db, collect, &loaded, error), TD_MALFORMED);
    assert_non_null(strstr(error, "62:62"));
    store_db_close(db);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* first: RocksDB's threads do not outlive a fork */
        TEST(what_was_written_outlives_a_kill),
        TEST(a_store_open_in_another_process_names_that_process),
        TEST(a_new_store_is_empty),
        TEST(what_was_written_is_there_after_opening_anew),
        TEST(a_later_put_of_a_batch_wins),
        TEST(after_an_orderly_end_nothing_is_replayed),
        TEST(tables_are_merged_once_the_store_is_written),
        TEST(a_missing_directory_is_made),
        TEST(a_missing_parent_is_an_error_that_names_it),
        TEST(a_file_in_its_place_is_an_error),
        TEST(a_directory_with_other_files_is_refused),
        TEST(a_directory_without_permission_is_an_error),
        TEST(a_store_open_in_this_process_is_an_error),
        TEST(a_damaged_store_is_an_error_that_says_what_to_do),
        TEST(a_record_that_nobody_knows_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
