"""What a daemon's machine does to it, without touching the test's own machine: see preload.c."""

import os
import struct

from .namespace import ROOT
from .suite import Failed

SOURCE = ROOT / "tests" / "net" / "netlab" / "preload.c"
SYNCED = "user.lab.synced"


class Machine:
    """The wall clock and the power switch of one daemon; to be made before its first start."""

    def __init__(self, case, daemon, store):
        self.store = store
        library = case.directory / "preload.so"
        if not library.exists():
            case.run("cc", "-shared", "-fPIC", "-O2", "-o", library, SOURCE)
        self.file = case.directory / f"{daemon.node}.machine"
        self._write(0, 0)
        # The library is no sanitizer's runtime, and a build with one wants that to come first.
        sanitizer = os.environ.get("ASAN_OPTIONS", "")
        daemon.environment = {"LD_PRELOAD": str(library), "LAB_MACHINE": str(self.file),
                              "ASAN_OPTIONS": f"{sanitizer}:verify_asan_link_order=0".strip(":")}

    def _write(self, wall_offset_ms, power_off):
        # In place: the daemon has this very file mapped.
        descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT)
        os.pwrite(descriptor, struct.pack("qq", wall_offset_ms, power_off), 0)
        os.close(descriptor)

    def step_clock(self, seconds):
        """The wall clock is off by so much from now on."""
        self._write(int(seconds * 1000), 0)

    def power_off(self):
        """From the next time the daemon asks its disk to write, it is gone: wait for its end."""
        self._write(0, 1)

    def lose_unsynced(self, kept=0.0):
        """After power_off(): of what was never synchronised only this part, below 1, is left.

        Returns how many bytes are lost of the store's log of writes."""
        self._write(0, 0)
        lost = 0
        for file in self.store.iterdir():
            try:
                synced, = struct.unpack("q", os.getxattr(file, SYNCED))
            except OSError:
                synced = 0
            size = file.stat().st_size
            if size > synced:
                left = synced + int((size - synced) * kept)
                os.truncate(file, left)
                lost += size - left if file.suffix == ".log" else 0
        if lost == 0:
            raise Failed(f"no write to {self.store} was under way when the power went")
        return lost
