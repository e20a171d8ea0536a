#include "daemon/io/store.h"

#include <stdio.h>
#include <stdlib.h>

struct commit {
    struct commit *next;
    const struct store_batch *batch;
    uint64_t number;
    enum td_err result;
    char reason[STORE_ERROR_SIZE];
};

/* First in, first out. */
struct commits {
    struct commit *first, *last;
};

struct store {
    struct store_db *db; /* the store thread's alone */
    struct store_host host;
    size_t pending; /* the loop thread's alone */
    uv_async_t wake;
    uv_thread_t thread;

    uv_mutex_t mutex; /* for what follows */
    uv_cond_t work;
    struct commits queue, done;
    bool failing; /* a failure waits to be reported: nothing may be written before that */
    char failing_reason[STORE_ERROR_SIZE];
    bool stopping;
};

static void commits_push(struct commits *list, struct commit *commit)
{
    commit->next = NULL;
    if (list->last == NULL)
        list->first = commit;
    else
        list->last->next = commit;
    list->last = commit;
}

static struct commit *commits_pop(struct commits *list)
{
    struct commit *commit = list->first;

    if (commit == NULL)
        return NULL;
    list->first = commit->next;
    if (list->first == NULL)
        list->last = NULL;
    return commit;
}

static void fail_unwritten(struct store *store, struct commit *commit)
{
    commit->result = TD_IO;
    memcpy(commit->reason, store->failing_reason, sizeof commit->reason);
}

/* The next commit to write, waiting for one; NULL at the end. */
static struct commit *next_commit(struct store *store)
{
    struct commit *commit = NULL;

    uv_mutex_lock(&store->mutex);
    while (commit == NULL) {
        commit = commits_pop(&store->queue);
        if (commit == NULL && store->stopping)
            break;
        if (commit == NULL) {
            uv_cond_wait(&store->work, &store->mutex);
        } else if (store->failing) {
            fail_unwritten(store, commit);
            commits_push(&store->done, commit); /* goes with the failure to be reported */
            commit = NULL;
        }
    }
    uv_mutex_unlock(&store->mutex);
    return commit;
}

/* Wake-ups come after the mutex is free: else the woken thread would wait for it at once. */
static void finish(struct store *store, struct commit *commit)
{
    uv_mutex_lock(&store->mutex);
    if (commit->result != TD_OK) {
        store->failing = true;
        memcpy(store->failing_reason, commit->reason, sizeof store->failing_reason);
    }
    commits_push(&store->done, commit);
    uv_mutex_unlock(&store->mutex);
    uv_async_send(&store->wake);
}

static void run_thread(void *arg)
{
    struct store *store = arg;
    struct commit *commit;

    while ((commit = next_commit(store)) != NULL) {
        commit->result = store_db_write(store->db, commit->batch, commit->reason);
        finish(store, commit);
    }
}

static void report(struct store *store, const struct commit *commit)
{
    store->pending--;
    if (commit->result == TD_OK)
        store->host.durable(store->host.context, commit->number);
    else
        store->host.failed(store->host.context, commit->number, commit->reason);
}

static void on_wake(uv_async_t *wake)
{
    struct store *store = wake->data;
    struct commits done;
    struct commit *commit;

    uv_mutex_lock(&store->mutex);
    if (store->failing) {
        while ((commit = commits_pop(&store->queue)) != NULL) {
            fail_unwritten(store, commit);
            commits_push(&store->done, commit);
        }
        store->failing = false;
    }
    done = store->done;
    store->done = (struct commits){NULL, NULL};
    uv_mutex_unlock(&store->mutex);

    while ((commit = commits_pop(&done)) != NULL) {
        report(store, commit);
        free(commit);
    }
}

struct store *store_new(uv_loop_t *loop, struct store_db *db, const struct store_host *host)
{
    struct store *store = calloc(1, sizeof *store);
    int failed;

    ASSERT(store != NULL);
    store->db = db;
    store->host = *host;
    store->wake.data = store;
    failed = uv_mutex_init(&store->mutex);
    failed |= uv_cond_init(&store->work);
    failed |= uv_async_init(loop, &store->wake, on_wake);
    failed |= uv_thread_create(&store->thread, run_thread, store);
    ASSERT(failed == 0); /* only at start, and only without memory */
    return store;
}

void store_commit(struct store *store, const struct store_batch *batch)
{
    struct commit *commit = calloc(1, sizeof *commit);

    ASSERT(commit != NULL);
    commit->batch = batch;
    commit->number = batch->number;
    store->pending++;
    uv_mutex_lock(&store->mutex);
    commits_push(&store->queue, commit);
    uv_mutex_unlock(&store->mutex);
    uv_cond_signal(&store->work);
}

size_t store_pending(const struct store *store)
{
    return store->pending;
}

static void on_closed(uv_handle_t *handle)
{
    struct store *store = handle->data;
    struct commit *commit;

    while ((commit = commits_pop(&store->done)) != NULL)
        free(commit);
    uv_mutex_destroy(&store->mutex);
    uv_cond_destroy(&store->work);
    free(store);
}

void store_free(struct store *store)
{
    if (store == NULL)
        return;
    uv_mutex_lock(&store->mutex);
    store->stopping = true;
    uv_cond_signal(&store->work);
    uv_mutex_unlock(&store->mutex);
    uv_thread_join(&store->thread);
    store_db_close(store->db);
    store->db = NULL;
    uv_close((uv_handle_t *)&store->wake, on_closed);
}
