"""A DHCPv4 codec written apart from the server's own, from RFC 2131, 2132 and 3396.

Tests read the server's replies with it, so a mistake that the server's encoder and decoder share
does not stay hidden.  It is strict: a reply that is not as the RFCs say raises Malformed.
"""

import socket
import struct
from dataclasses import dataclass, field

DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE, INFORM = range(1, 9)
TYPE_NAMES = {1: "DISCOVER", 2: "OFFER", 3: "REQUEST", 4: "DECLINE", 5: "ACK", 6: "NAK",
              7: "RELEASE", 8: "INFORM"}

SUBNET_MASK, ROUTER, DNS, HOST_NAME, DOMAIN_NAME = 1, 3, 6, 12, 15
REQUESTED_ADDRESS, LEASE_TIME, OVERLOAD, MESSAGE_TYPE, SERVER_ID = 50, 51, 52, 53, 54
PARAMETER_LIST, MESSAGE, MAX_SIZE, T1, T2, CLIENT_ID, RELAY_INFO = 55, 56, 57, 58, 59, 61, 82

MAGIC = b"\x63\x82\x53\x63"
HEADER = struct.Struct("!BBBBIHH4s4s4s4s16s64s128s")


class Malformed(Exception):
    """Bytes that no DHCP server should have sent."""


def ip_bytes(text):
    return socket.inet_aton(text)


def ip_text(data):
    return socket.inet_ntoa(data)


@dataclass
class Packet:
    op: int = 1
    htype: int = 1
    hops: int = 0
    xid: int = 0
    secs: int = 0
    flags: int = 0
    ciaddr: str = "0.0.0.0"
    yiaddr: str = "0.0.0.0"
    siaddr: str = "0.0.0.0"
    giaddr: str = "0.0.0.0"
    chaddr: bytes = b""
    sname: bytes = b""
    file: bytes = b""
    options: dict = field(default_factory=dict)  # code -> bytes, in the order of sending

    @property
    def type(self):
        return self.options[MESSAGE_TYPE][0]

    def ip(self, code):
        """The option's value as one address; None when it is not there."""
        value = self.options.get(code)
        if value is None:
            return None
        if len(value) != 4:
            raise Malformed(f"option {code} holds {len(value)} bytes, not an address")
        return ip_text(value)

    def number(self, code):
        value = self.options.get(code)
        return None if value is None else int.from_bytes(value, "big")

    def encode(self):
        header = HEADER.pack(self.op, self.htype, len(self.chaddr), self.hops, self.xid,
                             self.secs, self.flags, ip_bytes(self.ciaddr),
                             ip_bytes(self.yiaddr), ip_bytes(self.siaddr),
                             ip_bytes(self.giaddr), self.chaddr, self.sname, self.file)
        body = bytearray(header + MAGIC)
        for code, value in self.options.items():
            pieces = [value[i:i + 255] for i in range(0, len(value), 255)] or [b""]
            for piece in pieces:
                body += bytes((code, len(piece))) + piece
        body.append(255)
        return bytes(body.ljust(300, b"\0"))


def _read_options(area, into, where):
    """Add the options of one field to `into` (code -> bytearray), joined as RFC 3396 says."""
    at = 0
    while at < len(area):
        code = area[at]
        if code == 0:
            at += 1
            continue
        if code == 255:
            if any(area[at + 1:]):
                raise Malformed(f"bytes after End in {where}")
            return
        if at + 2 > len(area) or at + 2 + area[at + 1] > len(area):
            raise Malformed(f"option {code} runs out of {where}")
        into.setdefault(code, bytearray()).extend(area[at + 2:at + 2 + area[at + 1]])
        at += 2 + area[at + 1]
    raise Malformed(f"no End in {where}")


def decode(data):
    if len(data) < HEADER.size + 4:
        raise Malformed(f"{len(data)} bytes are no DHCP packet")
    (op, htype, hlen, hops, xid, secs, flags, ciaddr, yiaddr, siaddr, giaddr, chaddr, sname,
     file) = HEADER.unpack_from(data)
    if data[HEADER.size:HEADER.size + 4] != MAGIC:
        raise Malformed("no magic cookie")
    if hlen > 16:
        raise Malformed(f"hlen {hlen}")
    options = {}
    _read_options(data[HEADER.size + 4:], options, "the options field")
    overload = options.get(OVERLOAD, b"\0")[0]
    if overload > 3:
        raise Malformed(f"overload {overload}")
    if overload & 1:
        _read_options(file, options, "the file field")
        file = b""
    if overload & 2:
        _read_options(sname, options, "the sname field")
        sname = b""
    if len(options.get(MESSAGE_TYPE, b"")) != 1:
        raise Malformed("no message type")
    return Packet(op=op, htype=htype, hops=hops, xid=xid, secs=secs, flags=flags,
                  ciaddr=ip_text(ciaddr), yiaddr=ip_text(yiaddr), siaddr=ip_text(siaddr),
                  giaddr=ip_text(giaddr), chaddr=chaddr[:hlen], sname=sname.rstrip(b"\0"),
                  file=file.rstrip(b"\0"), options={c: bytes(v) for c, v in options.items()})


def decode_reply(data):
    """A server's reply, with what every one of them owes its client (RFC 2131, table 3)."""
    reply = decode(data)
    if reply.op != 2:
        raise Malformed(f"op {reply.op} in a reply")
    if reply.type not in (OFFER, ACK, NAK):
        raise Malformed(f"a server sent message type {reply.type}")
    if reply.ip(SERVER_ID) is None:
        raise Malformed("no server identifier")
    if reply.type == NAK:
        if reply.yiaddr != "0.0.0.0" or LEASE_TIME in reply.options:
            raise Malformed("a DHCPNAK with a lease")
        return reply
    if reply.type == OFFER or reply.yiaddr != "0.0.0.0":
        for code in (LEASE_TIME, T1, T2):
            if len(reply.options.get(code, b"")) != 4:
                raise Malformed(f"no option {code} in {TYPE_NAMES[reply.type]}")
        if not reply.number(T1) <= reply.number(T2) <= reply.number(LEASE_TIME):
            raise Malformed(f"T1 {reply.number(T1)}, T2 {reply.number(T2)}, "
                            f"lease {reply.number(LEASE_TIME)}")
        if reply.yiaddr == "0.0.0.0":
            raise Malformed("an offer of no address")
    return reply
