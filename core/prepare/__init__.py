"""Table and recipe to matrix: gaps, outliers, encoding, scaling, each fitted on the rows to cluster alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.model import Column, Kind, Matrix, Recipe, Table
from core.prepare.effect import Effect, effect, features, filled
from core.prepare.encoding import levels, one_hot, rest_of
from core.prepare.gaps import filler
from core.prepare.scaling import block_weight, scale, scaler
from core.prepare.screen import Screen, roles, screen


def prepare(table: Table, recipe: Recipe) -> Matrix:
    """The matrix the algorithms see.

    Rows set aside (gaps under ``drop``, outliers under ``iqr``) are filled, encoded
    and scaled with what was learned from the fitted rows. Raises NoFeatures,
    TooFewRows, NoVariation, and BadRequest for a role of an unknown column.
    """
    found = screen(table, recipe)
    named = features(table, recipe, found)
    aside = np.array(sorted(found.aside), dtype=np.intp)
    values, aside_values = np.empty((len(found.rows), len(named))), np.empty((len(aside), len(named)))
    start = 0
    for column in found.columns:
        block, aside_block = _block(table.frame[column.name], column, recipe, parts=(found.rows, aside))
        own = slice(start, start + block.shape[1])
        values[:, own], aside_values[:, own] = block, aside_block
        start = own.stop
    return Matrix(
        values=_frozen(values), rows=_frozen(found.rows), features=named,
        aside_values=_frozen(aside_values), aside_rows=_frozen(aside),
        aside_reasons=tuple(found.aside[int(row)] for row in aside), outlier=_frozen(found.outlier),
        dropped=found.dropped, filled=filled(table, found),
    )


def _block(
    cells: pd.Series, column: Column, recipe: Recipe, *, parts: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """One column at the rows to fit and at those set aside, (rows, n_features of it) each, learned from the former."""
    fit, aside = (cells.iloc[rows] for rows in parts)
    if cells.isna().any():
        stand_in = filler(column.kind, fit, recipe.gaps)
        fit, aside = (part.where(part.notna(), stand_in) for part in (fit, aside))
    if column.kind is not Kind.CATEGORY:
        numbers = fit.to_numpy(dtype=float)
        fitted = scaler(numbers, recipe.scaling)
        return scale(numbers, fitted)[:, None], scale(aside.to_numpy(dtype=float), fitted)[:, None]
    known = levels(fit)
    rest = rest_of(fit, known)
    block = one_hot(fit, known, rest)
    weight = block_weight(block.mean(axis=0), recipe.scaling)
    return block * weight, one_hot(aside, known, rest) * weight


def _frozen(values: np.ndarray) -> np.ndarray:
    out = np.ascontiguousarray(values)
    out.flags.writeable = False
    return out


__all__ = ["Effect", "Screen", "effect", "prepare", "roles"]
