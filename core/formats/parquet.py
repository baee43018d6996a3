"""Parquet: native columns, exact."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from core.formats.header import column_names
from core.formats.reading import Format, Reading, no_rows, refuse_too_large, refuse_too_wide, truncated
from core.model import Note, Source

_MAGIC = b"PAR1"


def sniff(path: Path, head: bytes) -> bool:
    return head.startswith(_MAGIC)


def read(path: Path, name: str, answers: Mapping[str, str]) -> Reading:
    """Native cells; nested columns are left away with a note; whole numbers with gaps stay whole."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        refuse_too_wide(file.metadata.num_columns)
        refuse_too_large(file.metadata.num_rows * file.metadata.num_columns, "The file")
        table = file.read()
    except (pa.ArrowException, OSError):
        raise truncated("The Parquet file is damaged or incomplete.") from None
    flat = [i for i, column in enumerate(table.schema) if not pa.types.is_nested(column.type)]
    notes = [Note("NESTED_COLUMN", f"{table.schema[i].name} holds lists or records and was left away.",
                  table.schema[i].name, 1) for i in range(table.num_columns) if i not in flat]
    names, named = column_names([table.schema[i].name for i in flat])
    if not table.num_rows:
        raise no_rows(names)
    raw = pd.DataFrame({column: _cells(table.column(i)) for column, i in zip(names, flat, strict=True)})
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    source = Source(name=name, format="parquet", rows_in_file=len(raw))
    return Reading(raw, source, (*notes, *named), digest=digest)


def _cells(column: Any) -> pd.Series:
    """One Arrow column as pandas cells without loss: no float for a long whole number, UTC for zoned times."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_date(column.type):
        column = column.cast(pa.timestamp("s"))
    if pa.types.is_timestamp(column.type) and column.type.tz:
        column = column.cast(pa.timestamp(column.type.unit))
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return pd.Series([None if cell is None else cell.hex() for cell in column.to_pylist()], dtype=object)
    return column.to_pandas(integer_object_nulls=True).reset_index(drop=True)


PARQUET = Format("parquet", "Parquet", (".parquet", ".pq"), sniff, read)
