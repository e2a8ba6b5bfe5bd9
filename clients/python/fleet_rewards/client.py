"""The client: rows in, results out, all at once or one by one."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional

from ._address import Address
from ._batches import Batch, batches
from ._call import Call
from ._http import Gateway
from ._retry import Retry
from ._stream import Stream
from .errors import FleetError
from .results import RowResult, reward_of

Row = Mapping[str, Any]

DEFAULT_URL = "http://127.0.0.1:8080"
_JSON = {"Content-Type": "application/json", "Accept": "application/json"}


class FleetClient:
    """A client of one gateway; it keeps its connections and may be shared by threads. A forked child opens its own.

    :param url: the gateway; default ``FLEET_URL``, else ``http://127.0.0.1:8080``.
    :param api_key: default ``FLEET_API_KEY``; a key may also stand in the address, ``http://any:KEY@host:8080``.
    :param timeout: seconds without a byte after which a connection counts as dead; default: a minute more than a gateway
        takes for a call unless it is configured otherwise. A call's own timeout may be longer: then that and a minute.
    :param retry: how often a request is tried again.
    """

    def __init__(
        self, url: Optional[str] = None, api_key: Optional[str] = None, timeout: Optional[float] = None, retry: Optional[Retry] = None
    ) -> None:
        address = Address(url or os.environ.get("FLEET_URL") or DEFAULT_URL, api_key or os.environ.get("FLEET_API_KEY"))
        self._gateway = Gateway(address, timeout, retry or Retry())

    def score(self, rows: Iterable[Row], timeout: Optional[float] = None, lane: Optional[str] = None, order: Optional[str] = None) -> List[RowResult]:
        """Scores rows: one result a row, in the order of the rows.

        A request has at most 4,096 rows or 16 MiB, but all rows of a ``group_id``, wherever in the list they stand. Where
        the gateway normalises over the batch, each request is one: :meth:`stream` makes one call of any number of rows.

        :param timeout: seconds that the fleet may take for a request; rows without a score by then are ``timed_out``.
            Default: the gateway's ``request_timeout_s``.
        :param lane: ``training``, or ``evaluation``, which goes before training rows that wait.
        :param order: in which the gateway sends the results, ``input`` or ``finished``; the list is in order anyway.
        """
        call = Call(timeout, lane, order)
        results: Dict[int, RowResult] = {}
        for batch in batches(rows):
            results.update(self._score(batch, call))
        return [results[index] for index in range(len(results))]

    def rewards(
        self, rows: Iterable[Row], unscored: Any = None, value: str = "reward", timeout: Optional[float] = None, lane: Optional[str] = None
    ) -> List[Any]:
        """The rewards of rows alone; ``unscored`` stands where a row has none, and ``RAISE`` raises."""
        return [reward_of(result, unscored, value) for result in self.score(rows, timeout, lane)]

    def stream(
        self,
        rows: Iterable[Row],
        ordered: bool = False,
        window: Optional[int] = 1024,
        timeout: Optional[float] = None,
        lane: Optional[str] = None,
        order: Optional[str] = None,
    ) -> Iterator[RowResult]:
        """Scores rows while they are still generated: each result comes as soon as it is there, or in order.

        The rows are read on a thread of their own. A connection that breaks is opened again, and rows without a result are
        sent again, with the rest of their groups; no row has two results.

        :param ordered: whether the results come in the order of the rows. They wait for each other here.
        :param window: rows that are read ahead of the results that were taken; None for any number. Rows whose results wait
            for further rows must all fit: a group, and where the gateway normalises over the batch, or compares groups
            whose rows name no ``group_size``, everything. No result comes before the last row then: say None.
        :param timeout: seconds that the whole stream may take; every row without a score by then is ``timed_out``, also one
            that comes later. Default: the gateway's ``call_timeout_s``, an hour unless it is configured otherwise.
        :param lane: ``training``, or ``evaluation``, which goes before training rows that wait.
        :param order: in which the gateway sends the results, ``finished`` or ``input``; with ``input`` they wait there.
        """
        return self._stream(rows, ordered, window, Call(timeout, lane, order)).results()

    def health(self) -> Dict[str, Any]:
        """What ``/v1/health`` says; a gateway that cannot score at all raises :class:`GatewayUnavailable`."""
        return json.loads(self._gateway.request("GET", "/v1/health"))

    def ranks(self) -> List[Dict[str, Any]]:
        """The live workers."""
        return json.loads(self._gateway.request("GET", "/v1/ranks"))["ranks"]

    def score_arrow(self, table: Any, on_unscored: str = "nan", timeout: Optional[float] = None, lane: Optional[str] = None) -> Any:
        """Scores a ``pyarrow.Table`` (see :mod:`fleet_rewards.arrow`) and returns the tensors as another. Needs pyarrow.

        :param on_unscored: what a row without a score becomes: ``nan``, ``zero``, ``raise``, ``drop_row`` or ``drop_group``.
        :param timeout: as for :meth:`score`.
        :param lane: as for :meth:`score`.
        """
        from . import arrow

        path = Call(timeout, lane, on_unscored=on_unscored).path
        headers = {"Content-Type": arrow.MEDIA_TYPE, "Accept": arrow.MEDIA_TYPE}
        return arrow.read(self._gateway.request("POST", path, arrow.write(table), headers, timeout))

    def close(self) -> None:
        self._gateway.close()

    def __enter__(self) -> "FleetClient":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _stream(self, rows: Iterable[Row], ordered: bool, window: Optional[int], call: Call) -> Stream:
        return Stream(self._gateway, rows, call, ordered, window)

    def _score(self, batch: Batch, call: Call) -> Dict[int, RowResult]:
        body = b"[" + b",".join(line for _, line in batch) + b"]"
        raws = json.loads(self._gateway.request("POST", call.path, body, _JSON, call.timeout))["rows"]
        if len(raws) != len(batch):
            raise FleetError(f"The gateway answered {len(batch)} rows with {len(raws)} results; expected is one for each.")
        results: Dict[int, RowResult] = {}
        for number, raw in enumerate(raws, 1):
            # Results in the order of the rows need not say whose they are.
            index = batch[raw.get("line", number) - 1][0]
            results[index] = RowResult.of(index, raw)
        return results
