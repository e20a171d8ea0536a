/* daemon/core/admit.c - whom a place serves: allow, deny and require. */
#include "daemon/core/server_internal.h"

static size_t count_in(const struct config_class_list *list, const struct facts *facts)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += fact_in_class(facts, list->numbers[i]) ? 1 : 0;
    return count;
}

bool place_admits(struct server *s, const struct request *r,
                  const struct config_admission *admission)
{
    const struct facts *facts;

    if (admission == NULL)
        return true;
    facts = &classes_of(s, r)->facts;
    return count_in(&admission->deny, facts) == 0 &&
           (admission->allow.count == 0 || count_in(&admission->allow, facts) > 0) &&
           count_in(&admission->require, facts) == admission->require.count;
}

bool link_admits(struct server *s, const struct request *r)
{
    const struct config_link *link = r->subnet->link;

    if (!place_admits(s, r, link->admission))
        return false;
    for (size_t i = 0; i < link->subnet_count; i++)
        if (place_admits(s, r, link->subnets[i]->admission))
            return true;
    return false;
}

/* Of a link without pools none keeps anybody out. */
bool pools_admit(struct server *s, const struct request *r)
{
    const struct config_link *link = r->subnet->link;
    size_t pools = 0;

    for (size_t i = 0; i < link->subnet_count; i++) {
        const struct config_subnet *subnet = link->subnets[i];

        pools += subnet->pool_count;
        for (size_t j = 0; j < subnet->pool_count; j++)
            if (place_admits(s, r, subnet->admission) &&
                place_admits(s, r, s->config->pools[subnet->first_pool + j].admission))
                return true;
    }
    return pools == 0;
}
