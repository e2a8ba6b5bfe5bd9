"""The client against a gateway that is full, slow or gone."""

from __future__ import annotations

import unittest

from fleet_rewards import FleetClient, FleetError, GatewayError, GatewayUnavailable, Retry
from fleet_rewards._retry import Attempts, retry_after_of

from .scripted import ScriptedGateway, answer, hang_up, lines, refuse, reply, result


class Retries(unittest.TestCase):
    def client(self, server: ScriptedGateway, **retry) -> FleetClient:
        fleet = FleetClient(server.url, retry=Retry(**{"first": 0.01, "longest": 0.05, **retry}))
        self.pauses = []
        fleet._gateway._sleep = self.pauses.append
        self.addCleanup(fleet.close)
        return fleet

    def test_a_full_gateway_is_asked_again_not_before_it_says(self) -> None:
        with ScriptedGateway(refuse(429, Retry_After="3"), refuse(503), answer) as server:
            self.assertEqual(len(self.client(server).score([{}, {}])), 2)
            self.assertEqual(len(server.requests), 3)
        self.assertGreaterEqual(self.pauses[0], 3)
        self.assertLess(self.pauses[0], 6.1)
        self.assertLessEqual(self.pauses[1], 0.05)

    def test_a_broken_connection_is_opened_again(self) -> None:
        with ScriptedGateway(hang_up, hang_up, answer) as server:
            self.assertEqual(len(self.client(server).score([{}])), 1)

    def test_a_refusal_for_good_is_asked_once(self) -> None:
        with ScriptedGateway(refuse(400)) as server:
            with self.assertRaises(GatewayError) as refused:
                self.client(server).score([{}])
            self.assertEqual((refused.exception.status, refused.exception.code), (400, "full"))
            self.assertEqual(len(server.requests), 1)

    def test_patience_ends(self) -> None:
        with ScriptedGateway(refuse(503)) as server:
            with self.assertRaises(GatewayUnavailable):
                self.client(server, attempts=3).score([{}])
            self.assertEqual(len(server.requests), 3)
            with self.assertRaises(GatewayUnavailable):
                self.client(server, attempts=2).stream([{"n": 1}]).__next__()
        with self.assertRaises(GatewayUnavailable):
            FleetClient("http://127.0.0.1:9", retry=Retry(attempts=2, first=0.01)).score([{}])

    def test_patience_is_for_the_gateway_and_not_for_the_call(self) -> None:
        now = [0.0]
        attempts = Attempts(Retry(attempts=10, first=1, longest=1, patience=100), clock=lambda: now[0])
        for _ in range(3):
            now[0] += 10_000  # a call is answered, and breaks
            self.assertIsNotNone(attempts.pause(None))
        for _ in range(3):
            with self.assertRaises(OSError), attempts.connecting():
                now[0] += 30
                raise OSError("no way there")
        self.assertIsNotNone(attempts.pause(None))
        self.assertIsNone(attempts.pause(30))
        attempts.progressed()
        self.assertIsNotNone(attempts.pause(30))

    def test_a_pause_that_is_longer_than_the_patience_is_not_made(self) -> None:
        with ScriptedGateway(refuse(503, Retry_After="301")) as server:
            with self.assertRaises(GatewayUnavailable):
                self.client(server).score([{}])
            self.assertEqual((len(server.requests), self.pauses), (1, []))

    def test_why_a_body_is_refused_is_read_although_it_is_not(self) -> None:
        def refuse_unread(handler):
            handler.close_connection = True
            reply(handler, 413, {"status": 413, "code": "too_large", "detail": "Send fewer rows."})

        with ScriptedGateway(refuse_unread) as server:
            with self.assertRaises(GatewayError) as refused:
                self.client(server).score([{"response": "x" * 30_000_000}])
            self.assertEqual((refused.exception.code, len(server.requests)), ("too_large", 1))

    def test_an_answer_with_too_few_results_is_none(self) -> None:
        with ScriptedGateway(lambda handler: (handler.rfile.read(int(handler.headers["Content-Length"])), reply(handler, 200, {"rows": [result(1)]}))) as server:
            with self.assertRaises(FleetError):
                self.client(server).score([{}, {}])

    def test_connections_are_used_again(self) -> None:
        with ScriptedGateway(answer) as server:
            fleet = self.client(server)
            for _ in range(20):
                fleet.score([{}])
            self.assertEqual(len(server.connections), 1)

    def test_a_stream_that_breaks_goes_on_where_it_broke(self) -> None:
        with ScriptedGateway(lines(3), refuse(429, Retry_After="0"), lines(0), lines(2), lines(1000)) as server:
            results = list(self.client(server).stream([{"n": n} for n in range(40)], window=10))
        self.assertEqual(sorted((result.index, result.reward) for result in results), [(n, n) for n in range(40)])

    def test_pauses_grow_and_differ(self) -> None:
        retry = Retry(first=1, longest=8, seed=1)
        self.assertTrue(all(0 <= retry.pause(attempt, None) <= min(8, 2**attempt) for attempt in range(10)))
        self.assertGreater(len({retry.pause(3, None) for _ in range(10)}), 5)
        self.assertTrue(all(5 <= retry.pause(0, 5) <= 10 for _ in range(20)))

    def test_retry_after_is_a_number_or_a_date(self) -> None:
        self.assertEqual((retry_after_of("7"), retry_after_of(None), retry_after_of("soon")), (7.0, None, None))
        self.assertEqual(retry_after_of("Wed, 21 Oct 2015 07:28:00 GMT"), 0.0)

    def test_an_address_that_is_none_is_said_so(self) -> None:
        with self.assertRaises(ValueError):
            FleetClient("ftp://host")


if __name__ == "__main__":
    unittest.main()
