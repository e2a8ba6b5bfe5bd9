"""Which rows of a stream are still to be answered, and which of the others must stay beside them."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple, Union

Line = Tuple[int, bytes]
"""A row's position and its line."""


class Ledger:
    """The lines that a new connection would need.

    A row is kept until it and all rows of its group that were read have a result: a new call that saw the rest of a group
    only would compare that with itself.
    """

    def __init__(self) -> None:
        self._groups: Dict[Union[int, str], _Group] = {}
        self._unanswered: Dict[int, Union[int, str]] = {}

    @property
    def is_open(self) -> bool:
        """Whether a row has no result."""
        return bool(self._unanswered)

    def add(self, index: int, line: bytes, group: Optional[str]) -> None:
        key = index if group is None else group
        members = self._groups.setdefault(key, _Group())
        members.lines.append((index, line))
        members.unanswered += 1
        self._unanswered[index] = key

    def answer(self, index: int) -> bool:
        """Whether the row had no result yet. It has one now."""
        key = self._unanswered.pop(index, None)
        if key is None:
            return False
        members = self._groups[key]
        members.unanswered -= 1
        if members.unanswered == 0:
            del self._groups[key]
        return True

    def lines(self) -> List[Line]:
        """All lines that are kept, in the order of their rows."""
        return sorted(line for members in self._groups.values() for line in members.lines)


class _Group:
    def __init__(self) -> None:
        self.lines: List[Line] = []
        self.unanswered = 0
