"""A file as understood: its columns, how it was read, what was noticed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from core.errors import BadRequest
from core.model.orders import MadeOf


class Kind(StrEnum):
    """What the cells of a column are."""

    NUMBER = "number"
    CATEGORY = "category"
    DATE = "date"
    FLAG = "flag"
    TEXT = "text"
    KEY = "key"


class Role(StrEnum):
    """What a column is used for; only ``FEATURE`` columns shape the segments."""

    ID = "id"
    FEATURE = "feature"
    PROFILE = "profile"
    OUTCOME = "outcome"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Choice:
    """What was assumed: answer ``key`` with another of ``options`` than ``taken`` undoes it."""

    key: str
    options: tuple[str, ...]
    taken: str


@dataclass(frozen=True)
class Note:
    """Something noticed or assumed while reading; ``count`` cells or rows are touched.

    ``line`` is the first line (text) or row (sheet) of the file it is about, from 1,
    0 where it is about the whole; ``hint`` says what can be done.
    """

    code: str
    text: str
    column: str = ""
    count: int = 0
    examples: tuple[str, ...] = ()
    line: int = 0
    hint: str = ""
    choice: Choice | None = None


@dataclass(frozen=True)
class Question:
    """A choice only the owner of the data can make; ``key`` names the answer in ``Recipe.answers``."""

    key: str
    code: str
    text: str
    options: tuple[str, ...]
    proposed: str
    column: str = ""
    count: int = 0
    examples: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class Column:
    """One column as understood. ``name`` is never empty; ``bars`` is its tiny distribution: (label, count) pairs.

    ``outliers`` counts values beyond Tukey's 1.5 IQR fences (numbers only);
    ``left_out`` says why the proposed role is not FEATURE, "" when it is.
    """

    name: str
    kind: Kind
    role: Role
    unit: str = ""
    gaps: int = 0
    distinct: int = 0
    outliers: int = 0
    left_out: str = ""
    bars: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Source:
    """How the file was read: ``rows_in_file`` = rows loaded + set aside + ``skipped``; the header is none of them.

    ``skips`` counts what was declared to be no row, by note code (BLANK_LINES, PREAMBLE,
    REPEATED_HEADER, OTHER_TABLE ...). ``quote`` and ``escape`` are "" where there is none;
    ``header_rows`` 0 where the names are ours; ``packed`` the member that was unpacked.
    """

    name: str
    format: str
    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    escape: str = ""
    sheet: str = ""
    packed: str = ""
    header_rows: int = 1
    rows_in_file: int = 0
    skips: Mapping[str, int] = field(default_factory=dict)

    @property
    def skipped(self) -> int:
        return sum(self.skips.values())


def no_lines(*columns: str) -> pd.DataFrame:
    """An empty list of lines of a file: ``line`` and ``text``, then these columns of text."""
    texts = {name: pd.Series(dtype=object) for name in ("text", *columns)}
    return pd.DataFrame({"line": pd.Series(dtype="int64"), **texts})


@dataclass(frozen=True)
class Table:
    """A file as understood; never changed in place.

    ``raw`` holds the cells as read (text for text formats, native values
    otherwise), ``frame`` the same rows and columns typed by kind: NUMBER and
    FLAG float64 with NaN gaps, DATE datetime64, all others ``object`` holding
    str or None. ``quarantine`` lists lines that could not become rows
    (columns ``line``, ``text``, ``reason``), ``repairs`` the lines whose cells were put
    right to become rows (``line``, ``text`` as it stood, ``cells`` as JSON, ``reason``).
    ``duplicates`` counts rows equal to an earlier one in every cell. ``fingerprint``
    identifies content and reading. ``made`` tells of customers that were made of order
    lines; then ``source``, ``quarantine`` and ``repairs`` are those of the lines.
    """

    raw: pd.DataFrame
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    source: Source
    fingerprint: str
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    quarantine: pd.DataFrame = field(default_factory=lambda: no_lines("reason"))
    repairs: pd.DataFrame = field(default_factory=lambda: no_lines("cells", "reason"))
    duplicates: int = 0
    made: MadeOf | None = None

    def __len__(self) -> int:
        return len(self.frame)

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise BadRequest(f"There is no column named {name!r}.", f"Columns: {', '.join(c.name for c in self.columns)}.")
