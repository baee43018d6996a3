"""One number per column, brought to a comparable spread; fitted on the rows to cluster, applied to all."""

from __future__ import annotations

import numpy as np

LIMIT = 1e100
_SAFE = (1e-100, 1e100)
# Variance of a normal number divided by its interquartile range: what a category weighs beside robust-scaled numbers.
_ROBUST_VARIANCE = 1 / 1.3489795003921634**2


def scaler(fit: np.ndarray, rule: str) -> tuple[float, float, float]:
    """(before, centre, spread) of ``fit`` (n,): a value becomes (value / before - centre) / spread.

    standard: mean and standard deviation (ddof 0); robust: median and interquartile
    range, standard deviation where that is 0; minmax: minimum and range; none: as it
    is. ``before`` is a power of two that keeps squares finite; 1 for usual values.
    """
    if rule == "none":
        return 1.0, 0.0, 1.0
    before = _magnitude(fit)
    values = fit / before
    if rule == "minmax":
        return before, float(values.min()), float(values.max() - values.min()) or 1.0
    if rule == "robust":
        low, centre, high = np.percentile(values, [25, 50, 75])
        return before, float(centre), float(high - low) or float(values.std()) or 1.0
    return before, float(values.mean()), float(values.std()) or 1.0


def _magnitude(values: np.ndarray) -> float:
    largest = float(np.abs(values).max(initial=0))
    if largest == 0 or _SAFE[0] < largest < _SAFE[1]:
        return 1.0
    return float(2.0 ** np.clip(np.floor(np.log2(largest)), -1000, 1000))


def scale(values: np.ndarray, fitted: tuple[float, float, float]) -> np.ndarray:
    """``values`` (n,) by a fitted scaler, kept within 1e100 so that distances stay finite."""
    before, centre, spread = fitted
    if fitted == (1.0, 0.0, 1.0):
        return np.clip(values, -LIMIT, LIMIT)
    with np.errstate(over="ignore"):
        return np.clip((values / before - centre) / spread, -LIMIT, LIMIT)


def block_weight(shares: np.ndarray, rule: str) -> float:
    """Factor for the 0/1 columns of one category with level ``shares`` in the fitted rows.

    Under standard and robust scaling the block's variances add up to what one number
    has; under minmax two different levels lie as far apart as smallest and largest number.
    """
    variance = float((shares * (1 - shares)).sum())
    if rule == "none" or variance == 0:
        return 1.0
    if rule == "minmax":
        return 1.0 if len(shares) == 1 else 1 / np.sqrt(2)
    return float(np.sqrt((_ROBUST_VARIANCE if rule == "robust" else 1.0) / variance))
