"""One open call: lines go up on a thread while results come down; what broke is taken up where it broke."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Any, Dict, Generator, Iterable, Iterator, Mapping, Optional

from ._address import Connection
from ._call import Call
from ._http import BROKEN, STREAM_SECONDS, Gateway, problem_of
from ._intake import Intake
from ._retry import RETRIED, Attempts, retry_after_of
from ._wire import Wire
from .errors import GatewayError, GatewayUnavailable
from .results import RowResult

_LINES = {"Content-Type": "application/x-ndjson", "Accept": "application/x-ndjson", "Transfer-Encoding": "chunked"}


class Stream:
    """The results of rows that may still be generated."""

    def __init__(self, gateway: Gateway, rows: Iterable[Mapping[str, Any]], call: Call, ordered: bool, window: Optional[int]) -> None:
        self._gateway = gateway
        self._intake = Intake(rows, window)
        self._call = call
        self._ordered = ordered
        self._silence = gateway.silence(call.timeout, STREAM_SECONDS)
        self._wire: Optional[Wire] = None

    def results(self) -> Generator[RowResult, None, None]:
        """The results, until every row has one."""
        self._intake.start()
        try:
            yield from self._in_order() if self._ordered else self._as_finished()
        finally:
            self.stop()

    def stop(self) -> None:
        """Ends the results and wakes whoever waits for one. Any thread may say so."""
        self._intake.stop()
        wire = self._wire
        if wire is not None:
            wire.cut()

    def _in_order(self) -> Iterator[RowResult]:
        early: Dict[int, RowResult] = {}
        due = 0
        for result in self._as_finished(counts=False):
            early[result.index] = result
            while due in early:
                yield early.pop(due)
                due += 1
                self._intake.took()

    def _as_finished(self, counts: bool = True) -> Iterator[RowResult]:
        attempts = Attempts(self._gateway.retry)
        while self._intake.wait():
            retry_after: Optional[float] = None
            last: Exception
            try:
                for result in self._one_connection(attempts):
                    attempts.progressed()
                    yield result
                    if counts:
                        self._intake.took()
                last = http.client.IncompleteRead(b"")
            except _Refused as refused:
                last, retry_after = refused.problem, refused.retry_after
                if refused.problem.status not in RETRIED:
                    raise refused.problem from None
            except BROKEN as broken:
                last = broken
            if self._intake.is_over:
                break
            pause = attempts.pause(retry_after)
            if pause is None:
                raise GatewayUnavailable(f"The stream broke and could not be taken up again: {last}", last)
            self._intake.stopped.wait(pause)
        if self._intake.failure is not None and not self._intake.stopped.is_set():
            raise self._intake.failure

    def _one_connection(self, attempts: Attempts) -> Iterator[RowResult]:
        with attempts.connecting():
            connection = self._gateway.address.connect(self._silence)
        wire = Wire(connection.sock, self._silence)
        connection.sock = wire  # type: ignore[assignment]
        sender = threading.Thread(target=self._send, args=(wire,), name="fleet-send", daemon=True)
        self._wire = wire
        try:
            # Whoever stopped the stream before the wire stood there could not cut it.
            if self._intake.stopped.is_set():
                return
            self._intake.begin()
            self._ask(connection)
            sender.start()
            response = connection.getresponse()
            if response.status != 200:
                raise _Refused(problem_of(response.status, response.read()), retry_after_of(response.getheader("Retry-After")))
            yield from self._results(response)
        finally:
            self._intake.end()
            wire.cut()
            if sender.is_alive():
                sender.join()
            self._wire = None
            connection.close()
            wire.end()

    def _ask(self, connection: Connection) -> None:
        address = self._gateway.address
        connection.putrequest("POST", address.path(self._call.path))
        for name, value in {**address.headers, **_LINES}.items():
            connection.putheader(name, value)
        connection.endheaders()

    def _results(self, response: http.client.HTTPResponse) -> Iterator[RowResult]:
        number = 0
        # Read the response line by line: a chunk holds whole lines, and a broken last line is no result.
        while True:
            line = response.readline()
            if not line.endswith(b"\n"):
                return
            raw = json.loads(line)
            number += 1
            # Results in the order of the rows need not say whose they are.
            index = self._intake.answered(raw.get("line", number))
            if index is not None:
                yield RowResult.of(index, raw)

    def _send(self, wire: Wire) -> None:
        try:
            while True:
                lines = self._intake.next_lines()
                if lines is None:
                    wire.sendall(b"0\r\n\r\n")
                    return
                if not lines:
                    return
                wire.sendall(b"%x\r\n%b\r\n" % (len(lines), lines))
        except BROKEN:
            # Whoever reads the answer must not wait for what cannot come any more.
            wire.cut()


class _Refused(Exception):
    def __init__(self, problem: GatewayError, retry_after: Optional[float]) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.retry_after = retry_after
