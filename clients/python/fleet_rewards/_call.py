"""One call as the address of its request tells it."""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass
from typing import Optional

PATH = "/v1/rewards"


@dataclass(frozen=True)
class Call:
    """What is asked of a call; None leaves the choice to the gateway."""

    timeout: Optional[float] = None
    """Seconds that the fleet may take."""
    lane: Optional[str] = None
    """``training`` or ``evaluation``."""
    order: Optional[str] = None
    """``input`` or ``finished``."""
    on_unscored: Optional[str] = None
    """What a row without a score becomes in tensors."""

    @property
    def path(self) -> str:
        given = {
            "timeout": None if self.timeout is None else repr(float(self.timeout)),
            "lane": self.lane,
            "order": self.order,
            "on_unscored": self.on_unscored,
        }
        query = urllib.parse.urlencode({name: value for name, value in given.items() if value is not None})
        return f"{PATH}?{query}" if query else PATH
