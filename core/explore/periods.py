"""Dates counted by day, week, month, quarter, year or decade, whichever shows them best."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

MOST_PERIODS = 60
_MONDAY = 4  # 1970-01-05 was a Monday


def by_period(days: np.ndarray) -> dict:
    """Counts of rising ``days`` (n,) since 1970-01-01 by the finest period that needs at most 60 bars.

    The keys are those of :class:`core.model.Spread`; periods in which nothing happened are there, with 0.
    """
    first, last = (int(np.floor(one)) for one in (days[0], days[-1]))
    for period, starts_of in _PERIODS.items():
        starts = starts_of(first, last)
        if len(starts) - 1 <= MOST_PERIODS or period == "decade":
            at = np.searchsorted(days, starts)
            return {
                "counts": tuple(np.diff(at).tolist()),
                "edges": tuple(starts.astype(float).tolist()),
                "labels": tuple(_label(int(start), period) for start in starts[:-1]),
                "period": period,
            }
    raise AssertionError("decades always serve")


def _days(first: int, last: int) -> np.ndarray:
    return np.arange(first, last + 2)


def _weeks(first: int, last: int) -> np.ndarray:
    start = (first - _MONDAY) // 7 * 7 + _MONDAY
    return np.arange(start, last + 8, 7)


def _months(step: int) -> Callable[[int, int], np.ndarray]:
    def starts(first: int, last: int) -> np.ndarray:
        low, high = (int(np.datetime64(day, "D").astype("datetime64[M]").astype(int)) for day in (first, last))
        origin = -1970 * 12  # the year 0, so that decades begin with a 0
        low = (low - origin) // step * step + origin
        months = np.arange(low, high + step + 1, step)
        months = months[: np.searchsorted(months, high, "right") + 1]
        return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)

    return starts


_PERIODS = {
    "day": _days,
    "week": _weeks,
    "month": _months(1),
    "quarter": _months(3),
    "year": _months(12),
    "decade": _months(120),
}


def _label(start: int, period: str) -> str:
    date = str(np.datetime64(start, "D"))
    year, month = date.rsplit("-", 2)[:2]
    return {
        "month": f"{year}-{month}",
        "quarter": f"{year} Q{(int(month) + 2) // 3}",
        "year": year,
        "decade": f"{year}s",
        "week": f"week of {date}",
    }.get(period, date)
