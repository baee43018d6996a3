"""Which segments the known customers around each of others are in: the same for a customer alone and among a million.

Single-precision products find the distances first, then double-precision ones. A row is taken from these where their rounding
cannot change what is told of it; else its distances are made anew from differences, summed column by column, which depends
on the row alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.model import NOISE

ALIKE = 25
"""Known customers that tell how sure a placing is."""
FIFTH = 5
_BLOCK, _EXACT_BLOCK = 256, 64  # rows whose distances to all references stay in the processor's cache
_SMALLEST, _LARGEST = 1e-12, 1e15  # their squares are far from the ends of single precision


@dataclass(frozen=True)
class Around:
    """Of each row (n,): ``share`` of the known customers around it that are in its own segment (0..1), ``second`` int16 the
    segment besides its own that most of them are in (0: there is no other), ``far`` bool: nobody known is like it."""

    share: np.ndarray
    second: np.ndarray
    far: np.ndarray


def around(references: np.ndarray, segments: np.ndarray, limit: float, *, values: np.ndarray, own: np.ndarray) -> Around:
    """What the ``references`` (m, d) in ``segments`` (m,) say about ``values`` (n, d) that were put into ``own`` (n,).

    Around a row are the 25 nearest references, and all that are as near as the last of them (as R's ``class::knn`` has it);
    all where there are fewer. Of segments with equally many the nearest is second, also where none has any. A row is far
    where its fifth nearest reference lies beyond ``limit``.
    """
    order = np.argsort(segments, kind="stable")
    known = _Known(references[order], segments[order], limit)
    out = Around(np.zeros(len(values)), np.zeros(len(values), dtype=np.int16), np.zeros(len(values), dtype=bool))
    rest = np.arange(len(values))
    for products in known.products:
        unsure = [rows[~known.roughly(values[rows], own[rows], out, rows=rows, products=products)] for rows in _blocks(rest, _BLOCK)]
        rest = np.concatenate([rest[:0], *unsure])
    for rows in _blocks(rest, _EXACT_BLOCK):
        known.exactly(values[rows], own[rows], out, rows=rows)
    return out


def _blocks(rows: np.ndarray, size: int) -> Iterator[np.ndarray]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


class _Known:
    """The references, ordered by segment, ready to be compared with."""

    def __init__(self, points: np.ndarray, segments: np.ndarray, limit: float) -> None:
        self.points, self.limit, self.count = points, limit, min(ALIKE, len(points))
        self.names, self.starts = np.unique(segments, return_index=True)
        self.middle = points.mean(axis=0)
        centred = points - self.middle
        with np.errstate(over="ignore"):
            squares = (centred**2).sum(axis=1)
        self.reach = float(np.sqrt(squares.max(initial=0.0)))
        usable = len(points) > ALIKE and _SMALLEST < self.reach < _LARGEST
        products = np.vstack([-2 * centred.T, squares]) if usable else None
        self.products = (products.astype(np.float32), products) if usable else ()

    def roughly(self, values: np.ndarray, own: np.ndarray, out: Around, *, rows: np.ndarray, products: np.ndarray) -> np.ndarray:
        """Tell of each of ``rows`` by distances rounded as ``products`` are; which of them (n,) rounding cannot have changed."""
        kind = products.dtype
        centred = values - self.middle
        size = np.sqrt((centred**2).sum(axis=1))
        fits = size < _LARGEST
        centred, size = np.where(fits[:, None], centred, 0.0), np.where(fits, size, 0.0)
        heights = np.column_stack([centred, np.ones(len(values))]).astype(kind) @ products
        slack = 8.0 * (values.shape[1] + 8) * float(np.finfo(kind).eps) / 2 * (size + self.reach) ** 2
        nearest = np.partition(heights, self.count - 1, axis=1)[:, : self.count]
        last = nearest[:, -1] + slack
        fifth = np.partition(nearest, FIFTH - 1, axis=1)[:, FIFTH - 1] + size**2 - self.limit * self.limit
        counts = self._counted(heights <= last[:, None].astype(kind))
        closest = np.minimum.reduceat(heights, self.starts, axis=1)
        gap = self._tell(counts, closest.astype(np.float64), own, out, rows=rows)
        out.far[rows] = fifth > 0
        total = counts.sum(axis=1)
        settled = (total == self.count) | (counts.max(axis=1) == total)
        return fits & settled & (gap > slack) & (np.abs(fifth) > slack)

    def exactly(self, values: np.ndarray, own: np.ndarray, out: Around, *, rows: np.ndarray) -> None:
        """Tell of each of ``rows`` by distances made of differences."""
        squares = np.zeros((len(values), len(self.points)))
        for column in range(self.points.shape[1]):
            squares += (values[:, column, None] - self.points[:, column]) ** 2
        ordered = np.partition(squares, sorted({min(FIFTH, self.count) - 1, self.count - 1}), axis=1)
        counts = self._counted(squares <= ordered[:, self.count - 1, None])
        self._tell(counts, np.minimum.reduceat(squares, self.starts, axis=1), own, out, rows=rows)
        out.far[rows] = np.sqrt(ordered[:, min(FIFTH, self.count) - 1]) > self.limit

    def _counted(self, near: np.ndarray) -> np.ndarray:
        """How many are near (n, m) by segment: (n, k)."""
        return np.add.reduceat(near.view(np.uint8), self.starts, axis=1, dtype=np.int32)

    def _tell(self, counts: np.ndarray, closest: np.ndarray, own: np.ndarray, out: Around, *, rows: np.ndarray) -> np.ndarray:
        """Share and second of each of ``rows`` from ``counts`` and the ``closest`` reference by segment (n, k); how much nearer the
        second is than any other that could be it."""
        mine = own[:, None] == self.names
        out.share[rows] = (counts * mine).sum(axis=1) / counts.sum(axis=1, dtype=np.float64)
        others = ~mine & (self.names != NOISE)
        most = np.where(others, counts, -1).max(axis=1, keepdims=True)
        far = np.where(others & (counts == most), closest, np.inf)
        best = far.argmin(axis=1)
        every = np.arange(len(own))
        lowest = far[every, best]
        out.second[rows] = np.where(np.isfinite(lowest), self.names[best], 0)
        far[every, best] = np.inf
        next_best = far.min(axis=1)
        return np.where(np.isfinite(next_best), next_best - np.where(np.isfinite(lowest), lowest, 0.0), np.inf)
