/* config/care.c - settings of address care, one level over the other. */
#include "config/care.h"

uint64_t config_share_of(struct config_share share, uint64_t whole)
{
    switch (share.unit) {
    case CONFIG_SHARE_UNSET:
        return 0;
    case CONFIG_SHARE_PERCENT:
        return whole * share.value / CONFIG_SHARE_WHOLE;
    case CONFIG_SHARE_COUNT:
        return share.value;
    }
    return 0;
}

const char *config_limit_per_name(enum config_limit_per per)
{
    switch (per) {
    case CONFIG_PER_CLIENT:
        return "client";
    case CONFIG_PER_HARDWARE:
        return "hw-address";
    case CONFIG_PER_CIRCUIT:
        return "circuit-id";
    case CONFIG_PER_REMOTE:
        return "remote-id";
    case CONFIG_PER_CLASS:
        return "class";
    }
    return "?";
}

const char *config_limit_how(const struct config_limit *limit)
{
    return limit->per == CONFIG_PER_CLASS ? "of class" : "per";
}

const char *config_limit_what(const struct config_limit *limit)
{
    return limit->per == CONFIG_PER_CLASS ? limit->class_name
                                          : config_limit_per_name(limit->per);
}

bool config_care_is_set(const struct config_care *care)
{
    return care->renew.unit != CONFIG_SHARE_UNSET || care->rebind.unit != CONFIG_SHARE_UNSET ||
           care->renew_cache.unit != CONFIG_SHARE_UNSET ||
           care->warn_free.unit != CONFIG_SHARE_UNSET ||
           care->allocation != CONFIG_ALLOCATION_UNSET || care->bootp != CONFIG_BOOTP_UNSET ||
           care->rapid_commit != CONFIG_FLAG_UNSET ||
           care->authoritative != CONFIG_FLAG_UNSET ||
           care->match_client_id != CONFIG_FLAG_UNSET ||
           care->echo_client_id != CONFIG_FLAG_UNSET || care->limits != NULL;
}

static struct config_share share_over(struct config_share above, struct config_share own)
{
    return own.unit != CONFIG_SHARE_UNSET ? own : above;
}

static enum config_flag flag_over(enum config_flag above, enum config_flag own)
{
    return own != CONFIG_FLAG_UNSET ? own : above;
}

struct config_care config_care_over(struct config_care above, const struct config_care *own)
{
    return (struct config_care){
        .renew = share_over(above.renew, own->renew),
        .rebind = share_over(above.rebind, own->rebind),
        .renew_cache = share_over(above.renew_cache, own->renew_cache),
        .warn_free = share_over(above.warn_free, own->warn_free),
        .allocation =
            own->allocation != CONFIG_ALLOCATION_UNSET ? own->allocation : above.allocation,
        .bootp = own->bootp != CONFIG_BOOTP_UNSET ? own->bootp : above.bootp,
        .rapid_commit = flag_over(above.rapid_commit, own->rapid_commit),
        .authoritative = flag_over(above.authoritative, own->authoritative),
        .match_client_id = flag_over(above.match_client_id, own->match_client_id),
        .echo_client_id = flag_over(above.echo_client_id, own->echo_client_id),
        .limits = own->limits != NULL ? own->limits : above.limits,
    };
}
