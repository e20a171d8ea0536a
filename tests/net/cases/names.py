"""Names of clients in the DNS: a pair and a real name server."""

from netlab import dhcp
from netlab.client import Client
from netlab.named import SECRET, WRONG_SECRET, ZONE, Named
from netlab.pair import OTHER, Pair
from netlab.suite import case, check, check_equal, wait_until
from netlab.wire import Lan

FQDN = 81
S, O, E, N = 1, 2, 4, 8


class NamedClient(Client):
    """Says how it is called in each packet; with `flags` by option 81, else by option 12."""

    def __init__(self, wire, name, host=None, flags=None):
        super().__init__(wire, name)
        self.host, self.fqdn_flags = host or name, flags

    def packet(self, kind, **options):
        packet = super().packet(kind, **options)
        if kind not in (dhcp.DISCOVER, dhcp.REQUEST):
            return packet
        if self.fqdn_flags is None:
            packet.options[dhcp.HOST_NAME] = self.host.encode()
        else:
            label = bytes((len(self.host),)) + self.host.encode()
            packet.options[FQDN] = bytes((self.fqdn_flags | E, 0, 0)) + label
        return packet


def ddns(secret_file):
    return f"""
ddns:
  keys: [{{name: k1, secret-file: {secret_file}}}]
  zones:
    - {{zone: lab.example, server: 10.77.0.53, key: k1}}
    - {{zone: 77.10.in-addr.arpa, server: 10.77.0.53, key: k1}}
  timeout: 500ms
names: {{replace: when-absent}}
"""


def start(case_, secret=SECRET, named=True):
    dns = Named(case_)
    if named:
        dns.start()
    key = case_.directory / "ddns.key"
    key.touch(mode=0o600)
    key.write_text(secret + "\n")
    pair = Pair(case_, extra=ddns(key)).start()
    return dns, pair, Lan(case_.network.machine("probe"))


def backlog(pair):
    return [pair[m].status()["dns"]["backlog"] for m in "ab"]


def wait_done(pair, timeout=30):
    wait_until(lambda: backlog(pair) == [0, 0] or backlog(pair), timeout, "no backlog")


@case("names", "sanitized")
def names_in_the_dns(case_):
    """Bound, renewed, released: the DNS knows a client as long as it has its lease."""
    dns, pair, wire = start(case_)
    client = NamedClient(wire, "web1", flags=S)
    ack = client.bind()
    flags, text = ack.options[FQDN][0], ack.options[FQDN][3:]
    check_equal((flags, text), (S | E, b"\4web1\3lab\7example\0"), "option 81")
    check(dhcp.HOST_NAME not in ack.options, "option 12 beside option 81")
    wait_until(lambda: dns.knows("web1", ack.yiaddr), 10, "web1 in the DNS")
    wait_done(pair)
    for machine in "ab":
        lease = pair[machine].lease(ack.yiaddr)
        check_equal(lease["name"], f"web1.{ZONE}", f"name on {machine}")
        check_equal([e["state"] for e in lease["dns"]], ["registered"], f"dns on {machine}")
    before = dns.changes("web1")
    check(before > 0, "the name server logged nothing of web1")
    check_equal(client.renew().type, dhcp.ACK, "answer to the renewal")
    plain = NamedClient(wire, "Plain_Host!")
    other = plain.bind()
    check_equal(other.options[dhcp.HOST_NAME], b"plain-host", "option 12")
    wait_until(lambda: dns.knows("plain-host", other.yiaddr), 10, "plain-host in the DNS")
    wait_done(pair)
    check_equal(dns.changes("web1"), before, "changes of web1 after its renewal")
    client.release()
    wait_until(lambda: dns.knows_nothing("web1", ack.yiaddr), 10, "web1 out of the DNS")
    check(dns.knows("plain-host", other.yiaddr) is True, "plain-host went with web1")
    counts = [pair[m].status()["dns"] for m in "ab"]
    check_equal((sum(c["added"] for c in counts), sum(c["removed"] for c in counts)), (2, 1),
                "names added and removed by both peers")
    pair.wait_equal()


@case("names")
def who_updates(case_):
    """The flags of option 81: the client's own A record, no update at all, a made-up name."""
    dns, pair, wire = start(case_)
    own = NamedClient(wire, "own", flags=0).bind()
    check_equal(own.options[FQDN][0], E, "flags for a client that writes its A record")
    none = NamedClient(wire, "quiet", flags=N).bind()
    check_equal(none.options[FQDN][0], E | N, "flags for a client that wants nothing")
    made = Client(wire, "nameless").bind()
    name = "dhcp-" + made.yiaddr.replace(".", "-")
    wait_until(lambda: dns.knows(name, made.yiaddr), 10, f"{name} in the DNS")
    wait_until(lambda: dns.name(own.yiaddr) == f"own.{ZONE}", 10, "the reverse name of own")
    wait_done(pair)
    check_equal((dns.address("own"), dns.address("quiet"), dns.name(none.yiaddr)),
                (None, None, None), "what is left to the clients")


@case("names")
def a_name_that_is_anothers(case_):
    """Two clients of one name, and one that an operator has written: the first keeps it."""
    dns, pair, wire = start(case_)
    first = NamedClient(wire, "first", host="shared")
    ack = first.bind()
    wait_until(lambda: dns.knows("shared", ack.yiaddr), 10, "shared in the DNS")
    second = NamedClient(wire, "second", host="shared").bind()
    foreign = NamedClient(wire, "third", host="foreign").bind()

    def taken():
        leases = [pair[m].lease(a)["dns"] for m in "ab" for a in (second.yiaddr, foreign.yiaddr)]
        return all([e["state"] for e in dns_] == ["taken"] for dns_ in leases) or leases
    wait_until(taken, 10, "both peers to know that the names are taken")
    check_equal((dns.address("shared"), dns.address("foreign")), (ack.yiaddr, "10.77.0.99"),
                "addresses of the names")
    check_equal((dns.name(second.yiaddr), dns.name(foreign.yiaddr)), (None, None), "reverse names")
    check(any("dns-name-taken" in pair[m].log_text() for m in "ab"), "nobody logged it")
    first.release()
    wait_until(lambda: dns.knows_nothing("shared", ack.yiaddr), 10, "shared out of the DNS")


@case("names")
def a_key_that_is_wrong(case_):
    """The DNS refuses: clients are served all the same, and the operator reads why."""
    dns, pair, wire = start(case_, secret=WRONG_SECRET)
    ack = NamedClient(wire, "web1").bind()
    machine = next(m for m in "ab" if pair[m].lease(ack.yiaddr)["written_by"]
                   == {"a": "primary", "b": "secondary"}[m])
    wait_until(lambda: pair[machine].status()["dns"]["failed"] > 0, 10, "the failure")
    pair[machine].tells("key k1")
    pair[machine].logged("dns-failed", "key k1")
    check_equal(backlog(pair), [1, 1], "backlog")
    check_equal(dns.address("web1"), None, "address of web1")
    bad = case_.directory / "open.key"
    bad.write_text(SECRET)
    bad.chmod(0o644)
    config = case_.directory / "open.yaml"
    config.write_text(pair.config.read_text().replace("ddns.key", "open.key"))
    done = case_.run("sh", "-c", f"{case_.twindhcpd} --check --node dhcp-a --config {config} 2>&1; "
                     "echo exit $?")
    check("chmod 640" in done.stdout and "exit 1" in done.stdout, done.stdout)


@case("names")
def a_name_server_that_is_away(case_):
    """What comes while it is away is done when it is back, the releases too."""
    dns, pair, wire = start(case_)
    stays, goes = NamedClient(wire, "stays"), NamedClient(wire, "goes")
    old = goes.bind()
    wait_until(lambda: dns.knows("goes", old.yiaddr), 10, "goes in the DNS")
    dns.stop()
    goes.release()
    new = stays.bind(timeout=3)
    wait_until(lambda: backlog(pair) == [2, 2] or backlog(pair), 10, "the backlog")
    dns.start()
    wait_until(lambda: dns.knows("stays", new.yiaddr), 60, "stays in the DNS")
    wait_until(lambda: dns.knows_nothing("goes", old.yiaddr), 60, "goes out of the DNS")
    wait_done(pair)
    pair.wait_equal()


@case("names")
def the_survivor_follows_up(case_):
    """A peer is killed with all its updates undone: the other does them."""
    dns, pair, wire = start(case_, named=False)
    clients = [NamedClient(wire, f"host{number}") for number in range(20)]
    leases = {client.host: client.bind().yiaddr for client in clients}
    servers = [client.server for client in clients]
    victim = max("ab", key=lambda m: sum(pair.server_of(s) == m for s in servers))
    wait_until(lambda: backlog(pair) == [20, 20] or backlog(pair), 10, "the backlog")
    pair[victim].kill()
    survivor = pair[OTHER[victim]]
    wait_until(lambda: survivor.state() == "COMMUNICATIONS-INTERRUPTED", 10, "the survivor alone")
    dns.start()
    for host, address in leases.items():
        wait_until(lambda: dns.knows(host, address), 60, f"{host} in the DNS")
    wait_until(lambda: survivor.status()["dns"]["backlog"] == 0, 30, "no backlog")
    check_equal(survivor.status()["dns"]["added"], 20, "names added by the survivor")
    pair[victim].start()
    pair.wait_normal()
    pair.wait_equal()
    wait_done(pair)
    # What it does not remember to be acked it does once more, which changes nothing.
    again = pair[victim].status()["dns"]["added"]
    case_.note(f"{again} of 20 names were put in once more by the peer that came back")
    check(again <= 5, f"{again} names added again by the other")
    clients[0].release()
    wait_until(lambda: dns.knows_nothing("host0", leases["host0"]), 15, "host0 out of the DNS")
