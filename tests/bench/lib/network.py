"""The machines of one product: two servers and a relay for its clients (deploy/lab.sh).

Between the servers alone there is the lab's bridge; between the relay and each server a cable.  A
bridge there, as any software that forwards packets, would run on the very processors that the servers
are measured on, which no network does."""

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

    def __init__(self, prefix, lan=False):
        """`lan`: clients on one network with both servers, where a relay would do too."""
        self.prefix = prefix
        try:
            self._make_lan() if lan else self._make()
        except BaseException:
            self.remove()
            raise

    def _make(self):
        self._lab("up")
        self._lab("machine", "relay", "lan")
        self._ip("relay", "link", "delete", "eth0")
        for number, node in enumerate(SERVERS):
            self._lay_cable(node, f"eth{number}")
            self._ip(node, "route", "add", SUBNET, "via", RELAY)
        # The relay's machine has all clients' addresses, and does not answer for them itself.
        for network in POOL_NETWORKS:
            self._ip("relay", "route", "add", "local", network, "dev", "lo")
        subprocess.run([*self.inside("relay"), "sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=1"],
                       check=True, stdin=subprocess.DEVNULL)

    def _make_lan(self):
        self._lab("up")
        self._lab("machine", "relay", "lan", f"{RELAY}/16")
        for node in SERVERS:
            self._ip(node, "route", "add", SUBNET, "dev", "eth0")

    def _lay_cable(self, node, interface):
        """From the relay's `interface` to the server's eth0, instead of its way to the bridge."""
        self._ip(node, "link", "delete", "eth0")
        self._ip("relay", "link", "add", interface, "type", "veth", "peer", "name", "eth0",
                 "netns", f"{self.prefix}-{node}")
        self._ip(node, "addr", "add", f"{SERVERS[node]}/16", "brd", "+", "dev", "eth0")
        self._ip("relay", "addr", "add", RELAY, "dev", interface)
        self._ip(node, "link", "set", "eth0", "up")
        self._ip("relay", "link", "set", interface, "up")
        self._ip("relay", "route", "add", SERVERS[node], "dev", interface, "src", RELAY)

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
