"""One scripted client: each message sent when the test says so, its answer awaited."""

import hashlib
import random
import select
import time

from . import dhcp
from .suite import Failed

ASKED_FOR = bytes((1, 3, 6, 12, 15, 51, 54, 58, 59))


def mac_of(name):
    """A fixed, locally administered MAC address for a name."""
    return b"\x02" + hashlib.sha256(name.encode()).digest()[:5]


class Client:
    def __init__(self, wire, name, client_id=None, broadcast=False):
        self.wire, self.name, self.mac = wire, name, mac_of(name)
        self.client_id, self.flags = client_id, 0x8000 if broadcast else 0
        self.random = random.Random(name)
        self.address = self.server = self.sent = None
        self.lease = 0
        self.secs = 0

    # ---- packets

    def packet(self, kind, **options):
        """A packet of this client; options by name of dhcp's constants, values bytes or address."""
        packet = dhcp.Packet(xid=self.random.getrandbits(32), chaddr=self.mac, flags=self.flags,
                             secs=self.secs, options={dhcp.MESSAGE_TYPE: bytes((kind,))})
        if self.client_id:
            packet.options[dhcp.CLIENT_ID] = self.client_id
        for name, value in options.items():
            if value is not None:
                code = getattr(dhcp, name)
                packet.options[code] = dhcp.ip_bytes(value) if isinstance(value, str) else value
        if kind in (dhcp.DISCOVER, dhcp.REQUEST, dhcp.INFORM):
            packet.options[dhcp.PARAMETER_LIST] = ASKED_FOR
        return packet

    def listen(self, xid, seconds, wanted=lambda reply: True):
        """The first wanted reply to `xid`, or None."""
        end = time.monotonic() + seconds
        while True:
            for _, reply in self.wire.receive():
                if reply.xid == xid and reply.chaddr == self.mac and wanted(reply):
                    return reply
            left = end - time.monotonic()
            if left <= 0:
                return None
            select.select([self.wire] if not hasattr(self.wire, "filenos")
                          else self.wire.filenos(), [], [], min(left, 0.1))

    def exchange(self, packet, to=None, timeout=8.0, interval=1.0, wanted=lambda reply: True):
        """Send, retransmit each `interval` as a client does, return the answer or None."""
        self.sent = time.monotonic()
        end = self.sent + timeout
        while (left := end - time.monotonic()) > 0:
            self.wire.send(self.mac, packet, to)
            reply = self.listen(packet.xid, min(interval, left), wanted)
            if reply is not None:
                return reply
            packet.secs = int(time.monotonic() - self.sent)
        return None

    # ---- exchanges

    def discover(self, wish=None, timeout=8.0, interval=1.0):
        """The DHCPOFFER, or None."""
        return self.exchange(self.packet(dhcp.DISCOVER, REQUESTED_ADDRESS=wish),
                             timeout=timeout, interval=interval,
                             wanted=lambda reply: reply.type == dhcp.OFFER)

    def select(self, offer, timeout=8.0, interval=1.0):
        """Ask for what was offered: the DHCPACK or DHCPNAK, or None."""
        packet = self.packet(dhcp.REQUEST, REQUESTED_ADDRESS=offer.yiaddr,
                             SERVER_ID=offer.ip(dhcp.SERVER_ID))
        packet.xid = offer.xid
        return self._take(self.exchange(packet, timeout=timeout, interval=interval,
                                        wanted=_decision))

    def bind(self, wish=None, timeout=20.0):
        """DISCOVER to ACK, starting over as a client does; raises when nobody serves it."""
        end = time.monotonic() + timeout
        while (left := end - time.monotonic()) > 0:
            offer = self.discover(wish, timeout=left)
            if offer is None:
                break
            answer = self.select(offer, timeout=min(4.0, max(left, 0.5)))
            if answer is not None and answer.type == dhcp.ACK:
                return answer
        raise Failed(f"{self.name} got no lease within {timeout} s")

    def bind_once(self, timeout=2.0):
        """DISCOVER to ACK without starting over: the answer, or None."""
        offer = self.discover(timeout=timeout)
        return None if offer is None else self.select(offer, timeout=timeout)

    def renew(self, timeout=4.0):
        """Unicast to the server of the lease (RENEWING)."""
        packet = self.packet(dhcp.REQUEST)
        packet.ciaddr = self.address
        return self._take(self.exchange(packet, to=self.server, timeout=timeout, wanted=_decision))

    def rebind(self, timeout=8.0):
        """Broadcast (REBINDING)."""
        packet = self.packet(dhcp.REQUEST)
        packet.ciaddr = self.address
        return self._take(self.exchange(packet, timeout=timeout, wanted=_decision))

    def reboot(self, address=None, timeout=8.0):
        """Ask for a remembered address (INIT-REBOOT)."""
        packet = self.packet(dhcp.REQUEST, REQUESTED_ADDRESS=address or self.address)
        return self._take(self.exchange(packet, timeout=timeout, wanted=_decision))

    def inform(self, address, timeout=4.0):
        packet = self.packet(dhcp.INFORM)
        packet.ciaddr = address
        self.wire.hold(address, self.mac)
        return self.exchange(packet, timeout=timeout)

    def release(self):
        packet = self.packet(dhcp.RELEASE, SERVER_ID=self.server)
        packet.ciaddr = self.address
        self.wire.send(self.mac, packet, to=self.server)
        self._drop()

    def decline(self):
        self.wire.send(self.mac, self.packet(dhcp.DECLINE, REQUESTED_ADDRESS=self.address,
                                             SERVER_ID=self.server))
        self._drop()

    def _take(self, reply):
        if reply is None:
            return None
        if reply.type == dhcp.ACK:
            self._drop()
            self.address, self.server = reply.yiaddr, reply.ip(dhcp.SERVER_ID)
            self.lease = reply.number(dhcp.LEASE_TIME)
            self.wire.hold(self.address, self.mac)
        else:
            self._drop()
        return reply

    def _drop(self):
        if self.address is not None:
            self.wire.drop(self.address)
        self.address = None


def _decision(reply):
    return reply.type in (dhcp.ACK, dhcp.NAK)
