"""What a call says in its address, and how long its connection may be silent."""

from __future__ import annotations

import http.client
import unittest
from unittest import mock

from fleet_rewards import AsyncFleetClient, FleetClient
from fleet_rewards._call import Call

from .scripted import ScriptedGateway, answer, last


class Addresses(unittest.IsolatedAsyncioTestCase):
    def test_what_is_not_said_is_left_to_the_gateway(self) -> None:
        self.assertEqual(Call().path, "/v1/rewards")
        self.assertEqual(Call(86400.125, "evaluation", "finished", "drop_row").path,
                         "/v1/rewards?timeout=86400.125&lane=evaluation&order=finished&on_unscored=drop_row")
        self.assertEqual(Call(lane="a&b").path, "/v1/rewards?lane=a%26b")

    def test_lane_order_and_timeout_reach_the_gateway(self) -> None:
        with ScriptedGateway(answer, last) as server, FleetClient(server.url) as fleet:
            fleet.score([{"n": 1}], timeout=5, lane="evaluation", order="finished")
            list(fleet.stream([{"n": 1}], timeout=6, lane="training", order="input"))
            self.assertEqual([path for path, _ in server.requests],
                             ["/v1/rewards?timeout=5.0&lane=evaluation&order=finished", "/v1/rewards?timeout=6.0&lane=training&order=input"])

    async def test_they_do_when_they_are_awaited(self) -> None:
        with ScriptedGateway(answer, last) as server:
            async with AsyncFleetClient(server.url) as fleet:
                await fleet.score([{"n": 1}], 5, "evaluation", "finished")
                self.assertEqual([result.reward async for result in fleet.stream([{"n": 1}], timeout=6, lane="training", order="input")], [1])
            self.assertEqual([path for path, _ in server.requests],
                             ["/v1/rewards?timeout=5.0&lane=evaluation&order=finished", "/v1/rewards?timeout=6.0&lane=training&order=input"])

    async def test_tables_have_a_timeout_and_can_be_awaited(self) -> None:
        # pyarrow is not installed everywhere: bytes stand for tables.
        with mock.patch("fleet_rewards.arrow.write", bytes), mock.patch("fleet_rewards.arrow.read", bytes), ScriptedGateway(table) as server:
            async with AsyncFleetClient(server.url) as fleet:
                self.assertEqual(await fleet.score_arrow(b"rows", "zero", timeout=1800, lane="evaluation"), b"tensors")
            self.assertEqual(server.requests[0][0], "/v1/rewards?timeout=1800.0&lane=evaluation&on_unscored=zero")


class Silence(unittest.TestCase):
    def setUp(self) -> None:
        self.timeouts = []
        request = http.client.HTTPConnection.request

        def noting(connection, *arguments, **named):
            self.timeouts.append(connection.sock.gettimeout())
            request(connection, *arguments, **named)

        patch = mock.patch.object(http.client.HTTPConnection, "request", noting)
        patch.start()
        self.addCleanup(patch.stop)

    def test_a_connection_is_patient_for_as_long_as_its_call_may_take(self) -> None:
        with ScriptedGateway(answer) as server, FleetClient(server.url) as fleet:
            fleet.score([{}])
            fleet.score([{}], timeout=1800)
            fleet.score([{}], timeout=1)
            self.assertEqual(len(server.connections), 1)
        # A gateway's request_timeout_s is 600 unless it is configured otherwise: it goes first.
        self.assertEqual(self.timeouts, [660, 1860, 660])

    def test_a_timeout_of_ones_own_holds_where_the_call_asks_for_less(self) -> None:
        with ScriptedGateway(answer) as server, FleetClient(server.url, timeout=90) as fleet:
            fleet.score([{}])
            fleet.score([{}], timeout=100)
        self.assertEqual(self.timeouts, [90, 160])

    def test_a_stream_is_silent_for_as_long_as_the_gateway_lets_it(self) -> None:
        with FleetClient("http://127.0.0.1:9") as fleet:
            self.assertEqual([fleet._stream([], False, 1, Call(limit))._silence for limit in (None, 7200)], [3660, 7260])
        with FleetClient("http://127.0.0.1:9", timeout=90) as fleet:
            self.assertEqual([fleet._stream([], False, 1, Call(limit))._silence for limit in (None, 7200)], [90, 7260])


def table(handler) -> None:
    handler.rfile.read(int(handler.headers["Content-Length"]))
    handler.send_response(200)
    handler.send_header("Content-Length", "7")
    handler.end_headers()
    handler.wfile.write(b"tensors")


if __name__ == "__main__":
    unittest.main()
