#include "tests/bench/load/holders.h"

#include <stdlib.h>

/* Addresses in pages of 4096, made when the first address of one is held: pools are dense. */
#define PAGE_BITS 12
#define PAGE_SIZE ((size_t)1 << PAGE_BITS)
#define PAGES     ((size_t)1 << (32 - PAGE_BITS))

struct holding {
    uint32_t client;
    uint32_t until_s; /* 0: never held */
};

struct holders {
    struct holding *page[PAGES];
};

struct holders *holders_new(void)
{
    struct holders *holders = calloc(1, sizeof *holders);

    ASSERT(holders != NULL);
    return holders;
}

void holders_free(struct holders *holders)
{
    if (holders == NULL)
        return;
    for (size_t i = 0; i < PAGES; i++)
        free(holders->page[i]);
    free(holders);
}

static struct holding *find(const struct holders *holders, struct ip4 address)
{
    struct holding *page = holders->page[address.value >> PAGE_BITS];

    return page != NULL ? &page[address.value & (PAGE_SIZE - 1)] : NULL;
}

uint32_t holders_find(const struct holders *holders, struct ip4 address, uint64_t now_s)
{
    const struct holding *holding = find(holders, address);

    return holding != NULL && holding->until_s > now_s ? holding->client : HOLDERS_NOBODY;
}

void holders_set(struct holders *holders, struct ip4 address, uint32_t client, uint64_t until_s)
{
    struct holding **page = &holders->page[address.value >> PAGE_BITS];

    if (*page == NULL) {
        *page = calloc(PAGE_SIZE, sizeof **page);
        ASSERT(*page != NULL);
    }
    (*page)[address.value & (PAGE_SIZE - 1)] = (struct holding){
        .client = client, .until_s = until_s < UINT32_MAX ? (uint32_t)until_s : UINT32_MAX};
}

void holders_clear(struct holders *holders, struct ip4 address, uint32_t client)
{
    struct holding *holding = find(holders, address);

    if (holding != NULL && holding->client == client)
        holding->until_s = 0;
}
