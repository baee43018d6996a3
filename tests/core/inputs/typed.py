"""Tables made of cells, and what was said about a column; used by the cases of what cells mean."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from core.formats.reading import Reading
from core.model import Column, Kind, Note, Question, Source, Table
from core.tables import understand

TODAY = dt.date(2026, 6, 1)


def table(answers: dict[str, str] | None = None, *, delimiter: str = ",", **columns: list) -> Table:
    """Columns of text, as read from a file with this delimiter."""
    raw = pd.DataFrame({name: pd.Series(cells, dtype="str") for name, cells in columns.items()})
    return understand(Reading(raw, Source("t", "text", delimiter=delimiter)), answers or {}, today=TODAY)


def native(answers: dict[str, str] | None = None, **columns: list) -> Table:
    """Columns of native cells, as read from JSON, a workbook or Parquet."""
    raw = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
    return understand(Reading(raw, Source("t", "json")), answers or {}, today=TODAY)


def column(found: Table, name: str = "x") -> Column:
    """The column as understood."""
    return found.column(name)


def cells(found: Table, name: str = "x") -> list:
    """Its typed values, None at gaps."""
    return [None if pd.isna(cell) else cell for cell in found.frame[name]]


def days(found: Table, name: str = "x") -> list[str | None]:
    """Its dates as texts, None at gaps."""
    assert column(found, name).kind is Kind.DATE
    return [None if pd.isna(cell) else cell.isoformat(sep=" ").removesuffix(" 00:00:00") for cell in found.frame[name]]


def note(found: Table, code: str, name: str = "x") -> Note:
    """The one note of this code about the column; every one has a count, and examples."""
    notes = [one for one in found.notes if one.code == code and one.column == name]
    assert len(notes) == 1, [one.code for one in found.notes]
    assert notes[0].count > 0 and notes[0].examples
    return notes[0]


def question(found: Table, code: str) -> Question:
    asked = [one for one in found.questions if one.code == code]
    assert len(asked) == 1, found.questions
    assert asked[0].count > 0 and asked[0].examples and asked[0].proposed in asked[0].options
    return asked[0]


def undone(name: str = "x", **columns: list) -> None:
    """``kind:NAME`` = text gives back what stood in the file."""
    back = table({f"kind:{name}": "text"}, **columns)
    assert column(back, name).kind is Kind.TEXT
    assert cells(back, name) == [cell if cell.strip() else None for cell in columns[name]]
