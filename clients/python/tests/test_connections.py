"""Connections that are forked, encrypted or cut."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

from fleet_rewards import AsyncFleetClient, FleetClient

from .scripted import ScriptedGateway, answer, lines, welcome


@unittest.skipUnless(hasattr(os, "fork"), "There is no fork here.")
class Forked(unittest.TestCase):
    def in_a_child(self, work) -> None:
        child = os.fork()
        if child == 0:
            signal.alarm(60)
            code = 1
            try:
                work()
                code = 0
            finally:
                os._exit(code)
        self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_a_child_opens_connections_of_its_own(self) -> None:
        with ScriptedGateway(answer) as server, FleetClient(server.url) as fleet:
            fleet.score([{}])
            # Whatever another thread of the parent held is held for ever in a child.
            with fleet._gateway._lock:
                self.in_a_child(lambda: fleet.score([{}]))
            self.assertEqual(len(server.connections), 2)
            fleet.score([{}])
            self.assertEqual(len(server.connections), 2)

    def test_a_client_that_is_awaited_has_threads_in_a_child(self) -> None:
        with ScriptedGateway(answer) as server:
            fleet = AsyncFleetClient(server.url, threads=1)
            asyncio.run(fleet.score([{}]))
            self.in_a_child(lambda: asyncio.run(fleet.score([{}])))
            asyncio.run(fleet.close())


class Cancelled(unittest.IsolatedAsyncioTestCase):
    async def cancel(self, rows, step, ready: threading.Event) -> None:
        """Cancels a stream once it is ready, and expects that nothing of it goes on."""

        async def read() -> None:
            async for _ in fleet.stream(rows, window=None):
                pass

        with ScriptedGateway(step) as server:
            async with AsyncFleetClient(server.url) as fleet:
                reading = asyncio.create_task(read())
                self.assertTrue(await asyncio.to_thread(ready.wait, 30))
                reading.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await reading
                # The thread that waited for a result ends when the one that sent has ended.
                await asyncio.wait_for(asyncio.to_thread(fleet._threads.shutdown), 30)

    async def test_a_stream_whose_results_are_waited_for_ends_at_once(self) -> None:
        begun, gone = threading.Event(), threading.Event()

        def silent(handler) -> None:
            welcome(handler)
            begun.set()
            while handler.rfile.read(1):
                pass
            gone.set()

        async def rows():
            yield {"n": 0}
            await asyncio.Event().wait()

        await self.cancel(rows(), silent, begun)
        self.assertTrue(await asyncio.to_thread(gone.wait, 30))

    async def test_a_stream_whose_rows_are_not_read_ends_at_once(self) -> None:
        made, over = threading.Event(), threading.Event()
        self.addCleanup(over.set)

        def deaf(handler) -> None:
            welcome(handler)
            over.wait(60)

        def rows():
            for _ in range(64):
                yield {"response": "x" * 1_000_000}
            made.set()
            over.wait(60)

        await self.cancel(rows(), deaf, made)

    async def test_a_stream_may_outlive_its_client(self) -> None:
        with ScriptedGateway(lines(1000)) as server:
            async with AsyncFleetClient(server.url) as fleet:
                stream = fleet.stream([{"n": n} for n in range(10)])
                await stream.__anext__()
            await stream.aclose()


@unittest.skipUnless(shutil.which("openssl"), "openssl makes the certificate, and is not installed here.")
class Encrypted(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        key, certificate = Path(folder.name, "key.pem"), Path(folder.name, "certificate.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=gateway", "-addext", "subjectAltName=IP:127.0.0.1",
             "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate, key)
        trusted = mock.patch.dict(os.environ, {"SSL_CERT_FILE": str(certificate)})
        trusted.start()
        self.addCleanup(trusted.stop)

    def test_rows_go_up_while_results_come_down(self) -> None:
        with ScriptedGateway(answer, lines(10_000), tls=self.tls) as server, FleetClient(server.url) as fleet:
            self.assertEqual(len(fleet.score([{}])), 1)
            results = list(fleet.stream(({"n": n, "response": "x" * 1000} for n in range(3000)), window=100))
        self.assertEqual([(result.index, result.reward) for result in results], [(n, n) for n in range(3000)])


if __name__ == "__main__":
    unittest.main()
