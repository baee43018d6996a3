"""Other values that a cell of a customer might have, and how far each is from what it has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from core.model import Column, Kind, Matrix, Table

STEPS, FINER, MOST_LEVELS = 41, 16, 50


@dataclass(frozen=True)
class Trials:
    """``values`` (m,) to try in ``column`` in place of ``now``; ``distances`` (m,) in standard deviations of everyone."""

    column: Column
    now: Any
    values: np.ndarray
    distances: np.ndarray
    spread: float = 0.0
    whole: bool = False

    def finer(self, found: Any) -> Trials:
        """Numbers between ``found``, which moved the customer, and the next nearer trial, which did not."""
        if self.column.kind is not Kind.NUMBER or self.spread == 0:
            return replace(self, values=self.values[:0], distances=self.distances[:0])
        side = self.values[(self.values - self.now) * (found - self.now) > 0]
        nearer = side[np.abs(side - self.now) < abs(found - self.now)]
        start = nearer[np.argmax(np.abs(nearer - self.now))] if len(nearer) else self.now
        between = _rounded(np.linspace(start, found, FINER + 1)[1:-1], abs(found - start), whole=self.whole)
        return self.at(between[(between != start) & (between != found)])

    def at(self, values: np.ndarray) -> Trials:
        """These values, the nearest first."""
        values = np.unique(values[values != self.now])
        far = np.abs(values - self.now) / self.spread
        order = np.argsort(far, kind="stable")
        return replace(self, values=values[order], distances=far[order])


def trials(table: Table, column: Column, row: int, matrix: Matrix) -> Trials:
    """Numbers: 41 quantiles of everyone; flags: the other one; categories: the 50 commonest others.

    The standard deviation of a flag is that of 0 and 1. For a category the distance is that of two levels in the
    prepared columns over the standard deviation of these. A cell that is empty has no nearest value: nothing is tried.
    """
    cells = table.frame[column.name]
    now, empty = cells.iloc[row], np.array([])
    if pd.isna(now):
        return Trials(column, now, empty, empty)
    if column.kind is Kind.CATEGORY:
        return _levels(column, cells, now, matrix)
    known = cells.dropna().to_numpy(dtype=float)
    spread = float(known.std())
    if spread == 0 or not np.isfinite(spread):
        return Trials(column, now, empty, empty)
    whole = bool((known == np.trunc(known)).all())
    start = Trials(column, float(now), empty, empty, spread, whole)
    if column.kind is Kind.FLAG:
        return start.at(np.array([1.0 - float(now)]))
    return start.at(np.quantile(known, np.linspace(0, 1, STEPS), method="nearest"))


def _levels(column: Column, cells: pd.Series, now: Any, matrix: Matrix) -> Trials:
    counts = cells.value_counts()
    others = sorted((level for level in counts.index if level != now), key=lambda level: (-counts[level], level))[:MOST_LEVELS]
    values = np.empty(len(others), dtype=object)
    values[:] = others
    own = [at for at, feature in enumerate(matrix.features) if feature.column == column.name]
    block = matrix.values[:, own]
    spread = float(np.sqrt(block.var(axis=0).sum())) or 1.0
    size = float(np.sqrt(2) * np.abs(block).max(initial=0))  # two levels that have columns of their own
    return Trials(column, now, values, np.full(len(others), size / spread))


def _rounded(values: np.ndarray, width: float, *, whole: bool) -> np.ndarray:
    """Values with no more digits than tell them apart, as a person would write them."""
    if whole:
        return np.unique(np.round(values))
    digits = int(np.clip(2 - np.floor(np.log10(width)), 0, 12)) if width > 0 else 12
    return np.unique(np.round(values, digits))
