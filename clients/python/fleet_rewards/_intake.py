"""The rows of a stream: read on a thread of their own, sent, and kept until they are answered."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any, Deque, Iterable, List, Mapping, Optional

from ._ledger import Ledger, Line
from ._rows import encode, group_of

_CHUNK_BYTES = 256 * 1024


class Intake:
    """What was read, and what of it one connection after the other sends.

    :param window: rows that are read ahead of those that were taken; None for any number.
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]], window: Optional[int]) -> None:
        if window is not None and window < 1:
            raise ValueError(f"window is {window}; at least 1 is expected, or None for no bound.")
        self._rows = iter(rows)
        self._window = window
        self._changed = threading.Condition()
        self._ledger = Ledger()
        self._unsent: Deque[Line] = deque()
        self._sent: List[int] = []
        self._read = 0
        self._taken = 0
        self._at_end = False
        self._is_sending = False
        self.stopped = threading.Event()
        self.failure: Optional[BaseException] = None
        """What reading the rows ended with, where that was no end."""

    def start(self) -> None:
        """Begins to read."""
        threading.Thread(target=self._read_rows, name="fleet-rows", daemon=True).start()

    def stop(self) -> None:
        """Gives up what was not answered, and wakes whoever waits here."""
        self.stopped.set()
        with self._changed:
            self._changed.notify_all()

    @property
    def is_over(self) -> bool:
        """Whether no row needs a result any more."""
        with self._changed:
            return self.stopped.is_set() or (self._at_end and not self._ledger.is_open)

    def wait(self) -> bool:
        """Waits for a row without a result; false when there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._ledger.is_open or self._at_end or self.stopped.is_set())
            return self._ledger.is_open and not self.stopped.is_set()

    def begin(self) -> None:
        """A connection begins: whatever is kept has to be sent on it."""
        with self._changed:
            self._unsent = deque(self._ledger.lines())
            self._sent = []
            self._is_sending = True

    def end(self) -> None:
        """The connection is over."""
        with self._changed:
            self._is_sending = False
            self._changed.notify_all()

    def next_lines(self) -> Optional[bytes]:
        """Lines that wait to be sent, as soon as there is one; None at the end of the rows, empty when the connection is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._unsent or self._at_end or self._is_cut_off())
            if self._is_cut_off():
                return b""
            if not self._unsent:
                return None
            chunk = bytearray()
            while self._unsent and len(chunk) < _CHUNK_BYTES:
                index, line = self._unsent.popleft()
                self._sent.append(index)
                chunk += line + b"\n"
            return bytes(chunk)

    def answered(self, number: int) -> Optional[int]:
        """The position of a row by its number on this connection, from 1; None where the row has a result already."""
        with self._changed:
            index = self._sent[number - 1]
            return index if self._ledger.answer(index) else None

    def took(self) -> None:
        """A result was taken: one row more may be read."""
        with self._changed:
            self._taken += 1
            self._changed.notify_all()

    def _is_cut_off(self) -> bool:
        return self.stopped.is_set() or not self._is_sending

    def _has_room(self) -> bool:
        return self._window is None or self._read - self._taken < self._window

    def _read_rows(self) -> None:
        try:
            for row in self._rows:
                line, group = encode(row), group_of(row)
                with self._changed:
                    self._changed.wait_for(lambda: self._has_room() or self.stopped.is_set())
                    if self.stopped.is_set():
                        return
                    self._ledger.add(self._read, line, group)
                    self._unsent.append((self._read, line))
                    self._read += 1
                    self._changed.notify_all()
        except BaseException as failure:  # noqa: BLE001 - it belongs to whoever reads the results
            self.failure = failure
        finally:
            with self._changed:
                self._at_end = True
                self._changed.notify_all()
