/* The lease table as its header describes it, done the slow and obvious way: one array of
 * addresses, everything found by looking at all of them. */
#ifndef TWINDHCP_TESTS_UNIT_LEASE_HELP_MODEL_H
#define TWINDHCP_TESTS_UNIT_LEASE_HELP_MODEL_H

#include "help_table.h"

#define MODEL_ADDRESSES 340
#define MODEL_BYTES     1024

struct model_address {
    struct binding binding;
    uint8_t bytes[MODEL_BYTES]; /* what its spans point to */
    const struct config_pool *pool;
    const struct config_subnet *subnet;
    bool touched; /* written, offered or refused */
    bool listed;  /* among the touched addresses that are free to give */
    uint64_t stamp;
    uint64_t seq;
    struct instant due;
    bool offered;
    uint64_t offer_stamp;
    struct instant offer_until;
    uint8_t offer_key[BINDING_CLIENT_MAX];
    size_t offer_key_size;
};

struct model {
    struct model_address at[MODEL_ADDRESSES]; /* ascending */
    uint64_t stamp;
};

/* All of 10.0.0.0/24 that is in pools, some around them, and some outside all subnets. */
void model_init(struct model *model);
struct model_address *model_find(struct model *model, struct ip4 address);

void model_put(struct model *model, const struct binding *binding, uint64_t seq);
void model_offer(struct model *model, struct ip4 address, struct span client,
                 struct instant until);
void model_offer_end(struct model *model, struct model_address *a);
void model_offers_expire(struct model *model, struct instant now);
bool model_pick(struct model *model, const struct config_pool *pool, enum role owner,
                lease_may_give *may_give, void *context, struct ip4 *address);

/* Everything that the table can be asked must be answered as by the model. */
void model_compare_all(struct model *model, struct lease_table *table, struct instant now,
                       const struct span *keys, size_t key_count);
/* What can be compared after every operation. */
void model_compare_sums(struct model *model, struct lease_table *table);

#endif
