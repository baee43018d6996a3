"""Text to dates: one format for the whole column, day or month first proven by the column itself."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

ISO = "ISO"
_SEPARATED = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d.*)?|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}|[12]\d{7}")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")
_DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y")
_MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m.%d.%y", "%m-%d-%y")
_OTHER = ("%Y/%m/%d", "%Y%m%d", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%y")
_TIMES = ("", " %H:%M", " %H:%M:%S")
_ENOUGH = 0.9


class Dates(NamedTuple):
    """``values`` datetime64 with NaT; ``ambiguous`` is True where day-first and month-first both read every cell."""

    values: pd.Series
    format: str
    ambiguous: bool


def parse_dates(texts: pd.Series, order: str = "") -> Dates | None:
    """Distinct, stripped, non-empty ``texts`` as dates, or ``None`` if fewer than 9 of 10 are.

    ``order`` ("day" | "month") settles which comes first where both are possible.
    """
    sample = texts.iloc[:: max(len(texts) // 200, 1)]
    if sum(_SEPARATED.fullmatch(text) is not None for text in sample) < _ENOUGH * len(sample):
        return None
    if sum(_ISO.fullmatch(text) is not None for text in sample) >= _ENOUGH * len(sample):
        values = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True).dt.tz_localize(None)
        return Dates(values, ISO, False) if _share(values) >= _ENOUGH else None
    day, month, other = (_best(texts, formats, sample) for formats in (_DAY_FIRST, _MONTH_FIRST, _OTHER))
    if other and _share(other.values) >= max(_share_of(day), _share_of(month), _ENOUGH):
        return other
    both = _share_of(day) == _share_of(month) >= _ENOUGH and not (day and "." in day.format)
    wanted = {"day": day, "month": month}.get(order) or max((day, month), key=_share_of)
    if wanted is None or _share(wanted.values) < _ENOUGH:
        return None
    return wanted._replace(ambiguous=both and not order)


def _best(texts: pd.Series, formats: tuple[str, ...], sample: pd.Series) -> Dates | None:
    """The format that reads most of the sample, applied to all."""
    shares = {}
    for form in (base + time for base in formats for time in _TIMES):
        shares[form] = _share(pd.to_datetime(sample, format=form, errors="coerce"))
    best = max(shares, key=shares.__getitem__)
    if shares[best] < 0.5 * _ENOUGH:
        return None
    return Dates(pd.to_datetime(texts, format=best, errors="coerce"), best, False)


def _share(values: pd.Series) -> float:
    return float(np.mean(values.notna())) if len(values) else 0.0


def _share_of(dates: Dates | None) -> float:
    return _share(dates.values) if dates else 0.0
