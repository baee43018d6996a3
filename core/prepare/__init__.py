"""Table and recipe to matrix: repeats, gaps, outliers, skew, scaling, encoding, each learned from the rows to cluster alone."""

from __future__ import annotations

import numpy as np

from core.model import Matrix, Recipe, Table
from core.prepare.blocks import block, flag_block, split
from core.prepare.effect import Effect, Step, effect, feature_list, filled
from core.prepare.gaps import from_neighbours
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
    named, flags = feature_list(table, recipe, found)
    values, aside_values = np.empty((len(found.rows), len(named))), np.empty((len(aside), len(named)))
    start = 0
    for column in found.columns:
        cells = split(table, column, recipe, rows=found.rows, aside=aside)
        start = _put(block(cells, recipe), values, aside_values, start)
    if recipe.gaps == "knn":
        from_neighbours(values[:, :start], aside_values[:, :start], recipe.neighbours)
    for column in flags:
        cells = split(table, column, recipe, rows=found.rows, aside=aside)
        start = _put(flag_block(cells, recipe), values, aside_values, start)
    return Matrix(
        values=_frozen(values), rows=_frozen(found.rows), features=named,
        aside_values=_frozen(aside_values), aside_rows=_frozen(aside),
        aside_reasons=tuple(found.aside[int(row)] for row in aside), outlier=_frozen(found.outlier),
        dropped=found.dropped, filled=filled(table, recipe, found),
    )  # fmt: skip


def _put(parts: tuple[np.ndarray, np.ndarray], values: np.ndarray, aside: np.ndarray, start: int) -> int:
    """Write a block where the next columns begin; returns where those after it do."""
    own = slice(start, start + parts[0].shape[1])
    values[:, own], aside[:, own] = parts
    return own.stop


def _frozen(values: np.ndarray) -> np.ndarray:
    out = np.ascontiguousarray(values)
    out.flags.writeable = False
    return out


__all__ = [
    "Effect", "Screen", "Step", "effect", "fits", "money_column", "natural", "prepare", "replayed", "roles", "saved",
]  # fmt: skip
