"""Words that say that a value is missing; whether they do is decided by the column they stand in."""

from __future__ import annotations

import numpy as np

from core.model import Note
from core.tables.cells import Cells
from core.tables.remarks import missing_choice, missing_note, of_cells

MISSING = frozenset({"", "na", "n/a", "none", "null", "nan", "-", "--", "–", "—", "#n/a", "#na", "#div/0!", "#ref!",
                     "#value!", "#num!", "#name?", "#null!", "?", ".", "<na>", "nat", "nil", "missing", "(null)",
                     "\\n", "n.a.", "k.a.", "not available"})


def says_missing(cells: Cells) -> np.ndarray:
    """(n_distinct,) True where the text is empty or says that nothing is there."""
    return cells.texts.str.lower().isin(MISSING).to_numpy(dtype=bool)


def tokens(cells: Cells, missing: np.ndarray) -> np.ndarray:
    """Positions of the words among the ``missing`` texts; an empty cell is no word."""
    return np.flatnonzero(missing & (cells.texts != "").to_numpy(dtype=bool))


def taken_note(cells: Cells, missing: np.ndarray, name: str) -> tuple[Note, ...]:
    """What was taken for gaps in a column of numbers, dates or flags."""
    found = tokens(cells, missing)
    shown = tuple(cells.texts.iloc[found[:3]])
    return (missing_note(name, cells.count(found), shown),) if len(found) else ()


def kept_note(cells: Cells, missing: np.ndarray, name: str) -> tuple[Note, ...]:
    """What was kept as words in a column of words."""
    found = tokens(cells, missing)
    if not len(found):
        return ()
    return (of_cells(cells, found, name, "TOKENS_KEPT", "cells may say that the value is missing; they are kept as words",
                     choice=missing_choice(name, "text")),)
