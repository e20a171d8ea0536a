"""Real DHCP clients and the real relay from Debian, each in a machine of its own.

They write only into the case's directory and their own namespaces; deploy/client-script is what
they run on events and where it notes them.
"""

import signal
import subprocess
import time

from .client import mac_of
from .namespace import ROOT, command_inside
from .suite import Failed, wait_until

CLIENT_SCRIPT = ROOT / "deploy" / "client-script"
BOUND = {"BOUND", "REBOOT", "bound"}
EXTENDED = {"RENEW", "REBIND", "renew"}
REFUSED = {"NAK", "nak", "EXPIRE", "deconfig"}


class Event:
    def __init__(self, line):
        time_text, self.kind, self.address, self.server = line.split()
        self.time = float(time_text)


class RealClient:
    """The common part; a subclass says how its program is started."""

    program = None
    script_environment = ""

    def __init__(self, case, name, bridge="lan"):
        self.case, self.name = case, name
        self.mac = mac_of(f"{case.network.prefix}-{name}")
        self.namespace = case.network.machine(name, bridge)
        case.network.ip(name, "link", "set", "eth0", "address", self.mac.hex(":"))
        self.directory = case.directory / name
        self.directory.mkdir()
        self.events_file = self.directory / "events"
        self.log = self.directory / "log"
        self.script = self.directory / "script"
        self.process = None
        self.refuse()
        case.on_end(self.kill)

    def refuse(self, address=""):
        """From now on the script says that `address` is in use (dhclient only)."""
        self.script.write_text(
            "#!/bin/sh\n"
            f"export CLIENT_LOG={self.events_file} CLIENT_REFUSE={address} "
            f"{self.script_environment}\nexec {CLIENT_SCRIPT} \"$@\"\n")
        self.script.chmod(0o755)

    def command(self):
        raise NotImplementedError

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command_inside(self.namespace, *self.command()),
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def kill(self):
        """As by a power cut: nothing is said to a server; the address goes with the power."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
            self.case.network.ip(self.name, "addr", "flush", "dev", "eth0")

    def finish(self, timeout=10):
        """Wait until it has ended by itself."""
        try:
            self.process.wait(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} did not end") from None
        self.process = None

    def release(self):
        raise NotImplementedError

    # ---- what it has seen

    def events(self):
        if not self.events_file.exists():
            return []
        return [Event(line) for line in self.events_file.read_text().splitlines()]

    def wait_event(self, kinds, timeout, after=0):
        """The first event of these kinds after the first `after` events."""
        found = []

        def seen():
            found[:] = [e for e in self.events()[after:] if e.kind in kinds]
            return bool(found) or [e.kind for e in self.events()]
        wait_until(seen, timeout, f"{self.program} to say {'/'.join(sorted(kinds))}")
        return found[0]

    def login(self, timeout=20):
        """Start it and wait for its lease; returns the event."""
        before = len(self.events())
        self.start()
        return self.wait_event(BOUND, timeout, before)

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Dhclient(RealClient):
    program = "dhclient"

    def __init__(self, case, name, bridge="lan"):
        super().__init__(case, name, bridge)
        self.configuration = self.directory / "dhclient.conf"
        self.configuration.write_text("timeout 30;\nretry 5;\ninitial-interval 1;\n"
                                      "backoff-cutoff 2;\nreboot 8;\n"
                                      "request subnet-mask, routers, domain-name-servers;\n")
        self.lease_file = self.directory / "leases"

    def _base(self):
        return ["dhclient", "-4", "-cf", self.configuration, "-lf", self.lease_file, "-pf",
                self.directory / "pid", "-sf", self.script]

    def command(self):
        return [*self._base(), "-d", "eth0"]

    def release(self):
        self.case.run(*command_inside(self.namespace, *self._base(), "-r", "eth0"), timeout=20)
        self.finish()


class Udhcpc(RealClient):
    program = "udhcpc"

    def __init__(self, case, name, bridge="lan"):
        super().__init__(case, name, bridge)
        self.options = []  # such as -a; -r ADDRESS

    def command(self):
        return ["udhcpc", "-f", "-i", "eth0", "-s", self.script, "-t", "8", "-T", "1", "-A", "1",
                *self.options]

    def release(self):
        self.process.send_signal(signal.SIGUSR2)
        time.sleep(0.2)
        self.process.send_signal(signal.SIGTERM)
        self.finish()


class Dhcpcd(RealClient):
    program = "dhcpcd"
    script_environment = "CLIENT_NO_CONFIGURE=1"

    def __init__(self, case, name, bridge="lan"):
        super().__init__(case, name, bridge)
        self.probe = False
        self.configuration = self.directory / "dhcpcd.conf"
        for sub in ("lib", "run"):
            (self.directory / sub).mkdir()

    def command(self, *extra):
        # dhcpcd keeps its leases, identity and sockets in fixed places: give it private ones.
        self.configuration.write_text("clientid\nnoipv6\nnoipv4ll\nnohook *\nreboot 8\n"
                                      + ("" if self.probe else "noarp\n"))
        mounts = (f"mount --bind {self.directory}/lib /var/lib/dhcpcd && "
                  f"mount --bind {self.directory}/run /run && mkdir -p /run/dhcpcd && exec \"$@\"")
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", mounts, "sh",
                "dhcpcd", "-B", "-4", "-d", "-f", self.configuration, "-c", self.script, *extra,
                "eth0"]

    def release(self):
        # The running process (-B stays in the foreground) releases on SIGALRM and ends.
        self.process.send_signal(signal.SIGALRM)
        self.finish()

    def kill(self):
        # With privilege separation dhcpcd is several processes: end all of this machine.
        if self.process is not None:
            pids = self.case.run("ip", "netns", "pids", self.namespace).stdout.split()
            for pid in pids:
                subprocess.run(["kill", "-KILL", pid], check=False, stderr=subprocess.DEVNULL)
        super().kill()


ALL = (Dhclient, Udhcpc, Dhcpcd)


class Relay:
    """ISC dhcrelay between lan2 (10.79.0.1) and lan, adding option 82."""

    def __init__(self, case, servers=("10.77.0.2", "10.77.0.3")):
        self.case = case
        self.namespace = case.network.machine("relay", "lan", "10.77.0.4/16")
        case.network.attach("relay", "eth1", "lan2", "10.79.0.1/16")
        case.run("ip", "netns", "exec", self.namespace, "sh", "-c",
                 "echo 1 >/proc/sys/net/ipv4/ip_forward")
        with open(case.directory / "dhcrelay.log", "ab") as log:
            self.process = subprocess.Popen(
                command_inside(self.namespace, "dhcrelay", "-4", "-d", "--no-pid", "-a", "-iu",
                               "eth0", "-id", "eth1", *servers),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        case.on_end(self.stop)

    def stop(self):
        self.process.kill()
        self.process.wait()
