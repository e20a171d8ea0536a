"""With many leases: memory, start, filling an empty partner."""

import math
import time

from ..process import wait_until

RESYNC_WITHIN = 300  # s


def scale(bench, product):
    leases = min(bench.options.leases, product.most_leases)
    product.start_empty()
    empty = product.resident_bytes()
    if not _fill(bench, product, leases):
        return {}
    held = product.resident_bytes()
    found = {"leases": leases, "bytes_per_lease": (held - empty) / leases, **_restart(product)}
    if len(product.nodes) == 2:
        found["resync_s"] = _resync(product)
        found["turn_ms"] = product.longest_turn_ms("a")
    found = {name: value for name, value in found.items() if value is not None}
    bench.tell(f"{product.name}: " + ", ".join(f"{k} {v:.3g}" for k, v in found.items()))
    return found


def _fill(bench, product, leases):
    window = bench.latest(product.name, "contact_window") or 64
    report = product.load.finish(product.load.start(
        "--window", window, "--count", leases, "--exchange", "dora", "--clients", leases,
        "--drain", 70), seconds=3600)
    if report["done"] < leases * 0.999:
        bench.note(f"{product.name}: only {report['done']} of {leases} leases could be made")
        return False
    return True


def _restart(product):
    """From the start of the first process to the first DHCPACK, after an orderly end."""
    product.end()
    began = time.time()
    product.start()
    answered = product.first_answer()
    product.wait_ready()
    return {"start_s": answered - began if answered else math.inf}


def _resync(product):
    """The second server is killed, loses its database and starts empty: until it has all."""
    product.kill("b")
    product.forget("b")
    began = time.monotonic()
    product.start("b")
    synced = wait_until(product.is_synced, RESYNC_WITHIN, product.look_every)
    return time.monotonic() - began if synced else math.inf
