"""A loaded table as RFC 4180 text for machines: UTF-8, commas, CRLF, nothing grouped, nothing made harmless.

Numbers have a decimal point and all their digits, dates are ISO 8601 (the day alone where every cell of the column
is midnight), flags 1 and 0, missing cells empty. In a table of one column a missing cell is a pair of quotes, as an
empty line would be no row.
"""

from __future__ import annotations

from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from core.exports.labelled import as_text as texts
from core.model import Kind, Table

ROWS = 100_000
_UNITS = ("s", "ms", "us", "ns")
_WHOLE = 2.0**53


def write_table(table: Table, stream: BinaryIO, *, as_text: bool = False) -> None:
    """Write the names and every loaded row; ``as_text``: every cell as it stood in the file."""
    kinds = {column.name: Kind.TEXT if as_text else column.kind for column in table.columns}
    write_rows(table.raw if as_text else table.frame, kinds, stream)


def write_rows(frame: pd.DataFrame, kinds: dict[str, Kind], stream: BinaryIO) -> None:
    """Write ``frame``, each column by its kind."""
    import pyarrow as pa

    stream.write(_joined([_quoted(pa.array([str(name)], pa.large_string())) for name in frame.columns]))
    whole = {name: is_whole(frame[name], kind) for name, kind in kinds.items()}
    for start in range(0, len(frame), ROWS):
        block = frame.iloc[start : start + ROWS]
        cells = [_cells(block[name], kind, whole[name]) for name, kind in kinds.items()]
        stream.write(_joined(cells))


def is_whole(column: pd.Series, kind: Kind) -> bool:
    """True where a column needs no fraction: whole numbers, or days without a time."""
    values = column.to_numpy()
    if kind is Kind.DATE:
        return bool((column.dropna() == column.dropna().dt.normalize()).all())
    if kind in (Kind.NUMBER, Kind.FLAG):
        known = values[~np.isnan(values)]
        return bool(((known == np.trunc(known)) & (np.abs(known) < _WHOLE)).all())
    return False


def _cells(column: pd.Series, kind: Kind, whole: bool) -> Any:
    """One block of a column as an Arrow array of text; missing cells are null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if kind is Kind.DATE:
        return _dates(column, whole)
    if kind in (Kind.NUMBER, Kind.FLAG):
        values = column.to_numpy()
        gaps = np.isnan(values)
        if whole:
            values = np.where(gaps, 0, values).astype(np.int64)
        text = pa.array(values, mask=gaps).cast(pa.large_string())
        return text if whole else pc.replace_substring_regex(text, r"\.0$", "")
    text = texts(column) if not isinstance(column.dtype, pd.StringDtype) else column
    return _quoted(_text(text))


def _dates(column: pd.Series, whole: bool) -> Any:
    """ISO 8601 in the coarsest unit that loses nothing."""
    import pyarrow as pa

    values = column.to_numpy().astype("datetime64[ns]") if column.dtype == object else column.to_numpy()
    known = values[~np.isnat(values)]
    units = ("D",) if whole else _UNITS
    unit = next((one for one in units if (known.astype(f"datetime64[{one}]") == known).all()), _UNITS[-1])
    return pa.array(np.datetime_as_string(values, unit=unit).astype(object), pa.large_string(), mask=np.isnat(values))


def _text(column: pd.Series) -> Any:
    import pyarrow as pa

    try:
        return pa.array(column, pa.large_string(), from_pandas=True)
    except (UnicodeEncodeError, pa.ArrowInvalid):  # half a character, which UTF-8 cannot hold: written as its code
        codes = [None if pd.isna(cell) else cell.encode("utf-8", "backslashreplace").decode() for cell in column]
        return pa.array(codes, pa.large_string())


def _quoted(text: Any) -> Any:
    """Cells that hold a comma, a quote or a line end, in quotes; empty ones are null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    marked = pc.match_substring_regex(text, '[",\r\n]')
    if pc.any(marked).as_py():
        quote, nothing = pa.scalar('"', pa.large_string()), pa.scalar("", pa.large_string())
        doubled = pc.binary_join_element_wise(quote, pc.replace_substring(text, '"', '""'), quote, nothing)
        text = pc.if_else(marked, doubled, text)
    return text


def _joined(columns: list[Any]) -> bytes:
    """Rows with their line ends."""
    import pyarrow as pa
    import pyarrow.compute as pc

    separator = pa.scalar(",", pa.large_string())
    if len(columns) == 1:
        empty = pc.fill_null(pc.equal(columns[0], ""), True)
        rows = pc.if_else(empty, pa.scalar('""', pa.large_string()), columns[0])
    else:
        rows = pc.binary_join_element_wise(*(pc.fill_null(one, "") for one in columns), separator)
    return ("\r\n".join(rows.to_pylist()) + "\r\n").encode()
