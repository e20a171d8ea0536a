#define _GNU_SOURCE /* nftw */
#include "help_io.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

char *help_directory_make(void)
{
    char *path = strdup("/tmp/twindhcp-io-XXXXXX");

    assert_non_null(path);
    assert_non_null(mkdtemp(path));
    return path;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st;
    (void)type;
    (void)walk;
    return remove(path);
}

void help_directory_remove(char *path)
{
    assert_int_equal(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    free(path);
}

const char *help_path(const char *directory, const char *name)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

void help_file(const char *directory, const char *name, const char *text, unsigned int mode)
{
    const char *path = help_path(directory, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static void on_time(uv_timer_t *timer)
{
    *(bool *)timer->data = true;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle);
}

static uv_timer_t *start_timer(uv_loop_t *loop, uint64_t ms, bool *over)
{
    uv_timer_t *timer = calloc(1, sizeof *timer);

    assert_non_null(timer);
    *over = false;
    timer->data = over;
    uv_update_time(loop);
    uv_timer_init(loop, timer);
    uv_timer_start(timer, on_time, ms, 0);
    return timer;
}

void help_run_until(uv_loop_t *loop, bool (*is_done)(void *context), void *context)
{
    bool over;
    uv_timer_t *timer = start_timer(loop, 10000, &over);

    while (!over && !is_done(context))
        uv_run(loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)timer, on_closed);
    assert_true(is_done(context));
}

void help_run_ms(uv_loop_t *loop, uint64_t ms)
{
    bool over;
    uv_timer_t *timer = start_timer(loop, ms, &over);

    while (!over)
        uv_run(loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)timer, on_closed);
}

void help_loop_end(uv_loop_t *loop)
{
    uv_run(loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(loop), 0);
}

struct span help_span(const char *text)
{
    return span_of(text, strlen(text));
}

struct store_batch help_batch(uint64_t number, const char *key, const char *value)
{
    struct store_batch batch = {.number = number};

    store_batch_put(&batch, help_span(key), help_span(value));
    return batch;
}

void help_batch_free(struct store_batch *batch)
{
    free(batch->bytes);
    *batch = (struct store_batch){.bytes = NULL};
}
