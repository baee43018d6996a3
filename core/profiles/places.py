"""The places on which the small distributions of one column stand: bins, values or periods, the same for everyone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model import Column, Kind
from core.profiles.effects import commonest

MOST_PLACES, MOST_LEVELS = 16, 12
OTHERS = "other values"
_ENDS = (0.01, 0.99)
_MONDAY = 4  # 1970-01-05 was a Monday
_MONTHS = (1, 3, 12, 60, 120, 600, 1200)
_LOOK = 1_000
_YEARS = (1800, 2100)  # numbers that are mostly years, and are written without a mark of thousands
_LARGEST = np.finfo(np.float64).max


@dataclass(frozen=True)
class Places:
    """``at`` (n,) int16 is the place of each cell, from 0; a gap is at ``len(labels)``.

    ``labels`` say in words what is there; ``low`` and ``high`` (places,) are its ends in the unit of the column, equal
    for a place of one value, NaN for values of categories, flags and dates.
    """

    at: np.ndarray
    labels: tuple[str, ...]
    low: np.ndarray
    high: np.ndarray


def placed(cells: pd.Series, column: Column) -> Places:
    """The places of ``cells`` (n,), at most 16.

    Numbers of at most 16 different values have one place for each value (unless a few of them lie far off), others bins of one round width between the
    1st and 99th percentile, of which the first and last hold what lies beyond, too. Flags have "no" and "yes";
    categories the 12 commonest values, ties by value, and one place for all others; dates the finest period (day,
    week, month, quarter, year, ...) that needs at most 16 places between the same percentiles.
    """
    if column.kind is Kind.CATEGORY:
        return _values(cells)
    if column.kind is Kind.DATE:
        return _dates(cells)
    values = cells.to_numpy(np.float64)
    filled = ~np.isnan(values)
    if column.kind is Kind.FLAG:
        return _spread(filled, (values[filled] > 0).astype(np.int16), ("no", "yes"))
    return _numbers(values[filled], filled)


def _spread(
    filled: np.ndarray, at: np.ndarray, labels: tuple[str, ...], *, ends: tuple[np.ndarray, np.ndarray] | None = None
) -> Places:
    """Places ``at`` of the filled cells put where these cells are among all."""
    out = np.full(len(filled), len(labels), dtype=np.int16)
    out[filled] = at
    low, high = ends if ends is not None else np.full((2, len(labels)), np.nan)
    return Places(out, labels, low, high)


def _numbers(values: np.ndarray, filled: np.ndarray) -> Places:
    if not len(values):
        return _spread(filled, np.empty(0, dtype=np.int16), ())
    low, high = np.quantile(values, _ENDS, method="nearest")
    whole = bool((values == np.floor(values)).all())
    if len(np.unique(values[:_LOOK])) <= MOST_PLACES:  # most columns need not be sorted to see that they have many values
        single = np.unique(values)
        # a few far off, as 23 among 0 to 11, would stand beside 11 as if they were next to it
        far = whole and single[-1] / 2 - single[0] / 2 >= MOST_PLACES / 2 > high / 2 - low / 2 > 0
        if len(single) <= MOST_PLACES and not far:
            years = _years(single)
            labels = tuple(_figure(one, 0, years=years) if float(one).is_integer() else f"{one:,.6g}" for one in single)
            return _spread(filled, np.searchsorted(single, values), labels, ends=(single, single))
    if low == high:
        low, high = values.min(), values.max()
    edges, decimals = _edges(float(low), float(high), whole=whole)
    labels = _ranges(edges, decimals, whole=whole, beyond=(values.min() < edges[0], values.max() >= edges[-1]))
    return _spread(filled, np.searchsorted(edges[1:-1], values, side="right"), labels, ends=(edges[:-1], edges[1:]))


def _edges(low: float, high: float, *, whole: bool) -> tuple[np.ndarray, int]:
    """Rising round edges of at most 16 bins of one width that hold ``low`` and ``high``, and the decimals they need."""
    raw = max(high / MOST_PLACES - low / MOST_PLACES, 1e-290, 4 * np.spacing(max(abs(low), abs(high))))
    power = int(np.floor(np.log10(raw)))
    for exponent in range(power, power + 3):
        for factor in (1.0, 2.0, 2.5, 5.0):
            step = factor * 10.0**exponent
            first, last = np.floor(low / step), np.floor(high / step)
            if last - first < MOST_PLACES and not (whole and step % 1):
                with np.errstate(over="ignore"):  # the round number above the largest there is
                    edges = np.clip((first + np.arange(last - first + 2)) * step, -_LARGEST, _LARGEST)
                return edges, max(0, -exponent + (factor == 2.5))
    raise AssertionError("a step of a hundred sixteenths of the range always serves")


def _ranges(edges: np.ndarray, decimals: int, *, whole: bool, beyond: tuple[bool, bool]) -> tuple[str, ...]:
    """"20 to 40" and the like; whole numbers end before the next begins: "20 to 39"."""
    last = edges[1:] - 1 if whole else edges[1:]
    years = _years(edges)
    starts, ends = ([_figure(one, decimals, years=years) for one in side] for side in (edges, last))
    out = [low if whole and low == high else f"{low} to {high}" for low, high in zip(starts, ends, strict=False)]
    if beyond[0]:
        out[0] = f"below {starts[1]}"
    if beyond[1]:
        out[-1] = f"{starts[-2]} and more"
    return tuple(out)


def _years(values: np.ndarray) -> bool:
    """Whether all of these look like years: a single amount among others that falls there is none."""
    return bool(np.min(values) >= _YEARS[0] and np.max(values) <= _YEARS[1])


def _figure(value: float, decimals: int, *, years: bool) -> str:
    if decimals > 6 or abs(value) >= 1e12:
        return f"{value:.6g}"
    if not decimals and years:
        return f"{value:.0f}"
    return f"{value + 0.0:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def _values(cells: pd.Series) -> Places:
    codes, values = pd.factorize(cells.to_numpy(object), sort=True)
    chosen = commonest(codes, len(values), MOST_LEVELS)
    others = len(values) > len(chosen)
    place = np.full(len(values) + 1, len(chosen), dtype=np.int16)  # of other values; the last is that of gaps, code -1
    place[chosen], place[-1] = np.arange(len(chosen)), len(chosen) + others
    labels = (*(str(values[one]) for one in chosen), *([OTHERS] if others else []))
    return Places(place[codes], labels, *np.full((2, len(labels)), np.nan))


def _dates(cells: pd.Series) -> Places:
    filled = cells.notna().to_numpy()
    days = cells.to_numpy()[filled].astype("datetime64[D]")
    if not len(days):
        return _spread(filled, np.empty(0, dtype=np.int16), ())
    ends = np.quantile(days.astype(np.int64), _ENDS, method="nearest").astype(np.int64)
    for step, weeks in ((1, True), (7, True), *((months, False) for months in _MONTHS)):
        low, high = (_period(end.astype("datetime64[D]"), step, weeks) for end in ends)
        if high - low < MOST_PLACES or step == _MONTHS[-1]:
            break
    high = min(high, low + MOST_PLACES - 1)
    index = _period(days, step, weeks)
    labels = [_since(one, step, weeks) for one in range(int(low), int(high) + 1)]
    if index.min() < low:
        labels[0] = f"until {labels[0]}"
    if index.max() > high:
        labels[-1] = f"from {labels[-1]}"
    return _spread(filled, np.clip(index, low, high) - low, tuple(labels))


def _period(days: np.ndarray, step: int, weeks: bool) -> np.ndarray:
    """The number of the period that each day lies in: of ``step`` days where ``weeks``, else of ``step`` months."""
    if weeks:
        return (days.astype(np.int64) - (_MONDAY if step == 7 else 0)) // step
    return (days.astype("datetime64[M]").astype(np.int64) + 1970 * 12) // step


def _since(number: int, step: int, weeks: bool) -> str:
    """The words for a period."""
    if weeks:
        day = str(np.datetime64(number * step + (_MONDAY if step == 7 else 0), "D"))
        return f"week of {day}" if step == 7 else day
    year, month = divmod(number * step, 12)
    if step < 12:
        return f"{year}-{month + 1:02}" if step == 1 else f"{year} Q{month // 3 + 1}"
    return f"{year}" if step == 12 else f"{year} to {year + step // 12 - 1}"
