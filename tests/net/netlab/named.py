"""A BIND name server that takes updates, on a machine of the lab."""

import base64
import hashlib
import os
import signal
import socket
import struct
import subprocess

from .namespace import command_inside, inside
from .suite import Failed, wait_until

ADDRESS = "10.77.0.53"
ZONE, REVERSE = "lab.example", "77.10.in-addr.arpa"
A, PTR, DHCID = 1, 12, 49
SECRET = base64.b64encode(hashlib.sha256(b"the lab's key").digest()).decode()
WRONG_SECRET = base64.b64encode(hashlib.sha256(b"another").digest()).decode()

CONFIGURATION = """
options {{
  directory "{directory}";
  pid-file none;
  session-keyfile "{directory}/session.key";
  listen-on {{ any; }};
  listen-on-v6 {{ none; }};
  recursion no;
  notify no;
  dnssec-validation no;
}};
controls {{ }};
key k1 {{ algorithm hmac-sha256; secret "{secret}"; }};
zone "{zone}" {{ type primary; file "forward.zone"; allow-update {{ key k1; }}; }};
zone "{reverse}" {{ type primary; file "reverse.zone"; allow-update {{ key k1; }}; }};
"""
START = "$TTL 300\n@ SOA ns.{zone}. root.{zone}. 1 3600 600 86400 60\n@ NS ns.{zone}.\n"


class Named:
    """It has all its zones from the start: what was there when it was stopped is there again."""

    def __init__(self, case):
        self.case = case
        self.namespace = case.network.machine("dns", "lan", f"{ADDRESS}/16")
        self.directory = case.directory / "named"
        self.directory.mkdir()
        (self.directory / "named.conf").write_text(CONFIGURATION.format(
            directory=self.directory, secret=SECRET, zone=ZONE, reverse=REVERSE))
        glue = f"ns A {ADDRESS}\nforeign A 10.77.0.99\n"
        (self.directory / "forward.zone").write_text(START.format(zone=ZONE) + glue)
        (self.directory / "reverse.zone").write_text(START.format(zone=ZONE))
        self.process = None
        case.on_end(self.kill)

    def start(self):
        log = open(self.directory / "log", "ab")
        with log:
            self.process = subprocess.Popen(
                command_inside(self.namespace, "/usr/sbin/named", "-g", "-n", "1",
                               "-c", self.directory / "named.conf"),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(self._answers, 15, "the name server to answer")
        return self

    def _answers(self):
        try:
            return bool(self.lookup("ns", A))
        except (OSError, Failed) as problem:
            return str(problem)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)
        self.process = None

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def lookup(self, name, kind, zone=ZONE):
        """The records of `name` in the zone: their data; an address or a name as text."""
        query_id = int.from_bytes(os.urandom(2), "big")
        question = wire_name(f"{name}.{zone}") + struct.pack("!HH", kind, 1)
        query = struct.pack("!6H", query_id, 0, 1, 0, 0, 0) + question
        with inside(self.namespace):
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with sock:
            sock.settimeout(2)
            sock.sendto(query, (ADDRESS, 53))
            answer = sock.recv(4096)
        answer_id, flags, _, count = struct.unpack_from("!4H", answer)
        if answer_id != query_id or flags & 15 not in (0, 3):
            raise Failed(f"the name server answers {flags & 15} to {name}")
        at, records = 12 + len(question), []
        for _ in range(count):
            _, at = read_name(answer, at)
            found, _, _, size = struct.unpack_from("!HHIH", answer, at)
            at += 10
            if found == A:
                records.append(socket.inet_ntoa(answer[at:at + 4]))
            elif found == PTR:
                records.append(read_name(answer, at)[0])
            else:
                records.append(answer[at:at + size])
            at += size
        return records

    def address(self, name):
        """The one address of `name`; None if it has none."""
        records = self.lookup(name, A)
        if len(records) > 1:
            raise Failed(f"{name} has {records}")
        return records[0] if records else None

    def name(self, address):
        """The one name of `address`; None if it has none."""
        *_, third, fourth = address.split(".")
        records = self.lookup(f"{fourth}.{third}", PTR, REVERSE)
        if len(records) > 1:
            raise Failed(f"{address} is called {records}")
        return records[0] if records else None

    def knows(self, name, address):
        """Both ways, and the mark of the client is at both names."""
        *_, third, fourth = address.split(".")
        seen = (self.address(name), self.name(address), len(self.lookup(name, DHCID)),
                len(self.lookup(f"{fourth}.{third}", DHCID, REVERSE)))
        return seen == (address, f"{name}.{ZONE}", 1, 1) or seen

    def knows_nothing(self, name, address):
        seen = (self.address(name), self.name(address), self.lookup(name, DHCID))
        return seen == (None, None, []) or seen

    def changes(self, name):
        """How many changes at `name` it has logged."""
        text = (self.directory / "log").read_text(errors="replace")
        return sum("updating zone" in line and f"'{name}.{ZONE}'" in line
                   for line in text.splitlines())


def wire_name(text):
    return b"".join(bytes((len(label),)) + label.encode() for label in text.split(".")) + b"\0"


def read_name(message, at):
    labels, end = [], None
    while message[at]:
        if message[at] >= 0xC0:
            end = end or at + 2
            at = (message[at] & 0x3F) << 8 | message[at + 1]
        else:
            labels.append(message[at + 1:at + 1 + message[at]].decode())
            at += 1 + message[at]
    return ".".join(labels), end or at + 1
