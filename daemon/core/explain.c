/* daemon/core/explain.c - the list of steps and its memory. */
#include "daemon/core/explain.h"

#include <stdarg.h>
#include <stdio.h>

const char *explain_verdict_name(enum explain_verdict verdict)
{
    switch (verdict) {
    case EXPLAIN_SILENT:
        return "silent";
    case EXPLAIN_MALFORMED:
        return "malformed";
    case EXPLAIN_NOT_SERVING:
        return "not-serving";
    case EXPLAIN_NO_LINK:
        return "no-subnet";
    case EXPLAIN_PARTNER:
        return "left-to-partner";
    case EXPLAIN_ASKS:
        return "ack-once-the-partner-grants";
    case EXPLAIN_OFFERS:
        return "offer";
    case EXPLAIN_ACKS:
        return "ack";
    case EXPLAIN_NAKS:
        return "nak";
    case EXPLAIN_TELLS:
        return "leasequery-reply";
    case EXPLAIN_ENDS:
        return "lease-ends";
    }
    return "silent";
}

bool explain_is_answered(enum explain_verdict verdict)
{
    return verdict == EXPLAIN_OFFERS || verdict == EXPLAIN_ACKS || verdict == EXPLAIN_NAKS ||
           verdict == EXPLAIN_ASKS || verdict == EXPLAIN_TELLS;
}

void explain_init(struct explain *e)
{
    e->identifier = ip4(0);
    e->count = e->cut = e->used = e->next_address = 0;
    e->verdict = EXPLAIN_SILENT;
    e->why = "nothing in it asks for an answer";
    e->concluded = e->has_reply = e->probes = false;
}

/* A text that does not fit ends the list: NULL. */
static const char *keep(struct explain *e, const char *format, va_list arguments)
{
    const size_t room = sizeof(e->texts) - e->used;
    char *text = e->texts + e->used;
    const int size = vsnprintf(text, room, format, arguments);

    if (size < 0 || (size_t)size >= room)
        return NULL;
    e->used += (size_t)size + 1;
    return text;
}

static const char *keep_text(struct explain *e, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static const char *keep_text(struct explain *e, const char *format, ...)
{
    const char *text;
    va_list arguments;

    va_start(arguments, format);
    text = keep(e, format, arguments);
    va_end(arguments);
    return text;
}

void explain_add(struct explain *e, const char *name, const char *subject, const char *format,
                 ...)
{
    const size_t used = e->used;
    struct explain_step step = {.name = name};
    va_list arguments;

    step.subject = keep_text(e, "%s", subject);
    va_start(arguments, format);
    step.text = step.subject != NULL ? keep(e, format, arguments) : NULL;
    va_end(arguments);
    if (step.text == NULL || e->count == EXPLAIN_STEPS_MAX) {
        e->used = used;
        e->cut++;
        return;
    }
    e->steps[e->count++] = step;
}

void explain_conclude(struct explain *e, enum explain_verdict verdict, const char *format, ...)
{
    const char *why;
    va_list arguments;

    if (e->concluded)
        return;
    e->concluded = true;
    e->verdict = verdict;
    va_start(arguments, format);
    why = keep(e, format, arguments);
    va_end(arguments);
    e->why = why != NULL ? why : "there was no room to say why";
}

const char *explain_ip(struct explain *e, struct ip4 address)
{
    return ip4_format(address, e->addresses[e->next_address++ % ARRAY_SIZE(e->addresses)]);
}

const char *explain_seconds(struct explain *e, uint32_t seconds)
{
    char *text = e->addresses[e->next_address++ % ARRAY_SIZE(e->addresses)];

    if (seconds == UINT32_MAX)
        return "without end";
    snprintf(text, sizeof(e->addresses[0]), "%u s", seconds);
    return text;
}
