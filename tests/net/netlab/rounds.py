"""Rounds of one fault under traffic: what is measured in each, and what is promised of all.

Times of a round count from the fault, which is the moment that the round's function marks:

detected   until the peer that must notice it logged COMMUNICATIONS-INTERRUPTED
wait       the longest time that a client which asked all servers was without an answer
served     the last moment at which one had waited for more than LATE: from then on everybody is
           answered at once
wrong      what the judge (history.py) finds in what the clients saw

A client that asks one server only (RENEWING) is answered by that server or waits for T2, as
RFC 2131 has it; that is no wait here, but its lease must not run out.
"""

import datetime
import re
import statistics
import time

from .cable import Cable
from .history import check as judge
from .machine import Machine
from .pair import OTHER, Pair
from .suite import Failed, check
from .swarm import BROADCAST, Swarm
from .traffic import Traffic
from .wire import Lan

CLIENTS = 150
ACTIONS_PER_SECOND = 60
LATE = 0.5  # half of the time after which the first client asks again
CHANGED = re.compile(r"^(\S+) \w+ state-changed: (\S+) -> (\S+): ", re.MULTILINE)
INTERRUPTED = "COMMUNICATIONS-INTERRUPTED"


def state_changes(daemon, since):
    """(wall clock time, new state) of what the daemon logged since then."""
    for stamp, _, state in CHANGED.findall(daemon.log_text()):
        when = datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp()
        if when >= since:
            yield when, state


class Round:
    def __init__(self, number):
        self.number = number
        self.victim = "ab"[number % 2]
        self.other = OTHER[self.victim]
        self.detected = None
        self.wait = self.served = 0.0
        self.waiter = ""  # what the one that waited longest was doing
        self.wrong = []

    def mark(self):
        """The fault happens now."""
        self.began, self.began_wall = time.monotonic(), time.time()

    def take_detection(self, *daemons):
        """By the last of these."""
        first = [next((when for when, state in state_changes(daemon, self.began_wall)
                       if state == INTERRUPTED), None) for daemon in daemons]
        check(None not in first, f"round {self.number}: not noticed by all of "
              f"{', '.join(daemon.node for daemon in daemons)}")
        self.detected = max(first) - self.began_wall

    def take_answers(self, answers):
        for answer in answers:
            end = answer.asked + answer.seconds
            if answer.kind not in BROADCAST or end < self.began:
                continue
            waited = end - max(answer.asked, self.began)
            if waited > self.wait:
                self.wait, self.waiter = waited, answer.kind
            if waited > LATE:
                self.served = max(self.served, end - self.began)


class Rounds:
    """A pair, a swarm of clients, and as many rounds as asked for."""

    def __init__(self, case, fault, default=2, cable=False, machines=False, mclt="20s"):
        self.case, self.fault = case, fault
        self.count = case.rounds or default
        self.pair = Pair(case, lease="40s", mclt=mclt)
        if machines:
            self.machines = {m: Machine(case, self.pair[m], self.pair.store(m)) for m in "ab"}
        if cable:
            self.cable = Cable(case)
        self.pair.start()
        self.swarm = Swarm([Lan(case.network.machine("swarm"))], CLIENTS)
        self.traffic = Traffic(self.swarm, ACTIONS_PER_SECOND)
        self.swarm.arrive(1)
        self.run(10, lambda: not self.swarm.without_lease())
        self.rounds = []

    def run(self, seconds, until=None, interval=0.3):
        return self.swarm.run(seconds, until, interval)

    def each(self, inflict):
        """All rounds.  inflict(round) brings the fault about and heals it, under traffic."""
        wrong = 0
        for number in range(self.count):
            round_ = Round(number)
            answers = len(self.swarm.answers)
            self.traffic.begin()
            self.run(0.7)
            inflict(round_)
            self.traffic.quiet()
            self.settle(round_)
            round_.take_answers(self.swarm.answers[answers:])
            found = judge(self.swarm.history.events)
            round_.wrong, wrong = found[wrong:], len(found)
            self.rounds.append(round_)
        self._write_history()
        self._report()
        everything = [text for round_ in self.rounds for text in round_.wrong]
        check(not everything, f"{len(everything)} wrong: " + "; ".join(everything[:5]))

    def settle(self, round_):
        """Nobody waits, both are NORMAL and hold the same: progress is owed once it is healed."""
        seen = []

        def settled():
            status = [self.pair[machine].status() for machine in "ab"]
            seen[:] = [s.get("state") for s in status] + [s.get("digests") for s in status] \
                + self.swarm.waiting()[:3] + self.swarm.without_lease()[:3]
            return seen == ["NORMAL", "NORMAL", "equal", "equal"]
        if not self.run(30, settled):
            raise Failed(f"round {round_.number} ({self.fault}): 30 s after all was healed: {seen}")

    def _write_history(self):
        """What the clients saw, beside the logs: for a person who looks into a violation."""
        skew = time.time() - time.monotonic()  # times as in the logs
        with open(self.case.directory / "history", "w", encoding="ascii") as file:
            for event in sorted(self.swarm.history.events, key=lambda e: e.time):
                stamp = datetime.datetime.fromtimestamp(event.time + skew, datetime.timezone.utc)
                left = f" for {event.until - event.time:.1f} s" if event.until else ""
                file.write(f"{stamp:%H:%M:%S.%f} {event.time:.3f} {event.client} {event.kind} "
                           f"{event.address}{left} {event.server}\n")

    def _figures(self, name):
        return [getattr(round_, name) for round_ in self.rounds
                if getattr(round_, name) is not None]

    def _report(self):
        row = {"fault": self.fault, "rounds": str(self.count)}
        for name, title in (("detected", "detected"), ("wait", "longest wait"),
                            ("served", "all served again")):
            figures = self._figures(name)
            row[f"{title}: median / worst (s)"] = \
                f"{statistics.median(figures):.2f} / {max(figures):.2f}" if figures else "-"
        row["violations"] = str(sum(len(round_.wrong) for round_ in self.rounds))
        self.case.rows.append(row)
        self.case.note("; ".join(f"{title} {value}" for title, value in row.items()))
        for round_ in self.rounds:
            for text in round_.wrong[:5]:
                self.case.note(f"round {round_.number} ({round_.victim}): {text}")

    def promise(self, name, bound):
        """The median is below the bound; a single round above it is named."""
        for round_ in self.rounds:
            value = getattr(round_, name)
            if value is not None and value >= bound:
                self.case.note(f"round {round_.number} ({round_.victim}): {name} {value:.2f} s, "
                               f"bound {bound} s; {round_.waiter} waited {round_.wait:.2f} s")
        # Of two rounds the better one: one of them may have met a busy machine.
        median = statistics.median_low(self._figures(name))
        check(median < bound, f"{name}: median {median:.2f} s, not below {bound} s")
