"""Exact one-dimensional k-means: the break points that leave the least variation within groups."""

from __future__ import annotations

import numpy as np


def natural_breaks(values: np.ndarray, groups: int) -> np.ndarray:
    """The largest value of each of ``groups`` groups of ``values`` (n,), rising; fewer where fewer values differ.

    The groups minimise the sum of squared distances to their means over all partitions: the dynamic programme of
    Wang & Song (2011), "Ckmeans.1d.dp", over the different values weighted by how often they occur. The best last
    border never falls as the end moves up, so each layer is solved by halving, all halves of one depth at once:
    O(groups n log n). Of partitions that are equally good the one with the lowest borders is taken, so the result
    depends neither on the order of the values nor on chance.
    """
    distinct, counts = np.unique(values, return_counts=True)
    groups = min(groups, len(distinct))
    cost = _Cost(distinct, counts)
    count = len(distinct)
    best = cost(np.zeros(count, dtype=np.intp), np.arange(count))
    borders = []
    for group in range(1, groups):
        best, first = _layer(best, cost, group)
        borders.append(first)
    ends, end = [], count - 1
    for first in reversed(borders):
        ends.append(end)
        end = first[end] - 1
    return distinct[[*ends, end][::-1]]


class _Cost:
    """The squared distances within the different values from ``low`` to ``high`` (places, both included)."""

    def __init__(self, distinct: np.ndarray, counts: np.ndarray) -> None:
        spread = float(distinct[-1] - distinct[0]) or 1.0
        centred = (distinct - distinct[len(distinct) // 2]) / spread
        self.weights, self.sums, self.squares = (
            np.concatenate(([0.0], np.cumsum(counts * power))) for power in (1.0, centred, centred**2)
        )

    def __call__(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        weight = self.weights[high + 1] - self.weights[low]
        total = self.sums[high + 1] - self.sums[low]
        return np.maximum(self.squares[high + 1] - self.squares[low] - total**2 / weight, 0.0)


def _layer(best: np.ndarray, cost: _Cost, group: int) -> tuple[np.ndarray, np.ndarray]:
    """The least cost of the values up to each place in one group more, and where the last of these groups begins."""
    count = len(best)
    found, first = np.full(count, np.inf), np.full(count, group, dtype=np.intp)
    spans = np.array([[group, count - 1, group, count - 1]], dtype=np.intp)  # ends low..high, borders from..to
    while len(spans):
        middle = (spans[:, 0] + spans[:, 1]) // 2
        widths = np.minimum(spans[:, 3], middle) - spans[:, 2] + 1
        starts = np.concatenate(([0], np.cumsum(widths)[:-1]))
        border = np.arange(widths.sum()) - np.repeat(starts - spans[:, 2], widths)
        costs = best[border - 1] + cost(border, np.repeat(middle, widths))
        least = np.minimum.reduceat(costs, starts)
        hits = np.flatnonzero(costs == np.repeat(least, widths))
        chosen = border[hits[np.searchsorted(hits, starts)]]
        found[middle], first[middle] = least, chosen
        left = np.column_stack((spans[:, 0], middle - 1, spans[:, 2], chosen))
        right = np.column_stack((middle + 1, spans[:, 1], chosen, spans[:, 3]))
        spans = np.concatenate((left, right))
        spans = spans[spans[:, 0] <= spans[:, 1]]
    return found, first
