"""The cells of one column as they are used, and the columns of the matrix that come of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model import Column, Feature, Kind, Recipe, Table
from core.prepare.encoding import levels
from core.prepare.gaps import stand_in
from core.prepare.ordered import cells_of, order_of

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


def flag_feature(column: Column, taken: set[str]) -> Feature:
    """The feature that says whether a cell of ``column`` was missing; its name is none of ``taken``."""
    name = FLAG_NAME.format(column.name)
    while name in taken:
        name += " (gap)"
    return Feature(name, column.name)


def flagged(cells: Cells, recipe: Recipe) -> bool:
    """Whether the column gets a feature for its gaps: some, but not all, fitted rows have one."""
    return recipe.gap_flags == "yes" and bool(cells.fit.isna().any())
