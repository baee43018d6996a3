"""A header that is one cell too short or too long, or has a quote too many."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.formats.header import column_forms
from core.formats.patterns import TYPED, form
from core.formats.repair import literal, quote_cuts
from core.formats.rows import Dialect, Record
from core.model import Note

_ABOVE = 20
_HINTS = (
    (re.compile(r"mail", re.IGNORECASE), {"email"}),
    (re.compile(r"url|link|website|homepage", re.IGNORECASE), {"url"}),
    (re.compile(r"date|datum|\btag\b|\bday\b|fecha|since|seit", re.IGNORECASE), {"date", "datetime"}),
    (re.compile(r"time|uhrzeit|\bhour", re.IGNORECASE), {"time", "datetime"}),
    (re.compile(r"price|preis|amount|betrag|qty|quantity|menge|anzahl|count|total|summe|spend|revenue|umsatz|\bage\b|alter|score",
                re.IGNORECASE), {"number", "money", "percent"}),
    (re.compile(r"phone|telefon|\btel\b", re.IGNORECASE), {"phone", "number"}),
    (re.compile(r"(?:^|_|\b|[a-z])(?:id|code|sku|nr|no)\b|ID$", re.IGNORECASE), {"code", "number"}),
)
_SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[A-Za-z])")


@dataclass(frozen=True)
class Mended:
    """The records with what was put right, and what is told of it."""

    records: list[Record]
    notes: tuple[Note, ...] = ()


def mend_header(records: list[Record], lines: Sequence[str], dialect: Dialect, width: int) -> Mended:
    """Put a header right that has one cell too few or too many, or a quote too many."""
    at = next((at for at, record in enumerate(records[:_ABOVE]) if _may_be_names(record, width)), -1)
    if at < 0:
        return Mended(records)
    record = records[at]
    text = "".join(lines[record.line - 1: record.end - 1]).rstrip("\r\n")
    cells, note = list(record.cells), None
    if len(cells) == width:
        cells = [piece.value for piece in literal(text, dialect)] if record.odd else cells
        cells = cells if len(cells) == width else list(record.cells)
    elif len(cells) == width + 1 and sum(not cell.strip() for cell in cells) == 1:
        cells = [cell for cell in cells if cell.strip()]
        note = Note("HEADER_REPAIRED", "The header has one cell too many; the empty one was left out.", count=1,
                    examples=(text[:60],), line=record.line, hint="Please check that each name stands above its column.")
    elif len(cells) == width - 1:
        below = [other.cells for other in records[at + 1:] if len(other.cells) == width]
        cells, note = _lengthened(text, cells, dialect, below)
    note = note and _at_line(note, record.line, text)
    return Mended([*records[:at], record._replace(cells=cells, odd=False), *records[at + 1:]], (note,) if note else ())


def _at_line(note: Note, line: int, text: str) -> Note:
    hint = "Please check that each name stands above its column."
    return Note(note.code, note.text, note.column, 1, (text[:60],), line, hint)


def _may_be_names(record: Record, width: int) -> bool:
    cells = record.cells
    filled = [cell for cell in cells if cell.strip()]
    if width < 3 or not len(filled) > 1 or abs(len(cells) - width) > 1:
        return False
    return all(form(cell.strip("\"' ")) not in TYPED - {"code"} for cell in filled)


def _lengthened(text: str, cells: list[str], dialect: Dialect, below: list[list[str]]) -> tuple[list[str], Note | None]:
    """A header that is one name short: two names run together, or a first column of row names."""
    width = len(cells) + 1
    for cut in quote_cuts(text, dialect) if dialect.quote else ():
        found = [*literal(text[:cut], dialect), *literal(text, dialect, cut)]
        if len(found) == width and not any(piece.odd for piece in found):
            return [piece.value for piece in found], Note("HEADER_REPAIRED", "Two names run together were cut apart.")
    if not below:
        return cells, None
    forms = column_forms(below, width)
    best = _best_gaps(cells, forms)
    if not forms[-1] and width - 1 in best:
        return [*cells, ""], None
    if 0 in best and _row_names(below):
        note = Note("ROW_NAMES", "The header is one name short; the first column is taken as row names.", "column_1")
        return ["", *cells], note
    seams = [(at, cut.start()) for at in range(len(cells)) if at + 1 in best for cut in _SEAM.finditer(cells[at])]
    if len(seams) == 1:
        at, cut = seams[0]
        halves = [cells[at][:cut], cells[at][cut:]]
        return [*cells[:at], *halves, *cells[at + 1:]], Note("HEADER_REPAIRED", "Two names run together were cut apart.")
    gap = max(best)
    text = f"The header is one name short; column {gap + 1} is taken as the one without a name."
    return [*cells[:gap], "", *cells[gap:]], Note("HEADER_SHORT", text)


def _best_gaps(cells: Sequence[str], forms: Sequence[str]) -> list[int]:
    """Positions of the column without a name under which most names go with what their columns hold."""
    def agreement(name: str, held: str) -> int:
        hinted = [kinds for pattern, kinds in _HINTS if pattern.search(name)]
        if not hinted or not held:
            return 0
        return 1 if any(held in kinds for kinds in hinted) else -1

    scores = [sum(agreement(cell, forms[at + (at >= gap)]) for at, cell in enumerate(cells)) for gap in range(len(cells) + 1)]
    return [gap for gap, score in enumerate(scores) if score == max(scores)]


def _row_names(below: list[list[str]]) -> bool:
    """First cells that all differ, as row names do."""
    firsts = [row[0] for row in below]
    return len(set(firsts)) == len(firsts) and all(cell.strip() for cell in firsts)
