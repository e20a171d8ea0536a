"""The machines of one product: two servers, a relay for its clients, a switch (deploy/lab.sh)."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]

RELAY = "10.77.0.4"
SERVERS = {"a": "10.77.0.2", "b": "10.77.0.3"}
PEERS = {"a": "10.78.0.1", "b": "10.78.0.2"}

# Clients' addresses; the subnet has the relay's address in it, which is how servers find it.
SUBNET = "10.64.0.0/10"
NETMASK = "255.192.0.0"
POOLS = (("10.80.0.0", "10.103.255.255"), ("10.104.0.0", "10.127.255.254"))
# As the networks that a route can name.
POOL_NETWORKS = ("10.80.0.0/12", "10.96.0.0/11")


class Network:
    """Made for one product and removed after it; nothing is in the machine's own namespace."""

    def __init__(self, prefix):
        self.prefix = prefix
        try:
            self._make()
        except BaseException:
            self.remove()
            raise

    def _make(self):
        self._lab("up")
        self._lab("machine", "relay", "lan", f"{RELAY}/16")
        for node in SERVERS:
            self._ip(node, "route", "add", SUBNET, "via", RELAY)
        # The relay's machine has all clients' addresses, and does not answer for them itself.
        for network in POOL_NETWORKS:
            self._ip("relay", "route", "add", "local", network, "dev", "lo")
        subprocess.run([*self.inside("relay"), "sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=1"],
                       check=True, stdin=subprocess.DEVNULL)

    def _lab(self, command, *arguments):
        subprocess.run([ROOT / "deploy" / "lab.sh", command, self.prefix, *arguments], check=True,
                       stdin=subprocess.DEVNULL)

    def _ip(self, machine, *arguments):
        subprocess.run(["ip", "-n", f"{self.prefix}-{machine}", *arguments], check=True,
                       stdin=subprocess.DEVNULL)

    def inside(self, machine):
        """The words before a command that runs in a machine; its pid stays the same."""
        return ["ip", "netns", "exec", f"{self.prefix}-{machine}"]

    def remove(self):
        self._lab("down")
