"""Where scripted clients meet the servers: a port on the client LAN, or a relay before it.

Both offer the same few things to many clients at once:

    send(client_mac, packet, to)   to: None = broadcast (on the LAN, or through the relay),
                                   else the server's address, from packet.ciaddr
    receive()                      what has arrived: a list of (source address, Packet)
    hold(address, mac) / drop(address)   answer for an address, as a machine that has it does

A reply that is malformed is not skipped: receive() raises dhcp.Malformed.
"""

import socket
import struct

from . import dhcp, frames
from .namespace import inside

SOL_PACKET, PACKET_ADD_MEMBERSHIP, PACKET_AUXDATA, PACKET_MR_PROMISC = 263, 1, 8, 1
PACKET_OUTGOING = 4
SO_RCVBUFFORCE = 33
TP_STATUS_CSUMNOTREADY = 1 << 3
BATCH = 256


class Lan:
    """A machine on the LAN that speaks for any number of clients."""

    decode = staticmethod(dhcp.decode_reply)  # dhcp.decode: of another server, as it is

    def __init__(self, namespace, interface="eth0"):
        with inside(namespace):
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
        self.socket.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        with inside(namespace):
            index = socket.if_nametoindex(interface)
        self.socket.setsockopt(SOL_PACKET, PACKET_ADD_MEMBERSHIP,
                               struct.pack("iHH8s", index, PACKET_MR_PROMISC, 0, b""))
        self.interface = (interface, 0)
        self.socket.bind(self.interface)
        self.servers = {}  # address -> MAC, learnt from its replies
        self.held = {}     # address -> MAC of the client that has it
        self.squatters = {}  # address -> MAC of a foreign machine that has it

    def fileno(self):
        return self.socket.fileno()

    def close(self):
        self.socket.close()

    def hold(self, address, mac):
        self.held[address] = mac

    def drop(self, address):
        self.held.pop(address, None)

    def send(self, mac, packet, to=None):
        self.send_payload(mac, packet.encode(), to, packet.ciaddr)

    def send_payload(self, mac, payload, to=None, source="0.0.0.0"):
        if to is None:
            frame = frames.udp_frame(mac, frames.BROADCAST, "0.0.0.0", "255.255.255.255", 68, 67,
                                     payload)
        else:
            frame = frames.udp_frame(mac, self.servers.get(to, frames.BROADCAST), source, to, 68,
                                     67, payload)
        self.send_frame(frame)

    def send_frame(self, frame):
        self.socket.setblocking(True)
        self.socket.send(frame)
        self.socket.setblocking(False)

    def receive(self):
        arrived = []
        for _ in range(BATCH):
            try:
                frame, auxiliary, _, address = self.socket.recvmsg(2048, 256)
            except BlockingIOError:
                break
            if address[2] == PACKET_OUTGOING:
                continue
            ethertype = int.from_bytes(frame[12:14], "big")
            if ethertype == frames.ETH_ARP:
                self._answer_arp(frame)
            elif ethertype == frames.ETH_IP:
                self._take(frame, auxiliary, arrived)
        return arrived

    def _take(self, frame, auxiliary, arrived):
        not_ready = any(level == SOL_PACKET and kind == PACKET_AUXDATA
                        and struct.unpack_from("I", data)[0] & TP_STATUS_CSUMNOTREADY
                        for level, kind, data in auxiliary)
        datagram = frames.read_udp(frame, 68, trust_checksum=not_ready)
        if datagram is None:
            return
        source, destination, payload = datagram
        reply = self.decode(payload)
        self.servers[source] = frame[6:12]
        # A frame to one machine must be addressed to that machine.
        if frame[0:6] not in (frames.BROADCAST, reply.chaddr):
            raise dhcp.Malformed(f"reply for {reply.chaddr.hex(':')} sent to another MAC")
        if destination not in ("255.255.255.255", reply.yiaddr, reply.ciaddr):
            raise dhcp.Malformed(f"reply for {reply.yiaddr} sent to {destination}")
        arrived.append((source, reply))

    def _answer_arp(self, frame):
        request = frames.read_arp_request(frame)
        if request is None:
            return
        asker, asker_address, wanted = request
        mac = self.squatters.get(wanted) or self.held.get(wanted)
        if mac is not None and mac != asker:
            self.send_frame(frames.arp_reply(mac, wanted, asker, asker_address))


class Relay:
    """A relay agent with a whole routed network of clients behind it.

    The clients' network is routed to this machine and every address of it counts as the machine's
    own, so that plain sockets send and receive for any client, as the last router would."""

    decode = staticmethod(dhcp.decode_reply)

    def __init__(self, namespace, giaddr, servers, relay_information):
        self.giaddr, self.servers = giaddr, servers
        self.relay_information = relay_information
        with inside(namespace):
            self.relay = self._socket(giaddr, 67)
            self.clients = self._socket("0.0.0.0", 68)

    @staticmethod
    def _socket(address, port):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
        sock.setsockopt(socket.IPPROTO_IP, 8, 1)  # IP_PKTINFO
        sock.bind((address, port))
        sock.setblocking(False)
        return sock

    def fileno(self):
        return self.relay.fileno()

    def filenos(self):
        return [self.relay, self.clients]

    def close(self):
        self.relay.close()
        self.clients.close()

    def hold(self, address, mac):
        """Routers do not ask; nothing to do."""

    def drop(self, address):
        """Routers do not ask; nothing to do."""

    def send(self, mac, packet, to=None):
        del mac
        if to is not None:
            source = struct.pack("=I4s4s", 0, dhcp.ip_bytes(packet.ciaddr), b"\0" * 4)
            self.clients.sendmsg([packet.encode()], [(socket.IPPROTO_IP, 8, source)], 0, (to, 67))
            return
        packet.giaddr, packet.hops = self.giaddr, 1
        if self.relay_information:
            packet.options[dhcp.RELAY_INFO] = self.relay_information
        payload = packet.encode()
        for server in self.servers:
            self.relay.sendto(payload, (server, 67))

    def receive(self):
        arrived = []
        for sock in (self.relay, self.clients):
            for _ in range(BATCH):
                try:
                    payload, (source, _) = sock.recvfrom(2048)
                except BlockingIOError:
                    break
                except ConnectionRefusedError:
                    continue  # a dead server's machine says so
                reply = self.decode(payload)
                if sock is self.relay and self.relay_information and \
                        reply.options.get(dhcp.RELAY_INFO) != self.relay_information:
                    raise dhcp.Malformed("relay information not echoed")
                arrived.append((source, reply))
        return arrived


def routed_clients(network, servers=("10.77.0.2", "10.77.0.3"), relay_information=b""):
    """A Relay on a new machine of the lab, with 10.79.0.0/16 behind it."""
    namespace = network.machine("relay", "lan", "10.77.0.4/16")
    # An address of lo makes its whole network the machine's own.
    network.ip("relay", "addr", "add", "10.79.0.1/16", "dev", "lo")
    return Relay(namespace, "10.79.0.1", servers, relay_information)
