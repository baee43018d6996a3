"""The header: which rows hold names, and names that are present and different."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.formats.patterns import TYPED, common_form, form, half_quoted, is_blank, outline
from core.model import Choice, Note, Question

MOST_ROWS = 3
_SAMPLE = 200
_NUMERIC = frozenset({"number", "money", "percent"})
_CALENDAR = frozenset({"date", "datetime"})
_OPTIONS = ("no", "yes", "2", "3")


@dataclass(frozen=True)
class Header:
    """``count`` rows of names that give ``cells``, one a column; what is to be told and asked about them."""

    count: int
    cells: list[str]
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()


def column_names(cells: Sequence[object]) -> tuple[list[str], list[Note]]:
    """Names for a header row: blanks become ``column_3``, repeats ``x (2)``, each with a note."""
    names: list[str] = []
    notes: list[Note] = []
    taken: dict[str, str] = {}
    for position, cell in enumerate(cells, start=1):
        given = "" if cell is None else unicodedata.normalize("NFC", str(cell)).strip()
        name = _free(given or f"column_{position}", taken)
        if not given:
            notes.append(Note("UNNAMED_COLUMN", f"Column {position} has no name; it is called {name}.", name, 1))
        elif name != given:
            notes.append(_told_of_equal(given, taken[given.casefold()], name))
        names.append(name)
    return names, notes


def _told_of_equal(given: str, first: str, name: str) -> Note:
    if given == first:
        return Note("REPEATED_NAME", f"The name {given!r} appears more than once; this one is {name}.", name, 1)
    text = f"The names {first!r} and {given!r} differ only in upper and lower case; the second is {name}."
    return Note("SIMILAR_NAMES", text, name, 1)


def _free(name: str, taken: dict[str, str]) -> str:
    """``name``, or the first of ``name (2)``, ``name (3)`` ... not taken when letter case is ignored."""
    candidate, turn = name, 1
    while candidate.casefold() in taken:
        turn += 1
        candidate = f"{name} ({turn})"
    taken[candidate.casefold()] = candidate
    return candidate


def column_forms(rows: Sequence[Sequence[object]], width: int) -> list[str]:
    """What each of ``width`` columns holds in most of (at most 200 of) these rows: see :func:`patterns.form`."""
    step = max(len(rows) // _SAMPLE, 1)
    taken = rows[::step]
    return [common_form(row[at] for row in taken if at < len(row)) for at in range(width)]


def fits(cell: object, wanted: str) -> bool:
    """Does a filled cell look like its column? Amounts go with amounts, days with days."""
    found = form(cell)
    if found == wanted:
        return True
    return any(found in family and wanted in family for family in (_NUMERIC, _CALENDAR))


def votes(row: Sequence[object], rows: Sequence[Sequence[object]], forms: Sequence[str]) -> tuple[int, int]:
    """How many cells of ``row`` say that it holds names, and how many that it is one more row like ``rows``.

    A column of numbers, days, addresses or codes votes for names by a cell of another
    kind. A column of text votes against by a cell that appears again below, and for
    where it repeats its few values and this is none of them.
    """
    names = data = 0
    for at, (cell, wanted) in enumerate(zip(row, forms, strict=False)):
        if is_blank(cell) or not form(cell):
            continue
        if wanted == "code" and form(cell) == "code":
            outlines = {outline(str(other[at])) for other in rows if at < len(other) and not is_blank(other[at])}
            odd = len(outlines) <= 3 and outline(str(cell)) not in outlines
            names, data = names + odd, data + (not odd)
        elif wanted in TYPED:
            fitting = fits(cell, wanted)
            names, data = names + (not fitting), data + fitting
        elif wanted:
            values = [other[at] for other in rows if at < len(other) and not is_blank(other[at])]
            data += len(values) >= 4 and cell in values
            names += len(values) >= 8 and cell not in values and len(set(map(str, values))) <= len(values) // 2
    return names, data


def has_header(first: Sequence[object], rows: Sequence[Sequence[object]]) -> bool:
    """Does the first row hold names? Its columns vote; without a vote it does, unless it holds nothing but numbers."""
    below = rows[:_SAMPLE]
    if not below:
        return not all(form(cell) in TYPED for cell in first if not is_blank(cell))
    names, data = votes(first, below, column_forms(below, len(first)))
    if names == data == 0:
        return not all(form(cell) in TYPED for cell in first if not is_blank(cell))
    return data <= names


def surely_names(row: Sequence[object], rows: Sequence[Sequence[object]]) -> bool:
    """Does ``row`` name each column of the ``rows`` below, by the vote of at least one of them and most?"""
    below = [one for one in rows[:_SAMPLE] if len(one) == len(row)]
    if not below or any(map(is_blank, row)):
        return False
    names, data = votes(row, below, column_forms(below, len(row)))
    return names > data


def decide(rows: Sequence[Sequence[object]], width: int, answers: Mapping[str, str], line: int = 0) -> Header:
    """The header of a table that begins with ``rows``: none, or one to three rows joined by " / "."""
    answer = answers.get("header", "")
    others = [row for row in rows[1:] if list(row) != list(rows[0])]
    if not answer and not has_header(rows[0], others or rows[1:]):
        shown = tuple(str(cell) for cell in rows[0] if not is_blank(cell))[:3]
        question = Question("header", "NO_HEADER", "The first line looks like a customer, not like column names. Is it a header?",
                            ("no", "yes"), "no", examples=shown, line=line)
        return Header(0, [f"column_{at}" for at in range(1, width + 1)], (), (question,))
    if answer == "no":
        return Header(0, [f"column_{at}" for at in range(1, width + 1)])
    count = min({"yes": 1, "2": 2, "3": 3}.get(answer, 0) or _count(rows, width), len(rows))
    cells = _joined(rows[:count], width)
    if count == 1:
        return Header(1, cells)
    text = f"The first {count} rows hold the column names; they were joined."
    note = Note("HEADER_ROWS", text, count=count, examples=tuple(name for name in cells if " / " in name)[:3], line=line,
                hint="Choose yes if only the first row holds names.", choice=Choice("header", _OPTIONS, str(count)))
    return Header(count, cells, (note,))


def _count(rows: Sequence[Sequence[object]], width: int) -> int:
    """How many of the first rows hold names, at least one.

    A further row belongs to them when it disagrees with the columns below in at least
    two places and agrees in none, or names what stands under the groups of the row above.
    """
    count = 1
    while count < min(MOST_ROWS, len(rows) - 1):
        row, below = rows[count], rows[count + 1: count + 1 + _SAMPLE]
        if list(row) == list(rows[0]) or len(row) != len(rows[0]) or any(map(half_quoted, row)):
            break
        names, data = votes(row, below, column_forms(below, width))
        named = names >= 2 and not data
        if not named and not _under_groups(rows[count - 1], row, below, names > data):
            break
        count += 1
    return count


def _under_groups(above: Sequence[object], row: Sequence[object], below: Sequence[Sequence[object]], voted: bool) -> bool:
    """Does ``row`` name what stands under the groups of the row above, whose merged cells are blank but for the first?"""
    gaps = [at for at, cell in enumerate(above) if is_blank(cell)]
    if not gaps or any(is_blank(row[at]) for at in gaps):
        return False
    if not any(map(is_blank, row)):
        return voted and len(set(row)) == len(row)
    return is_blank(row[0]) and sum(is_blank(other[0]) for other in below if other) <= len(below) // 4


def _joined(rows: Sequence[Sequence[object]], width: int) -> list[str]:
    """Names over several rows: "A / B". A blank in an upper row repeats its left neighbour, as merged cells do."""
    parts: list[list[str]] = [[] for _ in range(width)]
    for number, row in enumerate(rows):
        left = ""
        for at in range(width):
            cell = "" if at >= len(row) or is_blank(row[at]) else str(row[at]).strip()
            left = cell or (left if number < len(rows) - 1 else "")
            if left and left not in parts[at]:
                parts[at].append(left)
    return [" / ".join(part) for part in parts]
