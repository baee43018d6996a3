"""Where a table is empty: the map, and which columns are empty together."""

from __future__ import annotations

import pandas as pd
from dash import html

from core.model import Explored
from dashboard.components import numbers
from dashboard.components.explore_words import gaps_title, name_of
from dashboard.components.figure import graph
from dashboard.components.parts import empty
from dashboard.components.tables import table
from dashboard.figures import gap_heat, gap_heat_height

MOST_NAMED = 6


def gaps_card(explored: Explored, run: str, *, mode: str, narrow: bool) -> html.Section:
    """The map of gaps and the patterns below it; a table without gaps is praised."""
    gaps = explored.gaps
    if not gaps.columns:
        return html.Section(empty("No cell is empty", "Every customer has a value in every column.", None, "good"),
                            className="sa-card")  # fmt: skip
    names = {spread.place: spread.name for spread in explored.spreads}
    drawn = graph(
        gap_heat(gaps, names, mode=mode, narrow=narrow),
        id="explore-gaps",
        title=gaps_title(explored),
        sentence=_sentence(explored),
        height=gap_heat_height(len(gaps.columns)),
        table=gaps_table(explored),
        level=2,
        csv=f"/explored/{run}/gaps.csv",
    )
    return html.Section([drawn, *_patterns(explored, run)], className="sa-card sa-stack")


def _sentence(explored: Explored) -> str:
    gaps = explored.gaps
    words = "Rows from left to right in the order of the file; the stronger the colour, the more cells are empty there."
    if len(gaps.columns) < gaps.gappy:
        words += f" Shown are the {len(gaps.columns)} columns with most gaps of {numbers.whole(gaps.gappy)}."
    return words


def gaps_table(explored: Explored) -> pd.DataFrame:
    """Columns with gaps, most first."""
    spreads = [explored.spreads[place] for place in explored.gaps.columns]
    return pd.DataFrame(
        {
            "Column": [spread.name for spread in spreads],
            "Empty cells": [spread.gaps for spread in spreads],
            "Share of rows": [numbers.share(spread.gaps / max(explored.rows, 1)) for spread in spreads],
        }
    )


def _patterns(explored: Explored, run: str) -> list:
    gaps = explored.gaps
    frame = pd.DataFrame(
        {
            "Empty together": [_named(explored, one.columns) for one in gaps.patterns],
            "Columns": [len(one.columns) for one in gaps.patterns],
            "Customers": [one.rows for one in gaps.patterns],
            "Share": [numbers.share(one.rows / max(explored.rows, 1)) for one in gaps.patterns],
        }
    )
    told = f"{numbers.count(gaps.found, 'pattern')} of gaps"
    if gaps.found > len(gaps.patterns):
        told += f"; the {len(gaps.patterns)} commonest are listed"
    link = html.A(
        "Download the patterns (CSV)", href=f"/explored/{run}/patterns.csv", download="", className="sa-small"
    )
    return [html.H3("Which columns are empty together"), table(frame, caption=told), html.Div(link)]


def _named(explored: Explored, places: tuple[int, ...]) -> str:
    if not places:
        return "none: complete rows"
    names = [name_of(explored, place) for place in places[:MOST_NAMED]]
    rest = len(places) - len(names)
    return ", ".join(names) + (f" and {rest} more" if rest else "")
