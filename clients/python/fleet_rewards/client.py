"""The client: rows in, results out, all at once or one by one."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional

from . import _rows
from ._http import Gateway, Retry
from ._stream import Stream
from .results import RowResult, reward_of

Row = Mapping[str, Any]

DEFAULT_URL = "http://127.0.0.1:8080"
_BATCH_ROWS = 4096
_BATCH_BYTES = 16 * 1024 * 1024


class FleetClient:
    """A client of one gateway; it keeps its connections and may be shared by threads.

    :param url: the gateway; default ``FLEET_URL``, else ``http://127.0.0.1:8080``.
    :param api_key: default ``FLEET_API_KEY``; a key may also stand in the address, ``http://any:KEY@host:8080``.
    :param timeout: seconds without a byte after which a connection counts as dead.
    :param retry: how often a request is tried again.
    """

    def __init__(self, url: Optional[str] = None, api_key: Optional[str] = None, timeout: float = 600.0, retry: Optional[Retry] = None) -> None:
        self._gateway = Gateway(
            url or os.environ.get("FLEET_URL") or DEFAULT_URL,
            api_key or os.environ.get("FLEET_API_KEY"),
            timeout,
            retry or Retry(),
        )

    def score(self, rows: Iterable[Row], timeout: Optional[float] = None) -> List[RowResult]:
        """Scores rows: one result a row, in order.

        :param timeout: seconds that the fleet may take for a request; rows without a score by then are ``timed_out``.
        """
        path = "/v1/rewards" if timeout is None else f"/v1/rewards?timeout={timeout:g}"
        results: List[RowResult] = []
        for batch in _batches(rows):
            answer = json.loads(self._gateway.request(
                "POST", path, b"[" + b",".join(batch) + b"]", {"Content-Type": "application/json", "Accept": "application/json"}))
            for raw in answer["rows"]:
                results.append(RowResult.of(len(results), raw))
        return results

    def rewards(self, rows: Iterable[Row], unscored: Any = None, value: str = "reward", timeout: Optional[float] = None) -> List[Any]:
        """The rewards of rows alone; ``unscored`` stands where a row has none, and ``RAISE`` raises."""
        return [reward_of(result, unscored, value) for result in self.score(rows, timeout)]

    def stream(self, rows: Iterable[Row], ordered: bool = False, window: int = 1024, timeout: Optional[float] = None) -> Iterator[RowResult]:
        """Scores rows while they are still generated: each result comes as soon as it is there, or in order.

        The rows are read on a thread of their own, at most ``window`` ahead of the results that were taken.
        A connection that breaks is opened again, and only rows without a result are sent again.
        """
        return Stream(self._gateway, rows, ordered, window, timeout).results()

    def health(self) -> Dict[str, Any]:
        """What ``/v1/health`` says; a gateway that cannot score at all raises :class:`GatewayUnavailable`."""
        return json.loads(self._gateway.request("GET", "/v1/health"))

    def ranks(self) -> List[Dict[str, Any]]:
        """The live workers."""
        return json.loads(self._gateway.request("GET", "/v1/ranks"))["ranks"]

    def score_arrow(self, table: Any, on_unscored: str = "nan") -> Any:
        """Scores a ``pyarrow.Table`` (see :mod:`fleet_rewards.arrow`) and returns the tensors as another. Needs pyarrow."""
        from . import arrow

        answer = self._gateway.request(
            "POST", f"/v1/rewards?on_unscored={on_unscored}", arrow.write(table), {"Content-Type": arrow.MEDIA_TYPE, "Accept": arrow.MEDIA_TYPE})
        return arrow.read(answer)

    def close(self) -> None:
        self._gateway.close()

    def __enter__(self) -> "FleetClient":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def _batches(rows: Iterable[Row]) -> Iterator[List[bytes]]:
    batch: List[bytes] = []
    size = 0
    for row in rows:
        line = _rows.encode(row)
        if batch and (len(batch) == _BATCH_ROWS or size + len(line) > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield batch
