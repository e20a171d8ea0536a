"""What is measured.  A figure is a function (bench, product) that returns {name: number}; a number
is None where there is nothing to tell, infinite where the end was not reached.

`PASSES` are figures that share a start of a product; products take turns within a pass."""

from . import gap, rate, scale, storm

PASSES = (
    {"contact": rate.contact, "renew": rate.renew},
    {"latency": rate.latency, "syscalls": rate.syscalls, "overload": rate.overload},
    {"storm": storm.storm},
    {"scale": scale.scale},
    {"gap": gap.gap},
)
FIGURES = tuple(name for figures in PASSES for name in figures)

# Minutes, and not what the search varies: one round of --quick has them.
SLOW = ("scale", "gap")

# What there is nothing of for an echo, or for one server alone.
FOR_PAIRS = ("gap",)
FOR_SERVERS = ("renew", "latency", "syscalls", "overload", "storm", "scale", "gap")
