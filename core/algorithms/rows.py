"""Rows of a matrix: how many differ, which are nearest, which are sampled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.errors import TooFewRows
from core.memo import Kept

TREE_COLUMNS = 15


def distinct_rows(values: np.ndarray, enough: int) -> int:
    """Number of different rows; counting stops being exact beyond ``enough``."""
    head = np.unique(values[: 20 * enough], axis=0)
    return len(head) if len(head) >= enough else len(np.unique(values, axis=0))


def require_distinct(values: np.ndarray, n_segments: int) -> None:
    """Raise :class:`TooFewRows` when fewer different rows than segments exist."""
    distinct = distinct_rows(values, n_segments) if len(values) else 0
    if distinct < n_segments:
        raise TooFewRows(distinct, n_segments, f"Forming {n_segments} segments of customers that differ")


def segment_grid(
    values: np.ndarray,
    *,
    segments: tuple[int, int],
    seed: int,
    fixed: Mapping[str, Any] | None = None,
    shared: Kept | None = None,
) -> tuple[dict[str, Any], ...]:
    """One setting per number of segments from low to high, as far as different rows exist; one where it is fixed."""
    given = dict(fixed or {})
    low, high = (given["n_segments"],) * 2 if "n_segments" in given else segments
    require_distinct(values, low)
    high = min(high, distinct_rows(values, high))
    return tuple({**given, "n_segments": k} for k in range(low, high + 1))


def nearest(points: np.ndarray, values: np.ndarray, *, within: float = np.inf) -> np.ndarray:
    """Index (n,) of the nearest of ``points`` for every row, -1 where none lies within the given distance."""
    distance, index = neighbours(points, values, 1)
    return np.where(distance[:, 0] <= within, index[:, 0], -1)


def neighbours(points: np.ndarray, values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Distances and indices (n, count) of the nearest ``points``, nearest first.

    A tree up to 15 columns, beyond them all distances by matrix products; the
    distances returned come from differences in both cases, free of cancellation.
    """
    from scipy.spatial import cKDTree
    from sklearn.neighbors import NearestNeighbors

    if points.shape[1] <= TREE_COLUMNS:
        return cKDTree(points).query(values, k=np.arange(1, count + 1))
    index = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(points).kneighbors(values, return_distance=False)
    distance = np.stack([np.sqrt(((values - points[column]) ** 2).sum(axis=1)) for column in index.T], axis=1)
    return distance, index


def sample_rows(n_rows: int, size: int, seed: int) -> np.ndarray:
    """At most ``size`` row positions, rising, drawn with the seed."""
    if n_rows <= size:
        return np.arange(n_rows)
    return np.sort(np.random.default_rng(seed).choice(n_rows, size, replace=False))


def sample_note(fitted: int, rows: int) -> tuple[str, ...]:
    """The note that a sample was fitted; none where all rows were."""
    return () if fitted == rows else (f"Fitted on {fitted:,} of {rows:,} customers, all placed.",)
