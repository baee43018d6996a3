"""The smallest uplift that a campaign of this size would show, were it there.

Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed., section 4.2 (doi:10.1002/0471445428),
for two groups of any two sizes, without correction for continuity.
"""

from __future__ import annotations

import math
from statistics import NormalDist

ALPHA, POWER = 0.05, 0.8
"""Two-sided; how often an uplift is seen that is not there, and how often one that is."""
_Z_ALPHA = NormalDist().inv_cdf(1 - ALPHA / 2)
_Z_POWER = NormalDist().inv_cdf(POWER)
_HALVINGS = 60


def detectable_rate(base: float, treated: int, control: int) -> float:
    """The smallest difference (0..1) above the rate ``base`` (0..1) that is found with a power of 0.8; NaN where none is.

    Both groups must hold somebody, and even a rate of one may not be far enough from ``base``.
    """
    if not 0 <= base < 1 or min(treated, control) < 1 or _lacking(base, 1 - base, treated, control) > 0:
        return math.nan
    low, high = 0.0, 1 - base
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _lacking(base, middle, treated, control) > 0 else (low, middle)
    return high


def detectable_amount(deviation: float, treated: int, control: int) -> float:
    """The smallest difference of means found with a power of 0.8 where amounts spread by ``deviation``, in its unit."""
    if min(treated, control) < 2 or not math.isfinite(deviation):
        return math.nan
    return (_Z_ALPHA + _Z_POWER) * deviation * math.sqrt(1 / treated + 1 / control)


def _lacking(base: float, difference: float, treated: int, control: int) -> float:
    """How far ``difference`` falls short of what is found; 0 or less where it is enough."""
    rate = base + difference
    pooled = (treated * rate + control * base) / (treated + control)
    nothing = math.sqrt(max(pooled * (1 - pooled), 0) * (1 / treated + 1 / control))
    something = math.sqrt(max(rate * (1 - rate), 0) / treated + base * (1 - base) / control)
    return _Z_ALPHA * nothing + _Z_POWER * something - difference
