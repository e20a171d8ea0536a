"""The tests' own codec, against bytes written by hand from the RFCs."""

import unittest

from netlab import dhcp, frames

MAC = bytes.fromhex("025400123456")


def reply(options, file=b"", sname=b"", yiaddr="10.0.0.9"):
    packet = dhcp.Packet(op=2, xid=7, yiaddr=yiaddr, chaddr=MAC, file=file, sname=sname)
    return packet.encode()[:240] + options


OFFER = bytes.fromhex("350102" "36040a000001" "330400000e10" "3a0400000708" "3b0400000c4e")


class Codec(unittest.TestCase):
    def test_what_is_encoded_is_decoded(self):
        packet = dhcp.Packet(xid=0x01020304, secs=5, flags=0x8000, ciaddr="10.1.2.3", chaddr=MAC,
                             options={53: b"\x03", 61: b"\x01" + MAC, 12: b"h" * 300})
        self.assertEqual(dhcp.decode(packet.encode()), packet)

    def test_a_long_option_is_split_at_255(self):
        data = dhcp.Packet(chaddr=MAC, options={53: b"\x01", 43: b"x" * 300}).encode()
        self.assertEqual(data[243:245], b"\x2b\xff")
        self.assertEqual(data[500:502], b"\x2b\x2d")

    def test_a_good_offer_is_read(self):
        packet = dhcp.decode_reply(reply(OFFER + b"\xff"))
        self.assertEqual((packet.ip(54), packet.number(51), packet.yiaddr),
                         ("10.0.0.1", 3600, "10.0.0.9"))

    def test_overloaded_fields_are_joined(self):
        packet = dhcp.decode_reply(reply(OFFER + b"\x34\x01\x03\x0c\x02ab\xff",
                                         file=b"\x0c\x01c\xff", sname=b"\x0c\x01d\xff"))
        self.assertEqual(packet.options[12], b"abcd")
        self.assertEqual((packet.file, packet.sname), (b"", b""))

    def test_bad_replies_are_refused(self):
        for options in (OFFER,                            # no End
                        OFFER + b"\xff\x01",              # something after it
                        OFFER + b"\x0c\x05a\xff",         # an option that runs out
                        OFFER[:9] + b"\xff",              # an offer without a lease time
                        b"\x35\x01\x02\xff",              # no server identifier
                        OFFER[3:] + b"\xff",              # no message type
                        b"\x35\x01\x06" + OFFER[3:] + b"\xff"):  # a NAK with a lease
            with self.assertRaises(dhcp.Malformed):
                dhcp.decode_reply(reply(options))

    def test_a_nak_is_read(self):
        packet = dhcp.decode_reply(reply(b"\x35\x01\x06\x36\x04\x0a\x00\x00\x01\xff",
                                         yiaddr="0.0.0.0"))
        self.assertEqual(packet.type, dhcp.NAK)

    def test_a_frame_is_read_back_and_its_checksum_proved(self):
        frame = frames.udp_frame(MAC, frames.BROADCAST, "10.0.0.1", "255.255.255.255", 67, 68,
                                 b"payload")
        self.assertEqual(frames.read_udp(frame, 68, False),
                         ("10.0.0.1", "255.255.255.255", b"payload"))
        spoilt = frame[:-1] + b"X"
        self.assertIsNone(frames.read_udp(spoilt, 68, False))
        self.assertEqual(frames.checksum(frame[14:34]), 0)
