"""The smallest change of one column that moves a customer, found by asking the algorithm itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.customers.cells import cell_text
from core.customers.standing import Standing
from core.customers.trials import Trials, trials
from core.model import NOISE, Column, Table

Place = Callable[[pd.DataFrame], np.ndarray]
"""Segments (m,) of customers given like ``Table.frame``, NOISE for those that none would take."""
CHANGES = ("column", "now", "then", "distance", "segment")
ROUNDS = 3
"""The first finds between which two values the border lies, the others where."""
Found = tuple[Any, float, int]
ELSEWHERE = "It was put there by hand, or the algorithm would place it elsewhere if it were new: no change was tried."


def changes(table: Table, columns: Sequence[Column], standing: Standing, place: Place) -> tuple[pd.DataFrame, str]:
    """A row (``CHANGES``) per column that can move the customer on its own, the smallest change first; and why none was
    looked for, "" where some were.

    Every change was placed by ``place`` and lands in ``segment``. A change that no segment would take is none.
    """
    nothing = pd.DataFrame(columns=list(CHANGES))
    if int(place(table.frame.iloc[[standing.row]])[0]) != standing.own:
        return nothing, ELSEWHERE
    open_ = {column.name: trials(table, column, standing.row, standing.matrix) for column in columns}
    best: dict[str, Found] = {}
    for _ in range(ROUNDS):
        found = _moved(table, open_, standing, place)
        best |= found
        open_ = {name: open_[name].finer(one[0]) for name, one in found.items()}
    if not best:
        return nothing, ""
    by_name = {column.name: column for column in columns}
    rows = [_row(table, by_name[name], standing, one) for name, one in best.items()]
    frame = pd.DataFrame(rows, columns=list(CHANGES))
    return frame.sort_values(["distance", "column"], kind="stable").reset_index(drop=True), ""


def _row(table: Table, column: Column, standing: Standing, found: Found) -> tuple:
    unit, (value, distance, segment) = standing.units.get(column.name, column.unit), found
    now = table.frame[column.name].iloc[standing.row]
    return column.name, cell_text(column, now, unit), cell_text(column, value, unit), distance, segment


def _moved(table: Table, tried: Mapping[str, Trials], standing: Standing, place: Place) -> dict[str, Found]:
    """By column (value, distance, segment) of the nearest trial that lands elsewhere; all are placed at once."""
    counts = {name: len(one.values) for name, one in tried.items() if len(one.values)}
    if not counts:
        return {}
    rows = table.frame.iloc[np.repeat(standing.row, sum(counts.values()))].reset_index(drop=True)
    start, blocks = 0, {}
    for name, count in counts.items():
        cells = rows[name].to_numpy(copy=True)
        cells[start : start + count] = tried[name].values
        rows[name], blocks[name] = cells, slice(start, start + count)
        start += count
    landed, out = place(rows), {}
    for name, block in blocks.items():
        moved = np.flatnonzero((landed[block] != standing.own) & (landed[block] != NOISE))
        if len(moved):
            at = moved[np.argmin(tried[name].distances[moved])]
            out[name] = (tried[name].values[at], float(tried[name].distances[at]), int(landed[block][at]))
    return out
