"""The columns of a matrix side by side, each learned from the rows to be fitted alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from core.errors import BadRequest
from core.model import Column, Kind, LearnedColumn, Preparation, Recipe, Table
from core.prepare.blocks import split
from core.prepare.effect import feature_list
from core.prepare.fitted import columns_of, gap_column, gap_scaler, learn, placed
from core.prepare.gaps import donors_of, fill_from
from core.prepare.screen import Screen, screen

KNOWN = 200
_NOBODY = np.array([], dtype=np.intp)


def built(table: Table, recipe: Recipe, found: Screen, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows to fit (n_fit, n_features) and those at positions ``others`` (m, n_features), finite float64.

    What ``others`` hold changes nothing of what is learned.
    """
    named, flags = feature_list(table, recipe, found)
    values, other_values = np.empty((len(found.rows), len(named))), np.empty((len(others), len(named)))
    start = 0
    for column in found.columns:
        cells = split(table, column, recipe, rows=found.rows, aside=others)
        learned = learn(cells, recipe)
        start = _put((columns_of(learned, cells.fit), columns_of(learned, cells.aside)), (values, other_values), start)
    if recipe.gaps == "knn":
        donors = donors_of(values[:, :start])
        for part in (values, other_values):
            fill_from(donors, part[:, :start], recipe.neighbours)
    for column in flags:
        cells = split(table, column, recipe, rows=found.rows, aside=others)
        fitted = gap_scaler(cells, recipe)
        start = _put((gap_column(cells.fit, fitted), gap_column(cells.aside, fitted)), (values, other_values), start)
    return values, other_values


def preparation(table: Table, recipe: Recipe) -> Preparation:
    """What :func:`core.prepare.prepare` learns from the fitted rows of ``table``, for :func:`applied`; raises what that raises."""
    found = screen(table, recipe)
    named, flags = feature_list(table, recipe, found)
    flagged = {column.name for column in flags}
    learned, open_values = [], []
    for column in found.columns:
        cells = split(table, column, recipe, rows=found.rows, aside=_NOBODY)
        one = learn(cells, recipe)
        if recipe.gaps == "knn":
            open_values.append(columns_of(one, cells.fit))
        flag = gap_scaler(cells, recipe) if column.name in flagged else None
        learned.append(replace(one, flag=flag, **_told(column, cells.fit, recipe)))
    if not open_values:
        return Preparation(tuple(learned), named)
    donors = donors_of(np.concatenate(open_values, axis=1))
    return Preparation(tuple(learned), named, recipe.neighbours, donors)


def _told(column: Column, fit: pd.Series, recipe: Recipe) -> dict:
    """What a form tells of a column: its unit, its range and what is usual."""
    known, unit = fit.dropna(), recipe.units.get(column.name, column.unit)
    if column.kind is Kind.CATEGORY:
        counts = known.value_counts()
        ordered = sorted(counts.index, key=lambda level: (-counts[level], level))
        return {"unit": unit, "usual": str(ordered[0]), "known": tuple(str(level) for level in ordered[:KNOWN])}
    numbers = known.to_numpy(dtype=float)
    middle = float(np.sort(numbers)[len(numbers) // 2])  # a value that somebody has: whole where all are
    whole = bool((numbers == np.trunc(numbers)).all())
    return {"unit": unit, "low": float(numbers.min()), "high": float(numbers.max()), "usual": repr(middle), "whole": whole}


def applied(preparation: Preparation, frame: pd.DataFrame) -> np.ndarray:
    """Other customers as rows of the matrix (m, n_features), finite float64; nothing is learned from them.

    ``frame`` has the columns of the preparation typed as in ``Table.frame``; others are not looked at. One customer or a
    million, each is prepared the same. Raises :class:`BadRequest` where a column is missing.
    """
    for column in preparation.columns:
        if column.name not in frame:
            raise BadRequest(f"These customers have no column {column.name!r}.", "Bring all columns that shape the segments.")
    values, start = np.empty((len(frame), len(preparation.features))), 0
    for column in preparation.columns:
        start = _put((columns_of(column, typed(column, frame[column.name])),), (values,), start)
    if preparation.neighbours:
        fill_from(preparation.donors, values[:, :start], preparation.neighbours)
    for column in preparation.columns:
        if column.flag is not None:
            cells = placed(column, typed(column, frame[column.name]))
            start = _put((gap_column(cells, column.flag),), (values,), start)
    return values


def typed(column: LearnedColumn, cells: pd.Series) -> pd.Series:
    """``cells`` in the type that a table has for the kind of ``column``."""
    return cells.astype(object if column.kind is Kind.CATEGORY else "float64")


def learned(table: Table, recipe: Recipe) -> Callable[[pd.DataFrame], np.ndarray]:
    """What prepares other customers with what was learned from the fitted rows of ``table``: a frame to (m, n_features).

    See :func:`applied`. A row of the table comes out as it stands in the matrix.
    """
    known = preparation(table, recipe)
    return lambda frame: applied(known, frame)


def prepare_also(table: Table, recipe: Recipe, frame: pd.DataFrame) -> np.ndarray:
    """Other customers (m, n_features), once; see :func:`learned`."""
    return learned(table, recipe)(frame)


def _put(parts: tuple[np.ndarray, ...], into: tuple[np.ndarray, ...], start: int) -> int:
    """Write a block where the next columns begin; returns where those after it do."""
    own = slice(start, start + parts[0].shape[1])
    for part, values in zip(parts, into, strict=True):
        values[:, own] = part
    return own.stop
