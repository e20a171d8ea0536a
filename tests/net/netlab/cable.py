"""The cable between the peers: a process that carries their frames, and spoils them as told.

It takes the two ends out of the lab's `peers` bridge and stands between them, so that no part of
the kernel has to know about faults.  As a program: cable.py NAMESPACE INTERFACE INTERFACE, orders
as lines of JSON on its standard input.
"""

import heapq
import json
import pathlib
import random
import select
import socket
import subprocess
import sys
import time

PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING, SOL_PACKET = 15, 23, 263
LONGEST = 10 + 14 + 65536  # a virtio header, an Ethernet header, the largest segment


class Cable:
    """Laid between the peers of `case`; carries everything until told otherwise."""

    def __init__(self, case):
        network = case.network
        for end in ("a.eth1", "b.eth1"):
            network.ip("sw", "link", "set", end, "nomaster")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "netlab.cable", network.namespace("sw"), "a.eth1", "b.eth1"],
            cwd=pathlib.Path(__file__).parents[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        case.on_end(self.remove)
        self.clean()

    def _order(self, **order):
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == b"done\n", "the cable's process has ended"

    def clean(self):
        self._order(cut="", delay=0, jitter=0, loss=0)

    def cut(self, senders="ab"):
        """What these machines send is lost, without a word."""
        self._order(cut=senders, delay=0, jitter=0, loss=0)

    def bad(self, delay, jitter, loss):
        """Each frame: lost with this probability, else late by delay +- jitter seconds."""
        self._order(cut="", delay=delay, jitter=jitter, loss=loss)

    def remove(self):
        self.process.kill()
        self.process.wait()


class _Carrier:
    def __init__(self, interfaces):
        self.ends = {"a": self._socket(interfaces[0]), "b": self._socket(interfaces[1])}
        self.quality = {"cut": "ab", "delay": 0, "jitter": 0, "loss": 0}
        self.random = random.Random(1)
        self.late = []  # heap of (time, number, end, frame)
        self.number = 0

    @staticmethod
    def _socket(interface):
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        # Checksums and segments that the sender's kernel left to the hardware stay so.
        sock.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
        sock.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        sock.bind((interface, 3))  # ETH_P_ALL
        sock.setblocking(False)
        return sock

    def take(self, sender):
        other = self.ends["b" if sender == "a" else "a"]
        quality = self.quality
        while True:
            try:
                frame = self.ends[sender].recv(LONGEST)
            except BlockingIOError:
                return
            if sender in quality["cut"] or self.random.random() < quality["loss"]:
                continue
            delay = quality["delay"] + self.random.uniform(-1, 1) * quality["jitter"]
            if delay <= 0:
                self.pass_on(other, frame)
            else:
                self.number += 1
                heapq.heappush(self.late, (time.monotonic() + delay, self.number, other, frame))

    @staticmethod
    def pass_on(end, frame):
        try:
            end.send(frame)
        except (BlockingIOError, OSError):
            pass  # lost, as on any cable that is full or unplugged

    def run(self, orders):
        while True:
            wait = max(0.0, self.late[0][0] - time.monotonic()) if self.late else None
            ready, _, _ = select.select([*self.ends.values(), orders], [], [], wait)
            for name, sock in self.ends.items():
                if sock in ready:
                    self.take(name)
            while self.late and self.late[0][0] <= time.monotonic():
                _, _, end, frame = heapq.heappop(self.late)
                self.pass_on(end, frame)
            if orders in ready:
                line = orders.readline()
                if not line:
                    return
                self.quality = json.loads(line)
                if self.quality["cut"]:
                    self.late.clear()  # what was on its way is lost with it
                print("done", flush=True)


def main(namespace, *interfaces):
    from .namespace import inside
    with inside(namespace):
        carrier = _Carrier(interfaces)
    # Unbuffered: a line that lies in a buffer would not wake select().
    carrier.run(open(0, "rb", buffering=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
