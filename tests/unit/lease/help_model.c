#include "help_model.h"

#include <stdlib.h>

static struct model_address *add(struct model *model, size_t at, struct ip4 address)
{
    struct model_address *a = &model->at[at];

    *a = (struct model_address){.binding = binding_implied(address)};
    for (size_t i = 0; i < help_config.pool_count; i++) {
        for (size_t part = 0; part < POOL(i)->part_count; part++) {
            const struct ip4_range *r = &POOL(i)->parts[part];

            if (address.value >= r->first.value && address.value <= r->last.value)
                a->pool = POOL(i);
        }
    }
    for (size_t i = 0; i < help_config.subnet_count; i++) {
        const unsigned host_bits = 32u - SUBNET(i)->prefix_length;

        if (address.value >> host_bits == SUBNET(i)->network.value >> host_bits)
            a->subnet = SUBNET(i);
    }
    return a;
}

void model_init(struct model *model)
{
    size_t count = 0;

    model->stamp = 0;
    for (uint32_t i = 0; i < 10; i++)
        add(model, count++, ip4(UINT32_C(0x09000000) + i)); /* outside all subnets */
    for (uint32_t i = 16; i < 80; i++)
        add(model, count++, A(0, i)); /* pool 0 and the hole in it */
    for (uint32_t i = 126; i < 136; i++)
        add(model, count++, A(0, i)); /* pool 1 and around it */
    for (uint32_t i = 0; i < 256; i++)
        add(model, count++, A(1, i)); /* pool 2 */
    assert_int_equal(count, MODEL_ADDRESSES);
}

struct model_address *model_find(struct model *model, struct ip4 address)
{
    for (size_t i = 0; i < MODEL_ADDRESSES; i++) {
        if (ip4_equal(model->at[i].binding.address, address))
            return &model->at[i];
    }
    fail_msg("no such address in the model");
    abort();
}

/* After any change: one that is newly free to give goes to the back. */
static void relist(struct model *model, struct model_address *a)
{
    const bool free = a->touched && a->pool != NULL && !a->offered &&
                      a->binding.state == BINDING_FREE && a->binding.reserved.size == 0;

    if (free && !a->listed)
        a->stamp = ++model->stamp;
    a->listed = free;
}

static struct span keep(struct model_address *a, size_t *used, struct span from)
{
    uint8_t *to = a->bytes + *used;

    assert_true(*used + from.size <= MODEL_BYTES);
    if (from.size > 0)
        memcpy(to, from.data, from.size);
    *used += from.size;
    return span_of(to, from.size);
}

void model_put(struct model *model, const struct binding *binding, uint64_t seq)
{
    struct model_address *a = model_find(model, binding->address);
    size_t used = 0;

    a->touched = true;
    if (a->listed && a->binding.owner != binding->owner)
        a->listed = false;
    a->binding = *binding;
    a->binding.client = keep(a, &used, binding->client);
    a->binding.reserved = keep(a, &used, binding->reserved);
    a->binding.host_name = keep(a, &used, binding->host_name);
    a->binding.relay_info = keep(a, &used, binding->relay_info);
    a->binding.vendor_class = keep(a, &used, binding->vendor_class);
    a->binding.names = keep(a, &used, binding->names);
    a->seq = seq;
    a->due = binding->state == BINDING_RELEASED ? instant_ms(0) : binding->expires;
    relist(model, a);
}

void model_offer_end(struct model *model, struct model_address *a)
{
    a->offered = false;
    relist(model, a);
}

static struct model_address *offer_to(struct model *model, const struct config_subnet *subnet,
                                      struct span client)
{
    for (size_t i = 0; i < MODEL_ADDRESSES; i++) {
        struct model_address *a = &model->at[i];

        if (a->offered && a->subnet == subnet &&
            span_equal(span_of(a->offer_key, a->offer_key_size), client))
            return a;
    }
    return NULL;
}

void model_offer(struct model *model, struct ip4 address, struct span client,
                 struct instant until)
{
    struct model_address *a = model_find(model, address);

    a->touched = true;
    if (a->offered)
        model_offer_end(model, a);

    struct model_address *elsewhere = offer_to(model, a->subnet, client);

    if (elsewhere != NULL)
        model_offer_end(model, elsewhere);
    a->offered = true;
    a->offer_stamp = ++model->stamp;
    a->offer_until = until;
    memcpy(a->offer_key, client.data, client.size);
    a->offer_key_size = client.size;
    relist(model, a);
}

void model_offers_expire(struct model *model, struct instant now)
{
    for (;;) {
        struct model_address *oldest = NULL;

        for (size_t i = 0; i < MODEL_ADDRESSES; i++) {
            struct model_address *a = &model->at[i];

            if (a->offered && a->offer_until.ms <= now.ms &&
                (oldest == NULL || a->offer_stamp < oldest->offer_stamp))
                oldest = a;
        }
        if (oldest == NULL)
            return;
        model_offer_end(model, oldest);
    }
}

static struct model_address *least_recently_used(struct model *model,
                                                 const struct config_pool *pool,
                                                 enum role owner, uint64_t stamp_below)
{
    struct model_address *first = NULL;

    for (size_t i = 0; i < MODEL_ADDRESSES; i++) {
        struct model_address *a = &model->at[i];

        if (a->listed && a->pool == pool && a->binding.owner == owner &&
            a->stamp <= stamp_below && (first == NULL || a->stamp < first->stamp))
            first = a;
    }
    return first;
}

bool model_pick(struct model *model, const struct config_pool *pool, enum role owner,
                lease_may_give *may_give, void *context, struct ip4 *address)
{
    for (size_t i = 0; i < MODEL_ADDRESSES; i++) {
        struct model_address *a = &model->at[i];

        if (a->pool != pool || a->touched || a->binding.owner != owner)
            continue;
        if (may_give(context, &a->binding, a->seq)) {
            *address = a->binding.address;
            return true;
        }
        a->touched = true;
        relist(model, a);
    }

    const uint64_t now = model->stamp; /* none is looked at twice */

    for (size_t i = 0; i < LEASE_SCAN_MAX; i++) {
        struct model_address *a = least_recently_used(model, pool, owner, now);

        if (a == NULL)
            return false;
        if (may_give(context, &a->binding, a->seq)) {
            *address = a->binding.address;
            return true;
        }
        a->stamp = ++model->stamp;
    }
    return false;
}

/* ---- comparing ---- */

static bool is_written(const struct model_address *a)
{
    const struct binding implied = binding_implied(a->binding.address);

    return a->binding.version.ms != 0 || !binding_same_contents(&a->binding, &implied);
}

void model_compare_sums(struct model *model, struct lease_table *table)
{
    struct pool_counts want[4] = {{{0, 0}, 0, 0, 0}};
    const struct model_address *first = NULL;
    size_t size = 0, offers = 0;
    uint64_t digest = 0;
    struct instant due = {-1};

    for (size_t i = 0; i < MODEL_ADDRESSES; i++) {
        const struct model_address *a = &model->at[i];
        const struct binding *b = &a->binding;
        const struct binding implied = binding_implied(b->address);

        size += is_written(a);
        offers += a->offered;
        if (!binding_same_contents(b, &implied))
            digest += binding_hash(b);
        if (b->state != BINDING_FREE && (first == NULL || a->due.ms < first->due.ms))
            first = a;
        if (a->pool == NULL)
            continue;
        want[a->pool->index].free[b->owner] += b->state == BINDING_FREE;
        want[a->pool->index].active += b->state == BINDING_ACTIVE;
        want[a->pool->index].released += b->state == BINDING_RELEASED;
        want[a->pool->index].abandoned += b->state == BINDING_ABANDONED;
    }
    assert_int_equal(lease_table_digest(table), digest);
    assert_int_equal(lease_table_size(table), size);
    assert_int_equal(lease_table_offer_count(table), offers);
    for (size_t i = 0; i < 3; i++) {
        const struct pool_counts got = lease_table_pool_counts(table, POOL(i));

        assert_memory_equal(&got, &want[i], sizeof(got));
    }

    const struct lease *earliest = lease_table_earliest(table, &due);

    assert_int_equal(earliest != NULL, first != NULL);
    if (first != NULL) {
        assert_int_equal(earliest->binding.address.value, first->binding.address.value);
        assert_int_equal(due.ms, first->due.ms);
    }
}

static void compare_records(struct model *model, struct lease_table *table, struct instant now)
{
    for (size_t i = 0; i < MODEL_ADDRESSES; i++) {
        const struct model_address *a = &model->at[i];
        const struct binding got = lease_table_binding(table, a->binding.address);
        const struct lease *lease = lease_table_find(table, a->binding.address);
        struct lease_offer offer;
        const bool live = a->offered && now.ms < a->offer_until.ms;

        assert_int_equal(lease != NULL, a->touched);
        assert_true(binding_same_contents(&got, &a->binding));
        assert_int_equal(version_compare(got.version, a->binding.version), 0);
        if (lease != NULL) {
            assert_int_equal(lease->seq, a->seq);
            assert_ptr_equal(lease_table_pool(table, lease), a->pool);
        }
        assert_int_equal(lease_table_offer_at(table, a->binding.address, now, &offer), live);
        if (live) {
            assert_int_equal(offer.until.ms, a->offer_until.ms);
            assert_true(span_equal(offer.client, span_of(a->offer_key, a->offer_key_size)));
        }
    }
}

static void compare_list(struct model *model, struct lease_table *table)
{
    struct lease_list list;

    lease_table_list_begin(table, &list);
    for (size_t i = 0; i < MODEL_ADDRESSES; i++) {
        if (!is_written(&model->at[i]))
            continue;

        const struct lease *lease = lease_table_list_next(table, &list);

        assert_non_null(lease);
        assert_int_equal(lease->binding.address.value, model->at[i].binding.address.value);
    }
    assert_null(lease_table_list_next(table, &list));
    lease_table_list_end(&list);
}

/* All that was touched, once each. */
static void compare_walk(struct model *model, struct lease_table *table)
{
    struct lease_walk walk;
    const struct lease *lease;
    bool seen[MODEL_ADDRESSES] = {false};

    lease_table_walk_begin(table, &walk);
    while ((lease = lease_table_walk_next(table, &walk)) != NULL) {
        const size_t at = (size_t)(model_find(model, lease->binding.address) - model->at);

        assert_false(seen[at]);
        seen[at] = true;
    }
    for (size_t i = 0; i < MODEL_ADDRESSES; i++)
        assert_int_equal(seen[i], model->at[i].touched);
}

static const struct model_address *own_after(const struct model *model, uint64_t after)
{
    const struct model_address *first = NULL;

    for (size_t i = 0; i < MODEL_ADDRESSES; i++) {
        const struct model_address *a = &model->at[i];

        if (a->seq > after && (first == NULL || a->seq < first->seq))
            first = a;
    }
    return first;
}

static void compare_own_writes(struct model *model, struct lease_table *table)
{
    uint64_t after = 0;
    struct lease *previous = NULL;

    for (;;) {
        const struct model_address *want = own_after(model, after);
        struct lease *got = lease_table_first_own_after(table, after);

        assert_int_equal(got != NULL, want != NULL);
        if (previous != NULL)
            assert_ptr_equal(lease_table_next_own(table, previous), got);
        if (want == NULL)
            return;
        assert_int_equal(got->seq, want->seq);
        assert_int_equal(got->binding.address.value, want->binding.address.value);
        previous = got;
        after = got->seq;
    }
}

static const struct model_address *client_at(const struct model *model,
                                             const struct config_subnet *subnet,
                                             struct span key)
{
    const struct model_address *best = NULL;

    for (size_t i = 0; i < MODEL_ADDRESSES; i++) {
        const struct model_address *a = &model->at[i];

        if (a->subnet != subnet || a->binding.state == BINDING_ABANDONED ||
            !span_equal(a->binding.client, key))
            continue;

        const bool active = a->binding.state == BINDING_ACTIVE;
        const bool best_active = best != NULL && best->binding.state == BINDING_ACTIVE;

        if (best == NULL || (active && !best_active) ||
            (active == best_active && a->binding.expires.ms > best->binding.expires.ms))
            best = a;
    }
    return best;
}

void model_compare_all(struct model *model, struct lease_table *table, struct instant now,
                       const struct span *keys, size_t key_count)
{
    model_compare_sums(model, table);
    compare_records(model, table, now);
    compare_list(model, table);
    compare_walk(model, table);
    compare_own_writes(model, table);
    for (size_t s = 0; s < help_config.subnet_count; s++) {
        for (size_t k = 0; k < key_count; k++) {
            const struct model_address *want = client_at(model, SUBNET(s), keys[k]);
            const struct model_address *offered = offer_to(model, SUBNET(s), keys[k]);
            const struct lease *got = lease_table_find_client(table, SUBNET(s), keys[k]);
            const bool live = offered != NULL && now.ms < offered->offer_until.ms;
            struct lease_offer offer;

            assert_int_equal(got != NULL, want != NULL);
            if (want != NULL)
                assert_int_equal(got->binding.address.value, want->binding.address.value);
            assert_int_equal(lease_table_offer_to(table, SUBNET(s), keys[k], now, &offer),
                             live);
            if (live)
                assert_int_equal(offer.address.value, offered->binding.address.value);
        }
    }
}
