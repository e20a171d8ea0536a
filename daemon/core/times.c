/* daemon/core/times.c - T1 and T2 of a lease, and leases without end. */
#include "daemon/core/server_internal.h"

struct lease_shares select_shares(const struct levels *levels)
{
    const struct config_care *place = &levels->place->care;
    struct lease_shares shares = {place->renew, place->rebind};

    if (levels->classes->shares.renew.unit != CONFIG_SHARE_UNSET)
        shares.renew = levels->classes->shares.renew;
    if (levels->classes->shares.rebind.unit != CONFIG_SHARE_UNSET)
        shares.rebind = levels->classes->shares.rebind;
    if (levels->reservation != NULL) {
        const struct config_care *own = &levels->reservation->care;

        shares.renew = own->renew.unit != CONFIG_SHARE_UNSET ? own->renew : shares.renew;
        shares.rebind = own->rebind.unit != CONFIG_SHARE_UNSET ? own->rebind : shares.rebind;
    }
    return shares;
}

/* RFC 2131 4.4.5. */
static struct dhcp4_lease_times default_times(uint32_t seconds)
{
    return (struct dhcp4_lease_times){seconds, seconds / 2,
                                      (uint32_t)((uint64_t)seconds * 7 / 8)};
}

/* The lease that is told may be shorter than what was configured together with T1 and T2, down
 * to the MCLT: what would not be T1 < T2 < lease follows the defaults' proportions (README of
 * config/). */
struct dhcp4_lease_times times_of(const struct lease_shares *shares, uint32_t seconds)
{
    struct dhcp4_lease_times times = default_times(seconds);
    uint64_t t1, t2;

    if (seconds == CONFIG_INFINITE)
        return (struct dhcp4_lease_times){seconds, seconds, seconds};
    if (shares->renew.unit == CONFIG_SHARE_UNSET && shares->rebind.unit == CONFIG_SHARE_UNSET)
        return times;
    t1 = config_share_of(shares->renew, seconds);
    t2 = config_share_of(shares->rebind, seconds);
    if (shares->rebind.unit == CONFIG_SHARE_UNSET || t2 >= seconds)
        t2 = times.rebinding;
    if (shares->renew.unit == CONFIG_SHARE_UNSET)
        t1 = times.renewal;
    if (t1 >= t2)
        t1 = t2 * 4 / 7;
    times.renewal = (uint32_t)t1;
    times.rebinding = (uint32_t)t2;
    return times;
}

/* A lease without end lasts until a moment that never comes; that the partner has acked it is
 * seen by the same comparison as for any other (README of ha/, "Lease time"). */
int64_t lease_ms_of(const struct server *s, uint32_t seconds)
{
    return seconds == CONFIG_INFINITE ? BINDING_NEVER_MS - s->now.ms : (int64_t)seconds * 1000;
}

uint32_t lease_seconds_of(const struct server *s, int64_t ms)
{
    if (ms <= 0)
        return 0;
    if (instant_is_never(instant_add_ms(s->now, ms)))
        return CONFIG_INFINITE;
    return ms / 1000 < CONFIG_INFINITE ? (uint32_t)(ms / 1000) : CONFIG_INFINITE - 1;
}

struct instant lease_expires(const struct server *s, int64_t ms)
{
    const struct instant end = instant_add_ms(s->now, ms + LEASE_SLACK_MS);

    return instant_is_never(end) ? instant_ms(BINDING_NEVER_MS) : end;
}
