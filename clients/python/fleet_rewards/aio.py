"""The client for asyncio: the same calls on threads of its own, so that the loop never waits."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
from typing import Any, AsyncIterable, AsyncIterator, Dict, Iterable, List, Optional, Union

from ._call import Call
from ._fed import Fed
from ._fork import renew_in_child
from ._retry import Retry
from .client import FleetClient, Row
from .results import RowResult, reward_of

_END: Any = object()


class AsyncFleetClient:
    """As :class:`FleetClient`, to be awaited. At most ``threads`` calls are made at the same time; more wait."""

    def __init__(
        self,
        url: Optional[str] = None,
        api_key: Optional[str] = None,
        timeout: Optional[float] = None,
        retry: Optional[Retry] = None,
        threads: int = 64,
    ) -> None:
        self._client = FleetClient(url, api_key, timeout, retry)
        self._count = threads
        self.renew()
        renew_in_child(self)

    def renew(self) -> None:
        """In a forked child: the parent's threads are not there."""
        self._threads = concurrent.futures.ThreadPoolExecutor(self._count, thread_name_prefix="fleet")

    async def score(
        self, rows: Iterable[Row], timeout: Optional[float] = None, lane: Optional[str] = None, order: Optional[str] = None
    ) -> List[RowResult]:
        """As :meth:`FleetClient.score`."""
        return await self._run(self._client.score, rows, timeout, lane, order)

    async def rewards(
        self, rows: Iterable[Row], unscored: Any = None, value: str = "reward", timeout: Optional[float] = None, lane: Optional[str] = None
    ) -> List[Any]:
        """The rewards of rows alone."""
        return [reward_of(result, unscored, value) for result in await self.score(rows, timeout, lane)]

    async def stream(
        self,
        rows: Union[Iterable[Row], AsyncIterable[Row]],
        ordered: bool = False,
        window: Optional[int] = 1024,
        timeout: Optional[float] = None,
        lane: Optional[str] = None,
        order: Optional[str] = None,
    ) -> AsyncIterator[RowResult]:
        """As :meth:`FleetClient.stream`; the rows may come from an async generator. Cancelling it ends its call at once."""
        fed = Fed(rows, asyncio.get_running_loop()) if isinstance(rows, AsyncIterable) else rows
        stream = self._client._stream(fed, ordered, window, Call(timeout, lane, order))
        results = stream.results()
        try:
            while True:
                result = await self._run(next, results, _END)
                if result is _END:
                    return
                yield result
        finally:
            if isinstance(fed, Fed):
                fed.stop()
            stream.stop()
            # One that waits on its thread was woken, and ends there.
            with contextlib.suppress(ValueError):
                results.close()

    async def score_arrow(self, table: Any, on_unscored: str = "nan", timeout: Optional[float] = None, lane: Optional[str] = None) -> Any:
        """As :meth:`FleetClient.score_arrow`."""
        return await self._run(self._client.score_arrow, table, on_unscored, timeout, lane)

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
