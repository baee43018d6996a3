"""A frame of text as CSV: UTF-8 without byte-order mark, comma, line feed."""

from __future__ import annotations

from typing import BinaryIO

import pandas as pd

from core.neutral import neutral, neutral_column


def write_csv(frame: pd.DataFrame, stream: BinaryIO, *, raw: bool) -> None:
    """Write ``frame`` (all cells text); names and cells are neutralised unless ``raw``."""
    names = [str(name) if raw else neutral(str(name)) for name in frame.columns]
    columns = [frame.iloc[:, i] if raw else neutral_column(frame.iloc[:, i]) for i in range(frame.shape[1])]
    quoted = [[_quoted(cell) for cell in column] for column in columns]
    stream.write((",".join(map(_quoted, names)) + "\n").encode("utf-8", "surrogatepass"))
    for start in range(0, len(frame), 10_000):
        block = zip(*(column[start : start + 10_000] for column in quoted), strict=True)
        stream.write("".join(",".join(row) + "\n" for row in block).encode("utf-8", "surrogatepass"))


def _quoted(cell: str) -> str:
    """Quoted where it holds a separator, a quote or any line end: a lone CR splits rows in some readers."""
    if "," in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
