"""Metrics of how customers are shared out: share placed and smallest segment."""

from __future__ import annotations

import numpy as np

from core.metrics.entry import Metric, each
from core.model import NOISE


def share_placed(values: np.ndarray, labels: np.ndarray) -> float | str:
    """Share of rows in any segment, 0..1."""
    return float((labels != NOISE).mean()) if len(labels) else "there are no customers"


def smallest_segment(values: np.ndarray, labels: np.ndarray) -> float | str:
    """Number of rows in the smallest segment."""
    placed = labels[labels != NOISE]
    return float(np.unique(placed, return_counts=True)[1].min()) if len(placed) else "no customer is placed"


SHARE_PLACED = Metric(
    name="share_placed",
    label="Customers placed",
    help="Share of customers that belong to a segment; the rest are unlike all segments.",
    better="higher",
    format=".1%",
    score=each("share_placed", share_placed),
)
SMALLEST_SEGMENT = Metric(
    name="smallest_segment",
    label="Smallest segment",
    help="Number of customers in the smallest segment.",
    better="",
    format=",.0f",
    score=each("smallest_segment", smallest_segment),
)
