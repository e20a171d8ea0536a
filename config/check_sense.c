/* config/check_sense.c - what is right as it stands and hardly meant: warnings that take the
 * whole model, and where the file says it. */
#include "config/loader.h"

#include "proto/fqdn.h"

struct level_nodes level_nodes_of(const struct section *section)
{
    const struct node *names = section_find(section, "names");

    return (struct level_nodes){
        .allow = section_find(section, "allow"),
        .deny = section_find(section, "deny"),
        .require = section_find(section, "require"),
        .warn_free = section_find(section, "warn-free"),
        .suffix = names != NULL ? node_value(names, "suffix") : NULL,
    };
}

/* ---- relays ---- */

/* Clients behind such a relay are looked for here alone, though its address is of another link:
 * right where a relay has one address for several links, and more often a slip. */
static void check_relays(struct loader *l, const struct node *node,
                         const struct config_ways *ways, const struct config_link *own,
                         const struct draft_subnet *drafts)
{
    for (size_t i = 0; i < ways->relay_count; i++) {
        const struct config_subnet *inside = config_subnet_of(l->config, ways->relays[i]);
        const struct node *item = node->kind == NODE_LIST ? node->items[i] : node;
        char text[IP4_TEXT_SIZE];

        if (inside != NULL && inside->link != own)
            warn(l, item,
                 "relay: %s lies inside the subnet %s of %s; clients behind it are taken to "
                 "be here, not there",
                 ip4_format(ways->relays[i], text), inside->text,
                 place_of(l, drafts[inside->index].place, item));
    }
}

/* ---- options that are named and nowhere given ---- */

static void add_given(struct option_codes *given, const struct config_terms *terms)
{
    option_codes_add_all(given, &terms->options->codes);
}

static struct option_codes given_options(const struct config *config)
{
    struct option_codes given = {{0}};

    /* The server makes these up itself. */
    option_codes_add(&given, OPTION_SUBNET_MASK);
    option_codes_add(&given, OPTION_BROADCAST_ADDRESS);
    option_codes_add(&given, OPTION_HOST_NAME);
    option_codes_add(&given, OPTION_CLIENT_FQDN);
    add_given(&given, &config->terms);
    for (size_t i = 0; i < config->link_count; i++)
        add_given(&given, &config->links[i].terms);
    for (size_t i = 0; i < config->class_count; i++)
        add_given(&given, &config->classes[i].terms);
    for (size_t i = 0; i < config->subnet_count; i++)
        add_given(&given, &config->subnets[i].terms);
    for (size_t i = 0; i < config->pool_count; i++)
        add_given(&given, &config->pools[i].terms);
    for (size_t i = 0; i < config->reservation_count; i++)
        add_given(&given, &config->reservations[i].terms);
    return given;
}

static void check_always(struct loader *l)
{
    const struct option_codes given = given_options(l->config);

    for (unsigned code = 0; code < ARRAY_SIZE(l->always); code++)
        if (l->always[code] != NULL && !option_codes_have(&given, (uint8_t)code))
            warn(l, l->always[code],
                 "always-send: no level of this configuration gives %s a value, so that it is "
                 "never sent",
                 quoted(l, l->always[code]->text));
}

/* ---- classes that are let in and turned away ---- */

/* A level that `deny` may stand at. */
struct turned_away {
    const struct config_admission *admission; /* NULL: denies nobody */
    const struct node *deny;
};

/* The level of `levels` that denies the class; NULL: none. */
static const struct node *denied_at(const struct turned_away *levels, size_t count,
                                    uint16_t class)
{
    for (size_t i = 0; i < count; i++)
        if (levels[i].admission != NULL && class_list_has(&levels[i].admission->deny, class))
            return levels[i].deny;
    return NULL;
}

/* `levels` are those above, the nearest first. */
static void check_admission(struct loader *l, const struct config_admission *own,
                            const struct level_nodes *nodes, const struct turned_away *levels,
                            size_t count)
{
    const struct node *denied = NULL;

    if (own == NULL)
        return;
    for (size_t i = 0; i < own->require.count; i++) {
        denied = denied_at(levels, count, own->require.numbers[i]);
        if (denied != NULL)
            warn(l, nodes->require,
                 "require: class '%s' is denied above, at %s, so that nobody is served here",
                 class_name_of(l, own->require.numbers[i]),
                 place_of(l, denied, nodes->require));
    }
    for (size_t i = 0; i < own->allow.count; i++) {
        denied = denied_at(levels, count, own->allow.numbers[i]);
        if (denied == NULL)
            return;
    }
    if (own->allow.count > 0)
        warn(l, nodes->allow, "allow: %s denied above, at %s, so that nobody is served here",
             own->allow.count == 1 ? "this class is" : "all of these classes are",
             place_of(l, denied, nodes->allow));
}

static void check_admissions(struct loader *l, const struct draft_subnet *draft)
{
    const struct draft_network *shared = draft->shared;
    const struct turned_away above[] = {
        {draft->subnet.admission, draft->nodes.deny},
        {shared != NULL ? shared->link.admission : NULL,
         shared != NULL ? shared->nodes.deny : NULL},
    };

    check_admission(l, draft->subnet.admission, &draft->nodes, above + 1, 1);
    for (size_t i = 0; i < draft->pool_count; i++)
        check_admission(l, draft->pools[i].pool.admission, &draft->pools[i].nodes, above, 2);
}

/* ---- more free addresses than there are ---- */

static const struct node *warn_free_of(const struct draft_pool *pool,
                                       const struct draft_subnet *subnet,
                                       const struct level_nodes *file)
{
    if (pool->nodes.warn_free != NULL)
        return pool->nodes.warn_free;
    if (subnet->nodes.warn_free != NULL)
        return subnet->nodes.warn_free;
    if (subnet->shared != NULL && subnet->shared->nodes.warn_free != NULL)
        return subnet->shared->nodes.warn_free;
    return file->warn_free;
}

/* One pool for each place that says it: the others are as easily found. */
static void check_warn_free(struct loader *l, const struct draft_subnet *drafts, size_t at,
                            const struct level_nodes *file, const struct node **said)
{
    const struct draft_subnet *draft = &drafts[at];
    const struct config_subnet *subnet = &l->config->subnets[at];

    for (size_t i = 0; i < draft->pool_count; i++) {
        const struct config_pool *pool = &l->config->pools[subnet->first_pool + i];
        const struct node *node = warn_free_of(&draft->pools[i], draft, file);
        char range[RANGE_TEXT_SIZE];

        if (node == NULL || node == *said ||
            config_share_of(pool->effective->care.warn_free, pool->size) <= pool->size)
            continue;
        warn(l, node,
             "warn-free: the pool %s of %s has only %llu addresses, so that it is always low",
             range_format(pool->range, range), place_of(l, draft->pools[i].place, node),
             (unsigned long long)pool->size);
        *said = node;
    }
}

/* ---- names that no zone holds ---- */

static const struct node *suffix_of(const struct draft_subnet *draft,
                                    const struct level_nodes *file)
{
    if (draft->nodes.suffix != NULL)
        return draft->nodes.suffix;
    if (draft->shared != NULL && draft->shared->nodes.suffix != NULL)
        return draft->shared->nodes.suffix;
    return file->suffix;
}

/* They are given to clients, and go nowhere.  `said`: the domain that was the last to be warned
 * of, for subnets are many and their domains few. */
static void check_zone(struct loader *l, const struct config_subnet *subnet,
                       const struct draft_subnet *draft, const struct level_nodes *file,
                       struct name *said)
{
    const struct config_names *names = subnet->names;
    const struct node *node = suffix_of(draft, file);
    struct name domain = {.size = 0};
    struct span text;

    if (l->config->ddns == NULL || names == NULL || names->source == NAME_OF_NOBODY)
        return;
    if (names->suffix != NULL)
        text = span_of(names->suffix, strlen(names->suffix));
    else
        text = config_options_find(subnet->effective->options, OPTION_DOMAIN_NAME);
    if (text.data == NULL || !name_add_text(&domain, text) ||
        config_ddns_zone_of(l->config->ddns, name_span(&domain)) != NULL ||
        span_equal(name_span(&domain), name_span(said)))
        return;
    *said = domain;
    warn(l, names->suffix != NULL && node != NULL ? node : draft->place,
         "names of the subnet %s end in %.*s, which lies in no zone of 'ddns'; they are not "
         "written into the DNS",
         subnet->text, (int)domain.size, domain.text);
}

void check_sense(struct loader *l, const struct section *file,
                 const struct draft_network *networks, size_t network_count,
                 const struct draft_subnet *drafts, size_t count)
{
    const struct level_nodes nodes = level_nodes_of(file);
    const struct node *low = NULL;
    struct name domain = {.size = 0};

    check_always(l);
    for (size_t i = 0; i < network_count; i++)
        check_relays(l, networks[i].relay_place, &networks[i].link.ways, networks[i].settled,
                     drafts);
    for (size_t i = 0; i < count; i++) {
        const struct config_subnet *subnet = &l->config->subnets[i];

        check_relays(l, drafts[i].relay_place, &drafts[i].subnet.ways, subnet->link, drafts);
        check_admissions(l, &drafts[i]);
        check_warn_free(l, drafts, i, &nodes, &low);
        check_zone(l, subnet, &drafts[i], &nodes, &domain);
    }
}
