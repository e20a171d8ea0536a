"""A full disk, a storm of broken packets, two thousand clients."""

import random
import time

from netlab import dhcp, frames
from netlab.client import Client, mac_of
from netlab.history import check as judge
from netlab.pair import LAN_ADDRESS, Pair, configuration
from netlab.suite import Failed, case, check, check_equal, wait_until
from netlab.swarm import BROADCAST, Swarm
from netlab.wire import Lan, routed_clients


class SmallDisk:
    """A file system of `megabytes` below the case's directory."""

    def __init__(self, case_, megabytes):
        self.case_, self.path = case_, case_.directory / "disk"
        self.path.mkdir()
        case_.run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "lab", self.path)
        self.filler = self.path / "filler"

    def fill(self):
        """Use up what is free now; again and again, since a store gives room back as it reopens."""
        with open(self.filler, "ab", buffering=0) as file:
            block = bytes(1 << 16)
            while len(block) >= 1:
                try:
                    if file.write(block) < len(block):
                        block = block[:len(block) // 2]
                except OSError:
                    block = block[:len(block) // 2]

    def empty(self):
        self.filler.unlink()

    def unmount(self):
        self.case_.run("umount", self.path)


@case("disk")
def full_disk(case_):
    """Without room in the store no DHCPACK leaves; status says so; with room service goes on."""
    # Too small for what RocksDB would like to set aside in advance, so that "full" means full.
    disk = SmallDisk(case_, 12)
    config = case_.directory / "alone.yaml"
    config.write_text(configuration(case_.directory, pair=False, store=disk.path / "store"))
    daemon = case_.daemon("a", config, "alone")
    try:
        _full_disk(case_, disk, daemon)
    finally:
        if daemon.process is not None:
            daemon.end()
        disk.unmount()


def _full_disk(case_, disk, daemon):
    daemon.start()
    wait_until(daemon.serving, 10, "the daemon to serve")
    wire = Lan(case_.network.machine("probe"))
    acknowledged = [Client(wire, "before")]
    acknowledged[0].bind()
    # The last page of a file may still take a few writes: go on until it stops.
    starved = None
    for number in range(2000):
        disk.fill()
        client = Client(wire, f"during-{number}")
        if client.bind_once() is None:
            starved = client
            break
        acknowledged.append(client)
    check(starved is not None, "2000 leases were acknowledged on a full disk")
    for _ in range(15):
        disk.fill()
        time.sleep(0.2)
    check(starved.bind_once() is None, "a DHCPACK left while the disk was full")
    status = daemon.status()
    check_equal(status["store"]["ok"], False, "store.ok")
    check("pace" in status["store"]["problem"], f"store.problem {status['store']['problem']!r}")
    table = daemon.twinctl("status").stdout
    check(status["store"]["problem"] in table, f"twinctl status does not tell: {table}")
    disk.empty()
    start = time.monotonic()
    starved.bind(timeout=15)
    case_.note(f"{len(acknowledged)} leases until the store was full; served again "
               f"{time.monotonic() - start:.1f} s after there was room")
    acknowledged.append(starved)
    check_equal(daemon.status()["store"]["ok"], True, "store.ok with room")
    daemon.kill()
    daemon.start()
    wait_until(daemon.serving, 10, "the daemon to serve after its restart")
    leases = daemon.leases()
    lost = [c.name for c in acknowledged if leases.get(c.address, {}).get("state") != "ACTIVE"]
    check(not lost, f"acknowledged, but not in the store: {lost[:5]}")


@case("storm", "sanitized")
def malformed_packet_storm(case_):
    """20,000 seeded mutations of good packets: both peers live, count and serve."""
    pair = Pair(case_).start()
    wire = Lan(case_.network.machine("probe"))
    client = Client(wire, "honest")
    client.bind()
    before = sum(sum(pair[m].status()["counters"]["malformed"].values()) for m in "ab")
    chance = random.Random(20131)
    corpus = [packet.encode() for packet in storm_corpus()]
    start = time.monotonic()
    for number in range(20000):
        payload = mutate(chance, chance.choice(corpus))
        wire.send_frame(frames.udp_frame(mac_of(f"storm-{number % 50}"), frames.BROADCAST,
                                         "0.0.0.0", "255.255.255.255", 68, 67, payload))
        if number % 200 == 199:
            drain(wire)
            time.sleep(0.01)
    case_.note(f"20000 packets in {time.monotonic() - start:.1f} s")
    time.sleep(1)
    drain(wire)
    for machine in "ab":
        check(pair[machine].running, f"{machine} ended in the storm")
    after = sum(sum(pair[m].status()["counters"]["malformed"].values()) for m in "ab")
    check(after - before > 2000, f"only {after - before} were counted as malformed")
    answer = client.rebind()
    check(answer is not None and answer.type == dhcp.ACK, f"after the storm: {answer}")
    Client(wire, "late").bind()
    pair.wait_equal()


def drain(wire):
    """Look at all replies: each must be well-formed whatever was asked."""
    while wire.receive():
        pass


def storm_corpus():
    mac = mac_of("storm")
    for kind in range(1, 9):
        yield dhcp.Packet(xid=kind, chaddr=mac,
                          options={53: bytes((kind,)), 50: b"\x0a\x4d\x10\x05",
                                   55: bytes(range(1, 40)), 61: b"\x01" + mac})
    yield dhcp.Packet(xid=9, chaddr=mac, sname=b"\x0c\x04host\xff", file=b"\x0f\x03lab\xff",
                      options={53: b"\x01", 52: b"\x03", 60: b"PXEClient:Arch:00007", 93: b"\0\7"})
    yield dhcp.Packet(xid=10, chaddr=mac, giaddr="10.77.0.9", hops=1,
                      options={53: b"\x01", 82: b"\x01\x04port\x05\x04\x0a\x4f\x00\x00",
                               118: b"\x0a\x4f\x00\x00", 124: bytes(range(60))})
    yield dhcp.Packet(xid=11, chaddr=mac, ciaddr="10.77.16.9",
                      options={53: b"\x03", 43: b"v" * 300, 57: b"\x05\xdc", 51: b"\xff" * 4})


def mutate(chance, data):
    """One to four changes: bits, lengths, lost ends, repeated pieces, noise."""
    data = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        what = chance.randrange(6)
        at = chance.randrange(len(data)) if data else 0
        if what == 0 and data:
            data[at] ^= 1 << chance.randrange(8)
        elif what == 1:
            del data[at:]
        elif what == 2 and len(data) > 242:
            data[chance.randrange(240, len(data))] = chance.choice((0, 1, 3, 82, 52, 254, 255))
        elif what == 3 and len(data) < 1200:
            data[at:at] = data[at:at + chance.randrange(64)]
        elif what == 4 and len(data) < 1200:
            data[at:at] = chance.randbytes(chance.randrange(32))
        elif data:
            data[at] = chance.randrange(256)
    return bytes(data)


@case("swarm")
def swarm_through_failover(case_):
    """2,000 clients, each peer killed twice: no address twice, none lost, nobody refused."""
    pair = Pair(case_, lease="20s").start()
    lan = Lan(case_.network.machine("swarm"))
    relay = routed_clients(case_.network, relay_information=b"\x01\x06swarm1")
    # One in eight is on the LAN itself: the kernel's ARP table of all namespaces is small.
    swarm = Swarm([lan] + [relay] * 7, 2000)
    swarm.arrive(8)
    swarm.run(16, until=lambda: not swarm.without_lease())
    check(not swarm.without_lease(), f"without a lease: {swarm.without_lease()[:5]}")
    for victim in "abab":
        swarm.churn(10, releases=60, restarts=100)
        swarm.run(2)
        kill_and_measure(case_, pair, swarm, victim)
        pair[victim].start()
        back = swarm.run(25, until=lambda: [pair[m].state() for m in "ab"] == ["NORMAL"] * 2)
        check(back, f"not NORMAL again: {[pair[m].state() for m in 'ab']}")
        swarm.run(3)
    swarm.run(10, until=lambda: not swarm.without_lease())
    now = time.monotonic()
    wrong = judge(swarm.history.events, now, [client.name for client in swarm.clients])
    case_.note(f"{len(swarm.history.events)} events of {len(swarm.clients)} clients, "
               f"{swarm.naks} DHCPNAKs")
    check(not wrong, f"{len(wrong)} wrong: " + "; ".join(wrong[:5]))
    if pair.a.state() != "NORMAL":
        raise Failed(f"a is {pair.a.state()} at the end")


def kill_and_measure(case_, pair, swarm, victim):
    """Kill a peer; machines whose addresses it owned reboot one by one and want to be served."""
    role = pair[victim].status()["role"]
    owned = {address for address, lease in pair[victim].leases(state="ACTIVE").items()
             if lease["owner"] == role}
    own = [c for c in swarm.served_by(LAN_ADDRESS[victim]) if c.address in owned]
    check(len(own) > 100, f"only {len(own)} clients belonged to {victim}")
    probes = own[:100]
    killed = time.monotonic()
    pair[victim].kill()
    for number, client in enumerate(probes):
        swarm.at(killed + number * 0.03, swarm.restart, client, number % 2 == 0)
    swarm.run(9)
    chosen = set(id(client) for client in probes)
    answers = [a for a in swarm.answers if a.asked >= killed and a.kind in BROADCAST]
    first = min((a.asked + a.seconds for a in answers
                 if id(a.client) in chosen and a.server != LAN_ADDRESS[victim]), default=None)
    check(first is not None, f"no client of {victim} was served within 9 s of its death")
    longest = max((a.seconds for a in answers), default=0)
    case_.note(f"{victim} killed: its first client served after {first - killed:.2f} s, longest "
               f"wait of any client for an answer {longest:.2f} s")
    check(longest < 5, f"a client waited {longest:.1f} s for an answer")
