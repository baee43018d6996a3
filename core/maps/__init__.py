"""Where customers lie on a map: principal components of the matrix."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from core.model import Matrix

DIMENSIONS = 3
BLOCK = 65_536  # rows centred at a time


def principal_components(matrix: Matrix) -> tuple[np.ndarray, tuple[float, ...]]:
    """Coordinates (n_table, up to 3) float32 of fitted and set-aside rows, and each axis' share of variance (0..1).

    Axes come from the fitted rows; each points so that its largest loading is
    positive. Rows in neither part are NaN. One feature gives one axis. Centred
    block by block: beside the result no copy of the matrix is made.
    """
    values = matrix.values
    middle, axes, shares = axes_of(values)
    out = np.full((len(matrix.outlier), axes.shape[1]), np.nan, dtype=np.float32)
    for rows, part in ((matrix.rows, values), (matrix.aside_rows, matrix.aside_values)):
        for block in _blocks(len(rows)):
            out[rows[block]] = (part[block] - middle) @ axes
    return out, shares


def axes_of(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, tuple[float, ...]]:
    """The middle (d,) of ``values`` (n, d), the axes (d, up to 3) that put a row on the map, ``(row - middle) @ axes``, and
    their shares of variance (0..1)."""
    middle = values.mean(axis=0)
    variance, axes = np.linalg.eigh(_scatter(values, middle))
    order = np.argsort(-variance, kind="stable")[: min(DIMENSIONS, values.shape[1])]
    axes = axes[:, order]
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    axes = axes * np.where(largest < 0, -1.0, 1.0)
    total = max(float(variance.sum()), np.finfo(float).tiny)
    return middle, axes, tuple(float(max(share, 0.0)) for share in variance[order] / total)


def _scatter(values: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Sums of products of what remains of ``values`` (n, d) beside their ``middle``: (d, d)."""
    out = np.zeros((values.shape[1], values.shape[1]))
    for block in _blocks(len(values)):
        centred = values[block] - middle
        out += centred.T @ centred
    return out


def _blocks(n: int) -> Iterator[slice]:
    return (slice(at, at + BLOCK) for at in range(0, n, BLOCK))
