"""What can go wrong between this process and the gateway. What can go wrong with a row is in its result."""

from __future__ import annotations

from typing import Any, Optional


class FleetError(Exception):
    """The base of every error of this package."""


class GatewayError(FleetError):
    """The gateway refused the request, and asking again would not help: the problem document that it answered."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail


class GatewayUnavailable(FleetError):
    """The gateway did not answer, or was full, for as long as the client was willing to try."""

    def __init__(self, message: str, last: Optional[BaseException] = None) -> None:
        super().__init__(message)
        self.last = last


class UnscoredError(FleetError):
    """A row has no score, and the caller asked to be told so by an exception."""

    def __init__(self, result: Any) -> None:
        super().__init__(f"Row {result.index} has no score: {result.status}, {result.reason}")
        self.result = result
