"""Metrics from distances to segment centres: Calinski-Harabasz, Davies-Bouldin, inertia."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.metrics.entry import Labelings, Metric, each, told, why_not
from core.model import NOISE, Score

BLOCK_ROWS = 16_384


@dataclass(frozen=True)
class _Spread:
    """Per segment: ``counts`` (k,), ``centres`` (k, d), summed distances and summed squared distances (k,) to them."""

    counts: np.ndarray
    centres: np.ndarray
    distances: np.ndarray
    squares: np.ndarray


def calinski_harabasz(values: np.ndarray, labels: np.ndarray) -> float | str:
    """Spread between segment centres over spread within, per degree of freedom; placed rows only, 0 upwards.

    Source: Calinski & Harabasz (1974), doi:10.1080/03610927408827101.
    """
    if reason := why_not(labels):
        return reason
    found = _spread(values, labels)
    placed, inside = found.counts.sum(), found.squares.sum()
    if inside == 0:
        return "customers within each segment are identical"
    middle = found.counts @ found.centres / placed
    between = (found.counts * ((found.centres - middle) ** 2).sum(axis=1)).sum()
    return (between / (len(found.counts) - 1)) / (inside / (placed - len(found.counts)))


def davies_bouldin(values: np.ndarray, labels: np.ndarray) -> float | str:
    """Mean over segments of the worst ratio of widths to distance between centres; placed rows only, 0 upwards.

    Segments with the same centre do not count as neighbours, as in scikit-learn.
    Source: Davies & Bouldin (1979), doi:10.1109/TPAMI.1979.4766909.
    """
    from scipy.spatial.distance import cdist

    if reason := why_not(labels):
        return reason
    found = _spread(values, labels)
    widths = found.distances / found.counts
    apart = cdist(found.centres, found.centres)
    if not widths.any() or not apart.any():
        return 0.0
    ratios = np.divide(widths[:, None] + widths, apart, out=np.zeros_like(apart), where=apart > 0)
    return float(ratios.max(axis=1).mean())


def inertia(values: np.ndarray, labels: np.ndarray) -> float | str:
    """Sum of squared distances of placed rows to the mean of their segment, 0 upwards."""
    if not (labels != NOISE).any():
        return "no customer is placed"
    return float(_spread(values, labels).squares.sum())


def _spread(values: np.ndarray, labels: np.ndarray) -> _Spread:
    """Two passes over blocks of rows, one for the centres and one for distances to them; noise is left out.

    Sums are products with 0/1 memberships, which run side by side where a count of labels would not.
    """
    segments = np.unique(labels[labels != NOISE])
    place = np.full(int(segments[-1]) + 2, len(segments))  # noise, -1, finds the last entry: a group of its own
    place[segments] = np.arange(len(segments))
    groups, blocks = np.arange(len(segments))[:, None], range(0, len(values), BLOCK_ROWS)
    sums, counts = np.zeros((len(segments), values.shape[1])), np.bincount(labels[labels != NOISE])[segments]
    for start in blocks:
        member = place[labels[start : start + BLOCK_ROWS]] == groups
        sums += member.astype(float) @ values[start : start + BLOCK_ROWS]
    centres = np.append(sums / counts[:, None], np.zeros((1, values.shape[1])), axis=0)
    totals = np.zeros((2, len(segments) + 1))
    for start in blocks:
        at = place[labels[start : start + BLOCK_ROWS]]
        apart = values[start : start + BLOCK_ROWS] - np.take(centres, at, axis=0)
        squared = np.einsum("ij,ij->i", apart, apart)
        totals[0] += np.bincount(at, weights=np.sqrt(squared), minlength=len(segments) + 1)
        totals[1] += np.bincount(at, weights=squared, minlength=len(segments) + 1)
    return _Spread(counts, centres[:-1], totals[0, :-1], totals[1, :-1])


def score_inertia(
    values: np.ndarray, labelings: Labelings, *, seed: int, centred: frozenset[str], threads: int = 1
) -> dict[str, Score]:
    """Inertia for the labelings in ``centred``; for the others it is not what the algorithm seeks."""
    sought = {key: labels for key, labels in labelings.items() if key in centred}
    found = each("inertia", inertia)(values, sought, seed=seed, centred=centred, threads=threads)
    other = told("inertia", "it judges segments around a centre, which only K-means and its kin seek")
    return {key: found.get(key, other) for key in labelings}


CALINSKI_HARABASZ = Metric(
    name="calinski_harabasz",
    label="Contrast (Calinski-Harabasz)",
    help="How far segment centres lie apart, measured in widths of the segments. Compare on the same data only.",
    better="higher",
    format=",.1f",
    score=each("calinski_harabasz", calinski_harabasz),
)
DAVIES_BOULDIN = Metric(
    name="davies_bouldin",
    label="Overlap (Davies-Bouldin)",
    help="How much each segment runs into its most similar neighbour: 0 is not at all.",
    better="lower",
    format=".3f",
    score=each("davies_bouldin", davies_bouldin),
)
INERTIA = Metric(
    name="inertia",
    label="Spread within segments (inertia)",
    help="Sum of squared distances to the segment centres. It always falls with more segments: look for the bend.",
    better="",
    format=",.2f",
    score=score_inertia,
)
