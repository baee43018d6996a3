"""What comes out of a file before anything is known about its columns."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from core.errors import UnreadableFile
from core.model import Note, Question, Source, no_lines

MAX_COLUMNS = 2_000
MAX_UNPACKED = 1_000_000_000
MAX_CELLS = 100_000_000


@dataclass(frozen=True)
class Reading:
    """A file as cells.

    ``raw`` holds text cells for text formats and native values otherwise;
    ``quarantine`` the lines that fit no row (line, text, reason), ``repairs`` those put
    right (line, text, cells, reason); ``questions`` only those without an answer;
    ``digest`` is the SHA-256 of the file's bytes.
    """

    raw: pd.DataFrame
    source: Source
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    quarantine: pd.DataFrame = field(default_factory=lambda: no_lines("reason"))
    repairs: pd.DataFrame = field(default_factory=lambda: no_lines("cells", "reason"))
    digest: str = ""


@dataclass(frozen=True)
class Format:
    """A catalogue entry. ``sniff(path, head)`` decides by content: ``head`` is the first 64 KiB."""

    name: str
    label: str
    extensions: tuple[str, ...]
    sniff: Callable[[Path, bytes], bool]
    read: Callable[[Path, str, Mapping[str, str]], Reading]


def not_a_table(what: str, hint: str = "") -> UnreadableFile:
    own = "Upload a CSV, TSV, Excel (.xlsx, .xls), OpenDocument (.ods), Parquet or JSON file with one customer per row."
    return UnreadableFile("NOT_A_TABLE", what, hint or own)


def truncated(what: str) -> UnreadableFile:
    return UnreadableFile("TRUNCATED", what, "Export the file again and upload the complete file.")


def no_rows(columns: list[str]) -> UnreadableFile:
    shown = ", ".join(columns[:8])
    if not columns:
        return UnreadableFile("NO_ROWS", "The file holds no rows.", "Export the file again with the customers in it.")
    return UnreadableFile("NO_ROWS", f"The file has column names ({shown}) but no rows below them.",
                          "Export the file again with the customers in it.")


def refuse_too_wide(columns: int) -> None:
    """Refuse a table that no page could show."""
    if columns > MAX_COLUMNS:
        raise UnreadableFile("TOO_MANY_COLUMNS", f"The file has {columns:,} columns; {MAX_COLUMNS:,} can be read.",
                             "Keep the columns that describe the customers and upload again.")


def refuse_too_large(cells: int, where: str) -> None:
    """Refuse an area that would not fit into memory."""
    if cells > MAX_CELLS:
        raise UnreadableFile("SHEET_TOO_LARGE", f"{where} spans {cells:,} cells; {MAX_CELLS:,} can be read.",
                             "Delete empty rows and columns, or split the file.")


@contextmanager
def without_collecting() -> Iterator[None]:
    """No search for cycles meanwhile: among millions of cells there are none, and looking again and again takes longer
    than reading. Readings side by side at worst search earlier than they would have to."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
