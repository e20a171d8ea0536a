"""dnsmasq of Debian, DHCP alone.

It writes its whole lease file anew for every lease, so its rate falls with their number: all its
figures are for few."""

from ..network import NETMASK, POOLS
from .base import Product


class Dnsmasq(Product):
    name = "dnsmasq"
    packages = ("dnsmasq-base",)
    most_leases = 5_000

    def configure(self):
        (self.directory / "empty.conf").touch()

    def command(self, node):
        return ["dnsmasq", "--keep-in-foreground", f"--conf-file={self.directory}/empty.conf",
                "--port=0", "--user=root", "--pid-file=", "--log-facility=-", "--quiet-dhcp",
                "--no-ping", "--dhcp-authoritative", "--dhcp-lease-max=2000000",
                f"--dhcp-leasefile={self.store(node)}/leases", "--interface=eth0",
                f"--dhcp-range={POOLS[0][0]},{POOLS[1][1]},{NETMASK},1h",
                "--dhcp-option=option:router,10.77.0.1",
                "--dhcp-option=option:dns-server,10.77.0.53"]
