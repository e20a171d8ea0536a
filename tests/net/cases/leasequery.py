"""Who has which address, asked by a relay over UDP and by a collector over TCP."""

import socket
import struct
import time

from netlab import dhcp
from netlab.client import Client
from netlab.namespace import inside
from netlab.pair import Pair
from netlab.suite import Failed, case, check, check_equal
from netlab.wire import routed_clients

LEASEQUERY, UNASSIGNED, UNKNOWN, ACTIVE, BULK, DONE = 10, 11, 12, 13, 14, 15
LAST_TRANSACTION, STATE, SOURCE = 91, 156, 157
ASK = "leasequery: {allow: [10.79.0.1, 10.77.0.4], bulk: {}}\n"


def ask(relay, server, **fields):
    """One DHCPLEASEQUERY to one server, and its answer or None."""
    packet = dhcp.Packet(xid=0x4388, giaddr=relay.giaddr, chaddr=fields.pop("chaddr", b""),
                         options={dhcp.MESSAGE_TYPE: bytes((LEASEQUERY,)),
                                  dhcp.PARAMETER_LIST: bytes((82,))}, **fields)
    relay.relay.sendto(packet.encode(), (server, 67))
    end = time.monotonic() + 3
    while time.monotonic() < end:
        try:
            return dhcp.decode(relay.relay.recvfrom(2048)[0])
        except BlockingIOError:
            time.sleep(0.01)
    return None


def bulk(namespace, server):
    """All that a server tells over TCP: the packets before the DHCPLEASEQUERYDONE."""
    query = dhcp.Packet(xid=0x6926, options={dhcp.MESSAGE_TYPE: bytes((BULK,))}).encode()
    with inside(namespace):
        connection = socket.create_connection((server, 67), timeout=10)
    with connection, connection.makefile("rb") as stream:
        connection.sendall(struct.pack("!H", len(query)) + query)
        told = []
        while True:
            (size,) = struct.unpack("!H", stream.read(2))
            packet = dhcp.decode(stream.read(size))
            check_equal(packet.xid, 0x6926, "xid")
            if packet.type == DONE:
                return told
            told.append(packet)


@case("exchange", "sanitized")
def leasequery(case_):
    """Both peers tell a relay which client has an address, and a collector all of them."""
    circuit = b"\x01\x04eth7"
    pair = Pair(case_, extra=ASK).start()
    relay = routed_clients(case_.network, relay_information=circuit)
    clients = [Client(relay, f"node-{number}") for number in range(20)]
    addresses = {client.bind().yiaddr: client for client in clients}
    pair.wait_equal()
    address, client = next(iter(addresses.items()))
    for server in ("10.77.0.2", "10.77.0.3"):
        told = ask(relay, server, ciaddr=address)
        check(told is not None, f"{server} did not answer a DHCPLEASEQUERY")
        check_equal((told.type, told.ciaddr, told.chaddr), (ACTIVE, address, client.mac),
                    "type, address and client")
        check_equal(told.options.get(dhcp.RELAY_INFO), circuit, "relay agent information")
        check(0 < told.number(dhcp.LEASE_TIME) <= 3600, "lease time left")
        check(told.number(LAST_TRANSACTION) <= 60, "time of the last transaction")
        by_client = ask(relay, server, chaddr=client.mac)
        check_equal((by_client.type, by_client.ciaddr), (ACTIVE, address), "by hardware address")
        check_equal(ask(relay, server, ciaddr="10.79.31.255").type, UNASSIGNED, "a free one")
        check_equal(ask(relay, server, ciaddr="10.99.0.1").type, UNKNOWN, "a strange one")
        everything = bulk(case_.network.namespace("relay"), server)
        check_equal({p.ciaddr for p in everything if p.type == ACTIVE}, set(addresses),
                    "addresses told in bulk")
        check_equal({p.options[STATE] for p in everything}, {b"\2"}, "states")
        check({p.options[SOURCE] for p in everything} <= {b"\0", b"\1"}, "data sources")
    probe = case_.network.machine("probe", "lan", "10.77.0.9/16")
    try:
        bulk(probe, "10.77.0.2")
    except (struct.error, ConnectionError):
        pass
    else:
        raise Failed("a host that may not ask was told all leases")
    pair.a.kill()
    check_equal(ask(relay, "10.77.0.3", ciaddr=address).type, ACTIVE, "after the peer has died")
