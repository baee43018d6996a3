"""Tukey's fences: where a number counts as unusually far out."""

from __future__ import annotations

import numpy as np


def fences(values: np.ndarray) -> tuple[float, float]:
    """Lowest and highest usual value: the quartiles minus and plus 1.5 interquartile ranges.

    ``values`` (n,) may hold NaN. Where the quartiles are equal (more than half of
    all values the same) or there are fewer than 4 values, nothing is far out and
    the fences are infinite. Source: Tukey (1977), Exploratory Data Analysis.
    """
    known = values[np.isfinite(values)]
    if len(known) < 4:
        return -np.inf, np.inf
    # Quartiles of halved values: their difference cannot overflow.
    low, high = np.percentile(known / 2, [25, 75])
    if low == high:
        return -np.inf, np.inf
    with np.errstate(over="ignore"):
        reach = 1.5 * (high - low)
        return float((low - reach) * 2), float((high + reach) * 2)


def beyond(values: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """Mask (n,) of values outside ``limits``; NaN is never outside."""
    with np.errstate(invalid="ignore"):
        return (values < limits[0]) | (values > limits[1])
