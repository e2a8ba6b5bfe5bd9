"""One open request: lines go up on a thread while results come down; what broke is taken up where it broke."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional

from . import _rows
from ._http import BROKEN, RETRIED, Gateway, problem_of, retry_after_of
from .errors import GatewayUnavailable
from .results import RowResult


class Stream:
    """The rows of one call and what became of them. Rows are kept until their result is there."""

    def __init__(self, gateway: Gateway, rows: Iterable[Mapping[str, Any]], ordered: bool, window: int, timeout: Optional[float]) -> None:
        if window < 1:
            raise ValueError(f"window is {window}; at least 1 is expected.")
        self._gateway = gateway
        self._rows = iter(rows)
        self._ordered = ordered
        self._path = "/v1/rewards" if timeout is None else f"/v1/rewards?timeout={timeout:g}"
        self._changed = threading.Condition()
        self._window = window
        self._read = 0
        self._taken = 0
        self._pending: Dict[int, bytes] = {}
        self._unsent: List[int] = []
        self._at_end = False
        self._stopped = False
        self._failure: Optional[BaseException] = None

    def results(self) -> Iterator[RowResult]:
        """The results, until every row has one."""
        reader = threading.Thread(target=self._read_rows, name="fleet-rows", daemon=True)
        reader.start()
        try:
            yield from self._in_order() if self._ordered else self._as_finished()
        finally:
            with self._changed:
                self._stopped = True
                self._changed.notify_all()

    def _in_order(self) -> Iterator[RowResult]:
        early: Dict[int, RowResult] = {}
        due = 0
        for result in self._as_finished(counts=False):
            early[result.index] = result
            while due in early:
                yield early.pop(due)
                due += 1
                self._took()

    def _as_finished(self, counts: bool = True) -> Iterator[RowResult]:
        attempt, broken_since = 0, time.monotonic()
        while not self._is_done():
            retry_after: Optional[float] = None
            last: Optional[BaseException] = None
            try:
                for result in self._one_connection():
                    attempt, broken_since = 0, time.monotonic()
                    yield result
                    if counts:
                        self._took()
                if self._is_done():
                    break
                last = http.client.IncompleteRead(b"")
            except _Refused as refused:
                last, retry_after = refused.problem, refused.retry_after
                if refused.problem.status not in RETRIED:
                    raise refused.problem from None
            except BROKEN as broken:
                last = broken
            if attempt == 0:
                broken_since = time.monotonic()
            pause = self._gateway.retry.pause(attempt, retry_after)
            attempt += 1
            if attempt >= self._gateway.retry.attempts or time.monotonic() - broken_since + pause > self._gateway.retry.patience:
                raise GatewayUnavailable(f"The stream broke and could not be taken up again: {last}", last)
            time.sleep(pause)
        if self._failure is not None:
            raise self._failure

    def _one_connection(self) -> Iterator[RowResult]:
        if not self._wait_for_rows():
            return
        connection = self._gateway.connect()
        # An answer that ends with its connection makes the library let go of the socket while lines still go up on it.
        line_up = connection.sock
        numbers: List[int] = []
        with self._changed:
            self._unsent = sorted(self._pending)
        over = threading.Event()
        response: Optional[http.client.HTTPResponse] = None
        sender = threading.Thread(target=self._send, args=(line_up, numbers, over), name="fleet-send", daemon=True)
        try:
            connection.putrequest("POST", self._gateway.path(self._path))
            for name, value in {
                **self._gateway.headers,
                "Content-Type": "application/x-ndjson",
                "Accept": "application/x-ndjson",
                "Transfer-Encoding": "chunked",
            }.items():
                connection.putheader(name, value)
            connection.endheaders()
            sender.start()
            response = connection.getresponse()
            if response.status != 200:
                raise _Refused(problem_of(response.status, response.read()), retry_after_of(response.getheader("Retry-After")))
            # Read the response line by line: a chunk holds whole lines, and a broken last line is no result.
            while True:
                line = response.readline()
                if not line.endswith(b"\n"):
                    return
                raw = json.loads(line)
                with self._changed:
                    index = numbers[raw["line"] - 1]
                    known = self._pending.pop(index, None) is not None
                    self._changed.notify_all()
                if known:
                    yield RowResult.of(index, raw)
        finally:
            over.set()
            with self._changed:
                self._changed.notify_all()
            if response is not None:
                response.close()
            connection.close()
            line_up.close()
            if sender.is_alive():
                sender.join(timeout=5)

    def _send(self, line_up: socket.socket, numbers: List[int], over: threading.Event) -> None:
        try:
            while True:
                lines = self._next_lines(numbers, over)
                if lines is None:
                    break
                line_up.sendall(b"%x\r\n%b\r\n" % (len(lines), lines))
            if not over.is_set():
                line_up.sendall(b"0\r\n\r\n")
        except BROKEN:
            # The answer's end tells the same, to whoever reads it.
            return

    def _next_lines(self, numbers: List[int], over: threading.Event) -> Optional[bytes]:
        """All lines that wait to be sent, as soon as there is one; None at the end."""
        with self._changed:
            while not self._unsent and not self._at_end and not over.is_set() and not self._stopped:
                self._changed.wait()
            if over.is_set() or self._stopped or not self._unsent:
                return None
            indices, self._unsent = self._unsent, []
            numbers.extend(indices)
            return b"".join(self._pending[index] + b"\n" for index in indices)

    def _read_rows(self) -> None:
        try:
            for row in self._rows:
                line = _rows.encode(row)
                with self._changed:
                    while self._read - self._taken >= self._window and not self._stopped:
                        self._changed.wait()
                    if self._stopped:
                        return
                    self._pending[self._read] = line
                    self._unsent.append(self._read)
                    self._read += 1
                    self._changed.notify_all()
        except BaseException as failure:  # noqa: BLE001 - it belongs to whoever reads the results
            self._failure = failure
        finally:
            with self._changed:
                self._at_end = True
                self._changed.notify_all()

    def _wait_for_rows(self) -> bool:
        with self._changed:
            while not self._pending and not self._at_end:
                self._changed.wait()
            return bool(self._pending)

    def _took(self) -> None:
        with self._changed:
            self._taken += 1
            self._changed.notify_all()

    def _is_done(self) -> bool:
        with self._changed:
            return self._at_end and not self._pending


class _Refused(Exception):
    def __init__(self, problem: Any, retry_after: Optional[float]) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.retry_after = retry_after
