"""Rows as JSON lines: whatever a trainer's columns hold becomes JSON, and what JSON cannot say becomes null."""

from __future__ import annotations

import json
import math
from typing import Any, Mapping, Optional

_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
_GROUP = "group_id"


def encode(row: Mapping[str, Any]) -> bytes:
    """One row as one line, without its end."""
    if not isinstance(row, Mapping):
        raise TypeError(f"A row is a mapping of columns; this one is a {type(row).__name__}.")
    try:
        return _ENCODER.encode(row).encode("ascii")
    except (TypeError, ValueError):
        # Slower, and only for rows with arrays, tensors or numbers that JSON has no word for.
        return _ENCODER.encode(_plain(row)).encode("ascii")


def group_of(row: Mapping[str, Any]) -> Optional[str]:
    """The row's group as a text; None where it has none. Rows of verl may name it in their ``extra_info``."""
    group = _plain(row.get(_GROUP))
    info = row.get("extra_info")
    if group is None and isinstance(info, Mapping):
        group = _plain(info.get(_GROUP))
    return group if group is None or isinstance(group, str) else _ENCODER.encode(group)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(member) for member in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    for name in ("tolist", "item"):  # arrays and tensors, and their scalars
        convert = getattr(value, name, None)
        if callable(convert):
            return _plain(convert())
    return str(value)
