"""What a forked child must not share with its parent is made anew in the child."""

from __future__ import annotations

import os
import weakref
from typing import Any

_renewed: "weakref.WeakSet[Any]" = weakref.WeakSet()


def renew_in_child(thing: Any) -> None:
    """Has ``thing.renew()`` called in every child that is forked while the thing lives."""
    _renewed.add(thing)


def _renew() -> None:
    for thing in list(_renewed):
        thing.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
