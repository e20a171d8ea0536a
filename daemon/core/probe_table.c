/* daemon/core/probe_table.c - chains by address; findings in a direct-mapped table. */
#include "daemon/core/probe_table.h"

#include <stdlib.h>

#define NONE    UINT32_MAX
#define BUCKETS 8192 /* a power of two, as PROBE_FOUND_SLOTS */

/* Deadlines are looked at one after the other: the packets stand apart from them. */
struct probe_table {
    struct probe_waiting waiting[PROBES_MAX];
    uint32_t buckets[BUCKETS];
    uint32_t unused;       /* given back */
    uint32_t made;         /* taken at least once */
    size_t count;          /* under way */
    struct instant due_at; /* not later than the first deadline */
    struct probe_found found[PROBE_FOUND_SLOTS];
    uint8_t packets[PROBES_MAX][PROBE_PACKET_MAX];
};

struct probe_table *probe_table_new(void)
{
    /* Pages that are never written to take no memory. */
    struct probe_table *table = calloc(1, sizeof(*table));

    ASSERT(table != NULL);
    memset(table->buckets, 0xff, sizeof(table->buckets));
    table->unused = NONE;
    return table;
}

void probe_table_free(struct probe_table *table)
{
    free(table);
}

/* Fibonacci hashing: neighbours go far apart. */
static uint32_t hash(struct ip4 address)
{
    return (address.value * UINT32_C(2654435769)) >> 16;
}

static uint32_t *bucket_of(struct probe_table *table, struct ip4 address)
{
    return &table->buckets[hash(address) % BUCKETS];
}

struct probe_waiting *probe_table_find(struct probe_table *table, struct ip4 address)
{
    uint32_t at = table->count == 0 ? NONE : *bucket_of(table, address);

    while (at != NONE && !ip4_equal(table->waiting[at].address, address))
        at = table->waiting[at].next;
    return at == NONE ? NULL : &table->waiting[at];
}

struct probe_waiting *probe_table_add(struct probe_table *table, struct ip4 address,
                                      struct instant deadline)
{
    uint32_t *bucket = bucket_of(table, address);
    uint32_t at = table->unused;

    ASSERT(probe_table_find(table, address) == NULL);
    if (at != NONE)
        table->unused = table->waiting[at].next;
    else if (table->made < PROBES_MAX)
        at = table->made++;
    else
        return NULL;
    if (table->count == 0 || instant_before(deadline, table->due_at))
        table->due_at = deadline;
    table->count++;
    table->waiting[at] = (struct probe_waiting){
        .address = address, .deadline = deadline, .used = true, .next = *bucket};
    *bucket = at;
    return &table->waiting[at];
}

void probe_table_keep(struct probe_table *table, struct probe_waiting *waiting,
                      const struct datagram *datagram)
{
    uint8_t *packet = table->packets[waiting - table->waiting];

    ASSERT(datagram->payload.size <= PROBE_PACKET_MAX);
    memcpy(packet, datagram->payload.data, datagram->payload.size);
    waiting->datagram = *datagram;
    waiting->datagram.payload.data = packet;
    waiting->datagram.interface_name = NULL;
    memset(waiting->interface_name, 0, sizeof(waiting->interface_name));
    if (datagram->interface_name != NULL)
        memcpy(waiting->interface_name, datagram->interface_name,
               strnlen(datagram->interface_name, PROBE_NAME_SIZE - 1));
}

void probe_table_remove(struct probe_table *table, struct probe_waiting *waiting)
{
    const uint32_t at = (uint32_t)(waiting - table->waiting);
    uint32_t *link = bucket_of(table, waiting->address);

    ASSERT(waiting->used && table->count > 0);
    while (*link != at)
        link = &table->waiting[*link].next;
    *link = waiting->next;
    waiting->used = false;
    waiting->next = table->unused;
    table->unused = at;
    table->count--;
}

size_t probe_table_due(struct probe_table *table, struct instant now,
                       struct probe_waiting *due[static PROBES_DUE_MAX])
{
    struct instant next = instant_ms(INT64_MAX);
    size_t count = 0;

    if (table->count == 0 || instant_before(now, table->due_at))
        return 0;
    for (uint32_t i = 0; i < table->made; i++) {
        struct probe_waiting *w = &table->waiting[i];

        if (w->used && !instant_before(now, w->deadline) && count < PROBES_DUE_MAX)
            due[count++] = w;
        else if (w->used && instant_before(w->deadline, next))
            next = w->deadline;
    }
    table->due_at = next;
    return count;
}

bool probe_table_wakeup(const struct probe_table *table, struct instant *at)
{
    *at = table->due_at;
    return table->count > 0;
}

size_t probe_table_count(const struct probe_table *table)
{
    return table->count;
}

void probe_table_note(struct probe_table *table, const struct probe_found *found)
{
    table->found[hash(found->address) % PROBE_FOUND_SLOTS] = *found;
}

const struct probe_found *probe_table_found(const struct probe_table *table, struct ip4 address)
{
    const struct probe_found *found = &table->found[hash(address) % PROBE_FOUND_SLOTS];

    return found->number != 0 && ip4_equal(found->address, address) ? found : NULL;
}
