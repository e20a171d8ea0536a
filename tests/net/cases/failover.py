"""The pair under faults: a killed peer, a lost store, a cut link, a start without the partner."""

import signal
import time

from netlab import dhcp
from netlab.client import Client
from netlab.history import check as judge
from netlab.pair import LAN_ADDRESS, OTHER, ROLE, Pair
from netlab.suite import case, check, check_equal, wait_until
from netlab.swarm import Swarm
from netlab.wire import Lan


def clients_with_leases(wire, count, prefix="client"):
    """Scripted clients, bound one after another."""
    clients = [Client(wire, f"{prefix}-{number}") for number in range(count)]
    for client in clients:
        client.bind()
    return clients


def all_keep_their_address(clients, how="reboot"):
    for client in clients:
        address = client.address
        answer = getattr(client, how)()
        check(answer is not None, f"{client.name} ({address}) got no answer to a {how}")
        check_equal(answer.type, dhcp.ACK, f"answer to the {how} of {client.name}")
        check_equal(client.address, address, f"address of {client.name}")


def wait_state(daemon, state, timeout=20):
    return wait_until(lambda: daemon.state() == state or daemon.state(), timeout,
                      f"{daemon.node} in {state}")


@case("exchange")
def kill_during_traffic(case_):
    """kill -9 of either peer under load: nobody loses an address, nobody shares one."""
    pair = Pair(case_, lease="20s").start()
    wire = Lan(case_.network.machine("swarm"))
    swarm = Swarm([wire], 200)
    swarm.arrive(3)
    swarm.run(6)
    for machine in "ab":
        swarm.churn(4, releases=10, restarts=20)
        swarm.run(1)
        pair[machine].kill()
        swarm.run(5)
        pair[machine].start()
        swarm.run(20, until=lambda: [pair[m].state() for m in "ab"] == ["NORMAL"] * 2)
    swarm.run(8, until=lambda: not swarm.without_lease())
    now = time.monotonic()
    wrong = judge(swarm.history.events, now, [client.name for client in swarm.clients])
    check(not wrong, f"{len(wrong)} wrong: " + "; ".join(wrong[:5]))
    pair.wait_normal()


@case("pair")
def restart_of_both(case_):
    """Both killed at once and started again: every lease is still there."""
    pair = Pair(case_).start()
    wire = Lan(case_.network.machine("probe"))
    clients = clients_with_leases(wire, 20)
    pair.wait_equal()
    digest = pair.a.status()["digest"]
    pair.a.kill()
    pair.b.kill()
    pair.start()
    pair.wait_equal()
    check_equal(pair.a.status()["digest"], digest, "digest after the restart")
    all_keep_their_address(clients)


@case("pair")
def orderly_restart(case_):
    """SIGTERM ends a daemon with 0; the other serves; the restarted one catches up."""
    pair = Pair(case_).start()
    wire = Lan(case_.network.machine("probe"))
    clients = clients_with_leases(wire, 6)
    for machine in "ab":
        pair[machine].stop()
        wait_state(pair[OTHER[machine]], "COMMUNICATIONS-INTERRUPTED")
        clients += clients_with_leases(wire, 3, f"while-{machine}-was-away")
        all_keep_their_address(clients, "rebind")
        pair[machine].start()
        pair.wait_equal()
    all_keep_their_address(clients)


@case("pair")
def lost_store(case_):
    """A peer that lost its store is refilled, waits MCLT without serving, and is NORMAL again."""
    pair = Pair(case_).start()
    wire = Lan(case_.network.machine("probe"))
    clients = clients_with_leases(wire, 12)
    pair.wait_equal()
    for machine in "ba":
        pair[machine].kill()
        pair.wipe_store(machine)
        pair[machine].start()
        wait_state(pair[machine], "RECOVER-WAIT", 10)
        pair[machine].logged("started", "its store is new")
        pair[machine].tells("caught up, but leases of before may still stand", "Serving NO",
                            "Waits until", "twinctl end-wait")
        pair[OTHER[machine]].tells(f"{pair[machine].node} {ROLE[machine]} RECOVER-WAIT")
        check(not pair[machine].serving(), f"{machine} serves in RECOVER-WAIT")
        check(pair[OTHER[machine]].serving(), f"{OTHER[machine]} stopped serving")
        all_keep_their_address(clients[:3], "rebind")
        waited = wait_state(pair[machine], "NORMAL", 20)
        check(waited > 7, f"{machine} waited only {waited:.1f} s of its MCLT of 10 s")
        pair.wait_equal()
        if machine == "b":
            check_equal(len(pair.b.leases(state="ACTIVE")), len(clients),
                        "leases on the refilled peer")
    all_keep_their_address(clients)


@case("pair")
def start_without_partner(case_):
    """A peer with a history that starts alone serves after startup-wait."""
    pair = Pair(case_, pair_extra="  startup-wait: 3s").start()
    wire = Lan(case_.network.machine("probe"))
    clients = clients_with_leases(wire, 8)
    pair.wait_equal()
    pair.b.stop()
    pair.a.stop()
    pair.a.start()
    wait_state(pair.a, "STARTUP", 5)
    pair.a.tells("Looks for the partner; serves alone after startup-wait", "Serving NO")
    waited = wait_state(pair.a, "COMMUNICATIONS-INTERRUPTED", 10)
    pair.a.tells("the partner is not there", "never heard since this server started")
    check(waited > 2, f"served after {waited:.1f} s though startup-wait is 3 s")
    all_keep_their_address(clients)
    clients += clients_with_leases(wire, 4, "new")
    pair.b.start()
    pair.wait_equal()
    all_keep_their_address(clients)


@case("pair")
def start_alone_wait(case_):
    """With `start-alone: wait` the same peer keeps waiting, and says so."""
    pair = Pair(case_, pair_extra="  startup-wait: 1s\n  start-alone: wait").start()
    pair.b.stop()
    pair.a.stop()
    pair.a.start()
    time.sleep(3)
    status = pair.a.status()
    check_equal((status["state"], status["serving"]), ("STARTUP", False), "state and serving")
    check(status["advice"], "status gives no advice")
    pair.b.start()
    pair.wait_equal()


@case("pair")
def new_store_alone(case_):
    """A new store without its partner serves nobody, says why, and obeys the operator."""
    pair = Pair(case_, pair_extra="  startup-wait: 1s")
    wire = Lan(case_.network.machine("probe"))
    pair.a.start()
    wait_until(lambda: bool(pair.a.status()), 10, "an answer of twinctl")
    time.sleep(3)
    status = pair.a.status()
    check_equal(status["serving"], False, "serving")
    check(status["advice"], "status does not say what it waits for")
    check("partner-down" in status["advice"], f"no command named: {status['advice']!r}")
    client = Client(wire, "early")
    check(client.discover(timeout=2) is None, "a new store alone made an offer")
    refused = pair.a.twinctl("partner-down", "--yes")
    forced = pair.a.twinctl("partner-down", "--force", "--yes")
    check_equal(forced.returncode, 0, f"partner-down --force ({forced.stderr.strip()})")
    check_equal(refused.returncode, 1, "exit of partner-down without --force")
    wait_state(pair.a, "PARTNER-DOWN", 5)
    client.bind()
    pair.b.start()
    pair.wait_equal(40)
    all_keep_their_address([client])


@case("pair")
def declared_partner_down(case_):
    """After `twinctl partner-down` the survivor uses the whole pool, once MCLT has passed."""
    pair = Pair(case_, lan_pool="10.77.16.0-10.77.16.15").start()
    wire = Lan(case_.network.machine("probe"))
    refused = pair.a.twinctl("partner-down", "--yes")
    check_equal(refused.returncode, 1, "exit of partner-down while the partner is there")
    check_equal(pair.a.state(), "NORMAL", "state after a refused partner-down")
    clients = clients_with_leases(wire, 3)
    pair.wait_equal()
    pair.b.kill()
    wait_state(pair.a, "COMMUNICATIONS-INTERRUPTED", 5)
    pair.a.tells("no word from the partner", "the connection to the partner was closed",
                 "if it is down and stays down: twinctl partner-down")
    unasked = pair.a.twinctl("partner-down")
    check(unasked.returncode != 0, "partner-down without --yes and without a terminal was obeyed")
    done = pair.a.twinctl("partner-down", "--yes")
    check_equal(done.returncode, 0, f"partner-down ({done.stderr.strip()})")
    wait_state(pair.a, "PARTNER-DOWN", 5)
    more, number = [], 0
    end = time.monotonic() + 25
    while len(clients) + len(more) < 16 and time.monotonic() < end:
        client = Client(wire, f"late-{number}")
        offer = client.discover(timeout=1)
        if offer is not None and client.select(offer) is not None and client.address:
            more.append(client)
            number += 1
    addresses = {client.address for client in clients + more}
    check_equal(len(addresses), 16, "addresses in use of a pool of 16")
    all_keep_their_address(clients)
    pair.b.start()
    pair.wait_equal(40)
    all_keep_their_address(clients + more)


@case("pair")
def handed_over(case_):
    """After `twinctl handover` the partner has the whole pool at once; then the peer returns."""
    pair = Pair(case_, lan_pool="10.77.16.0-10.77.16.15").start()
    wire = Lan(case_.network.machine("probe"))
    clients = clients_with_leases(wire, 3)
    pair.wait_equal()
    done = pair.b.twinctl("handover", "--yes")
    check_equal(done.returncode, 0, f"handover ({done.stderr.strip()})")
    wait_state(pair.a, "PARTNER-DOWN", 5)
    wait_state(pair.b, "SHUTDOWN", 5)
    more = clients_with_leases(wire, 13, "late")
    addresses = {client.address for client in clients + more}
    check_equal(len(addresses), 16, "addresses in use of a pool of 16")
    all_keep_their_address(clients)
    done = pair.b.twinctl("return")
    check_equal(done.returncode, 0, f"return ({done.stderr.strip()})")
    pair.wait_equal(10)
    all_keep_their_address(clients + more)


@case("pair")
def cut_link(case_):
    """Cut off from each other both serve, addresses of their own; then both know everything."""
    pair = Pair(case_, lan_pool="10.77.16.0-10.77.16.47").start()
    wire = Lan(case_.network.machine("probe"))
    clients = clients_with_leases(wire, 8)
    case_.network.ip("a", "link", "set", "eth1", "down")
    for machine in "ab":
        wait_state(pair[machine], "COMMUNICATIONS-INTERRUPTED", 5)
        pair[machine].tells("no word from the partner", "Link down", "Bring the partner back")
        pair[machine].logged("session-ended", "no frame from the partner for link-timeout")
    for machine, address in LAN_ADDRESS.items():
        # The other one hears nothing of these clients, neither from its partner nor itself.
        case_.network.move(OTHER[machine], "eth0", "lan2")
        served = clients_with_leases(wire, 8, f"of-{machine}-alone")
        check_equal({client.server for client in served}, {address}, "server of new clients")
        clients += served
        case_.network.move(OTHER[machine], "eth0", "lan")
    check_equal(len({client.address for client in clients}), 24, "different addresses")
    all_keep_their_address(clients, "rebind")
    case_.network.ip("a", "link", "set", "eth1", "up")
    pair.wait_equal(30)
    all_keep_their_address(clients)


@case("pair")
def stopped_and_continued(case_):
    """A peer that stood still (SIGSTOP) does not act on what it remembers when it goes on."""
    pair = Pair(case_).start()
    wire = Lan(case_.network.machine("probe"))
    clients = clients_with_leases(wire, 6)
    pair.a.signal(signal.SIGSTOP)
    wait_state(pair.b, "COMMUNICATIONS-INTERRUPTED", 5)
    pair.b.tells("no word from the partner", "no frame from the partner for link-timeout")
    clients += clients_with_leases(wire, 6, "meanwhile")
    pair.a.signal(signal.SIGCONT)
    pair.wait_equal(30)
    pair.a.logged("NORMAL -> STARTUP: it stood still for longer than link-timeout")
    check_equal(len({client.address for client in clients}), 12, "different addresses")
    all_keep_their_address(clients)


@case("exchange", "pair")
def promise_without_partner(case_):
    """What the partner has not acknowledged is promised for MCLT at most, and at once."""
    pair = Pair(case_).start()
    wire = Lan(case_.network.machine("probe"))
    offers = []
    for number in range(20):
        client = Client(wire, f"client-{number}")
        offers.append((client, client.discover()))
    client, offer = next((c, o) for c, o in offers
                         if o.ip(dhcp.SERVER_ID) == LAN_ADDRESS["a"])
    other, its_offer = next((c, o) for c, o in offers
                            if o.ip(dhcp.SERVER_ID) == LAN_ADDRESS["a"] and c is not client)
    ack = other.select(its_offer)
    check_equal(ack.number(dhcp.LEASE_TIME), 3600, "lease time with the partner")
    pair.b.signal(signal.SIGSTOP)
    start = time.monotonic()
    ack = client.select(offer, timeout=1.5)
    check(ack is not None and ack.type == dhcp.ACK, f"a answered {ack}")
    took = time.monotonic() - start
    check(ack.number(dhcp.LEASE_TIME) <= 10,
          f"{ack.number(dhcp.LEASE_TIME)} s promised that the partner does not know of")
    check(took < 0.9, f"the answer took {took:.2f} s")
    pair.b.signal(signal.SIGCONT)
    pair.wait_equal(30)
    ack = client.rebind()
    check_equal(ack.number(dhcp.LEASE_TIME), 3600, "lease time with the partner back")
