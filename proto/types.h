/* proto/types.h - the few types that every layer shares.
 *
 * Nothing here reads a clock or allocates. */
#ifndef TWINDHCP_PROTO_TYPES_H
#define TWINDHCP_PROTO_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MUST_USE __attribute__((warn_unused_result))

/* The C library's own: prints and aborts.  Declared here because <assert.h> hides it under
 * NDEBUG. */
extern void __assert_fail(const char *assertion, const char *file, unsigned line,
                          const char *function) __attribute__((noreturn));

/* A fact that only a bug of ours can break, checked in every build: we stop and the partner
 * takes over, because a wrong lease is worse.  Never used on bytes that came from outside. */
#define ASSERT(fact)                                                                           \
    ((fact) ? (void)0 : __assert_fail(#fact, __FILE__, __LINE__, __extension__ __func__))

/* A place that no path leads to. */
#define UNREACHABLE(why)                                                                       \
    __assert_fail("unreachable: " why, __FILE__, __LINE__, __extension__ __func__)

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* What went wrong in the world outside.  Returned, never logged, by the core. */
enum td_err {
    TD_OK = 0,
    TD_NO_SPACE,  /* the caller's buffer or a stated limit is full */
    TD_MALFORMED, /* bytes from outside that do not parse */
    TD_NOT_FOUND,
    TD_IO,      /* the system said no; errno or an error text says why */
    TD_REFUSED, /* understood, and not allowed in this state */
};

/* An IPv4 address in host order.  Network order exists only inside proto/. */
struct ip4 {
    uint32_t value;
};

/* A moment of the lease clock: milliseconds since the Unix epoch (0 = never). */
struct instant {
    int64_t ms;
};

/* Borrowed bytes. */
struct span {
    const uint8_t *data;
    size_t size;
};

/* The two peers of a pair.  The values are on the wire and on disk. */
enum role { ROLE_PRIMARY = 0, ROLE_SECONDARY = 1 };

static inline struct ip4 ip4(uint32_t value)
{
    return (struct ip4){value};
}

static inline bool ip4_equal(struct ip4 a, struct ip4 b)
{
    return a.value == b.value;
}

static inline struct instant instant_ms(int64_t ms)
{
    return (struct instant){ms};
}

static inline bool instant_before(struct instant a, struct instant b)
{
    return a.ms < b.ms;
}

static inline struct instant instant_add_ms(struct instant a, int64_t ms)
{
    return (struct instant){a.ms + ms};
}

static inline struct instant instant_later(struct instant a, struct instant b)
{
    return a.ms > b.ms ? a : b;
}

static inline struct span span_of(const void *data, size_t size)
{
    return (struct span){data, size};
}

static inline bool span_equal(struct span a, struct span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline enum role role_other(enum role role)
{
    return role == ROLE_PRIMARY ? ROLE_SECONDARY : ROLE_PRIMARY;
}

#endif
