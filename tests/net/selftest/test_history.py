"""The judge of histories finds what is wrong, and nothing in what is right."""

import unittest

from netlab.history import Event, History, check


class Checker(unittest.TestCase):
    def setUp(self):
        self.history = History()

    def wrong(self, **arguments):
        return check(self.history.events, **arguments)

    def test_a_lease_renewed_and_handed_on_after_its_end_is_right(self):
        self.history.bound(1, "x", "10.0.0.1", 11, "a")
        self.history.bound(6, "x", "10.0.0.1", 16, "b")
        self.history.bound(16, "y", "10.0.0.1", 26, "a")
        self.assertEqual(self.wrong(end=20, must_hold=["y"]), [])

    def test_one_address_for_two_clients_is_found(self):
        self.history.bound(1, "x", "10.0.0.1", 11, "a")
        self.history.bound(10.9, "y", "10.0.0.1", 20, "b")
        self.assertEqual(self.wrong(), ["10.900: 10.0.0.1 acknowledged to y by b, "
                                        "but x holds it until 11.000"])

    def test_the_renewed_end_counts_not_the_first(self):
        self.history.bound(1, "x", "10.0.0.1", 11, "a")
        self.history.bound(6, "x", "10.0.0.1", 16, "a")
        self.history.bound(12, "y", "10.0.0.1", 22, "b")
        self.assertEqual(len(self.wrong()), 1)

    def test_a_later_shorter_promise_ends_the_hold_earlier(self):
        self.history.bound(1, "x", "10.0.0.1", 21, "a")
        self.history.bound(6, "x", "10.0.0.1", 9, "b")
        self.history.bound(10, "y", "10.0.0.1", 22, "b")
        self.assertEqual(self.wrong(), [])

    def test_a_duplicate_is_found_whatever_the_order_of_recording(self):
        self.history.bound(5, "y", "10.0.0.1", 20, "b")
        self.history.bound(1, "x", "10.0.0.1", 11, "a")
        self.assertEqual(len(self.wrong()), 1)

    def test_a_released_address_may_be_given_to_another(self):
        self.history.bound(1, "x", "10.0.0.1", 11, "a")
        self.history.gave_up(2, "x", "10.0.0.1")
        self.history.bound(2.5, "y", "10.0.0.1", 12, "b")
        self.assertEqual(self.wrong(), [])

    def test_a_release_by_one_client_does_not_end_anothers_hold(self):
        self.history.bound(1, "x", "10.0.0.1", 11, "a")
        self.history.gave_up(2, "y", "10.0.0.1")
        self.history.bound(3, "z", "10.0.0.1", 12, "b")
        self.assertEqual(len(self.wrong()), 1)

    def test_a_nak_off_an_unexpired_lease_is_found(self):
        self.history.bound(1, "x", "10.0.0.1", 11, "a")
        self.history.nak(5, "x", "10.0.0.1", "b")
        self.assertEqual(self.wrong(), ["5.000: x refused its unexpired lease on 10.0.0.1 by b"])

    def test_a_nak_after_the_lease_is_right(self):
        self.history.bound(1, "x", "10.0.0.1", 11, "a")
        self.history.nak(11, "x", "10.0.0.1", "b")
        self.assertEqual(self.wrong(), [])

    def test_a_client_without_a_lease_at_the_end_is_found(self):
        self.history.bound(1, "x", "10.0.0.1", 11, "a")
        self.assertEqual(self.wrong(end=12, must_hold=["x", "y"]),
                         ["12.000: x holds no lease at the end",
                          "12.000: y holds no lease at the end"])

    def test_another_address_during_a_good_lease_is_found(self):
        self.history.bound(1, "x", "10.0.0.1", 11, "a")
        self.history.bound(6, "x", "10.0.0.2", 16, "b")
        self.assertEqual(self.wrong(), ["6.000: x got 10.0.0.2 while its lease on 10.0.0.1 was "
                                        "good"])

    def test_another_address_after_the_lease_is_right(self):
        self.history.bound(1, "x", "10.0.0.1", 11, "a")
        self.history.bound(12, "x", "10.0.0.2", 22, "b")
        self.assertEqual(self.wrong(end=13, must_hold=["x"]), [])

    def test_a_lease_that_ran_out_under_a_renewing_client_is_found(self):
        self.history.bound(1, "x", "10.0.0.1", 11, "a")
        self.history.ran_out(11, "x", "10.0.0.1")
        self.assertEqual(len(self.wrong()), 1)

    def test_an_unknown_kind_of_event_is_an_error_of_the_test(self):
        self.history.events.append(Event(2, "lost", "x", "10.0.0.1"))
        with self.assertRaises(ValueError):
            self.wrong()
