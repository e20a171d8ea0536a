"""Thousands of scripted clients at once, each a small state machine after RFC 2131, figure 5.

Retransmission starts at 1 s and doubles to 4 s (a real client's 4 to 64 s would only make the
tests longer).  Leases are renewed at the T1 and rebound at the T2 that the server gave.
"""

import heapq
import itertools
import random
import select
import time

from . import dhcp
from .client import ASKED_FOR, mac_of
from .history import History

FIRST_TIMEOUT, LAST_TIMEOUT, JITTER = 1.0, 4.0, 0.2
TRIES = {"selecting": 4, "requesting": 3, "rebooting": 3}
EXCHANGES = ("selecting", "requesting", "rebooting", "renewing", "rebinding")
PATIENCE = 0.2  # with which a client collects offers when the first is of another address
BROADCAST = {"selecting", "requesting", "rebooting", "rebinding"}


class SwarmClient:
    __slots__ = ("name", "mac", "wire", "client_id", "state", "address", "server", "t2", "until",
                 "xid", "asked", "sent", "tries", "turn", "offer", "first_asked", "random")

    def __init__(self, number, wire):
        self.name = f"client-{number}"
        self.mac = mac_of(self.name)
        self.wire = wire
        self.random = random.Random(self.name)
        # Every third is known by its client identifier, the others by their hardware address.
        self.client_id = b"\xff" + self.name.encode() if number % 3 == 0 else None
        self.state = "off"
        self.address = self.server = self.offer = None
        self.t2 = self.until = self.asked = self.sent = self.first_asked = 0.0
        self.xid = self.tries = self.turn = 0


class Answer:
    """An exchange that was answered: when it was first asked and how long that took."""
    __slots__ = ("kind", "asked", "seconds", "client", "server")

    def __init__(self, kind, asked, seconds, client, server):
        self.kind, self.asked, self.seconds = kind, asked, seconds
        self.client, self.server = client, server


class Swarm:
    def __init__(self, wires, count, seed=1):
        self.wires = wires
        self.random = random.Random(seed)
        self.history = History()
        self.answers = []
        self.naks = 0
        self.queue = []  # (time, order, client or None, turn or function)
        self.order = itertools.count()
        self.numbers = itertools.count(count)
        self.clients = [SwarmClient(i, wires[i % len(wires)]) for i in range(count)]
        self.by_mac = {client.mac: client for client in self.clients}
        self.sources = {}
        for wire in wires:
            for source in wire.filenos() if hasattr(wire, "filenos") else [wire]:
                self.sources[source] = wire

    # ---- what a test says

    def arrive(self, seconds):
        """Every client that is off turns itself on, spread over `seconds`."""
        start = time.monotonic()
        for client in self.clients:
            if client.state == "off":
                self.at(start + self.random.random() * seconds, self._begin, client)

    def at(self, when, function, *arguments):
        heapq.heappush(self.queue, (when, next(self.order), function, arguments))

    def restart(self, client, remembering):
        """The machine reboots: with its lease file (INIT-REBOOT) or without (DISCOVER)."""
        if client.state in ("off", "selecting", "requesting", "rebooting"):
            return
        self._ask(client, "rebooting" if remembering else "selecting")

    def renew(self, client):
        """Ask the server of the lease to extend it, before T1 would."""
        self._ask_if_bound(client, "renewing")

    def rebind(self, client):
        """Ask any server to extend the lease, before T2 would."""
        self._ask_if_bound(client, "rebinding")

    def release(self, client, away=(1.0, 3.0)):
        """Give the lease up and go; it comes back after so many seconds, by lot."""
        if self._give_up(client):
            self.at(time.monotonic() + client.random.uniform(*away), self._begin, client)

    def join(self):
        """A client that was never there before."""
        client = SwarmClient(next(self.numbers), self.random.choice(self.wires))
        self.clients.append(client)
        self.by_mac[client.mac] = client
        self._begin(client)

    def leave(self, client):
        """Give the lease up and go for good."""
        if self._give_up(client):
            self.clients.remove(client)
            del self.by_mac[client.mac]

    def churn(self, seconds, releases, restarts):
        """Within the next `seconds`: so many releases and restarts of clients drawn by lot."""
        start = time.monotonic()
        for _ in range(releases):
            self.at(start + self.random.random() * seconds, self.release,
                    self.random.choice(self.clients))
        for number in range(restarts):
            self.at(start + self.random.random() * seconds, self.restart,
                    self.random.choice(self.clients), number % 2 == 0)

    def served_by(self, server):
        return [c for c in self.clients if c.state == "bound" and c.server == server]

    def without_lease(self):
        now = time.monotonic()
        return [c.name for c in self.clients if c.address is None or now >= c.until]

    def waiting(self):
        """Those who asked all servers and have no answer yet."""
        return [c.name for c in self.clients if c.state in ("requesting", *BROADCAST)]

    def run(self, seconds, until=None, interval=0.3):
        """Go on for `seconds`, or until `until()` (asked each `interval`) is true: its value."""
        end = time.monotonic() + seconds
        ask = time.monotonic()
        while (now := time.monotonic()) < end:
            if until is not None and now >= ask:
                if until() is True:
                    return True
                ask = time.monotonic() + interval
            self._turn(min(end, ask if until is not None else end))
        return until is not None and until() is True

    # ---- the machinery

    def _turn(self, end):
        now = time.monotonic()
        while self.queue and self.queue[0][0] <= now:
            _, _, function, arguments = heapq.heappop(self.queue)
            function(*arguments)
        wait = min(end, self.queue[0][0] if self.queue else end) - time.monotonic()
        ready, _, _ = select.select(list(self.sources), [], [], max(0.0, wait))
        for wire in {self.sources[source] for source in ready}:
            for source, reply in wire.receive():
                client = self.by_mac.get(reply.chaddr)
                if client is not None and client.xid == reply.xid:
                    self._reply(client, source, reply)

    def _be(self, client, state):
        client.state = state
        client.turn += 1  # timers set before mean nothing now

    def _ask_if_bound(self, client, state):
        if client.state == "bound" and time.monotonic() < client.until:
            self._ask(client, state)

    def _give_up(self, client):
        if client.state != "bound" or time.monotonic() >= client.until:
            return False
        packet = self._packet(client, dhcp.RELEASE)
        packet.xid = client.random.getrandbits(32)
        packet.ciaddr = client.address
        packet.options[dhcp.SERVER_ID] = dhcp.ip_bytes(client.server)
        self.history.gave_up(time.monotonic(), client.name, client.address)
        client.wire.send(client.mac, packet, client.server)
        client.wire.drop(client.address)
        client.address = None
        self._be(client, "off")
        return True

    def _begin(self, client):
        if client.state == "off":
            self._ask(client, "selecting")

    def _ask(self, client, state):
        """Start an exchange: a new xid, its first packet."""
        self._be(client, state)
        client.tries = 0
        if state != "requesting":
            client.offer = None
            client.xid = client.random.getrandbits(32)
            client.first_asked = time.monotonic()
        client.asked = time.monotonic()
        self._send(client, client.turn)

    def _send(self, client, turn):
        if client.turn != turn:
            return
        now = time.monotonic()
        if client.state in TRIES and client.tries >= TRIES[client.state]:
            self._unanswered(client)
            return
        if client.state == "renewing" and now >= client.t2:
            self._ask(client, "rebinding")
            return
        if client.state in ("rebinding", "renewing") and now >= client.until:
            self._ran_out(client)
            return
        self._transmit(client)
        timeout = min(FIRST_TIMEOUT * 2 ** client.tries, LAST_TIMEOUT)
        client.tries += 1
        due = now + timeout + client.random.uniform(-JITTER, JITTER)
        if client.state == "renewing":
            due = min(due, client.t2)
        elif client.state == "rebinding":
            due = min(due, client.until)
        self.at(due, self._send, client, turn)

    def _unanswered(self, client):
        # RFC 2131, 3.1.5 and 3.2.4: start over; the wish for the old address is kept.
        first = client.first_asked
        if client.address is not None and time.monotonic() >= client.until:
            self._ran_out(client)
            return
        self._ask(client, "selecting")
        client.first_asked = first

    def _ran_out(self, client):
        self.history.ran_out(time.monotonic(), client.name, client.address)
        client.wire.drop(client.address)
        client.address = None
        self._ask(client, "selecting")

    def _packet(self, client, kind):
        packet = dhcp.Packet(xid=client.xid, chaddr=client.mac,
                             options={dhcp.MESSAGE_TYPE: bytes((kind,))})
        if client.client_id:
            packet.options[dhcp.CLIENT_ID] = client.client_id
        return packet

    def _transmit(self, client):
        kind = dhcp.DISCOVER if client.state == "selecting" else dhcp.REQUEST
        packet = self._packet(client, kind)
        packet.options[dhcp.PARAMETER_LIST] = ASKED_FOR
        client.sent = time.monotonic()
        packet.secs = int(client.sent - client.asked)
        to = None
        if client.state == "selecting":
            if client.address is not None:
                packet.options[dhcp.REQUESTED_ADDRESS] = dhcp.ip_bytes(client.address)
        elif client.state == "requesting":
            packet.options[dhcp.REQUESTED_ADDRESS] = dhcp.ip_bytes(client.offer.yiaddr)
            packet.options[dhcp.SERVER_ID] = client.offer.options[dhcp.SERVER_ID]
        elif client.state == "rebooting":
            packet.options[dhcp.REQUESTED_ADDRESS] = dhcp.ip_bytes(client.address)
        else:
            packet.ciaddr = client.address
            if client.state == "renewing":
                to = client.server
        client.wire.send(client.mac, packet, to)

    def _reply(self, client, source, reply):
        now = time.monotonic()
        if client.state not in EXCHANGES:
            return
        if client.state == "selecting":
            if reply.type == dhcp.OFFER:
                self._offered(client, source, reply, now)
        elif reply.type == dhcp.ACK:
            self._note(client, source, now)
            self._bound(client, reply, now)
        elif reply.type == dhcp.NAK:
            self.naks += 1
            refused = client.address or client.offer.yiaddr
            self.history.nak(now, client.name, refused, source)
            client.wire.drop(refused)
            client.address = None
            self._ask(client, "selecting")

    def _offered(self, client, source, reply, now):
        """The first offer, but rather one of the address that it still has a lease on."""
        others = client.address is not None and reply.yiaddr != client.address
        if others and client.offer is not None:
            return
        if client.offer is None:
            self._note(client, source, now)
        client.offer = reply
        if others:
            self.at(now + PATIENCE, self._choose, client, client.turn)
        else:
            self._ask(client, "requesting")

    def _choose(self, client, turn):
        if client.turn == turn:
            self._ask(client, "requesting")

    def _note(self, client, source, now):
        self.answers.append(Answer(client.state, client.first_asked, now - client.first_asked,
                                   client, source))

    def _bound(self, client, reply, now):
        lease = reply.number(dhcp.LEASE_TIME)
        if client.address not in (None, reply.yiaddr):
            client.wire.drop(client.address)
        client.address, client.server = reply.yiaddr, reply.ip(dhcp.SERVER_ID)
        # The answer may be to any of its requests.  It counts its times from the last one, as real
        # clients do (or from the answer); what it was surely promised counts from the first.
        client.until = client.sent + lease
        client.t2 = client.sent + reply.number(dhcp.T2)
        self.history.bound(now, client.name, client.address, client.asked + lease, client.server)
        client.wire.hold(client.address, client.mac)
        self._be(client, "bound")
        self.at(client.sent + reply.number(dhcp.T1), self._renew, client, client.turn)

    def _renew(self, client, turn):
        if client.turn == turn:
            self._ask(client, "renewing")
