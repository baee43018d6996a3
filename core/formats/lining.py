"""Columns lined up with spaces, as reports and printouts have them: at least so many blanks are one separator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.formats.rows import Dialect, pieces
from core.model import Choice, Note

LINED_UP = "spaces"
_ROWS = 200
_MOST_ODD = 0.05
_SHARE = 0.9
_STRAIGHT, _CROOKED = 0.9, 0.6


def may_be_lined_up(sample: Sequence[str]) -> bool:
    """At least half of the lines hold two blanks in a row or begin with one."""
    filled = [line for line in sample if line.strip()]
    return len(filled) > 1 and sum(line[0] == " " or "  " in line.strip() for line in filled) >= len(filled) / 2


def lined_up(sample: Sequence[str], dialect: Dialect, width: int, share: float) -> float:
    """0..1: how good an explanation this is. 0 unless nearly all records (``share``) have ``width`` cells.

    Best where each column begins, or ends, in the same place in all lines but the first,
    which may hold names.
    """
    if share < 1 - _MOST_ODD:
        return 0.0
    filled = [line.rstrip() for line in sample if line.strip()][1:]
    begins, ends = [Counter() for _ in range(width)], [Counter() for _ in range(width)]
    taken = 0
    for line in filled[:: max(len(filled) // _ROWS, 1)]:
        found = list(pieces(line, dialect))
        if len(found) == width:
            taken += 1
            for at, piece in enumerate(found):
                begins[at][piece.start] += 1
                ends[at][piece.end] += 1
    straight = all(max(max(a.values()), max(b.values())) >= _SHARE * taken for a, b in zip(begins, ends, strict=True)) if taken else False
    if not straight and dialect.blanks > 1:
        return 0.0
    return _STRAIGHT if straight else _CROOKED


def lining_note(dialect: Dialect) -> tuple[Note, ...]:
    """What was taken, with the way back."""
    if not dialect.blanks:
        return ()
    text = "The columns are lined up with spaces; several spaces in a row were taken as one separator."
    return (Note("LINED_UP", text, hint="Choose one space if each space separates two cells.",
                 choice=Choice("delimiter", (LINED_UP, " "), LINED_UP)),)
