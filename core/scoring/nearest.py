"""The known customers most like each of others: the same for a customer alone and among a million."""

from __future__ import annotations

import numpy as np

TREE_COLUMNS = 16
BLOCK = 2_048  # rows whose distances to all references are held at once


def nearest(references: np.ndarray, values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Distances (n, count) and indices (n, count) of the nearest of ``references`` (m, d), nearest first, count <= m.

    Distances are sums of squared differences made in one order for every row, so that the answer for a row depends on
    that row and the references alone.
    """
    if references.shape[1] <= TREE_COLUMNS:
        from scipy.spatial import cKDTree

        return cKDTree(references).query(values, k=np.arange(1, count + 1))
    distance, index = np.empty((len(values), count)), np.empty((len(values), count), dtype=np.intp)
    for start in range(0, len(values), BLOCK):
        rows = slice(start, start + BLOCK)
        squares = _squares(references, values[rows])
        order = np.argsort(squares, axis=1, kind="stable")[:, :count]
        index[rows] = order
        distance[rows] = np.sqrt(np.take_along_axis(squares, order, axis=1))
    return distance, index


def _squares(references: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Squared distances (n, m), summed column by column."""
    total = np.zeros((len(values), len(references)))
    for column in range(references.shape[1]):
        total += (values[:, column, None] - references[None, :, column]) ** 2
    return total
