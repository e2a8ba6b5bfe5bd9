"""The client against a real gateway."""

from __future__ import annotations

import asyncio
import math
import threading
import time
import unittest

from fleet_rewards import RAISE, AsyncFleetClient, FleetClient, GatewayError, UnscoredError, reward_of

from . import gateway


class Scoring(unittest.TestCase):
    def setUp(self) -> None:
        self.fleet = FleetClient(gateway.url(), gateway.KEY)
        self.addCleanup(self.fleet.close)

    def test_results_come_in_the_order_of_the_rows(self) -> None:
        results = self.fleet.score(gateway.rows(5000))
        self.assertEqual([result.index for result in results], list(range(5000)))
        self.assertEqual([result.id for result in results], list(range(5000)))
        self.assertEqual([result.reward for result in results], [gateway.expected(i) for i in range(5000)])

    def test_a_row_without_a_score_says_why_and_becomes_what_the_caller_says(self) -> None:
        rows = gateway.rows(10)[8:]
        result = self.fleet.score(rows)[1]
        self.assertEqual((result.status, result.cause, result.reason_code, result.scored), ("invalid", "data", "no_ground_truth", False))
        self.assertEqual(self.fleet.rewards(rows)[1], None)
        self.assertTrue(math.isnan(self.fleet.rewards(rows, unscored=math.nan)[1]))
        self.assertEqual(self.fleet.rewards(rows, unscored=-1.0)[1], -1.0)
        with self.assertRaises(UnscoredError):
            self.fleet.rewards(rows, unscored=RAISE)

    def test_no_rows_have_no_results(self) -> None:
        self.assertEqual(self.fleet.score([]), [])
        self.assertEqual(list(self.fleet.stream([])), [])

    def test_what_json_cannot_say_costs_nothing_but_itself(self) -> None:
        class Scalar:
            def item(self) -> int:
                return 7

        row = {"id": 1, "domain": "multiple_choice_boxed", "response": "\ud83d \\boxed{A}", "ground_truth": "A", "nan": math.nan, "scalar": Scalar(), "bytes": b"x"}
        self.assertEqual(self.fleet.rewards([row]), [1.0])

    def test_a_wrong_key_is_an_error_at_once(self) -> None:
        with FleetClient(gateway.url(), "not-the-key-at-all") as stranger:
            for ask in (lambda: stranger.score(gateway.rows(1)), lambda: list(stranger.stream(gateway.rows(1)))):
                with self.assertRaises(GatewayError) as refused:
                    ask()
                self.assertEqual((refused.exception.status, refused.exception.code), (401, "no_key"))

    def test_a_call_has_a_lane_an_order_and_a_timeout(self) -> None:
        rows = gateway.rows(200)
        for order in ("input", "finished"):
            results = self.fleet.score(rows, timeout=600, lane="evaluation", order=order)
            self.assertEqual([(result.index, result.id, result.reward) for result in results], [(i, i, gateway.expected(i)) for i in range(200)])
        self.assertEqual(self.fleet.rewards(rows[:3], lane="training"), [gateway.expected(i) for i in range(3)])
        for wrong in ({"lane": "fast"}, {"order": "random"}, {"timeout": -1}):
            with self.assertRaises(GatewayError) as refused:
                self.fleet.score(rows, **wrong)
            self.assertEqual(refused.exception.code, "bad_request")

    def test_a_key_may_stand_in_the_address(self) -> None:
        with FleetClient(gateway.url().replace("http://", f"http://any:{gateway.KEY}@")) as fleet:
            self.assertEqual(fleet.rewards(gateway.rows(3)), [gateway.expected(i) for i in range(3)])

    def test_health_and_ranks(self) -> None:
        self.assertIn(self.fleet.health()["status"], ("ok", "degraded"))
        self.assertIn("math_rule", [rank["domain"] for rank in self.fleet.ranks()])


class Streaming(unittest.TestCase):
    def setUp(self) -> None:
        self.fleet = FleetClient(gateway.url(), gateway.KEY)
        self.addCleanup(self.fleet.close)

    def test_every_row_has_one_result_in_whatever_order(self) -> None:
        results = list(self.fleet.stream(gateway.rows(3000), window=64))
        self.assertEqual(sorted(result.index for result in results), list(range(3000)))
        for result in results:
            self.assertEqual((result.id, result.reward), (result.index, gateway.expected(result.index)))

    def test_ordered_is_ordered(self) -> None:
        results = list(self.fleet.stream(gateway.rows(3000), ordered=True, window=50))
        self.assertEqual([result.index for result in results], list(range(3000)))

    def test_the_gateway_may_keep_the_order(self) -> None:
        given = [{key: value for key, value in row.items() if key != "id" or i % 2} for i, row in enumerate(gateway.rows(300))]
        results = list(self.fleet.stream(given, window=None, lane="evaluation", order="input", timeout=600))
        self.assertEqual([(result.index, result.reward) for result in results], [(i, gateway.expected(i)) for i in range(300)])

    def test_a_result_comes_before_the_next_row_is_made(self) -> None:
        answered = threading.Event()

        def rows():
            yield gateway.rows(1)[0]
            self.assertTrue(answered.wait(30), "The first result did not come while the second row was waited for.")
            yield gateway.rows(2)[1]

        results = []
        for result in self.fleet.stream(rows()):
            results.append(result)
            answered.set()
        self.assertEqual(len(results), 2)

    def test_reading_stops_where_nobody_takes_results(self) -> None:
        made = []

        def rows():
            for row in gateway.rows(500):
                made.append(row)
                yield row

        stream = self.fleet.stream(rows(), window=20)
        next(stream)
        time.sleep(0.3)
        self.assertLessEqual(len(made), 22)
        stream.close()

    def test_what_the_generator_throws_reaches_the_reader_after_the_results(self) -> None:
        def rows():
            yield from gateway.rows(3)
            raise KeyError("broken")

        results = []
        with self.assertRaises(KeyError):
            for result in self.fleet.stream(rows()):
                results.append(result)
        self.assertEqual(len(results), 3)


class Asynchronous(unittest.IsolatedAsyncioTestCase):
    async def test_calls_run_side_by_side(self) -> None:
        async with AsyncFleetClient(gateway.url(), gateway.KEY) as fleet:
            rewards = await asyncio.gather(*(fleet.rewards(gateway.rows(20)) for _ in range(30)))
        self.assertEqual(rewards, [[gateway.expected(i) for i in range(20)]] * 30)

    async def test_an_async_generator_is_answered_while_it_still_makes_rows(self) -> None:
        answered = asyncio.Event()

        async def rows():
            for i, row in enumerate(gateway.rows(50)):
                if i == 1:
                    await asyncio.wait_for(answered.wait(), 30)
                yield row

        results = []
        async with AsyncFleetClient(gateway.url(), gateway.KEY) as fleet:
            async for result in fleet.stream(rows()):
                results.append(result)
                answered.set()
        self.assertEqual(sorted(result.index for result in results), list(range(50)))
        self.assertTrue(all(reward_of(result) == gateway.expected(result.index) for result in results))

    async def test_a_stream_may_be_left_early(self) -> None:
        async def rows():
            for row in gateway.rows(5):
                yield row
            await asyncio.sleep(3600)

        async with AsyncFleetClient(gateway.url(), gateway.KEY) as fleet:
            stream = fleet.stream(rows())
            self.assertIsNotNone(await stream.__anext__())
            await asyncio.wait_for(stream.aclose(), 30)


if __name__ == "__main__":
    unittest.main()
