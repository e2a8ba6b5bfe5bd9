"""The client for asyncio: the same calls on threads of its own, so that the loop never waits."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from typing import Any, AsyncIterable, AsyncIterator, Dict, Iterable, Iterator, List, Optional, Union

from ._http import Retry
from .client import FleetClient, Row
from .results import RowResult, reward_of

_END = object()


class AsyncFleetClient:
    """As :class:`FleetClient`, to be awaited. At most ``threads`` calls are made at the same time; more wait."""

    def __init__(
        self, url: Optional[str] = None, api_key: Optional[str] = None, timeout: float = 600.0, retry: Optional[Retry] = None, threads: int = 64
    ) -> None:
        self._client = FleetClient(url, api_key, timeout, retry)
        self._threads = concurrent.futures.ThreadPoolExecutor(threads, thread_name_prefix="fleet")

    async def score(self, rows: Iterable[Row], timeout: Optional[float] = None) -> List[RowResult]:
        """Scores rows: one result a row, in order."""
        return await self._run(self._client.score, rows, timeout)

    async def rewards(self, rows: Iterable[Row], unscored: Any = None, value: str = "reward", timeout: Optional[float] = None) -> List[Any]:
        """The rewards of rows alone."""
        return [reward_of(result, unscored, value) for result in await self.score(rows, timeout)]

    async def stream(
        self, rows: Union[Iterable[Row], AsyncIterable[Row]], ordered: bool = False, window: int = 1024, timeout: Optional[float] = None
    ) -> AsyncIterator[RowResult]:
        """Scores rows while they are still generated; the rows may come from an async generator."""
        loop = asyncio.get_running_loop()
        fed = _Fed(rows, loop) if isinstance(rows, AsyncIterable) else None
        results = self._client.stream(fed if fed is not None else rows, ordered, window, timeout)
        try:
            while True:
                result = await self._run(next, results, _END)
                if result is _END:
                    return
                yield result
        finally:
            if fed is not None:
                fed.stop()
            # A generator that waits for a result on its thread can only be closed there.
            self._threads.submit(_close, results)

    async def health(self) -> Dict[str, Any]:
        return await self._run(self._client.health)

    async def ranks(self) -> List[Dict[str, Any]]:
        return await self._run(self._client.ranks)

    async def close(self) -> None:
        self._client.close()
        self._threads.shutdown(wait=False)

    async def __aenter__(self) -> "AsyncFleetClient":
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.close()

    async def _run(self, call: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)


class _Fed:
    """The rows of an async generator, for a thread that waits for each."""

    def __init__(self, rows: AsyncIterable[Row], loop: asyncio.AbstractEventLoop) -> None:
        self._rows = rows.__aiter__()
        self._loop = loop
        self._next: Optional[concurrent.futures.Future] = None
        self._stopped = False
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Row]:
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
        with self._lock:
            self._stopped = True
            if self._next is not None:
                self._next.cancel()

    async def _take(self) -> Any:
        try:
            return await self._rows.__anext__()
        except StopAsyncIteration:
            return _END


def _close(results: Any) -> None:
    try:
        results.close()
    except ValueError:
        # It is running on another thread, which ends it.
        pass
