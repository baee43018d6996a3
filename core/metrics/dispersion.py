"""Metrics from distances to segment centres: Calinski-Harabasz, Davies-Bouldin, inertia."""

from __future__ import annotations

import numpy as np

from core.metrics.entry import Labelings, Metric, each, told, why_not
from core.model import NOISE, Score


def calinski_harabasz(values: np.ndarray, labels: np.ndarray) -> float | str:
    """Spread between segment centres over spread within, per degree of freedom; placed rows only, 0 upwards.

    Source: Calinski & Harabasz (1974), doi:10.1080/03610927408827101.
    """
    if reason := why_not(labels):
        return reason
    placed, centres, counts, within = _parts(values, labels)
    inside = within.sum()
    if inside == 0:
        return "customers within each segment are identical"
    between = (counts * ((centres - placed.mean(axis=0)) ** 2).sum(axis=1)).sum()
    return (between / (len(counts) - 1)) / (inside / (len(placed) - len(counts)))


def davies_bouldin(values: np.ndarray, labels: np.ndarray) -> float | str:
    """Mean over segments of the worst ratio of widths to distance between centres; placed rows only, 0 upwards.

    Source: Davies & Bouldin (1979), doi:10.1109/TPAMI.1979.4766909.
    """
    from sklearn.metrics import davies_bouldin_score

    if reason := why_not(labels):
        return reason
    placed = labels != NOISE
    return float(davies_bouldin_score(values[placed], labels[placed]))


def inertia(values: np.ndarray, labels: np.ndarray) -> float | str:
    """Sum of squared distances of placed rows to the mean of their segment, 0 upwards."""
    if not (labels != NOISE).any():
        return "no customer is placed"
    return _parts(values, labels)[3].sum()


def _parts(values: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Placed rows, centre and count per segment, squared distance of every placed row to its centre."""
    chosen = labels != NOISE
    placed = values[chosen]
    at, counts = np.unique(labels[chosen], return_inverse=True, return_counts=True)[1:]
    centres = np.zeros((len(counts), values.shape[1]))
    np.add.at(centres, at, placed)
    centres /= counts[:, None]
    return placed, centres, counts, ((placed - centres[at]) ** 2).sum(axis=1)


def score_inertia(values: np.ndarray, labelings: Labelings, *, seed: int, centred: frozenset[str]) -> dict[str, Score]:
    """Inertia for the labelings in ``centred``; for the others it is not what the algorithm seeks."""
    other = "it judges segments around a centre, which only K-means seeks"
    return {
        key: told("inertia", inertia(values, labels) if key in centred else other) for key, labels in labelings.items()
    }


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
