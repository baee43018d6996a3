"""Table and recipe to matrix: repeats, gaps, outliers, skew, scaling, encoding, each learned from the rows to cluster alone."""

from __future__ import annotations

import numpy as np

from core.model import Matrix, Recipe, Table
from core.prepare.built import applied, built, learned, preparation, prepare_also
from core.prepare.effect import Effect, Step, effect, feature_list, filled
from core.prepare.money import money_column
from core.prepare.ordered import natural
from core.prepare.replay import fits, replayed, saved
from core.prepare.screen import Screen, roles, screen


def prepare(table: Table, recipe: Recipe) -> Matrix:
    """The matrix the algorithms see.

    Rows set aside (repeats, gaps under ``drop``, outliers) are filled, transformed, encoded
    and scaled with what was learned from the fitted rows. Raises NoFeatures,
    TooFewRows, NoVariation, and BadRequest for a rule that names an unknown column.
    """
    found = screen(table, recipe)
    aside = np.array(sorted(found.aside), dtype=np.intp)
    values, aside_values = built(table, recipe, found, aside)
    return Matrix(
        values=_frozen(values), rows=_frozen(found.rows), features=feature_list(table, recipe, found)[0],
        aside_values=_frozen(aside_values), aside_rows=_frozen(aside),
        aside_reasons=tuple(found.aside[int(row)] for row in aside), outlier=_frozen(found.outlier),
        dropped=found.dropped, filled=filled(table, recipe, found),
    )  # fmt: skip


def _frozen(values: np.ndarray) -> np.ndarray:
    out = np.ascontiguousarray(values)
    out.flags.writeable = False
    return out


__all__ = [
    "Effect", "Screen", "Step", "applied", "effect", "fits", "learned", "money_column", "natural", "preparation", "prepare",
    "prepare_also", "replayed", "roles", "saved",
]  # fmt: skip
