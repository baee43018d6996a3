"""Whether borders between segments run through crowds or through gaps, whatever the shape of the segments."""

from __future__ import annotations

import numpy as np

from core.metrics.entry import Labelings, Metric, sampled, told, why_not
from core.model import NOISE, Score

SAMPLE_ROWS = 2_000
NEAREST = 10
TREE_COLUMNS = 4  # with more, all distances by matrix products are quicker for so few rows


def nearest_rows(values: np.ndarray, count: int = NEAREST) -> np.ndarray:
    """Positions (n, count) of the nearest other rows of each row, nearest first; fewer columns where rows are few."""
    from sklearn.neighbors import NearestNeighbors

    count = min(count, len(values) - 1)
    how = "kd_tree" if values.shape[1] <= TREE_COLUMNS else "brute"
    return NearestNeighbors(n_neighbors=count, algorithm=how).fit(values).kneighbors(return_distance=False)


def kept(near: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Share (k,) of the neighbours ``near`` (n, c) of a segment's rows that are in the segment too, 0..1.

    The j-th neighbour weighs 1 / j, so that small segments are not judged by
    neighbours that they are too small to have. An unplaced neighbour counts as
    one outside: leaving out the customers at a border makes it no gap.
    """
    weights = 1 / np.arange(1, near.shape[1] + 1)
    own = (labels[near] == labels[:, None]) @ weights / weights.sum()
    segments, at = np.unique(labels, return_inverse=True)
    return (np.bincount(at, weights=own) / np.bincount(at))[segments != NOISE]


def score(
    values: np.ndarray, labelings: Labelings, *, seed: int, centred: frozenset[str], threads: int = 1
) -> dict[str, Score]:
    """The lowest :func:`kept` over the segments, among at most 2,000 rows sampled for all labelings alike.

    The connectivity of Handl & Knowles (2007), doi:10.1109/TEVC.2006.877146, as
    a share and of the worst segment. It knows no shape: segments along gaps and
    round ones are judged alike.
    """
    rows = sampled(len(values), seed, most=SAMPLE_ROWS, size=SAMPLE_ROWS)
    near = nearest_rows(values[rows]) if len(rows) > 1 else None
    return {key: _lowest(near, labels, seen=labels[rows]) for key, labels in labelings.items()}


def _lowest(near: np.ndarray | None, labels: np.ndarray, *, seen: np.ndarray) -> Score:
    reason = why_not(labels) or ("the sample meets only one of the segments" if why_not(seen) else "")
    if reason or near is None:
        return told("neighbours", reason or "there are too few customers")
    value = told("neighbours", float(kept(near, seen).min()))
    if len(seen) == len(labels):
        return value
    return Score("neighbours", value.value, f"estimated from {len(seen):,} of {len(labels):,} customers")


NEIGHBOURS = Metric(
    name="neighbours",
    label="Neighbours together",
    help="How many of the customers most alike are in the same segment, where this is least: 100% is a clear gap "
    "around every segment of whatever shape, less means that a border runs through a crowd.",
    better="higher",
    format=".1%",
    score=score,
)
