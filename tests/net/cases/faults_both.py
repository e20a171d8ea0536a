"""Rounds in which both peers are down, and come back in each order."""

from netlab.rounds import Rounds
from netlab.suite import case

ORDERS = ("ab", "ba", "both")
APART = 1.5  # seconds between the two starts: the first has to wait for the other


def down_and_up(case_, fault, end, default):
    lab = Rounds(case_, fault, default)

    def inflict(round_):
        order = ORDERS[round_.number % 3]
        round_.mark()
        for machine in order if order != "both" else "ab":
            end(lab.pair[machine])
        lab.run(0.5)
        if order == "both":
            lab.pair.a.start()
            lab.pair.b.start()
        else:
            lab.pair[order[0]].start()
            lab.run(APART)
            lab.pair[order[1]].start()
        lab.run(1.5)
    lab.each(inflict)
    # Nobody serves until both are there, 2 s after the fault; a client may be between two tries.
    lab.promise("served", 7)


@case("faults")
def fault_both_killed(case_):
    """Both killed, started at once or one after the other."""
    down_and_up(case_, "both killed, up in each order", lambda daemon: daemon.kill(), 3)


@case("faults")
def fault_both_stopped(case_):
    """Both ended orderly, one after the other, and started again as above."""
    down_and_up(case_, "both ended by SIGTERM, up in each order", lambda daemon: daemon.stop(), 2)
