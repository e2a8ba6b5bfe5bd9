"""Batches as Arrow streams, for who has pyarrow. The columns and their marks are those of docs/wire-format.md."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping, Optional, Sequence

MEDIA_TYPE = "application/vnd.apache.arrow.stream"


def table(columns: Mapping[str, Sequence[Any]], responses: Optional[Sequence[Sequence[int]]] = None, prompts: Optional[Sequence[Sequence[int]]] = None) -> Any:
    """A table of rows: texts, numbers, flags and anything else as JSON; token ids without their padding."""
    import pyarrow as pa

    fields: List[Any] = []
    arrays: List[Any] = []
    for name, values in columns.items():
        kind, array = _column(values)
        fields.append(pa.field({"response": "response_text", "prompt": "prompt_text"}.get(name, name), array.type, metadata={"fleet.kind": kind}))
        arrays.append(array)
    for name, ids, side in (("responses", responses, "right"), ("prompts", prompts, "left")):
        if ids is not None:
            lists = [[int(one) for one in row] for row in ids]
            width = max((len(row) for row in lists), default=0)
            item = pa.list_(pa.field("item", pa.int32(), nullable=False))
            fields.append(pa.field(name, item, nullable=False, metadata={"fleet.kind": "tokens", "fleet.width": str(width), "fleet.pad_id": "0", "fleet.pad_side": side}))
            arrays.append(pa.array(lists, type=item))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def write(batch: Any, meta: Optional[Dict[str, Any]] = None) -> bytes:
    """A table as the stream that the gateway reads."""
    import pyarrow as pa

    marks = {"fleet.version": "1"}
    if meta:
        marks["fleet.meta"] = json.dumps(meta)
    whole = batch.replace_schema_metadata(marks).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, whole.schema) as writer:
        writer.write_batch(whole.to_batches()[0] if whole.num_rows else pa.RecordBatch.from_arrays([pa.array([], field.type) for field in whole.schema], schema=whole.schema))
    return sink.getvalue().to_pybytes()


def read(stream: bytes) -> Any:
    """The table of a stream."""
    import pyarrow as pa

    return pa.ipc.open_stream(stream).read_all()


def _column(values: Sequence[Any]) -> Any:
    import pyarrow as pa

    given = [value for value in values if value is not None]
    if all(isinstance(value, str) for value in given):
        return "text", pa.array(values, pa.utf8())
    if all(isinstance(value, bool) for value in given):
        return "flag", pa.array(values, pa.bool_())
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in given):
        return "number", pa.array([None if value is None else float(value) for value in values], pa.float64())
    return "json", pa.array([None if value is None else json.dumps(value) for value in values], pa.utf8())
