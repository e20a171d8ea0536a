/* config/digest.c - what two peers compare of their files, part by part.
 *
 * A digest is taken of the model and not of the text, as a sequence of numbers in fixed width
 * and texts with their size before them; nothing in it depends on formatting, on the order of
 * writing where that means nothing, or on the machine. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "config/loader.h"

static void put_number(XXH3_state_t *state, uint64_t number)
{
    uint8_t bytes[8];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(number >> (8 * i));
    (void)XXH3_64bits_update(state, bytes, sizeof(bytes));
}

static void put_span(XXH3_state_t *state, struct span bytes)
{
    put_number(state, bytes.size);
    if (bytes.size > 0)
        (void)XXH3_64bits_update(state, bytes.data, bytes.size);
}

static void put_text(XXH3_state_t *state, const char *text)
{
    put_number(state, text != NULL);
    if (text != NULL)
        put_span(state, span_of(text, strlen(text)));
}

static void put_lease_time(XXH3_state_t *state, const struct config_lease_time *time)
{
    put_number(state, time->default_s);
    put_number(state, time->min_s);
    put_number(state, time->max_s);
}

static void put_share(XXH3_state_t *state, struct config_share share)
{
    put_number(state, share.unit);
    put_number(state, share.value);
}

/* Address care of one level.  Nothing said leaves no trace, so that peers of versions before
 * and after these keys agree as long as neither uses them. */
static void put_care(XXH3_state_t *state, const struct config_care *care)
{
    if (!config_care_is_set(care))
        return;
    put_share(state, care->renew);
    put_share(state, care->rebind);
    put_share(state, care->renew_cache);
    put_share(state, care->warn_free);
    put_number(state, care->allocation);
    put_number(state, care->bootp);
    put_number(state, care->rapid_commit);
    put_number(state, care->authoritative);
    put_number(state, care->match_client_id);
    put_number(state, care->echo_client_id);
    put_number(state, care->limits != NULL ? care->limits->count : 0);
    for (size_t i = 0; care->limits != NULL && i < care->limits->count; i++) {
        put_number(state, care->limits->items[i].per);
        put_number(state, care->limits->items[i].leases);
        if (care->limits->items[i].per == CONFIG_PER_CLASS)
            put_text(state, care->limits->items[i].class_name);
    }
}

static void put_probe(XXH3_state_t *state, const struct config_probe *probe)
{
    put_number(state, probe->icmp == CONFIG_FLAG_YES);
    put_number(state, probe->arp == CONFIG_FLAG_YES);
    put_number(state, (uint64_t)probe->wait_ms);
    put_number(state, (uint64_t)probe->recheck_ms);
}

static void put_codes(XXH3_state_t *state, const struct option_codes *codes)
{
    for (size_t i = 0; i < ARRAY_SIZE(codes->word); i++)
        put_number(state, codes->word[i]);
}

/* Options and header fields of one level. */
static void put_contents(XXH3_state_t *state, const struct config_terms *terms)
{
    put_number(state, terms->options->count);
    for (size_t i = 0; i < terms->options->count; i++) {
        const struct config_option option = config_options_at(terms->options, i);

        put_number(state, option.code);
        put_span(state, option.value);
    }
    if (terms->send != NULL) {
        put_codes(state, &terms->send->always);
        put_codes(state, &terms->send->never);
    }
    put_number(state, terms->boot.next_server.value);
    put_text(state, terms->boot.server_name);
    put_text(state, terms->boot.boot_file_name);
}

/* Names, because numbers move when a class is added elsewhere; in the order of the file. */
static void put_class_names(XXH3_state_t *state, const struct config *config,
                            const struct config_class_list *list)
{
    put_number(state, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const uint16_t number = list->numbers[i];

        put_text(state, number < CONFIG_BUILTINS
                            ? config_builtin_name((enum config_builtin)number)
                            : config->classes[number - CONFIG_BUILTINS].name);
    }
}

/* Before what not every file has: no number that stands at such a place is as large. */
#define EXTENDED (UINT64_C(1) << 63)

static bool is_plain(const struct config_condition *condition)
{
    if (condition->subject != SUBJECT_OPTION || condition->kind != CONDITION_ANY_VALUE)
        return false;
    for (size_t i = 0; i < condition->value_count; i++)
        if (condition->values[i].kind != VALUE_EQUAL && condition->values[i].kind != VALUE_GLOB)
            return false;
    return true;
}

static void put_extended(XXH3_state_t *state, const struct config *config,
                         const struct config_condition *condition)
{
    put_number(state, EXTENDED);
    put_number(state, condition->kind);
    put_number(state, condition->subject);
    put_number(state, condition->sub);
    put_number(state, condition->field);
    put_number(state, condition->extent);
    put_class_names(state, config, &condition->classes);
}

static void put_condition(XXH3_state_t *state, const struct config *config,
                          const struct config_condition *condition)
{
    const bool plain = is_plain(condition);

    if (!plain)
        put_extended(state, config, condition);
    put_number(state, condition->code);
    put_number(state, condition->type);
    put_number(state, condition->value_count);
    for (size_t i = 0; i < condition->value_count; i++) {
        const struct config_value *value = &condition->values[i];

        put_number(state, plain ? value->kind == VALUE_GLOB : value->kind);
        put_span(state, value->bytes);
        if (!plain)
            put_span(state, value->last);
    }
}

static void put_step(XXH3_state_t *state, const struct config *config,
                     const struct expression_step *step)
{
    put_number(state, step->op);
    put_number(state, step->code);
    put_number(state, step->sub);
    put_number(state, step->field);
    put_number(state, step->target);
    put_number(state, step->enterprise);
    put_number(state, (uint64_t)step->length);
    put_span(state, step->text);
    if (step->op == STEP_MEMBER) {
        const uint16_t class = (uint16_t)step->number;
        const struct config_class_list member = {&class, 1};

        put_class_names(state, config, &member);
    } else {
        put_number(state, (uint64_t)step->number);
    }
}

static void put_expression(XXH3_state_t *state, const struct config *config,
                           const struct expression *expression)
{
    put_number(state, expression->count);
    for (size_t i = 0; i < expression->count; i++)
        put_step(state, config, &expression->steps[i]);
}

static void put_class(XXH3_state_t *state, const struct config *config,
                      const struct config_class *class)
{
    put_text(state, class->name);
    put_number(state, class->condition_count);
    for (size_t i = 0; i < class->condition_count; i++)
        put_condition(state, config, &class->conditions[i]);
    if (class->test != CLASS_BY_MATCH || class->additional == CONFIG_FLAG_YES) {
        put_number(state, EXTENDED);
        put_number(state, class->test);
        put_number(state, class->additional == CONFIG_FLAG_YES);
        put_expression(state, config, &class->expression);
    }
    put_contents(state, &class->terms);
    put_lease_time(state, &class->terms.lease_time);
    put_care(state, &class->terms.care);
}

/* Nothing where there are no names, as before there were any. */
static void put_names(XXH3_state_t *state, const struct config_names *names)
{
    if (names == NULL)
        return;
    put_number(state, names->source);
    put_number(state, names->replace);
    put_number(state, names->client_updates);
    put_text(state, names->generated);
    put_text(state, names->suffix);
}

/* Not where a machine keeps the secrets. */
static void put_ddns(XXH3_state_t *state, const struct config_ddns *ddns)
{
    if (ddns == NULL)
        return;
    put_number(state, ddns->ttl_s);
    put_number(state, ddns->conflicts);
    put_number(state, ddns->zone_count);
    for (size_t i = 0; i < ddns->zone_count; i++) {
        const struct config_ddns_zone *zone = &ddns->zones[i];

        put_text(state, zone->zone);
        put_number(state, zone->port);
        put_text(state, zone->key_name);
        if (zone->key != NULL)
            put_number(state, zone->key->algorithm);
        put_number(state, zone->server_count);
        for (size_t j = 0; j < zone->server_count; j++)
            put_number(state, zone->servers[j].value);
    }
}

/* Whom a place serves. */
static void put_admission(XXH3_state_t *state, const struct config *config,
                          const struct config_admission *admission)
{
    if (admission == NULL)
        return;
    put_number(state, EXTENDED);
    put_class_names(state, config, &admission->allow);
    put_class_names(state, config, &admission->deny);
    put_class_names(state, config, &admission->require);
}

/* All that the peers must agree on; not the directory of the keys, which is each machine's own.
 */
static uint64_t digest_pair(const struct config *config, XXH3_state_t *state)
{
    const struct config_pair *pair = &config->pair;

    if (!config->has_pair)
        return 0;
    (void)XXH3_64bits_reset(state);
    put_text(state, pair->name);
    put_number(state, pair->mode);
    for (size_t i = 0; i < ARRAY_SIZE(pair->nodes); i++) {
        put_text(state, pair->nodes[i].name);
        put_text(state, pair->nodes[i].link);
    }
    put_number(state, pair->curve_directory != NULL);
    put_number(state, (uint64_t)pair->mclt_ms);
    put_number(state, (uint64_t)pair->link_timeout_ms);
    put_number(state, (uint64_t)pair->ack_timeout_ms);
    put_number(state, (uint64_t)pair->startup_wait_ms);
    put_number(state, (uint64_t)pair->max_unanswered_ms);
    put_number(state, (uint64_t)pair->max_clock_skew_ms);
    put_number(state, pair->split_percent);
    put_number(state, pair->start_alone);
    return XXH3_64bits_digest(state);
}

/* What is not written leaves no trace: files that do not use it keep their digest. */
static void put_ways(XXH3_state_t *state, const struct config_ways *ways)
{
    if (ways->relay_count == 0 && ways->interface == NULL && ways->server_identifier.value == 0)
        return;
    put_number(state, ways->relay_count);
    for (size_t i = 0; i < ways->relay_count; i++)
        put_number(state, ways->relays[i].value);
    put_text(state, ways->interface);
    put_number(state, ways->server_identifier.value);
}

/* The shared network that a subnet is in, in the digest of each of its subnets. */
static void put_link(XXH3_state_t *state, const struct config *config,
                     const struct config_link *link)
{
    if (link->name == NULL)
        return;
    put_text(state, link->name);
    put_ways(state, &link->ways);
    put_lease_time(state, &link->terms.lease_time);
    put_care(state, &link->terms.care);
    put_admission(state, config, link->admission);
}

static bool same_probe(const struct config_probe *a, const struct config_probe *b)
{
    return a->icmp == b->icmp && a->arp == b->arp && a->wait_ms == b->wait_ms &&
           a->recheck_ms == b->recheck_ms;
}

static uint64_t digest_subnet(const struct config *config, const struct config_subnet *subnet,
                              XXH3_state_t *state)
{
    (void)XXH3_64bits_reset(state);
    put_number(state, subnet->network.value);
    put_number(state, subnet->prefix_length);
    put_lease_time(state, &subnet->terms.lease_time);
    put_ways(state, &subnet->ways);
    put_admission(state, config, subnet->admission);
    put_link(state, config, subnet->link);
    put_care(state, &subnet->terms.care);
    if (!same_probe(&subnet->probe, &config->probe)) /* else it is the file's */
        put_probe(state, &subnet->probe);
    put_names(state, subnet->names);
    return XXH3_64bits_digest(state);
}

static uint64_t digest_pools(const struct config *config, const struct config_subnet *subnet,
                             XXH3_state_t *state)
{
    if (subnet->pool_count == 0)
        return 0;
    (void)XXH3_64bits_reset(state);
    for (size_t i = 0; i < subnet->pool_count; i++) {
        const struct config_pool *pool = &config->pools[subnet->first_pool + i];

        put_number(state, pool->range.first.value);
        put_number(state, pool->range.last.value);
        put_number(state, pool->part_count);
        for (size_t j = 0; j < pool->part_count; j++) {
            put_number(state, pool->parts[j].first.value);
            put_number(state, pool->parts[j].last.value);
        }
        put_lease_time(state, &pool->terms.lease_time);
        put_care(state, &pool->terms.care);
        put_admission(state, config, pool->admission);
    }
    return XXH3_64bits_digest(state);
}

static void put_reservation(XXH3_state_t *state, const struct config *config,
                            const struct config_reservation *r)
{
    put_number(state, r->address.value);
    put_span(state, r->key);
    put_lease_time(state, &r->terms.lease_time);
    put_care(state, &r->terms.care);
    for (size_t i = 0; i < r->classes.count; i++)
        put_text(state, config->classes[r->classes.numbers[i] - CONFIG_BUILTINS].name);
}

static uint64_t digest_reservations(const struct config *config,
                                    const struct config_subnet *subnet, XXH3_state_t *state)
{
    if (subnet->reservation_count == 0)
        return 0;
    (void)XXH3_64bits_reset(state);
    for (size_t i = 0; i < subnet->reservation_count; i++)
        put_reservation(state, config, &subnet->reservations[i]);
    return XXH3_64bits_digest(state);
}

/* What is sent, at every level: with each what it belongs to, so that a value that moves from
 * one to another is a difference. */
static bool put_level(XXH3_state_t *state, uint64_t kind, uint64_t whose,
                      const struct config_terms *terms)
{
    if (terms->options->count == 0 && terms->send == NULL && !config_boot_is_set(&terms->boot))
        return false;
    put_number(state, kind);
    put_number(state, whose);
    put_contents(state, terms);
    return true;
}

/* Classes that a level gives, or adds. */
static bool put_given(XXH3_state_t *state, const struct config *config, uint64_t kind,
                      uint64_t whose, const struct config_class_list *list)
{
    if (list->count == 0)
        return false;
    put_number(state, kind);
    put_number(state, whose);
    put_class_names(state, config, list);
    return true;
}

static uint64_t digest_options(const struct config *config, const struct config_subnet *subnet,
                               XXH3_state_t *state)
{
    enum { OF_SUBNET = 1, OF_POOL, OF_RESERVATION, OF_LINK, ADDED_BY = 16 };
    bool any;

    (void)XXH3_64bits_reset(state);
    any = put_level(state, OF_SUBNET, subnet->network.value, &subnet->terms);
    any |= put_level(state, OF_LINK, 0, &subnet->link->terms);
    any |= put_given(state, config, ADDED_BY + OF_SUBNET, subnet->network.value,
                     &subnet->add_classes);
    any |= put_given(state, config, ADDED_BY + OF_LINK, 0, &subnet->link->add_classes);
    for (size_t i = 0; i < subnet->pool_count; i++) {
        const struct config_pool *pool = &config->pools[subnet->first_pool + i];

        any |= put_level(state, OF_POOL, pool->range.first.value, &pool->terms);
        any |= put_given(state, config, ADDED_BY + OF_POOL, pool->range.first.value,
                         &pool->add_classes);
    }
    for (size_t i = 0; i < subnet->reservation_count; i++) {
        const struct config_reservation *r = &subnet->reservations[i];

        if (put_level(state, OF_RESERVATION, r->address.value, &r->terms)) {
            if (r->address.value == 0)
                put_span(state, r->key);
            any = true;
        }
        any |= put_given(state, config, ADDED_BY + OF_RESERVATION, r->address.value,
                         &r->add_classes);
    }
    return any ? XXH3_64bits_digest(state) : 0;
}

static void put_leasequery(XXH3_state_t *state, const struct config_leasequery *query)
{
    if (query->allow_count == 0)
        return;
    put_number(state, query->allow_count);
    for (size_t i = 0; i < query->allow_count; i++) {
        put_number(state, query->allow[i].first.value);
        put_number(state, query->allow[i].last.value);
    }
    put_number(state, query->bulk);
    put_number(state, query->bulk_port);
}

static uint64_t digest_file(const struct config *config, XXH3_state_t *state)
{
    (void)XXH3_64bits_reset(state);
    put_lease_time(state, &config->terms.lease_time);
    put_care(state, &config->terms.care);
    put_number(state, (uint64_t)config->offer_hold_ms);
    put_number(state, (uint64_t)config->abandon_ms);
    put_leasequery(state, &config->leasequery);
    if (config_probe_is_on(&config->probe))
        put_probe(state, &config->probe);
    put_ddns(state, config->ddns);
    return XXH3_64bits_digest(state);
}

/* What names mean decides how values are shown, on both nodes alike. */
static void put_definitions(XXH3_state_t *state, const struct option_definition *definitions,
                            size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put_number(state, definitions[i].code);
        put_number(state, definitions[i].type);
        put_text(state, definitions[i].name);
        put_text(state, definitions[i].space != NULL ? definitions[i].space->name : NULL);
        for (size_t j = 0; definitions[i].record != NULL && j < definitions[i].record->count;
             j++)
            put_number(state, definitions[i].record->fields[j]);
        put_number(state, definitions[i].record != NULL && definitions[i].record->last_repeats);
    }
}

static uint64_t digest_file_options(const struct config *config, XXH3_state_t *state)
{
    (void)XXH3_64bits_reset(state);
    put_contents(state, &config->terms);
    put_definitions(state, config->definitions.options, config->definitions.count);
    for (size_t i = 0; i < config->definitions.space_count; i++) {
        const struct option_space *space = &config->definitions.spaces[i];

        put_text(state, space->name);
        put_definitions(state, space->definitions, space->count);
    }
    put_number(state, config->class_count);
    for (size_t i = 0; i < config->class_count; i++)
        put_class(state, config,
                  &config->classes[i]); /* in the order written: it decides who wins */
    /* None of these stands in a subnet. */
    if (!identities_are_usual(&config->identities))
        for (size_t i = 0; i < config->identities.count; i++)
            put_number(state, config->identities.order[i]);
    if (config->flex_id.count > 0) {
        put_number(state, EXTENDED);
        put_expression(state, config, &config->flex_id);
    }
    for (size_t i = config->reservation_count - config->anywhere_count;
         i < config->reservation_count; i++) {
        put_reservation(state, config, &config->reservations[i]);
        put_contents(state, &config->reservations[i].terms);
    }
    return XXH3_64bits_digest(state);
}

/* One digest of a kind for all subnets; those that have nothing of it leave no trace, so that a
 * new subnet differs in `subnets` alone. */
static uint64_t sum_up(const struct config *config, enum config_part part, XXH3_state_t *state)
{
    (void)XXH3_64bits_reset(state);
    put_number(state, config->file_digests.part[part]);
    for (size_t i = 0; i < config->subnet_count; i++) {
        if (config->subnet_digests[i].part[part] != 0)
            put_number(state, config->subnet_digests[i].part[part]);
    }
    return XXH3_64bits_digest(state);
}

void config_digest(struct config *config, struct arena *arena)
{
    struct subnet_digests *parts =
        ARENA_ARRAY(arena, struct subnet_digests, config->subnet_count);
    XXH3_state_t state;

    XXH3_INITSTATE(&state);
    for (size_t i = 0; i < config->subnet_count; i++) {
        const struct config_subnet *subnet = &config->subnets[i];

        parts[i].network = subnet->network;
        parts[i].prefix_length = subnet->prefix_length;
        parts[i].part[PART_SUBNETS] = digest_subnet(config, subnet, &state);
        parts[i].part[PART_POOLS] = digest_pools(config, subnet, &state);
        parts[i].part[PART_RESERVATIONS] = digest_reservations(config, subnet, &state);
        parts[i].part[PART_OPTIONS] = digest_options(config, subnet, &state);
    }
    config->subnet_digests = parts;
    config->file_digests.part[PART_SUBNETS] = digest_file(config, &state);
    config->file_digests.part[PART_OPTIONS] = digest_file_options(config, &state);
    config->digests.pair = digest_pair(config, &state);
    for (enum config_part part = 0; part < CONFIG_PARTS; part++)
        config->digests.part[part] = sum_up(config, part, &state);
}
