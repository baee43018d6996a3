"""A data frame to Parquet and back, cell for cell and type for type.

Parquet wants one type per column; the raw cells of a workbook mix numbers, text
and dates. Such columns are written as text, each cell a small JSON pair of type
and value. Columns are named c0, c1, ... in the file: names from the data stay data.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd

_WRITE = {
    bool: lambda cell: ["b", cell],
    int: lambda cell: ["i", str(cell)],
    float: lambda cell: ["f", cell.hex()],
    str: lambda cell: ["s", cell],
    pd.Timestamp: lambda cell: ["p", [str(cell), cell.unit]],
    dt.datetime: lambda cell: ["dt", cell.isoformat()],
    dt.date: lambda cell: ["d", cell.isoformat()],
    dt.time: lambda cell: ["t", cell.isoformat()],
    dt.timedelta: lambda cell: ["td", [cell.days, cell.seconds, cell.microseconds]],
}
_READ = {
    "b": bool,
    "i": int,
    "f": float.fromhex,
    "s": str,
    "p": lambda value: pd.Timestamp(value[0]).as_unit(value[1]),
    "dt": dt.datetime.fromisoformat,
    "d": dt.date.fromisoformat,
    "t": dt.time.fromisoformat,
    "td": lambda value: dt.timedelta(*value),
}


def write_frame(frame: pd.DataFrame, path: Path) -> dict[str, Any]:
    """Write the frame; the returned plain description is needed to read it back."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays, described = [], []
    for position in range(frame.shape[1]):
        column = frame.iloc[:, position]
        mixed = column.dtype == object and not _is_text(column)
        arrays.append(pa.array([_cell(v) for v in column], pa.string()) if mixed else _array(column))
        described.append({"name": _name(frame.columns[position]), "dtype": str(column.dtype), "mixed": mixed})
    names = [f"c{i}" for i in range(len(arrays))]
    # a dictionary of decimals is as long as the column: building one is most of the time of a wide frame
    repeated = [name for name, array in zip(names, arrays, strict=True) if not pa.types.is_floating(array.type)]
    pq.write_table(pa.table(arrays, names=names), path, compression="zstd", use_dictionary=repeated,
                   write_page_checksum=True)
    return {"columns": described, "rows": len(frame)}


def read_frame(path: Path, described: dict[str, Any]) -> pd.DataFrame:
    """The frame written by :func:`write_frame`, with a plain 0..n-1 index."""
    import pyarrow.parquet as pq

    table = pq.read_table(path, use_threads=False, page_checksum_verification=True)
    index = pd.RangeIndex(described["rows"])
    columns = {}
    for position, column in enumerate(described["columns"]):
        columns[position] = _series(table.column(position), column, index)
    frame = pd.DataFrame(columns, index=index)
    frame.columns = pd.Index([column["name"] for column in described["columns"]])
    return frame


def _array(column: pd.Series) -> Any:
    import pyarrow as pa

    return pa.array(column, from_pandas=column.dtype.kind != "f")


def _series(array: Any, column: dict[str, Any], index: pd.RangeIndex) -> pd.Series:
    if column["mixed"]:
        return pd.Series([_uncell(text) for text in array.to_pylist()], index=index, dtype=object)
    if column["dtype"] == "object":
        return pd.Series(array.to_pylist(), index=index, dtype=object)
    values = array.to_pandas().to_numpy() if column["dtype"] != "str" else array.to_pylist()
    series = pd.Series(values, index=index)
    return series if str(series.dtype) == column["dtype"] else series.astype(column["dtype"])


def _is_text(column: pd.Series) -> bool:
    """True for cells that are str or None; other kinds of nothing are told apart from None."""
    if pd.api.types.infer_dtype(column, skipna=True) not in ("string", "empty"):
        return False
    return all(cell is None for cell in column.array[column.isna()])


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    if value is pd.NaT:
        return '["nat", 0]'
    if value is pd.NA:
        return '["na", 0]'
    value = value.item() if type(value).__module__ == "numpy" else value
    for kind in (type(value), *type(value).__mro__[1:]):
        if kind in _WRITE:
            return json.dumps(_WRITE[kind](value), ensure_ascii=False)
    raise TypeError(f"a cell of type {type(value).__name__} cannot be stored")


def _uncell(text: str | None) -> Any:
    if text is None:
        return None
    kind, value = json.loads(text)
    if kind in ("nat", "na"):
        return pd.NaT if kind == "nat" else pd.NA
    return _READ[kind](value)


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"column names must be text, not {type(name).__name__}")
    return name
