"""A header that is one cell too short or too long, or has a quote too many."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.formats.header import column_forms, has_header, surely_names
from core.formats.patterns import TYPED, form
from core.formats.repair import literal, quote_cuts
from core.formats.rows import Dialect, Record
from core.model import Note, Question

_ABOVE = 20
_FIRST = 200
_HINT = "Please check that each name stands above its column."
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
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class _Names:
    """The cells of a header put right, with a note and, where only the owner can know, a question."""

    cells: list[str]
    note: Note | None = None
    question: Question | None = None


def mend_header(records: list[Record], lines: Sequence[str], dialect: Dialect, answers: Mapping[str, str]) -> Mended:
    """Put a header right that has one cell too few or too many, a quote too many, or another separator.

    ``answers["header_gap"]`` is the number of the column without a name, where that cannot be seen.
    """
    width = _width(records)
    above = records[:_ABOVE]
    named = next((at for at, record in enumerate(above) if _may_be_names(record, width) and not _stands_above(records, at, width)), -1)
    first = next((at for at, record in enumerate(above) if record.cells), -1)
    alone = 0 <= first < named and len(records[first].cells) == 1 and not _stands_above(records, first, width)
    at, found = first, None
    if first >= 0 and (named < 0 or alone):
        found = _otherwise_separated(records, first, lines, dialect, width)
    if found is None and named >= 0:
        at, found = named, _put_right(records, named, _text(records[named], lines), dialect, width, answers)
    if found is None:
        return Mended(records)
    line, shown = records[at].line, (_text(records[at], lines)[:60],)
    note, question = found.note, found.question
    mended = [*records[:at], records[at]._replace(cells=found.cells, odd=False), *records[at + 1:]]
    notes = (replace(note, count=1, examples=shown, line=line, hint=_HINT),) if note else ()
    return Mended(mended, notes, (replace(question, examples=shown, line=line),) if question else ())


def _width(records: Sequence[Record]) -> int:
    """The commonest number of cells in the first rows; where two are as common, the larger."""
    counts = Counter(len(record.cells) for record in records[:_FIRST] if record.cells)
    return max(counts.items(), key=lambda item: (item[1], item[0]))[0] if counts else 0


def _text(record: Record, lines: Sequence[str]) -> str:
    return "".join(lines[record.line - 1: record.end - 1]).rstrip("\r\n")


def _put_right(records: Sequence[Record], at: int, text: str, dialect: Dialect, width: int,
               answers: Mapping[str, str]) -> _Names | None:
    record = records[at]
    cells = list(record.cells)
    if len(cells) == width:
        whole = [piece.value for piece in literal(text, dialect)] if record.odd else cells
        return _Names(whole) if record.odd and len(whole) == width else None
    following = next((len(other.cells) for other in records[at + 1: at + 3] if len(other.cells) != 0), 0)
    if following == len(cells):
        return None
    if len(cells) == width + 1 and sum(not cell.strip() for cell in cells) == 1:
        note = Note("HEADER_REPAIRED", "The header has one cell too many; the empty one was left out.")
        return _Names([cell for cell in cells if cell.strip()], note)
    if len(cells) == width - 1:
        below = [other.cells for other in records[at + 1:] if len(other.cells) == width]
        return _lengthened(text, cells, dialect, below, answers)
    return None


def _otherwise_separated(records: Sequence[Record], at: int, lines: Sequence[str], dialect: Dialect, width: int) -> _Names | None:
    """A header that uses another separator than its rows."""
    if len(records[at].cells) == width:
        return None
    text = _text(records[at], lines)
    rows = [record.cells for record in records[at + 1: at + 1 + _FIRST] if len(record.cells) == width]
    if width < 3 or len(rows) < 3:
        return None
    sure = not has_header(rows[0], rows[1:])
    for other in (";", "\t", "|", ",", " ") if sure else (";", "\t", "|", ","):
        cells = [piece.value for piece in literal(text, replace(dialect, delimiter=other))] if other != dialect.delimiter else []
        if len(cells) == width and has_header(cells, rows) and all(cell.strip() for cell in cells):
            return _Names(cells, Note("HEADER_REPAIRED", "The header is separated by another character than the rows."))
    return None


def _stands_above(records: Sequence[Record], at: int, width: int) -> bool:
    """A line one cell too short or too long right above the real header, which has a name for each column."""
    following = [record.cells for record in records[at + 1:] if any(cell.strip() for cell in record.cells)]
    if len(records[at].cells) == width or len(following) < 3 or len(following[0]) != width:
        return False
    return surely_names(following[0], following[1: 1 + _FIRST])


def _may_be_names(record: Record, width: int) -> bool:
    cells = record.cells
    filled = [cell for cell in cells if cell.strip()]
    if width < 3 or not len(filled) > 1 or abs(len(cells) - width) > 1:
        return False
    return all(form(cell.strip("\"' ")) not in TYPED - {"code"} for cell in filled)


def _lengthened(text: str, cells: list[str], dialect: Dialect, below: list[list[str]], answers: Mapping[str, str]) -> _Names | None:
    """A header that is one name short: two names run together, or a first column of row names."""
    width = len(cells) + 1
    cut_apart = Note("HEADER_REPAIRED", "Two names run together were cut apart.")
    for cut in quote_cuts(text, dialect) if dialect.quote else ():
        found = [*literal(text[:cut], dialect), *literal(text, dialect, cut)]
        if len(found) == width and not any(piece.odd for piece in found):
            return _Names([piece.value for piece in found], cut_apart)
    if not below:
        return None
    answer = answers.get("header_gap", "")
    if answer.isdigit() and 1 <= int(answer) <= width:
        return _Names([*cells[: int(answer) - 1], "", *cells[int(answer) - 1:]])
    forms = column_forms(below, width)
    best = _best_gaps(cells, forms)
    if not forms[-1] and width - 1 in best:
        return _Names([*cells, ""])
    apart = _at_seam(cells)
    if apart and not _counts(below) and _agreement(apart, forms) >= max(_agreement_with_gap(cells, forms, gap) for gap in best):
        return _Names(apart, cut_apart)
    if best == [0] and _row_names(below) or 0 in best and _counts(below):
        note = Note("ROW_NAMES", "The header is one name short; the first column is taken as row names.", "column_1")
        return _Names(["", *cells], note)
    gap = 0 if 0 in best and _row_names(below) else max(best)
    question = Question("header_gap", "HEADER_SHORT", "The header is one name short. Which column has no name?",
                        tuple(str(number) for number in range(1, width + 1)), str(gap + 1), count=1)
    return _Names([*cells[:gap], "", *cells[gap:]], None, question)


def _at_seam(cells: list[str]) -> list[str]:
    """The names with the only one cut that looks like two ("customerName"), [] where none or several do."""
    seams = [(at, cut.start()) for at in range(len(cells)) for cut in _SEAM.finditer(cells[at])]
    if len(seams) != 1:
        return []
    at, cut = seams[0]
    return [*cells[:at], cells[at][:cut], cells[at][cut:], *cells[at + 1:]]


def _agreement(cells: Sequence[str], forms: Sequence[str]) -> int:
    """How many names go with what their columns hold, less those that do not."""
    total = 0
    for name, held in zip(cells, forms, strict=True):
        hinted = [kinds for pattern, kinds in _HINTS if pattern.search(name)]
        if hinted and held:
            total += 1 if any(held in kinds for kinds in hinted) else -1
    return total


def _agreement_with_gap(cells: Sequence[str], forms: Sequence[str], gap: int) -> int:
    return _agreement([*cells[:gap], "", *cells[gap:]], forms)


def _best_gaps(cells: Sequence[str], forms: Sequence[str]) -> list[int]:
    """Positions of the column without a name under which most names go with what their columns hold."""
    scores = [_agreement_with_gap(cells, forms, gap) for gap in range(len(cells) + 1)]
    return [gap for gap, score in enumerate(scores) if score == max(scores)]


def _counts(below: list[list[str]]) -> bool:
    """First cells that count the rows."""
    firsts = [row[0].strip() for row in below]
    return firsts in ([str(at) for at in range(len(firsts))], [str(at) for at in range(1, len(firsts) + 1)])


def _row_names(below: list[list[str]]) -> bool:
    """First cells that all differ, as row names do."""
    firsts = [row[0] for row in below]
    return len(set(firsts)) == len(firsts) and all(cell.strip() for cell in firsts)
