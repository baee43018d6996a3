"""Customers placed by a model: all cells of the file, then where each belongs, in blocks of columns rather than rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from core.exports.csv_text import write_csv
from core.exports.labelled import as_text, our_names
from core.model import NOISE, Scored, Table
from core.neutral import neutral

PLACED = ("segment", "segment_name", "confidence", "runner_up", "unlike_anyone")
ROWS = 100_000
DIGITS = 4
"""Decimals of a confidence: a share of 25 customers has two."""
NOT_PLACED = "not placed"
_PLAIN = r"^(?:[0-9A-Za-z]|[+-][0-9]+(?:[.,][0-9]+)*$)"
THREADS = 2
"""Blocks that are made ready at a time; Arrow does so beside Python's own lock."""


def write_placed_csv(table: Table, scored: Scored, stream: BinaryIO, *, raw: bool = False) -> None:
    """Every row of the file in its order with every column as text, then :data:`PLACED`; UTF-8, commas, line feeds.

    A column that the file has already becomes ``segment_2`` and so on. Formula-like cells are made harmless unless ``raw``.
    ``runner_up`` is empty where there is none, ``unlike_anyone`` yes or no.
    """
    names, own = our_names(table, PLACED), _own(scored.frame)
    try:
        theirs = {str(name): _texts(table.raw[name]) for name in table.raw.columns}
    except UnicodeEncodeError:  # half a character, which Arrow cannot hold
        texts = {name: as_text(table.raw[name]) for name in table.raw.columns}
        told = {names[name]: column.to_pandas().fillna("").astype(object) for name, column in own.items()}
        write_csv(pd.DataFrame(texts | told), stream, raw=raw)
        return
    columns = theirs | {names[name]: column for name, column in own.items()}
    header = [name if raw else neutral(name) for name in columns]
    stream.write((",".join(map(_quoted_name, header)) + "\n").encode())

    def block(start: int) -> bytes:
        parts = [column.slice(start, ROWS) for column in columns.values()]
        return _lines([_quoted(part if raw else _neutral(part)) for part in parts])

    with ThreadPoolExecutor(THREADS) as pool:
        for written in pool.map(block, range(0, len(table), ROWS)):
            stream.write(written)


def write_placed_parquet(table: Table, scored: Scored, stream: BinaryIO) -> None:
    """The same as Parquet: the cells as they were read, segment and runner_up whole numbers, confidence a number,
    unlike_anyone true or false. Nothing in Parquet is run, so that cells stay as they are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    frame, names = scored.frame, our_names(table, PLACED)
    columns: dict[str, Any] = {str(name): _native(table.raw[name]) for name in table.raw.columns}
    second = frame["runner_up"].to_numpy()
    columns[names["segment"]] = pa.array(frame["segment"].to_numpy())
    columns[names["segment_name"]] = _names(frame)
    columns[names["confidence"]] = pa.array(frame["confidence"].to_numpy())
    columns[names["runner_up"]] = pa.array(second, mask=second == 0)
    columns[names["unlike_anyone"]] = pa.array(frame["unlike_anyone"].to_numpy(dtype=bool))
    pq.write_table(pa.table(columns), stream)


def _own(frame: pd.DataFrame) -> Mapping[str, Any]:
    """Our columns as text, in Arrow."""
    import pyarrow as pa

    text = pa.large_string()
    second = frame["runner_up"].to_numpy()
    sure = np.round(frame["confidence"].to_numpy(dtype=float), DIGITS)
    return {
        "segment": pa.array(frame["segment"].to_numpy()).cast(text),
        "segment_name": _names(frame),
        "confidence": pa.array(sure).cast(text),
        "runner_up": pa.array(second, mask=second == 0).cast(text),
        "unlike_anyone": pa.array(np.array(["no", "yes"], dtype=object)[frame["unlike_anyone"].to_numpy(dtype=int)], text),
    }


def _names(frame: pd.DataFrame) -> Any:
    import pyarrow as pa

    placed = frame["segment"].to_numpy() != NOISE
    return pa.array(np.where(placed, frame["segment_name"].to_numpy(dtype=object), NOT_PLACED), pa.large_string())


def _texts(cells: pd.Series) -> Any:
    """A column of the file as text, in Arrow; gaps are null. Raises UnicodeEncodeError for halves of characters."""
    import pyarrow as pa

    texts = cells if isinstance(cells.dtype, pd.StringDtype) else as_text(cells)
    try:
        found = pa.array(texts, pa.large_string(), from_pandas=True)
    except pa.ArrowInvalid as problem:
        raise UnicodeEncodeError("utf-8", "", 0, 1, "half a character") from problem
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _native(cells: pd.Series) -> Any:
    """A column of the file as it was read; as text where its cells are of several types."""
    import pyarrow as pa

    try:
        return pa.array(cells, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
        texts = [cell.encode("utf-8", "backslashreplace").decode() for cell in as_text(cells)]
        return pa.array(texts, pa.large_string())


def _neutral(column: Any) -> Any:
    """:func:`core.neutral.neutral` for every cell; those that begin with a letter or digit, and plain numbers, need no look."""
    import pyarrow as pa
    import pyarrow.compute as pc

    doubtful = pc.invert(pc.fill_null(pc.or_(pc.match_substring_regex(column, _PLAIN), pc.equal(column, "")), True))
    places = np.flatnonzero(doubtful.to_numpy(zero_copy_only=False))
    if not len(places):
        return column
    mended = [neutral(cell) for cell in column.take(pa.array(places)).to_pylist()]
    return pc.replace_with_mask(column, doubtful, pa.array(mended, pa.large_string()))


def _quoted(column: Any) -> Any:
    """Cells that hold a comma, a quote or a line end, in quotes; gaps empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = pc.fill_null(column, "")
    marked = pc.match_substring_regex(column, '[",\r\n]')
    if not pc.any(marked).as_py():
        return column
    quote, nothing = pa.scalar('"', pa.large_string()), pa.scalar("", pa.large_string())
    doubled = pc.binary_join_element_wise(quote, pc.replace_substring(column, '"', '""'), quote, nothing)
    return pc.if_else(marked, doubled, column)


def _quoted_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if any(mark in name for mark in ',"\n\r') else name


def _lines(columns: list[Any]) -> bytes:
    """Rows with their line ends: the bytes that Arrow holds of them, one after the other."""
    import pyarrow as pa
    import pyarrow.compute as pc

    comma, end, nothing = (pa.scalar(mark, pa.large_string()) for mark in (",", "\n", ""))
    rows = pc.binary_join_element_wise(pc.binary_join_element_wise(*columns, comma), end, nothing)
    return b"".join(_bytes(part) for part in (rows.chunks if isinstance(rows, pa.ChunkedArray) else [rows]))


def _bytes(rows: Any) -> bytes:
    offsets = np.frombuffer(rows.buffers()[1], np.int64)[rows.offset : rows.offset + len(rows) + 1]
    return rows.buffers()[2][int(offsets[0]) : int(offsets[-1])].to_pybytes() if len(rows) else b""


def told(scored: Scored) -> Iterator[str]:
    """What was assumed on the way, one sentence each."""
    for note in scored.notes:
        yield f"{note.text} {note.hint}".rstrip()
