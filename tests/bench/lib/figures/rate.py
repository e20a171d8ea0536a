"""How many exchanges per second, at which cost, how fast each; and what overload does."""

import itertools

from ..limit import CpuLimit
from ..load import unanswered
from ..syscalls import SyscallCounter

LOST = 0.01  # more may not go unanswered
SLOW_SHARE = 0.25  # of one processor, for overload
BUSY = 0.85  # of one processor, for the generator: it cannot do much more
BOUND_S = 3  # seconds of first contacts, that renew


def _prepare(product):
    """An empty lease database, unless the product takes too long to start for that."""
    if product.fresh_for_each_step or not product.processes:
        product.start_empty()


def _near(bench, product, name):
    """Which placements and windows (exchanges under way) to try, and which more if none of them
    is good: all, until one was the best; then it, its neighbours, and it with the other
    placements."""
    every = list(itertools.product(product.placements, bench.options.windows))
    window = bench.latest(product.name, f"{name}_window")
    if window is None:
        return every, []
    placement = product.placements[bench.latest(product.name, f"{name}_placement")]
    at = bench.options.windows.index(window)
    beside = bench.options.windows[max(at - 1, 0):at + 2]
    near = [(p, w) for p, w in every if w == window or (p == placement and w in beside)]
    return near, [step for step in every if step not in near]


def _is_good(report):
    return unanswered(report) < LOST


def _tell(bench, product, name, window, report):
    bench.tell(f"{product.name}: {name}, window {window}: {report['per_second']:.0f}/s, "
               f"{unanswered(report):.2%} unanswered, {report['cpu_per_10k'] or 0:.2f} CPU "
               f"s/10k, generator {report['cpu_s'] / report['span_s']:.0%}")


def _best(bench, product, name, tried):
    """Of ((placement, window), report) the one with the most per second, under 1 % unanswered."""
    good = [step for step in tried if _is_good(step[1])]
    if not good:
        bench.note(f"{product.name}: {name}: 1 % or more unanswered with every window")
        return {}
    (placement, window), best = max(good, key=lambda step: step[1]["per_second"])
    if best["cpu_s"] > BUSY * best["span_s"]:
        bench.note(f"{product.name}: {name}: the generator was busy "
                   f"{best['cpu_s'] / best['span_s']:.0%} of the time; the true rate is higher")
    return {f"{name}_per_s": best["per_second"], f"{name}_window": window,
            f"{name}_placement": product.placements.index(placement),
            f"{name}_cpu": best["cpu_per_10k"],
            f"{name}_generator": best["cpu_s"] / best["span_s"] * 100}


def contact(bench, product):
    """First contacts in closed loop, each window from an empty lease database."""
    tried = []
    for steps in _near(bench, product, "contact"):
        for placement, window in steps:
            product.place(placement)
            _prepare(product)
            report = product.load.run("--window", window, "--seconds", bench.options.seconds,
                                      "--exchange", product.exchange)
            _tell(bench, product, "contact", window, report)
            tried.append(((placement, window), report))
        if any(_is_good(report) for _, report in tried):
            break
    return _best(bench, product, "contact", tried)


def renew(bench, product):
    """Renewals in closed loop, unicast to the server of the lease.

    All windows have the same clients, which renew in turn: so many that none renews twice within
    a second, as a server that counts in seconds would see nothing new in it."""
    _prepare(product)
    rate = bench.latest(product.name, "contact_per_s") or product.load.run(
        "--window", 64, "--seconds", 1)["per_second"]
    bound = round(BOUND_S * rate)
    tried = []
    for steps in _near(bench, product, "renew"):
        if not steps or any(_is_good(report) for _, report in tried):
            break
        reports = product.load.steps(
            "--exchange", "renew", "--bind", bound, "--seconds", bench.options.seconds,
            "--bind-window", bench.latest(product.name, "contact_window") or 64,
            "--window", ",".join(str(window) for _, window in steps))
        for step, report in zip(steps, reports):
            _tell(bench, product, "renew", step[1], report)
            tried.append((step, report))
    found = _best(bench, product, "renew", tried)
    if found and found["renew_per_s"] > bound:
        bench.note(f"{product.name}: renew: its {bound} clients renewed more than once a second")
    return found


def _kea_rate(bench):
    """What kea-lb served at most in this round, or None."""
    rate = bench.this_round("kea-lb", "contact_per_s")
    if rate is None and "kea-lb" in bench.options.only:
        bench.note("where kea-lb saturates is not known: no figures for that rate")
    return round(rate) if rate else None


def latency(bench, product):
    """Of first contacts at fixed rates: those of --rates and where Kea HA saturates."""
    found = {}
    rates = {f"at_{rate}": rate for rate in bench.options.rates}
    saturation = _kea_rate(bench)
    if saturation:
        rates["at_kea"] = saturation
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


def syscalls(bench, product):
    """System calls of all the product's processes for a first contact, where Kea HA saturates."""
    rate = _kea_rate(bench)
    if not rate:
        return {}
    _prepare(product)
    counter = SyscallCounter(product)
    report = product.load.run("--rate", rate, "--seconds", bench.options.seconds,
                              "--exchange", "dora", under=counter.runs)
    if not report["done"]:
        return {}
    count = counter.total() / report["done"]
    bench.tell(f"{product.name}: {rate}/s: {count:.2f} system calls for an exchange")
    return {"syscalls": count, "syscalls_rate": rate}


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
