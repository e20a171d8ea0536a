"""Ethernet, ARP, IPv4 and UDP, as far as a DHCP client needs them on a packet socket."""

import struct

from .dhcp import ip_bytes, ip_text

BROADCAST = b"\xff" * 6
ETH_IP, ETH_ARP = 0x0800, 0x0806
ARP = struct.Struct("!HHBBH6s4s6s4s")
IP = struct.Struct("!BBHHHBBH4s4s")


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def udp_frame(mac_from, mac_to, source, destination, source_port, destination_port, payload):
    src, dst = ip_bytes(source), ip_bytes(destination)
    length = 8 + len(payload)
    pseudo = src + dst + struct.pack("!BBH", 0, 17, length)
    udp = struct.pack("!HHHH", source_port, destination_port, length, 0)
    sum_ = checksum(pseudo + udp + payload) or 0xffff
    udp = struct.pack("!HHHH", source_port, destination_port, length, sum_)
    ip = IP.pack(0x45, 0, 20 + length, 0, 0, 64, 17, 0, src, dst)
    ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    return mac_to + mac_from + struct.pack("!H", ETH_IP) + ip + udp + payload


def arp_reply(mac, address, to_mac, to_address):
    return to_mac + mac + struct.pack("!H", ETH_ARP) + ARP.pack(
        1, ETH_IP, 6, 4, 2, mac, ip_bytes(address), to_mac, ip_bytes(to_address))


def read_arp_request(frame):
    """(asker's MAC, asker's address, address asked for), or None."""
    if len(frame) < 14 + ARP.size:
        return None
    _, _, _, _, op, mac, address, _, wanted = ARP.unpack_from(frame, 14)
    return (mac, ip_text(address), ip_text(wanted)) if op == 1 else None


def read_udp(frame, port, trust_checksum):
    """(source, destination, payload) of an unfragmented UDP datagram to `port`, or None.

    A frame straight from a kernel of the same machine may bear a checksum that the hardware
    should have filled in; the caller knows whether that is possible here."""
    if len(frame) < 42 or frame[14] >> 4 != 4 or frame[23] != 17:
        return None
    header = (frame[14] & 15) * 4
    at = 14 + header
    source_port, destination_port, length, sum_ = struct.unpack_from("!HHHH", frame, at)
    if destination_port != port or length < 8 or at + length > len(frame):
        return None
    del source_port
    if not trust_checksum and sum_ != 0:
        pseudo = frame[26:34] + struct.pack("!BBH", 0, 17, length)
        if checksum(pseudo + frame[at:at + length]) != 0:
            return None
    return ip_text(frame[26:30]), ip_text(frame[30:34]), frame[at + 8:at + length]
