"""ISC dhcpd of Debian: alone, and as a failover pair.

No ping before an offer, no answer from its cache.  Its free list makes every exchange cost more
the larger the pool is (in a million addresses it gives out nine a second), so it gets a pool of
61,440."""

import time

from ..network import NETMASK, PEERS, SUBNET
from .base import Product

OPTIONS = """\
authoritative;
ping-check off;
dhcp-cache-threshold 0;
default-lease-time 3600;
max-lease-time 3600;
option domain-name-servers 10.77.0.53;
"""

SUBNET_AND_POOL = """\
subnet %(network)s netmask %(netmask)s {
  option routers 10.77.0.1;
  pool { %(failover)s range 10.80.0.0 10.80.239.255; }
}
"""

PEER = """\
failover peer "bench" {
  %(role)s;
  address %(address)s; port 647;
  peer address %(peer)s; peer port 647;
  max-response-delay 60;
  max-unacked-updates 10;
  load balance max seconds 3;
%(primary)s}
"""

QUIET_S = 3  # without a change of the lease files: nothing is queued any more


class Single(Product):
    name = "isc"
    packages = ("isc-dhcp-server",)
    most_leases = 50_000

    def peer(self, _node):
        return ""

    def file(self, node):
        return self.directory / f"{node}.conf"

    def leases(self, node):
        return self.store(node) / "dhcpd.leases"

    def configure(self):
        for node in self.nodes:
            peer = self.peer(node)
            self.file(node).write_text(OPTIONS + peer + SUBNET_AND_POOL % {
                "network": SUBNET.partition("/")[0], "netmask": NETMASK,
                "failover": 'failover peer "bench";' if peer else ""})

    def prepare(self, node):
        self.leases(node).touch()

    def command(self, node):
        return ["dhcpd", "-4", "-f", "-q", "--no-pid", "-cf", self.file(node),
                "-lf", self.leases(node), "eth0"]


class Failover(Single):
    name = "isc-failover"
    nodes = ("a", "b")
    ready_within = 240
    look_every = 0.5  # it reads a file of megabytes
    most_leases = 20_000  # of the half that each server has, with room for its balance
    fresh_for_each_step = False

    def peer(self, node):
        other = {"a": "b", "b": "a"}[node]
        return PEER % {"role": {"a": "primary", "b": "secondary"}[node], "address": PEERS[node],
                       "peer": PEERS[other],
                       "primary": "  mclt 60;\n  split 128;\n" if node == "a" else ""}

    def __init__(self, bench):
        super().__init__(bench)
        self._sizes, self._unchanged_since = None, 0.0

    def is_ready(self):
        """Both normal, and done with sharing out the free addresses: updates of leases queue
        behind the tens of thousands that this takes, so a partner would not know of them."""
        sizes = [self.leases(node).stat().st_size for node in self.nodes]
        if sizes != self._sizes:
            self._sizes, self._unchanged_since = sizes, time.monotonic()
        return (time.monotonic() - self._unchanged_since > QUIET_S
                and all(self._state(node) == "normal" for node in self.nodes)
                and self._is_balanced())

    def is_synced(self):
        """Afterwards it waits for the MCLT, as twindhcp does."""
        return self._state("b") in ("normal", "recover-wait", "recover-done")

    def _state(self, node):
        states = [line.split()[2] for line in self.leases(node).read_text().splitlines()
                  if line.startswith("  my state ")]
        return states[-1] if states else None

    def _is_balanced(self):
        return self.leases("a").read_text().count("binding state backup;") > 20_000
