/* daemon/api/writer.h - writing JSON text straight into a buffer.
 *
 * A page of ten thousand leases is written in the loop thread, so there is no tree of objects
 * in between.  Bytes from clients (host names, vendor classes) need not be UTF-8: what is not
 * becomes U+FFFD, so the text is always valid JSON. */
#ifndef TWINDHCP_DAEMON_API_WRITER_H
#define TWINDHCP_DAEMON_API_WRITER_H

#include "proto/types.h"

/* Starts zeroed: `struct writer w = {0}`. */
struct writer {
    char *text;
    size_t size, capacity;
    bool failed; /* out of memory; sticks */
};

/* `key` is NULL for the outermost value and for elements of an array, and plain ASCII that
 * needs no escaping otherwise.  `bracket` is '{' or '['; writer_close() takes the other one. */
void writer_open(struct writer *w, const char *key, char bracket);
void writer_close(struct writer *w, char bracket);

void writer_text(struct writer *w, const char *key, const char *text); /* NULL: null */
void writer_bytes(struct writer *w, const char *key, struct span text);
void writer_int(struct writer *w, const char *key, int64_t value);
void writer_uint(struct writer *w, const char *key, uint64_t value);
void writer_bool(struct writer *w, const char *key, bool value);
void writer_null(struct writer *w, const char *key);

/* "52:54:00:12:34:56"; null when there are no bytes. */
void writer_hex(struct writer *w, const char *key, struct span bytes);
void writer_ip4(struct writer *w, const char *key, struct ip4 address);
/* ISO 8601 in UTC, whole seconds: "2026-11-23T21:00:00Z"; null for 0 (never). */
void writer_instant(struct writer *w, const char *key, struct instant when);
/* A client key as client_key_format() puts it; null for an empty one. */
void writer_client(struct writer *w, const char *key, struct span client);

/* A whole value that is JSON already. */
void writer_json(struct writer *w, const char *key, const char *json);

/* Not JSON: text as it is, for what is written in another format.  Never both in one writer. */
__attribute__((format(printf, 2, 3))) void writer_plain(struct writer *w, const char *format,
                                                        ...);

/* The text, NUL-terminated with a newline before it, for the caller to free(); `*size` is
 * without the NUL. NULL when memory ran out.  Empties `w`. */
MUST_USE char *writer_take(struct writer *w, size_t *size);

#endif
