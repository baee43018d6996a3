"""Customers unusually far from the others, by one of three rules."""

from __future__ import annotations

import numpy as np

from core.fences import beyond, fences
from core.prepare.scaling import scale, scaler

SCORE = 3.5  # Iglewicz & Hoaglin (1993), How to Detect and Handle Outliers
FOREST_SCORE = 0.6  # Liu, Ting & Zhou (2008), doi:10.1109/ICDM.2008.17: above it potential anomalies
TREES = 100
_NORMAL = 0.6744897501960817  # median absolute deviation of a standard normal
_FLOAT32 = 1e30
WORDS = {"iqr": "{} beyond the IQR fences", "mad": "{} beyond a robust z of 3.5", "forest": "unlike the others (isolation forest)"}


def far_values(values: np.ndarray, fit: np.ndarray, rule: str) -> np.ndarray:
    """Mask (n,) of ``values`` that lie far out by ``rule`` iqr or mad, judged by the rows ``fit`` (mask or positions) alone.

    Gaps are never far out. mad: the distance from the median over the median absolute
    deviation, times 0.6745, exceeds 3.5; where more than half of the values are equal
    that deviation is 0 and nothing is far out, as under Tukey's fences.
    """
    known = values[fit]
    return beyond(values, fences(known) if rule == "iqr" else _robust(known[np.isfinite(known)]))


def _robust(known: np.ndarray) -> tuple[float, float]:
    if len(known) < 4:
        return -np.inf, np.inf
    halves = known / 2  # differences of halves cannot overflow
    middle = float(np.median(halves))
    deviation = float(np.median(np.abs(halves - middle)))
    if deviation == 0:
        return -np.inf, np.inf
    reach = SCORE * deviation / _NORMAL
    with np.errstate(over="ignore"):
        return float((middle - reach) * 2), float((middle + reach) * 2)


def forest(columns: list[np.ndarray], fit: np.ndarray) -> np.ndarray:
    """Mask (n,) of rows that random splits isolate early, from numbers given column by column (n,) each.

    The trees grow on rows ``fit`` (positions, in an order made from content) with a fixed
    seed; gaps count as the median. A row is far out where its score exceeds 0.6.
    Source: Liu, Ting & Zhou (2008), doi:10.1109/ICDM.2008.17; scikit-learn grows the trees.
    """
    from sklearn.ensemble import IsolationForest

    if not columns or len(fit) < 4:
        return np.zeros(len(columns[0]) if columns else 0, dtype=bool)
    space = np.column_stack([_unit(values, fit) for values in columns]).astype(np.float32)
    trees = IsolationForest(n_estimators=TREES, max_samples=min(256, len(fit)), random_state=0, n_jobs=1).fit(space[fit])
    return -trees.score_samples(space) > FOREST_SCORE


def _unit(values: np.ndarray, fit: np.ndarray) -> np.ndarray:
    """Gaps filled with the median, brought within what a float32 holds; the trees do not depend on the scale."""
    known = values[fit]
    known = known[~np.isnan(known)]
    if not len(known):
        return np.zeros(len(values))
    fitted = scaler(known, "standard")
    scaled = scale(values, fitted)
    middle = float(np.median(scale(known, fitted)))
    return np.clip(np.where(np.isnan(scaled), middle, scaled), -_FLOAT32, _FLOAT32)
