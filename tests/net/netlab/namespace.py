"""Network namespaces: the machines of a lab, and sockets inside them."""

import contextlib
import ctypes
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
LAB_SH = ROOT / "deploy" / "lab.sh"

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000


def _setns(fd):
    if _libc.setns(fd, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


@contextlib.contextmanager
def inside(namespace):
    """What is opened in here belongs to `namespace`; it stays there afterwards."""
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        _setns(there)
        try:
            yield
        finally:
            _setns(home)
    finally:
        os.close(there)
        os.close(home)


class Network:
    """The lab of one test: see deploy/lab.sh for what is in it."""

    def __init__(self, prefix):
        self.prefix = prefix
        self._lab("up")

    def _lab(self, command, *arguments):
        subprocess.run([LAB_SH, command, self.prefix, *arguments], check=True,
                       stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def namespace(self, machine):
        return f"{self.prefix}-{machine}"

    def machine(self, name, bridge="lan", address=""):
        self._lab("machine", name, bridge, address)
        return self.namespace(name)

    def attach(self, name, interface, bridge, address=""):
        self._lab("attach", name, interface, bridge, address)

    def move(self, name, interface, bridge):
        self._lab("move", name, interface, bridge)

    def ip(self, machine, *arguments):
        """Run `ip ARGUMENTS` inside a machine."""
        subprocess.run(["ip", "-n", self.namespace(machine), *arguments], check=True,
                       stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def remove(self):
        self._lab("down")


def command_inside(namespace, *command):
    """The argument vector that runs `command` in a namespace, as the process that is started."""
    return ["nsenter", f"--net=/run/netns/{namespace}", "--", *map(str, command)]
