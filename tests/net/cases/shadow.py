"""twindhcpd --shadow beside another server, dnsmasq: agreement, a planted difference, silence."""

import json
import signal
import subprocess

from netlab import real
from netlab.client import Client
from netlab.namespace import command_inside
from netlab.pair import LAN_ADDRESS, configuration
from netlab.suite import Failed, case, check, check_equal, wait_until
from netlab.wire import Lan


class Dnsmasq:
    """Debian's, on machine a, with what the lab's configuration says unless told otherwise."""

    def __init__(self, case_, lease="1h", router="10.77.0.1"):
        (case_.directory / "dnsmasq.conf").touch()
        with open(case_.directory / "dnsmasq.log", "ab") as log:
            self.process = subprocess.Popen(
                command_inside(
                    case_.network.namespace("a"), "dnsmasq", "--keep-in-foreground", "--port=0",
                    f"--conf-file={case_.directory}/dnsmasq.conf", "--user=root", "--pid-file=",
                    "--log-facility=-", "--no-ping", "--dhcp-authoritative", "--no-hosts",
                    f"--dhcp-leasefile={case_.directory}/dnsmasq.leases", "--interface=eth0",
                    f"--dhcp-range=10.77.16.0,10.77.31.255,255.255.0.0,{lease}",
                    f"--dhcp-option=option:router,{router}",
                    "--dhcp-option=option:dns-server,10.77.0.53",
                    "--dhcp-option=option:domain-name,lab.example"),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        case_.on_end(self.stop)

    def stop(self):
        self.process.kill()
        self.process.wait()


class Shadow:
    def __init__(self, case_, machine, *arguments):
        config = case_.directory / "shadow.yaml"
        config.write_text(configuration(case_.directory, pair=False))
        self.report = case_.directory / "differences.jsonl"
        self.log = case_.directory / "shadow.log"
        self.output = case_.directory / "shadow.out"
        with open(self.log, "ab") as log, open(self.output, "ab") as out:
            self.process = subprocess.Popen(
                command_inside(case_.network.namespace(machine), case_.twindhcpd, "--shadow",
                               "--config", config, "--shadow-report", self.report, *arguments),
                stdin=subprocess.DEVNULL, stdout=out, stderr=log)
        case_.on_end(self.kill)
        wait_until(lambda: "shadow-started" in self.log.read_text(), 10, "the shadow to start")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Its exit code and what it printed."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            raise Failed("the shadow did not end within 10 s of SIGTERM") from None
        check("Sanitizer" not in self.log.read_text(), f"sanitizer report in {self.log}")
        return code, self.output.read_text()

    def found(self):
        return [json.loads(line) for line in self.report.read_text().splitlines()]

    def summary(self):
        """What SIGUSR1 makes it print, as far as it is the first line."""
        before = len(self.output.read_text())
        self.process.send_signal(signal.SIGUSR1)
        wait_until(lambda: len(self.output.read_text()) > before, 5, "a report on SIGUSR1")
        return self.output.read_text()[before:].splitlines()[0]


def serve(case_):
    """First contact of two real clients and a scripted one, which comes back as after a reboot.

    It does not renew: of a renewal dnsmasq shortens T1 and T2 by chance, to spread its clients."""
    clients = [kind(case_, kind.program) for kind in (real.Dhclient, real.Udhcpc)]
    for client in clients:
        client.start()
    for client in clients:
        client.wait_event(real.BOUND, 20)
    scripted = Client(Lan(case_.network.machine("probe")), "scripted")
    scripted.bind()
    check(scripted.reboot() is not None, "no answer after a reboot")
    return clients


@case("shadow", "sanitized")
def shadow_agrees(case_):
    """On the machine of the other server, whose port it does not touch: the same answers."""
    Dnsmasq(case_)
    shadow = Shadow(case_, "a")
    serve(case_)
    check("answers: 0 alike" not in shadow.summary(), "the shadow saw nothing")
    code, output = shadow.stop()
    check_equal((code, shadow.found()), (0, []), f"exit code and differences ({output})")
    check(" 0 differ" in output, output)


@case("shadow")
def shadow_finds_a_planted_difference(case_):
    """Another router and another lease time: both are named, with both values."""
    Dnsmasq(case_, lease="30m", router="10.77.0.9")
    shadow = Shadow(case_, "a")
    serve(case_)
    code, output = shadow.stop()
    check_equal(code, 3, f"exit code ({output})")
    kinds = {(found["difference"], found.get("code")) for found in shadow.found()}
    check_equal(kinds, {("lease-time", None), ("option", 3)}, "what differs")
    for found in shadow.found():
        if found["difference"] == "option":
            check_equal((found["they"], found["we"]), ("10.77.0.9", "10.77.0.1"), "the routers")
        else:
            check_equal((found["they"], found["we"]), ("1800", "3600"), "the lease times")


def sent(case_, machine):
    """How many packets have left its eth0."""
    answer = case_.run("ip", "-n", case_.network.namespace(machine), "-s", "-j", "link", "show",
                       "dev", "eth0")
    return json.loads(answer.stdout)[0]["stats64"]["tx"]["packets"]


@case("shadow")
def shadow_sends_nothing(case_):
    """On a machine of its own behind a hub, promiscuous: it judges all, and no packet leaves."""
    case_.run("ip", "-n", case_.network.namespace("sw"), "link", "set", "lan", "type", "bridge",
              "ageing_time", "0")
    Dnsmasq(case_)
    before = sent(case_, "b")
    shadow = Shadow(case_, "b", "--promiscuous")
    clients = serve(case_)
    for client in clients:
        check_equal(client.events()[-1].server, LAN_ADDRESS["a"], "who answered")
    code, output = shadow.stop()
    check_equal(sent(case_, "b"), before, "packets sent by the machine of the shadow")
    check_equal((code, shadow.found()), (0, []), f"exit code and differences ({output})")
    check("answers: 0 alike" not in output, output)
