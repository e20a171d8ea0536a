"""Kea DHCPv4 of Debian, memfile: alone, and as a pair with the HA hook.

As its manual recommends for speed: multi-threading (a pair: with a listener of its own for HA),
no look-ups of host reservations, a pool for each server of a load-balancing pair.  It logs only
warnings, where the packaged configuration writes lines for every lease.  It never syncs its
lease file."""

import json
import platform
import subprocess

from ..network import PEERS, POOLS, SUBNET
from .base import Product

HOOKS = f"/usr/lib/{platform.machine()}-linux-gnu/kea/hooks"


class Single(Product):
    name = "kea"
    packages = ("kea-dhcp4-server", "curl")

    def file(self, node):
        return self.directory / f"{node}.json"

    def pools(self):
        return [{"pool": " - ".join(pool)} for pool in POOLS]

    def hooks(self, _node):
        return []

    def configuration(self, node):
        return {"Dhcp4": {
            "interfaces-config": {"interfaces": ["eth0"], "dhcp-socket-type": "raw"},
            "lease-database": {"type": "memfile", "persist": True, "lfc-interval": 3600,
                               "name": str(self.store(node) / "leases.csv")},
            "valid-lifetime": 3600,
            "reservations-global": False, "reservations-in-subnet": False,
            "reservations-out-of-pool": False,
            "multi-threading": {"enable-multi-threading": True, "thread-pool-size": 4,
                                "packet-queue-size": 64},
            "hooks-libraries": self.hooks(node),
            "option-data": [{"name": "domain-name-servers", "data": "10.77.0.53"}],
            "subnet4": [{"subnet": SUBNET, "pools": self.pools(),
                         "option-data": [{"name": "routers", "data": "10.77.0.1"}]}],
            "loggers": [{"name": "kea-dhcp4", "severity": "WARN",
                         "output_options": [{"output": "stdout"}]}]}}

    def configure(self):
        for node in self.nodes:
            self.file(node).write_text(json.dumps(self.configuration(node), indent=1))

    def command(self, node):
        return ["kea-dhcp4", "-c", self.file(node)]

    def environment(self, node):
        return {"KEA_PIDFILE_DIR": str(self.store(node)),
                "KEA_LOCKFILE_DIR": str(self.store(node))}


class LoadBalancing(Single):
    name = "kea-lb"
    nodes = ("a", "b")
    mode = "load-balancing"
    ready_states = ("load-balancing",)
    roles = {"a": "primary", "b": "secondary"}
    # The manual's defaults are 10 s and 60 s.  Heartbeats every second only make a fresh pair
    # ready sooner; what shows a failure has the defaults.
    tuning = {"heartbeat-delay": 1000}

    gap_within = 110

    def use_defaults(self):
        self.tuning = {}
        self.configure()

    def pools(self):
        return [{"pool": " - ".join(pool), "client-class": f"HA_{node}"}
                for node, pool in zip("ab", POOLS)]

    def hooks(self, node):
        return [
            {"library": f"{HOOKS}/libdhcp_lease_cmds.so"},
            {"library": f"{HOOKS}/libdhcp_ha.so", "parameters": {"high-availability": [{
                "this-server-name": node, "mode": self.mode, **self.tuning,
                "multi-threading": {
                    "enable-multi-threading": True, "http-dedicated-listener": True,
                    "http-listener-threads": 4, "http-client-threads": 4},
                "peers": [{"name": peer, "url": f"http://{PEERS[peer]}:8000/", "role": role}
                          for peer, role in self.roles.items()]}]}}]

    def state(self, node):
        answer = subprocess.run(
            [*self.bench.network.inside(node), "curl", "-s", "-m", "2",
             "-H", "Content-Type: application/json",
             "-d", '{"command": "ha-heartbeat", "service": ["dhcp4"]}',
             f"http://{PEERS[node]}:8000/"],
            capture_output=True, text=True, stdin=subprocess.DEVNULL)
        try:
            return json.loads(answer.stdout)[0]["arguments"]["state"]
        except (ValueError, LookupError):
            return None

    def is_ready(self):
        return all(self.state(node) in self.ready_states for node in self.nodes)


class HotStandby(LoadBalancing):
    name = "kea-hs"
    mode = "hot-standby"
    ready_states = ("hot-standby",)
    roles = {"a": "primary", "b": "standby"}

    def pools(self):
        return Single.pools(self)
