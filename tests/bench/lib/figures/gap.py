"""A server of a pair is killed under load: how long its clients are not answered."""

import signal
import time

BOUND = 1000
RATE = 100
BEFORE_S = 3  # of undisturbed load


def gap(bench, product):
    """New clients and REBINDING ones, 50 each per second, with the back-off of RFC 2131; nothing
    tuned for a quick take-over."""
    product.use_defaults()
    product.start_empty()
    popen = product.load.start("--bind", BOUND, "--exchange", "dora:1,rebind:1", "--rate", RATE,
                               "--seconds", BEFORE_S + product.gap_within, "--drain", 1)
    popen.stderr.readline()  # its clients are bound
    time.sleep(BEFORE_S)
    popen.send_signal(signal.SIGUSR1)
    product.kill("a")
    report = product.load.finish(popen)
    seen = report["gap"]
    bench.tell(f"{product.name}: killed: {seen['affected']} exchanges unanswered at first, the "
               f"last of them started after {seen['last_unanswered_s']:.3f} s; longest wait "
               f"{seen['wait']['max'] / 1e3:.1f} s; {report['started'] - report['done']} open")
    return {"gap_s": seen["last_unanswered_s"], "gap_affected": seen["affected"],
            "gap_wait_p50": seen["wait"]["p50"] / 1e3, "gap_wait_max": seen["wait"]["max"] / 1e3,
            "gap_open": report["started"] - report["done"]}
