/* tests/unit/io/help_io.h - directories, loops and commits for the tests of daemon/io. */
#ifndef TWINDHCP_TESTS_UNIT_IO_HELP_IO_H
#define TWINDHCP_TESTS_UNIT_IO_HELP_IO_H

#include <uv.h>

#include "daemon/core/effects.h"

/* A new directory in /tmp; freed and removed with all in it by help_directory_remove(). */
char *help_directory_make(void);
void help_directory_remove(char *path);

/* "DIRECTORY/NAME"; static storage, one at a time. */
const char *help_path(const char *directory, const char *name);
/* Make DIRECTORY/NAME with `text` in it and `mode`. */
void help_file(const char *directory, const char *name, const char *text, unsigned int mode);

/* Run the loop until `is_done(context)`; fails the test after ten seconds. */
void help_run_until(uv_loop_t *loop, bool (*is_done)(void *context), void *context);
/* Run it for a while. */
void help_run_ms(uv_loop_t *loop, uint64_t ms);
/* Run what is left of it, and close it: fails if a handle is still open. */
void help_loop_end(uv_loop_t *loop);

struct span help_span(const char *text);

/* A batch with one put, freed by help_batch_free(). */
struct store_batch help_batch(uint64_t number, const char *key, const char *value);
void help_batch_free(struct store_batch *batch);

#endif
