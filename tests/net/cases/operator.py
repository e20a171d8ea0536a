"""What an operator sees and says: files that differ, a store that was put back from a copy."""

import shutil

from netlab.client import Client
from netlab.pair import Pair
from netlab.suite import case, check, check_equal, wait_until
from netlab.wire import Lan


@case("pair")
def differing_files_are_named(case_):
    """One peer has another pool and a subnet more: status, log and metrics say so."""
    pair = Pair(case_).start()
    pair.wait_equal()
    pair.b.stop()
    text = pair.b.config.read_text(encoding="ascii")
    other = case_.directory / "other.yaml"
    other.write_text(text.replace("10.79.16.0-10.79.31.255", "10.79.16.0-10.79.30.255")
                     + "  - subnet: 192.0.2.0/24\n", encoding="ascii")
    pair.b.config = other
    pair.b.start()
    pair.wait_normal()
    expected = "pools of 10.79.0.0/16, subnet 192.0.2.0/24 (only there)"
    wait_until(lambda: pair.a.status()["config_difference"] == expected
               or pair.a.status()["config_difference"], 5, expected)
    check(expected in pair.a.log_text(), "the log does not name what differs")
    check_equal([(d["part"], d["subnet"], d["where"])
                 for d in pair.a.status()["config_differences"]],
                [("pools", "10.79.0.0/16", "differs"), ("subnets", "192.0.2.0/24", "only there")],
                "differences in the status")
    client = Client(Lan(case_.network.machine("probe")), "anyone")
    client.bind()  # replication goes on
    pair.wait_equal()


@case("pair")
def restored_store_is_declared(case_):
    """A store is put back from a copy while the partner is away: told so, the peer does not
    serve what it has forgotten, and recovers."""
    pair = Pair(case_, pair_extra="  startup-wait: 20s").start()
    wire = Lan(case_.network.machine("probe"))
    early = Client(wire, "early")
    early.bind()
    pair.wait_equal()
    pair.a.stop()
    store, copy = pair.store("a"), case_.directory / "copy"
    shutil.copytree(store, copy)
    pair.a.start()
    pair.wait_equal()
    late = Client(wire, "late")
    late.bind()
    pair.wait_equal()
    pair.b.kill()
    pair.a.kill()
    shutil.rmtree(store)
    copy.rename(store)
    pair.a.start()
    wait_until(lambda: bool(pair.a.status()), 10, "an answer of twinctl")
    done = pair.a.twinctl("restored", "--yes")
    check_equal(done.returncode, 0, f"restored ({done.stderr.strip()})")
    check_equal(pair.a.status()["serving"], False, "serving after `restored`")
    pair.b.start()
    pair.wait_equal(60)
    answer = late.reboot()
    check(answer is not None and late.address, "the forgotten client lost its address")
