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
    blocks = [_block(table.frame[column.name], column, recipe, found.rows) for column in found.columns]
    values = np.ascontiguousarray(np.hstack(blocks), dtype=np.float64)
    aside = np.array(sorted(found.aside), dtype=np.intp)
    return Matrix(
        values=_frozen(values[found.rows]), rows=_frozen(found.rows), features=features(table, recipe, found),
        aside_values=_frozen(values[aside]), aside_rows=_frozen(aside),
        aside_reasons=tuple(found.aside[int(row)] for row in aside), outlier=_frozen(found.outlier),
        dropped=found.dropped, filled=filled(table, found),
    )


def _block(values: pd.Series, column: Column, recipe: Recipe, rows: np.ndarray) -> np.ndarray:
    """One column as (n_table, n_features of it), fitted on ``rows``."""
    whole = values.where(values.notna(), filler(column.kind, values.iloc[rows], recipe.gaps))
    fit = whole.iloc[rows]
    if column.kind is not Kind.CATEGORY:
        return scale(whole.to_numpy(dtype=float), scaler(fit.to_numpy(dtype=float), recipe.scaling))[:, None]
    known = levels(fit)
    rest = rest_of(fit, known)
    return one_hot(whole, known, rest) * block_weight(one_hot(fit, known, rest).mean(axis=0), recipe.scaling)


def _frozen(values: np.ndarray) -> np.ndarray:
    out = np.ascontiguousarray(values)
    out.flags.writeable = False
    return out


__all__ = ["Effect", "Screen", "effect", "prepare", "roles"]
