/* config/terms.c - what the levels say to clients, one over the other.
 *
 * Pool over subnet over file are merged here, once at load; reservation and classes, which
 * depend on the packet, go over the result with the same functions. */
#include "config/loader.h"
#include "config/options.h"

static uint32_t set_or(uint32_t value, uint32_t otherwise)
{
    return value != 0 ? value : otherwise;
}

struct config_lease_time config_lease_time_over(struct config_lease_time above,
                                                const struct config_lease_time *own)
{
    return (struct config_lease_time){set_or(own->default_s, above.default_s),
                                      set_or(own->min_s, above.min_s),
                                      set_or(own->max_s, above.max_s)};
}

struct config_boot config_boot_over(struct config_boot above, const struct config_boot *own)
{
    if (own->next_server.value != 0)
        above.next_server = own->next_server;
    if (own->server_name[0] != '\0')
        above.server_name = own->server_name;
    if (own->boot_file_name[0] != '\0')
        above.boot_file_name = own->boot_file_name;
    return above;
}

void config_send_over(struct config_send *above, const struct config_send *own)
{
    for (size_t i = 0; i < ARRAY_SIZE(above->always.word); i++) {
        const uint64_t always = own->always.word[i], never = own->never.word[i];

        above->always.word[i] = (above->always.word[i] & ~never) | always;
        above->never.word[i] = (above->never.word[i] & ~always) | never;
    }
}

bool config_lease_time_is_set(const struct config_lease_time *time)
{
    return time->default_s != 0 || time->min_s != 0 || time->max_s != 0;
}

bool config_boot_is_set(const struct config_boot *boot)
{
    return boot->next_server.value != 0 || boot->server_name[0] != '\0' ||
           boot->boot_file_name[0] != '\0';
}

static void put_all(struct option_values *values, const struct config_options *set)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct config_option option = config_options_at(set, i);

        option_values_put(values, option.code, option.value);
    }
}

static const struct config_options *options_over(struct arena *arena,
                                                 const struct config_options *above,
                                                 const struct config_options *own)
{
    struct option_values values;

    if (own->count == 0)
        return above;
    if (above->count == 0)
        return own;
    values.codes = (struct option_codes){{0}};
    put_all(&values, above);
    put_all(&values, own);
    return options_pack(arena, &values);
}

/* All levels' limits hold, so the nearest one's leads to those above. */
static const struct config_limits *limits_over(struct arena *arena,
                                               const struct config_limits *above,
                                               const struct config_limits *own)
{
    struct config_limits *limits;

    if (own == NULL)
        return above;
    if (above == NULL)
        return own;
    limits = ARENA_ARRAY(arena, struct config_limits, 1);
    *limits = (struct config_limits){above, own->items, own->count};
    return limits;
}

static const struct config_send *send_over(struct arena *arena, const struct config_send *above,
                                           const struct config_send *own)
{
    struct config_send *merged;

    if (own == NULL || above == NULL)
        return own == NULL ? above : own;
    merged = ARENA_ARRAY(arena, struct config_send, 1);
    *merged = *above;
    config_send_over(merged, own);
    return merged;
}

const struct config_terms *terms_over(struct arena *arena, const struct config_terms *above,
                                      const struct config_terms *own)
{
    struct config_terms *merged;

    if (own->options->count == 0 && own->send == NULL &&
        !config_lease_time_is_set(&own->lease_time) && !config_boot_is_set(&own->boot) &&
        !config_care_is_set(&own->care))
        return above;
    merged = ARENA_ARRAY(arena, struct config_terms, 1);
    merged->options = options_over(arena, above->options, own->options);
    merged->send = send_over(arena, above->send, own->send);
    merged->lease_time = config_lease_time_over(above->lease_time, &own->lease_time);
    merged->boot = config_boot_over(above->boot, &own->boot);
    merged->care = config_care_over(above->care, &own->care);
    merged->care.limits = limits_over(arena, above->care.limits, own->care.limits);
    return merged;
}
