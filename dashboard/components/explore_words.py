"""What was found in a table, said in sentences: the titles of the Explore page."""

from __future__ import annotations

import numpy as np

from core.model import Explored, Kind, Spread
from dashboard.components import numbers
from dashboard.figures.explore_correlations import MEASURES, used
from dashboard.figures.explore_histograms import years
from dashboard.security.labels import plain

STRONG, CLEAR = 0.7, 0.3
"""From where on a relation is called strong, and clear."""


def finding(explored: Explored) -> str:
    """The heading of the page: the strongest relation, and whether there are gaps."""
    gappy = explored.gaps.gappy
    gaps = f"{numbers.count(gappy, 'column')} {'has' if gappy == 1 else 'have'} gaps" if gappy else "no column has gaps"
    pair = strongest(explored, "spearman")
    if pair is None:
        return f"{numbers.count(len(explored.spreads), 'column')}: {gaps}"
    first, second, value = pair
    return f"{first} and {second} {_how(value)}; {gaps}"


def strongest(explored: Explored, measure: str) -> tuple[str, str, float] | None:
    """Names of the two columns that are related most, and how much; None where nothing could be measured."""
    frame = used(explored.relations, measure).dropna(subset=["value"])
    if frame.empty:
        return None
    top = frame.loc[frame["value"].abs().idxmax()]
    return name_of(explored, top["first"]), name_of(explored, top["second"]), float(top["value"])


def related(explored: Explored, measure: str) -> str:
    """The title of the heat map."""
    pair = strongest(explored, measure)
    if pair is None:
        return "No two columns can be compared"
    first, second, value = pair
    if abs(value) < CLEAR:
        return f"No two columns go together clearly; the most, {first} and {second}, reach {_signed(value)}"
    return f"{first} and {second} {_how(value)} ({_signed(value)})"


def spread_title(spread: Spread) -> str:
    """What the chart of one column shows."""
    name = plain(spread.name)
    if not spread.filled:
        return f"{name}: every cell is empty"
    if spread.kind is Kind.NUMBER:
        return f"{name}: {_middle_half(spread)}"
    if spread.kind is Kind.DATE:
        return f"{name}: {_dates(spread)}"
    if spread.kind is Kind.FLAG:
        return f"{name}: {numbers.share(spread.counts[1] / spread.filled)} yes"
    if not spread.counts:
        return f"{name}: {numbers.whole(spread.distinct)} different values, nothing to count"
    top = f"{plain(spread.labels[0], limit=40)} is the commonest ({numbers.share(spread.counts[0] / spread.filled)})"
    return f"{name}: {top} of {numbers.whole(spread.distinct)} different values"


def gaps_title(explored: Explored) -> str:
    """What the map of gaps shows."""
    gaps = explored.gaps
    if not gaps.columns:
        return "No cell is empty"
    worst = explored.spreads[gaps.columns[0]]
    share = numbers.share(worst.gaps / max(explored.rows, 1))
    return f"{numbers.count(gaps.gappy, 'column')} {'has' if gaps.gappy == 1 else 'have'} gaps, most of all {plain(worst.name)} ({share})"


def relation_of(explored: Explored, first: int, second: int) -> str:
    """How two columns go together, in words, "" where it was not measured."""
    frame = used(explored.relations, "spearman")
    low, high = min(first, second), max(first, second)
    found = frame[(frame["first"] == low) & (frame["second"] == high)].dropna(subset=["value"])
    if found.empty:
        return ""
    return f"{MEASURES[found['measure'].iloc[0]]} {_signed(float(found['value'].iloc[0]))}"


def name_of(explored: Explored, place: int) -> str:
    """The safe name of the column at ``place``."""
    return plain(explored.spreads[int(place)].name)


def amount(spread: Spread, value: float, unit: str = "") -> str:
    """A value of the column as people write it: years without a thousands mark."""
    return f"{value:.0f}" if years(spread) else numbers.number(value, unit)


def day(days: float) -> str:
    """Days since 1970-01-01 as a date."""
    return str(np.datetime64(int(np.floor(days)), "D"))


def _how(value: float) -> str:
    if abs(value) < CLEAR:
        return "go together most, but weakly"
    grade = "strongly" if abs(value) >= STRONG else "clearly"
    return f"go together {grade}" if value > 0 else f"go {grade} against one another"


def _signed(value: float) -> str:
    return numbers.number(round(value, 2))


def _middle_half(spread: Spread) -> str:
    box, unit = spread.box, plain(spread.unit, limit=12)
    if box is None:
        return "no number to draw"
    if box.minimum == box.maximum:
        return f"every customer has {amount(spread, box.median, unit)}"
    if box.lower == box.upper:
        text = f"half of the customers or more have {amount(spread, box.median, unit)}"
    else:
        text = f"half of the customers lie between {amount(spread, box.lower)} and {amount(spread, box.upper, unit)}"
    far = box.below + box.above
    return f"{text}; {numbers.whole(far)} {'is' if far == 1 else 'are'} extreme" if far else text


def _dates(spread: Spread) -> str:
    top = int(np.argmax(spread.counts))
    share = numbers.share(spread.counts[top] / spread.filled)
    some = [label for label, count in zip(spread.labels, spread.counts, strict=True) if count]
    if len(some) == 1:
        return f"all in {some[0]}"
    return f"{some[0]} to {some[-1]}, most in {spread.labels[top]} ({share})"
