"""What a round measures is what rounds.py says, and lost power loses what it should."""

import os
import pathlib
import struct
import tempfile
import types
import unittest

from netlab.machine import SYNCED, Machine
from netlab.rounds import Round, state_changes
from netlab.suite import Failed
from netlab.swarm import Answer

LOG = """2026-11-24T00:31:22.137Z notice state-changed: NORMAL -> COMMUNICATIONS-INTERRUPTED: why
2026-11-24T00:31:22.138Z warning session-ended: a -> b: c
2026-11-24T00:31:33.019Z notice state-changed: COMMUNICATIONS-INTERRUPTED -> NORMAL: caught up
"""


def logging(text):
    return types.SimpleNamespace(node="dhcp-a", log_text=lambda: text)


class Measuring(unittest.TestCase):
    def setUp(self):
        self.round = Round(0)
        self.round.began, self.round.began_wall = 100.0, 1795480282.0  # 2026-11-24T00:31:22Z

    def answered(self, *exchanges):
        self.round.take_answers(Answer(kind, asked, answered - asked, None, "server")
                                for kind, asked, answered in exchanges)
        return round(self.round.wait, 6), round(self.round.served, 6)

    def test_a_wait_counts_from_the_fault_on(self):
        self.assertEqual(self.answered(("selecting", 98, 101.5)), (1.5, 1.5))

    def test_what_was_answered_before_the_fault_does_not_count(self):
        self.assertEqual(self.answered(("selecting", 90, 99)), (0, 0))

    def test_a_short_wait_later_does_not_put_off_service(self):
        self.assertEqual(self.answered(("rebinding", 101, 102), ("rebooting", 110, 110.1)), (1, 2))

    def test_one_that_asks_one_server_does_not_count(self):
        self.assertEqual(self.answered(("renewing", 101, 109)), (0, 0))

    def test_detection_is_read_from_the_log_of_the_last(self):
        self.round.take_detection(logging(LOG), logging(LOG.replace("22.137", "23.250")))
        self.assertAlmostEqual(self.round.detected, 1.25, places=3)

    def test_a_fault_that_was_not_noticed_is_a_failure(self):
        self.round.began_wall += 1
        with self.assertRaises(Failed):
            self.round.take_detection(logging(LOG))

    def test_only_changes_of_state_are_read(self):
        self.assertEqual([state for _, state in state_changes(logging(LOG), 0)],
                         ["COMMUNICATIONS-INTERRUPTED", "NORMAL"])


class LosingPower(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.store = pathlib.Path(directory.name)
        self.machine = Machine.__new__(Machine)
        self.machine.store, self.machine.file = self.store, self.store / "machine"
        self.machine.power_off()

    def write(self, name, size, synced=None):
        path = self.store / name
        path.write_bytes(bytes(size))
        if synced is not None:
            os.setxattr(path, SYNCED, struct.pack("q", synced))
        return path

    def test_files_are_cut_to_what_was_synchronised(self):
        log = self.write("000004.log", 100, synced=60)
        table, never = self.write("000005.sst", 50, synced=50), self.write("LOG", 30)
        self.assertEqual(self.machine.lose_unsynced(), 40)
        self.assertEqual([path.stat().st_size for path in (log, table, never)], [60, 50, 0])

    def test_a_torn_end_keeps_a_part_but_never_all(self):
        log = self.write("000004.log", 100, synced=60)
        self.assertEqual(self.machine.lose_unsynced(kept=0.999), 1)
        self.assertEqual(log.stat().st_size, 99)

    def test_a_round_in_which_nothing_was_lost_is_a_failure(self):
        self.write("000004.log", 100, synced=100)
        with self.assertRaises(Failed):
            self.machine.lose_unsynced()
