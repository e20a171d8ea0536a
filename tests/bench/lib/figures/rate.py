"""How many exchanges per second, at which cost, how fast each; and what overload does."""

import itertools

from ..limit import CpuLimit
from ..load import unanswered

LOST = 0.01  # more may not go unanswered
SLOW_SHARE = 0.25  # of one processor, for overload
BUSY = 0.85  # of one processor, for the generator: it cannot do much more
UNKNOWN_RATE = 250  # exchanges/s, where first contacts were not measured


def _prepare(product):
    """An empty lease database, unless the product takes too long to start for that."""
    if product.fresh_for_each_step or not product.processes:
        product.start_empty()


def _search(bench, product, name, options):
    """The window (exchanges under way) that gives the most, with under 1 % unanswered."""
    best = None
    for placement, window in itertools.product(product.placements, bench.options.windows):
        product.place(placement)
        _prepare(product)
        report = product.load.run("--window", window, "--seconds", bench.options.seconds, *options)
        bench.tell(f"{product.name}: {name}, window {window}: {report['per_second']:.0f}/s, "
                   f"{unanswered(report):.2%} unanswered, {report['cpu_per_10k'] or 0:.2f} CPU "
                   f"s/10k, generator {report['cpu_s'] / report['span_s']:.0%}")
        if unanswered(report) < LOST and (not best or report["per_second"] > best["per_second"]):
            best = dict(report, window=window)
    if best is None:
        bench.note(f"{product.name}: {name}: 1 % or more unanswered with every window")
        return {}
    if best["cpu_s"] > BUSY * best["span_s"]:
        bench.note(f"{product.name}: {name}: the generator was busy "
                   f"{best['cpu_s'] / best['span_s']:.0%} of the time; the true rate is higher")
    return {f"{name}_per_s": best["per_second"], f"{name}_window": best["window"],
            f"{name}_cpu": best["cpu_per_10k"]}


def contact(bench, product):
    """First contacts in closed loop, from an empty lease database."""
    return _search(bench, product, "contact", ["--exchange", product.exchange])


def renew(bench, product):
    """Renewals in closed loop, unicast to the server of the lease.

    By as many clients as make first contact in the time of a step, so that few renew more than
    once a second, when a server would see nothing new in it."""
    rate = bench.latest(product.name, "contact_per_s") or UNKNOWN_RATE
    bound = round(bench.options.seconds * rate)
    return _search(bench, product, "renew", ["--exchange", "renew", "--bind", bound])


def latency(bench, product):
    """Of first contacts at fixed rates: those of --rates and where Kea HA saturates."""
    found = {}
    rates = {f"at_{rate}": rate for rate in bench.options.rates}
    saturation = bench.latest("kea-lb", "contact_per_s")
    if saturation:
        rates["at_kea"] = round(saturation)
    for name, rate in rates.items():
        _prepare(product)
        report = product.load.run("--rate", rate, "--seconds", bench.options.seconds,
                                  "--exchange", "dora")
        times = report["exchanges"]["dora"]["latency"]
        bench.tell(f"{product.name}: {rate}/s: p50 {times['p50']:.2f} p99 {times['p99']:.2f} ms, "
                   f"{unanswered(report):.2%} unanswered, {report['cpu_per_10k'] or 0:.2f} CPU "
                   "s/10k")
        found |= {f"{name}_rate": rate, f"{name}_p50": times["p50"], f"{name}_p99": times["p99"],
                  f"{name}_lost": unanswered(report) * 100, f"{name}_cpu": report["cpu_per_10k"]}
    return found


def overload(bench, product):
    """Three times as many clients as it can serve: what it still serves.

    On a quarter of a processor, since no generator beside it could overload a fast server; what
    it can serve there is measured first."""
    _prepare(product)
    limit = CpuLimit(f"{bench.prefix}-slow", SLOW_SHARE)
    try:
        limit.hold(pid for process in product.processes.values() for pid in process.family())
        return _overload(bench, product)
    finally:
        product.end()
        limit.remove()


def _overload(bench, product):
    window = bench.latest(product.name, "contact_window") or 64
    step = ["--seconds", bench.options.seconds, "--exchange", "dora"]
    capacity = product.load.run("--window", window, *step)["per_second"]
    report = product.load.run("--rate", round(3 * capacity), *step)
    sent = report["started"] / report["span_s"]
    bench.tell(f"{product.name}: {sent:.0f}/s sent for a capacity of {capacity:.0f}: "
               f"{report['per_second']:.0f}/s done, starts up to {report['lag_ms']:.0f} ms late")
    return {"overload_capacity": capacity, "overload_sent": sent / capacity,
            "overload_share": report["per_second"] / capacity * 100}
