"""Arrow columns as pandas cells without loss, and what is said about their kinds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from core.model import Note


def cells(column: Any) -> pd.Series:
    """One Arrow column: no float for a long whole number, UTC for zoned times, text for times of day and durations.

    Decimals stay exact (``decimal.Decimal``), categories become their texts, bytes hexadecimal (0x...).
    """
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        return cells(column.cast(kind.value_type))
    if pa.types.is_null(kind):
        return pd.Series([None] * len(column), dtype=object)
    if pa.types.is_date(kind):
        column = column.cast(pa.timestamp("s"))
    elif pa.types.is_timestamp(kind) and kind.tz:
        column = column.cast(pa.timestamp(kind.unit))
    elif pa.types.is_float16(kind):
        column = column.cast(pa.float32()).cast(pa.float64())
    elif pa.types.is_time(kind) or pa.types.is_duration(kind):
        return pd.Series([None if cell is None else str(cell) for cell in _python(column)], dtype=object)
    elif _is_binary(kind):
        return pd.Series([None if cell is None else f"0x{cell.hex()}" for cell in column.to_pylist()], dtype=object)
    elif _is_text(kind) and damaged_text(column):
        return pd.Series([None if cell is None else cell.decode("utf-8", "backslashreplace")
                          for cell in column.cast(pa.large_binary()).to_pylist()], dtype="str")
    return column.to_pandas(integer_object_nulls=True).reset_index(drop=True)


def _python(column: Any) -> Iterator[Any]:
    """Times and durations to the microsecond; finer ones as pandas has them."""
    import pyarrow as pa

    if column.type.unit == "ns" and pa.types.is_duration(column.type):
        yield from (None if cell is None else cell.to_pytimedelta() if not cell.nanoseconds else cell
                    for cell in column.to_pylist())
    else:
        yield from column.to_pylist()


def _is_binary(kind: Any) -> bool:
    import pyarrow as pa

    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind) \
        or pa.types.is_binary_view(kind)


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def damaged_text(column: Any) -> str:
    """Why a column of text is no text, "" where it is."""
    import pyarrow as pa

    if not _is_text(column.type):
        return ""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return "Some texts hold bytes that are no text (UTF-8); they are shown as \\x.. ."
    return ""


def told_of(column: Any, name: str) -> Iterator[Note]:
    """What reading assumed about a column's kind."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz and kind.tz.upper() not in ("UTC", "+00:00"):
        text = f"The times of {name} are those of UTC; the file has them in the zone {kind.tz}."
        yield Note("TIME_ZONE", text, name, len(column) - column.null_count)
    elif pa.types.is_duration(kind):
        yield Note("DURATION", f"{name} holds lengths of time; they are read as text.", name, len(column) - column.null_count,
                   hint="Export them as a number of days or hours to use them as an amount.")
    elif _is_binary(kind):
        yield Note("BINARY", f"{name} holds bytes; they are shown as hexadecimal numbers.", name,
                   len(column) - column.null_count)
