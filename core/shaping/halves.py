"""The best binary split of one segment: 2-means on the prepared values."""

from __future__ import annotations

import numpy as np

from core.errors import BadRequest
from core.model import Matrix

STARTS = 8
ROUNDS = 60
CUT_ROWS = 20_000


def halves(matrix: Matrix, members: np.ndarray, *, seed: int) -> np.ndarray:
    """True for the rows (n_table,) of ``members`` (n_table,) bool that become the new segment, the smaller half.

    The middles are learned from the fitted customers among the members, from at most 20,000 of them; all members go to
    the nearer middle. Of halves of one size that without the first row of the matrix is the new one, so that the order
    of the file does not matter. Raises :class:`BadRequest` where all members are alike.
    """
    fitted = np.flatnonzero(members[matrix.rows])
    aside = np.flatnonzero(members[matrix.aside_rows])
    values, others = matrix.values[fitted], matrix.aside_values[aside]
    middles = cut(values if len(values) > 1 else np.concatenate([values, others]), seed=seed)
    found = np.zeros(len(members), dtype=bool)
    found[matrix.rows[fitted]] = nearer_second(values, middles)
    found[matrix.aside_rows[aside]] = nearer_second(others, middles)
    size, whole = int(found.sum()), len(fitted) + len(aside)
    first = matrix.rows[fitted[0]] if len(fitted) else matrix.aside_rows[aside[0]]
    swapped = 2 * size > whole or (2 * size == whole and found[first])
    return members & ~found if swapped else found


def cut(values: np.ndarray, *, seed: int) -> np.ndarray:
    """The two middles (2, d) of 2-means on ``values`` (n, d), the best of eight starts.

    Beyond 20,000 rows it looks at as many, drawn uniformly. Raises :class:`BadRequest` where all rows are alike.
    Source: Lloyd (1982), doi:10.1109/TIT.1982.1056489; starts by Arthur & Vassilvitskii (2007), k-means++.
    """
    if len(values) < 2 or not np.any(values != values[0]):
        raise BadRequest("All customers of this segment are alike, so it cannot be split.", "Move customers by hand.")
    random = np.random.default_rng([seed, len(values)])
    if len(values) > CUT_ROWS:
        drawn = np.sort(random.choice(len(values), CUT_ROWS, replace=False))
        sample = values[drawn]
        values = sample if np.any(sample != sample[0]) else values
    found = [_settled(values, _start(values, random)) for _ in range(STARTS)]
    losses = [_loss(values, middles) for middles in found]
    return found[int(np.argmin(losses))]


def nearer_second(values: np.ndarray, middles: np.ndarray) -> np.ndarray:
    """True (n,) where a row is nearer to the second of the two ``middles`` (2, d) than to the first."""
    way = middles[1] - middles[0]
    between = (middles[1] + middles[0]) / 2
    return np.einsum("nd,d->n", values - between, way) > 0  # no BLAS: the number of threads changes no sum


def _start(values: np.ndarray, random: np.random.Generator) -> np.ndarray:
    first = values[random.integers(len(values))]
    apart = ((values - first) ** 2).sum(axis=1)
    return np.stack([first, values[random.choice(len(values), p=apart / apart.sum())]])


def _settled(values: np.ndarray, middles: np.ndarray) -> np.ndarray:
    before = None
    for _ in range(ROUNDS):
        second = nearer_second(values, middles)
        if second.all() or not second.any() or (before is not None and np.array_equal(second, before)):
            break
        before = second
        middles = np.stack([values[~second].mean(axis=0), values[second].mean(axis=0)])
    return middles


def _loss(values: np.ndarray, middles: np.ndarray) -> float:
    return float(((values - middles[nearer_second(values, middles).astype(int)]) ** 2).sum())
