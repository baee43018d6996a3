"""The RFM groups people know: Champions, Loyal, At risk ..., one for every combination of scores."""

from __future__ import annotations

import numpy as np

NO_PURCHASE = "No purchase"

GRID: tuple[tuple[str, ...], ...] = (
    ("Lost", "Hibernating", "At risk", "At risk", "Cannot lose them"),
    ("Hibernating", "Hibernating", "At risk", "At risk", "Cannot lose them"),
    ("About to sleep", "About to sleep", "Need attention", "Loyal", "Loyal"),
    ("Promising", "Potential loyalists", "Potential loyalists", "Loyal", "Loyal"),
    ("New", "Potential loyalists", "Potential loyalists", "Champions", "Champions"),
)
"""A row per recency score (1 first), a column per spend score: the mean of the frequency and monetary scores, a half
rounded up. The names and the two axes, recency against the mean of frequency and monetary, are those of Putler's "RFM
analysis"; its areas overlap, so the borders are the disjoint ones in common use, with "Lost" kept for the lowest of
both."""

GROUPS: tuple[str, ...] = (
    "Champions",
    "Loyal",
    "Potential loyalists",
    "New",
    "Promising",
    "Need attention",
    "About to sleep",
    "At risk",
    "Cannot lose them",
    "Hibernating",
    "Lost",
    NO_PURCHASE,
)
"""Every group, the best first."""


def groups(recency: np.ndarray, frequency: np.ndarray, monetary: np.ndarray) -> np.ndarray:
    """The group (n,) text of customers with these scores (n,), each from 1 to 5."""
    spend = (frequency + monetary + 1) // 2
    return np.array(GRID, dtype=object)[recency - 1, spend - 1]
