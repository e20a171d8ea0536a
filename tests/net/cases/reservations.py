"""Reservations of the file and made while running, with real clients and a real relay."""

from netlab import real
from netlab.client import Client
from netlab.pair import Pair
from netlab.suite import case, check, check_equal, wait_until
from netlab.wire import Lan


@case("pair")
def reserved_port_of_a_relay(case_):
    """dhcrelay says by which interface a client came: whoever is there gets the address, and a
    direct renewal, which says nothing of it, keeps it on both peers."""
    pair = Pair(case_, lease="16s", extra="reservations:\n"
                "  - {circuit-id: \"text:eth1\", address: 10.79.0.9, host-name: port}").start()
    real.Relay(case_)
    client = real.Dhclient(case_, "behind", "lan2")
    event = client.login()
    check_equal(event.address, "10.79.0.9", "address of the port")
    for machine in "ab":
        check_equal(pair[machine].lease("10.79.0.9")["reserved_for"], "circuit-id text:eth1",
                    f"for whom it is set aside at {machine}")
    case_.network.ip("behind", "route", "add", "10.77.0.0/16", "via", "10.79.0.1")
    seen = len(client.events())
    wait_until(lambda: client.events()[seen:] != [], 40, "an extension")
    check_equal((client.events()[-1].kind in real.EXTENDED, client.events()[-1].address),
                (True, "10.79.0.9"), "what became of a direct renewal")
    # Another machine at the port waits for that lease, and lives in the pool until then.
    client.kill()
    other = real.Dhclient(case_, "newcomer", "lan2")
    event = other.login()
    check(event.address.startswith("10.79.") and event.address != "10.79.0.9",
          f"the newcomer got {event.address}")
    listed = pair.a.json("reservations")["reservations"][0]
    check_equal((listed["state"], listed["leased_to"]), ("leased", client.mac.hex(":")),
                "who is in the way")
    wait_until(lambda: any(e.address == "10.79.0.9" for e in other.events()) or
               [(e.kind, e.address) for e in other.events()], 90, "the port's address")
    pair.wait_equal()


@case("pair", "exchange", "sanitized")
def reservation_made_while_running(case_):
    """Made at one peer, it holds at the other at once, stays over a restart, and is removed."""
    pair = Pair(case_).start()
    wire = Lan(case_.network.machine("probe"))
    client = Client(wire, "db")
    text = f"{{hw-address: \"{client.mac.hex(':')}\", address: 10.77.0.77, host-name: db1}}"
    done = pair.a.twinctl("reservations", "add", text)
    check_equal((done.returncode, done.stdout), (0, "reserved; both servers have it\n"), "add")
    wait_until(lambda: pair.b.json("reservations")["reservations"][0]["state"] == "free", 5,
               "the address set aside")
    pair.a.kill()
    wait_until(lambda: pair.b.state() == "COMMUNICATIONS-INTERRUPTED" or pair.b.state(), 10,
               "the other peer alone")
    client.bind()
    check_equal(client.address, "10.77.0.77", "address given by the other peer")
    pair.a.start()
    pair.wait_equal()
    row = pair.a.json("reservations")["reservations"][0]
    check_equal((row["source"], row["state"], row["partner_has_it"]), ("runtime", "leased", True),
                "the reservation after a restart")
    again = pair.b.twinctl("reservations", "add", text)
    check_equal(again.returncode, 1, "a second one for the client")
    check("already" in again.stderr, f"why not: {again.stderr}")
    bad = pair.b.twinctl("reservations", "add", "{hw-address: 1, address: 10.77.0.78}")
    check_equal(bad.returncode, 2, "a wrong one")
    check("column 14: hw-address:" in bad.stderr, f"what is wrong: {bad.stderr}")
    check("10.77.0.77" in pair.b.twinctl("reservations").stdout, "the table does not show it")
    done = pair.b.twinctl("reservations", "remove", f"{{hw-address: \"{client.mac.hex(':')}\"}}")
    check_equal(done.returncode, 0, f"remove ({done.stderr})")
    check_equal(pair.a.json("reservations")["reservations"], [], "what is left at the other")
    pair.wait_equal()
