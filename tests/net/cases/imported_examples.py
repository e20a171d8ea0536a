"""The examples that Kea publishes, served by Kea and, imported, by twindhcpd: the same clients are
offered the same.  Each example is one network, 192.0.2.0/24, on which both listen in turn."""

import ipaddress
import pathlib
import re
import shutil

from netlab import dhcp
from netlab.client import Client
from netlab.suite import Failed, case, check, wait_until
from netlab.wire import Lan

from cases.imported import SEARCH, Other, names, write_imported

EXAMPLES = pathlib.Path("/usr/share/doc/kea/examples/kea4")
NAMES = ("single-subnet", "several-subnets", "multiple-options", "classify", "classify2",
         "reservations", "global-reservations", "vendor-specific", "vivso", "shared-network",
         "leases-expiration")
OURS = "192.0.2.253"
BROADCAST = 28
# All but those that have a meaning in a DHCPDISCOVER by being asked for or sent.
ASKED_FOR = bytes(code for code in range(1, 130)
                  if code not in (50, 52, 53, 54, 55, 57, 61, 80, 81, 82, 90, 108, 116, 118))
VENDOR_CLASS, CLIENT_ID = 60, dhcp.CLIENT_ID

# What each of the examples' clients sends: their reservations and classes tell them apart.
CLIENTS = {
    "plain": {},
    "phone": {VENDOR_CLASS: b"Aastra IP Phone"},
    "vendor": {VENDOR_CLASS: b"339"},
    "reserved": {},
    "named": {CLIENT_ID: bytes.fromhex("01112233445566")},
    "named too": {CLIENT_ID: bytes.fromhex("010a0b0c0d0e0f")},
    "duid": {CLIENT_ID: bytes.fromhex("ff00000001" "0102030405")},
}


def place(address, ranges):
    number = ipaddress.ip_address(address)
    for first, last in ranges:
        if ipaddress.ip_address(first) <= number <= ipaddress.ip_address(last):
            return f"{first}-{last}"
    return address


def what(reply, ranges):
    """An offer without what differs from server to server."""
    if reply is None:
        return "nothing"
    options = {code: names(value) if code == SEARCH else value.hex()
               for code, value in sorted(reply.options.items())
               if code not in (dhcp.MESSAGE_TYPE, dhcp.SERVER_ID, CLIENT_ID)}
    next_server = "" if reply.siaddr in ("0.0.0.0", OURS) else reply.siaddr
    return (place(reply.yiaddr, ranges), next_server, reply.sname.decode(), reply.file.decode(),
            options)


def offers(wire, ranges):
    found = {}
    for name, sends in CLIENTS.items():
        client = Client(wire, name)
        if name == "reserved":
            client.mac = bytes.fromhex("1a1b1c1d1e1f")
        packet = client.packet(dhcp.DISCOVER)
        packet.options |= sends | {dhcp.PARAMETER_LIST: ASKED_FOR}
        reply = client.exchange(packet, timeout=4, interval=1,
                                wanted=lambda reply: reply.type == dhcp.OFFER)
        found[name] = what(reply, ranges)
    return found


def adapted(case_, name):
    """The example, without leases on the disk, and with room for all clients: Kea offers the one
    address of a pool to each of them, twindhcpd to the first alone."""
    text = (EXAMPLES / f"{name}.json").read_text()
    text = text.replace('"type": "memfile"', '"type": "memfile", "persist": false')
    text = text.replace("192.0.2.50-192.0.2.50", "192.0.2.50-192.0.2.99")
    config = case_.directory / f"{name}.json"
    config.write_text(text)
    return config


def serve_kea(case_, name, config, wire, ranges):
    kea = Other(case_, "kea-dhcp4", "-c", config, machine="old",
                environment={"KEA_PIDFILE_DIR": str(case_.directory),
                             "KEA_LOCKFILE_DIR": str(case_.directory)})
    wait_until(lambda: "DHCP4_STARTED" in kea.log.read_text() or kea.log.read_text()[-200:], 10,
               f"Kea to serve {name}")
    wire.decode = dhcp.decode
    found = offers(wire, ranges)
    kea.stop()
    kea.log.unlink()
    wire.receive()
    wire.decode = dhcp.decode_reply
    return found


# Where a reservation gives a class, we let its client into the subnets of that class; Kea chooses
# a subnet before it looks for reservations.  The import says so.
OTHER_SUBNET = {("classify", "reserved"), ("classify2", "reserved")}


def differences(example, theirs, ours):
    """Texts.  What Kea leaves to the client to work out, and we tell it, is no difference."""
    found = []
    for name, offer in theirs.items():
        mine = ours[name]
        if (example, name) in OTHER_SUBNET:
            continue
        if "nothing" in (offer, mine):
            if offer != mine:
                found.append(f"{name}: Kea offers {offer}, twindhcpd {mine}")
            continue
        for code in (dhcp.T1, dhcp.T2, BROADCAST):
            if code not in offer[4]:
                mine[4].pop(code, None)
        if offer[:4] != mine[:4]:
            found.append(f"{name}: Kea offers {offer[:4]}, twindhcpd {mine[:4]}")
        for code in sorted(offer[4].keys() | mine[4].keys()):
            if offer[4].get(code) != mine[4].get(code):
                found.append(f"{name}: option {code}: Kea {offer[4].get(code)}, "
                             f"twindhcpd {mine[4].get(code)}")
    return found


@case("import")
def keas_examples_are_served(case_):
    """Address or pool, boot fields and all options are those of Kea, for every client."""
    if shutil.which("kea-dhcp4") is None or not EXAMPLES.is_dir():
        case_.note("kea-dhcp4 or kea-doc is not installed: not compared")
        return
    case_.network.machine("old", "lan", f"{OURS}/24")
    case_.network.attach("old", "eth1", "lan2", "198.51.100.1/24")
    wire = Lan(case_.network.machine("probe"))
    wrong = []
    for name in NAMES:
        example = adapted(case_, name)
        config = write_imported(case_, "kea", example, name)
        ranges = [match.groups() for match in
                  re.finditer(r"range: ([\d.]+)-([\d.]+)", config.read_text())]
        theirs = serve_kea(case_, name, example, wire, ranges)
        check("nothing" not in theirs.values(), f"{name}: whom Kea serves: {theirs}")
        daemon = case_.daemon("old", config, "alone")
        daemon.log = case_.directory / f"{name}.log"
        daemon.socket = case_.directory / f"{name}.sock"
        daemon.start()
        wait_until(daemon.serving, 20, f"{name} to be served")
        wrong += [f"{name}: {text}"
                  for text in differences(name, theirs, offers(wire, ranges))]
        check(("VoIP: lets the client into" in config.read_text())
              == ((name, "reserved") in OTHER_SUBNET),
              f"{name}: whether the import tells that a client gets another subnet")
        daemon.stop()
        wire.receive()
    if wrong:
        raise Failed("\n".join(wrong))
