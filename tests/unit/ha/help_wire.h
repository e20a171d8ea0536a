/* help_wire.h - two struct failover and the wire between them: frames in order, a disk that is
 * done at once, streams that hold nothing.  Time moves only when a test says so. */
#ifndef HELP_WIRE_H
#define HELP_WIRE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ha/failover_internal.h"

#define WIRE_FRAMES 128
#define WIRE_EVENTS 128

struct wire_event {
    const char *name;
    char text[256];
};

struct wire_peer {
    struct config config;
    struct failover fo;
    struct fo_progress progress;
    struct pair_record disk; /* as last written */
    bool has_disk;
    bool slow_disk;      /* PERSISTs stay undone */
    struct fo_sync sync; /* of the last session */
    size_t sessions, ended, resets, heartbeats, trusts;
    size_t event_count;
    struct wire_event events[WIRE_EVENTS];
    size_t inbox_count;
    struct frame inbox[WIRE_FRAMES];
};

struct wire {
    struct instant now;
    uint64_t seed;
    bool linked;
    bool dead[2]; /* the process is gone */
    bool deaf[2]; /* what is sent to this peer never arrives */
    bool hold;    /* frames stay on the wire */
    struct wire_peer peers[2];
};

/* Two peers of one pair, made and not started. */
struct wire *wire_make(void);
void wire_free(struct wire *wire);

/* `wire_start` from what the disk holds; `wire_kill` forgets all else. */
void wire_start(struct wire *wire, enum role role);
void wire_kill(struct wire *wire, enum role role);
void wire_link(struct wire *wire);
void wire_unlink(struct wire *wire);
/* Both started, linked, in NORMAL. */
struct wire *wire_new(void);

void wire_settle(struct wire *wire);          /* carry out what is due now */
void wire_run(struct wire *wire, int64_t ms); /* in steps of 10 ms */
void wire_give(struct wire *wire, enum role role, const struct frame *frame);

/* For cmocka: of a running pair. */
int wire_set_up(void **state);
int wire_tear_down(void **state);

struct failover *wire_fo(struct wire *wire, enum role role);
/* Carry out what a command wants of the disk, which is done at once. */
void wire_perform(struct wire *wire, enum role role, struct fo_effects *fx);
/* By the operator, at `by`. */
void wire_declare_down(struct wire *wire, enum role by);
enum fo_state wire_state(const struct wire *wire, enum role role);
const char *wire_event(const struct wire *wire, enum role role, const char *name); /* or NULL */
void wire_forget(struct wire *wire); /* counts and events */

#endif
