"""Rounds of faults of the cable between the peers, while both reach all clients."""

from netlab.rounds import Rounds
from netlab.suite import case


@case("faults")
def fault_cut(case_):
    """Cut for 3 s: both serve, each from its own share."""
    lab = Rounds(case_, "link cut", cable=True)

    def inflict(round_):
        round_.mark()
        lab.cable.cut()
        lab.run(3)
        round_.take_detection(lab.pair.a, lab.pair.b)
        lab.cable.clean()
        lab.run(1.2)
    lab.each(inflict)
    lab.promise("detected", 1.5)
    lab.promise("served", 4)


@case("faults")
def fault_cut_one_way(case_):
    """What one peer sends is lost for 3 s, what it hears is not: both have to notice."""
    lab = Rounds(case_, "link cut one way", cable=True)

    def inflict(round_):
        round_.mark()
        lab.cable.cut(round_.victim)
        lab.run(3)
        round_.take_detection(lab.pair.a, lab.pair.b)
        lab.cable.clean()
        lab.run(1.2)
    lab.each(inflict)
    lab.promise("detected", 2)
    lab.promise("served", 4)


@case("faults")
def fault_flapping(case_):
    """Cut and mended again and again, for 0.05 to 1.5 s each."""
    lab = Rounds(case_, "flapping link", cable=True)

    def inflict(round_):
        chance = lab.traffic.random
        round_.mark()
        for _ in range(5):
            lab.cable.cut(chance.choice(("a", "b", "ab")))
            lab.run(chance.uniform(0.05, 1.5))
            lab.cable.clean()
            lab.run(chance.uniform(0.05, 1.0))
    lab.each(inflict)
    lab.promise("wait", 4)


def bad_link(case_, delay, jitter, loss):
    lab = Rounds(case_, f"link {delay * 1000:.0f}±{jitter * 1000:.0f} ms, "
                 f"{loss * 100:.0f}% lost", cable=True)

    def inflict(round_):
        round_.mark()
        lab.cable.bad(delay, jitter, loss)
        lab.run(4)
        lab.cable.clean()
        lab.run(1)
    lab.each(inflict)
    lab.promise("wait", 4)


@case("faults")
def fault_slow_link(case_):
    """As over a bad line: some frames late, a few lost."""
    bad_link(case_, 0.02, 0.01, 0.05)


@case("faults")
def fault_poor_link(case_):
    """So bad that contact comes and goes."""
    bad_link(case_, 0.1, 0.05, 0.25)
