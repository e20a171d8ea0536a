/* daemon/ddns/worker.c - see worker.h */
#include "daemon/ddns/worker.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "daemon/ddns/exchange.h"

/* The pair goes on meanwhile: what a job was to do may have become wrong. */
#define LATE_NS ((uint64_t)DNS_LATE_MS * 1000000)

struct item {
    struct dns_job job;
    uint64_t given_at; /* ns, monotonic */
    enum dns_outcome outcome;
    char problem[DDNS_FAILURE_SIZE];
};

struct queue {
    struct item items[DNS_JOBS_MAX];
    size_t head, count;
};

struct ddns_worker {
    struct ddns_host host;
    struct ddns_keys keys;
    struct ddns_performer performer;
    struct ddns_exchange *exchange;
    int stop_fd;
    uv_thread_t thread;
    uv_async_t async;
    uv_mutex_t mutex; /* holds what follows */
    uv_cond_t come;
    bool stopping;
    struct queue jobs, results;
};

static void push(struct queue *queue, const struct item *item)
{
    ASSERT(queue->count < DNS_JOBS_MAX);
    queue->items[(queue->head + queue->count++) % DNS_JOBS_MAX] = *item;
}

static bool pop(struct queue *queue, struct item *item)
{
    if (queue->count == 0)
        return false;
    *item = queue->items[queue->head];
    queue->head = (queue->head + 1) % DNS_JOBS_MAX;
    queue->count--;
    return true;
}

/* ---- the thread ---- */

static bool next_job(struct ddns_worker *worker, struct item *item)
{
    bool found = false;

    uv_mutex_lock(&worker->mutex);
    while (!worker->stopping && !(found = pop(&worker->jobs, item)))
        uv_cond_wait(&worker->come, &worker->mutex);
    uv_mutex_unlock(&worker->mutex);
    return found;
}

static void run(void *context)
{
    struct ddns_worker *worker = context;
    struct item item;

    while (next_job(worker, &item)) {
        item.problem[0] = '\0';
        item.outcome = uv_hrtime() - item.given_at > LATE_NS
                           ? DNS_LATE
                           : ddns_perform(&worker->performer, &item.job, item.problem);
        uv_mutex_lock(&worker->mutex);
        push(&worker->results, &item);
        uv_mutex_unlock(&worker->mutex);
        (void)uv_async_send(&worker->async);
    }
}

/* ---- the loop ---- */

static void on_results(uv_async_t *async)
{
    struct ddns_worker *worker = async->data;
    struct item item;
    bool found;

    for (;;) {
        uv_mutex_lock(&worker->mutex);
        found = pop(&worker->results, &item);
        uv_mutex_unlock(&worker->mutex);
        if (!found)
            return;
        worker->host.done(worker->host.context, &item.job, item.outcome, item.problem);
    }
}

void ddns_worker_submit(struct ddns_worker *worker, const struct dns_job *job)
{
    const struct item item = {.job = *job, .given_at = uv_hrtime()};

    uv_mutex_lock(&worker->mutex);
    push(&worker->jobs, &item);
    uv_cond_signal(&worker->come);
    uv_mutex_unlock(&worker->mutex);
}

struct ddns_worker *ddns_worker_new(uv_loop_t *loop, const struct config_ddns *ddns,
                                    struct ddns_keys keys, const struct ddns_host *host)
{
    struct ddns_worker *worker = calloc(1, sizeof(*worker));
    int failed;

    ASSERT(worker != NULL);
    worker->host = *host;
    worker->keys = keys;
    worker->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    ASSERT(worker->stop_fd >= 0);
    worker->exchange = ddns_exchange_new(ddns, worker->stop_fd);
    worker->performer =
        (struct ddns_performer){ddns, &worker->keys, {worker->exchange, ddns_exchange_ask}};
    failed = uv_mutex_init(&worker->mutex);
    failed |= uv_cond_init(&worker->come);
    failed |= uv_async_init(loop, &worker->async, on_results);
    worker->async.data = worker;
    failed |= uv_thread_create(&worker->thread, run, worker);
    ASSERT(failed == 0);
    return worker;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void ddns_worker_free(struct ddns_worker *worker)
{
    if (worker == NULL)
        return;
    uv_mutex_lock(&worker->mutex);
    worker->stopping = true;
    uv_cond_signal(&worker->come);
    uv_mutex_unlock(&worker->mutex);
    (void)eventfd_write(worker->stop_fd, 1);
    (void)uv_thread_join(&worker->thread);
    uv_cond_destroy(&worker->come);
    uv_mutex_destroy(&worker->mutex);
    ddns_exchange_free(worker->exchange);
    ddns_keys_free(&worker->keys);
    (void)close(worker->stop_fd);
    uv_close((uv_handle_t *)&worker->async, on_closed);
}
