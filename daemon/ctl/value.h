/* daemon/ctl/value.h - picking values out of the API's JSON, and putting them in words.
 *
 * A server of another version may leave things out: what is not there reads as NULL, 0 or
 * false. */
#ifndef TWINDHCP_DAEMON_CTL_VALUE_H
#define TWINDHCP_DAEMON_CTL_VALUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `path` is keys with dots between: "link.state". */
const json_t *value_at(const json_t *object, const char *path);
const char *value_text(const json_t *object, const char *path); /* NULL: none, or no text */
int64_t value_int(const json_t *object, const char *path);
bool value_bool(const json_t *object, const char *path);
bool value_is_set(const json_t *object, const char *path); /* there, and not null */

/* "2026-11-23T21:00:00Z" -> "2026-11-23 21:00:00 UTC"; "-" for NULL. */
#define TIME_TEXT_SIZE 40
char *time_in_words(const char *iso, char out[static TIME_TEXT_SIZE]);

/* 7385 -> "2h 3m": the two largest units. */
#define DURATION_TEXT_SIZE 32
char *duration_in_words(int64_t seconds, char out[static DURATION_TEXT_SIZE]);

/* "30s", "5m", "2h", "1d", or plain seconds; false if `text` is anything else or above a day.
 */
bool seconds_parse(const char *text, unsigned *seconds);

#endif
