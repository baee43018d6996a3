"""How the values of one column are spread: bars between readable edges, a box, or the commonest values."""

from __future__ import annotations

import math

import numpy as np

from core.explore.cells import Cells
from core.explore.periods import by_period
from core.fences import fences
from core.model import Box, Kind, Spread

MOST_LEVELS = 20
FEWEST_BARS, MOST_BARS = 12, 50
MOST_WHOLE = 40
"""So many consecutive whole numbers get a bar each."""
_WIDE = 3.0  # Tukey's outer fence: bars end there, what lies beyond is counted at the side


def spread(cells: Cells) -> Spread:
    """The spread of one column; every filled cell is counted once, in a bar or beside them."""
    column = cells.column
    gaps = int(cells.empty.sum())
    known = {"place": cells.place, "name": column.name, "kind": column.kind, "unit": column.unit, "gaps": gaps}
    known |= {"filled": len(cells.values) - gaps, "distinct": column.distinct}
    if not known["filled"]:
        return Spread(**known)
    if column.kind is Kind.NUMBER:
        return Spread(**known, **_numbers(np.sort(cells.values[~np.isnan(cells.values)])))
    if column.kind is Kind.DATE:
        return Spread(**known, **by_period(np.sort(cells.values[~np.isnan(cells.values)])))
    if column.kind is Kind.FLAG:
        yes = int(np.nansum(cells.values))
        return Spread(**known, counts=(known["filled"] - yes, yes), labels=("no", "yes"))
    return Spread(**known, **_levels(cells))


def _levels(cells: Cells) -> dict:
    """The commonest values, ties by value; ids and texts that never repeat get no bars."""
    counts = np.bincount(cells.values[cells.values >= 0], minlength=len(cells.levels))
    if cells.column.kind is not Kind.CATEGORY and counts.max(initial=0) < 2 or cells.column.kind is Kind.KEY:
        return {"rest": int(counts.sum())}
    chosen = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
    shown = counts[chosen]
    return {
        "counts": tuple(shown.tolist()),
        "labels": tuple(cells.levels[place] for place in chosen),
        "rest": int(counts.sum() - shown.sum()),
    }


def _numbers(values: np.ndarray) -> dict:
    """Bars and box of rising ``values`` (n,)."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return {"rest": len(values)}
    scale = _scale(finite)
    box = _box(finite, scale)
    low, high = _reach(finite, box)
    whole = bool(abs(finite[0]) < 2**53 and abs(finite[-1]) < 2**53 and (finite == np.floor(finite)).all())
    edges = _edges(finite, low, high, whole=whole, box=box)
    at = np.searchsorted(values, edges)
    return {
        "counts": tuple(np.diff(at).tolist()),
        "edges": tuple(edges.tolist()),
        "below": int(at[0]),
        "above": int(len(values) - at[-1]),
        "box": box,
        "whole": whole,
    }


def _scale(finite: np.ndarray) -> float:
    """A power of two by which sums of rising values stay finite; 1 for usual numbers."""
    largest = max(abs(finite[0]), abs(finite[-1]))
    return 1.0 if largest < 1e150 else 2.0 ** min(1000, math.floor(math.log2(largest)))


def _box(finite: np.ndarray, scale: float) -> Box:
    usual = fences(finite)
    inside = finite[np.searchsorted(finite, usual[0], "left") : np.searchsorted(finite, usual[1], "right")]
    lower, median, upper = (float(one) for one in np.percentile(finite / 2, [25, 50, 75]) * 2)
    mean = min(max(float((finite / scale).mean() * scale), finite[0]), finite[-1])
    return Box(
        minimum=float(finite[0]),
        low=min(float(inside[0]), lower),
        lower=lower,
        median=median,
        upper=upper,
        high=max(float(inside[-1]), upper),
        maximum=float(finite[-1]),
        mean=float(mean),
        below=int(np.searchsorted(finite, usual[0], "left")),
        above=int(len(finite) - np.searchsorted(finite, usual[1], "right")),
    )


def _reach(finite: np.ndarray, box: Box) -> tuple[float, float]:
    """The outermost values between which bars are drawn: not far beyond the bulk of them."""
    low, high = box.lower, box.upper
    if low == high:
        low, high = (float(one) for one in np.percentile(finite / 2, [1, 99]) * 2)
    reach = _WIDE * (high / 2 - low / 2) * 2
    if low == high or not math.isfinite(reach):
        return box.minimum, box.maximum
    first, last = np.searchsorted(finite, low - reach, "left"), np.searchsorted(finite, high + reach, "right") - 1
    return float(finite[first]), float(finite[last])


def _edges(finite: np.ndarray, low: float, high: float, *, whole: bool, box: Box) -> np.ndarray:
    """Edges at multiples of 1, 2 or 5 times a power of ten; the width follows Freedman & Diaconis (1981)."""
    width = high / 2 - low / 2
    if width == 0:
        return np.array([low - 0.5, low + 0.5]) if abs(low) < 2**52 else _around(low, high)
    if whole and 2 * width < MOST_WHOLE:
        return np.arange(math.floor(low), math.floor(high) + 2) - 0.5
    wanted = 2 * (box.upper / 2 - box.lower / 2) / len(finite) ** (1 / 3)
    digit, power = _readable(2 * min(max(wanted, width / MOST_BARS), width / FEWEST_BARS))
    if whole and power < 0:
        digit, power = 1, 0
    step = digit * 10.0**power
    if not (math.isfinite(low / step) and math.isfinite(high / step)) or max(abs(low), abs(high)) / step > 2**50:
        return _around(low, high)
    steps = np.arange(math.floor(low / step), math.floor(high / step) + 2, dtype=np.float64) * digit
    with np.errstate(over="ignore"):
        edges = steps * 10.0**power if power >= 0 else steps / 10.0**-power
    return edges if np.isfinite(edges).all() and (np.diff(edges) > 0).all() else _around(low, high)


def _readable(least: float) -> tuple[int, int]:
    """The smallest digit * 10 ** power that is not below ``least``, of digits 1, 2 and 5."""
    power = math.floor(math.log10(least))
    share = least / 10.0**power
    for digit in (1, 2, 5):
        if share <= digit * (1 + 1e-9):
            return digit, power
    return 1, power + 1


def _around(low: float, high: float) -> np.ndarray:
    """One bar for all, where no finer edges can be told apart or written."""
    top = np.nextafter(high, np.finfo(float).max)
    return np.array([low if low < top else np.nextafter(top, 0.0), top])
