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
                self._take()

    def _take(self):
        self._samples.append((time.time(), self._product.cpu_seconds()))

    def stop(self):
        self._stop.set()
        self._thread.join()

    def _at(self, epoch_s):
        """Between two samples, as if the time had been used evenly."""
        before, after = self._samples[0], self._samples[-1]
        for sample in self._samples:
            if sample[0] > epoch_s:
                after = sample
                break
            before = sample
        span = after[0] - before[0]
        share = min(max((epoch_s - before[0]) / span, 0), 1) if span > 0 else 0
        return before[1] + (after[1] - before[1]) * share

    def between(self, begin_s, end_s):
        """CPU seconds from one moment (Unix time) to another, both past; after stop()."""
        self._take()
        return self._at(end_s) - self._at(begin_s)


def objects(text):
    """The JSON objects that stand one after another in a text."""
    decoder, at, found = json.JSONDecoder(), 0, []
    while at < len(text.rstrip()):
        value, at = decoder.raw_decode(text, at)
        found.append(value)
        at += len(text[at:]) - len(text[at:].lstrip())
    return found


class Load:
    """The relay of one product; every run has clients that the runs before it had not."""

    def __init__(self, bench, product):
        self._bench, self._product = bench, product
        self._first = 0

    def start(self, *options, under=()):
        """A run under way, for finish(); `under` are words before the generator's command."""
        servers = [word for address in self._product.addresses() for word in ("--server", address)]
        command = [*self._bench.network.inside("relay"), *self._product.generator_runs, *under,
                   self._bench.tool("load/load"), "--json", "--relay", RELAY, *servers,
                   "--first", self._first, *options]
        return subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(self, popen, seconds=600):
        """What a run of one step reports."""
        return self._reports(popen, seconds)[0]

    def _reports(self, popen, seconds):
        try:
            output, errors = popen.communicate(timeout=seconds)
        finally:
            popen.kill()
        if popen.returncode not in (0, 1) or not output:
            raise Invalid(errors.strip() or f"load: exit code {popen.returncode}")
        reports = objects(output)
        for report in reports:
            self._first += report["bound_before"] + report["started"]
        for report in reports:
            self._check(report)
        return reports

    def _check(self, report):
        if report["overflows"]:
            raise Invalid(f"load lost {report['overflows']} replies in its own sockets")
        if report["wrong"]:
            self._bench.note(f"{self._product.name}: wrong replies: " + ", ".join(
                f"{count} {name}" for name, count in report["replies"].items()
                if count and name not in ("good", "refused", "late")))

    def steps(self, *options, under=()):
        """A whole run, a report for each window; `cpu_per_10k` is of all the product's processes
        for 10,000 exchanges."""
        sampler = Sampler(self._product)
        try:
            reports = self._reports(self.start(*options, under=under), seconds=600)
        finally:
            sampler.stop()
        for report in reports:
            cpu_s = sampler.between(report["begin_epoch_s"], report["end_epoch_s"])
            report["cpu_per_10k"] = cpu_s / report["done"] * 1e4 if report["done"] else None
        return reports

    def run(self, *options, under=()):
        """The same of one step."""
        return self.steps(*options, under=under)[0]


def unanswered(report):
    """The share of exchanges that were not done at the first try."""
    return 1 - report["clean"] / report["started"] if report["started"] else 1.0
