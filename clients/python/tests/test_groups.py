"""Rows of one group are scored in one call, whatever becomes of the connection."""

from __future__ import annotations

import json
import unittest
from unittest import mock

from fleet_rewards import FleetClient, Retry
from fleet_rewards import _batches
from fleet_rewards._ledger import Ledger
from fleet_rewards._rows import group_of

from .scripted import ScriptedGateway, answer, last, lines


def rows(groups: int, size: int, interleaved: bool = False) -> list:
    made = [{"group_id": group, "n": group * size + member} for group in range(groups) for member in range(size)]
    return sorted(made, key=lambda row: row["n"] % size) if interleaved else made


class Requests(unittest.TestCase):
    def cut(self, given: list, limit: int = 10, size: int = _batches.BYTES) -> list:
        with mock.patch.object(_batches, "ROWS", limit), mock.patch.object(_batches, "BYTES", size):
            made = list(_batches.batches(given))
        self.assertEqual(sorted(index for batch in made for index, _ in batch), list(range(len(given))))
        for batch in made:
            self.assertEqual([index for index, _ in batch], sorted(index for index, _ in batch))
        return [[json.loads(line) for _, line in batch] for batch in made]

    def test_a_request_ends_between_groups(self) -> None:
        for interleaved in (False, True):
            made = self.cut(rows(9, 4, interleaved))
            self.assertEqual([len(batch) for batch in made], [8, 8, 8, 8, 4])
            for batch in made:
                self.assertEqual(len({row["group_id"] for row in batch}) * 4, len(batch))

    def test_rows_without_a_group_are_cut_anywhere(self) -> None:
        self.assertEqual([len(batch) for batch in self.cut([{"n": n} for n in range(25)])], [10, 10, 5])
        self.assertEqual([len(batch) for batch in self.cut([{"response": "x" * 100}] * 6, size=300)], [2, 2, 2])

    def test_a_group_that_is_larger_than_a_request_is_one(self) -> None:
        self.assertEqual([len(batch) for batch in self.cut([{"n": 0}, *rows(1, 25), {"n": 1}])], [1, 25, 1])

    def test_results_keep_the_order_of_the_rows(self) -> None:
        given = rows(9, 4, interleaved=True)
        with mock.patch.object(_batches, "ROWS", 10), ScriptedGateway(answer) as server, FleetClient(server.url) as fleet:
            results = fleet.score(given)
            self.assertEqual(len(server.requests), 5)
        self.assertEqual([(result.index, result.reward) for result in results], [(i, row["n"]) for i, row in enumerate(given)])

    def test_a_group_is_a_text_a_number_or_a_member_of_the_extra_info(self) -> None:
        class Scalar:
            def item(self) -> int:
                return 7

        given = [{"group_id": "7"}, {"group_id": 7}, {"group_id": Scalar()}, {"extra_info": {"group_id": 7}}, {"group_id": 8, "extra_info": {"group_id": 7}}]
        self.assertEqual([group_of(row) for row in given], ["7", "7", "7", "7", "8"])
        self.assertEqual([group_of(row) for row in ({}, {"group_id": None}, {"group_id": float("nan")}, {"extra_info": "x"})], [None] * 4)


class Streams(unittest.TestCase):
    def client(self, server: ScriptedGateway) -> FleetClient:
        fleet = FleetClient(server.url, retry=Retry(first=0.01, longest=0.05))
        self.addCleanup(fleet.close)
        return fleet

    def test_a_group_is_kept_until_all_of_it_is_answered(self) -> None:
        ledger = Ledger()
        for index, group in enumerate(["a", "b", None, "a", "b"]):
            ledger.add(index, b"%d" % index, group)
        self.assertTrue(ledger.answer(0) and ledger.answer(1) and ledger.answer(2))
        self.assertEqual(ledger.lines(), [(0, b"0"), (1, b"1"), (3, b"3"), (4, b"4")])
        self.assertFalse(ledger.answer(0))
        self.assertTrue(ledger.answer(3))
        self.assertEqual([index for index, _ in ledger.lines()], [1, 4])
        self.assertTrue(ledger.answer(4))
        self.assertEqual((ledger.lines(), ledger.is_open), ([], False))

    def test_a_stream_that_breaks_sends_whole_groups_again(self) -> None:
        first, second = [], []
        given = rows(5, 4)
        with ScriptedGateway(lines(6, first), lines(1000, second)) as server:
            results = list(self.client(server).stream(given))
        # Two rows of the second group are answered twice, and told once.
        self.assertEqual(sorted((result.index, result.reward) for result in results), [(n, n) for n in range(20)])
        self.assertEqual(second, given[4:])

    def test_a_window_without_a_bound_waits_for_no_result(self) -> None:
        with ScriptedGateway(last) as server:
            results = list(self.client(server).stream(({"n": n} for n in range(5000)), window=None))
        self.assertEqual([result.reward for result in results], list(range(5000)))
        with self.assertRaises(ValueError):
            FleetClient(server.url).stream([], window=0)


if __name__ == "__main__":
    unittest.main()
