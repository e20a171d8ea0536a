/* help_frame.h - frames with something in every field, and the memory to encode and decode one.
 */
#ifndef TWINDHCP_TESTS_UNIT_PROTO_HELP_FRAME_H
#define TWINDHCP_TESTS_UNIT_PROTO_HELP_FRAME_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/frame.h"

#define TEXT_SPAN(text) span_of((text), sizeof(text) - 1)

extern uint8_t help_encoded[2 * FRAME_SIZE_MAX];
extern uint8_t help_arena[FRAME_ARENA_SIZE];
extern struct frame help_decoded;

/* All of these give the one frame that there is, made anew. */
struct frame *help_begin(enum frame_type type);
struct frame *help_hello(void);
struct frame *help_heartbeat(void);
struct frame *help_nak(void);
struct frame *help_claim(void);
struct frame *help_update(void);
struct frame *help_parts(void);
struct frame *help_reservations(void);
struct binding help_binding(uint32_t address);

/* To `help_encoded`. */
struct span help_encode(const struct frame *frame);

#endif
