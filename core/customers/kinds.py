"""What an unusual customer may be: rules on what columns are called and how far out their cells lie."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.customers.cells import cell_text, number_text
from core.customers.odd import alike, crossed
from core.model import Column, Kind, Table

VALUABLE, AT_RISK, SUSPICIOUS, UNUSUAL_KIND = "very valuable", "at risk of leaving", "suspicious pattern", "unusual"
_WORTH = re.compile(r"^(monetary|lifetime_value|margin)$|expected.?value|^clv|^ltv|total.?(spend|spent|revenue)")
_SILENCE = re.compile(r"recency|days?.?since|inactiv|silen|last.?(purchase|order|visit|activity).?(days)?$|days.?between")
RANKED = re.compile(r"score|rank|rating|quin?tile|index|(?:^|[ _])[rfm]$", re.IGNORECASE)
"""Names of marks for something: a high mark for recency is given to those who bought lately."""
_ACTIVITY = re.compile(r"frequen|orders?\b|visits?|purchases?|trend|transactions?|logins?|sessions?")
_SHARE = re.compile(r"(^|[_\s])(share|rate|ratio)$")
_AGE = re.compile(r"(^|[_\s])age$|^alter$")
OLDEST, TIMES = 110, 3.0
HIGH, LOW, TOP, NEGATIVES = 0.9, 0.25, 0.99, 0.01
Reason = tuple[str, str]


@dataclass(frozen=True)
class _Number:
    """A column of numbers: its cells (n,), those that are known in order, and its unit."""

    column: Column
    values: np.ndarray
    known: np.ndarray
    unit: str

    def rank(self, value: float) -> float:
        """Share (0..1) of customers with less."""
        return float(np.searchsorted(self.known, value, "left")) / max(len(self.known), 1)

    def at(self, share: float) -> float:
        """The value that this share of customers have at most."""
        return float(self.known[int(share * (len(self.known) - 1))]) if len(self.known) else float("nan")

    def told(self, row: int) -> str:
        return f"{self.column.name} {cell_text(self.column, self.values[row], self.unit)}"


def reasons(table: Table, used: Sequence[Column], rows: np.ndarray, *, money: str, units: Mapping[str, str]) -> list[Reason]:
    """(kind, reason in words or "") of each of ``rows`` (m,).

    Suspicious goes first: a negative amount where fewer than 1 % are negative, a share above 1, an age below 0 or above
    110, or cells equal to those of many others. Very valuable: money (``money``, or what orders made: monetary, lifetime value, expected value)
    among the highest 1 %, or three interquartile ranges above the upper quartile. At risk: silence (recency, days since)
    among the longest 10 % with no more activity than the lower half, or three times the customer's own usual gap. Last, suspicious: a combination of two columns that hardly ever
    occurs though each cell is usual by itself.
    """
    numbers = [_number(table, column, units) for column in used if column.kind is Kind.NUMBER]
    same, odd = alike(table, used, rows), crossed([one.values for one in numbers], rows)
    worth = [one for one in numbers if one.column.name == money or _WORTH.search(one.column.name.lower())]
    found = []
    for at, row in enumerate(rows.tolist()):
        wrong = [*_impossible(numbers, row), *_repeated(same[at])]
        rules = ((SUSPICIOUS, wrong), (VALUABLE, _valuable(worth, row)), (AT_RISK, _leaving(numbers, row)),
                 (SUSPICIOUS, _combined(numbers, odd.get(at), row)))  # fmt: skip
        found.append(next(((kind, why) for kind, whys in rules for why in whys), (UNUSUAL_KIND, "")))
    return found


def _number(table: Table, column: Column, units: Mapping[str, str]) -> _Number:
    values = table.frame[column.name].to_numpy(dtype=float)
    return _Number(column, values, np.sort(values[np.isfinite(values)]), units.get(column.name, column.unit))


def _impossible(numbers: Sequence[_Number], row: int) -> Iterator[str]:
    for one in numbers:
        value, name = one.values[row], one.column.name.lower()
        if value < 0 and 0 < one.rank(0.0) < NEGATIVES:
            yield f"{one.told(row)} is below 0, as for only {one.rank(0.0):.2%} of customers"
        elif _AGE.search(name) and (value < 0 or value > OLDEST):
            yield f"{one.told(row)} is no age of a customer"
        elif _SHARE.search(name) and value > 1 and one.at(0.98) <= 1:
            yield f"{one.told(row)} is more than a whole"


def _repeated(count: int) -> Iterator[str]:
    if count:
        yield f"Equal in every column to {count:,} other customers"


def _combined(numbers: Sequence[_Number], pair: tuple[int, int] | None, row: int) -> Iterator[str]:
    if pair is not None:
        first, second = (numbers[place] for place in pair)
        yield f"{first.told(row)} and {second.told(row)} hardly ever occur together, though each is usual by itself"


def _valuable(worth: Sequence[_Number], row: int) -> Iterator[str]:
    for one in worth:
        value, low, high = one.values[row], one.at(0.25), one.at(0.75)
        if value > 0 and value > high and (one.rank(value) >= TOP or value > high + TIMES * (high - low)):
            ratio = value / one.at(0.5) if one.at(0.5) > 0 else 0.0
            more = f", {ratio:.3g} x the median of {number_text(one.at(0.5), one.unit)}" if ratio > 1 else ""
            yield f"{one.told(row)}{more}"


def _leaving(numbers: Sequence[_Number], row: int) -> Iterator[str]:
    silent = [one for one in numbers if _SILENCE.search(one.column.name.lower()) and not RANKED.search(one.column.name)]
    gap = next((one for one in silent if "between" in one.column.name.lower()), None)
    active = [one for one in numbers if _ACTIVITY.search(one.column.name.lower()) and one not in silent]
    for one in silent:
        value = one.values[row]
        if one is gap or not np.isfinite(value):
            continue
        usual = gap.values[row] if gap is not None else np.nan
        if usual > 0 and value > TIMES * usual and one.rank(value) >= 0.5:
            yield f"{one.told(row)}, {value / usual:.3g} x its usual gap of {number_text(usual, gap.unit)}"
        few = [other for other in active if other.values[row] <= other.at(0.5)]
        if one.rank(value) >= HIGH and (few or not active):
            beside = f" with {few[0].told(row)}" if few else ""
            yield f"{one.told(row)}, longer than {one.rank(value):.0%} of customers{beside}"
