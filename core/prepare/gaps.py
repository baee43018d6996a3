"""What stands in for a gap."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.model import Kind


def filler(kind: Kind, values: pd.Series, rule: str) -> float | str | None:
    """The stand-in, from the ``values`` (n,) of the fitted rows alone: None when all are gaps.

    ``rule`` median (and drop, for rows set aside): the median of a number, the most
    frequent value of a flag or category; mode: the most frequent value of any. Ties
    go to the smallest value, so that the result does not hang on the order of rows.
    """
    present = values.dropna()
    if not len(present):
        return None
    if kind is Kind.NUMBER and rule != "mode":
        return _median(present.to_numpy(dtype=float))
    counts = present.value_counts()
    return min(counts.index[counts == counts.max()])


def _median(values: np.ndarray) -> float:
    """The median, halves added last: 1e308 + 1e308 overflows."""
    ordered = np.sort(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[middle])
    low, high = ordered[middle - 1], ordered[middle]
    with np.errstate(over="ignore"):
        total = low + high
    return float(total / 2 if np.isfinite(total) else low / 2 + high / 2)
