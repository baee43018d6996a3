"""Rows that do not fit the columns: the most likely way to cut their text into cells, if there is just one.

The text is read in every way that one slip of the pen explains: a separator too few or
too many, a quote too many, another separator. Each reading is aligned with the columns
by dynamic programming over what their cells are like (:mod:`core.formats.columns`);
every change has a price, so that the simplest explanation wins. A row is put right
only where the best explanation is clearly better than the second.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from core.formats.columns import ColumnModel
from core.formats.rows import Dialect, Piece, one_piece

EDIT = 3.0
_WITHIN = 2.5
_MARGIN = 1.5
_MOST = 14.0
_KEPT = 3
_MERGED = 12
_LONGEST = 20_000
_MOST_CUTS = 60
_OTHER = (";", "\t", "|", ",", " ")
_SPLIT = "a missing separator was put in"
_DROPPED = "an empty cell too many was left out"
_MERGED_TEXT = "a separator within a text was taken as part of it"
_QUOTE = "a quote that opens a cell is never closed; it was kept as text"
_OTHER_TEXT = "the line is separated by another character"
_PADDED = "the missing last cell is empty"


class Repair(NamedTuple):
    """A row put right: its cells, and in words how; "" where it is best as it stands."""

    cells: list[str]
    reason: str


@dataclass(frozen=True)
class _Reading:
    """One way to cut a text: its cells, what that costs, and why; ``joiner`` stood between them."""

    cells: tuple[Piece, ...]
    paid: float
    reasons: tuple[str, ...]
    joiner: str
    cheap: bool = False


def repair(text: str, dialect: Dialect, columns: Sequence[ColumnModel]) -> Repair | None:
    """The cells of the row that ``text`` holds, None where no single way of reading it is clearly the best."""
    if len(text) > _LONGEST or not dialect.delimiter or len(columns) > 200:
        return None
    ways: dict[tuple[str, ...], tuple[float, tuple[str, ...]]] = {}
    typical = sum(column.typical for column in columns)
    for reading in _readings(text, dialect):
        for paid, cells, reasons in _aligned(reading, columns):
            if cells not in ways or paid < ways[cells][0]:
                ways[cells] = (paid, reasons)
    best = sorted((paid, cells, reasons) for cells, (paid, reasons) in ways.items())[:2]
    if not best or (len(best) > 1 and best[1][0] - best[0][0] < _MARGIN) or best[0][0] > _MOST + typical:
        return None
    cells, reasons = best[0][1], best[0][2]
    if _unproven(cells, reasons, dialect, columns):
        return None
    return Repair(list(cells), "; ".join(dict.fromkeys(reasons)))


def _unproven(cells: tuple[str, ...], reasons: tuple[str, ...], dialect: Dialect, columns: Sequence[ColumnModel]) -> bool:
    """A lone opening quote in a column of free text may be a text that ran on: nobody can tell."""
    if _QUOTE not in reasons:
        return False
    at = next((at for at, cell in enumerate(cells) if cell.startswith(dialect.quote)), -1)
    return at < 0 or not columns[at].typed or columns[at].cost(cells[at][1:]) > 5.0


def _readings(text: str, dialect: Dialect) -> Iterator[_Reading]:
    plain = tuple(literal(text, dialect))
    lone = sum(piece.odd and not _double(piece, dialect) for piece in plain)
    doubles = sum(_double(piece, dialect) for piece in plain)
    reasons = (_QUOTE,) * lone + ("a quote too many was kept as text",) * doubles
    within = sum(not piece.quoted and not piece.odd and piece.value.count(dialect.quote) % 2 for piece in plain) if dialect.quote else 0
    yield _Reading(plain, EDIT * (lone + doubles) + _WITHIN * within, reasons, dialect.delimiter)
    if dialect.quote:
        for cut in quote_cuts(text, dialect):
            cells = (*literal(text[:cut], dialect), *literal(text, dialect, cut))
            odd = sum(piece.odd for piece in cells)
            yield _Reading(cells, EDIT * (1 + odd), (_SPLIT,), dialect.delimiter)
    for other in _OTHER:
        if other != dialect.delimiter and other in text and len(plain) <= 1 + text.count(dialect.delimiter) <= 4:
            cells = tuple(literal(text, replace(dialect, delimiter=other)))
            yield _Reading(cells, EDIT, (_OTHER_TEXT,), other, cheap=True)


def _double(piece: Piece, dialect: Dialect) -> bool:
    return piece.odd and piece.value.startswith(dialect.quote) and piece.quoted


def literal(text: str, dialect: Dialect, at: int = 0) -> Iterator[Piece]:
    """The cells of one text. A quote before a complete quoted cell is text, and the cell goes on to the end of the quotes."""
    while True:
        piece = one_piece(text, dialect, at)
        if piece.odd:
            inner = one_piece(text, dialect, piece.start + 1)
            if inner.quoted:
                piece = Piece(dialect.quote + inner.value, piece.start, inner.end, quoted=True, odd=True)
        yield piece
        if piece.end >= len(text):
            return
        at = piece.end + len(dialect.delimiter)


def quote_cuts(text: str, dialect: Dialect) -> list[int]:
    """Places beside a quote where a separator may be missing."""
    quote, found = dialect.quote, []
    for at, character in enumerate(text):
        if character != quote:
            continue
        before = text[:at].endswith(dialect.delimiter) or at == 0
        if not before and not text.startswith(dialect.delimiter, at + 1) and one_piece(text, dialect, at).quoted:
            found.append(at)
        after = at + 1 == len(text) or text.startswith(dialect.delimiter, at + 1)
        if not after and at and not before:
            found.append(at + 1)
    return sorted(set(found))[:_MOST_CUTS]


def _aligned(reading: _Reading, columns: Sequence[ColumnModel]) -> list[tuple[float, tuple[str, ...], tuple[str, ...]]]:
    """The three cheapest ways to bring the cells of a reading into the columns: (price, cells, reasons)."""
    cells, width = reading.cells, len(columns)
    budget = _MERGED if reading.cheap else 2
    if not 1 <= len(cells) <= width + 2 + (200 if reading.cheap else 40) or abs(len(cells) - width) > (200 if reading.cheap else 6):
        return []
    low, high = min(0, width - len(cells)), max(0, width - len(cells))
    table: list[dict[int, list]] = [{} for _ in range(len(cells) + 1)]
    table[0][0] = [(reading.paid, (), reading.reasons)]
    for i in range(len(cells) + 1):
        for j in range(max(i + low, 0), min(i + high, width) + 1):
            states = table[i].get(j)
            if not states:
                continue
            for step, to_i, to_j, values, reason in _moves(reading, i, j, columns, budget):
                if not low <= to_j - to_i <= high:
                    continue
                place = table[to_i].setdefault(to_j, [])
                for paid, done, reasons in states:
                    told = reasons if not reason or reason in reasons else (*reasons, reason)
                    place.append((paid + step, done + values, told))
                if len(place) > 4 * _KEPT:
                    place[:] = _best(place)
    return _best(table[len(cells)].get(width, []))


def _best(states: list) -> list:
    """The cheapest few with different cells."""
    cheapest: dict[tuple[str, ...], tuple] = {}
    for state in sorted(states, key=lambda one: one[0]):
        cheapest.setdefault(state[1], state)
        if len(cheapest) == _KEPT:
            break
    return heapq.nsmallest(_KEPT, cheapest.values(), key=lambda one: one[0])


def _moves(reading: _Reading, i: int, j: int, columns: Sequence[ColumnModel], budget: int) -> Iterator[tuple]:
    """From cell ``i`` and column ``j``: (price, next cell, next column, values, reason)."""
    cells, width, length = reading.cells, len(columns), len(reading.cells)
    if i < length and j < width:
        yield _price(cells[i], columns[j]), i + 1, j + 1, (cells[i].value,), ""
    if i < length and not cells[i].value.strip():
        yield EDIT, i + 1, j, (), _DROPPED
    if i < length < width and j + 1 < width and not cells[i].quoted:
        for price, values in _halves(cells[i].value, columns[j], columns[j + 1]):
            yield EDIT + price, i + 1, j + 2, values, _SPLIT
    if i == length and j == width - 1 and columns[j].blanks > 0.5 * columns[j].count:
        yield EDIT + columns[j].cost(""), i, j + 1, ("",), _PADDED
    if j < width < length:
        yield from _merges(reading, i, j, columns, budget)


def _price(piece: Piece, column: ColumnModel) -> float:
    """What it costs to find a cell in a column; a quote too many at its beginning is paid already."""
    return column.cost(piece.value[1:] if piece.odd else piece.value)


def _merges(reading: _Reading, i: int, j: int, columns: Sequence[ColumnModel], budget: int) -> Iterator[tuple]:
    """Several cells that are one text: only unquoted ones, only into a column of text.

    A column of few values that come again and again takes no new one that no blank after the separator speaks for.
    """
    if columns[j].typed or i >= len(reading.cells) or reading.cells[i].quoted:
        return
    value, column = reading.cells[i].value, columns[j]
    for more in range(1, budget + 1):
        if i + more >= len(reading.cells) or reading.cells[i + more].quoted:
            return
        if not reading.cheap and not (reading.cells[i + more].value.strip() and reading.cells[i + more - 1].value.strip()):
            return
        value += reading.joiner + reading.cells[i + more].value
        if not reading.cheap and column.repeats and value not in column.values and not reading.cells[i + more].value.startswith(" "):
            continue
        price = 0.4 if reading.cheap else EDIT
        yield price * more + columns[j].cost(value), i + more + 1, j + 1, (value,), "" if reading.cheap else _MERGED_TEXT


def _halves(value: str, left: ColumnModel, right: ColumnModel) -> list[tuple[float, tuple[str, str]]]:
    """The cheapest cuts of one cell into two columns. A cut within letters or within digits is less likely."""
    if len(value) > 2_000 or not (left.typed or right.typed or left.repeats or right.repeats):
        return []
    found = []
    for at in range(len(value) + 1):
        first, second = value[:at], value[at:]
        if (not first and left.blanks == 0) or (not second and right.blanks == 0):
            continue
        alike = 0 < at < len(value) and _kind(value[at - 1]) == _kind(value[at])
        found.append((left.cost(first) + right.cost(second) + 1.0 * alike, (first, second)))
    return heapq.nsmallest(_KEPT, found)


def _kind(character: str) -> str:
    if character.isdigit():
        return "9"
    return "A" if character.isupper() else "a" if character.isalpha() else character
