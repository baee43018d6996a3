"""Segments of two fits of the same customers, matched one to one."""

from __future__ import annotations

import numpy as np

from core.model import NOISE

LEAST = 0.5
"""Jaccard similarity from which a segment counts as the same: then at least half of all who are in either are in both."""


def matched(before: np.ndarray, after: np.ndarray) -> dict[int, int]:
    """The segment of ``after`` (n,) that each segment of ``before`` (n,), over the same customers, has become.

    The assignment with the largest sum of Jaccard similarities (Hungarian method), of it the pairs of at least 0.5.
    Customers not placed belong to no segment.
    Source: Kuhn (1955), doi:10.1002/nav.3800020109; Jaccard similarity of clusters as in Hennig (2007),
    doi:10.1016/j.csda.2006.11.025.
    """
    from scipy.optimize import linear_sum_assignment

    old, new, alike = shared(before, after)
    pairs = zip(*linear_sum_assignment(alike, maximize=True), strict=True) if alike.size else ()
    return {int(old[at]): int(new[to]) for at, to in pairs if alike[at, to] >= LEAST}


def shared(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The segments of either, rising, and the Jaccard similarity (k_before, k_after; 0..1) of every pair."""
    old, at = np.unique(before, return_inverse=True)
    new, to = np.unique(after, return_inverse=True)
    both = np.bincount(at * len(new) + to, minlength=len(old) * len(new)).reshape(len(old), len(new))
    either = both.sum(axis=1)[:, None] + both.sum(axis=0)[None, :] - both
    alike = both / np.maximum(either, 1)
    return old[old != NOISE], new[new != NOISE], alike[np.ix_(old != NOISE, new != NOISE)]


def matched_centres(before: np.ndarray, after: np.ndarray) -> tuple[dict[int, int], np.ndarray]:
    """Positions of ``before`` to those of ``after`` at a likeness of at least 0.5, and the likeness (k_before, k_after; 0..1).

    Centres (k_before, d) and (k_after, d) lie in one space. The likeness of two is ``0.25 ** (distance / spacing)``, the
    spacing being how far the earlier centre's nearest neighbour is: 1 at the same place, exactly 0.5 half way to the neighbour,
    where the border between them runs, 0.25 at the neighbour itself. Without any neighbour the spacing is that of two
    customers drawn from standardised columns, the square root of 2 d. Hungarian method as in :func:`matched`.
    """
    from scipy.optimize import linear_sum_assignment

    far = np.linalg.norm(before[:, None] - after[None], axis=2)
    apart = np.linalg.norm(before[:, None] - before[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    spacing = apart.min(axis=1, initial=np.inf)
    spacing[~np.isfinite(spacing) | (spacing == 0)] = np.sqrt(2 * max(before.shape[1], 1))
    alike = 0.25 ** (far / spacing[:, None])
    pairs = zip(*linear_sum_assignment(alike, maximize=True), strict=True) if alike.size else ()
    return {int(i): int(j) for i, j in pairs if alike[i, j] >= LEAST}, alike


def matched_leftovers(alike: np.ndarray, rows: list[int], columns: list[int]) -> dict[int, int]:
    """The best pairs among these rows and columns of ``alike`` with a likeness of at least 0.5, as of :func:`matched_centres`."""
    from scipy.optimize import linear_sum_assignment

    part = alike[np.ix_(rows, columns)]
    pairs = zip(*linear_sum_assignment(part, maximize=True), strict=True) if part.size else ()
    return {rows[i]: columns[j] for i, j in pairs if part[i, j] >= LEAST}
