"""How each customer lies in its segment: which segment comes second, how near the border is, how typical it is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from core.model import NOISE, Matrix

PLACING = ("second", "margin", "depth", "unusual")
SHARE = 0.2
"""The part of a segment that has to be reached to be in its midst."""
LEAST = 5
"""Members that have to be reached at least, where a segment has so many."""
MOST_REFERENCES, FEWEST_REFERENCES, DISTANCES = 4_000, 640, 4e8
_BLOCK = 2**14
_TREES, _GROWN = 100, 2_000
_ALL_TREES, _FIRST_TREES, _AGAIN = 100_000, 32, 0.02


def placing(matrix: Matrix, labels: np.ndarray, *, seed: int, threads: int = 1) -> pd.DataFrame:
    """One row per row of the table, from its ``labels`` (n_table,).

    The *reach* of a segment from a customer is the distance, in the prepared columns, within which a fifth of the
    segment's other customers lie (at least five): the smaller, the denser the segment is around that customer
    (nearest-neighbour density, Loftsgaarden & Quesenberry 1965, doi:10.1214/aoms/1177700079). It knows no shape, so it
    is the same for round segments and for winding ones.

    ``second`` int16: the segment of the smallest reach besides its own, 0 where there is none; of a customer that was
    not placed (NOISE) the nearest one. ``margin`` float32 0..1: (reach of the second - reach of its own) / the larger,
    the form of the silhouette (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7): 0 on the border or beyond it, 1 far
    from any; 1 for the only customer of a segment, 0 for one not placed. ``depth`` float32 0..1: its rank by the
    distance within which half of its own segment lies, 1 for the most typical; 0 for one not placed. ``unusual`` float32
    0..1: isolation-forest score, above 0.6 unlike the others (Liu, Ting & Zhou 2008, doi:10.1109/ICDM.2008.17).

    Reaches are measured to at most 4,000 customers, fewer beyond 100,000 rows (640), drawn evenly from the segments.
    ``threads`` changes no result.
    """
    values, at = _everyone(matrix)
    own = labels[at]
    segments = np.unique(own[own != NOISE]).astype(np.int16)
    found = _Reaches(values, own, segments, seed)
    second, margin, depth = found.placed(threads)
    scores = forest_scores(values, len(matrix.rows), seed=seed, threads=threads)
    frame = pd.DataFrame({"second": second, "margin": margin, "depth": depth, "unusual": scores})
    order = np.empty(len(labels), dtype=np.intp)
    order[at] = np.arange(len(at))
    return frame.iloc[order].reset_index(drop=True)


def _everyone(matrix: Matrix) -> tuple[np.ndarray, np.ndarray]:
    """The prepared rows (n_table, d) float32, the fitted first, and their positions in the table."""
    middle = matrix.values.mean(axis=0)  # squares of what is near 0 lose no digits
    values = np.concatenate([matrix.values - middle, matrix.aside_values - middle]).astype(np.float32)
    limit = np.float32(1e15)  # squares stay finite
    return np.clip(values, -limit, limit, out=values), np.concatenate([matrix.rows, matrix.aside_rows])


def references(own: np.ndarray, segments: np.ndarray, *, seed: int) -> list[np.ndarray]:
    """Positions of the members (by segment) that reaches are measured to; drawn evenly, whole segments where they fit."""
    most = int(np.clip(DISTANCES / max(len(own), 1), FEWEST_REFERENCES, MOST_REFERENCES))
    each, rng = max(most // max(len(segments), 1), 4 * LEAST), np.random.default_rng(seed)
    drawn = []
    for segment in segments:
        members = np.flatnonzero(own == segment)
        if len(members) > each:
            members = np.sort(rng.choice(members, each, replace=False))
        drawn.append(members)
    return drawn


def counted(members: int) -> int:
    """How many of so many members have to be reached."""
    return min(members, max(LEAST, int(np.ceil(SHARE * members))))


class _Reaches:
    """Distances from every row to the segments, in blocks of rows so that little memory is used."""

    def __init__(self, values: np.ndarray, own: np.ndarray, segments: np.ndarray, seed: int) -> None:
        self.values, self.own, self.segments = values, own, segments
        self.drawn = references(own, segments, seed=seed)
        self.squares = np.einsum("ij,ij->i", values, values)

    def placed(self, threads: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Second, margin and depth of every row."""
        n = len(self.values)
        nearest, second = np.full(n, np.inf, dtype=np.float32), np.zeros(n, dtype=np.int16)
        here, half = np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.float32)
        references = [self._reference(drawn) for drawn in self.drawn]

        def measure(block: slice) -> None:
            points = self._points(block)
            for segment, drawn, reference in zip(self.segments, self.drawn, references, strict=True):
                mine = self.own[block] == segment
                reach, middle = _reached(self._distances(block, points, drawn, reference), mine)
                here[block][mine], half[block][mine] = reach[mine], middle
                nearer = ~mine & (reach < nearest[block])
                nearest[block][nearer], second[block][nearer] = reach[nearer], segment

        _in_blocks(measure, n, _BLOCK, threads)
        return second, _margins(here, nearest, self.own), depths(half, self.own)

    def _points(self, block: slice) -> np.ndarray:
        """(rows of the block, d + 2), whose products with a reference are squared distances."""
        values = self.values[block]
        return np.column_stack([-2 * values, self.squares[block], np.ones(len(values), dtype=np.float32)])

    def _reference(self, drawn: np.ndarray) -> np.ndarray:
        """(d + 2, drawn)."""
        values = self.values[drawn]
        return np.column_stack([values, np.ones(len(values), dtype=np.float32), self.squares[drawn]]).T

    @staticmethod
    def _distances(block: slice, points: np.ndarray, drawn: np.ndarray, reference: np.ndarray) -> np.ndarray:
        """Squared distances (rows of the block, drawn), of each customer to itself endless; rounding may fall below 0."""
        far = points @ reference
        first, last = np.searchsorted(drawn, [block.start, block.stop])
        far[drawn[first:last] - block.start, np.arange(first, last)] = np.inf
        return far


def _in_blocks(work: Callable[[slice], None], n: int, size: int, threads: int) -> None:
    """``work`` on each block of ``size`` among ``n`` rows, several at once."""
    blocks = [slice(start, min(start + size, n)) for start in range(0, n, size)]
    if threads < 2 or len(blocks) < 2:
        for block in blocks:
            work(block)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, blocks))


def _half(members: int) -> int:
    return max(1, (members + 1) // 2)


def _reached(far: np.ndarray, mine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distances (rows,) within which enough of the drawn members lie, and of ``mine`` those within which half do.

    0 where there is no other member. A member that was not drawn has as many others as were drawn; one short of them is
    the same for it.
    """
    n = far.shape[1]
    reach = np.zeros(len(far), dtype=np.float32)
    reach[~mine] = _nth(far[~mine], counted(n))[0]
    reach[mine], middle = _nth(far[mine], counted(n - 1) if n > 1 else 0, _half(n))
    return reach, middle


def _nth(far: np.ndarray, *wanted: int) -> list[np.ndarray]:
    """The distances (rows,) to the nearest so many; 0 where there are not so many. ``far`` is reordered.

    One place at a time, the farthest first: numpy takes ten times as long for two at once.
    """
    nearest = far
    for number in sorted(set(wanted) - {0}, reverse=True):
        nearest.partition(number - 1, axis=1)
        nearest = nearest[:, :number]
    found = [far[:, number - 1] if number else np.zeros(len(far), dtype=np.float32) for number in wanted]
    return [np.sqrt(np.where(np.isfinite(one) & (one > 0), one, 0), dtype=np.float32) for one in found]


def _margins(here: np.ndarray, other: np.ndarray, own: np.ndarray) -> np.ndarray:
    larger = np.maximum(here, other)
    with np.errstate(invalid="ignore"):
        found = np.where(np.isfinite(other), (other - here) / np.where(larger > 0, larger, 1), 1)
    return np.where(own == NOISE, 0, np.clip(found, 0, 1)).astype(np.float32)


def depths(half: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Ranks 0..1 within each segment, 1 for the smallest of ``half`` (n,); equal ones share their mean rank."""
    ranks = pd.Series(half).groupby(own).rank(ascending=False).to_numpy()
    counts = pd.Series(own).map(pd.Series(own).value_counts()).to_numpy()
    found = np.where(counts > 1, (ranks - 1) / np.maximum(counts - 1, 1), 1.0)
    return np.where(own == NOISE, 0, found).astype(np.float32)


def forest_scores(values: np.ndarray, fitted: int, *, seed: int, threads: int = 1) -> np.ndarray:
    """Isolation-forest scores (n,) float32 0..1 of ``values``; trees grow on at most 2,000 of the first ``fitted`` rows.

    Of more than 100,000 customers each is asked of 32 trees first, as scores settle well before a hundred (Liu, Ting &
    Zhou 2008); the 2 % that they find most unusual get the score of all hundred.
    """
    if len(values) <= _ALL_TREES:
        return _scored(values, values, fitted, trees=_TREES, seed=seed, threads=threads)
    scores = _scored(values, values, fitted, trees=_FIRST_TREES, seed=seed, threads=threads)
    highest = np.argsort(-scores, kind="stable")[: int(_AGAIN * len(scores))]
    scores[highest] = _scored(values[highest], values, fitted, trees=_TREES, seed=seed, threads=threads)
    return scores


def _scored(rows: np.ndarray, values: np.ndarray, fitted: int, *, trees: int, seed: int, threads: int) -> np.ndarray:
    """The scores of ``rows`` by so many trees."""
    from sklearn.ensemble import IsolationForest

    grown = values[np.linspace(0, fitted - 1, min(fitted, _GROWN)).astype(np.intp)]
    forest = IsolationForest(n_estimators=trees, max_samples=min(256, len(grown)), random_state=seed % 2**32, n_jobs=1).fit(grown)
    scores = np.empty(len(rows), dtype=np.float32)

    def score(block: slice) -> None:
        scores[block] = np.clip(-forest.score_samples(rows[block]), 0, 1)

    _in_blocks(score, len(rows), 2 * _BLOCK, threads)
    return scores
