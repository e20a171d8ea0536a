"""What twindhcp is to reach, and how far it is from it."""

from .table import median, ratio

# What the goals below are made of, and kea-lb's latency to compare with.
NEEDED = {
    "twindhcp": ("contact", "renew", "latency", "syscalls", "overload", "storm", "scale", "gap"),
    "twindhcp-alone": ("contact",),
    "kea-lb": ("contact", "renew", "latency", "storm", "gap"),
    "kea": ("contact",),
    "isc-failover": ("contact",),
    "dnsmasq": ("contact",),
    "echo": ("contact",),
    "echo-alone": ("contact",),
}

# Two minutes that only show a time-out of its configuration: no goal is a ratio to it.
ONCE = (("kea-lb", "gap"),)


class Goal:
    """`value(samples)` is None where the run has not measured it.  `limit(samples)` is what the
    value would be if the servers only sent packets back.  Neither `most` nor `least`: to know."""

    def __init__(self, what, value, unit, most=None, least=None, limit=None):
        self.what, self.value, self.unit = what, value, unit
        self.most, self.least, self.limit = most, least, limit

    def _is_met_by(self, value):
        return value <= self.most if self.least is None else value >= self.least

    def _beyond(self, samples):
        """That not even the limit reaches the goal, where it is so."""
        limit = self.limit(samples) if self.limit else None
        if limit is None or self._is_met_by(limit):
            return ""
        return f"; the echo reaches {limit:.3g}{self.unit}"

    def line(self, samples):
        value = self.value(samples)
        if self.most is None and self.least is None:
            return f"no goal       {self.what}: " + (
                f"{value:.3g}{self.unit}" if value is not None else "not measured")
        wanted = f"at most {self.most:g}" if self.least is None else f"at least {self.least:g}"
        if value is None:
            return f"not measured  {self.what}: {wanted}{self.unit}"
        good = self._is_met_by(value)
        return (f"{'reached' if good else 'MISSED':12s}  {self.what}: {value:.3g}{self.unit} "
                f"({wanted}{self.unit}{'' if good else self._beyond(samples)})")


def _ratio(name, product, other):
    return lambda samples: ratio(samples, name, product, other)


def _median(name, product="twindhcp"):
    return lambda samples: median(samples, product, name)


def _percent(name, product, other):
    def value(samples):
        found = ratio(samples, name, product, other)
        return found * 100 if found is not None else None
    return value


GOALS = (
    Goal("pair, first contacts/s against kea-lb",
         _ratio("contact_per_s", "twindhcp", "kea-lb"), "x", least=10,
         limit=_ratio("contact_per_s", "echo", "kea-lb")),
    Goal("the same against isc-failover",
         _ratio("contact_per_s", "twindhcp", "isc-failover"), "x", least=10,
         limit=_ratio("contact_per_s", "echo", "isc-failover")),
    Goal("pair, renewals/s against kea-lb", _ratio("renew_per_s", "twindhcp", "kea-lb"), "x",
         least=10),
    Goal("pair, CPU per first contact against kea-lb",
         _ratio("contact_cpu", "twindhcp", "kea-lb"), "x", most=0.1,
         limit=_ratio("contact_cpu", "echo", "kea-lb")),
    Goal("pair, CPU per renewal against kea-lb", _ratio("renew_cpu", "twindhcp", "kea-lb"), "x",
         most=0.1),
    Goal("alone, first contacts/s against kea",
         _ratio("contact_per_s", "twindhcp-alone", "kea"), "x", least=5,
         limit=_ratio("contact_per_s", "echo-alone", "kea")),
    Goal("alone, first contacts/s against dnsmasq",
         _ratio("contact_per_s", "twindhcp-alone", "dnsmasq"), "x", least=5,
         limit=_ratio("contact_per_s", "echo-alone", "dnsmasq")),
    Goal("pair, first contacts/s against the echo of as many packets",
         _percent("contact_per_s", "twindhcp", "echo"), " %", least=25),
    Goal("alone, first contacts/s against the echo of as many packets",
         _percent("contact_per_s", "twindhcp-alone", "echo-alone"), " %"),
    Goal("pair, p99 where kea-lb saturates", _median("at_kea_p99"), " ms", most=5),
    Goal("boot storm, time until the last is bound against kea-lb",
         _ratio("storm_s", "twindhcp", "kea-lb"), "x", most=0.1),
    Goal("unserved after SIGKILL", _median("gap_s"), " s", most=1),
    Goal("start to the first DHCPACK (goal: with 1,000,000 leases)", _median("start_s"), " s",
         most=2),
    Goal("an empty partner is filled (goal: with 1,000,000 leases)", _median("resync_s"), " s",
         most=5),
    # Both servers of a pair hold every lease.
    Goal("resident bytes per lease, each server",
         lambda samples: half(median(samples, "twindhcp", "bytes_per_lease")), "", most=256),
    Goal("overload at 3x: served, of capacity", _median("overload_share"), " %", least=80),
)


def half(value):
    return value / 2 if value is not None else None


def text(samples):
    return "\n".join(goal.line(samples) for goal in GOALS)
