"""Machines that sit on an address without a lease: found before their address is offered."""

from cases.exchange import binding_on_both
from netlab import real
from netlab.client import Client, mac_of
from netlab.namespace import command_inside
from netlab.pair import Pair
from netlab.suite import case, check, check_equal, wait_until
from netlab.wire import Lan

PROBE = "probe: {wait: 300ms}\n"


def stranger(case_, name, bridge, address, firewalled=False):
    """A machine with a static address of a pool; it answers ARP, and pings unless firewalled."""
    namespace = case_.network.machine(name, bridge, f"{address}/16")
    case_.network.ip(name, "link", "set", "eth0", "address", mac_of(name).hex(":"))
    if firewalled:
        case_.run(*command_inside(namespace, "sh", "-c",
                                  "echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all"))
    return address


def ask_for(wire, address, clients=8):
    """So many clients want this address, so that its owner is asked for it: what they got."""
    got = [Client(wire, f"wants-{address}-{number}").bind(wish=address).yiaddr
           for number in range(clients)]
    check(address not in got, f"{address} was given to a client: {got}")
    check(len(set(got)) == clients, f"addresses given twice: {got}")


def wait_found(pair, address):
    binding_on_both(pair, address, "ABANDONED")
    logs = pair.a.log_text() + pair.b.log_text()
    check(any("address-in-use" in line and address in line for line in logs.splitlines()),
          f"nothing was logged about {address}")


def count(daemon, name):
    return daemon.status()["counters"]["probes"][name]


@case("probing", "sanitized")
def strangers_on_the_lan(case_):
    """By ARP: also one that drops pings. Both peers know of what one has found."""
    pair = Pair(case_, lan_pool="10.77.16.0-10.77.16.63", extra=PROBE).start()
    # One address of each peer's.
    open_one = stranger(case_, "open", "lan", "10.77.16.5")
    firewalled = stranger(case_, "firewalled", "lan", "10.77.16.7", firewalled=True)
    wire = Lan(case_.network.machine("probe"))
    for address in (open_one, firewalled):
        ask_for(wire, address)
        wait_found(pair, address)
    logs = pair.a.log_text() + pair.b.log_text()
    mac = mac_of("open").hex(":")
    check(any(open_one in line and mac in line for line in logs.splitlines()),
          f"the log does not say that {mac} has {open_one}")
    check_equal([count(pair[m], "in_use") for m in "ab"], [1, 1], "strangers found by each peer")
    check(sum(count(pair[m], "silent") for m in "ab") >= 16, "fewer silent probes than clients")
    pair.wait_equal()


@case("probing")
def stranger_behind_a_relay(case_):
    """By ICMP, through the relay's router."""
    pair = Pair(case_, relayed_pool="10.79.16.0-10.79.16.63", extra=PROBE).start()
    real.Relay(case_)
    address = stranger(case_, "stranger", "lan2", "10.79.16.5")
    case_.network.ip("stranger", "route", "add", "default", "via", "10.79.0.1")
    wire = Lan(case_.network.machine("probe", "lan2"))
    ask_for(wire, address)
    wait_found(pair, address)
    pair.wait_equal()


@case("probing")
def lone_start_probes(case_):
    """Nothing is probed by the file; a peer that starts without its partner does all the same."""
    pair = Pair(case_, lan_pool="10.77.16.0-10.77.16.63").start()
    address = stranger(case_, "stranger", "lan", "10.77.16.5")
    other = stranger(case_, "other", "lan", "10.77.16.7")
    pair.b.stop()
    pair.a.stop()
    pair.a.start()
    wait_until(lambda: pair.a.state() == "COMMUNICATIONS-INTERRUPTED", 20, "a serves alone")
    wire = Lan(case_.network.machine("probe"))
    for wish in (address, other):
        ask_for(wire, wish, 4)
    check_equal(count(pair.a, "in_use"), 1, "strangers found on its own share")
    pair.b.start()
    pair.wait_equal(30)
    sent = count(pair.a, "sent")
    Client(wire, "afterwards").bind()
    check_equal(count(pair.a, "sent"), sent, "probes after it has met its partner")
