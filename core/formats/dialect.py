"""Which character separates the cells: decided over the complete file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from core.formats.patterns import TYPED, form
from core.formats.rows import Record, records

DELIMITERS = (",", ";", "\t", "|")
_NO_DELIMITER = "\x1f"
_TYPED = 400


@dataclass(frozen=True)
class Dialect:
    """``delimiter`` with every record read by it; ``declared`` is a leading ``sep=`` line."""

    delimiter: str
    records: tuple[Record, ...]


def decide(lines: list[str], wanted: str = "") -> Dialect:
    """The delimiter whose rows have the same width most often, tie broken by cells that read as values.

    Every line takes part, so a file that only looks tidy at its beginning cannot
    mislead. A file in which no delimiter gives equal rows has one column.
    """
    if wanted:
        return Dialect(wanted, tuple(records(lines, wanted)))
    text = "\n".join(lines)
    best, best_score = None, 0.5
    for delimiter in (d for d in DELIMITERS if d in text):
        found = tuple(records(lines, delimiter))
        score = _score(found, delimiter)
        if score > best_score:
            best, best_score = Dialect(delimiter, found), score
    return best or Dialect("", tuple(records(lines, _NO_DELIMITER)))


def _score(found: tuple[Record, ...], delimiter: str) -> float:
    """0..1: share of rows with the commonest width, times how value-like the cells are."""
    widths = Counter(len(record.cells) for record in found if record.cells)
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    if width < 2:
        return 0.0
    step = max(len(found) // _TYPED, 1)
    cells = [cell for record in islice(found, 0, None, step) for cell in record.cells]
    tidy = sum(_is_value(cell, delimiter) for cell in cells) / max(len(cells), 1)
    first = next(record for record in found if record.cells)
    headed = 1.0 if len(first.cells) in (width, width - 1) else 0.8
    return headed * (count / sum(widths.values())) * (0.4 + 0.6 * tidy) + 0.001 * min(width, 50)


def _is_value(cell: str, delimiter: str) -> bool:
    """A number, or text in which no other delimiter is left over."""
    return form(cell) in TYPED or not any(other in cell for other in DELIMITERS if other != delimiter)
