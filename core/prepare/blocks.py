"""One column of the table as columns of the matrix, learned from the fitted rows alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model import Column, Feature, Kind, Recipe, Table
from core.prepare.encoding import levels, one_hot, rest_of
from core.prepare.gaps import stand_in
from core.prepare.ordered import cells_of, order_of
from core.prepare.scaling import block_weight, scale, scaler
from core.prepare.skew import bend, bent

Parts = tuple[np.ndarray, np.ndarray]
FLAG_NAME = "{} missing"


@dataclass(frozen=True)
class Cells:
    """A column's cells at the rows to ``fit`` and at those set ``aside``; ``order`` of its levels, None where it has none."""

    column: Column
    fit: pd.Series
    aside: pd.Series
    order: tuple[str, ...] | None


def split(table: Table, column: Column, recipe: Recipe, *, rows: np.ndarray, aside: np.ndarray) -> Cells:
    """The cells as they are used; a level without a place in the order is a gap."""
    cells = cells_of(table, column, recipe)
    fit, kept_out = cells.iloc[rows], cells.iloc[aside]
    order = order_of(column, fit, recipe)
    if order:
        kept_out = kept_out.where(kept_out.isin(order), None)
    return Cells(column, fit, kept_out, order)


def features(cells: Cells, recipe: Recipe) -> tuple[Feature, ...]:
    """The columns of the matrix that come of one column: itself, or one for each level."""
    column = cells.column
    unit = recipe.units.get(column.name, column.unit)
    if column.kind is not Kind.CATEGORY or cells.order:
        return (Feature(column.name, column.name, unit=unit),)
    fit = cells.fit
    if fit.isna().any():
        fit = fit.where(fit.notna(), stand_in(column, fit, recipe))
    return tuple(Feature(f"{column.name}: {level}", column.name, level) for level in levels(fit))


def block(cells: Cells, recipe: Recipe) -> Parts:
    """(rows, n_features of it) of the fitted rows and of those set aside.

    Under knn a number keeps its gaps as NaN: what fills them needs the other columns.
    """
    column, fit, aside = cells.column, cells.fit, cells.aside
    open_gaps = recipe.gaps == "knn" and column.kind is Kind.NUMBER
    if not open_gaps and (fit.isna().any() or aside.isna().any()):
        filler = stand_in(column, fit, recipe)
        fit, aside = (part.where(part.notna(), filler) for part in (fit, aside))
    if column.kind is Kind.CATEGORY and not cells.order:
        return _levels(fit, aside, recipe)
    if cells.order:
        order = _extended(cells.order, fit)
        fit, aside = (pd.Series(pd.Index(order).get_indexer(part), dtype=float) for part in (fit, aside))
    numbers, others = fit.to_numpy(dtype=float), aside.to_numpy(dtype=float)
    if column.kind is Kind.NUMBER and recipe.skew_of(column.name) != "none":
        by = bend(numbers, recipe.skew_of(column.name))
        numbers, others = bent(numbers, by), bent(others, by)
    fitted = scaler(numbers[~np.isnan(numbers)] if open_gaps else numbers, recipe.scaling)
    return scale(numbers, fitted)[:, None], scale(others, fitted)[:, None]


def _extended(order: tuple[str, ...], fit: pd.Series) -> tuple[str, ...]:
    """A constant that is no level of the order stands below the lowest."""
    return (*sorted(set(fit.unique()) - set(order)), *order)


def _levels(fit: pd.Series, aside: pd.Series, recipe: Recipe) -> Parts:
    known = levels(fit)
    rest = rest_of(fit, known)
    hot = one_hot(fit, known, rest)
    weight = block_weight(hot.mean(axis=0), recipe.scaling) if recipe.weights == "balanced" else 1.0
    return hot * weight, one_hot(aside, known, rest) * weight


def flag_feature(column: Column, taken: set[str]) -> Feature:
    """The feature that says whether a cell of ``column`` was missing; its name is none of ``taken``."""
    name = FLAG_NAME.format(column.name)
    while name in taken:
        name += " (gap)"
    return Feature(name, column.name)


def flagged(cells: Cells, recipe: Recipe) -> bool:
    """Whether the column gets a feature for its gaps: some, but not all, fitted rows have one."""
    return recipe.gap_flags == "yes" and bool(cells.fit.isna().any())


def flag_block(cells: Cells, recipe: Recipe) -> Parts:
    """1 where a cell was missing, scaled like any flag: (rows, 1) each."""
    missing = cells.fit.isna().to_numpy(dtype=float)
    fitted = scaler(missing, recipe.scaling)
    return scale(missing, fitted)[:, None], scale(cells.aside.isna().to_numpy(dtype=float), fitted)[:, None]
