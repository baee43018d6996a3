"""How each customer lies in its segment: which segment comes second, how near the border is, how typical it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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


def placing(matrix: Matrix, labels: np.ndarray, *, seed: int) -> pd.DataFrame:
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
    """
    values, at = _everyone(matrix)
    own = labels[at]
    segments = np.unique(own[own != NOISE]).astype(np.int16)
    found = _Reaches(values, own, segments, seed)
    second, margin, depth = found.placed()
    frame = pd.DataFrame({"second": second, "margin": margin, "depth": depth, "unusual": forest_scores(values, len(matrix.rows), seed=seed)})
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

    def placed(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Second, margin and depth of every row."""
        n = len(self.values)
        nearest, second = np.full(n, np.inf, dtype=np.float32), np.zeros(n, dtype=np.int16)
        here, half = np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.float32)
        for segment, drawn in zip(self.segments, self.drawn, strict=True):
            for block, reach, middle in self._measured(segment, drawn):
                mine = self.own[block] == segment
                here[block][mine], half[block][mine] = reach[mine], middle
                nearer = ~mine & (reach < nearest[block])
                nearest[block][nearer], second[block][nearer] = reach[nearer], segment
        return second, _margins(here, nearest, self.own), depths(half, self.own)

    def _measured(self, segment: int, drawn: np.ndarray) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Per block of rows the reach of ``segment``, and of its members the distance to half of it."""
        places = np.full(len(self.values), -1, dtype=np.int32)
        places[drawn] = np.arange(len(drawn), dtype=np.int32)
        for start in range(0, len(self.values), _BLOCK):
            block = slice(start, min(start + _BLOCK, len(self.values)))
            far = self._distances(block, drawn)
            self_at = np.flatnonzero(places[block] >= 0)
            far[self_at, places[block][self_at]] = np.inf
            mine = self.own[block] == segment
            yield block, _reached(far, mine, counted), _reached(far[mine], np.ones(mine.sum(), bool), _half)

    def _distances(self, block: slice, drawn: np.ndarray) -> np.ndarray:
        """Squared distances (rows of the block, drawn)."""
        far = self.values[block] @ self.values[drawn].T
        far *= -2
        far += self.squares[block][:, None]
        far += self.squares[drawn]
        return np.maximum(far, 0, out=far)


def _half(members: int) -> int:
    return max(1, (members + 1) // 2)


def _reached(far: np.ndarray, mine: np.ndarray, count: Callable[[int], int]) -> np.ndarray:
    """The distance (rows,) within which so many members lie; 0 where there is no other member."""
    n = far.shape[1]
    if not len(far):
        return np.zeros(0, dtype=np.float32)
    wanted = np.where(mine, count(n - 1) if n > 1 else 0, count(n)) - 1
    kept = np.unique(wanted[wanted >= 0])
    ordered = np.partition(far, kept, axis=1) if len(kept) else far
    found = ordered[np.arange(len(far)), np.maximum(wanted, 0)]
    # a member that was not drawn has as many others as were drawn; one short of them is the same for it
    found = np.where(np.isfinite(found) & (wanted >= 0), found, 0)
    return np.sqrt(found, dtype=np.float32)


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


def forest_scores(values: np.ndarray, fitted: int, *, seed: int) -> np.ndarray:
    """Isolation-forest scores (n,) float32 0..1 of ``values``; trees grow on at most 2,000 of the first ``fitted`` rows."""
    from sklearn.ensemble import IsolationForest

    grown = values[np.linspace(0, fitted - 1, min(fitted, _GROWN)).astype(np.intp)]
    trees = IsolationForest(n_estimators=_TREES, max_samples=min(256, len(grown)), random_state=seed % 2**32, n_jobs=1).fit(grown)
    scores = [-trees.score_samples(values[start : start + 2 * _BLOCK]) for start in range(0, len(values), 2 * _BLOCK)]
    return np.clip(np.concatenate(scores), 0, 1).astype(np.float32)
