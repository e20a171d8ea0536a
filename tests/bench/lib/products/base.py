"""What all servers under test have in common."""

import shutil
import time

from ..load import Load
from ..network import SERVERS
from ..process import Ended, Process, wait_until


class Product:
    """A server or a pair: its configuration, its processes, its lease databases.

    A subclass says how it is configured, started and known to be ready; `nodes` are the
    machines of deploy/lab.sh that it runs on."""

    name = ""
    packages = ()  # of Debian
    nodes = ("a",)
    exchange = "dora"  # a first contact
    generator_runs = ()  # words before the generator's command
    placements = (None,)  # of generator and servers, that a search tries
    ready_within = 60  # s
    most_leases = 1_500_000  # that fit into the part of its pool that new clients get
    look_every = 0.05  # s, whether it is ready
    gap_within = 20  # s after a server was killed, until its clients are served
    fresh_for_each_step = True  # else: a start takes too long, and keeps what steps before left

    def __init__(self, bench):
        self.bench = bench
        self.processes = {}
        self.load = Load(bench, self)
        self.directory = bench.work / self.name
        for node in self.nodes:
            self.store(node).mkdir(parents=True)

    # What a subclass says.

    def configure(self):
        raise NotImplementedError

    def command(self, node):
        raise NotImplementedError

    def environment(self, node):
        return {}

    def is_ready(self):
        """Whether clients get from it what they get in normal operation."""
        return self.answers()

    def place(self, placement):
        """For the starts to come."""

    def is_synced(self):
        """Whether a server that came back empty has all leases."""
        return self.is_ready()

    def longest_turn_ms(self, node):
        """For how long of late a server heard no client, where it says so."""

    def use_defaults(self):
        """Leave everything that decides when a dead partner is replaced as it comes."""

    def prepare(self, node):
        """What an empty lease database needs."""

    # What the figures do with it.

    def store(self, node):
        return self.directory / f"store-{node}"

    def addresses(self):
        return [SERVERS[node] for node in self.nodes]

    def forget(self, node):
        shutil.rmtree(self.store(node))
        self.store(node).mkdir()

    def start(self, *nodes):
        for node in nodes or self.nodes:
            self.prepare(node)
            self.processes[node] = Process(self.bench.network, node, self.command(node),
                                           self.directory / f"{node}.log", self.environment(node))

    def wait_ready(self):
        """Until is_ready(); returns how long that took."""
        begin = time.monotonic()

        def ready():
            for process in self.processes.values():
                process.check()
            return self.is_ready()

        if not wait_until(ready, self.ready_within, self.look_every):
            raise Ended(f"{self.name} does not get ready:\n" + "\n".join(
                process.tail() for process in self.processes.values()))
        return time.monotonic() - begin

    def start_empty(self):
        """All servers, without a lease, ready."""
        self.end()
        for node in self.nodes:
            self.forget(node)
        self.start()
        self.wait_ready()

    def kill(self, node):
        self.processes.pop(node).kill()

    def end(self):
        for process in self.processes.values():
            process.end()
        self.processes = {}

    def cpu_seconds(self):
        return sum(process.cpu_seconds() for process in self.processes.values())

    def resident_bytes(self):
        return sum(process.resident_bytes() for process in self.processes.values())

    def first_answer(self, seconds=120):
        """When a client got its DHCPACK (Unix time), with a new client every 5 ms; or None."""
        options = ["--rate", 200, "--until", 1, "--seconds", seconds, "--drain", 0]
        report = self.load.finish(self.load.start("--exchange", self.exchange, *options))
        return report["first_done_epoch_s"] if report["done"] else None

    def answers(self):
        return self.first_answer(2) is not None
