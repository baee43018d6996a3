"""What is said aloud about a sheet: things a person looking at it would not see."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from core.formats.sheet_facts import SheetFacts
from core.model import Note


def about_book(*, macros: bool) -> list[Note]:
    """Macros are never run."""
    return [Note("MACROS", "The workbook holds macros; they were not run.", count=1)] if macros else []


def about_sheet(name: str, facts: SheetFacts) -> list[Note]:
    """Hidden rows and columns, and filters: everything is read, also what the screen does not show."""
    notes = []
    hint = "Delete in the sheet what should not be used, above all personal data."
    if facts.hidden_rows:
        text = f"{facts.hidden_rows:,} rows of the sheet {name!r} are hidden{' by a filter' if facts.filtered else ''}; they are included."
        notes.append(Note("HIDDEN_ROWS", text, count=facts.hidden_rows, hint=hint))
    if facts.hidden_columns:
        text = f"{facts.hidden_columns:,} columns of the sheet {name!r} are hidden; they are included."
        notes.append(Note("HIDDEN_COLUMNS", text, count=facts.hidden_columns, hint=hint))
    if facts.filtered and not facts.hidden_rows:
        notes.append(Note("FILTER", f"The sheet {name!r} has a filter; all its rows are included.", count=1))
    return notes


def about_columns(facts: SheetFacts, columns: Mapping[int, str], raw: pd.DataFrame) -> list[Note]:
    """Cells without a value; ``columns`` maps places in the sheet (from 0) to names."""
    notes = []
    words = tuple(word for word, _ in facts.error_words.most_common(3) if word)
    for place, count in sorted(facts.errors.items()):
        name = columns.get(place, "")
        text = f"{count:,} cells of {name or 'the sheet'} hold an error of Excel; they count as missing."
        notes.append(Note("ERROR_CELLS", text, name, count, words, hint="Correct the formulas, save and upload again."))
    for place, count in sorted(facts.unknown.items()):
        name = columns.get(place, "")
        empty = bool(name) and not raw[name].notna().any()
        what = f"{name} is empty" if empty else f"{count:,} cells of {name or 'the sheet'} are empty"
        text = f"{what}, as {'its' if empty else 'their'} formulas were never calculated."
        notes.append(Note("NOT_CALCULATED", text, name, count,
                          hint="Open the file in Excel or LibreOffice, save it, and upload it again."))
    return notes
