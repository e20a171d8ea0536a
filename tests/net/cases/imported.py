"""What other servers' files become: served as they would serve it, and with the leases they gave.

inputs/kea.json and inputs/dhcpd.conf describe the same lab.  Both are imported and served; where
Kea and dhcpd themselves are installed, they serve their own file first and are compared."""

import ipaddress
import os
import re
import shutil
import subprocess
import time
from itertools import permutations

from netlab import dhcp
from netlab.client import Client
from netlab.namespace import ROOT, command_inside
from netlab.pair import LAN_ADDRESS, NODE, Pair
from netlab.suite import Failed, case, check, check_equal, wait_until
from netlab.wire import Lan, routed_clients

INPUTS = ROOT / "tests" / "net" / "inputs"
NTP, VENDOR, VENDOR_CLASS, ARCHITECTURE, SEARCH = 42, 43, 60, 93, 119
RACK_ID, TUNING = 230, 231
ASKED_FOR = bytes((1, 3, 6, 12, 15, NTP, VENDOR, SEARCH, RACK_ID, TUNING))
POOLS = {"lan": ("10.77.16.0", "10.77.31.255"), "phones": ("10.79.0.100", "10.79.0.199"),
         "row-a": ("10.79.1.100", "10.79.1.199")}

LAN = {1: "ffff0000", 3: "0a4d0001", 6: "0a4d00350a4d0036", 15: b"lab.example".hex(),
       51: "00000708", SEARCH: "lab.example example", RACK_ID: "00000007",
       TUNING: "0a4d000908" + b"fast".hex()}
ROW = {code: value for code, value in LAN.items() if code != TUNING}
ROW |= {1: "ffffff00", NTP: "0a4d007b"}

# Of each client: its side of the relay, what it sends, and what it is to be offered: the address
# or its pool, next server, boot file, options.
CLIENTS = {
    "plain": ("lan", {}, ("lan", "", b"", LAN)),
    "uefi": ("lan", {VENDOR_CLASS: b"PXEClient:Arch:00007:UNDI:003016", ARCHITECTURE: b"\0\7"},
             ("lan", "10.77.0.5", b"ipxe.efi", LAN | {VENDOR: "060103"})),
    "bios": ("lan", {VENDOR_CLASS: b"PXEClient:Arch:00000:UNDI:002001", ARCHITECTURE: b"\0\0"},
             ("lan", "", b"", LAN)),
    "db": ("lan", {}, ("10.77.0.20", "", b"", LAN | {12: b"db1".hex(), RACK_ID: "00000009"})),
    "phone": ("row", {VENDOR_CLASS: b"phone"}, ("phones", "", b"", ROW | {3: "0a4f0001"})),
    "other": ("row", {}, ("row-a", "", b"", ROW | {3: "0a4f0101"})),
}


class Asking(Client):
    """A client that sends some options more, and asks for those that the files set."""

    def __init__(self, wire, name, sends):
        super().__init__(wire, name)
        self.sends = sends

    def packet(self, kind, **options):
        packet = super().packet(kind, **options)
        packet.options |= self.sends | {dhcp.PARAMETER_LIST: ASKED_FOR}
        return packet


def place(address):
    """The pool that an address is from, or the address."""
    number = ipaddress.ip_address(address)
    for name, (first, last) in POOLS.items():
        if ipaddress.ip_address(first) <= number <= ipaddress.ip_address(last):
            return name
    return address


def names(data):
    """Domain names, one a word; their ends may stand further up (RFC 3397), or may not."""
    found, at = [], 0
    while at < len(data):
        labels, here, at = [], at, None
        while data[here] != 0:
            if data[here] >= 0xc0:
                at = at or here + 2
                before = (data[here] & 0x3f) << 8 | data[here + 1]
                check(before < here, f"a domain name that points ahead: {data.hex()}")
                here = before
                continue
            labels.append(data[here + 1:here + 1 + data[here]].decode())
            here += 1 + data[here]
            check(len(labels) < 100, f"a domain name that does not end: {data.hex()}")
        at = at or here + 1
        found.append(".".join(labels))
    return " ".join(found)


def what(reply):
    """What a client makes of a reply, but for what differs from server to server: itself, what
    it repeats of the client's, and when to renew."""
    options = {code: names(value) if code == SEARCH else value.hex()
               for code, value in reply.options.items()
               if code in ASKED_FOR or code == dhcp.LEASE_TIME}
    next_server = "" if reply.siaddr in ("0.0.0.0", *LAN_ADDRESS.values()) else reply.siaddr
    return place(reply.yiaddr), next_server, reply.file, dict(sorted(options.items()))


def expected():
    return {name: (*offer[:3], dict(sorted(offer[3].items())))
            for name, (_, _, offer) in CLIENTS.items()}


def check_offers(wires, who, bind):
    """Every client is offered what the files say; and is bound to it, as `bind` wants."""
    for name, (side, sends, _) in CLIENTS.items():
        client = Asking(wires[side], name, sends)
        offer = client.discover(timeout=20)
        check(offer is not None, f"{who} offers nothing to {name}")
        check_equal(what(offer), expected()[name], f"what {who} offers to {name}")
        if bind:
            answer = client.select(offer)
            check(answer is not None and answer.type == dhcp.ACK, f"{name} got no lease")
            check_equal(what(answer), expected()[name], f"what {who} gives to {name}")


def wires_of(case_):
    return {"lan": Lan(case_.network.machine("probe")),
            "row": routed_clients(case_.network, servers=(LAN_ADDRESS["a"],))}


class Other:
    """Another server, with its own file."""

    def __init__(self, case_, *command, environment=None, machine="a"):
        self.log = case_.directory / f"{command[0]}.log"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command_inside(case_.network.namespace(machine), *command),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **(environment or {})})
        case_.on_end(self.stop)

    def stop(self):
        self.process.kill()
        self.process.wait()


def start_kea(case_):
    return Other(case_, "kea-dhcp4", "-c", INPUTS / "kea.json",
                 environment={"KEA_PIDFILE_DIR": str(case_.directory),
                              "KEA_LOCKFILE_DIR": str(case_.directory)})


def start_dhcpd(case_):
    leases = case_.directory / "dhcpd.leases"
    leases.touch()
    return Other(case_, "dhcpd", "-4", "-f", "-d", "--no-pid", "-cf", INPUTS / "dhcpd.conf",
                 "-lf", leases, "eth0")


def with_own_places(text, directory, name):
    """Imported YAML with the store DIRECTORY/NAME and a socket beside it."""
    own = (f'server: {{interfaces: [eth0], store: "{directory}/{name}",'
           f' api: {{socket: "{directory}/{name}.sock"}}}}')
    text, count = re.subn(r"^server: \{interfaces: \[eth0\]\}$", own, text, flags=re.MULTILINE)
    check_equal(count, 1, "lines of the server in what was imported")
    return text


def write_imported(case_, origin, path, name):
    """NAME.yaml with this case's store and socket in it, which `twindhcpd --check` has taken."""
    text = case_.run(case_.twinctl, "import", origin, path, "--interfaces", "eth0").stdout
    config = case_.directory / f"{name}.yaml"
    config.write_text(with_own_places(text, case_.directory, name))
    case_.run(case_.twindhcpd, "--check", "--config", config)
    return config


def serves_the_same(case_, origin, name, program, start):
    wires = wires_of(case_)
    if shutil.which(program) is None:
        case_.note(f"{program} is not installed: not compared with it")
    else:
        other = start(case_)
        for wire in wires.values():
            wire.decode = dhcp.decode
        try:
            check_offers(wires, program, bind=False)
        except Failed as problem:
            raise Failed(f"{problem}; its log ends: {other.log.read_text()[-300:]}") from None
        other.stop()
        for wire in wires.values():
            wire.receive()
            wire.decode = dhcp.decode_reply
    daemon = case_.daemon("a", write_imported(case_, origin, INPUTS / name, origin),
                          "alone")
    daemon.socket = case_.directory / f"{origin}.sock"
    daemon.start()
    wait_until(daemon.serving, 20, "the imported configuration to be served")
    check_offers(wires, "twindhcpd", bind=True)


@case("exchange", "import")
def keas_file_is_served(case_):
    """Classes, own and vendor's options, a shared network and a reservation, as Kea has them."""
    serves_the_same(case_, "kea", "kea.json", "kea-dhcp4", start_kea)


@case("exchange", "import")
def dhcpds_file_is_served(case_):
    """The same of ISC dhcpd."""
    serves_the_same(case_, "isc", "dhcpd.conf", "dhcpd", start_dhcpd)


HA_HOOK = """
    "hooks-libraries": [ { "library": "/usr/lib/kea/hooks/libdhcp_ha.so", "parameters": {
      "high-availability": [ { "this-server-name": "dhcp-a", "mode": "load-balancing", "peers": [
        { "name": "dhcp-a", "url": "http://10.78.0.1:8000/", "role": "primary" },
        { "name": "dhcp-b", "url": "http://10.78.0.2:8000/", "role": "secondary" } ] } ] } } ],"""


@case("pair", "import")
def keas_pair_is_served(case_):
    """Kea's file with its HA hook: a pair of ours with an encrypted link, each node with the keys
    that `twinctl keygen` made on it and the partner's public one.  One goes on without the other."""
    text = (INPUTS / "kea.json").read_text()
    source = case_.directory / "pair.json"
    source.write_text(text.replace('"Dhcp4": {', '"Dhcp4": {' + HA_HOOK, 1))
    for node in NODE.values():
        case_.run(case_.twinctl, "keygen", node, "--output", case_.directory / f"keys-{node}")
    for node, partner in permutations(NODE.values()):
        shutil.copy(case_.directory / f"keys-{partner}" / f"{partner}.pub",
                    case_.directory / f"keys-{node}")
    text = case_.run(case_.twinctl, "import", "kea", source, "--interfaces", "eth0").stdout
    check("{curve: /etc/twindhcp/keys}" in text, f"the link is not encrypted: {text}")
    text = text.replace("/etc/twindhcp/keys", f'"{case_.directory}/keys-{{node}}"')
    pair = Pair(case_)
    pair.config.write_text(with_own_places(text, case_.directory, "{node}"))
    pair.start()
    wire = Lan(case_.network.machine("probe"))
    client, reserved = Client(wire, "plain"), Client(wire, "db")
    client.bind()
    reserved.bind()
    check_equal((place(client.address), reserved.address), ("lan", "10.77.0.20"), "addresses")
    pair.wait_equal()
    address = client.address
    pair.a.kill()
    wait_until(lambda: pair.b.state() == "COMMUNICATIONS-INTERRUPTED" or pair.b.state(), 10,
               "the other peer alone")
    answer = client.rebind()
    check(answer is not None and client.address == address, "the other peer lost the lease")


LEASES = ("address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,"
          "state,user_context\n")


@case("pair", "import")
def keas_leases_go_on(case_):
    """Leases of Kea's file are on both peers, and their clients keep them: renewing at either
    peer, after a reboot, and by their client identifier."""
    pair = Pair(case_).start()
    wire = Lan(case_.network.machine("probe"))
    clients = {f"10.77.16.{number}": Client(wire, f"old{number}") for number in range(10, 30)}
    named = Client(wire, "named", client_id=b"\xff\1named")
    clients["10.77.16.30"] = named
    ends = int(time.time()) + 3000
    rows = [f"{address},{client.mac.hex(':')},{(client.client_id or b'').hex(':')},3600,{ends},1,"
            f"0,0,{client.name},0,\n" for address, client in clients.items()]
    # An entry further up was overtaken, and one has ended.
    rows.insert(0, rows[0].replace(",3600,", ",60,").replace(str(ends), str(ends - 2990)))
    rows.append(f"10.77.16.40,02:00:00:00:00:40,,60,{ends - 6000},1,0,0,gone,0,\n")
    (case_.directory / "leases4.csv").write_text(LEASES + "".join(rows))
    arguments = ("leases", "import", "kea", str(case_.directory / "leases4.csv"))
    done = pair.a.twinctl(*arguments)
    check_equal(done.returncode, 0, f"exit code of {arguments} ({done.stdout} {done.stderr})")
    check("imported 21 of 22 leases" in done.stdout, f"what was imported: {done.stdout}")
    pair.wait_equal()
    for machine in "ab":
        leases = pair[machine].leases(state="active")
        check_equal(sorted(leases), sorted(clients), f"active leases at {machine}")
        for address, client in clients.items():
            check_equal((leases[address]["hw_address"], leases[address]["host_name"]),
                        (client.mac.hex(":"), client.name), f"whose {address} is at {machine}")
    again = pair.b.twinctl(*arguments)
    check("(21 of them here already)" in again.stdout, f"a second import: {again.stdout}")
    for number, (address, client) in enumerate(clients.items()):
        client.address, client.server = address, LAN_ADDRESS["ab"[number % 2]]
        wire.hold(address, client.mac)
        answer = (client.renew, client.rebind, client.reboot)[number // 2 % 3]()
        check(answer is not None and answer.type == dhcp.ACK, f"{client.name} lost its lease")
        check_equal(client.address, address, f"the address of {client.name}")
    named.reboot()
    check_equal(named.address, "10.77.16.30", "the address of the client with an identifier")
    stranger = Client(wire, "stranger")
    stranger.bind(wish="10.77.16.10")
    check(stranger.address not in clients, f"a stranger got {stranger.address}")
    pair.wait_equal()
