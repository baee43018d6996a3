"""The points that pair plots draw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.explore.cells import Cells

MOST_CELLS = 2_000_000  # 16 MB
MOST_POINTS = 100_000


def points(every: Sequence[Cells], order: np.ndarray) -> tuple[np.ndarray, tuple[int, ...]]:
    """Values (m, columns) of numbers, flags and dates in the first rows of ``order``, and the places of these columns.

    There are as many rows as fit into 2 million cells, at most 100,000.
    """
    amounts = [cells for cells in every if cells.amount]
    rows = order[: min(MOST_POINTS, MOST_CELLS // max(len(amounts), 1))]
    values = np.empty((len(rows), len(amounts)))
    for place, cells in enumerate(amounts):
        values[:, place] = cells.values[rows]
    return values, tuple(cells.place for cells in amounts)
