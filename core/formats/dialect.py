"""Which characters separate, quote and escape: decided by what the whole table looks like under each.

Three published ideas in one score: rows of equal width (table uniformity, W. Garcia, "Detecting CSV
file dialects by table uniformity measurement and data type inference", 2024), cells that read as
values (the consistency measure of van den Burg, Nazabal and Sutton, "Wrangling messy CSV files by
detecting row and type patterns", 2019), and columns that agree in their type over all rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from core.formats.lining import LINED_UP, lined_up, may_be_lined_up
from core.formats.patterns import TYPED, form
from core.formats.rows import Dialect, Record, records, split_lines

_USUAL = (",", ";", "\t", "|")
_PRIOR = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 1.0, "^": 0.97, "~": 0.97, "\x1f": 1.0, "\x01": 1.0, ":": 0.75, " ": 0.75}
DELIMITERS = tuple(_PRIOR)
_PAIRS = re.compile(r"([,;|:^~])\1| \| |[,;|:^~] ")
_SINGLE_QUOTED = re.compile(r"(?:^|[^\w\s']|\t) ?'(?:[^']|''){0,300}+'(?= ?(?:[^\w\s']|[\t\r]|$))|(?:^| )'[^'\n]*'(?= |$)", re.MULTILINE)
_CLOCK = re.compile(r"[0-2]?\d:[0-5]\d(?::[0-5]\d)?")
_ROWS = 400
_PIECE = 120_000
_WHOLE = 5_000_000
_UNQUOTED = 0.95
_VALUES = 0.75
_ESCAPES = ("", "\\", "\0")


@dataclass(frozen=True)
class Wanted:
    """What is known beforehand, by an answer or a ``sep=`` line; None where it is to be found out."""

    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None


def dialect_of(text: str, wanted: Wanted) -> Dialect:
    """The dialect of a text: decided on a sample, and on all of it where the sample is no tidy table."""
    sample = sample_of(text)
    found = decide(sample, wanted)
    if len(text) <= 4 * _PIECE or len(text) > _WHOLE or _share(sample, found) >= 0.9:
        return found
    return decide(split_lines(text), wanted)


def _share(sample: Sequence[str], dialect: Dialect) -> float:
    """Share of the records that have the commonest width."""
    widths = Counter(len(record.cells) for record in records(sample, dialect) if record.cells)
    return max(widths.values(), default=0) / max(widths.total(), 1)


def sample_of(text: str) -> list[str]:
    """Whole lines from the beginning, the middle and the end, all of a text that is not long."""
    if len(text) <= 4 * _PIECE:
        return split_lines(text)
    middle, end = len(text) // 2, len(text) - _PIECE
    parts = (text[:_PIECE], text[middle: middle + _PIECE], text[end:])
    cut = [split_lines(part) for part in parts]
    return [*cut[0][:-1], *cut[1][1:-1], *cut[2][1:]]


def decide(sample: Sequence[str], wanted: Wanted) -> Dialect:
    """The dialect under which these lines make the best table; one column where no delimiter makes any."""
    spoken = [line for line in sample if not line.startswith("#")]
    sample = spoken if 2 <= len(spoken) > len(sample) / 2 else sample
    text = "".join(sample)
    quotes = [wanted.quote] if wanted.quote is not None else _quotes(text)
    best, best_score = Dialect("", _single_quote(text)), _single_score(sample)
    if wanted.delimiter is not None:
        best_score = -1.0
    for delimiter, blanks in _separators(sample, text, wanted.delimiter):
        for quote in quotes:
            for escape in [wanted.escape] if wanted.escape is not None else _escapes(text, quote):
                dialect = Dialect(delimiter, quote, escape, blanks)
                score = _score(sample, dialect)
                if score > best_score + 1e-9:
                    best, best_score = dialect, score
    return best


def width_of(sample: Sequence[str], dialect: Dialect) -> int:
    """The commonest number of cells of a record, taking every line on its own."""
    widths = Counter(len(record.cells) for record in records(sample, dialect) if record.cells and not record.odd)
    return max(widths.items(), key=lambda item: (item[1], item[0]))[0] if widths else 0


def _separators(sample: Sequence[str], text: str, wanted: str | None) -> list[tuple[str, int]]:
    """Delimiters to be tried, each with the least number of blanks in a row where columns are lined up with them."""
    if wanted == LINED_UP:
        return [(" ", 1), (" ", 2)]
    if wanted is not None:
        return [(wanted, 0)]
    lined = [(" ", 1), (" ", 2)] if may_be_lined_up(sample) else []
    return [(one, 0) for one in _delimiters(sample, text)] + lined


def _delimiters(sample: Sequence[str], text: str) -> list[str]:
    """Candidates that stand in at least a third of the lines; pairs where the second character always follows."""
    filled = [line for line in sample if line.strip()]
    pairs = {found.group() for found in islice(_PAIRS.finditer(text), 2_000)}
    pairs = {pair for pair in pairs if pair[0] != pair[1] or text.count(pair) * 2 == text.count(pair[0])}
    needed = max(len(filled) // 3, 1)
    candidates = [*DELIMITERS, *sorted(pair for pair in pairs if pair[0] != pair[1] or not _alone(pair[0], text))]
    return [one for one in candidates if one in text and sum(one in line for line in filled) >= needed]


def _alone(mark: str, text: str) -> bool:
    """Does the first character of a doubled separator stand alone, too, so that two of them are an empty cell?"""
    runs = [len(run) for run in re.findall(f"{re.escape(mark)}+", text)]
    return sum(run % 2 for run in runs) > len(runs) / 10


def _quotes(text: str) -> list[str]:
    found = ['"'] if '"' in text else []
    if _SINGLE_QUOTED.search(text):
        found.append("'")
    return [*found, ""] if found else ['"']


def _escapes(text: str, quote: str) -> list[str]:
    return [escape for escape in _ESCAPES if not escape or (quote and escape + quote in text)]


def _single_quote(text: str) -> str:
    return '"' if '"' in text else ""


def _single_score(sample: Sequence[str]) -> float:
    """What one column is worth: little, unless its cells are values themselves."""
    cells = [line.strip().strip('"') for line in sample if line.strip()][:_ROWS]
    typed = sum(form(cell) in TYPED for cell in cells) / max(len(cells), 1)
    return 0.35 + 0.3 * typed


def _score(sample: Sequence[str], dialect: Dialect) -> float:
    """0..1: share of rows of the commonest width, times how far the columns agree in what they hold."""
    found = [record for record in records(sample, dialect) if record.cells and record.cells != [""]]
    found = [record for record in found if len(record.cells) > 1 or not record.cells[0].startswith("#")]
    widths = Counter(len(record.cells) for record in found if any(cell.strip() for cell in record.cells))
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    if width < 2:
        return 0.0
    rows = [record.cells for record in found if len(record.cells) == width]
    rows = rows[:: max(len(rows) // _ROWS, 1)]
    headed = 1.0 if _begins_wide(found, width) else 0.75 if width == 2 else 0.8
    tidy = _agreement(rows, dialect, width)
    odd = sum(record.odd for record in found) / len(found)
    nearly = _regularity(widths, width, count)
    prior = _PRIOR.get(dialect.delimiter, 1.0) * (1.0 if dialect.quote else _UNQUOTED)
    if dialect.blanks:
        prior = lined_up(sample, dialect, width, count / len(found)) * (1.0 if dialect.quote else _UNQUOTED)
    if dialect.delimiter == ":" and _clocks(sample):
        prior *= 0.5
    if dialect.delimiter == " " and not dialect.blanks and tidy < _VALUES and (width == 2 or nearly < 0.9):
        prior *= 0.5
    return prior * headed * nearly * (0.25 + 0.75 * tidy) * (1 - 0.5 * odd) * (1 - 0.15 / width)


def _clocks(sample: Sequence[str]) -> bool:
    """Most colons stand within times of day."""
    text = "".join(sample)
    return sum(found.group().count(":") for found in _CLOCK.finditer(text)) > text.count(":") / 2


def _regularity(widths: Counter[int], width: int, count: int) -> float:
    """Share of rows of the commonest width; a row of nearly that many cells counts a little, as do other tables."""
    total = sum(widths.values())
    others = sum(n for w, n in widths.items() if w != width and (abs(w - width) <= 1 or n >= 5) and w > 1)
    return (count + 0.5 * others) / total


def _begins_wide(found: Sequence[Record], width: int) -> bool:
    """One of the first rows has the width of the table, or one cell less or more."""
    return any(abs(len(record.cells) - width) <= 1 and len(record.cells) > 1 for record in found[:1])


def _agreement(rows: Sequence[Sequence[str]], dialect: Dialect, width: int) -> float:
    """0..1: mean over the columns of the share of cells of the commonest form; plain text counts less than values.

    Text that holds other delimiters, quotes at its ends or blanks around it looks cut at the wrong places.
    """
    body = rows[1:] if len(rows) > 2 else rows
    others = [one for one in _USUAL if one not in dialect.delimiter and one != ","]
    others += [","] if dialect.delimiter == ";" or dialect.blanks else []
    total = 0.0
    for at in range(width):
        worth, counts = 0.0, Counter()
        for row in body:
            cell = row[at]
            name = form(cell)
            counts[name] += 1
            if name == "text" or name == "code":
                worth += _text_worth(cell, others)
            elif name:
                worth += 1.0 - 0.15 * (cell[:1] == " ")
        filled = sum(counts.values()) - counts[""]
        if not filled:
            total += 0.45
            continue
        top = max(n for name, n in counts.items() if name)
        total += (worth / filled) * (0.4 + 0.6 * top / filled)
    return total / width


def _text_worth(cell: str, others: Sequence[str]) -> float:
    """0..0.7 for one text."""
    stripped = cell.strip()
    worth = 0.7
    if cell != stripped:
        worth -= 0.2
    if stripped[:1] in "\"'" or stripped[-1:] in "\"'":
        worth -= 0.4
    if any(other in cell for other in others):
        worth -= 0.3
    return max(worth, 0.05)
