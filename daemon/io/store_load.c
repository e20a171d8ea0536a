#include "daemon/io/store_load.h"

#include <uv.h>

#include "daemon/core/load.h"

/* One at each end, and two between them, so that neither end waits for a hiccup of the other.
 */
#define BATCHES 4

/* Batches on their way from one thread to the other. */
struct passage {
    struct load_batch *batches[BATCHES];
    size_t first, count;
};

struct load {
    struct store_db *db; /* the reading thread's alone, like `error` */
    char *error;
    struct load_batch *filling;

    uv_mutex_t mutex; /* for what follows */
    uv_cond_t changed;
    struct passage full, empty;
    bool ended;
    enum td_err result; /* when ended */
};

static void pass(struct load *load, struct passage *passage, struct load_batch *batch)
{
    uv_mutex_lock(&load->mutex);
    ASSERT(passage->count < BATCHES);
    passage->batches[(passage->first + passage->count++) % BATCHES] = batch;
    uv_cond_signal(&load->changed);
    uv_mutex_unlock(&load->mutex);
}

/* The next batch, waiting for it; NULL when there will be none. */
static struct load_batch *take(struct load *load, struct passage *passage)
{
    struct load_batch *batch = NULL;

    uv_mutex_lock(&load->mutex);
    while (passage->count == 0 && !load->ended)
        uv_cond_wait(&load->changed, &load->mutex);
    if (passage->count > 0) {
        batch = passage->batches[passage->first];
        passage->first = (passage->first + 1) % BATCHES;
        passage->count--;
    }
    uv_mutex_unlock(&load->mutex);
    return batch;
}

/* ---- the reading thread ---- */

static enum td_err add_record(void *context, struct span key, struct span value)
{
    struct load *load = context;
    enum td_err result = load_batch_add(load->filling, key, value);

    if (result != TD_NO_SPACE)
        return result;
    pass(load, &load->full, load->filling);
    load->filling = take(load, &load->empty);
    return load_batch_add(load->filling, key, value);
}

static void read_all(void *arg)
{
    struct load *load = arg;
    enum td_err result;

    load->filling = take(load, &load->empty);
    result = store_db_load(load->db, add_record, load, load->error);
    pass(load, &load->full, load->filling);
    uv_mutex_lock(&load->mutex);
    load->ended = true;
    load->result = result;
    uv_cond_signal(&load->changed);
    uv_mutex_unlock(&load->mutex);
}

/* ---- the caller's ---- */

static void start(struct load *load)
{
    int failed = uv_mutex_init(&load->mutex);

    failed |= uv_cond_init(&load->changed);
    ASSERT(failed == 0); /* only without memory */
    for (size_t i = 0; i < BATCHES; i++)
        pass(load, &load->empty, load_batch_new());
}

static void end(struct load *load)
{
    struct load_batch *batch;

    while ((batch = take(load, &load->empty)) != NULL)
        load_batch_free(batch);
    uv_mutex_destroy(&load->mutex);
    uv_cond_destroy(&load->changed);
}

enum td_err store_load(struct store_db *db, struct server *server,
                       char error[static STORE_ERROR_SIZE])
{
    struct load load = {.db = db, .error = error};
    struct load_batch *batch;
    uv_thread_t thread;
    int failed;

    start(&load);
    failed = uv_thread_create(&thread, read_all, &load);
    ASSERT(failed == 0); /* as above */
    while ((batch = take(&load, &load.full)) != NULL) {
        server_load_batch(server, batch);
        pass(&load, &load.empty, batch);
    }
    uv_thread_join(&thread);
    end(&load);
    return load.result;
}
