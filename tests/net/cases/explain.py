"""twinctl explain against a running pair: what it says comes true, and nothing came of asking."""

from netlab.client import Client
from netlab.pair import LAN_ADDRESS, Pair
from netlab.suite import case, check, check_equal
from netlab.wire import Lan


def explain(pair, machine, *arguments):
    """The explanation; its exit status has to say whether this server answers."""
    done = pair[machine].twinctl("explain", "--interface", "eth0", "--local",
                                 LAN_ADDRESS[machine], *arguments)
    answer = pair[machine].json("explain", "--local", LAN_ADDRESS[machine], *arguments)
    check_equal(done.returncode, 0 if answer["answered"] else 4, "exit status of explain")
    check(done.stdout.startswith(answer["verdict"]), f"the verdict is not first: {done.stdout}")
    return answer


@case("pair", "sanitized")
def explained_first(case_):
    """One peer would offer, the other leaves it to it; the offer that then comes is the one."""
    pair = Pair(case_).start()
    client = Client(Lan(case_.network.machine("probe")), "asked-about")
    mac = client.mac.hex(":")
    answers = {m: explain(pair, m, "--hw-address", mac) for m in "ab"}
    verdicts = {m: answer["verdict"] for m, answer in answers.items()}
    check_equal(sorted(verdicts.values()), ["left-to-partner", "offer"], "verdicts of the peers")
    for machine in "ab":
        status = pair[machine].status()
        check_equal((status["leases"]["offers"], status["counters"]["received"]["DHCPDISCOVER"]),
                    (0, 0), "offers and packets counted after the questions")
    answering = next(m for m in "ab" if verdicts[m] == "offer")
    offer = client.discover()
    check_equal(offer.yiaddr, answers[answering]["reply"]["packet"]["yiaddr"], "the offer")
    check(client.select(offer) is not None, "no DHCPACK")
    pair.wait_equal()
    renewal = ("--hw-address", mac, "--type", "request", "--ciaddr", client.address)
    for machine in "ab":
        answer = explain(pair, machine, *renewal)
        check_equal(answer["verdict"],
                    "ack" if machine == answering else "ack-once-the-partner-grants",
                    f"a renewal sent to {machine}")
