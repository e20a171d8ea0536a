#include "help_table.h"

static const struct ip4_range parts_0[] = {{{0x0a000010}, {0x0a00001f}},
                                           {{0x0a000028}, {0x0a00004f}}};
static const struct ip4_range parts_1[] = {{{0x0a000080}, {0x0a000083}}};
static const struct ip4_range parts_2[] = {{{0x0a000100}, {0x0a0001ff}}};
static const struct ip4_range parts_3[] = {{{0x0a080000}, {0x0a08ffff}}};

static const struct config_terms plain = {.options = &config_no_options};

static const struct config_pool pools[] = {
    {.range = {{0x0a000010}, {0x0a00004f}},
     .parts = parts_0,
     .part_count = 2,
     .size = 56,
     .index = 0,
     .subnet = 0,
     .effective = &plain},
    {.range = {{0x0a000080}, {0x0a000083}},
     .parts = parts_1,
     .part_count = 1,
     .size = 4,
     .index = 1,
     .subnet = 0,
     .effective = &plain},
    {.range = {{0x0a000100}, {0x0a0001ff}},
     .parts = parts_2,
     .part_count = 1,
     .size = 256,
     .index = 2,
     .subnet = 1,
     .effective = &plain},
    {.range = {{0x0a080000}, {0x0a08ffff}},
     .parts = parts_3,
     .part_count = 1,
     .size = 65536,
     .index = 3,
     .subnet = 2,
     .effective = &plain},
};

static const struct config_subnet subnets[3];

static const struct config_subnet *const on_links[] = {&subnets[0], &subnets[1], &subnets[2]};

/* Each stands alone. */
static const struct config_link links[] = {
    {.index = 0, .subnets = &on_links[0], .subnet_count = 1},
    {.index = 1, .subnets = &on_links[1], .subnet_count = 1},
    {.index = 2, .subnets = &on_links[2], .subnet_count = 1},
};

static const struct config_subnet subnets[3] = {
    {.text = "10.0.0.0/24",
     .network = {0x0a000000},
     .prefix_length = 24,
     .index = 0,
     .link = &links[0],
     .first_pool = 0,
     .pool_count = 2,
     .effective = &plain},
    {.text = "10.0.1.0/24",
     .network = {0x0a000100},
     .prefix_length = 24,
     .index = 1,
     .link = &links[1],
     .first_pool = 2,
     .pool_count = 1,
     .effective = &plain},
    {.text = "10.8.0.0/15",
     .network = {0x0a080000},
     .prefix_length = 15,
     .index = 2,
     .link = &links[2],
     .first_pool = 3,
     .pool_count = 1,
     .effective = &plain},
};

static const struct ip4 subnet_starts[] = {{0x0a000000}, {0x0a000100}, {0x0a080000}};
static const struct ip4 pool_starts[] = {
    {0x0a000010}, {0x0a000080}, {0x0a000100}, {0x0a080000}};

const struct config help_config = {
    .subnets = subnets,
    .subnet_count = ARRAY_SIZE(subnets),
    .pools = pools,
    .pool_count = ARRAY_SIZE(pools),
    .subnet_starts = subnet_starts,
    .pool_starts = pool_starts,
};

struct binding help_binding(struct ip4 address, enum binding_state state, struct span client,
                            int64_t expires_ms)
{
    static int64_t version;

    return (struct binding){
        .address = address,
        .state = state,
        .owner = implied_owner(address),
        .version = {++version, 0, ROLE_PRIMARY},
        .cltt = instant_ms(expires_ms / 2),
        .expires = instant_ms(expires_ms),
        .client = client,
        .htype = 1,
        .hlen = 6,
        .chaddr = {0x52, 0x54, 0, 0, 0, 1},
    };
}

struct binding help_active(struct ip4 address, struct span client, int64_t expires_ms)
{
    return help_binding(address, BINDING_ACTIVE, client, expires_ms);
}

struct binding help_free(struct ip4 address, enum role owner)
{
    struct binding b = help_binding(address, BINDING_FREE, span_of(NULL, 0), 0);

    b.owner = owner;
    return b;
}

bool help_give_all(void *context, const struct binding *binding, uint64_t seq)
{
    (void)context;
    (void)binding;
    (void)seq;
    return true;
}

bool help_give_none(void *context, const struct binding *binding, uint64_t seq)
{
    (void)context;
    (void)binding;
    (void)seq;
    return false;
}

bool help_give_all_but(void *context, const struct binding *binding, uint64_t seq)
{
    const struct ip4 *refused = context;

    (void)seq;
    return !ip4_equal(binding->address, *refused);
}

struct ip4 help_pick(struct lease_table *table, size_t pool, enum role owner)
{
    struct ip4 address = {0};

    if (!lease_table_pick(table, POOL(pool), owner, help_give_all, NULL, &address))
        return ip4(0);
    return address;
}

int help_setup(void **state)
{
    struct lease_table *table = lease_table_new(&help_config);

    lease_table_loaded(table);
    *state = table;
    return 0;
}

int help_teardown(void **state)
{
    lease_table_free(*state);
    return 0;
}

uint64_t help_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}
