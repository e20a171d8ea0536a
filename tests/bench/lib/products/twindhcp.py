"""twindhcp: every DHCPACK is on both disks, synced, before it leaves."""

import json
import subprocess

from ..network import POOLS, SUBNET
from .base import Product

PAIR = """\
pair:
  name: bench
  mode: load-balancing
  nodes:
    primary:   {name: dhcp-a, link: "tcp://10.78.0.1:6470"}
    secondary: {name: dhcp-b, link: "tcp://10.78.0.2:6470"}
  security: none
"""

SERVER = """\
server:
  interfaces: [eth0]
  store: "%(directory)s/store-%(letter)s"
  api: {socket: "%(directory)s/%(node)s.sock"}
lease-time: 1h
options:
  domain-name-servers: [10.77.0.53]
subnets:
  - subnet: %(subnet)s
    pools:
      - range: %(first)s
      - range: %(second)s
    options: {routers: [10.77.0.1]}
"""


class Pair(Product):
    name = "twindhcp"
    nodes = ("a", "b")
    head = PAIR

    def file(self, node):
        return self.directory / f"{node}.yaml"

    def configure(self):
        for node in self.nodes:
            self.file(node).write_text(self.head + SERVER % {
                "directory": self.directory, "letter": node, "node": node, "subnet": SUBNET,
                "first": "-".join(POOLS[0]), "second": "-".join(POOLS[1])})

    def command(self, node):
        return [self.bench.build / "daemon/twindhcpd", "--config", self.file(node),
                "--node", f"dhcp-{node}"]

    def status(self, node):
        answer = subprocess.run(
            [self.bench.build / "daemon/ctl/twinctl", "--socket", self.directory / f"{node}.sock",
             "--json", "status"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return json.loads(answer.stdout) if answer.returncode == 0 else {}

    def is_ready(self):
        return all(self.status(node).get("state") == "NORMAL" for node in self.nodes)

    def is_synced(self):
        """Afterwards it waits for the MCLT: it cannot know what it had promised alone."""
        return self.status("b").get("state") in ("NORMAL", "RECOVER-WAIT")

    def longest_turn_ms(self, node):
        return self.status(node)["loop"]["longest_turn_us"] / 1e3


class Alone(Pair):
    name = "twindhcp-alone"
    nodes = ("a",)
    head = ""

    def command(self, node):
        return super().command(node)[:3]

    def is_ready(self):
        return self.answers()
