/* daemon/shadow/pending.c - a ring in the order of arrival, and hash chains through it. */
#include "daemon/shadow/pending.h"

#include <stdlib.h>

#define NONE UINT32_MAX

struct pending_table {
    struct pending ring[PENDING_MAX];
    uint32_t chains[PENDING_MAX];
    size_t head, count;
};

struct pending_table *pending_new(void)
{
    struct pending_table *table = calloc(1, sizeof(*table));

    ASSERT(table != NULL);
    for (size_t i = 0; i < PENDING_MAX; i++)
        table->chains[i] = NONE;
    return table;
}

void pending_free(struct pending_table *table)
{
    free(table);
}

/* FNV-1a. */
static uint32_t *chain_of(struct pending_table *table, uint32_t xid, const uint8_t chaddr[16])
{
    uint32_t hash = (2166136261U ^ xid) * 16777619U;

    for (size_t i = 0; i < 16; i++)
        hash = (hash ^ chaddr[i]) * 16777619U;
    return &table->chains[(hash ^ hash >> 15) % PENDING_MAX];
}

struct pending *pending_find(struct pending_table *table, const struct dhcp4_packet *packet,
                             unsigned types)
{
    uint32_t at = *chain_of(table, packet->xid, packet->chaddr);

    for (; at != NONE; at = table->ring[at].next) {
        struct pending *p = &table->ring[at];

        if (!p->done && p->xid == packet->xid && (1u << p->type & types) != 0 &&
            ip4_equal(p->giaddr, packet->giaddr) &&
            memcmp(p->chaddr, packet->chaddr, sizeof(p->chaddr)) == 0)
            return p;
    }
    return NULL;
}

static void forget_head(struct pending_table *table)
{
    const uint32_t gone = (uint32_t)table->head;
    const struct pending *p = &table->ring[gone];
    uint32_t *at = chain_of(table, p->xid, p->chaddr);

    while (*at != gone) {
        ASSERT(*at != NONE);
        at = &table->ring[*at].next;
    }
    *at = p->next;
    table->head = (table->head + 1) % PENDING_MAX;
    table->count--;
}

struct pending *pending_oldest(struct pending_table *table)
{
    while (table->count > 0 && table->ring[table->head].done)
        forget_head(table);
    return table->count > 0 ? &table->ring[table->head] : NULL;
}

bool pending_is_full(const struct pending_table *table)
{
    return table->count == PENDING_MAX;
}

struct pending *pending_add(struct pending_table *table, const struct dhcp4_packet *packet)
{
    struct pending *p = &table->ring[(table->head + table->count) % PENDING_MAX];
    uint32_t *chain = chain_of(table, packet->xid, packet->chaddr);

    ASSERT(table->count < PENDING_MAX);
    table->count++;
    memset(p, 0, offsetof(struct pending, bytes));
    p->xid = packet->xid;
    p->giaddr = packet->giaddr;
    p->type = packet->type;
    memcpy(p->chaddr, packet->chaddr, sizeof(p->chaddr));
    p->next = *chain;
    *chain = (uint32_t)(p - table->ring);
    return p;
}
