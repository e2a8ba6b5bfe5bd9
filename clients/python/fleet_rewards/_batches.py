"""Rows that are all there, cut into requests between their groups."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator, List, Mapping, Tuple, Union

from ._rows import encode, group_of

ROWS = 4096
BYTES = 16 * 1024 * 1024

Batch = List[Tuple[int, bytes]]
"""Positions and lines of the rows of one request, in their order."""


def batches(rows: Iterable[Mapping[str, Any]]) -> Iterator[Batch]:
    """Requests of at most ``ROWS`` rows and ``BYTES`` bytes, or of one group that is larger.

    Rows of one group are compared with each other, and only those of one request can be. So they go together, wherever in
    the list they stand.
    """
    groups: Dict[Union[int, str], Batch] = {}
    for index, row in enumerate(rows):
        line = encode(row)
        group = group_of(row)
        groups.setdefault(index if group is None else group, []).append((index, line))

    batch: Batch = []
    size = 0
    for members in groups.values():
        more = sum(len(line) for _, line in members)
        if batch and (len(batch) + len(members) > ROWS or size + more > BYTES):
            yield sorted(batch)
            batch, size = [], 0
        batch += members
        size += more
    if batch:
        yield sorted(batch)
