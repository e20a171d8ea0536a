#include "daemon/io/store_db.h"

#include <rocksdb/c.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/io/store_dir.h"
#include "proto/option.h"

#define MIB ((size_t)1 << 20)

struct store_db {
    char *path;
    rocksdb_t *db; /* NULL after a failure, until the next write opens it anew */
    rocksdb_options_t *options;
    rocksdb_cache_t *cache;
    rocksdb_writeoptions_t *durably;
    rocksdb_writebatch_t *batch; /* reused */
    bool failed;
};

/* One writer, small synchronous batches, the whole table read once at start and never after. */
static void set_options(struct store_db *self)
{
    rocksdb_options_t *o = self->options;
    rocksdb_block_based_table_options_t *table = rocksdb_block_based_options_create();

    rocksdb_options_set_create_if_missing(o, 1);
    rocksdb_options_set_paranoid_checks(o, 1);
    rocksdb_options_set_compression(o, rocksdb_no_compression);

    /* Memory: two write buffers, a small cache, few open files.  One is flushed in less time
     * than the other takes to fill, and a start replays no more than their logs. */
    rocksdb_options_set_write_buffer_size(o, 16 * MIB);
    rocksdb_options_set_max_write_buffer_number(o, 2);
    rocksdb_options_set_max_total_wal_size(o, 48 * MIB);
    rocksdb_options_set_max_open_files(o, 64);
    rocksdb_block_based_options_set_block_cache(table, self->cache);
    rocksdb_options_set_block_based_table_factory(o, table);
    rocksdb_block_based_options_destroy(table); /* the options keep their own copy */

    rocksdb_options_set_max_background_jobs(o, 2);
    rocksdb_options_set_max_subcompactions(o, 1);
    /* What was written is read only when it goes to a table file, and is sorted then, in the
     * background: half the processor time of keeping it sorted (tests/bench/store). */
    rocksdb_options_set_memtable_vector_rep(o);
    rocksdb_options_set_allow_concurrent_memtable_write(o, 0);
    rocksdb_options_set_enable_write_thread_adaptive_yield(o, 0);

    /* Its own log files: only the head that every start writes.  Errors come back to us anyway,
     * and Debian's RocksDB 7.8 is built with assertions, one of which ends the process at the
     * second line that does not get into a log file of its own: a full disk would be a crash.
     */
    rocksdb_options_set_info_log_level(o, 5);
    rocksdb_options_set_max_log_file_size(o, MIB);
    rocksdb_options_set_keep_log_file_num(o, 3);
    rocksdb_options_set_max_manifest_file_size(o, 4 * MIB);
    rocksdb_options_set_stats_dump_period_sec(o, 0);
    rocksdb_options_set_stats_persist_period_sec(o, 0);
    rocksdb_options_set_skip_stats_update_on_db_open(o, 1);

    /* Until all is loaded, the processor is for that. */
    rocksdb_options_set_disable_auto_compactions(o, 1);

    /* A torn end of the log is cut off; if a disk lost more than that, the partner sees that
     * this store was set back (failover protocol, SetBack). */
    rocksdb_options_set_wal_recovery_mode(o, rocksdb_point_in_time_recovery);
}

/* RocksDB's text in other words where we know better; takes `text`. */
static void explain(const char *path, char *text, char *error)
{
    if (strstr(text, "lock hold by current process") != NULL)
        snprintf(error, STORE_ERROR_SIZE, "%s is already open in this process", path);
    else if (strstr(text, "lock file") != NULL &&
             strstr(text, "temporarily unavailable") != NULL)
        store_dir_explain_lock(path, error, STORE_ERROR_SIZE);
    else if (strstr(text, "No space left on device") != NULL)
        snprintf(error, STORE_ERROR_SIZE, "%s: No space left on device", path);
    else if (strstr(text, "Disk quota exceeded") != NULL)
        snprintf(error, STORE_ERROR_SIZE, "%s: Disk quota exceeded", path);
    else if (strstr(text, "Read-only file system") != NULL)
        snprintf(error, STORE_ERROR_SIZE, "%s: Read-only file system", path);
    else if (strncmp(text, "Corruption", 10) == 0 || strstr(text, "No such file") != NULL)
        snprintf(error, STORE_ERROR_SIZE,
                 "%s is damaged (%.200s). Move the directory away: the server then starts with "
                 "an empty store and fetches the leases from its partner",
                 path, text);
    else
        snprintf(error, STORE_ERROR_SIZE, "%s: %.300s", path, text);
    rocksdb_free(text);
}

/* With room for the lines that even a silent RocksDB logs at start, see above. */
static enum td_err open_db(struct store_db *self, char *error)
{
    char *text = NULL;

    if (store_dir_probe(self->path, error, STORE_ERROR_SIZE) != TD_OK)
        return TD_IO;
    self->db = rocksdb_open(self->options, self->path, &text);
    if (text != NULL) {
        explain(self->path, text, error);
        self->db = NULL;
        return TD_IO;
    }
    self->failed = false;
    return TD_OK;
}

/* A start after an orderly end need not replay the log.  Should it fail, the next one does. */
static void flush(struct store_db *self)
{
    rocksdb_flushoptions_t *options = rocksdb_flushoptions_create(); /* waits */
    char *text = NULL;

    rocksdb_flush(self->db, options, &text);
    rocksdb_free(text);
    rocksdb_flushoptions_destroy(options);
}

static void close_db(struct store_db *self)
{
    if (self->db != NULL)
        rocksdb_close(self->db);
    self->db = NULL;
}

static enum td_err write_batch(struct store_db *self, char *error)
{
    char *text = NULL;

    rocksdb_write(self->db, self->durably, self->batch, &text);
    if (text == NULL)
        return TD_OK;
    explain(self->path, text, error);
    self->failed = true;
    return TD_IO;
}

static enum td_err write_test(struct store_db *self, char *error)
{
    static const char key[] = "test";

    rocksdb_writebatch_clear(self->batch);
    rocksdb_writebatch_put(self->batch, key, sizeof key, key, sizeof key);
    rocksdb_writebatch_delete(self->batch, key, sizeof key);
    return write_batch(self, error);
}

struct store_db *store_db_open(const char *path, char error[static STORE_ERROR_SIZE])
{
    struct store_db *self;

    if (store_dir_prepare(path, error, STORE_ERROR_SIZE) != TD_OK)
        return NULL;
    self = calloc(1, sizeof *self);
    ASSERT(self != NULL);
    self->path = strdup(path);
    ASSERT(self->path != NULL);
    self->options = rocksdb_options_create();
    self->cache = rocksdb_cache_create_lru(8 * MIB);
    self->batch = rocksdb_writebatch_create();
    self->durably = rocksdb_writeoptions_create();
    rocksdb_writeoptions_set_sync(self->durably, 1);
    set_options(self);
    if (open_db(self, error) != TD_OK || write_test(self, error) != TD_OK) {
        store_db_close(self);
        return NULL;
    }
    return self;
}

void store_db_close(struct store_db *self)
{
    if (self == NULL)
        return;
    if (self->db != NULL && !self->failed)
        flush(self);
    close_db(self);
    rocksdb_writeoptions_destroy(self->durably);
    rocksdb_writebatch_destroy(self->batch);
    rocksdb_options_destroy(self->options);
    rocksdb_cache_destroy(self->cache);
    free(self->path);
    free(self);
}

static enum td_err load_each(rocksdb_iterator_t *it, const char *path, store_record *record,
                             void *context, char *error)
{
    for (rocksdb_iter_seek_to_first(it); rocksdb_iter_valid(it); rocksdb_iter_next(it)) {
        struct span key, value;
        char hex[128];
        enum td_err result;

        key.data = (const uint8_t *)rocksdb_iter_key(it, &key.size);
        value.data = (const uint8_t *)rocksdb_iter_value(it, &value.size);
        result = record(context, key, value);
        if (result == TD_OK)
            continue;
        snprintf(error, STORE_ERROR_SIZE,
                 "%s: the record with the key %s is not one that this version can read", path,
                 hex_format(key, hex, sizeof hex));
        return result;
    }
    return TD_OK;
}

enum td_err store_db_load(struct store_db *self, store_record *record, void *context,
                          char error[static STORE_ERROR_SIZE])
{
    rocksdb_readoptions_t *once = rocksdb_readoptions_create();
    rocksdb_iterator_t *it;
    enum td_err result;
    char *text = NULL;

    rocksdb_readoptions_set_fill_cache(once, 0);
    rocksdb_readoptions_set_readahead_size(once, 2 * MIB);
    it = rocksdb_create_iterator(self->db, once);
    result = load_each(it, self->path, record, context, error);
    rocksdb_iter_get_error(it, &text);
    if (text != NULL) {
        explain(self->path, text, error);
        result = TD_IO;
    }
    rocksdb_iter_destroy(it);
    rocksdb_readoptions_destroy(once);
    return result;
}

/* Opening anew replays the log: what the failed write left of itself is cut off or, if it got
 * through after all, found and written to a table file. */
static enum td_err recover(struct store_db *self, char *error)
{
    if (!self->failed && self->db != NULL)
        return TD_OK;
    close_db(self);
    return open_db(self, error);
}

/* With the first write the reading is over. */
static enum td_err allow_compaction(struct store_db *self, char *error)
{
    static const char *const key[] = {"disable_auto_compactions"}, *const value[] = {"false"};
    char *text = NULL;

    if (!rocksdb_options_get_disable_auto_compactions(self->options))
        return TD_OK;
    rocksdb_set_options(self->db, 1, key, value, &text);
    if (text != NULL) {
        explain(self->path, text, error);
        return TD_IO;
    }
    rocksdb_options_set_disable_auto_compactions(self->options, 0);
    return TD_OK;
}

enum td_err store_db_write(struct store_db *self, const struct store_batch *batch,
                           char error[static STORE_ERROR_SIZE])
{
    struct span key, value;
    size_t at = 0;

    if (recover(self, error) != TD_OK || allow_compaction(self, error) != TD_OK)
        return TD_IO;
    rocksdb_writebatch_clear(self->batch);
    while (store_batch_next(batch, &at, &key, &value))
        rocksdb_writebatch_put(self->batch, (const char *)key.data, key.size,
                               (const char *)value.data, value.size);
    return write_batch(self, error);
}
