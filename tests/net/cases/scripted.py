"""What real clients do not show: single packets and their answers, byte by byte."""

from netlab import dhcp
from netlab.client import Client, mac_of
from netlab.pair import Pair
from netlab.suite import case, check, check_equal
from netlab.wire import Lan, routed_clients


@case("exchange", "sanitized")
def replies_hold_what_was_asked(case_):
    """Options of the configuration, echo of the request's fields, a reservation."""
    db1 = mac_of("db1").hex(":")
    pair = Pair(case_, reservations="    reservations:\n      - {hw-address: "
                f'"{db1}", address: 10.77.0.20, options: {{host-name: db1}}}}\n').start()
    wire = Lan(case_.network.machine("probe"))
    client = Client(wire, "plain")
    ack = client.bind()
    check_equal(ack.ip(dhcp.SUBNET_MASK), "255.255.0.0", "subnet mask")
    check_equal(ack.ip(dhcp.ROUTER), "10.77.0.1", "router")
    check_equal(ack.ip(dhcp.DNS), "10.77.0.53", "DNS server")
    check_equal(ack.options.get(dhcp.DOMAIN_NAME), b"lab.example", "domain name")
    check_equal((ack.number(dhcp.LEASE_TIME), ack.number(dhcp.T1), ack.number(dhcp.T2)),
                (3600, 1800, 3150), "times")
    check_equal(next(iter(ack.options)), dhcp.MESSAGE_TYPE, "first option")
    # With the broadcast flag the answer is broadcast: the wire would not accept it otherwise.
    check_equal(Client(wire, "loud", broadcast=True).bind().flags, 0x8000, "flags")
    ack = Client(wire, "db1").bind()
    check_equal(ack.yiaddr, "10.77.0.20", "reserved address")
    check_equal(ack.options.get(dhcp.HOST_NAME), b"db1", "host name of the reservation")
    pair.wait_equal()


@case("exchange", "sanitized")
def informing(case_):
    """A DHCPINFORM is answered with options, without a lease and without an address."""
    Pair(case_).start()
    wire = Lan(case_.network.machine("probe"))
    ack = Client(wire, "static").inform("10.77.0.99")
    check(ack is not None, "no answer to a DHCPINFORM")
    check_equal((ack.type, ack.yiaddr), (dhcp.ACK, "0.0.0.0"), "type and address")
    check(dhcp.LEASE_TIME not in ack.options, "a lease time in the answer to a DHCPINFORM")
    check_equal(ack.ip(dhcp.DNS), "10.77.0.53", "DNS server")


@case("exchange", "sanitized")
def one_answer_from_the_pair(case_):
    """In NORMAL exactly one of the two answers a client, and both have clients."""
    pair = Pair(case_).start()
    wire = Lan(case_.network.machine("probe"))
    servers = []
    for number in range(30):
        client = Client(wire, f"new-{number}")
        packet = client.packet(dhcp.DISCOVER)
        wire.send(client.mac, packet)
        first = client.listen(packet.xid, 2)
        check(first is not None, f"{client.name} was not answered within 2 s")
        check(client.listen(packet.xid, 0.05) is None, f"{client.name} was answered twice")
        servers.append(first.ip(dhcp.SERVER_ID))
        client.select(first)
    share = servers.count("10.77.0.2")
    case_.note(f"of 30 new clients {share} were served by a, {30 - share} by b")
    check(3 <= share <= 27, f"a served {share} of 30")
    pair.wait_equal()


@case("exchange")
def renewing_with_the_other_peer(case_):
    """A unicast renewal that reaches the peer which is not the owner is granted all the same."""
    pair = Pair(case_).start()
    wire = Lan(case_.network.machine("probe"))
    client = Client(wire, "roamer")
    address = client.bind().yiaddr
    # Learn the other server's MAC address from its answer to somebody else.
    for number in range(20):
        if len(wire.servers) == 2:
            break
        Client(wire, f"guide-{number}").discover()
    other = {"10.77.0.2": "10.77.0.3", "10.77.0.3": "10.77.0.2"}[client.server]
    client.server = other
    ack = client.renew()
    check(ack is not None and ack.type == dhcp.ACK, f"the other peer answered {ack}")
    check_equal(ack.yiaddr, address, "address")
    ack = client.rebind()
    check(ack is not None and ack.type == dhcp.ACK, f"rebinding was answered with {ack}")
    client.release()
    pair.wait_equal()


@case("exchange", "sanitized")
def relay_information_is_echoed(case_):
    """Scripted relay with option 82 of several suboptions: echoed as it came, on every reply."""
    pair = Pair(case_).start()
    information = b"\x01\x04port" + b"\x02\x06switch" + b"\x09\x03\x00\x01\x02"
    wire = routed_clients(case_.network, relay_information=information)
    client = Client(wire, "relayed")
    ack = client.bind()
    check(ack.yiaddr.startswith("10.79."), f"relayed client got {ack.yiaddr}")
    check_equal(ack.giaddr, "10.79.0.1", "giaddr")
    renewed = client.renew()
    check(renewed is not None and renewed.type == dhcp.ACK, f"renewal answered with {renewed}")
    pair.wait_equal()
