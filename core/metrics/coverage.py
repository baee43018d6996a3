"""Metrics of how customers are shared out: share placed, largest and smallest segment."""

from __future__ import annotations

import numpy as np

from core.metrics.entry import Metric, each
from core.model import NOISE


def share_placed(values: np.ndarray, labels: np.ndarray) -> float | str:
    """Share of rows in any segment, 0..1."""
    return float((labels != NOISE).mean()) if len(labels) else "there are no customers"


def largest_segment(values: np.ndarray, labels: np.ndarray) -> float | str:
    """Share of all rows in the largest segment, 0..1."""
    counts = _counts(labels)
    return float(counts.max() / len(labels)) if len(counts) else "no customer is placed"


def smallest_segment(values: np.ndarray, labels: np.ndarray) -> float | str:
    """Number of rows in the smallest segment."""
    counts = _counts(labels)
    return float(counts.min()) if len(counts) else "no customer is placed"


def _counts(labels: np.ndarray) -> np.ndarray:
    """Rows (k,) of every segment."""
    counts = np.bincount(labels[labels != NOISE])
    return counts[counts > 0]


SHARE_PLACED = Metric(
    name="share_placed",
    label="Customers placed",
    help="Share of customers that belong to a segment; the rest are unlike all segments.",
    better="higher",
    format=".1%",
    score=each("share_placed", share_placed),
)
LARGEST_SEGMENT = Metric(
    name="largest_segment",
    label="Largest segment",
    help="Share of customers in the largest segment: near 100% it holds almost everyone.",
    better="",
    format=".1%",
    score=each("largest_segment", largest_segment),
)
SMALLEST_SEGMENT = Metric(
    name="smallest_segment",
    label="Smallest segment",
    help="Number of customers in the smallest segment.",
    better="",
    format=",.0f",
    score=each("smallest_segment", smallest_segment),
)
