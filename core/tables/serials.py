"""Whole numbers that may be moments: days as Excel counts them, seconds or milliseconds since 1970."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

_DATED = re.compile(r"date|datum|\bday\b|time|stamp|since|created|updated|joined|signup|sign_up|birth|geburt|last_?(seen|order|login)|"
                    r"first_?order|_at$|_on$|(^|_)ts$|fecha|jour|tag\b", re.I)
_AMOUNT = re.compile(r"(^|[_\s])(id|nr|no|key|code|number)([_\s]|$)|income|salary|price|amount|revenue|spend|total|zip|postal|"
                     r"plz|phone|population|balance|limit|sales|cost|value|wage|size|count|area", re.I)
_EXCEL = 36_526, 49_400  # 2000-01-01 to 2035-04-01
_EXCEL_WIDE = 1, 73_050  # 1900-01-01 to 2099-12-31, where the name speaks of a date
_SECONDS = 946_684_800, 2_051_222_400  # 2000 to 2034
_EPOCH = np.datetime64("1970-01-01", "us")
_EXCEL_ZERO = np.datetime64("1899-12-30", "us")
_DAY = 86_400_000_000


def scale_of(values: np.ndarray, name: str) -> str:
    """"days", "seconds" or "milliseconds" if all ``values`` (n,) may be moments counted so, "" otherwise."""
    if len(values) < 2 or not np.isfinite(values).all() or (_AMOUNT.search(name) and not _DATED.search(name)):
        return ""
    low, high = float(values.min()), float(values.max())
    if low == high or high < _EXCEL_WIDE[0]:
        return ""
    whole = bool((values == np.floor(values)).all())
    if low >= _EXCEL[0] and high <= _EXCEL[1] and (whole or _DATED.search(name)):
        return "days"
    if _DATED.search(name) and low >= 10_000 and high <= _EXCEL_WIDE[1]:
        return "days"
    if whole and low >= _SECONDS[0] and high <= _SECONDS[1]:
        return "seconds"
    return "milliseconds" if whole and low >= 1e3 * _SECONDS[0] and high <= 1e3 * _SECONDS[1] else ""


def named_as_date(name: str) -> bool:
    """Whether the name of a column speaks of dates or times."""
    return _DATED.search(name) is not None


def moments(texts: pd.Series) -> np.ndarray:
    """Plain numbers as datetime64[us] by their size, NaT for everything else.

    Excel counts days from 1900 and believes that 1900 was a leap year: from its day 61 on, day 0 is 1899-12-30.
    """
    numbers = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64)
    out = np.full(len(numbers), np.datetime64("NaT"), "datetime64[us]")
    sizes = np.abs(numbers)
    days = (numbers >= 1) & (numbers < 3e6)
    start = numbers + (numbers < 60)
    out[days] = _EXCEL_ZERO + np.round(start[days] * _DAY).astype("timedelta64[us]")
    for least, most, unit in ((1e8, 1e11, 1_000_000), (1e11, 1e14, 1_000), (1e14, 1e17, 1)):
        here = (sizes >= least) & (sizes < most)
        out[here] = _EPOCH + np.round(numbers[here] * unit).astype("timedelta64[us]")
    return out
