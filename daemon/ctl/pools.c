/* daemon/ctl/pools.c - twinctl pools */
#include "daemon/ctl/pools.h"

#include "daemon/ctl/client.h"
#include "daemon/ctl/table.h"
#include "daemon/ctl/value.h"

static void add_use(struct table *table, const json_t *pool)
{
    const int64_t size = value_int(pool, "size");

    if (size > 0)
        table_format(table, "%d%%%s", (int)(value_int(pool, "active") * 100 / size),
                     value_bool(pool, "low") ? " low" : "");
    else
        table_text(table, NULL);
}

static void add_pool(struct table *table, const json_t *pool, bool pair)
{
    const int64_t primary = value_int(pool, "free.primary");
    const int64_t secondary = value_int(pool, "free.secondary");

    table_text(table, value_text(pool, "subnet"));
    table_text(table, value_text(pool, "range"));
    table_int(table, value_int(pool, "size"));
    add_use(table, pool);
    table_int(table, value_int(pool, "active"));
    table_int(table, value_int(pool, "released"));
    table_int(table, value_int(pool, "abandoned"));
    if (pair) {
        table_int(table, primary);
        table_int(table, secondary);
    } else {
        table_int(table, primary + secondary);
    }
}

void print_pools(const json_t *object, unsigned indent, FILE *out)
{
    const json_t *pools = value_at(object, "pools");
    const bool pair = value_is_set(object, "pair");
    struct table table;
    const json_t *pool;
    size_t i;

    if (pair)
        table_init(&table, "SUBNET", "POOL", ">SIZE", ">USED", ">ACTIVE", ">RELEASED",
                   ">ABANDONED", ">FREE PRIMARY", ">FREE SECONDARY", NULL);
    else
        table_init(&table, "SUBNET", "POOL", ">SIZE", ">USED", ">ACTIVE", ">RELEASED",
                   ">ABANDONED", ">FREE", NULL);
    json_array_foreach(pools, i, pool)
    {
        add_pool(&table, pool, pair);
    }
    if (table_rows(&table) == 0)
        fprintf(out, "%*sno pools are configured\n", (int)indent, "");
    else
        table_print(&table, indent, out);
    table_deinit(&table);
}

enum ctl_exit ctl_pools(const struct ctl_options *options)
{
    struct ctl_reply reply;
    const enum ctl_exit result = ctl_ask_or_complain(options, "/v1/pools", NULL, &reply);

    if (result != CTL_OK)
        return result;
    if (options->json)
        fputs(reply.text, stdout);
    else
        print_pools(reply.value, 0, stdout);
    ctl_reply_free(&reply);
    return CTL_OK;
}
