"""How often a request is tried again, and how long between."""

from __future__ import annotations

import contextlib
import email.utils
import random
import time
from typing import Callable, Iterator, Optional

RETRIED = frozenset((429, 502, 503, 504))


class Retry:
    """How often a request is tried again, and how long between: exponential with full jitter, or what the gateway says.

    :param attempts: tries altogether, at least 1.
    :param first: seconds; the longest first pause. Each further one may be twice as long.
    :param longest: seconds; no pause is longer unless the gateway asks for it.
    :param patience: seconds without the gateway: pauses and waiting for a connection. The time that a call takes is not in them.
    :param seed: of the jitter, for tests.
    """

    def __init__(self, attempts: int = 8, first: float = 0.25, longest: float = 15.0, patience: float = 300.0, seed: Optional[int] = None) -> None:
        if attempts < 1:
            raise ValueError(f"attempts is {attempts}; at least 1 is expected.")
        self.attempts = attempts
        self.first = first
        self.longest = longest
        self.patience = patience
        # The system's numbers are not the same ones in every forked child.
        self._random = random.SystemRandom() if seed is None else random.Random(seed)

    def pause(self, attempt: int, retry_after: Optional[float]) -> float:
        """Seconds to wait after an attempt, counted from 0."""
        jittered = self._random.uniform(0, min(self.longest, self.first * 2**attempt))
        # Everybody was told the same time: come after it, and not all at once.
        return jittered if retry_after is None else retry_after + min(jittered, max(1.0, retry_after))


class Attempts:
    """The tries of one request, and the seconds in which it had no gateway."""

    def __init__(self, retry: Retry, clock: Callable[[], float] = time.monotonic) -> None:
        self._retry = retry
        self._clock = clock
        self._failed = 0
        self._without = 0.0

    @contextlib.contextmanager
    def connecting(self) -> Iterator[None]:
        """Counts the time of a connection that is opened."""
        start = self._clock()
        try:
            yield
        finally:
            self._without += self._clock() - start

    def progressed(self) -> None:
        """The gateway does its work: whatever fails next fails for the first time."""
        self._failed, self._without = 0, 0.0

    def pause(self, retry_after: Optional[float]) -> Optional[float]:
        """Seconds to wait after an attempt that failed; None when it was the last."""
        pause = self._retry.pause(self._failed, retry_after)
        self._failed += 1
        if self._failed >= self._retry.attempts or self._without + pause > self._retry.patience:
            return None
        self._without += pause
        return pause


def retry_after_of(header: Optional[str]) -> Optional[float]:
    """The seconds that a ``Retry-After`` header asks for; it may be a number or a date."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
