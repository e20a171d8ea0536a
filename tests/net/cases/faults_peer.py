"""Rounds of faults that befall one peer: killed, stopped, without power, without its store."""

import signal

from netlab.rounds import INTERRUPTED, Rounds, state_changes
from netlab.suite import case, check


@case("faults")
def fault_killed(case_):
    """SIGKILL, and started again 3 s later."""
    lab = Rounds(case_, "SIGKILL of a peer")

    def inflict(round_):
        round_.mark()
        lab.pair[round_.victim].kill()
        lab.run(3)
        round_.take_detection(lab.pair[round_.other])
        lab.pair[round_.victim].start()
        lab.run(1.2)
    lab.each(inflict)
    lab.promise("detected", 0.5)
    lab.promise("served", 5)


@case("faults")
def fault_stopped_briefly(case_):
    """SIGSTOP for less than link-timeout: no reason to leave NORMAL, and none to wrong anybody."""
    lab = Rounds(case_, "SIGSTOP for 0.4 s")

    def inflict(round_):
        round_.mark()
        lab.pair[round_.victim].signal(signal.SIGSTOP)
        lab.run(0.4)
        lab.pair[round_.victim].signal(signal.SIGCONT)
        lab.run(1.2)
    lab.each(inflict)
    lab.promise("served", 5)


@case("faults")
def fault_stopped(case_):
    """SIGSTOP for 4 s: its partner takes over; it must not act on what it remembers."""
    lab = Rounds(case_, "SIGSTOP for 4 s")

    def inflict(round_):
        victim = lab.pair[round_.victim]
        round_.mark()
        victim.signal(signal.SIGSTOP)
        lab.run(4)
        round_.take_detection(lab.pair[round_.other])
        victim.signal(signal.SIGCONT)
        lab.run(1.5)
        states = [state for _, state in state_changes(victim, round_.began_wall)]
        check(states[:1] == ["STARTUP"], f"after it stood still {victim.node} went to {states}")
    lab.each(inflict)
    lab.promise("detected", 1.5)
    lab.promise("served", 5)


@case("faults")
def fault_power(case_):
    """The power goes in the midst of a write: what was not synchronised is lost, no more.

    Nobody was told of that, so the store is not one that was set back."""
    lab = Rounds(case_, "power loss: unsynced writes lost", machines=True)
    lost = []

    def inflict(round_):
        victim, machine = lab.pair[round_.victim], lab.machines[round_.victim]
        machine.power_off()
        check(lab.run(5, victim.gone, interval=0.002), f"{victim.node} never wrote")
        round_.mark()
        # Every other time for each peer the end of its log is torn, not gone.
        torn = lab.traffic.random.random() if round_.number // 2 % 2 == 1 else 0.0
        lost.append(machine.lose_unsynced(torn))
        lab.run(1.2)
        round_.take_detection(lab.pair[round_.other])
        victim.start()
        lab.run(1.2)
    lab.each(inflict)
    for machine in "ab":
        check("store-set-back" not in lab.pair[machine].log_text(),
              f"{lab.pair[machine].node} had told its partner of what was not on its disk")
    case_.note(f"lost {min(lost)} to {max(lost)} bytes of the store's log a time")
    lab.promise("detected", 0.5)
    lab.promise("served", 5)


@case("faults")
def fault_lost_store(case_):
    """SIGKILL, the store wiped: the peer is filled again and waits for its MCLT."""
    lab = Rounds(case_, "SIGKILL and the store lost", default=1, mclt="10s")

    def inflict(round_):
        victim = lab.pair[round_.victim]
        round_.mark()
        victim.kill()
        lab.pair.wipe_store(round_.victim)
        lab.run(1)
        round_.take_detection(lab.pair[round_.other])
        victim.start()
        lab.run(3)
        states = [state for _, state in state_changes(victim, round_.began_wall)]
        check("RECOVER-WAIT" in states, f"without its store {victim.node} went to {states}")
        check(INTERRUPTED not in states, f"without its store {victim.node} served: {states}")
    lab.each(inflict)
    lab.promise("detected", 0.5)
    lab.promise("served", 5)
