"""The daemons under test: their configuration, their processes, and what twinctl says of them."""

import json
import os
import re
import shutil
import signal
import subprocess

from .namespace import command_inside
from .suite import Failed, wait_until

LAN_ADDRESS = {"a": "10.77.0.2", "b": "10.77.0.3"}
NODE = {"a": "dhcp-a", "b": "dhcp-b"}
ROLE = {"a": "primary", "b": "secondary"}
OTHER = {"a": "b", "b": "a"}
SANITIZER_REPORT = re.compile(r"ERROR: \w*Sanitizer|runtime error:|ASSERT")


def configuration(directory, *, pair=True, interfaces="[eth0]", mclt="10s", lease="1h",
                  min_lease="10s", max_lease="24h", lan_pool="10.77.16.0-10.77.31.255",
                  relayed_pool="10.79.16.0-10.79.31.255", store=None, pair_extra="", extra="",
                  reservations=""):
    """The lab's file: one for both nodes, or for a server alone."""
    text, node = "", "{node}" if pair else "alone"
    if pair:
        text += f"""
pair:
  name: lab
  mclt: {mclt}
  nodes:
    primary:   {{name: dhcp-a, link: "tcp://10.78.0.1:6470"}}
    secondary: {{name: dhcp-b, link: "tcp://10.78.0.2:6470"}}
  security: none
{pair_extra}
"""
    text += f"""
server:
  interfaces: {interfaces}
  store: {store or f"{directory}/store-{node}"}
  api: {{socket: "{directory}/{node}.sock"}}

lease-time: {{default: {lease}, min: {min_lease}, max: {max_lease}}}
options:
  domain-name-servers: [10.77.0.53]
  domain-name: lab.example
{extra}
subnets:
  - subnet: 10.77.0.0/16
    pools:
      - range: {lan_pool}
    options: {{routers: [10.77.0.1]}}
{reservations}
  - subnet: 10.79.0.0/16
    pools:
      - range: {relayed_pool}
    options: {{routers: [10.79.0.1]}}
"""
    return text


class Daemon:
    """One twindhcpd, in the namespace of its machine."""

    def __init__(self, case, machine, config, node):
        self.case, self.machine, self.config, self.node = case, machine, config, node
        self.log = case.directory / f"{node}.log"
        self.socket = case.directory / f"{node}.sock"
        self.environment = {}  # beside the test's own
        self.process = None

    def start(self):
        assert self.process is None
        arguments = [self.case.twindhcpd, "--config", self.config]
        if self.node != "alone":
            arguments += ["--node", self.node]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command_inside(self.case.network.namespace(self.machine), *arguments),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **self.environment})

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """SIGKILL: as a crash of the process."""
        self._must_run("killed")
        self.process.kill()
        self.process.wait()
        self.process = None

    def gone(self):
        """True once it was killed from elsewhere; it counts as stopped from then on."""
        if self.process.poll() is None:
            return False
        code, self.process = self.process.returncode, None
        if code != -signal.SIGKILL:
            raise Failed(f"{self.node} ended with {code}, not by SIGKILL")
        return True

    def signal(self, number):
        self._must_run("signalled")
        self.process.send_signal(number)

    def stop(self):
        """Orderly, by SIGTERM; it has to end itself, with exit code 0."""
        self._must_run("stopped")
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            self.process = None
            raise Failed(f"{self.node} did not end within 20 s of SIGTERM") from None
        self.process = None
        if code != 0:
            raise Failed(f"{self.node} ended with {code} on SIGTERM")

    def _must_run(self, what):
        if not self.running:
            code = self.process.returncode if self.process else "never started"
            self.process = None
            raise Failed(f"{self.node} had ended by itself ({code}) before it was {what}")

    def end(self):
        """At the end of a case: orderly, and nothing bad in its log."""
        if self.process is not None:
            try:
                self.process.send_signal(signal.SIGCONT)
                self.stop()
            finally:
                if self.process is not None:
                    self.process.kill()
                    self.process.wait()
                    self.process = None
        report = SANITIZER_REPORT.search(self.log_text())
        if report:
            raise Failed(f"{self.node} logged {report.group()!r}")

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def twinctl(self, *arguments):
        """A finished twinctl with its output."""
        return subprocess.run([self.case.twinctl, "--socket", self.socket, *arguments],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, check=False)

    def json(self, *arguments):
        """What `twinctl --json ...` prints; None while it is not reachable."""
        done = self.twinctl("--json", *arguments)
        if done.returncode == 3:
            return None
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise Failed(f"twinctl --json {' '.join(arguments)}: exit {done.returncode}, "
                         f"{done.stdout[:200]!r} {done.stderr[:200]!r}") from None

    def status(self):
        return self.json("status") or {}

    def state(self):
        return self.status().get("state")

    def tells(self, *words):
        """An operator reads all of these in `twinctl status`."""
        text = " ".join(self.twinctl("status").stdout.split())
        for word in words:
            if word not in text:
                raise Failed(f"{self.node}: {word!r} is not in its status: {text}")

    def logged(self, *words):
        """All of these were in one line of its log."""
        for line in self.log_text().splitlines():
            if all(word in line for word in words):
                return
        raise Failed(f"{self.node} logged nothing with {words}")

    def leases(self, **filters):
        """The bindings by address, in whatever state unless `state` says otherwise."""
        filters.setdefault("state", "all")
        arguments = [word for key, value in filters.items() for word in (f"--{key}", value)]
        answer = self.json("leases", *arguments)
        if answer is None:
            raise Failed(f"{self.node} is not reachable")
        return {lease["address"]: lease for lease in answer["leases"]}

    def lease(self, address):
        return self.leases(address=address).get(address)

    def serving(self):
        return self.status().get("serving") is True


class Pair:
    """Both daemons, on machines a (primary) and b (secondary)."""

    def __init__(self, case, **settings):
        self.case = case
        self.config = case.directory / "twindhcp.yaml"
        self.config.write_text(configuration(case.directory, **settings))
        self.a = case.daemon("a", self.config, "dhcp-a")
        self.b = case.daemon("b", self.config, "dhcp-b")

    def __getitem__(self, machine):
        return {"a": self.a, "b": self.b}[machine]

    def start(self):
        self.a.start()
        self.b.start()
        self.wait_normal()
        return self

    def wait_normal(self, timeout=30):
        def both():
            states = [daemon.state() for daemon in (self.a, self.b)]
            for daemon in (self.a, self.b):
                if not daemon.running:
                    raise Failed(f"{daemon.node} ended by itself: "
                                 f"{daemon.log_text().strip().splitlines()[-1:]}")
            return states == ["NORMAL", "NORMAL"] or states
        wait_until(both, timeout, "both peers NORMAL")

    def wait_equal(self, timeout=20):
        """Both NORMAL, nothing on its way, and the same bindings on both."""
        def equal():
            one, two = self.a.status(), self.b.status()
            digests = one.get("digest"), two.get("digest")
            states = one.get("state"), two.get("state")
            return (states == ("NORMAL", "NORMAL") and digests[0] is not None
                    and digests[0] == digests[1]) or (states, digests)
        wait_until(equal, timeout, "both peers NORMAL with equal digests")

    def store(self, machine):
        return self.case.directory / f"store-{NODE[machine]}"

    def wipe_store(self, machine):
        shutil.rmtree(self.store(machine))

    def server_of(self, address):
        """The machine whose LAN address it is."""
        for machine, own in LAN_ADDRESS.items():
            if own == address:
                return machine
        raise Failed(f"{address} is no server of this pair")


def run_to_end(case, machine, *arguments, timeout=20):
    """A daemon that should end by itself: (exit code, all that it printed)."""
    process = subprocess.Popen(
        command_inside(case.network.namespace(machine), case.twindhcpd, *arguments),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        raise Failed(f"twindhcpd {' '.join(map(str, arguments))} did not end: {output[-300:]}"
                     ) from None
    return process.returncode, output
