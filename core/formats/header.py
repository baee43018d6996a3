"""Column names: from a header row to names that are present and different."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence

from core.model import Note

_NUMBER = re.compile(r"[-+−(]?\s*[$€£]?\s*\d[\d.,' \u00a0]*([eE][-+]?\d+)?\s*[%€$£)]?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}([T ][\d:.]+)?")
_SAMPLE = 200


def column_names(cells: Sequence[object]) -> tuple[list[str], list[Note]]:
    """Names for a header row: blanks become ``column_3``, repeats ``x (2)``, each with a note."""
    names: list[str] = []
    notes: list[Note] = []
    taken: set[str] = set()
    for position, cell in enumerate(cells, start=1):
        given = "" if cell is None else unicodedata.normalize("NFC", str(cell)).strip()
        name = _free(given or f"column_{position}", taken)
        if not given:
            notes.append(Note("UNNAMED_COLUMN", f"Column {position} has no name; it is called {name}.", name, 1))
        elif name != given:
            text = f"The name {given!r} appears more than once; this one is {name}."
            notes.append(Note("REPEATED_NAME", text, name, 1))
        names.append(name)
    return names, notes


def _free(name: str, taken: set[str]) -> str:
    """``name``, or the first of ``name (2)``, ``name (3)`` ... not taken when letter case is ignored."""
    candidate, turn = name, 1
    while candidate.casefold() in taken:
        turn += 1
        candidate = f"{name} ({turn})"
    taken.add(candidate.casefold())
    return candidate


def looks_numeric(cell: object) -> bool:
    """True for a number or a date, or text that reads as one."""
    if isinstance(cell, str):
        return _NUMBER.fullmatch(cell.strip()) is not None or _DATE.fullmatch(cell.strip()) is not None
    return isinstance(cell, (int, float, dt.date)) and not isinstance(cell, bool)


def has_header(first: Sequence[object], rows: Sequence[Sequence[object]]) -> bool:
    """Does the first row hold names? Columns of numbers vote: a name above numbers, or one more number.

    Columns of text vote only against: by a first cell that appears again below.
    """
    below = rows[:_SAMPLE]
    if not below:
        return not all(map(looks_numeric, first))
    for_names = against = 0
    for position, cell in enumerate(first):
        values = [row[position] for row in below if position < len(row) and row[position] not in ("", None)]
        if not values or cell in ("", None):
            continue
        numeric = sum(map(looks_numeric, values)) > 0.8 * len(values)
        if numeric:
            against += looks_numeric(cell)
            for_names += not looks_numeric(cell)
        elif cell in values and len(values) >= 4:
            against += 1
    return against <= for_names
