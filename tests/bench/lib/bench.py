"""One run: rounds of passes of figures, over products that take turns."""

import contextlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from . import goals
from .figures import FOR_PAIRS, FOR_SERVERS, PASSES, SLOW
from .load import Invalid
from .network import Network
from .process import Ended
from .products import PRODUCTS


class Bench:
    """`samples[product][name]` are the numbers of the rounds."""

    def __init__(self, options, prefix):
        self.options = options
        self.build = pathlib.Path(options.build).resolve()
        self.samples, self.limits, self.notes = {}, [], []
        self._this_round = {}
        self.network = None
        self.prefix = prefix
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="twindhcp-bench.", dir=options.disk))

    def close(self):
        shutil.rmtree(self.work)

    def tool(self, name):
        return self.build / "tests/bench" / name

    def tell(self, line):
        print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)
        self.tell(f"NOTE {text}")

    def latest(self, product, name):
        """The newest sample, or None."""
        values = self.samples.get(product, {}).get(name)
        return values[-1] if values else None

    def this_round(self, product, name):
        """The sample of the round under way, or None."""
        return self._this_round.get((product, name))

    def run(self):
        for number in range(self.options.rounds):
            self.tell(f"round {number + 1} of {self.options.rounds}")
            self._this_round = {}
            self._measure_disk()
            for figures in PASSES:
                for name in self._in_turn(number):
                    self._visit(name, self._wanted(figures, name, number))

    def _in_turn(self, number):
        """Every round begins with another product; what Kea saturates at is known from pass 1."""
        names = self.options.only
        start = number % len(names)
        return names[start:] + names[:start]

    def _wanted(self, figures, name, number):
        product = PRODUCTS[name]
        return {figure: measure for figure, measure in figures.items()
                if figure in self.options.figures
                and not (self.options.goals and not self._is_needed(name, figure, number))
                and not (figure in SLOW and self.options.quick and number > 0)
                and not (figure in FOR_SERVERS and product.exchange == "echo")
                and not (figure in FOR_PAIRS and len(product.nodes) < 2)}

    @staticmethod
    def _is_needed(name, figure, number):
        """For the goals, in this round."""
        return (figure in goals.NEEDED[name]
                and not (number > 0 and (name, figure) in goals.ONCE))

    @contextlib.contextmanager
    def running(self, name, lan=False):
        """A product, not started yet, in a network of its own."""
        self.network = Network(self.prefix, lan)
        try:
            product = PRODUCTS[name](self)
            try:
                product.configure()
                yield product
            finally:
                product.end()
                shutil.rmtree(product.directory)
        finally:
            self.network.remove()

    def _visit(self, name, figures):
        """Measure some figures of one product, in a network of its own."""
        if not figures:
            return
        with self.running(name) as product:
            for measure in figures.values():
                self._measure(product, measure)

    def _measure(self, product, measure):
        """A product that fails has no figure in this round, and the run goes on."""
        try:
            found = measure(self, product)
        except (Invalid, Ended) as problem:
            self.note(f"{product.name}: {measure.__name__}: {problem}")
            product.end()
            return
        samples = self.samples.setdefault(product.name, {})
        for name, value in found.items():
            samples.setdefault(name, []).append(value)
            self._this_round[product.name, name] = value

    def _measure_disk(self):
        output = subprocess.run([self.tool("echo/bench_sync"), self.work], check=True,
                                capture_output=True, stdin=subprocess.DEVNULL).stdout
        self.limits.append(json.loads(output))
