"""Where customers lie on a map: principal components of the matrix."""

from __future__ import annotations

import numpy as np

from core.model import Matrix

DIMENSIONS = 3


def principal_components(matrix: Matrix) -> tuple[np.ndarray, tuple[float, ...]]:
    """Coordinates (n_table, up to 3) float32 of fitted and set-aside rows, and each axis' share of variance (0..1).

    Axes come from the fitted rows; each points so that its largest loading is
    positive. Rows in neither part are NaN. One feature gives one axis.
    """
    values = matrix.values
    middle = values.mean(axis=0)
    centred = values - middle
    variance, axes = np.linalg.eigh(centred.T @ centred)
    order = np.argsort(-variance, kind="stable")[: min(DIMENSIONS, values.shape[1])]
    axes = axes[:, order]
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    axes = axes * np.where(largest < 0, -1.0, 1.0)
    total = max(float(variance.sum()), np.finfo(float).tiny)
    out = np.full((len(matrix.outlier), axes.shape[1]), np.nan, dtype=np.float32)
    out[matrix.rows] = centred @ axes
    if len(matrix.aside_rows):
        out[matrix.aside_rows] = (matrix.aside_values - middle) @ axes
    return out, tuple(float(max(share, 0.0)) for share in variance[order] / total)
