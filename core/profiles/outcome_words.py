"""What is said of an outcome: whether segments differ in it, how much, and where it is highest and lowest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.model import Column, Kind
from core.profiles.associations import Association

# Cohen (1988), Statistical Power Analysis: eta squared from f of 0.1, 0.25 and 0.4; V from w of 0.1, 0.3 and 0.5.
WORDS = {
    "eta squared": ((0.14, "strongly"), (0.06, "clearly"), (0.01, "a little"), (0.0, "hardly")),
    "Cramer's V": ((0.5, "strongly"), (0.3, "clearly"), (0.1, "a little"), (0.0, "hardly")),
}


@dataclass(frozen=True)
class Extreme:
    """The segment ``name`` with its mean, or with its share (0..1) of the customers who have the ``value``."""

    name: str
    figure: float
    value: str


def told(
    column: Column, unit: str, found: Association, *, differs: bool, extremes: tuple[Extreme, Extreme] | None
) -> str:
    """One or two sentences; the interval stands in brackets after the value."""
    if np.isnan(found.value) or extremes is None:
        return f"Segments cannot differ in {column.name}: there is one value or one segment only."
    digits = 2 if found.high - found.low >= 0.02 else 3
    figures = (f"{figure:.{digits}f}" for figure in (found.value, found.low, found.high))
    measured = "{} {}, 95% interval {} to {}".format(found.measure, *figures)
    if not differs:
        return f"Segments do not differ in {column.name} more than chance would make them ({measured})."
    much = next(words for floor, words in WORDS[found.measure] if round(found.value, 2) >= floor)
    return f"Segments differ {much} in {column.name} ({measured}). {_ends(column, unit, *extremes)}"


def _ends(column: Column, unit: str, high: Extreme, low: Extreme) -> str:
    if column.kind is Kind.NUMBER:
        return f"On average it is highest in {high.name} ({_figure(high.figure, unit)}) and lowest in {low.name} ({_figure(low.figure, unit)})."
    if column.kind is Kind.DATE:
        return f"On average it is latest in {high.name} ({_day(high.figure)}) and earliest in {low.name} ({_day(low.figure)})."
    shares = f"commonest in {high.name} ({_share(high.figure)}) and rarest in {low.name} ({_share(low.figure)})"
    return f"“{high.value}” is {shares}."


def _figure(value: float, unit: str) -> str:
    """Three significant digits, all digits of whole thousands: 1,234 or 0.554; what may be a year as it is: 1972."""
    size = abs(value)
    if not unit and 1800 <= value <= 2100:
        return f"{value:.0f}"
    text = f"{size:,.0f}" if 100 <= size < 1e12 else f"{size:.3g}"
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}{text} {unit}".strip()


def _share(part: float) -> str:
    return f"{100 * part:.0f}%" if part in (0, 1) or 0.01 <= part <= 0.99 else f"{100 * part:.1f}%"


def _day(days: float) -> str:
    return str(np.datetime64(round(days), "D"))
