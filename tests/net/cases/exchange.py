"""Every exchange of RFC 2131 with real clients against a healthy pair."""

import time

from netlab import real
from netlab.client import Client
from netlab.pair import LAN_ADDRESS, Pair
from netlab.suite import Failed, case, check, check_equal, wait_until
from netlab.wire import Lan


def start_all(case_, *kinds):
    """Real clients of these kinds, started at once and all with a lease."""
    clients = [kind(case_, kind.program) for kind in kinds]
    for client in clients:
        client.start()
    return {client: client.wait_event(real.BOUND, 20) for client in clients}


def binding_on_both(pair, address, state, timeout=5):
    """Wait until both peers say that `address` is in `state`."""
    def seen():
        states = [(pair[m].lease(address) or {}).get("state") for m in "ab"]
        return all(s == state for s in states) or states
    wait_until(seen, timeout, f"{address} {state} on both peers")


@case("exchange", "sanitized")
def first_contact(case_):
    """Each real client gets an address of the pool, and both peers know about it."""
    pair = Pair(case_).start()
    leases = start_all(case_, *real.ALL)
    addresses = [event.address for event in leases.values()]
    check_equal(len(set(addresses)), 3, "different addresses")
    for client, event in leases.items():
        check(event.address.startswith("10.77."), f"{client.name} got {event.address}")
        binding_on_both(pair, event.address, "ACTIVE")
    pair.wait_equal()


@case("exchange", "sanitized")
def second_login(case_):
    """A client that comes back gets the same address, those that remember it without DISCOVER."""
    pair = Pair(case_).start()
    before = start_all(case_, *real.ALL)
    for client, event in before.items():
        client.kill()
        discovers = client.log_text().count("DISCOVER")
        again = client.login()
        check_equal(again.address, event.address, f"address of {client.name} after its restart")
        if client.program == "dhclient":
            check_equal(again.kind, "REBOOT", "how dhclient came back")
            check_equal(client.log_text().count("DISCOVER"), discovers, "DHCPDISCOVERs")
        if client.program == "dhcpcd":
            check_equal(again.kind, "REBOOT", "how dhcpcd came back")
    pair.wait_equal()


@case("exchange", "sanitized")
def wrong_network(case_):
    """A client plugged into another network is refused its old address and given a right one."""
    pair = Pair(case_).start()
    real.Relay(case_)
    clients = [kind(case_, kind.program, "lan2") for kind in (real.Dhclient, real.Dhcpcd)]
    for client in clients:
        client.start()
    for client in clients:
        event = client.wait_event(real.BOUND, 20)
        check(event.address.startswith("10.79."), f"{client.name} got {event.address}")
    for client in clients:
        client.kill()
        case_.network.move(client.name, "eth0", "lan")
        event = client.login()
        check(event.address.startswith("10.77."), f"{client.name} moved, but has {event.address}")
        check("NAK" in client.log_text(), f"{client.name} saw no DHCPNAK")
    naks = [pair[m].status()["counters"]["sent"]["DHCPNAK"] for m in "ab"]
    check(sum(naks) >= 2, f"DHCPNAKs sent: {naks}")


@case("exchange")
def lease_now_anothers(case_):
    """A client that remembers an address which is another's by now is refused and served anew."""
    pair = Pair(case_).start()
    wire = Lan(case_.network.machine("probe"))
    for kind in (real.Dhclient, real.Dhcpcd):
        client = kind(case_, kind.program)
        first = client.login()
        client.kill()
        # The address goes back to the pool, though the client does not know, and to another.
        ghost = Client(wire, client.name, client_id=lease_client_id(pair, first.address))
        ghost.mac = client.mac
        ghost.address, ghost.server = first.address, first.server
        ghost.release()
        binding_on_both(pair, first.address, "FREE")
        other = Client(wire, f"other-{client.name}")
        take_address(other, first.address)
        again = client.login()
        check(again.address != first.address, f"{client.name} shares {again.address}")
        check("NAK" in client.log_text(), f"{client.name} saw no DHCPNAK")
        binding_on_both(pair, first.address, "ACTIVE")


def lease_client_id(pair, address):
    """The client identifier (option 61) of a binding, None if it is known by its MAC address."""
    client = pair.a.lease(address)["client"]
    return bytes.fromhex(client[3:].replace(":", "")) if client.startswith("id ") else None


def take_address(client, address, seconds=15):
    """Bind exactly this address.

    It is offered by its owner only, so to clients whose hash falls to it; and once the partner's
    disk has acknowledged that it is free, which may take a while on a busy machine."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        offer = client.discover(wish=address)
        if offer is not None and offer.yiaddr == address:
            client.select(offer)
            check_equal(client.address, address, "address taken")
            return
        client.mac = bytes((*client.mac[:5], (client.mac[5] + 1) % 256))
        time.sleep(0.02)
    raise Failed(f"{address} was never offered")


@case("exchange", "slow")
def renewing_and_rebinding(case_):
    """Leases are extended at T1; when the leasing server is dead, at T2 by the other.

    udhcpc takes no lease to be shorter than 30 s, dhcpcd none than 20 s."""
    pair = Pair(case_, lease="30s").start()
    bound = start_all(case_, *real.ALL)
    seen = {client: len(client.events()) for client in bound}
    for client, event in bound.items():
        extended = client.wait_event(real.EXTENDED, 20, seen[client])
        check_equal(extended.address, event.address, f"address of {client.name} renewed")
        check_equal(extended.server, event.server, f"server that renewed {client.name}")
        took = extended.time - event.time
        check(11 <= took <= 20, f"{client.name} was renewed after {took:.1f} s, not at T1")
    # Now one of the two servers dies; its clients ask it in vain at T1 and the other at T2.
    dead = pair.server_of(next(iter(bound.values())).server)
    seen = {client: len(client.events()) for client in bound}
    pair[dead].kill()
    for client, event in bound.items():
        extended = client.wait_event(real.EXTENDED, 32, seen[client])
        check_equal(extended.address, event.address, f"address of {client.name} rebound")
    served = {client.events()[-1].server for client in bound}
    check(served != {next(iter(bound.values())).server}, "the dead server still answers")
    for client in bound:
        kinds = [event.kind for event in client.events()]
        check(not real.REFUSED - {"deconfig"} & set(kinds), f"{client.name} lost it: {kinds}")


@case("exchange", "sanitized")
def release(case_):
    """A released address is free on both peers, and its last client gets it again."""
    pair = Pair(case_).start()
    for client, event in start_all(case_, *real.ALL).items():
        client.release()
        binding_on_both(pair, event.address, "FREE")
        again = client.login()
        check_equal(again.address, event.address, f"address of {client.name} after its release")
    pair.wait_equal()


@case("exchange")
def decline(case_):
    """A client that finds its address in use declines it; nobody is given it, it gets another."""
    pair = Pair(case_).start()
    squatter = Lan(case_.network.machine("squatter"))
    for kind in real.ALL:
        client = kind(case_, kind.program)
        first = client.login()
        client.kill()
        provoke_decline(client, squatter, first)
        wait_for_another(client, squatter, first.address)
        binding_on_both(pair, first.address, "ABANDONED")
    pair.wait_equal()


def provoke_decline(client, squatter, first):
    """Let `client` find first.address in use at its next login, each program in its own way."""
    if client.program == "dhclient":
        client.refuse(first.address)
    else:
        squatter.squatters[first.address] = b"\x02squat"
        if client.program == "udhcpc":
            client.options = ["-a"]
        else:
            client.probe = True
    client.start()


def wait_for_another(client, squatter, address):
    before = 1

    def other():
        squatter.receive()  # answers what is asked of the squatter
        new = [e for e in client.events()[before:] if e.kind in real.BOUND]
        return any(e.address != address for e in new) or [e.kind for e in client.events()]
    wait_until(other, 40, f"another address for {client.program}", interval=0.01)


@case("exchange")
def behind_a_relay(case_):
    """Through ISC's relay with option 82: bound, renewed by unicast, the other network's pool."""
    pair = Pair(case_, lease="20s").start()
    real.Relay(case_)
    clients = [kind(case_, kind.program, "lan2") for kind in real.ALL]
    for client in clients:
        client.start()
    bound = {client: client.wait_event(real.BOUND, 20) for client in clients}
    for client, event in bound.items():
        check(event.address.startswith("10.79."), f"{client.name} got {event.address}")
        binding_on_both(pair, event.address, "ACTIVE")
        case_.network.ip(client.name, "route", "replace", "default", "via", "10.79.0.1")
    for client in clients:
        if client.program != "udhcpc":  # it takes a lease of 20 s for one of 30 s
            extended = client.wait_event(real.EXTENDED, 15)
            check_equal(extended.address, bound[client].address, "address renewed")
            # The relay's raw socket sees the unicast too and hands a copy to both servers; a
            # client whose `secs` have run by then may be answered by either, for one address.
            check(extended.server in LAN_ADDRESS.values(), f"renewed by {extended.server}")
    pair.wait_equal()
