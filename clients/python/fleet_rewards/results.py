"""What comes back for a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional

from .errors import UnscoredError

RAISE: Any = object()
"""As ``unscored``: a row without a score raises :class:`UnscoredError`."""


@dataclass(frozen=True)
class RowResult:
    """The result of one row; ``score`` and ``reward`` are None unless it is scored."""

    index: int
    """Position of the row in what was sent, from 0."""
    id: Any
    domain: Optional[str]
    status: str
    """``scored``, ``invalid``, ``failed``, ``timed_out`` or ``cancelled``."""
    cause: str
    """``response``, ``data`` or ``infrastructure``."""
    score: Optional[float]
    """Correctness."""
    reward: Optional[float]
    """What a trainer uses."""
    reason: str
    """A short code, with a sentence after a colon where there is more to say."""
    detail: Optional[Dict[str, Any]] = None
    rank: Optional[int] = None
    ms: Optional[float] = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """The object as the gateway sent it."""

    @property
    def scored(self) -> bool:
        return self.status == "scored"

    @property
    def reason_code(self) -> str:
        return self.reason.partition(":")[0]

    @classmethod
    def of(cls, index: int, raw: Mapping[str, Any]) -> "RowResult":
        """A result from the gateway's JSON object."""
        return cls(
            index=index,
            id=raw.get("id"),
            domain=raw.get("domain"),
            status=raw["status"],
            cause=raw["cause"],
            score=_number(raw.get("score")),
            reward=_number(raw.get("reward")),
            reason=raw.get("reason") or "",
            detail=raw.get("detail"),
            rank=raw.get("rank"),
            ms=raw.get("ms"),
            raw=raw,
        )


def _number(value: Any) -> Optional[float]:
    return None if value is None else float(value)


def reward_of(result: RowResult, unscored: Any = None, value: str = "reward") -> Any:
    """The reward (or, with ``value="score"``, the score) of a row, and ``unscored`` for a row that has none.

    An outage never becomes a 0 by itself: say ``unscored=0.0`` if that is what you want.
    """
    if result.scored:
        return getattr(result, value)
    if unscored is RAISE:
        raise UnscoredError(result)
    return unscored
