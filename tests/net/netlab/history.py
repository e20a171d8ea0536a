"""What the clients of a run saw, and the judge of it.

A client holds an address from the moment it received the DHCPACK until its lease has ended,
counted from when it first sent the DHCPREQUEST, or until it sent a DHCPRELEASE or DHCPDECLINE, or
received a DHCPNAK, or took another address.  Nothing here asks a server what it remembers.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    time: float
    kind: str        # "bound", "gave-up" (released, declined), "nak", "ran-out"
    client: str
    address: str
    until: float = 0  # of "bound": the end of the lease
    server: str = ""


class History:
    def __init__(self):
        self.events = []

    def bound(self, time, client, address, until, server):
        self.events.append(Event(time, "bound", client, address, until, server))

    def gave_up(self, time, client, address):
        self.events.append(Event(time, "gave-up", client, address))

    def nak(self, time, client, address, server):
        self.events.append(Event(time, "nak", client, address, server=server))

    def ran_out(self, time, client, address):
        """The lease ended though the client did all it could to extend it."""
        self.events.append(Event(time, "ran-out", client, address))


@dataclass
class _Hold:
    client: str
    since: float
    until: float


class _Judge:
    def __init__(self):
        self.holder = {}   # address -> _Hold, possibly ended
        self.address = {}  # client -> the address that it last held
        self.wrong = []

    def unexpired(self, client, address, time):
        hold = self.holder.get(address)
        return hold is not None and hold.client == client and time < hold.until

    def end(self, client, address, time):
        hold = self.holder.get(address)
        if hold is not None and hold.client == client:
            hold.until = min(hold.until, time)

    def bound(self, event):
        hold = self.holder.get(event.address)
        if hold is not None and hold.client != event.client and event.time < hold.until:
            self.wrong.append(
                f"{event.time:.3f}: {event.address} acknowledged to {event.client} by "
                f"{event.server}, but {hold.client} holds it until {hold.until:.3f}")
        before = self.address.get(event.client)
        if before is not None and before != event.address \
                and self.unexpired(event.client, before, event.time):
            self.wrong.append(f"{event.time:.3f}: {event.client} got {event.address} while its "
                              f"lease on {before} was good")
            self.end(event.client, before, event.time)
        self.address[event.client] = event.address
        self.holder[event.address] = _Hold(event.client, event.time, event.until)

    def take(self, event):
        if event.kind == "bound":
            self.bound(event)
        elif event.kind == "gave-up":
            self.end(event.client, event.address, event.time)
            self.address.pop(event.client, None)
        elif event.kind == "nak":
            if self.unexpired(event.client, event.address, event.time):
                self.wrong.append(f"{event.time:.3f}: {event.client} refused its unexpired lease "
                                  f"on {event.address} by {event.server}")
            self.end(event.client, event.address, event.time)
            self.address.pop(event.client, None)
        elif event.kind == "ran-out":
            self.wrong.append(f"{event.time:.3f}: the lease of {event.client} on {event.address} "
                              "ran out while it asked to extend it")
            self.address.pop(event.client, None)
        else:
            raise ValueError(f"unknown kind of event {event.kind!r}")


def check(events, end=None, must_hold=()):
    """Everything wrong with a history: texts, in order of time.

    At `end` each client of `must_hold` has to hold an unexpired lease."""
    judge = _Judge()
    for event in sorted(events, key=lambda e: e.time):
        judge.take(event)
    for client in must_hold:
        address = judge.address.get(client)
        if address is None or not judge.unexpired(client, address, end):
            judge.wrong.append(f"{end:.3f}: {client} holds no lease at the end")
    return judge.wrong
