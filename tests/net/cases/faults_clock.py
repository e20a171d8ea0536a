"""Rounds in which the wall clock of one peer is stepped."""

from netlab import dhcp
from netlab.client import Client
from netlab.machine import Machine
from netlab.pair import Pair
from netlab.rounds import Rounds
from netlab.suite import case, check
from netlab.wire import Lan

STEPS = (600, -10800, -600, 10800)  # seconds


@case("faults")
def fault_clock_stepped(case_):
    """By minutes and hours, either way: no lease moves, nobody leaves NORMAL, the log says it."""
    lab = Rounds(case_, "wall clock stepped", machines=True)

    def inflict(round_):
        victim, machine = lab.pair[round_.victim], lab.machines[round_.victim]
        logged = len(victim.log_text())
        round_.mark()
        # Each step befalls each peer within eight rounds.
        machine.step_clock(STEPS[(round_.number + round_.number // 4) % 4])
        lab.run(2.5)
        states = [daemon.state() for daemon in (lab.pair.a, lab.pair.b)]
        victim.tells("the wall clock is", "from the lease clock: it was set")
        machine.step_clock(0)
        lab.run(1.5)
        check(states == ["NORMAL"] * 2, f"with the clock stepped: {states}")
        for name in ("clock-differs", "clock-agrees"):
            check(f" {name}: " in victim.log_text()[logged:], f"{victim.node} logged no {name}")
    lab.each(inflict)
    lab.promise("wait", 2)


@case("faults")
def fault_clock_back_restart(case_):
    """Killed and started with a wall clock hours back: its lease clock goes on all the same."""
    lab = Rounds(case_, "wall clock back, SIGKILL", machines=True)

    def inflict(round_):
        victim, machine = lab.pair[round_.victim], lab.machines[round_.victim]
        machine.step_clock(-10800)
        round_.mark()
        victim.kill()
        lab.run(1)
        round_.take_detection(lab.pair[round_.other])
        victim.start()
        lab.run(1.2)
        status = victim.status()
        check(status["link"]["clocks_agree"] is True, f"clocks apart: {status['link']}")
        machine.step_clock(0)
        lab.run(0.5)
    lab.each(inflict)
    lab.promise("detected", 0.5)
    lab.promise("served", 5)


@case("faults")
def clock_ahead_at_start(case_):
    """A peer that starts hours ahead: both alarm and serve, and promise no more than the MCLT."""
    pair = Pair(case_)
    machine = Machine(case_, pair.b, pair.store("b"))
    pair.start()
    pair.b.stop()
    machine.step_clock(10800)
    pair.b.start()
    pair.wait_normal()
    for daemon in (pair.a, pair.b):
        daemon.logged("clocks-differ", "no lease exceeds the MCLT until they agree", "check NTP")
        daemon.tells("TOO FAR APART")
    wire = Lan(case_.network.machine("probe"))
    clients = [Client(wire, f"client-{number}") for number in range(20)]
    for client in clients:
        promised = client.bind().number(dhcp.LEASE_TIME)
        check(promised <= 10, f"{promised} s promised by {client.server} with clocks apart")
    check(len({client.server for client in clients}) == 2, "one of the two does not serve")
