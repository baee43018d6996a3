"""What is learned of a column from the fitted rows, and the one way in which it is applied: to these, to rows set aside, to others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.errors import BadRequest
from core.model import Kind, LearnedColumn, Recipe
from core.prepare.blocks import Cells
from core.prepare.encoding import levels, one_hot, rest_of
from core.prepare.gaps import filler, stand_in
from core.prepare.scaling import block_weight, scale, scaler
from core.prepare.skew import Bend, bend, bent


def learn(cells: Cells, recipe: Recipe) -> LearnedColumn:
    """How ``cells.fit`` (n,) become columns of the matrix under ``recipe``, without what is told to people.

    Under knn a number has no filler: what fills its gaps needs the other columns. Raises :class:`BadRequest` for a constant
    that the column cannot hold, where there is a gap for it.
    """
    column = cells.column
    if column.kind is not Kind.CATEGORY:
        return _number(cells, recipe)
    fill = _filler(cells, recipe)
    fit = cells.fit.where(cells.fit.notna(), fill)
    if cells.order:
        order = (*sorted(set(fit.unique()) - set(cells.order)), *cells.order)  # a constant that is no level stands lowest
        places = pd.Index(order).get_indexer(fit).astype(float)
        return LearnedColumn(column.name, column.kind, str(fill), order=order, scaler=scaler(places, recipe.scaling))
    known = levels(fit)
    rest = rest_of(fit, known)
    weight = block_weight(one_hot(fit, known, rest).mean(axis=0), recipe.scaling) if recipe.weights == "balanced" else 1.0
    return LearnedColumn(column.name, column.kind, str(fill), levels=known, rest=rest or "", weight=weight)


def _number(cells: Cells, recipe: Recipe) -> LearnedColumn:
    """A number or a flag: its filler, what bends it and what scales it."""
    column = cells.column
    open_gaps = recipe.gaps == "knn" and column.kind is Kind.NUMBER
    fill = None if open_gaps else _filler(cells, recipe)
    numbers = cells.fit.to_numpy(dtype=float)
    if fill is not None:
        numbers = _filled(numbers, float(fill))
    by = Bend()
    if column.kind is Kind.NUMBER and recipe.skew_of(column.name) != "none":
        by = bend(numbers, recipe.skew_of(column.name))
        numbers = bent(numbers, by)
    fitted = scaler(numbers[~np.isnan(numbers)] if open_gaps else numbers, recipe.scaling)
    text = None if fill is None else repr(float(fill))
    return LearnedColumn(column.name, column.kind, text, bend=(by.rule, by.power, by.size), scaler=fitted)


def _filler(cells: Cells, recipe: Recipe) -> float | str | None:
    """What fills a gap; a constant that does not fit harms nobody where there is no gap."""
    try:
        return stand_in(cells.column, cells.fit, recipe)
    except BadRequest:
        if cells.fit.isna().any() or cells.aside.isna().any():
            raise
        return filler(cells.column.kind, cells.fit, recipe.gaps)


def _filled(numbers: np.ndarray, fill: float) -> np.ndarray:
    gaps = np.isnan(numbers)
    return np.where(gaps, fill, numbers) if gaps.any() else numbers


def columns_of(learned: LearnedColumn, cells: pd.Series) -> np.ndarray:
    """``cells`` (n,), typed as in a table, as columns of the matrix: (n, one or one per level); each row by itself.

    Gaps of a column without filler stay NaN.
    """
    if learned.kind is not Kind.CATEGORY:
        numbers = cells.to_numpy(dtype=float)
        if learned.filler is not None:
            numbers = _filled(numbers, float(learned.filler))
        return scale(bent(numbers, Bend(*learned.bend)), learned.scaler)[:, None]
    cells = placed(learned, cells)
    gaps = cells.isna()
    if gaps.any():
        cells = cells.where(~gaps, learned.filler)
    if learned.order:
        return scale(pd.Index(learned.order).get_indexer(cells).astype(float), learned.scaler)[:, None]
    return one_hot(cells, learned.levels, learned.rest or None) * learned.weight


def placed(learned: LearnedColumn, cells: pd.Series) -> pd.Series:
    """The cells (n,) as they are used: a level without a place in the order is a gap."""
    return cells.where(cells.isin(learned.order), None) if learned.order else cells


def gap_scaler(cells: Cells, recipe: Recipe) -> tuple[float, float, float]:
    """The scaler of the 0/1 column that tells of gaps in ``cells.fit``."""
    return scaler(cells.fit.isna().to_numpy(dtype=float), recipe.scaling)


def gap_column(cells: pd.Series, fitted: tuple[float, float, float]) -> np.ndarray:
    """1 where a cell is missing, scaled like any flag: (n, 1)."""
    return scale(cells.isna().to_numpy(dtype=float), fitted)[:, None]
