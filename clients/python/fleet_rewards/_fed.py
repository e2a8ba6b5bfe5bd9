"""The rows of an async generator, for a thread that waits for each."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from typing import Any, AsyncIterable, Iterator, Mapping, Optional

_END = object()


class Fed:
    """An iterator over what is made on an event loop."""

    def __init__(self, rows: AsyncIterable[Mapping[str, Any]], loop: asyncio.AbstractEventLoop) -> None:
        self._rows = rows.__aiter__()
        self._loop = loop
        self._next: Optional["concurrent.futures.Future[Any]"] = None
        self._stopped = False
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        while True:
            with self._lock:
                if self._stopped:
                    return
                self._next = asyncio.run_coroutine_threadsafe(self._take(), self._loop)
            try:
                row = self._next.result()
            except concurrent.futures.CancelledError:
                return
            if row is _END:
                return
            yield row

    def stop(self) -> None:
        """Ends the rows, and the wait for the next one."""
        with self._lock:
            self._stopped = True
            if self._next is not None:
                self._next.cancel()

    async def _take(self) -> Any:
        try:
            return await self._rows.__anext__()
        except StopAsyncIteration:
            return _END
