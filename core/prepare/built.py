"""The columns of a matrix side by side, each learned from the rows to be fitted alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from core.errors import BadRequest
from core.model import Recipe, Table
from core.prepare.blocks import block, flag_block, split
from core.prepare.effect import feature_list
from core.prepare.gaps import from_neighbours
from core.prepare.screen import Screen, screen


def built(table: Table, recipe: Recipe, found: Screen, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows to fit (n_fit, n_features) and those at positions ``others`` (m, n_features), finite float64.

    What ``others`` hold changes nothing of what is learned.
    """
    named, flags = feature_list(table, recipe, found)
    values, other_values = np.empty((len(found.rows), len(named))), np.empty((len(others), len(named)))
    start = 0
    for column in found.columns:
        cells = split(table, column, recipe, rows=found.rows, aside=others)
        start = _put(block(cells, recipe), values, other_values, start)
    if recipe.gaps == "knn":
        from_neighbours(values[:, :start], other_values[:, :start], recipe.neighbours)
    for column in flags:
        cells = split(table, column, recipe, rows=found.rows, aside=others)
        start = _put(flag_block(cells, recipe), values, other_values, start)
    return values, other_values


def learned(table: Table, recipe: Recipe) -> Callable[[pd.DataFrame], np.ndarray]:
    """What prepares other customers with what was learned from the fitted rows of ``table``: a frame to (m, n_features).

    The frame has the columns of ``Table.frame`` that shape the segments, typed alike; others are not looked at. A row of
    the table comes out as it stands in the matrix. Nothing is learned from the frame: one customer or a million, each is
    prepared the same. It raises :class:`BadRequest` where a column is missing; this, whatever :func:`prepare` raises.
    """
    found = screen(table, recipe)
    names = [column.name for column in found.columns]
    known = table.frame[names]

    def prepared(frame: pd.DataFrame) -> np.ndarray:
        for name in names:
            if name not in frame:
                raise BadRequest(f"These customers have no column {name!r}.", "Bring all columns that shape the segments.")
        both = pd.concat([known, frame[names].astype(known.dtypes)], ignore_index=True)
        return built(replace(table, frame=both), recipe, found, np.arange(len(known), len(both)))[1]

    return prepared


def prepare_also(table: Table, recipe: Recipe, frame: pd.DataFrame) -> np.ndarray:
    """Other customers (m, n_features), once; see :func:`learned`."""
    return learned(table, recipe)(frame)


def _put(parts: tuple[np.ndarray, np.ndarray], values: np.ndarray, others: np.ndarray, start: int) -> int:
    """Write a block where the next columns begin; returns where those after it do."""
    own = slice(start, start + parts[0].shape[1])
    values[:, own], others[:, own] = parts
    return own.stop
