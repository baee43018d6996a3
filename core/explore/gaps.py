"""Where a table is empty: shares of gaps by blocks of rows, and which columns are empty together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.explore.cells import Cells
from core.model import GapMap, Pattern

MOST_BLOCKS = 120
MOST_COLUMNS = 60
MOST_PATTERNS = 20
_SEED = 20231


def gap_map(every: Sequence[Cells], rows: int) -> GapMap:
    """The map of a table with ``rows`` rows; columns without a gap are not on it."""
    counts = {cells.place: int(cells.empty.sum()) for cells in every}
    gappy = [cells for cells in every if counts[cells.place]]
    shown = sorted(gappy, key=lambda cells: (-counts[cells.place], cells.place))[:MOST_COLUMNS]
    blocks = min(MOST_BLOCKS, rows)
    starts = np.arange(blocks + 1) * rows // max(blocks, 1)
    shares = np.zeros((blocks, len(shown)))
    for place, cells in enumerate(shown):
        shares[:, place] = np.add.reduceat(cells.empty, starts[:-1], dtype=np.int64) / np.diff(starts) if blocks else 0
    patterns, found = _patterns(gappy, rows)
    return GapMap(tuple(cells.place for cells in shown), len(gappy), tuple(starts.tolist()), shares, patterns, found)


def _patterns(gappy: Sequence[Cells], rows: int) -> tuple[tuple[Pattern, ...], int]:
    """The commonest sets of columns that are empty together, and how many sets there are.

    Each column has a random number of 64 bits; a row's pattern is the sum of those
    of its empty columns. Two patterns of a million have one sum with a chance of 3e-8.
    """
    marks = np.random.default_rng(_SEED).integers(0, 2**64, size=len(gappy), dtype=np.uint64)
    sums = np.zeros(rows, dtype=np.uint64)
    for cells, mark in zip(gappy, marks, strict=True):
        sums[cells.empty] += mark
    _, first, counts = np.unique(sums, return_index=True, return_counts=True)
    patterns = [
        Pattern(tuple(cells.place for cells in gappy if cells.empty[row]), int(count))
        for row, count in zip(first[_commonest(counts)], counts[_commonest(counts)], strict=True)
    ]
    return tuple(sorted(patterns, key=lambda one: (-one.rows, one.columns))), len(counts)


def _commonest(counts: np.ndarray) -> np.ndarray:
    return np.argsort(-counts, kind="stable")[:MOST_PATTERNS]
