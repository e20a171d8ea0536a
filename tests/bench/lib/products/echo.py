"""No DHCP server: the packets sent back as they came, which is what the path allows."""

import os

from .base import Product


class Echo(Product):
    name = "echo-alone"
    exchange = "echo"
    halves = {"a": []}
    # The kernel often puts a waker and whom it wakes on one processor and leaves others idle; a
    # limit is what the machine can do, so generator and echo also get a processor each.
    placements = (False, True)
    pinned = False

    def place(self, placement):
        self.pinned = placement
        self.generator_runs = self._on(0)

    def _on(self, processor):
        return ["taskset", "-c", processor] if self.pinned else []

    def configure(self):
        pass

    def command(self, node):
        return [*self._on(os.cpu_count() - 1), self.bench.tool("echo/bench_echo"),
                *self.halves[node]]


class EchoPair(Echo):
    """Both receive every packet and each answers half of the clients, as a pair does."""

    name = "echo"
    nodes = ("a", "b")
    halves = {"a": ["even"], "b": ["odd"]}
