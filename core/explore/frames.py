"""What was found in a table, as tidy frames of text at full precision, for downloads."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from core.errors import BadRequest
from core.model import Explored, Kind, Spread


def spreads_frame(explored: Explored, places: Iterable[int]) -> pd.DataFrame:
    """A row per bar of the columns at ``places``: column, kind, unit, value, from, to, rows.

    ``value`` words a bar of a category or date; values outside the bars, those
    without a bar and gaps have rows of their own, so that each column adds up.
    """
    rows = [row for place in places for row in _bars(explored.spreads[place])]
    return pd.DataFrame(rows, columns=["column", "kind", "unit", "value", "from", "to", "rows"], dtype=object)


def relations_frame(explored: Explored) -> pd.DataFrame:
    """A row per pair and measure: first, second, measure, value, rows."""
    frame, names = explored.relations.frame, _names(explored)
    columns = {
        "first": [names[place] for place in frame["first"]],
        "second": [names[place] for place in frame["second"]],
        "measure": list(frame["measure"]),
        "value": [_text(value) for value in frame["value"]],
        "rows": [str(rows) for rows in frame["rows"]],
    }
    return pd.DataFrame(columns, dtype=object)


def gaps_frame(explored: Explored) -> pd.DataFrame:
    """A row per block of rows (from 1) and column of the map: first_row, last_row, column, share_empty."""
    gaps, names = explored.gaps, _names(explored)
    rows = [
        (str(gaps.starts[block] + 1), str(gaps.starts[block + 1]), names[place], _text(gaps.shares[block, at]))
        for block in range(len(gaps.shares))
        for at, place in enumerate(gaps.columns)
    ]
    return pd.DataFrame(rows, columns=["first_row", "last_row", "column", "share_empty"], dtype=object)


def patterns_frame(explored: Explored) -> pd.DataFrame:
    """A row per set of columns that are empty together: empty_columns (joined by " + "), rows."""
    names = _names(explored)
    rows = [(" + ".join(names[place] for place in one.columns), str(one.rows)) for one in explored.gaps.patterns]
    return pd.DataFrame(rows, columns=["empty_columns", "rows"], dtype=object)


def points_frame(explored: Explored, places: Iterable[int]) -> pd.DataFrame:
    """The points of a pair plot: a row per sampled customer, a column per place; dates as ISO 8601.

    Raises :class:`BadRequest` for a column that has no points.
    """
    names, frame = _names(explored), pd.DataFrame(index=range(len(explored.points)))
    for place in places:
        if place not in explored.point_columns:
            raise BadRequest("This column cannot be drawn as points.", "Choose numbers, flags or dates.")
        values = explored.points[:, explored.point_columns.index(place)]
        dated = explored.spreads[place].kind is Kind.DATE
        frame[names[place]] = pd.Series([(_date if dated else _text)(value) for value in values], dtype=object)
    return frame


def _bars(spread: Spread) -> list[tuple]:
    head = (spread.name, str(spread.kind), spread.unit)
    write = _date if spread.kind is Kind.DATE else _text
    rows = []
    for at, count in enumerate(spread.counts):
        ends = [write(edge) for edge in spread.edges[at : at + 2]] if spread.edges else ["", ""]
        rows.append((*head, spread.labels[at] if spread.labels else "", *ends, str(count)))
    beside = {"below the bars": spread.below, "above the bars": spread.above, "other values": spread.rest}
    beside["(empty)"] = spread.gaps
    return [*rows, *((*head, word, "", "", str(count)) for word, count in beside.items() if count)]


def _names(explored: Explored) -> dict[int, str]:
    return {spread.place: spread.name for spread in explored.spreads}


def _text(value: float) -> str:
    """The shortest text that reads back as the same number; whole numbers without a point, nothing for a gap."""
    value = float(value)
    if np.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def _date(days: float) -> str:
    if np.isnan(days):
        return ""
    stamp = np.datetime64(round(days * 86_400), "s")
    return str(stamp).removesuffix("T00:00:00")
