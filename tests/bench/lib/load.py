"""Runs of tests/bench/load, the generator, against one product."""

import contextlib
import json
import subprocess
import threading
import time

from .network import RELAY


class Invalid(Exception):
    """A run that says nothing about the server."""


class Sampler:
    """A product's CPU time over time: a run's clients are bound before what counts begins."""

    STEP_S = 0.05

    def __init__(self, product):
        self._product = product
        self._samples = [(time.time(), product.cpu_seconds())]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop.wait(self.STEP_S):
            # A server that is killed on purpose has no more CPU time to tell of.
            with contextlib.suppress(Exception):
                self._samples.append((time.time(), self._product.cpu_seconds()))

    def since(self, epoch_s):
        """CPU seconds from that moment to now."""
        self._stop.set()
        self._thread.join()
        before = [cpu for at, cpu in self._samples if at <= epoch_s]
        return self._product.cpu_seconds() - (before[-1] if before else self._samples[0][1])


class Load:
    """The relay of one product; every run has clients that the runs before it had not."""

    def __init__(self, bench, product):
        self._bench, self._product = bench, product
        self._first = 0

    def start(self, *options):
        """A run under way, for finish()."""
        servers = [word for address in self._product.addresses() for word in ("--server", address)]
        command = [*self._bench.network.inside("relay"), *self._product.generator_runs,
                   self._bench.tool("load/load"), "--json", "--relay", RELAY, *servers,
                   "--first", self._first, *options]
        return subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(self, popen, seconds=600):
        """What the run reports."""
        try:
            output, errors = popen.communicate(timeout=seconds)
        finally:
            popen.kill()
        if popen.returncode not in (0, 1):
            raise Invalid(errors.strip() or f"load: exit code {popen.returncode}")
        report = json.loads(output)
        self._first += report["bound_before"] + report["started"]
        if report["overflows"]:
            raise Invalid(f"load lost {report['overflows']} replies in its own sockets")
        if report["wrong"]:
            self._bench.note(f"{self._product.name}: wrong replies: " + ", ".join(
                f"{count} {name}" for name, count in report["replies"].items()
                if count and name not in ("good", "refused", "late")))
        return report

    def run(self, *options):
        """A whole run; `cpu_per_10k` is of all the product's processes for 10,000 exchanges."""
        sampler = Sampler(self._product)
        report = self.finish(self.start(*options))
        cpu_s = sampler.since(report["begin_epoch_s"])
        report["cpu_per_10k"] = cpu_s / report["done"] * 1e4 if report["done"] else None
        return report


def unanswered(report):
    """The share of exchanges that were not done at the first try."""
    return 1 - report["clean"] / report["started"] if report["started"] else 1.0
