"""Several tables in one file: where each begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.formats.header import column_forms, votes
from core.formats.patterns import TYPED, form, half_quoted, is_blank

_AHEAD = 30
_HEADED = 20
_SAMPLE = 200
_LARGER = 10
_SMALLEST = 2
_SAID = 0.6


def common_width(rows: Sequence[Sequence[object]], filled: Sequence[int]) -> int:
    """The number of cells that most of these rows have; of two equally common ones the larger."""
    widths = Counter(len(rows[at]) for at in filled)
    return max(widths.items(), key=lambda item: (item[1], item[0]))[0] if widths else 0


def regions(rows: Sequence[Sequence[object]], filled: Sequence[int]) -> list[tuple[int, int]]:
    """Half-open ranges of positions in ``filled`` (the rows that hold anything), one for each table.

    A table begins where the number of cells changes or a blank row stands before, or
    where cells turn up that do not belong below these columns; and where the row looks
    like names over the rows that follow. Lines of a single cell above belong to it.
    """
    starts = [0]
    forms, first = _below(rows, filled, 0)
    header = [list(rows[one]) for one in filled[:_HEADED]]
    for at in range(1, len(filled) - 1):
        if not _may_begin(rows, filled, at, forms, first):
            continue
        row = list(rows[filled[at]])
        if not _are_names(row):
            continue
        if at - starts[-1] < _SAMPLE:
            above = [rows[one] for one in filled[starts[-1] + 1: at] if len(rows[one]) == len(forms)]
            forms = column_forms(above, len(forms)) if above else forms
        if any(row == one for one in header[: at - starts[-1]]) or at - starts[-1] < _SMALLEST:
            continue
        if not _named_again(row, header[: at - starts[-1]]) and not _begins(rows, filled, at, forms):
            continue
        begin = at
        while begin - 1 > starts[-1] + 1 and _filled_cells(rows[filled[begin - 1]]) <= 1 < len(row):
            begin -= 1
        starts.append(begin)
        forms, first = _below(rows, filled, at)
        header = [list(rows[one]) for one in filled[begin: at + 1]]
    found = list(zip(starts, [*starts[1:], len(filled)], strict=True))
    while len(found) > 1 and not _is_table(rows, filled, *found[0]):
        found[:2] = [(found[0][0], found[1][1])]
    return found


def main_region(found: Sequence[tuple[int, int]]) -> int:
    """The first table, or the largest where that has ten times its rows."""
    sizes = [end - start for start, end in found]
    largest = max(range(len(found)), key=lambda at: (sizes[at], -at))
    return largest if sizes[largest] >= _LARGER * sizes[0] else 0


def _filled_cells(row: Sequence[object]) -> int:
    return sum(not is_blank(cell) for cell in row)


def _below(rows: Sequence[Sequence[object]], filled: Sequence[int], at: int) -> tuple[list[str], int]:
    """Forms of the columns below a row, and the first of them that is no plain text (-1 where all are)."""
    width = len(rows[filled[at]])
    below = [rows[one] for one in filled[at + 1: at + 1 + _SAMPLE] if len(rows[one]) == width]
    forms = column_forms(below, width)
    return forms, next((one for one, name in enumerate(forms) if name in TYPED), -1)


def _may_begin(rows: Sequence[Sequence[object]], filled: Sequence[int], at: int, forms: list[str], first: int) -> bool:
    """A quick look that excludes nearly every row."""
    here, before = rows[filled[at]], rows[filled[at - 1]]
    if filled[at] - filled[at - 1] > 1 or len(here) != len(before):
        return True
    return len(here) == len(forms) and (at < _SAMPLE or (first >= 0 and form(here[first]) == "text"))


def _are_names(row: Sequence[object]) -> bool:
    """At least two cells, all different and none a number or a date."""
    cells = [cell for cell in row if not is_blank(cell)]
    if len(cells) < 2 or any(form(cell) not in ("text", "code") or half_quoted(cell) for cell in cells):
        return False
    return len(set(map(str, cells))) == len(cells)


def _named_again(row: Sequence[object], header: Sequence[Sequence[object]]) -> bool:
    """The first names of the table above, and some more or less of them."""
    others = [one[: len(row)] for one in header[:_SMALLEST] if len(one) != len(row)]
    return any(len(one) > 1 and list(row[: len(one)]) == list(one) for one in others)


def _begins(rows: Sequence[Sequence[object]], filled: Sequence[int], at: int, above: Sequence[str] = ()) -> bool:
    """Names, all different, over at least one row of the same number of cells that is not names."""
    row = rows[filled[at]]
    if not _are_names(row):
        return False
    below = []
    for one in filled[at + 1: at + 1 + _AHEAD]:
        if len(rows[one]) != len(row):
            break
        below.append(rows[one])
    if not below or len(below) < min(_SMALLEST, len(filled) - at - 1):
        return False
    names, data = votes(row, below, column_forms(below, len(row)))
    apart = filled[at] - filled[at - 1] > 1
    changed = len(row) != len(rows[filled[at - 1]])
    strange, alike = votes(row, (), above)
    needed = 1 if apart or changed or (strange >= 2 and not alike) else 2
    if data:
        return changed and names > 2 * data and not any(map(is_blank, row))
    return names >= needed or (apart and changed and not any(map(is_blank, row)))


def _scattered(rows: Sequence[Sequence[object]], filled: Sequence[int], wide: Sequence[int]) -> bool:
    """Words here and there, as notes above a table: most cells are blank and none is a number or a date."""
    cells = [cell for at in wide for cell in rows[filled[at]]]
    said = [cell for cell in cells if not is_blank(cell)]
    return len(said) < _SAID * len(cells) and all(form(cell) == "text" for cell in said)


def _is_table(rows: Sequence[Sequence[object]], filled: Sequence[int], start: int, end: int) -> bool:
    """At least two rows of several cells below the first, or a row of names with one."""
    wide = [at for at in range(start, end) if _filled_cells(rows[filled[at]]) >= 2]
    if len(wide) < _SMALLEST or _scattered(rows, filled, wide):
        return False
    return len(wide) > _SMALLEST or _begins(rows, filled[:end], wide[0])
