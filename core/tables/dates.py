"""Text to dates: every text by its own form, day or month first proven by the column or left open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from core.tables.cells import arrow_texts, matches
from core.tables.months import ZONE, minutes_ahead, month_of

_TIME = (r"(?:(?:[T_]|,?\s+(?:at\s+)?)(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
         rf"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>{ZONE})?)?$")
_DAY = r"(?:[A-Za-z]{2,9}\.?,?\s+)?"
_ORDINAL = "(?:st|nd|rd|th)?"
_FORMS = {
    "numbers": r"^(?P<a>\d{1,4})(?P<mark>[-/.])\s?(?P<b>\d{1,2})(?P<again>[-/.])\s?(?P<c>\d{1,4})" + _TIME,
    "day and month name": rf"^{_DAY}(?P<a>\d{{1,2}}){_ORDINAL}[-./\s]*(?P<b>\p{{L}}{{3,10}})[-.,/\s]*(?P<c>\d{{4}}|\d{{2}})" + _TIME,
    "month name and day": rf"^{_DAY}(?P<b>\p{{L}}{{3,10}})\.?[-\s]+(?P<a>\d{{1,2}}){_ORDINAL},?[-\s]+(?P<c>\d{{4}})" + _TIME,
    "eight digits": r"^(?P<a>[0-2]\d{3})(?P<b>\d{2})(?P<c>\d{2})(?:[T_ ]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?"
                    r"(?P<zone>Z)?)?$",
}
_LIKELY = (r"^(?:[A-Za-z]{2,9}\.?,?\s+)?(?:\d{1,4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,4}(?:\D|$)|"
           r"\d{1,2}(?:st|nd|rd|th)?[-./\s]{0,3}\p{L}{3,10}[-.,/\s]{0,3}\d{2}|\p{L}{3,10}\.?[-\s]+\d{1,2}(?:st|nd|rd|th)?,?[-\s]+\d{4}|"
           r"[0-2]\d{7}(?:\D|\d{4}|\d{6}|$))")
_ISO = r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?$"
_PIVOT = 69  # two digits of a year: 69 to 99 are 1969 to 1999 (POSIX strptime)
FAR = 9000  # 9999-12-31 is how programs write "never"
NAMES = {"iso": "year-month-day", "day": "day first", "month": "month first", "name": "with the name of the month",
         "digits": "eight digits, year first"}


@dataclass
class Dates:
    """Distinct texts as dates: ``values`` (n,) datetime64[us] with NaT, ``forms`` (n,) how each is written, "" for none.

    ``unclear`` are the positions in which day and month could change places and nothing decides; ``proof`` is what the
    column says about that itself ("day", "month" or ""). ``empty`` are dates that stand for no date (0000-00-00,
    9999-12-31), ``moved`` times such as 24:00 and leap seconds, ``zoned`` times that were turned to UTC, ``short`` years
    of two digits.
    """

    values: np.ndarray
    forms: np.ndarray
    unclear: np.ndarray
    proof: str = ""
    notable: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def read(self) -> np.ndarray:
        """(n,) True where the text is a date, if one that stands for none."""
        return self.forms != ""


def parse_dates(texts: pd.Series, order: str = "", usual: str = "day") -> Dates:
    """Distinct, stripped ``texts`` as dates.

    ``order`` ("day" | "month") is the owner's answer to what comes first where both are possible, ``usual`` the guess
    that holds where neither the answer nor the column decides.
    """
    quick = _iso(texts)
    if quick is not None:
        return quick
    import pyarrow.compute as pc

    arrow = arrow_texts(texts)
    out = Dates(np.full(len(texts), np.datetime64("NaT"), "datetime64[us]"), np.full(len(texts), "", dtype=object),
                np.zeros(0, dtype=np.intp))
    left = np.flatnonzero(matches(texts, _LIKELY))
    for form, pattern in _FORMS.items():
        if not len(left):
            break
        parts = pc.extract_regex(arrow.take(left), pattern)
        valid = pc.is_valid(parts)
        mask = valid.to_numpy(zero_copy_only=False)
        if mask.any():
            _fill(out, left[mask], _Parts(form, parts.filter(valid)), order, usual)
        left = left[~mask]
    return out


def likely_dates(texts: pd.Series) -> bool:
    """Whether half of some of the ``texts`` look like dates at all."""
    sample = texts.iloc[:: max(len(texts) // 200, 1)]
    return len(sample) > 0 and float(np.mean(matches(sample, _LIKELY))) >= 0.5


def _iso(texts: pd.Series) -> Dates | None:
    """The same for texts that are all written year-month-day, without looking at them one by one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    arrow = arrow_texts(texts)
    if not len(texts) or not pc.all(pc.match_substring_regex(arrow[:20], _ISO)).as_py():
        return None
    if not pc.all(pc.match_substring_regex(arrow, _ISO)).as_py():
        return None
    try:
        values = arrow.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False).astype("datetime64[us]")
    except pa.ArrowInvalid:
        return None
    years = values.astype("datetime64[Y]").astype(np.int64) + 1970
    if years.min() <= 1 or years.max() >= FAR:
        return None
    return Dates(values, np.full(len(texts), "iso", dtype=object), np.zeros(0, dtype=np.intp))


class _Parts:
    """The captured parts of one form as arrays of (n,) whole numbers, -1 where a part is absent."""

    def __init__(self, form: str, parts: Any) -> None:
        self.form, self._parts = form, parts
        self.names = {one.name for one in parts.type}

    def text(self, name: str) -> np.ndarray:
        if name not in self.names:
            return np.full(len(self._parts), "", dtype=object)
        return self._parts.field(name).to_numpy(zero_copy_only=False)

    def number(self, name: str) -> np.ndarray:
        import pyarrow as pa
        import pyarrow.compute as pc

        if name not in self.names:
            return np.full(len(self._parts), -1, dtype=np.int64)
        found = self._parts.field(name)
        return pc.if_else(pc.equal(found, ""), "-1", found).cast(pa.int64()).to_numpy(zero_copy_only=False)

    def length(self, name: str) -> np.ndarray:
        import pyarrow.compute as pc

        return pc.utf8_length(self._parts.field(name)).to_numpy(zero_copy_only=False)

    def months(self) -> np.ndarray:
        codes, names = pd.factorize(self.text("b"))
        return np.array([month_of(name) for name in names], dtype=np.int64)[codes]


def _fill(out: Dates, at: np.ndarray, parts: _Parts, order: str, usual: str) -> None:
    """Read the texts at ``at``, which are of one form, into ``out``."""
    a, c = parts.number("a"), parts.number("c")
    if parts.form == "numbers":
        year, month, day, forms, short, unclear = _ordered(out, parts, order, usual)
    elif parts.form == "eight digits":
        year, month, day = a, parts.number("b"), c
        forms, short, unclear = np.full(len(at), "digits", dtype=object), np.zeros(len(at), bool), np.zeros(len(at), bool)
    else:
        short = parts.length("c") == 2
        year, month, day = _full_year(c, short), parts.months(), a
        forms, unclear = np.where(month > 0, "name", "").astype(object), np.zeros(len(at), bool)
    dates, valid = _dates(year, month, day)
    times, fits, moved, zoned = _times(parts)
    empty = (year == 0) | (month == 0) | (day == 0) | (valid & ((year <= 1) | (year >= FAR)))
    empty &= (forms != "") & (forms != "name")
    known = (forms != "") & (valid | empty) & fits
    good = known & ~empty
    out.values[at[good]] = (dates + times)[good]
    out.forms[at[known]] = forms[known]
    out.unclear = np.union1d(out.unclear, at[good & unclear])
    for what, which in (("empty", empty & known), ("moved", moved & good), ("zoned", zoned & good), ("short", short & good)):
        if which.any():
            out.notable[what] = np.union1d(out.notable.get(what, at[:0]), at[which])


def _ordered(out: Dates, parts: _Parts, order: str, usual: str) -> tuple[np.ndarray, ...]:
    """Year, month, day, form, short year and whether day and month may change places, of dates in three numbers."""
    a, b, c = (parts.number(name) for name in "abc")
    long_a, long_c = parts.length("a"), parts.length("c")
    mark = parts.text("mark")
    first, last = long_a == 4, (long_a <= 2) & np.isin(long_c, (2, 4))
    whole = (mark == parts.text("again")) & (last | (first & (long_c <= 2)))
    versions = last & (long_c == 2) & (parts.length("b") == 1) & (long_a == 1) & (mark != "/")
    if not (whole & ~versions).any():
        # "1.2.26" alone is rather a version than a date.
        whole &= ~versions
    by_day, by_month = (last & (one > 12) & (one <= 31) & (two >= 1) & (two <= 12) for one, two in ((a, b), (b, a)))
    either = last & whole & (a <= 12) & (b <= 12)
    dotted = mark == "."
    out.proof = _proof(by_day & whole, by_month & whole)
    settled = order or out.proof
    month_first = by_month | (either & ~dotted & ((settled or usual) == "month")) | (either & dotted & (order == "month"))
    unclear = either & ~dotted & (a != b) if not settled else np.zeros(len(a), bool)
    short = last & (long_c == 2)
    year = np.where(first, a, _full_year(c, short))
    month, day = np.where(first | ~month_first, b, a), np.where(first, c, np.where(month_first, b, a))
    forms = np.where(first, "iso", np.where(month_first, "month", "day")).astype(object)
    forms[~whole] = ""
    return year, month, day, forms, short, unclear


def _proof(by_day: np.ndarray, by_month: np.ndarray) -> str:
    """What days above 12 prove, "" where they prove nothing or both."""
    if by_day.any() == by_month.any():
        return ""
    return "day" if by_day.any() else "month"


def _full_year(years: np.ndarray, short: np.ndarray) -> np.ndarray:
    return np.where(short, years + np.where(years >= _PIVOT, 1900, 2000), years)


def _dates(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days as datetime64[us] and whether there is such a day."""
    fits = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    months = (np.where(fits, (year - 1970) * 12 + month - 1, 0)).astype("datetime64[M]")
    length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
    valid = fits & (day <= length)
    days = months.astype("datetime64[D]") + np.where(valid, day - 1, 0)
    return days.astype("datetime64[us]"), valid


def _times(parts: _Parts) -> tuple[np.ndarray, ...]:
    """Time of day less the zone's lead as timedelta64[us]; whether there is such a time, whether it was moved or zoned."""
    hour, minute, second = (np.maximum(parts.number(name), 0) for name in ("hour", "minute", "second"))
    codes, halves = pd.factorize(parts.text("half"))
    half = np.array([text[:1].lower() for text in halves], dtype=object)[codes]
    fits = (half == "") | ((hour >= 1) & (hour <= 12))
    hour = np.where(half == "", hour, hour % 12 + np.where(half == "p", 12, 0))
    midnight = (hour == 24) & (minute == 0) & (second == 0)
    leap = second == 60
    fits &= ((hour < 24) | midnight) & (minute < 60) & (second <= 60)
    codes, zones = pd.factorize(parts.text("zone"))
    ahead = np.array([minutes_ahead(zone) if zone else 0 for zone in zones], dtype=np.int64)[codes]
    zoned = np.array([zone != "" for zone in zones], dtype=bool)[codes]
    codes, fractions = pd.factorize(parts.text("part"))
    micro = np.array([int(text[:6].ljust(6, "0")) if text else 0 for text in fractions], dtype=np.int64)[codes]
    total = ((hour * 60 + minute - ahead) * 60 + second) * 1_000_000 + micro
    return total.astype("timedelta64[us]"), fits, midnight | leap, zoned
