"""Rows of a matrix: how many differ, which are nearest, which are sampled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from core.errors import TooFewRows
from core.memo import Kept

TREE_COLUMNS = 15
FEW_POINTS = 128  # up to here matrix products beat a tree
BLOCK = 8_192  # rows whose distances to few points stay in the processor's cache
MANY_BLOCK = 65_536
SAFE = (1e-100, 1e100)  # sizes whose squares neither overflow nor vanish


def distinct_rows(values: np.ndarray, enough: int) -> int:
    """Number of different rows; counting stops being exact beyond ``enough``."""
    found, start, step = values[:0], 0, 20 * enough
    while start < len(values):
        found = np.unique(np.concatenate([found, values[start : start + step]]), axis=0)
        if len(found) >= enough:
            break
        start, step = start + step, max(step, MANY_BLOCK)
    return len(found)


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
    """Index (n,) of the nearest of ``points`` for every row, -1 where none lies within the given distance.

    The answer for a row depends on that row and the points alone. Up to 128
    points the lowest index wins a tie. Rows are taken in blocks: beside the
    answer, memory does not grow with them.
    """
    found = np.empty(len(values), dtype=np.intp)
    if len(points) <= FEW_POINTS:
        for rows, index in nearest_blocks(points, values):
            found[rows] = np.where(_distance(values[rows], points[index]) <= within, index, -1) if within < np.inf else index
        return found
    for start in range(0, len(values), MANY_BLOCK):
        distance, index = neighbours(points, values[start : start + MANY_BLOCK], 1)
        found[start : start + MANY_BLOCK] = np.where(distance[:, 0] <= within, index[:, 0], -1)
    return found


def blocks(n_rows: int) -> Iterator[slice]:
    """Slices of 8,192 rows, the last one shorter, that together are all rows."""
    return (slice(start, min(start + BLOCK, n_rows)) for start in range(0, n_rows, BLOCK))


def nearest_blocks(points: np.ndarray, values: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """``(slice of rows, index of the nearest point)`` block by block, for few points.

    Squared distances less the row's own square come from one matrix product;
    rows for which that leaves two points closer together than its rounding can
    tell are decided by plain differences, summed column by column.
    """
    points, factor = tame(points)
    middle = points.mean(axis=0)
    offset = points - middle
    squares = (offset**2).sum(axis=1)
    unit = 8 * (points.shape[1] + 4) * np.finfo(float).eps
    for rows in blocks(len(values)):
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is decided by differences, too
            block = values[rows] if factor == 1 else values[rows] * factor
            shifted = block - middle
            farthest = np.sqrt(block.shape[1]) * max(shifted.max(), -shifted.min())
            rounding = unit * (farthest + np.sqrt(squares.max())) ** 2
            index, close = _lowest((-2 * offset) @ shifted.T + squares[:, None], rounding)
            unsure = np.flatnonzero(close != 1)
            if len(unsure):
                index[unsure] = _squares(points, block[unsure]).argmin(axis=1)
        yield rows, index


def _lowest(heights: np.ndarray, rounding: float) -> tuple[np.ndarray, np.ndarray]:
    """For every column of ``heights`` (k, m): which row is lowest, and how many are as low within ``rounding``."""
    limit = heights.min(axis=0) + rounding
    index = np.zeros(heights.shape[1], dtype=np.int16)
    close = np.zeros(heights.shape[1], dtype=np.int16)
    for number, row in enumerate(heights):
        near = row <= limit
        close += near
        index += near * np.int16(number)
    return index, close


def _squares(points: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Squared distances (n, k) from differences, always summed in the same order."""
    total = np.zeros((len(values), len(points)))
    for column in range(points.shape[1]):
        total += (values[:, column, None] - points[None, :, column]) ** 2
    return total


def _distance(values: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Distance (n,) of each row to its point."""
    with np.errstate(over="ignore"):
        return np.sqrt(((values - points) ** 2).sum(axis=1))


def tame(values: np.ndarray) -> tuple[np.ndarray, float]:
    """The values times a power of two that keeps squares within what a float holds; the same array and 1 as a rule."""
    size = max(values.max(initial=0.0), -values.min(initial=0.0))
    if size == 0 or SAFE[0] <= size <= SAFE[1]:
        return values, 1.0
    factor = 2.0 ** float(np.clip(-np.floor(np.log2(size)), -1000, 1000))
    return values * factor, factor


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
