"""The medians of a run as text, and how many times twindhcp's they are."""

import math
import statistics

from .products import PRODUCTS

# Title, and columns: the sample's name, its heading, decimals, what twindhcp's is divided by it.
TABLES = (
    ("First contact (closed loop, best window, under 1 % unanswered)",
     (("contact_per_s", "exchanges/s", 0), ("contact_cpu", "CPU s/10k", 2),
      ("contact_window", "window", 0), ("contact_generator", "generator busy %", 0))),
    ("Renewals (the same)",
     (("renew_per_s", "exchanges/s", 0), ("renew_cpu", "CPU s/10k", 2),
      ("renew_window", "window", 0), ("renew_generator", "generator busy %", 0))),
    ("At the rate where kea-lb saturates",
     (("at_kea_p99", "p99 ms", 2), ("at_kea_p50", "p50 ms", 2), ("at_kea_cpu", "CPU s/10k", 2),
      ("at_kea_lost", "unanswered %", 2), ("at_kea_rate", "rate/s", 0))),
    ("System calls at the rate where kea-lb saturates",
     (("syscalls", "of all processes for an exchange", 1), ("syscalls_rate", "rate/s", 0))),
    ("Overload on a quarter of a processor: three times what it can serve there",
     (("overload_share", "served, % of capacity", 0), ("overload_capacity", "capacity/s", 0),
      ("overload_sent", "really sent, x", 1))),
    ("Boot storm: 20,000 clients in a second",
     (("storm_s", "s until the last is bound", 1), ("storm_bound", "bound", 0))),
    ("Many leases",
     (("start_s", "start s", 2), ("resync_s", "resync s", 2),
      ("turn_ms", "longest turn ms", 1), ("bytes_per_lease", "bytes/lease", 0),
      ("leases", "leases", 0))),
    ("Killed (SIGKILL), nothing tuned",
     (("gap_s", "unserved for s", 2), ("gap_affected", "exchanges", 0),
      ("gap_wait_p50", "wait p50 s", 1), ("gap_wait_max", "longest s", 1),
      ("gap_open", "never served", 0))),
)


def rate_tables(rates):
    """One for each fixed rate."""
    return tuple((f"At {rate}/s",
                  ((f"at_{rate}_p99", "p99 ms", 2), (f"at_{rate}_p50", "p50 ms", 2),
                   (f"at_{rate}_cpu", "CPU s/10k", 2), (f"at_{rate}_lost", "unanswered %", 2)))
                 for rate in rates)


def median(samples, product, name):
    """None where there is no sample."""
    values = [v for v in samples.get(product, {}).get(name, ()) if v is not None]
    return statistics.median(values) if values else None


def _number(value, decimals):
    return "no end" if math.isinf(value) else f"{value:,.{decimals}f}"


def _cell(samples, product, name, decimals):
    values = [v for v in samples.get(product, {}).get(name, ()) if v is not None]
    if not values:
        return "-"
    text = _number(statistics.median(values), decimals)
    low, high = _number(min(values), decimals), _number(max(values), decimals)
    return text if low == high else f"{text} ({low}-{high})"


def ratio(samples, name, product, other):
    """The median of one product by that of another; None where there is no such number."""
    mine, theirs = median(samples, product, name), median(samples, other, name)
    if mine is None or theirs is None or not theirs or math.isinf(mine + theirs):
        return None
    return mine / theirs


def _versus(samples, product, name):
    """What twindhcp's pair, or one server for one server, has of this product's number."""
    ours = "twindhcp" if len(PRODUCTS[product].nodes) == 2 else "twindhcp-alone"
    value = ratio(samples, name, ours, product)
    if value is None or product == ours:
        return ""
    return f"{value:.1f}x" if value >= 1 or value == 0 else f"1/{1 / value:.1f}"


def _lines(samples, columns):
    first = columns[0][0]
    for product in PRODUCTS:
        if any(samples.get(product, {}).get(name) for name, *_ in columns):
            yield [product, *(_cell(samples, product, name, decimals)
                              for name, _, decimals in columns), _versus(samples, product, first)]


def text(samples, rates):
    """All tables that have a line."""
    parts = []
    for title, columns in TABLES[:2] + rate_tables(rates) + TABLES[2:]:
        lines = list(_lines(samples, columns))
        if not lines:
            continue
        head = ["", *(heading for _, heading, _ in columns), f"twindhcp's {columns[0][1]}"]
        widths = [max(len(line[i]) for line in [head, *lines]) for i in range(len(head))]
        rows = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
                for line in [head, *lines]]
        parts.append("\n".join([title, *rows]))
    return "\n\n".join(parts)


def limits(groups_of_rounds):
    """The disk's: the median round of each size of group."""
    lines = ["fdatasync, 100-byte records appended: group, syncs/s, records/s, p50 and p99 ms"]
    for groups in zip(*groups_of_rounds):
        middle = {key: statistics.median(group[key] for group in groups) for key in groups[0]}
        lines.append(f"{middle['group']:5.0f}  {middle['syncs_per_s']:7,.0f}  "
                     f"{middle['records_per_s']:9,.0f}  {middle['p50_ms']:.2f}  "
                     f"{middle['p99_ms']:.2f}")
    return "\n".join(lines)
